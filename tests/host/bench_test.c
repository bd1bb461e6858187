// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"
#include "bench/dist.h"
#include "bench/hist.h"
#include "bench/pattern.h"
#include "bench/stats.h"
#include "../cases/bench.h"

HOST_CASE(hist_bucket, struct hist_bucket_row)
HOST_CASE(hist_percentile, struct hist_percentile_row)
HOST_CASE(stats, struct stats_row)
HOST_CASE(compare, struct compare_row)
HOST_CASE(dist_check, struct dist_check_row)
HOST_CASE(pattern, struct pattern_row)

/* Every value is in its bucket, and that is at most an eighth of it wide. */
static void bucket_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		u64 value = host_random_edge();
		unsigned int bucket = mmkit_hist_bucket(value);
		u64 low = mmkit_hist_low(bucket), high = mmkit_hist_high(bucket);

		assert_int_equal(!!(bucket < MMKIT_BENCH_BUCKETS), 1);
		assert_int_equal(!!(low <= value && value <= high), 1);
		assert_int_equal(!!(high - low <= value / 8), 1);
	}
}

/* Buckets follow each other without a gap. */
static void chain_property(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 1; i < MMKIT_BENCH_BUCKETS; i++)
		assert_int_equal(mmkit_hist_low(i), mmkit_hist_high(i - 1) + 1);
	assert_int_equal(mmkit_hist_high(MMKIT_BENCH_BUCKETS - 1), ~0ULL);
}

/* The median by another way: as many are below it as above. */
static void median_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS / 10; i++) {
		unsigned int nr = host_random() % 64 + 1, below = 0, above = 0, k;
		struct mmkit_stats stats;
		__u64 values[64];

		for (k = 0; k < nr; k++)
			values[k] = host_random_edge();
		mmkit_stats_of(values, nr, &stats);
		for (k = 0; k < nr; k++) {
			below += values[k] < stats.median;
			above += values[k] > stats.median;
		}
		assert_int_equal(!!(below <= nr / 2 && above <= nr / 2), 1);
		assert_int_equal(!!(stats.min <= stats.low &&
				    stats.low <= stats.median &&
				    stats.median <= stats.high &&
				    stats.high <= stats.max), 1);
	}
}

/* What is better one way round is worse the other. */
static void compare_property(void **state)
{
	static const enum mmkit_verdict other[] = {
		[MMKIT_VERDICT_SAME] = MMKIT_VERDICT_SAME,
		[MMKIT_VERDICT_BETTER] = MMKIT_VERDICT_WORSE,
		[MMKIT_VERDICT_WORSE] = MMKIT_VERDICT_BETTER,
	};
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		__u64 x[3], y[3];
		struct mmkit_stats a, b;
		unsigned int k, permille = host_random() % 100;

		for (k = 0; k < 3; k++) {
			x[k] = host_random() % 100000;
			y[k] = host_random() % 100000;
		}
		mmkit_stats_of(x, 3, &a);
		mmkit_stats_of(y, 3, &b);
		assert_int_equal(mmkit_stats_compare(&a, &b, permille),
				 other[mmkit_stats_compare(&b, &a, permille)]);
	}
}

static struct mmkit_dist any_dist(u32 *sizes, u64 *weights)
{
	struct mmkit_dist dist = { .kind = host_random() % MMKIT_BENCH_DIST_NR };
	u32 i;

	if (dist.kind == MMKIT_BENCH_LIST || dist.kind == MMKIT_BENCH_TRACE) {
		dist.nr = host_random() % 16 + 1;
		for (i = 0; i < dist.nr; i++)
			sizes[i] = (u32)host_random_edge() ?: 1;
		dist.sizes = sizes;
		return dist;
	}
	dist.min = (u32)host_random_edge() ?: 1;
	if (dist.kind == MMKIT_BENCH_FIXED)
		return dist;
	dist.max = dist.min + host_random() % (U32_MAX - dist.min + 1);
	if (dist.kind == MMKIT_BENCH_ZIPF) {
		dist.nr = mmkit_dist_ranks(dist.min, dist.max);
		mmkit_dist_weigh(weights, dist.nr);
		dist.weights = weights;
	}
	return dist;
}

static u64 largest_of(const struct mmkit_dist *dist)
{
	u64 largest = 0;
	u32 i;

	if (dist->kind == MMKIT_BENCH_FIXED)
		return dist->min;
	if (dist->kind == MMKIT_BENCH_UNIFORM || dist->kind == MMKIT_BENCH_ZIPF)
		return dist->max;
	for (i = 0; i < dist->nr; i++)
		if (dist->sizes[i] > largest)
			largest = dist->sizes[i];
	return largest;
}

/* Whatever it is, no size is 0, and none is larger than it says. */
static void dist_property(void **state)
{
	static u64 weights[MMKIT_DIST_RANKS];
	u32 sizes[16];
	int i, k;

	(void)state;
	for (i = 0; i < HOST_ROUNDS / 100; i++) {
		struct mmkit_dist dist = any_dist(sizes, weights);
		u64 largest = largest_of(&dist);

		assert_int_equal(mmkit_dist_check(dist.kind, dist.min, dist.max,
						  dist.nr), 0);
		for (k = 0; k < 100; k++) {
			u64 size = mmkit_dist_next(&dist, host_random_edge(), k);

			assert_int_equal(!!(size >= 1 && size <= largest), 1);
			assert_int_equal(!!(size >= dist.min), 1);
		}
	}
}

/* A trace comes in its order, and again from the start. */
static void trace_property(void **state)
{
	const u32 sizes[] = { 3, 1, 4, 1, 5 };
	const struct mmkit_dist dist = {
		.kind = MMKIT_BENCH_TRACE, .nr = 5, .sizes = sizes,
	};
	u64 turn;

	(void)state;
	for (turn = 0; turn < 100; turn++)
		assert_int_equal(mmkit_dist_next(&dist, host_random(), turn),
				 sizes[turn % 5]);
}

/* One in k: of two million, rank 1 twice as often as rank 2, and so on. */
static void zipf_property(void **state)
{
	static u64 weights[8];
	const struct mmkit_dist dist = {
		.kind = MMKIT_BENCH_ZIPF, .nr = 8, .min = 16, .max = 128,
		.weights = weights,
	};
	u64 seen[8] = { 0 };
	int i;

	(void)state;
	assert_int_equal(mmkit_dist_ranks(16, 128), 8);
	mmkit_dist_weigh(weights, 8);
	for (i = 0; i < HOST_ROUNDS * 10; i++)
		seen[mmkit_dist_next(&dist, host_random(), i) / 16 - 1]++;
	for (i = 1; i < 8; i++) {
		u64 want = seen[0] / (i + 1);

		assert_int_equal(!!(seen[i] > want * 97 / 100 &&
				    seen[i] < want * 103 / 100), 1);
	}
}

/* No free of nothing, nothing beyond the limit, whatever fails meanwhile. */
static void pattern_property(void **state)
{
	int i, k;

	(void)state;
	for (i = 0; i < HOST_ROUNDS / 1000; i++) {
		u32 held = 0, live = host_random() % 20 + 1, frees = 0;
		struct mmkit_pattern pattern;

		mmkit_pattern_init(&pattern,
				   host_random() % MMKIT_BENCH_PATTERN_NR, live);
		for (k = 0; k < 1000; k++) {
			enum mmkit_step step = mmkit_pattern_next(&pattern, held);

			if (step == MMKIT_STEP_ALLOC) {
				assert_int_equal(!!(held < live), 1);
				if (host_random() % 5)
					held++;
				else
					mmkit_pattern_failed(&pattern);
			} else if (step != MMKIT_STEP_PAUSE) {
				assert_int_equal(!!held, 1);
				held--;
				frees++;
			}
		}
		assert_int_equal(!!(frees > 100), 1);
	}
}

static const struct host_table tables[] = {
	HOST_TABLE(hist_bucket, hist_bucket_rows),
	HOST_TABLE(hist_percentile, hist_percentile_rows),
	HOST_TABLE(stats, stats_rows),
	HOST_TABLE(compare, compare_rows),
	HOST_TABLE(dist_check, dist_check_rows),
	HOST_TABLE(pattern, pattern_rows),
	HOST_TEST(bucket_property),
	HOST_TEST(chain_property),
	HOST_TEST(median_property),
	HOST_TEST(compare_property),
	HOST_TEST(dist_property),
	HOST_TEST(trace_property),
	HOST_TEST(zipf_property),
	HOST_TEST(pattern_property),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
