// SPDX-License-Identifier: GPL-2.0-only
/* mmkit top: the machine's memory, live. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "top.h"

struct top_opts {
	bool once;
	uint32_t ms;
};

struct top {
	int pages_fd;		/* negative without the module */
	struct top_trace *trace;
	const char *untraced;	/* why there is none */
	struct top_sample before;
	struct top_sample now;
};

static int look(struct top *top)
{
	int err;

	top_sample_free(&top->before);
	top->before = top->now;
	err = top_sample_read(&top->now, top->pages_fd);
	if (!err && top->trace)
		err = top_trace_read(top->trace, top->now.orders);
	return err;
}

static void top_begin(struct top *top)
{
	*top = (struct top){ .pages_fd = mmkit_open("pages", O_RDWR) };
	top->trace = top_trace_begin(&top->untraced);
}

static void top_end(struct top *top)
{
	top_trace_end(top->trace);
	top_sample_free(&top->before);
	top_sample_free(&top->now);
	if (top->pages_fd >= 0)
		mmkit_close(top->pages_fd);
}

static struct json_object *document(const struct top *top)
{
	return top_json(&top->before, &top->now, top->trace, top->untraced);
}

static void show_list(struct json_object *doc, const struct top_view *view,
		      uint32_t most)
{
	struct json_object *list = j_get(doc, view->list);
	size_t i, nr = list ? json_object_array_length(list) : 0;
	char cell[80];
	unsigned int c;

	for (c = 0; c < view->nr_columns; c++)
		printf("%*s ", view->columns[c].width, view->columns[c].head);
	putchar('\n');
	for (i = 0; i < nr && (!most || i < most); i++) {
		for (c = 0; c < view->nr_columns; c++) {
			top_cell(cell, sizeof(cell),
				 json_object_array_get_idx(list, i),
				 &view->columns[c]);
			fputs(cell, stdout);
		}
		putchar('\n');
	}
	if (i < nr)
		out_line("... and %zu more (--rows 0 shows all)", nr - i);
}

static int by_bytes(const void *a, const void *b)
{
	return top_compare(*(struct json_object *const *)a,
			   *(struct json_object *const *)b, "bytes");
}

static void show_once(struct cli *cli, struct json_object *doc)
{
	struct json_object *caches = j_get(doc, "caches");
	char lines[TOP_HEAD_LINES][200];
	unsigned int i;

	top_head(doc, lines);
	for (i = 0; i < TOP_HEAD_LINES; i++)
		out_line("%s", lines[i]);
	if (caches)
		json_object_array_sort(caches, by_bytes);
	for (i = 0; i < top_nr_views; i++) {
		out_blank();
		show_list(doc, &top_views[i],
			  cli->opt.rows_set ? cli->opt.rows : 10);
	}
	if (j_get(doc, "untraced"))
		out_line("allocations are not counted:\n%s",
			 json_object_get_string(j_get(doc, "untraced")));
}

static int once(struct cli *cli, struct top *top, uint32_t ms)
{
	int err = look(top);

	if (!err) {
		usleep(ms * 1000);
		err = look(top);
	}
	if (err)
		return explain(cli, NULL, err, "reading the kernel's files");
	return result(cli, document(top), show_once);
}

static int live(struct cli *cli, struct top *top, uint32_t ms)
{
	struct top_screen *screen;
	int err = look(top);

	/* So that the first rates are of some time. */
	if (!err) {
		usleep(100 * 1000);
		err = look(top);
	}
	if (err)
		return explain(cli, NULL, err, "reading the kernel's files");
	screen = top_screen_begin(cli);
	if (!screen)
		return EXIT_USAGE;
	while (!err && !interrupted() &&
	       top_screen_run(screen, document(top), ms))
		err = look(top);
	top_screen_end(screen);
	return err ? explain(cli, NULL, err, "reading the kernel's files") : EXIT_OK;
}

static int top_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct top_opts *opts = data;
	struct top top;
	int status;

	(void)argc;
	(void)argv;
	if (opts->ms < 100 || opts->ms > 3600000)
		return usage(cli, "--interval %u: 100 to 3600000 milliseconds",
			     opts->ms);
	if (!opts->once && !cli->opt.json && !isatty(STDOUT_FILENO))
		return usage(cli, "stdout is no terminal; use --once or --json");
	/* Whatever ends it must leave no tracing instance behind. */
	interrupt_catch_ends();
	top_begin(&top);
	status = opts->once || cli->opt.json ? once(cli, &top, opts->ms) :
					       live(cli, &top, opts->ms);
	top_end(&top);
	return status;
}

static const struct opt opts[] = {
	{ '1', "once", OPT_FLAG, offsetof(struct top_opts, once), NULL,
	  "print once and end", NULL },
	{ 'i', "interval", OPT_U32, offsetof(struct top_opts, ms), "MS",
	  "milliseconds between two looks (1000)", NULL },
	{ 0 },
};

static const struct top_opts defaults = { .ms = 1000 };

static const struct verb verbs[] = {
	{
		.help = "the machine's memory, live",
		.more = "Keys: ? lists them. Allocations are counted by a trigger on kmem:mm_page_alloc.",
		.example = "mmkit top --once",
		.opts = opts,
		.size = sizeof(struct top_opts),
		.defaults = &defaults,
		.run = top_run,
		.no_verify = true,
	},
};

const struct command top_command = {
	.name = "top",
	.help = "the machine's memory, live: zones, caches, sessions, rates",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
