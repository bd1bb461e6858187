// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: histograms, statistics, sizes, patterns. */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include "rows.h"

/* Internal to mmkit_bench: a module brings its own copy. */
#ifdef MODULE
#include "bench/dist.c"
#include "bench/hist.c"
#include "bench/pattern.c"
#include "bench/stats.c"
#else
#include "bench/dist.h"
#include "bench/hist.h"
#include "bench/pattern.h"
#include "bench/stats.h"
#endif

#include "../cases/bench.h"

MMKIT_ROWS(hist_bucket, hist_bucket_rows);
MMKIT_ROWS(hist_percentile, hist_percentile_rows);
MMKIT_ROWS(stats, stats_rows);
MMKIT_ROWS(compare, compare_rows);
MMKIT_ROWS(dist_check, dist_check_rows);
MMKIT_ROWS(pattern, pattern_rows);

static struct kunit_case bench_cases[] = {
	MMKIT_ROWS_CASE(hist_bucket),
	MMKIT_ROWS_CASE(hist_percentile),
	MMKIT_ROWS_CASE(stats),
	MMKIT_ROWS_CASE(compare),
	MMKIT_ROWS_CASE(dist_check),
	MMKIT_ROWS_CASE(pattern),
	{ }
};

static struct kunit_suite bench_suite = {
	.name = "mmkit_bench",
	.test_cases = bench_cases,
};

kunit_test_suite(bench_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of histograms, statistics, sizes, patterns");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
