// SPDX-License-Identifier: GPL-2.0-only
/* mmkit bench: the verbs and their options. */
#include "bench.h"

#define B(field)	offsetof(struct bench_opts, field)

#define ROUNDS_OPT	\
	{ 'r', "rounds", OPT_U32, B(rounds), "N",			\
	  "rounds of each, 7 to 64 (9; 7 of what maps 1 GiB)", NULL }
#define CPU_OPT		\
	{ 0, "cpu", OPT_S32, B(cpu), "N", "of the first thread (any)", NULL }

static const struct opt run_opts[] = {
	ROUNDS_OPT,
	{ 't', "threads", OPT_U32, B(threads), "N",
	  "in the kernel: so many at once, each on its CPU (1)", NULL },
	{ 0, "scale", OPT_FLAG, B(scale), NULL,
	  "in the kernel: with 1, 2, 4, ... threads up to --threads", NULL },
	CPU_OPT,
	{ 0, "save", OPT_STR, B(save), "FILE",
	  "put the figures into FILE, beside those of other kernels", NULL },
	{ 0, "force", OPT_FLAG, B(force), NULL,
	  "save those of a kernel that debugs itself, too", NULL },
	{ 0, "brief", OPT_FLAG, B(brief), NULL,
	  "leave out what takes long: large sizes, many handles; map 4 MiB", NULL },
	{ 0, "chart", OPT_FLAG, B(chart), NULL,
	  "draw cost against order, size, batch or threads, in the terminal", NULL },
	{ 0, "svg", OPT_STR, B(svg), "FILE", "draw the same into FILE", NULL },
	{ 0 },
};

static const struct opt targets_opts[] = {
	ROUNDS_OPT,
	CPU_OPT,
	{ 0 },
};

static const struct opt compare_opts[] = {
	{ 't', "threshold", OPT_U32, offsetof(struct bench_compare_opts, percent),
	  "PERCENT", "worse by more than this fails (3)", NULL },
	{ 0, "ours", OPT_FLAG, offsetof(struct bench_compare_opts, ours), NULL,
	  "only what mmkit itself costs can fail it", NULL },
	{ 0 },
};

static const struct bench_opts run_defaults = {
	.threads = 1, .cpu = -1,
};
static const struct bench_compare_opts compare_defaults = { .percent = 3 };

static const struct verb verbs[] = {
	{
		.name = "all",
		.help = "measure everything",
		.example = "mmkit bench all --save now.json",
		.opts = run_opts,
		.size = sizeof(struct bench_opts),
		.defaults = &run_defaults,
		.run = bench_all_run,
		.no_verify = true,
	}, {
		.name = "run",
		.args = "GLOB...",
		.min_args = 1,
		.max_args = -1,
		.help = "measure what is called so: a suite, a row, a pattern",
		.example = "mmkit bench run pages/order 'heap/*/4096' --chart",
		.opts = run_opts,
		.size = sizeof(struct bench_opts),
		.defaults = &run_defaults,
		.run = bench_run_run,
		.no_verify = true,
	}, {
		.name = "map",
		.help = "measure suite map, and show it as one table",
		.more = "A line for each way to have a page mapped: the strategies of the map\n"
			"device, and memfd, anonymous memory, /dev/zero and udmabuf beside.",
		.example = "mmkit bench map --brief",
		.opts = run_opts,
		.size = sizeof(struct bench_opts),
		.defaults = &run_defaults,
		.run = bench_map_run,
		.no_verify = true,
	}, {
		.name = "list",
		.args = "[GLOB...]",
		.max_args = -1,
		.help = "what can be measured",
		.example = "mmkit bench list map",
		.run = bench_list_run,
		.no_verify = true,
	}, {
		.name = "compare",
		.args = "BEFORE.json AFTER.json",
		.min_args = 2,
		.max_args = 2,
		.help = "what changed from one saved run to another",
		.more = "Exit status 1 when something is worse by more than the threshold and\n"
			"than the noise of both runs.",
		.example = "mmkit bench compare before.json after.json",
		.opts = compare_opts,
		.size = sizeof(struct bench_compare_opts),
		.defaults = &compare_defaults,
		.run = bench_compare_run,
		.no_verify = true,
	}, {
		.name = "targets",
		.help = "what mmkit promises of its own cost, measured",
		.more = "Exit status 1 when a target is missed.",
		.example = "mmkit bench targets",
		.opts = targets_opts,
		.size = sizeof(struct bench_opts),
		.defaults = &run_defaults,
		.run = bench_targets_run,
		.no_verify = true,
	},
};

const struct command bench_command = {
	.name = "bench",
	.help = "measure what allocators and mmkit itself cost",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
