/* SPDX-License-Identifier: GPL-2.0-only */
/* Patterns and distributions as words: for the control file and for the command. */
#ifndef _MMKIT_BENCH_NAMES_H
#define _MMKIT_BENCH_NAMES_H

#include <mmkit/bench.h>

static const char *const mmkit_bench_patterns[] = {
	[MMKIT_BENCH_LIFO] = "lifo",
	[MMKIT_BENCH_FIFO] = "fifo",
	[MMKIT_BENCH_RANDOM] = "random",
	[MMKIT_BENCH_HOLD] = "hold",
	[MMKIT_BENCH_PIPE] = "pipe",
	[MMKIT_BENCH_BURST] = "burst",
	[MMKIT_BENCH_RAMP] = "ramp",
	[MMKIT_BENCH_PATTERN_NR] = NULL,
};

static const char *const mmkit_bench_dists[] = {
	[MMKIT_BENCH_FIXED] = "fixed",
	[MMKIT_BENCH_UNIFORM] = "uniform",
	[MMKIT_BENCH_LIST] = "list",
	[MMKIT_BENCH_ZIPF] = "zipf",
	[MMKIT_BENCH_TRACE] = "trace",
	[MMKIT_BENCH_DIST_NR] = NULL,
};

#endif
