// SPDX-License-Identifier: GPL-2.0-only
/* Statistics of a handful of rounds: pure. */
#include "stats.h"

/* A few dozen values at most. */
static void sort_values(__u64 *values, unsigned int nr)
{
	unsigned int i, j;
	__u64 value;

	for (i = 1; i < nr; i++) {
		value = values[i];
		for (j = i; j && values[j - 1] > value; j--)
			values[j] = values[j - 1];
		values[j] = value;
	}
}

static __u64 between(__u64 a, __u64 b)
{
	return a + ((b - a) >> 1);
}

/**
 * mmkit_stats_of() - Median and spread.
 * @values: sorted by this
 * @nr: how many; 0 gives zeros
 * @out: filled in
 */
void mmkit_stats_of(__u64 *values, unsigned int nr, struct mmkit_stats *out)
{
	unsigned int half = nr / 2;

	*out = (struct mmkit_stats) { 0 };
	if (!nr)
		return;
	sort_values(values, nr);
	out->min = values[0];
	out->max = values[nr - 1];
	out->median = nr % 2 ? values[half] :
			       between(values[half - 1], values[half]);
	out->low = values[(nr - 1) / 4];
	out->high = values[nr - 1 - (nr - 1) / 4];
}

/* a is more than b by over @permille thousandths of b. */
static int exceeds(__u64 a, __u64 b, unsigned int permille)
{
	return a > b && (a - b) * 1000 > b * permille;
}

/**
 * mmkit_stats_compare() - Is a run other than one before it?
 * @a: before
 * @b: after
 * @permille: thousandths that the median may change by
 *
 * A difference counts when it is over the threshold and the middle halves of
 * the two runs do not overlap.
 *
 * Return: whether @b is the same, better (less) or worse.
 */
enum mmkit_verdict mmkit_stats_compare(const struct mmkit_stats *a,
				       const struct mmkit_stats *b,
				       unsigned int permille)
{
	if (exceeds(b->median, a->median, permille) && b->low > a->high)
		return MMKIT_VERDICT_WORSE;
	if (exceeds(a->median, b->median, permille) && a->low > b->high)
		return MMKIT_VERDICT_BETTER;
	return MMKIT_VERDICT_SAME;
}
