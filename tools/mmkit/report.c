// SPDX-License-Identifier: GPL-2.0-only
/* mmkit report: the machine at this moment, as one page to be looked at. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

static void show_report(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "SECTION", "section", F_TEXT, 0, 0 },
		{ "COMMAND", "typed", F_TEXT, C_WRAP, 40 },
		{ "NOT THERE BECAUSE", "absent", F_TEXT, C_WRAP, 24 },
	};

	out_table(cli, j_get(obj, "parts"), cols, ARRAY_SIZE(cols));
	if (j_get(obj, "file"))
		out_line("written to %s (%llu bytes)",
			 json_object_get_string(j_get(obj, "file")),
			 (unsigned long long)j_get_u64(obj, "bytes"));
}

static int make(struct cli *cli, const struct report_opts *opts, int argc,
		char **argv)
{
	struct report report = { 0 };
	struct json_object *obj;
	int status = report_gather(cli, opts, &report);

	if (!status)
		status = report_with(cli, &report, argc, argv);
	if (status) {
		report_free(&report);
		return status;
	}
	obj = report_json(&report);
	if (opts->file)
		status = report_write(cli, &report, obj, opts->file);
	report_free(&report);
	if (status) {
		json_object_put(obj);
		return status;
	}
	/* The page itself went to standard output: nothing more does. */
	if (opts->file && !strcmp(opts->file, "-")) {
		json_object_put(obj);
		return EXIT_OK;
	}
	return result(cli, obj, show_report);
}

static int report_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct report_opts *opts = data;

	if (opts->diff && argc != 2)
		return usage(cli, "--diff wants two reports, the one from before first");
	if (opts->diff)
		return report_diff(cli, argv[0], argv[1]);
	if (!opts->file && !cli->opt.json)
		return usage(cli, "where to? --output FILE.html, or --json");
	return make(cli, opts, argc, argv);
}

static const struct opt opts[] = {
	{ 'o', "output", OPT_STR, offsetof(struct report_opts, file), "FILE",
	  "the page; - is standard output", NULL },
	{ 'l', "labs", OPT_STR, offsetof(struct report_opts, labs), "NAME,...",
	  "run labs, or all, and tell how they went", NULL },
	{ 0, "quick", OPT_FLAG, offsetof(struct report_opts, quick), NULL,
	  "without what takes longer than a second or two", NULL },
	{ 0, "diff", OPT_FLAG, offsetof(struct report_opts, diff), NULL,
	  "of two reports: what changed from the first to the second", NULL },
	{ 0 },
};

static const struct verb verb = {
	.args = "[DOCUMENT.json...]",
	.max_args = -1,
	.help = "the machine at this moment, as one page of HTML",
	.more = "It needs no network and no other file. Documents of --json (lab run, bench run,\n"
		"exercise, map matrix, ...) become sections of it. --diff BEFORE AFTER takes two\n"
		"reports, pages or documents.",
	.example = "mmkit report -o machine.html --labs cow,demand-paging",
	.opts = opts,
	.size = sizeof(struct report_opts),
	.run = report_run,
	.no_verify = true,
};

const struct command report_command = {
	.name = "report",
	.help = "the whole machine as one page, and what changed between two",
	.verbs = &verb,
	.nr_verbs = 1,
};
