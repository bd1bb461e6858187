// SPDX-License-Identifier: GPL-2.0-only
/* mmkit map: its verbs and options, and those that only ask or set. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "map_pager.h"

#define S(field)	offsetof(struct map_set_opts, field)
#define D(field)	offsetof(struct map_describe_opts, field)
#define M(field)	offsetof(struct map_matrix_opts, field)
#define R(field)	offsetof(struct map_run_opts, field)
#define P(field)	offsetof(struct map_policies_opts, field)
#define W(field)	offsetof(struct map_watch_opts, field)
#define DR(field)	offsetof(struct map_draw_opts, field)
#define DR_PAGING(field)	DR(paging.field)

/* Of every verb that pages. */
#define PAGING_OPTS(at)							\
	{ 0, "frames", OPT_U32, at(frames), "N",			\
	  "pager: pages of memory that it may use", NULL },		\
	{ 0, "policy", OPT_CHOICE, at(policy), "POLICY",		\
	  "pager: which page goes (fifo)", policy_names },		\
	{ 0, "swap", OPT_CHOICE, at(swap), "SWAP",			\
	  "pager: where it goes (lzo)", swap_names },			\
	{ 0, "exact", OPT_FLAG, at(exact), NULL,			\
	  "pager: every touch of another page is a fault", NULL }

static const struct opt set_opts[] = {
	{ 's', "strategy", OPT_STRATEGY, S(strategy), "NAME",
	  "how faults are served (page)", NULL },
	{ 'b', "size", OPT_SIZE, S(bytes), "SIZE",
	  "of the store, 0 gives it back", NULL },
	{ 0 },
};

static const struct opt describe_opts[] = {
	{ 'f', "first", OPT_U64, D(first), "N", "first page of the store (0)",
	  NULL },
	{ 'N', "nr", OPT_U32, D(nr), "N", "how many, 0 for the rest", NULL },
	{ 0 },
};

static const struct opt matrix_opts[] = {
	{ 's', "strategy", OPT_STRATEGY, M(strategy), "NAME",
	  "this one only", NULL },
	{ 'o', "operation", OPT_STR, M(operation), "NAME", "this one only",
	  NULL },
	{ 'd', "disk", OPT_STR, M(disk), "PATH",
	  "for O_DIRECT: its first page is overwritten", NULL },
	{ 0 },
};

static const char *const touch_names[] = {
	"all", "none", "first", "every:2", "random:16", NULL,
};

static const struct opt run_opts[] = {
	{ 's', "strategy", OPT_STRATEGY, R(strategy), "NAME",
	  "how faults are served (as the store is, or page)", NULL },
	{ 'b', "size", OPT_SIZE, R(bytes), "SIZE",
	  "of the store (as it is, or 1M)", NULL },
	{ 'O', "offset", OPT_SIZE, R(offset), "SIZE",
	  "map from this byte of the store on (0)", NULL },
	{ 'l', "length", OPT_SIZE, R(length), "SIZE",
	  "map that much (up to the end)", NULL },
	{ 'T', "touch", OPT_STR, R(touch), "WHICH",
	  "all, none, first, every:N or random:N pages", touch_names },
	{ 'w', "write", OPT_FLAG, R(write), NULL, "touch by writing", NULL },
	{ 'P', "private", OPT_FLAG, R(private), NULL,
	  "MAP_PRIVATE: a write makes a copy", NULL },
	{ 'r', "readonly", OPT_FLAG, R(readonly), NULL,
	  "open read-only, in a session of its own", NULL },
	{ 'j', "threads", OPT_U32, R(threads), "N", "touch from N threads (1)",
	  NULL },
	{ 'k', "shrink", OPT_SIZE, R(shrink), "SIZE",
	  "then shrink the store, and touch past its end", NULL },
	{ 'F', "fork", OPT_FLAG, R(fork), NULL,
	  "have a child touch the same pages", NULL },
	{ 0, "hold", OPT_U32, R(hold), "SECONDS", "stay mapped that long", NULL },
	{ 0, "pattern", OPT_STR, R(pattern), "PATTERN",
	  "sequential, random, zipf, stride:N or loop:N",
	  pattern_names },
	{ 0, "touches", OPT_U64, R(touches), "N",
	  "how often, with --pattern (twice the pages)", NULL },
	PAGING_OPTS(R),
	{ 0, "events", OPT_FLAG, R(events), NULL,
	  "show each fault, from the event ring", NULL },
	{ 0, "svg", OPT_STR, R(svg), "FILE",
	  "draw the events over time into FILE", NULL },
	{ 0, "record", OPT_STR, R(record), "FILE",
	  "the trace, for map policies --trace @FILE", NULL },
	{ 0 },
};

static const struct opt policies_opts[] = {
	{ 't', "trace", OPT_STR, P(trace), "TRACE",
	  "pages in order: 7,0w,1 (w: written), or @FILE",
	  NULL },
	{ 0, "pattern", OPT_STR, P(pattern), "PATTERN",
	  "or one made up, see map run --help",
	  pattern_names },
	{ 0, "pages", OPT_U64, P(pages), "N", "of the pattern (64)", NULL },
	{ 0, "touches", OPT_U64, P(touches), "N", "of the pattern (1024)",
	  NULL },
	{ 'f', "frames", OPT_U32, P(frames), "N", "frames to use (3)", NULL },
	{ 'c', "curve", OPT_U32, P(curve), "N",
	  "draw misses in 1 up to N frames, too", NULL },
	{ 0, "seed", OPT_U64, P(seed), "N", "of random (1)", NULL },
	{ 0, "svg", OPT_STR, P(svg), "FILE",
	  "draw the misses, or the curves, there", NULL },
	{ 0 },
};

static const struct map_policies_opts policies_defaults = {
	.pages = 64, .touches = 1024, .frames = 3, .seed = 1,
};

static const struct opt watch_opts[] = {
	{ 't', "seconds", OPT_U32, W(seconds), "N",
	  "stop after that many (until Ctrl-C)", NULL },
	{ 'c', "count", OPT_U64, W(count), "N", "stop after that many events",
	  NULL },
	{ 0, "room", OPT_U32, W(room), "N",
	  "events that may wait, a power of two (16384)", NULL },
	{ 0 },
};

static const struct map_watch_opts watch_defaults = { .room = 16384 };

static const struct opt draw_opts[] = {
	{ 's', "strategy", OPT_STRATEGY, DR(strategy), "NAME",
	  "how faults are served (as the store is, or page)", NULL },
	{ 'b', "size", OPT_SIZE, DR(bytes), "SIZE",
	  "of the store (as it is, or 1M)", NULL },
	PAGING_OPTS(DR_PAGING),
	{ 0, "pattern", OPT_STR, DR(pattern), "PATTERN",
	  "touch so first, see map run --help",
	  pattern_names },
	{ 0, "touches", OPT_U64, DR(touches), "N",
	  "how often (twice the pages)", NULL },
	{ 'w', "write", OPT_FLAG, DR(write), NULL, "touch by writing", NULL },
	{ 'j', "threads", OPT_U32, DR(threads), "N", "touch from N threads (1)",
	  NULL },
	{ 0, "svg", OPT_STR, DR(svg), "FILE", "draw it there, too", NULL },
	{ 0 },
};

static const struct map_draw_opts draw_defaults = {
	.bytes = UINT64_MAX, .threads = 1,
};

static const struct map_set_opts set_defaults = { .bytes = UINT64_MAX };
static const struct map_run_opts run_defaults = {
	.bytes = UINT64_MAX, .touch = "all", .threads = 1,
	.shrink = UINT64_MAX,
};

const struct reason map_set_reasons[] = {
	{ EINVAL, "the size is no multiple of the page size, or larger than the store can be",
	  "a multiple of the page size, up to 1T (mmkit info shows the page size)",
	  EXIT_FAILED },
	{ ENOENT, "no strategy of that name is registered",
	  "mmkit map strategies lists them", EXIT_FAILED },
	{ EOPNOTSUPP, "that strategy is absent on this kernel or machine",
	  "mmkit map strategies says why", EXIT_FAILED },
	{ ENAMETOOLONG, "no strategy of that name is registered",
	  "mmkit map strategies lists them", EXIT_FAILED },
	{ EBUSY, "pages are mapped under another strategy, or its memory cannot change while it is mapped",
	  "unmap them first, or use another session", EXIT_FAILED },
	{ 0 },
};

static const struct reason describe_reasons[] = {
	{ EINVAL, "that is past the end of the store, or there is no store",
	  "map set -b SIZE makes one; it lives as long as its session (mmkit shell or run)",
	  EXIT_FAILED },
	{ 0 },
};

int map_set_failed(struct cli *cli, int fd, int err, uint64_t bytes)
{
	if (err == -EDQUOT)
		return explain_quota(cli, fd, bytes, "setting up the store");
	return explain(cli, map_set_reasons, err, "setting up the store");
}

struct json_object *map_get_json(const struct mmkit_map_get *get)
{
	struct json_object *obj = j_obj();

	j_str(obj, "strategy", get->strategy[0] ? get->strategy : NULL);
	j_u64(obj, "bytes", get->bytes);
	j_u64(obj, "maps", get->maps);
	j_u64(obj, "faults", get->faults);
	j_u64(obj, "sigbus", get->sigbus);
	j_u64(obj, "opens", get->opens);
	return obj;
}

static void show_get(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "strategy", "strategy", F_TEXT, 0, 0 },
		{ "bytes of the store", "bytes", F_TEXT, 0, 0 },
		{ "areas mapping it now", "maps", F_TEXT, 0, 0 },
		{ "mappings made", "opens", F_TEXT, 0, 0 },
		{ "faults served", "faults", F_TEXT, 0, 0 },
		{ "faults refused", "sigbus", F_TEXT, 0, 0 },
	};

	out_pairs(cli, obj, cols, ARRAY_SIZE(cols));
}

static int get_show(struct cli *cli, int fd)
{
	struct mmkit_map_get get;
	int err = mmkit_map_get(fd, &get);

	if (err)
		return explain(cli, NULL, err, "asking the module");
	return result(cli, map_get_json(&get), show_get);
}

static int get_run(struct cli *cli, void *opts, int argc, char **argv)
{
	int fd = area_open(cli, "map");

	(void)opts;
	(void)argc;
	(void)argv;
	return fd < 0 ? -fd : get_show(cli, fd);
}

static int set_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct map_set_opts *opts = data;
	int fd, err;

	(void)argc;
	(void)argv;
	if (opts->bytes == UINT64_MAX)
		return usage(cli, "--size is missing");
	fd = area_open(cli, "map");
	if (fd < 0)
		return -fd;
	err = mmkit_map_set(fd, opts->strategy, opts->bytes);
	return err ? map_set_failed(cli, fd, err, opts->bytes) :
		     get_show(cli, fd);
}

static void show_describe(struct cli *cli, struct json_object *obj)
{
	pages_show(cli, j_get(obj, "pages"), "PAGE");
}

static int describe(struct cli *cli, int fd, uint64_t first, uint32_t nr)
{
	struct mmkit_page *pages = calloc(nr ? nr : 1, sizeof(*pages));
	struct json_object *obj;
	int ret, i;

	ret = pages ? mmkit_map_describe(fd, first, nr, pages) : -ENOMEM;
	if (ret < 0) {
		free(pages);
		return explain(cli, describe_reasons, ret, "describing");
	}
	for (i = 0; cli->opt.verify && i < ret; i++)
		if (pages[i].pfn && !(pages[i].state & MMKIT_PAGE_NOPAGE))
			map_verify_page(cli, fd, first + i);
	obj = j_obj();
	j_add(obj, "pages", pages_json(pages, first, ret));
	free(pages);
	return result(cli, obj, show_describe);
}

static int describe_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct map_describe_opts *opts = data;
	struct mmkit_map_get get;
	uint64_t pages;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "map");
	if (fd < 0)
		return -fd;
	err = mmkit_map_get(fd, &get);
	if (err)
		return explain(cli, NULL, err, "asking the module");
	pages = get.bytes / page_size();
	if (opts->first >= pages)
		return explain(cli, describe_reasons, EINVAL, "describing");
	pages -= opts->first;
	if (opts->nr && opts->nr < pages)
		pages = opts->nr;
	return describe(cli, fd, opts->first,
			pages > UINT32_MAX ? UINT32_MAX : pages);
}

static void show_strategies(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "STRATEGY", "name", F_TEXT, 0, 0 },
		{ "MEMORY", "backing", F_TEXT, 0, 0 },
		{ "STATE", "state", F_TEXT, 0, 0 },
		{ "HOW, AND WHAT TO KNOW HERE", "shown", F_TEXT, C_WRAP, 44 },
	};

	out_table(cli, j_get(obj, "strategies"), cols, ARRAY_SIZE(cols));
}

static struct json_object *strategy_json(const struct mmkit_map_strategy *s)
{
	bool absent = s->flags & MMKIT_STRATEGY_ABSENT;
	struct json_object *obj = j_obj();
	char shown[300];

	snprintf(shown, sizeof(shown), "%s%s%s", s->help, s->note[0] ? "; " : "",
		 s->note);
	j_str(obj, "name", s->name);
	j_str(obj, "module", absent ? NULL : s->module);
	j_str(obj, "help", s->help);
	j_str(obj, "state", absent ? "absent" : "present");
	j_str(obj, "note", s->note[0] ? s->note : NULL);
	j_str(obj, "backing", s->backing);
	j_str(obj, "tune", s->tune[0] ? s->tune : NULL);
	j_u64(obj, "tune_default", s->tune_default);
	j_u64(obj, "tune_max", s->tune_max);
	j_str(obj, "shown", shown);
	return obj;
}

static int strategies_run(struct cli *cli, void *opts, int argc, char **argv)
{
	struct mmkit_map_strategy *list;
	struct json_object *obj, *arr;
	int fd = area_open(cli, "map"), nr, i;

	(void)opts;
	(void)argc;
	(void)argv;
	if (fd < 0)
		return -fd;
	nr = mmkit_map_strategies(fd, &list);
	if (nr < 0)
		return explain(cli, NULL, nr, "listing strategies");
	arr = j_arr();
	for (i = 0; i < nr; i++)
		json_object_array_add(arr, strategy_json(&list[i]));
	free(list);
	obj = j_obj();
	j_add(obj, "strategies", arr);
	return result(cli, obj, show_strategies);
}

static const struct verb verbs[] = {
	{
		.name = "run",
		.help = "map a store, touch it, and show every page twice over",
		.more = "The pages as the module has them, beside those in /proc/self/pagemap; OTHER says\n"
			"that what is mapped is not the store's page of that index: another one of the\n"
			"store, or a copy.",
		.example = "mmkit map run -s page --size 1M --touch every:4 --write",
		.opts = run_opts,
		.size = sizeof(struct map_run_opts),
		.defaults = &run_defaults,
		.run = map_run_run,
	}, {
		.name = "draw",
		.help = "draw where each page of a store is: mapped, dirty, evicted",
		.more = "In a session that has a store already it is drawn as it is, unless options\n"
			"say what to set and to touch first.",
		.example = "mmkit map draw -s pager --size 1M --frames 64 --policy lru --write",
		.opts = draw_opts,
		.size = sizeof(struct map_draw_opts),
		.defaults = &draw_defaults,
		.run = map_draw_run,
		.no_verify = true,
	}, {
		.name = "watch",
		.args = "PID",
		.min_args = 1,
		.max_args = 1,
		.help = "follow the faults of another process as they happen",
		.more = "Of the process's session of /dev/mmkit/map, through the event ring: nothing is\n"
			"lost without being counted.",
		.example = "mmkit map watch --seconds 10 1234",
		.opts = watch_opts,
		.size = sizeof(struct map_watch_opts),
		.defaults = &watch_defaults,
		.run = map_watch_run,
		.no_verify = true,
	}, {
		.name = "policies",
		.help = "compare page replacement policies on one trace",
		.more = "Replays the trace under fifo, lru, clock, second-chance, random and opt, by the\n"
			"code that the pager runs. opt knows the future, so the pager does not have it.",
		.example = "mmkit map policies --trace 1,2,3,4,1,2,5,1,2,3,4,5 --frames 3 --curve 5",
		.opts = policies_opts,
		.size = sizeof(struct map_policies_opts),
		.defaults = &policies_defaults,
		.run = map_policies_run,
		.no_verify = true,
	}, {
		.name = "matrix",
		.help = "try every operation on every strategy, and say why",
		.more = "Each cell is a process of its own that maps a store, writes to it and tries:\n"
			"works, the errno that refused it, or the signal that it ended by.",
		.example = "mmkit map matrix -s pfn -o gup",
		.opts = matrix_opts,
		.size = sizeof(struct map_matrix_opts),
		.run = map_matrix_run,
		.no_verify = true,
	}, {
		.name = "strategies",
		.help = "the ways to serve a mapping, and those absent here",
		.example = "mmkit map strategies",
		.run = strategies_run,
		.no_verify = true,
	}, {
		.name = "set",
		.help = "give this session a store, or resize it",
		.example = "map set -s page --size 1M",
		.opts = set_opts,
		.size = sizeof(struct map_set_opts),
		.defaults = &set_defaults,
		.run = set_run,
		.no_verify = true,
	}, {
		.name = "get",
		.help = "this session's store and the faults it served",
		.example = "map get",
		.run = get_run,
		.no_verify = true,
	}, {
		.name = "describe",
		.help = "describe pages of this session's store",
		.example = "map describe --first 0 --nr 8",
		.opts = describe_opts,
		.size = sizeof(struct map_describe_opts),
		.run = describe_run,
	},
};

const struct command map_command = {
	.name = "map",
	.help = "mmap: stores of pages, mapped by a strategy of choice",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
