// SPDX-License-Identifier: GPL-2.0-only
/* mmkit shell: one session across commands, with history and completion. */
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <histedit.h>

#include "line.h"
#include "out.h"

#define HISTORY_LINES	1000

struct words {
	char common[PATH_MAX];	/* longest beginning of all candidates */
	FILE *list;
	unsigned int nr;
};

static void collect(void *data, const char *word)
{
	struct words *words = data;
	size_t i = 0;

	fprintf(words->list, "%s%s", words->nr ? "  " : "", word);
	if (!words->nr++) {
		snprintf(words->common, sizeof(words->common), "%s", word);
	} else {
		while (words->common[i] && words->common[i] == word[i])
			i++;
		/* Not in the middle of a character. */
		while (i && (words->common[i] & 0xc0) == 0x80)
			i--;
		words->common[i] = '\0';
	}
}

/* What the line would be split at, or taken for a quote, is none here. */
static void insert_quoted(EditLine *el, const char *text)
{
	char quoted[2 * PATH_MAX], *to = quoted;

	for (; *text && to + 2 < quoted + sizeof(quoted); text++) {
		if (strchr(" \t\"'\\", *text))
			*to++ = '\\';
		*to++ = *text;
	}
	*to = '\0';
	el_insertstr(el, quoted);
}

static void insert(EditLine *el, const struct words *words, const char *list,
		   const char *prefix)
{
	if (!words->nr)
		return;
	insert_quoted(el, words->common + strlen(prefix));
	if (words->nr == 1 && strchr(words->common, '\0')[-1] != '/')
		el_insertstr(el, " ");
	else if (strlen(words->common) == strlen(prefix))
		printf("\n%s\n", list);
}

static void offer(EditLine *el, struct cli *cli, int argc, const char **argv,
		  const char *prefix)
{
	char **copy = calloc(argc + 2, sizeof(*copy)), *list = NULL;
	struct words words = { .nr = 0 };
	size_t len;

	words.list = open_memstream(&list, &len);
	if (copy && words.list) {
		memcpy(copy, argv, argc * sizeof(*copy));
		copy[argc] = (char *)prefix;
		complete(cli, argc + 1, copy, collect, &words);
	}
	free(copy);
	if (words.list && !fclose(words.list))
		insert(el, &words, list, prefix);
	free(list);
}

/* Tab: the words before the cursor, the last of them, or none yet, being typed. */
static unsigned char on_tab(EditLine *el, int ch)
{
	LineInfo head = *el_line(el);
	int argc, cursor_word, cursor_at;
	const char **argv;
	struct cli *cli;
	Tokenizer *tok;

	(void)ch;
	head.lastchar = head.cursor;
	if (line_is_open(head.buffer, head.cursor - head.buffer))
		return CC_ERROR;
	el_get(el, EL_CLIENTDATA, &cli);
	tok = tok_init(NULL);
	if (tok && !tok_line(tok, &head, &argc, &argv, &cursor_word, &cursor_at))
		offer(el, cli, cursor_word, argv,
		      cursor_word < argc ? argv[cursor_word] : "");
	if (tok)
		tok_end(tok);
	return CC_REDISPLAY;
}

static char *prompt(EditLine *el)
{
	static char text[] = "mmkit> ";

	(void)el;
	return text;
}

static void make_folders(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	mkdir(path, 0700);
}

/* $XDG_STATE_HOME/mmkit/history, ~/.local/state/mmkit/history, or none. */
static bool history_path(char *path, size_t len)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n;

	if (state && *state)
		n = snprintf(path, len, "%s/mmkit", state);
	else if (home && *home)
		n = snprintf(path, len, "%s/.local/state/mmkit", home);
	else
		return false;
	if (n < 0 || (size_t)n + sizeof("/history") > len)
		return false;
	make_folders(path);
	strcat(path, "/history");
	return true;
}

/* The line is thrown away; the terminal sends no signal while it is edited. */
static unsigned char on_interrupt(EditLine *el, int ch)
{
	const LineInfo *info = el_line(el);

	(void)ch;
	el_cursor(el, info->lastchar - info->cursor);
	el_deletestr(el, info->lastchar - info->buffer);
	fputs("^C\n", stdout);
	return CC_REDISPLAY;
}

/* A signal from elsewhere ends el_gets() too: that is no end of file. */
static const char *next_line(EditLine *el)
{
	const char *line;
	int count;

	do {
		interrupt_forget();
		errno = 0;
		line = el_gets(el, &count);
	} while ((!line || count <= 0) && (interrupted() || errno == EINTR));
	return line && count > 0 ? line : NULL;
}

static void read_lines(struct cli *cli, EditLine *el, History *hist,
		       const char *path)
{
	const char *line;
	HistEvent event;
	int status;

	while ((line = next_line(el))) {
		if (line[strspn(line, " \t\n")]) {
			history(hist, &event, H_ENTER, line);
			if (path)
				history(hist, &event, H_SAVE, path);
		}
		status = line_run(cli, line);
		if (status == LINE_QUIT)
			return;
		if (interrupted())
			fputs("mmkit: interrupted; the session goes on\n",
			      stderr);
		fflush(stdout);
	}
	putchar('\n');
}

static int edit(struct cli *cli)
{
	EditLine *el = el_init("mmkit", stdin, stdout, stderr);
	History *hist = history_init();
	char path[512];
	HistEvent event;
	bool keep;

	/* Names of files are in the terminal's encoding. */
	setlocale(LC_CTYPE, "");
	if (!el || !hist)
		return fail(cli, EXIT_FAILED, ENOMEM, "mmkit run -",
			    "the terminal cannot be set up for editing");
	history(hist, &event, H_SETSIZE, HISTORY_LINES);
	history(hist, &event, H_SETUNIQUE, 1);
	keep = history_path(path, sizeof(path));
	if (keep)
		history(hist, &event, H_LOAD, path);
	el_set(el, EL_PROMPT, prompt);
	el_set(el, EL_EDITOR, "emacs");
	el_set(el, EL_SIGNAL, 1);
	el_set(el, EL_SETTY, "-d", "-isig", NULL);
	el_set(el, EL_HIST, history, hist);
	el_set(el, EL_CLIENTDATA, cli);
	el_set(el, EL_ADDFN, "mmkit-complete", "complete a word", on_tab);
	el_set(el, EL_BIND, "^I", "mmkit-complete", NULL);
	el_set(el, EL_ADDFN, "mmkit-discard", "discard the line", on_interrupt);
	el_set(el, EL_BIND, "^C", "mmkit-discard", NULL);
	el_source(el, NULL);
	interrupt_catch();
	read_lines(cli, el, hist, keep ? path : NULL);
	history_end(hist);
	el_end(el);
	return EXIT_OK;
}

/* Not a terminal: the same lines, without a prompt. The last failure counts. */
static int pipe_lines(struct cli *cli)
{
	int status, last = EXIT_OK;
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, stdin) > 0) {
		status = line_run(cli, line);
		if (status == LINE_QUIT)
			break;
		if (status)
			last = status;
	}
	free(line);
	return last;
}

static int shell_run(struct cli *cli, void *opts, int argc, char **argv)
{
	int status;

	(void)opts;
	(void)argc;
	(void)argv;
	cli->interactive = true;
	cli->prompt = true;
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
		if (!cli->opt.quiet)
			out_line("One session until you leave: help, quit, Tab completes.");
		status = edit(cli);
	} else {
		status = pipe_lines(cli);
	}
	cli->interactive = false;
	cli->prompt = false;
	return status;
}

static const struct verb shell_verb = {
	.help = "type commands without the leading mmkit, in one session",
	.more = "Handles and stores live until quit or close. Tab completes, history is kept.",
	.example = "mmkit shell",
	.run = shell_run,
};

const struct command shell_command = {
	.name = "shell",
	.help = "interactive: one session across commands",
	.verbs = &shell_verb,
	.nr_verbs = 1,
};
