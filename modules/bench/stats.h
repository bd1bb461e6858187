/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_BENCH_STATS_H
#define _MMKIT_BENCH_STATS_H

#include <linux/types.h>

/**
 * struct mmkit_stats - what rounds have in common
 * @median: half of them took at most this
 * @low: a quarter did
 * @high: three quarters did
 * @min: the shortest
 * @max: the longest
 */
struct mmkit_stats {
	__u64 median;
	__u64 low;
	__u64 high;
	__u64 min;
	__u64 max;
};

enum mmkit_verdict {
	MMKIT_VERDICT_SAME,	/* within the noise, or within the threshold */
	MMKIT_VERDICT_BETTER,
	MMKIT_VERDICT_WORSE,
};

/* Pure; the tools compile it too, and so it keeps to user space's types. */
void mmkit_stats_of(__u64 *values, unsigned int nr, struct mmkit_stats *out);
enum mmkit_verdict mmkit_stats_compare(const struct mmkit_stats *a,
				       const struct mmkit_stats *b,
				       unsigned int permille);

#endif
