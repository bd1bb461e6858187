/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_BENCH_HIST_H
#define _MMKIT_BENCH_HIST_H

#include <mmkit/bench.h>

/* Pure; the tools compile it too, and so it keeps to user space's types. */
unsigned int mmkit_hist_bucket(__u64 value);
__u64 mmkit_hist_low(unsigned int bucket);
__u64 mmkit_hist_high(unsigned int bucket);
void mmkit_hist_add(struct mmkit_bench_hist *hist, __u64 value);
void mmkit_hist_merge(struct mmkit_bench_hist *to,
		      const struct mmkit_bench_hist *from);
__u64 mmkit_hist_percentile(const struct mmkit_bench_hist *hist,
			    unsigned int permyriad);

#endif
