// SPDX-License-Identifier: GPL-2.0-only
/* A command run for another one, and what it finds kept. */
#include <stdlib.h>
#include <string.h>

#include "out.h"

#define MAX_WORDS	32

/* What @show shows of @obj, as HTML: its text, tables and drawings in their order. */
char *capture_page(struct cli *cli, struct json_object *obj, show_fn show)
{
	struct capture none = { 0 }, *before = cli->capture;
	char *text = NULL, *page = NULL;
	FILE *saved = stdout, *file;
	size_t len;

	if (!before)
		cli->capture = &none;
	stdout = open_memstream(&text, &len);
	if (stdout) {
		show(cli, obj);
		fclose(stdout);
	}
	stdout = saved;
	cli->capture = before;
	file = text ? open_memstream(&page, &len) : NULL;
	if (file) {
		html_page(file, text);
		fclose(file);
	}
	free(text);
	return page;
}

/* Takes @obj over. */
void capture_result(struct cli *cli, struct json_object *obj, show_fn show)
{
	struct json_object *doc = out_envelope(cli);

	if (show)
		cli->capture->page = capture_page(cli, obj, show);
	j_add(doc, "result", obj);
	if (cli->opt.verify)
		j_add(doc, "verified", verify_json(cli));
	cli->capture->doc = doc;
}

/* Runs a command as it is typed, without "mmkit" before it; returns its status. */
int capture_command(struct cli *cli, struct capture *capture, const char *typed)
{
	char *copy = strdup(typed), *words[MAX_WORDS], *save, *word;
	char name[sizeof(cli->name)];
	int nr = 0, status = EXIT_FAILED;
	bool json = cli->opt.json;

	*capture = (struct capture){ 0 };
	memcpy(name, cli->name, sizeof(name));
	for (word = copy ? strtok_r(copy, " ", &save) : NULL; word && nr < MAX_WORDS;
	     word = strtok_r(NULL, " ", &save))
		words[nr++] = word;
	if (nr) {
		cli->capture = capture;
		cli->opt.json = true;	/* nothing is to be said on the way */
		status = command_run(cli, nr, words);
		cli->opt.json = json;
		cli->capture = NULL;
	}
	memcpy(cli->name, name, sizeof(name));
	free(copy);
	return status;
}

void capture_free(struct capture *capture)
{
	json_object_put(capture->doc);
	free(capture->page);
}
