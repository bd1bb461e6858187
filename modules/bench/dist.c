// SPDX-License-Identifier: GPL-2.0-only
/* Distributions of sizes: pure. The caller brings the random numbers. */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include "dist.h"

/**
 * mmkit_random() - The next random number.
 * @state: any seed at first; splitmix64
 *
 * Return: 64 random bits.
 */
u64 mmkit_random(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/**
 * mmkit_random_below() - A random number of a range.
 * @random: 64 random bits
 * @below: at least 1
 *
 * Return: 0 to @below - 1, each as likely.
 */
u32 mmkit_random_below(u64 random, u32 below)
{
	return ((random >> 32) * below) >> 32;
}

/**
 * mmkit_dist_check() - Is this a distribution?
 * @kind: enum mmkit_bench_dist, any value a caller can send
 * @min: likewise
 * @max: likewise
 * @nr_sizes: that the session holds
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_dist_check(u32 kind, u64 min, u64 max, u32 nr_sizes)
{
	switch (kind) {
	case MMKIT_BENCH_FIXED:
		return min && min <= U32_MAX && !max ? 0 : -EINVAL;
	case MMKIT_BENCH_UNIFORM:
	case MMKIT_BENCH_ZIPF:
		return min && min <= max && max <= U32_MAX ? 0 : -EINVAL;
	case MMKIT_BENCH_LIST:
	case MMKIT_BENCH_TRACE:
		return nr_sizes && !min && !max ? 0 : -EINVAL;
	}
	return -EINVAL;
}

/**
 * mmkit_dist_ranks() - How many sizes a Zipf distribution has.
 * @min: the smallest
 * @max: none is larger
 *
 * Return: 1 to %MMKIT_DIST_RANKS.
 */
u32 mmkit_dist_ranks(u64 min, u64 max)
{
	u64 ranks = div64_u64(max, min);

	return ranks < MMKIT_DIST_RANKS ? ranks : MMKIT_DIST_RANKS;
}

/**
 * mmkit_dist_weigh() - Cumulated weights of a Zipf distribution.
 * @weights: filled in
 * @nr: how many
 */
void mmkit_dist_weigh(u64 *weights, u32 nr)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		sum += div64_u64(1ULL << 32, i + 1);
		weights[i] = sum;
	}
}

/* First rank whose cumulated weight is above @at. */
static u32 find_rank(const u64 *weights, u32 nr, u64 at)
{
	u32 low = 0, high = nr - 1;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (weights[middle] > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The sum of all weights is below 2^36: the top 28 bits and the rest apart. */
static u64 scale(u64 random, u64 below)
{
	u64 high = random >> 36, low = (random >> 8) & 0xfffffff;

	return (high * below + ((low * below) >> 28)) >> 28;
}

static u64 zipf(const struct mmkit_dist *dist, u64 random)
{
	u64 at = scale(random, dist->weights[dist->nr - 1]);

	return dist->min * (find_rank(dist->weights, dist->nr, at) + 1);
}

/**
 * mmkit_dist_next() - How large the next object is.
 * @dist: complete
 * @random: 64 random bits
 * @turn: how many there were before
 *
 * Return: bytes, at least 1.
 */
u64 mmkit_dist_next(const struct mmkit_dist *dist, u64 random, u64 turn)
{
	u64 rest;

	switch (dist->kind) {
	case MMKIT_BENCH_UNIFORM:
		return dist->min +
		       mmkit_random_below(random, dist->max - dist->min + 1);
	case MMKIT_BENCH_LIST:
		return dist->sizes[mmkit_random_below(random, dist->nr)];
	case MMKIT_BENCH_ZIPF:
		return zipf(dist, random);
	case MMKIT_BENCH_TRACE:
		div64_u64_rem(turn, dist->nr, &rest);
		return dist->sizes[rest];
	}
	return dist->min;
}
