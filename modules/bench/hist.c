// SPDX-License-Identifier: GPL-2.0-only
/*
 * Histograms: pure. Exact below 8, then 8 buckets in each power of two, so that
 * what is read from one is at most an eighth too large. No division, which not
 * every kernel has for 64 bits.
 */
#include "hist.h"

#define SUB_BITS	3
#define SUB		8u

/**
 * mmkit_hist_bucket() - Where a value is counted.
 * @value: any
 *
 * Return: index, less than %MMKIT_BENCH_BUCKETS.
 */
unsigned int mmkit_hist_bucket(__u64 value)
{
	unsigned int octave;

	if (value < SUB)
		return value;
	octave = 63 - __builtin_clzll(value);
	return (octave - SUB_BITS + 1) * SUB +
	       ((value >> (octave - SUB_BITS)) & (SUB - 1));
}

/**
 * mmkit_hist_low() - Smallest value of a bucket.
 * @bucket: less than %MMKIT_BENCH_BUCKETS
 *
 * Return: the value.
 */
__u64 mmkit_hist_low(unsigned int bucket)
{
	if (bucket < SUB)
		return bucket;
	return (__u64)(SUB + bucket % SUB) << (bucket / SUB - 1);
}

/**
 * mmkit_hist_high() - Largest value of a bucket.
 * @bucket: less than %MMKIT_BENCH_BUCKETS
 *
 * Return: the value.
 */
__u64 mmkit_hist_high(unsigned int bucket)
{
	if (bucket < SUB)
		return bucket;
	return mmkit_hist_low(bucket) + (((__u64)1 << (bucket / SUB - 1)) - 1);
}

/**
 * mmkit_hist_add() - Count one value.
 * @hist: zeroed before the first
 * @value: any
 */
void mmkit_hist_add(struct mmkit_bench_hist *hist, __u64 value)
{
	if (!hist->total || value < hist->min)
		hist->min = value;
	if (value > hist->max)
		hist->max = value;
	hist->total++;
	hist->sum += value;
	hist->bucket[mmkit_hist_bucket(value)]++;
}

/**
 * mmkit_hist_merge() - Add one histogram to another.
 * @to: it
 * @from: may be counted into meanwhile: each field is one that was true
 */
void mmkit_hist_merge(struct mmkit_bench_hist *to,
		      const struct mmkit_bench_hist *from)
{
	unsigned int i;

	if (!from->total)
		return;
	if (!to->total || from->min < to->min)
		to->min = from->min;
	if (from->max > to->max)
		to->max = from->max;
	to->sum += from->sum;
	/* The sum of the buckets, so that a percentile always finds its own. */
	for (i = 0; i < MMKIT_BENCH_BUCKETS; i++) {
		__u64 count = from->bucket[i];

		to->bucket[i] += count;
		to->total += count;
	}
}

/**
 * mmkit_hist_percentile() - What so many of the values do not exceed.
 * @hist: it
 * @permyriad: in hundredths of a percent: 9990 is p99.9
 *
 * Return: the upper end of the bucket that it is in, but never more than the
 * largest value; 0 of an empty histogram.
 */
__u64 mmkit_hist_percentile(const struct mmkit_bench_hist *hist,
			    unsigned int permyriad)
{
	__u64 seen = 0, high;
	unsigned int i;

	if (!hist->total)
		return 0;
	for (i = 0; i < MMKIT_BENCH_BUCKETS; i++) {
		seen += hist->bucket[i];
		if (seen && seen * 10000 >= hist->total * permyriad)
			break;
	}
	if (i == MMKIT_BENCH_BUCKETS)
		return hist->max;
	high = mmkit_hist_high(i);
	return high < hist->max ? high : hist->max;
}
