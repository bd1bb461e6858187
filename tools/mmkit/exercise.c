// SPDX-License-Identifier: GPL-2.0-only
/* mmkit exercise: drive an allocator, and say what came of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/names.h"

#include "exercise.h"

#define STEP	100	/* ms between two looks */
#define SECOND	1000
#define COUNT	100000	/* allocations, when no end was asked for */
#define UNSAID	UINT64_MAX

static const struct reason reasons[] = {
	{ ENOENT, "no allocator is called so", "mmkit info lists them",
	  EXIT_FAILED },
	{ EINVAL, "a contradiction: pipe wants an even number of threads and at most 4096 live, --pause goes with burst, and no allocator takes a zone",
	  "mmkit exercise --help", EXIT_USAGE },
	{ EPERM, "ATOMIC goes past the cgroup's limit: CAP_SYS_RESOURCE is needed",
	  "run it as root, or with --gfp NOWAIT", EXIT_FAILED },
	{ EBUSY, "the module is being unloaded", "mmkit load", EXIT_ABSENT },
	{ 0 },
};

static int failed(struct exercise *ex, int err, const char *doing)
{
	if (err == -EDQUOT)
		return explain_quota(ex->cli, ex->fd, ex->req.live, doing);
	return explain(ex->cli, reasons, err, doing);
}

static void read_zones(struct zones_now *now)
{
	free(now->zone);
	now->zone = NULL;
	now->nr = mmkit_proc_zoneinfo(&now->zone);
}

static int fill_request(struct exercise *ex, const char *allocator)
{
	const struct exercise_opts *opts = ex->opts;

	ex->req = (struct mmkit_bench_start){
		.pattern = opts->pattern,
		.threads = opts->threads,
		.live = opts->live,
		.gfp = opts->gfp,
		.node = opts->node,
		.flags = opts->check ? MMKIT_BENCH_CHECK :
			 opts->touch ? MMKIT_BENCH_TOUCH : 0,
		.count = opts->count != UNSAID ? opts->count :
			 opts->duration_ms ? 0 : COUNT,
		.duration_ms = opts->duration_ms,
		.pause_us = opts->pause_us,
		.seed = opts->seed,
		.first_cpu = opts->first_cpu,
	};
	if (opts->pattern == MMKIT_BENCH_BURST && !opts->pause_us)
		ex->req.pause_us = 1000;
	if (strlen(allocator) >= sizeof(ex->req.allocator))
		return failed(ex, -ENOENT, allocator);
	strcpy(ex->req.allocator, allocator);
	return exercise_sizes(ex);
}

/* Until it has ended; Ctrl-C ends it earlier, and what it did is shown. */
static int follow(struct exercise *ex)
{
	struct mmkit_bench_status last = { 0 };
	unsigned int looks = 0;
	int err = 0;

	do {
		if (interrupted())
			err = mmkit_bench_stop(ex->fd, ex->req.handle);
		if (!err)
			err = mmkit_bench_status(ex->fd, ex->req.handle, STEP,
						 &ex->status);
		if (err == -EINTR && interrupted()) {
			err = 0;
			continue;
		}
		if (!looks)
			read_zones(&ex->during);
		if (ex->opts->watch && !err && looks % (SECOND / STEP) == 0) {
			exercise_watch(ex, &last, &ex->status);
			last = ex->status;
		}
		looks++;
	} while (!err && ex->status.state == MMKIT_BENCH_RUNNING);
	return err;
}

static int run(struct exercise *ex)
{
	int err;

	read_zones(&ex->before);
	err = mmkit_bench_start(ex->fd, &ex->req);
	if (err)
		return failed(ex, err, ex->req.allocator);
	err = follow(ex);
	if (!err)
		err = mmkit_bench_result(ex->fd, ex->req.handle, ex->hists);
	mmkit_bench_forget(ex->fd, ex->req.handle);
	read_zones(&ex->after);
	return err ? failed(ex, err, "exercising") : EXIT_OK;
}

static int report(struct exercise *ex)
{
	struct json_object *obj;
	int err = 0, status;

	obj = exercise_json(ex);
	if (ex->opts->svg)
		err = exercise_svg(ex->opts->svg, obj);
	if (err) {
		json_object_put(obj);
		return unwritable(ex->cli, ex->opts->svg, err);
	}
	status = result(ex->cli, obj, ex->opts->chart ? exercise_show_chart :
						       exercise_show);
	return status ? status : ex->status.corrupt ? EXIT_FAILED : EXIT_OK;
}

static int exercise_run(struct cli *cli, void *opts, int argc, char **argv)
{
	struct exercise ex = { .cli = cli, .opts = opts };
	int err, status;

	(void)argc;
	ex.fd = area_open(cli, "bench");
	if (ex.fd < 0)
		return -ex.fd;
	err = mmkit_bench_info(ex.fd, &ex.info);
	if (err)
		return failed(&ex, err, "asking for the unit");
	interrupt_catch();
	status = fill_request(&ex, argv[0]);
	if (!status)
		status = run(&ex);
	if (!status)
		status = report(&ex);
	free(ex.before.zone);
	free(ex.during.zone);
	free(ex.after.zone);
	return status;
}

#define E(field)	offsetof(struct exercise_opts, field)

static const struct opt opts[] = {
	{ 'p', "pattern", OPT_CHOICE, E(pattern), "PATTERN",
	  "when which object is freed (random)",
	  mmkit_bench_patterns },
	{ 'b', "bytes", OPT_STR, E(sizes), "SIZES",
	  "SIZE, MIN-MAX or SIZE,SIZE,... (64)", NULL },
	{ 'd', "dist", OPT_CHOICE, E(dist), "DIST",
	  "of the sizes; what --bytes looks like",
	  mmkit_bench_dists },
	{ 0, "trace", OPT_STR, E(trace), "FILE",
	  "take the sizes from FILE, one a line, in their order", NULL },
	{ 't', "threads", OPT_U32, E(threads), "N",
	  "each pinned to a CPU; an even number for pipe (1)", NULL },
	{ 'l', "live", OPT_U32, E(live), "N",
	  "objects that a thread holds at most (100)", NULL },
	{ 'c', "count", OPT_U64, E(count), "N",
	  "allocations of each thread, 0 for no limit (100000, or no limit with -D)",
	  NULL },
	{ 'D', "duration", OPT_U32, E(duration_ms), "MS",
	  "end after that time, 0 for no limit (0)", NULL },
	{ 0, "pause", OPT_U32, E(pause_us), "US", "between bursts (1000)", NULL },
	{ 'g', "gfp", OPT_GFP, E(gfp), "FLAGS",
	  "KERNEL, ATOMIC or NOWAIT, and ZERO, NORETRY, ...", NULL },
	{ 'n', "node", OPT_S32, E(node), "N", "NUMA node (any)", NULL },
	{ 0, "touch", OPT_FLAG, E(touch), NULL, "write to each page", NULL },
	{ 0, "check", OPT_FLAG, E(check), NULL,
	  "fill each object, and compare before it is freed", NULL },
	{ 0, "seed", OPT_U32, E(seed), "N", "of the random numbers (0)", NULL },
	{ 0, "cpu", OPT_U32, E(first_cpu), "N",
	  "the first thread's, counting online CPUs (0)", NULL },
	{ 'w', "watch", OPT_FLAG, E(watch), NULL, "say every second how it goes",
	  NULL },
	{ 0, "chart", OPT_FLAG, E(chart), NULL,
	  "draw the latencies in the terminal", NULL },
	{ 0, "svg", OPT_STR, E(svg), "FILE", "draw the latencies into FILE",
	  NULL },
	{ 0 },
};

static const struct exercise_opts defaults = {
	.pattern = MMKIT_BENCH_RANDOM,
	.sizes = "64",
	.threads = 1,
	.live = 100,
	.count = UNSAID,
	.node = -1,
};

static const struct verb verbs[] = {
	{
		.args = "ALLOCATOR",
		.min_args = 1,
		.max_args = 1,
		.help = "drive an allocator from kernel threads: throughput, latencies, failures",
		.more = "Ctrl-C ends it, frees everything and shows what there was. Exit status 1\n"
			"when an object did not hold what was written into it.",
		.example = "mmkit exercise kmalloc -p hold -b 64-4096 -t 2 --check",
		.opts = opts,
		.size = sizeof(struct exercise_opts),
		.defaults = &defaults,
		.run = exercise_run,
		.no_verify = true,
	},
};

const struct command exercise_command = {
	.name = "exercise",
	.help = "drive any registered allocator under load",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
