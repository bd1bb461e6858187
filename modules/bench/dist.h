/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_BENCH_DIST_H
#define _MMKIT_BENCH_DIST_H

#include <linux/types.h>
#include <mmkit/bench.h>

/* Sizes that a Zipf distribution has at most. */
#define MMKIT_DIST_RANKS	1024

/**
 * struct mmkit_dist - a distribution of sizes
 * @kind: enum mmkit_bench_dist
 * @nr: of @sizes, or ranks of @weights
 * @min: smallest size
 * @max: largest size
 * @sizes: of LIST and TRACE
 * @weights: of ZIPF, cumulated: the last one is that of all
 */
struct mmkit_dist {
	u32 kind;
	u32 nr;
	u64 min;
	u64 max;
	const u32 *sizes;
	const u64 *weights;
};

/* Pure. */
u64 mmkit_random(u64 *state);
u32 mmkit_random_below(u64 random, u32 below);
int mmkit_dist_check(u32 kind, u64 min, u64 max, u32 nr_sizes);
u32 mmkit_dist_ranks(u64 min, u64 max);
void mmkit_dist_weigh(u64 *weights, u32 nr);
u64 mmkit_dist_next(const struct mmkit_dist *dist, u64 random, u64 turn);

#endif
