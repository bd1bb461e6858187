// SPDX-License-Identifier: GPL-2.0-only
/* The bench area's commands as text. */
#include <linux/math64.h>
#include <linux/numa.h>
#include <linux/seq_file.h>
#include "bench.h"
#include "exercise.h"
#include "hist.h"
#include "names.h"
#include "stats.h"

static const char *const flags[] = { "none", "touch", "check", NULL };

#define RUN(field)	offsetof(struct mmkit_bench_run, field)
static const struct mmkit_param run_params[] = {
	{ 0, MMKIT_PARAM_NAME, RUN(row), .help = "ROW" },
	{ 'x', MMKIT_PARAM_SIZE, RUN(x), .help = "X" },
	{ 'a', MMKIT_PARAM_NAME, RUN(allocator), .help = "ALLOCATOR" },
	{ 'r', MMKIT_PARAM_U32, RUN(rounds), .help = "ROUNDS" },
	{ 't', MMKIT_PARAM_U32, RUN(threads), .help = "THREADS" },
	{ 'C', MMKIT_PARAM_S32, RUN(cpu), .help = "CPU" },
	{ 'N', MMKIT_PARAM_SIZE, RUN(nr), .help = "NR" },
	{ }
};

static void run_init(void *arg)
{
	struct mmkit_bench_run *run = arg;

	run->cpu = -1;
}

/* Net of the empty loop; less than that is noise around nothing. */
static u64 net(const struct mmkit_bench_round *round)
{
	return round->ticks > round->empty ? round->ticks - round->empty : 0;
}

static void run_print(struct seq_file *m, const struct mmkit_call *call,
		      const void *arg)
{
	const struct mmkit_bench_round *rounds = call->data;
	const struct mmkit_bench_run *run = arg;
	u64 values[MMKIT_BENCH_ROUNDS_MAX];
	u32 i, nr = min_t(u32, run->rounds, MMKIT_BENCH_ROUNDS_MAX);
	struct mmkit_stats stats;

	for (i = 0; i < nr; i++) {
		values[i] = net(&rounds[i]);
		seq_printf(m, "thread %u: %llu ticks, empty %llu%s%s%s%s\n",
			   rounds[i].thread, rounds[i].ticks, rounds[i].empty,
			   rounds[i].flags & MMKIT_BENCH_TICKED ? " ticked" : "",
			   rounds[i].flags & MMKIT_BENCH_SWITCHED ? " switched" : "",
			   rounds[i].flags & MMKIT_BENCH_MOVED ? " moved" : "",
			   rounds[i].flags & MMKIT_BENCH_FAILED ? " failed" : "");
	}
	mmkit_stats_of(values, nr, &stats);
	seq_printf(m, "%s %llu: %llu operations, median %llu ticks (%llu to %llu), %llu each\n",
		   run->row, run->x, run->nr, stats.median, stats.low,
		   stats.high, div64_u64(stats.median, run->nr ?: 1));
}

#define START(field)	offsetof(struct mmkit_bench_start, field)
static const struct mmkit_param start_params[] = {
	{ 0, MMKIT_PARAM_NAME, START(allocator), .help = "ALLOCATOR" },
	{ 'p', MMKIT_PARAM_WORD, START(pattern), mmkit_bench_patterns,
	  "PATTERN" },
	{ 'd', MMKIT_PARAM_WORD, START(dist), mmkit_bench_dists, "DIST" },
	{ 'b', MMKIT_PARAM_SIZE, START(min), .help = "BYTES" },
	{ 'B', MMKIT_PARAM_SIZE, START(max), .help = "LARGEST" },
	{ 't', MMKIT_PARAM_U32, START(threads), .help = "THREADS" },
	{ 'l', MMKIT_PARAM_U32, START(live), .help = "LIVE" },
	{ 'c', MMKIT_PARAM_SIZE, START(count), .help = "COUNT" },
	{ 'D', MMKIT_PARAM_U32, START(duration_ms), .help = "MILLISECONDS" },
	{ 'P', MMKIT_PARAM_U32, START(pause_us), .help = "MICROSECONDS" },
	{ 'g', MMKIT_PARAM_GFP, START(gfp), .help = "GFP,..." },
	{ 'n', MMKIT_PARAM_S32, START(node), .help = "NODE" },
	{ 'x', MMKIT_PARAM_WORD, START(flags), flags, "none|touch|check" },
	{ 's', MMKIT_PARAM_U32, START(seed), .help = "SEED" },
	{ 'C', MMKIT_PARAM_U32, START(first_cpu), .help = "FIRST-CPU" },
	{ }
};

static void start_init(void *arg)
{
	struct mmkit_bench_start *start = arg;

	start->threads = 1;
	start->live = 16;
	start->node = NUMA_NO_NODE;
}

static void start_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_bench_start *start = arg;

	seq_printf(m, "handle %u: %u threads\n", start->handle,
		   start->threads);
}

#define STATUS(field)	offsetof(struct mmkit_bench_status, field)
static const struct mmkit_param status_params[] = {
	{ 0, MMKIT_PARAM_U32, STATUS(handle), .help = "HANDLE" },
	{ 'w', MMKIT_PARAM_U32, STATUS(wait_ms), .help = "MILLISECONDS" },
	{ }
};

static void status_print(struct seq_file *m, const struct mmkit_call *call,
			 const void *arg)
{
	const struct mmkit_bench_status *now = arg;

	seq_printf(m, "%s after %llu us: %llu allocs %llu frees %llu enomem %llu edquot %llu corrupt\n",
		   now->state == MMKIT_BENCH_DONE ? "done" : "running",
		   div_u64(now->elapsed_ns, 1000), now->allocs, now->frees,
		   now->enomem, now->edquot, now->corrupt);
	seq_printf(m, "%llu objects live, %llu bytes held, %llu at most; %u threads, %u moved\n",
		   now->live, now->bytes, now->peak, now->threads, now->moved);
}

#define RESULT(field)	offsetof(struct mmkit_bench_result, field)
static const struct mmkit_param result_params[] = {
	{ 0, MMKIT_PARAM_U32, RESULT(handle), .help = "HANDLE" },
	{ }
};

static void result_print(struct seq_file *m, const struct mmkit_call *call,
			 const void *arg)
{
	static const unsigned int parts[] = { 5000, 9000, 9900, 9990 };
	static const char *const names[] = { "alloc", "free" };
	const struct mmkit_bench_hist *hists = call->data;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		seq_printf(m, "%s: %llu, ticks min %llu", names[i],
			   hists[i].total, hists[i].min);
		for (k = 0; k < ARRAY_SIZE(parts); k++)
			seq_printf(m, " p%u.%02u %llu", parts[k] / 100,
				   parts[k] % 100,
				   mmkit_hist_percentile(&hists[i], parts[k]));
		seq_printf(m, " max %llu\n", hists[i].max);
	}
}

#define HANDLE(field)	offsetof(struct mmkit_bench_handle, field)
static const struct mmkit_param handle_params[] = {
	{ 0, MMKIT_PARAM_U32, HANDLE(handle), .help = "HANDLE" },
	{ }
};

const struct mmkit_verb mmkit_bench_verbs[] = {
	{ "run", MMKIT_BENCH_RUN, run_params, run_init, run_print },
	{ "start", MMKIT_BENCH_START, start_params, start_init, start_print },
	{ "status", MMKIT_BENCH_STATUS, status_params, NULL, status_print },
	{ "result", MMKIT_BENCH_RESULT, result_params, NULL, result_print },
	{ "stop", MMKIT_BENCH_STOP, handle_params },
	{ "forget", MMKIT_BENCH_FORGET, handle_params },
	{ }
};
