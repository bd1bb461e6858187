// SPDX-License-Identifier: GPL-2.0-only
/* mmkit bug: bugs on purpose, and the kernel's reports of them read line by line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bug_log.h"

#define REMEDY_VM \
	"from mmkit's sources: make bug NAME=%s, which boots a VM with KERNEL=debug-6.1; in such a VM: mmkit load mmkit_bugs"

static struct json_object *about(const struct bug *bug)
{
	struct json_object *obj = j_obj();
	char source[64];

	snprintf(source, sizeof(source), "modules/bugs/%s", bug->file);
	j_str(obj, "name", bug->name);
	j_str(obj, "title", bug->title);
	j_str(obj, "detector", bug->detector);
	j_str(obj, "config", bug->config);
	j_str(obj, "source", source);
	j_str(obj, "function", bug->function);
	return obj;
}

static void show_list(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "BUG", "name", F_TEXT, 0, 0 },
		{ "WHAT IS WRONG", "title", F_TEXT, C_WRAP, 32 },
		{ "SEEN BY", "detector", F_TEXT, C_WRAP, 18 },
	};

	out_table(cli, j_get(obj, "bugs"), cols, ARRAY_SIZE(cols));
}

static int list_run(struct cli *cli, void *opts, int argc, char **argv)
{
	struct json_object *obj = j_obj(), *arr = j_arr();
	const struct bug *bug;

	(void)opts;
	(void)argc;
	(void)argv;
	for (bug = bugs; bug->name; bug++)
		json_object_array_add(arr, about(bug));
	j_add(obj, "bugs", arr);
	return result(cli, obj, show_list);
}

static int no_such_bug(struct cli *cli, const char *name)
{
	struct near near = { 0 };
	const struct bug *bug;

	for (bug = bugs; bug->name; bug++)
		near_offer(&near, name, bug->name);
	return fail(cli, EXIT_USAGE, 0, "mmkit bug list",
		    near.best ? "there is no bug '%s'; did you mean '%s'?" :
		    "there is no bug '%s'", name, near.best);
}

static bool has_line(struct json_object *lines, const char *pattern)
{
	size_t i, nr = json_object_array_length(lines);

	for (i = 0; i < nr; i++)
		if (bug_matches(pattern, json_object_get_string(j_get(
				json_object_array_get_idx(lines, i), "text"))))
			return true;
	return false;
}

static void show_run(struct cli *cli, struct json_object *obj)
{
	const char *config = json_object_get_string(j_get(obj, "config"));
	const char *silence = json_object_get_string(j_get(obj, "silence"));

	(void)cli;
	out_line("%s: %s", json_object_get_string(j_get(obj, "name")),
		 json_object_get_string(j_get(obj, "title")));
	out_line("done by %s() in %s",
		 json_object_get_string(j_get(obj, "function")),
		 json_object_get_string(j_get(obj, "source")));
	out_line("seen by %s%s%s%s\n",
		 json_object_get_string(j_get(obj, "detector")),
		 config ? " (CONFIG_" : "", config ?: "", config ? ")" : "");
	bug_show_lines(j_get(obj, "lines"));
	if (!json_object_get_boolean(j_get(obj, "fired")))
		out_paragraph("NOT SEEN: ", "", silence ?:
			      "the detector said nothing");
	else if (!json_object_get_boolean(j_get(obj, "named")))
		out_line("seen, but the report does not name the function");
	else
		out_line("\nseen by %s",
			 json_object_get_string(j_get(obj, "detector")));
}

static int do_bug(struct cli *cli, const struct bug *bug)
{
	struct json_object *obj = about(bug), *lines = j_arr();
	bool fired, named;
	int err, status;

	err = bug_do(bug, lines);
	if (err) {
		json_object_put(lines);
		json_object_put(obj);
		return explain(cli, NULL, err, bug->name);
	}
	fired = has_line(lines, bug->headline);
	named = has_line(lines, bug->function);
	j_bool(obj, "fired", fired);
	j_bool(obj, "named", named);
	j_str(obj, "silence", fired ? NULL : bug->silence);
	j_add(obj, "lines", lines);
	status = result(cli, obj, show_run);
	return status ?: fired && named ? EXIT_OK : EXIT_FAILED;
}

static int run_run(struct cli *cli, void *opts, int argc, char **argv)
{
	const struct bug *bug = bug_find(argv[0]);
	char remedy[256];

	(void)opts;
	(void)argc;
	if (!bug)
		return no_such_bug(cli, argv[0]);
	if (!bug_module_is_there()) {
		snprintf(remedy, sizeof(remedy), REMEDY_VM, bug->name);
		return fail(cli, EXIT_ABSENT, ENODEV, remedy,
			    "the module mmkit_bugs is not loaded; it is for debug kernels in a VM");
	}
	return do_bug(cli, bug);
}

static void show_explained(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	bug_show_lines(j_get(obj, "lines"));
}

static int explain_run(struct cli *cli, void *opts, int argc, char **argv)
{
	struct json_object *obj = j_obj(), *lines = j_arr();
	int err = bug_add_file(lines, argv[0]);

	(void)opts;
	(void)argc;
	j_add(obj, "lines", lines);
	if (!err)
		return result(cli, obj, show_explained);
	json_object_put(obj);
	return unreadable(cli, argv[0], -err, "dmesg >FILE, as root");
}

static const struct verb verbs[] = {
	{
		.name = "list",
		.help = "the bugs, and which detector sees each",
		.example = "mmkit bug list",
		.run = list_run,
		.no_verify = true,
	}, {
		.name = "run",
		.args = "NAME",
		.min_args = 1,
		.max_args = 1,
		.help = "do one, and read the kernel's report; exit 1 when there is none",
		.more = "The kernel is broken after that, and says so (tainted): this is for a VM with a\n"
			"debug kernel, where mmkit load mmkit_bugs loads what does it. Exit 77 elsewhere.",
		.example = "mmkit bug run use-after-free",
		.run = run_run,
		.no_verify = true,
	}, {
		.name = "explain",
		.args = "FILE",
		.min_args = 1,
		.max_args = 1,
		.help = "read a kernel log, any kernel's, and say what its reports mean",
		.example = "mmkit bug explain dmesg.txt",
		.run = explain_run,
		.no_verify = true,
	},
};

const struct command bug_command = {
	.name = "bug",
	.help = "bugs on purpose, and the kernel's reports explained",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
