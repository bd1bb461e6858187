// SPDX-License-Identifier: GPL-2.0-only
/* mmkit lab: experiments that claim something about the kernel and prove it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "run.h"

#define MIN_CLAIMS	3

struct lab_opts {
	bool verbose;
	bool selftest;
};

static const struct opt run_opts[] = {
	{ 'v', "verbose", OPT_FLAG, offsetof(struct lab_opts, verbose), NULL,
	  "tell the details too", NULL },
	{ 0, "selftest", OPT_FLAG, offsetof(struct lab_opts, selftest), NULL,
	  "hold each claim against wrong evidence: it has to fail", NULL },
	{ 0 },
};

/* What became of a lab: the worst that happened decides. */
enum verdict { PASSED, SKIPPED, FAILED };

static const char *const verdict_names[] = {
	[PASSED] = "passed", [SKIPPED] = "skipped", [FAILED] = "failed",
};

/* A lab that runs, while its events come in. */
struct hearing {
	struct cli *cli;
	const struct lab_opts *opts;
	struct json_object *obj;
	enum verdict verdict;
	unsigned int claims;
};

static struct json_object *strings(const char *const *text, size_t max)
{
	struct json_object *arr = j_arr();
	size_t i;

	for (i = 0; i < max && text[i]; i++)
		json_object_array_add(arr, json_object_new_string(text[i]));
	return arr;
}

static struct json_object *about(const struct lab *lab)
{
	struct json_object *obj = j_obj();

	j_str(obj, "name", lab->name);
	j_str(obj, "title", lab->title);
	j_add(obj, "needs", needs_json(lab));
	j_add(obj, "code", strings(lab->code, ARRAY_SIZE(lab->code)));
	j_add(obj, "docs", strings(lab->docs, ARRAY_SIZE(lab->docs)));
	return obj;
}

/* --- as text, while it happens */

static bool is_text(const struct cli *cli)
{
	return !cli->opt.json && !cli->opt.quiet;
}

static const char *mark(const struct cli *cli, bool good)
{
	if (!out_color(cli, STDOUT_FILENO))
		return good ? "ok" : "NO";
	return good ? "\033[32mok\033[0m" : "\033[31mNO\033[0m";
}

static void format_evidence(char *text, size_t len, int64_t value,
			    const char *unit)
{
	if (!strcmp(unit, "pfn") || !strcmp(unit, "flags") ||
	    !strcmp(unit, "address"))
		snprintf(text, len, "%#llx", (long long)value);
	else if (!strcmp(unit, "bytes") && value >= 0)
		format_size(text, len, value);
	else
		snprintf(text, len, "%lld", (long long)value);
}

static void show_wrong(struct json_object *event, const char *unit)
{
	bool refused = json_object_get_boolean(j_get(event, "refused"));
	struct json_object *wrong = j_get(event, "wrong");
	size_t i, nr = json_object_array_length(wrong);
	char text[40];

	printf("        %s", refused ? "would not hold for" : "HOLDS FOR ANY OF");
	for (i = 0; i < nr; i++) {
		format_evidence(text, sizeof(text), json_object_get_int64(
				json_object_array_get_idx(wrong, i)), unit);
		printf("%s %s", i ? "," : "", text);
	}
	out_blank();
}

static void show_claim(const struct hearing *h, struct json_object *event)
{
	const char *unit = json_object_get_string(j_get(event, "unit"));
	bool good = json_object_get_boolean(j_get(event, "held"));
	bool bytes = !strcmp(unit, "bytes");
	char measured[40], other[40], first[32];

	format_evidence(measured, sizeof(measured),
			json_object_get_int64(j_get(event, "measured")), unit);
	format_evidence(other, sizeof(other),
			json_object_get_int64(j_get(event, "other")), unit);
	snprintf(first, sizeof(first), "  %s  ", mark(h->cli, good));
	out_paragraph(first, "      ",
		      json_object_get_string(j_get(event, "text")));
	out_line("        %s %s %s%s%s", measured,
		 json_object_get_string(j_get(event, "op")), other,
		 bytes ? "" : " ", bytes ? "" : unit);
	if (h->opts->selftest)
		show_wrong(event, unit);
}

static void show_event(const struct hearing *h, const char *kind,
		       struct json_object *event)
{
	const char *text = json_object_get_string(j_get(event, "text"));

	if (!strcmp(kind, "claim"))
		show_claim(h, event);
	else if (!strcmp(kind, "tell"))
		out_paragraph("  ", "  ", text);
	else if (!strcmp(kind, "detail") && h->opts->verbose)
		out_paragraph("    | ", "    | ", text);
	else if (!strcmp(kind, "skip"))
		out_paragraph("  skipped: ", "  ", text);
	else if (!strcmp(kind, "stop"))
		out_paragraph("  FAILED: ", "  ", text);
	fflush(stdout);
}

static void show_list(const char *head, struct json_object *arr)
{
	size_t i, nr = json_object_array_length(arr);

	for (i = 0; i < nr; i++)
		out_line("  %s %s", i ? "      " : head, json_object_get_string(
				json_object_array_get_idx(arr, i)));
}

static void show_end(const struct hearing *h)
{
	out_line("  %s: %s, %u claim%s", json_object_get_string(
			j_get(h->obj, "name")), verdict_names[h->verdict],
		 h->claims, plural(h->claims));
	if (h->verdict != PASSED)
		return;
	show_list("read:", j_get(h->obj, "code"));
	show_list("and: ", j_get(h->obj, "docs"));
	out_blank();
}

/* --- what happened */

static void worse(struct hearing *h, enum verdict verdict)
{
	if (verdict > h->verdict)
		h->verdict = verdict;
}

static void add_claim(struct hearing *h, struct json_object *event)
{
	struct json_object *refused = j_get(event, "refused");

	h->claims++;
	if (!json_object_get_boolean(j_get(event, "held")) ||
	    (refused && !json_object_get_boolean(refused)))
		worse(h, FAILED);
	json_object_object_del(event, "kind");
	json_object_array_add(j_get(h->obj, "claims"), json_object_get(event));
}

static void on_event(void *data, struct json_object *event)
{
	struct json_object *text = j_get(event, "text");
	struct hearing *h = data;
	const char *kind = json_object_get_string(j_get(event, "kind"));

	if (!kind || !text)
		return;
	if (is_text(h->cli))
		show_event(h, kind, event);
	if (!strcmp(kind, "claim")) {
		add_claim(h, event);
	} else if (!strcmp(kind, "skip") || !strcmp(kind, "stop")) {
		worse(h, kind[1] == 'k' ? SKIPPED : FAILED);
		j_add(h->obj, "reason", json_object_get(text));
	} else {
		json_object_array_add(j_get(h->obj, *kind == 't' ? "story" :
					    "details"), json_object_get(text));
	}
}

static void say(struct hearing *h, const char *text)
{
	struct json_object *event = j_obj();

	j_str(event, "kind", "stop");
	j_str(event, "text", text);
	on_event(h, event);
	json_object_put(event);
}

static enum verdict run_one(struct cli *cli, const struct lab_opts *opts,
			    const struct lab *lab, struct json_object *labs_arr)
{
	struct hearing h = { .cli = cli, .opts = opts, .obj = about(lab) };
	int err;

	j_null(h.obj, "reason");
	j_add(h.obj, "story", j_arr());
	j_add(h.obj, "details", j_arr());
	j_add(h.obj, "claims", j_arr());
	if (is_text(cli))
		out_line("%s: %s", lab->name, lab->title);
	err = lab_start(lab, opts->selftest, on_event, &h);
	if (err)
		say(&h, "its process could not be started");
	else if (h.verdict == PASSED && h.claims < MIN_CLAIMS)
		say(&h, "a lab makes three claims at least");
	j_str(h.obj, "verdict", verdict_names[h.verdict]);
	if (is_text(cli))
		show_end(&h);
	json_object_array_add(labs_arr, h.obj);
	return h.verdict;
}

/* --- the verbs */

static void show_labs(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "LAB", "name", F_TEXT, 0, 0 },
		{ "WHAT IS TO BE SEEN", "title", F_TEXT, C_WRAP, 38 },
		{ "NEEDS", "needs", F_LIST, C_WRAP, 18 },
	};

	if (!cli->opt.rows_set)
		cli->opt.rows = 0;
	cli->opt.rows_set = true;
	out_table(cli, j_get(obj, "labs"), cols, ARRAY_SIZE(cols));
}

static int list_run(struct cli *cli, void *opts, int argc, char **argv)
{
	struct json_object *obj = j_obj(), *arr = j_arr();
	const struct lab *const *lab;

	(void)opts;
	(void)argc;
	(void)argv;
	for (lab = all_labs; *lab; lab++)
		json_object_array_add(arr, about(*lab));
	j_add(obj, "labs", arr);
	return result(cli, obj, show_labs);
}

static void show_sum(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	if (json_object_array_length(j_get(obj, "labs")) == 1)
		return;
	out_line("%llu passed, %llu failed, %llu skipped",
		 (unsigned long long)j_get_u64(obj, "passed"),
		 (unsigned long long)j_get_u64(obj, "failed"),
		 (unsigned long long)j_get_u64(obj, "skipped"));
}

static int check_names(struct cli *cli, int argc, char **argv)
{
	const struct lab *const *lab;
	struct near near = { 0 };
	int i;

	for (i = 0; i < argc; i++) {
		if (lab_find(argv[i]) || (argc == 1 && !strcmp(argv[i], "all")))
			continue;
		for (lab = all_labs; *lab; lab++)
			near_offer(&near, argv[i], (*lab)->name);
		return fail(cli, EXIT_USAGE, 0, "mmkit lab list",
			    near.best ? "there is no lab '%s'; did you mean '%s'?" :
			    "there is no lab '%s'", argv[i], near.best);
	}
	return EXIT_OK;
}

static void run_named(struct cli *cli, const struct lab_opts *opts, int argc,
		      char **argv, struct json_object *arr, unsigned int *count)
{
	const struct lab *const *lab;
	int i;

	if (!strcmp(argv[0], "all")) {
		for (lab = all_labs; *lab && !interrupted(); lab++)
			count[run_one(cli, opts, *lab, arr)]++;
		return;
	}
	for (i = 0; i < argc && !interrupted(); i++)
		count[run_one(cli, opts, lab_find(argv[i]), arr)]++;
}

/* What was told and claimed, of labs that ran before. */
void lab_runs_show(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "CLAIM", "text", F_TEXT, C_WRAP, 40 },
		{ "MEASURED", "measured", F_TEXT, C_RIGHT, 0 },
		{ "IS", "op", F_TEXT, 0, 0 },
		{ "OTHER", "other", F_TEXT, C_RIGHT, 0 },
		{ "UNIT", "unit", F_TEXT, 0, 0 },
		{ "HELD", "held", F_TEXT, 0, 0 },
	};
	struct json_object *labs = j_get(obj, "labs"), *lab;
	size_t i;

	for (i = 0; i < json_object_array_length(labs); i++) {
		lab = json_object_array_get_idx(labs, i);
		out_line("%s: %s (%s)",
			 json_object_get_string(j_get(lab, "name")),
			 json_object_get_string(j_get(lab, "title")),
			 json_object_get_string(j_get(lab, "verdict")));
		if (j_get(lab, "reason"))
			out_line("%s", json_object_get_string(j_get(lab, "reason")));
		if (json_object_array_length(j_get(lab, "claims")))
			out_table(cli, j_get(lab, "claims"), cols, ARRAY_SIZE(cols));
	}
	show_sum(cli, obj);
}

static int run_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct json_object *obj = j_obj(), *arr = j_arr();
	const struct lab_opts *opts = data;
	unsigned int count[3] = { 0 };
	int status = check_names(cli, argc, argv);

	if (status) {
		json_object_put(arr);
		json_object_put(obj);
		return status;
	}
	run_named(cli, opts, argc, argv, arr, count);
	j_bool(obj, "selftest", opts->selftest);
	j_num(obj, "passed", count[PASSED]);
	j_num(obj, "failed", count[FAILED]);
	j_num(obj, "skipped", count[SKIPPED]);
	j_add(obj, "labs", arr);
	status = result(cli, obj, show_sum);
	if (status || count[FAILED])
		return EXIT_FAILED;
	return count[PASSED] ? EXIT_OK : EXIT_ABSENT;
}

/* Says how much, so that what looks for it can be held against that. */
static void show_lost(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("lost %llu blocks of %llu bytes",
		 (unsigned long long)j_get_u64(obj, "blocks"),
		 (unsigned long long)j_get_u64(obj, "each"));
}

static int lose_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct json_object *obj;
	unsigned long blocks;
	char *end;

	(void)data;
	(void)argc;
	blocks = strtoul(argv[0], &end, 10);
	if (*end || end == argv[0] || blocks > 1000000)
		return usage(cli, "'%s' is no number of blocks up to a million",
			     argv[0]);
	lab_lose(blocks);
	obj = j_obj();
	j_u64(obj, "blocks", blocks);
	j_u64(obj, "each", LAB_LOST_BYTES);
	return result(cli, obj, show_lost);
}

static const struct verb verbs[] = {
	{
		.name = "list",
		.help = "the labs, in the order in which to take them",
		.example = "mmkit lab list",
		.run = list_run,
		.no_verify = true,
	},
	{
		.name = "run",
		.args = "NAME...|all",
		.min_args = 1,
		.max_args = -1,
		.help = "run labs; exit 1 when a claim did not hold",
		.more = "Each tells what it does, prints the evidence it measured, and names the kernel\n"
			"functions and documents to read next. What it sets up is put back, also after\n"
			"Ctrl-C. Exit 77 when this kernel or machine lacks what every one of them needs.",
		.example = "mmkit lab run demand-paging cow",
		.opts = run_opts,
		.size = sizeof(struct lab_opts),
		.run = run_run,
		.no_verify = true,
	}, {
		.name = "lose",
		.args = "BLOCKS",
		.min_args = 1,
		.max_args = 1,
		.help = "lose blocks of malloc(): something for valgrind to find",
		.example = "valgrind mmkit lab lose 100",
		.run = lose_run,
		.no_verify = true,
	},
};

const struct command lab_command = {
	.name = "lab",
	.help = "experiments on one concept each, with measured claims",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
