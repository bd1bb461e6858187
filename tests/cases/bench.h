/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of modules/bench/: hist.c, stats.c, dist.c, pattern.c. */
#ifndef _MMKIT_CASES_BENCH_H
#define _MMKIT_CASES_BENCH_H

struct hist_bucket_row {
	const char *name;
	u64 value;
	unsigned int bucket;
	u64 low;
	u64 high;
};

static const struct hist_bucket_row hist_bucket_rows[] = {
	{ "nothing", 0, 0, 0, 0 },
	{ "one", 1, 1, 1, 1 },
	{ "the last that is exact", 7, 7, 7, 7 },
	{ "the first of an octave", 8, 8, 8, 8 },
	{ "still exact, by its width", 15, 15, 15, 15 },
	{ "two to a bucket", 17, 16, 16, 17 },
	{ "the next bucket", 18, 17, 18, 19 },
	{ "the end of an octave", 31, 23, 30, 31 },
	{ "four to a bucket", 32, 24, 32, 35 },
	{ "a thousand", 1000, 63, 960, 1023 },
	{ "the middle of the scale", 1ULL << 32, 240, 1ULL << 32,
	  (1ULL << 32) + (1ULL << 29) - 1 },
	{ "the largest", ~0ULL, 495, 0xf000000000000000ULL, ~0ULL },
	{ "the start of the last octave", 1ULL << 63, 488, 1ULL << 63,
	  0x8fffffffffffffffULL },
};

static void hist_bucket_case(struct kunit *test,
			     const struct hist_bucket_row *row)
{
	CASE_EQ(test, mmkit_hist_bucket(row->value), row->bucket);
	CASE_EQ(test, mmkit_hist_low(row->bucket), row->low);
	CASE_EQ(test, mmkit_hist_high(row->bucket), row->high);
}

struct hist_percentile_row {
	const char *name;
	u64 values[10];
	unsigned int nr;
	unsigned int permyriad;
	u64 want;
};

static const struct hist_percentile_row hist_percentile_rows[] = {
	{ "of nothing", { 0 }, 0, 5000, 0 },
	{ "of one", { 5 }, 1, 5000, 5 },
	{ "the first of one", { 5 }, 1, 0, 5 },
	{ "all of one", { 5 }, 1, 10000, 5 },
	{ "half of two", { 3, 7 }, 2, 5000, 3 },
	{ "more than half of two", { 3, 7 }, 2, 5001, 7 },
	{ "p90 of ten", { 1, 2, 3, 4, 5, 6, 7, 7, 7, 100 }, 10, 9000, 7 },
	{ "p99 of ten is the largest, not its bucket's end",
	  { 1, 2, 3, 4, 5, 6, 7, 7, 7, 100 }, 10, 9900, 100 },
	{ "the end of the bucket", { 16, 16, 40 }, 3, 5000, 17 },
	{ "in any order", { 100, 1, 7, 2, 7, 3, 7, 4, 6, 5 }, 10, 5000, 5 },
};

static void hist_percentile_case(struct kunit *test,
				 const struct hist_percentile_row *row)
{
	static struct mmkit_bench_hist hist, twice;
	unsigned int i;

	hist = twice = (struct mmkit_bench_hist) { 0 };
	for (i = 0; i < row->nr; i++)
		mmkit_hist_add(&hist, row->values[i]);
	CASE_EQ(test, hist.total, row->nr);
	CASE_EQ(test, mmkit_hist_percentile(&hist, row->permyriad), row->want);

	/* Twice the same: the same percentiles. */
	mmkit_hist_merge(&twice, &hist);
	mmkit_hist_merge(&twice, &hist);
	CASE_EQ(test, twice.total, 2 * row->nr);
	CASE_EQ(test, twice.sum, 2 * hist.sum);
	CASE_EQ(test, twice.min, hist.min);
	CASE_EQ(test, twice.max, hist.max);
	CASE_EQ(test, mmkit_hist_percentile(&twice, row->permyriad), row->want);
}

struct stats_row {
	const char *name;
	u64 values[9];
	unsigned int nr;
	u64 median;
	u64 low;
	u64 high;
};

static const struct stats_row stats_rows[] = {
	{ "none", { 0 }, 0, 0, 0, 0 },
	{ "one", { 7 }, 1, 7, 7, 7 },
	{ "two", { 9, 7 }, 2, 8, 7, 9 },
	{ "three", { 9, 7, 8 }, 3, 8, 7, 9 },
	{ "an outlier does not move it", { 5, 5, 5, 5, 1000000 }, 5, 5, 5, 5 },
	{ "nine", { 9, 8, 7, 6, 5, 4, 3, 2, 1 }, 9, 5, 3, 7 },
	{ "two of nine disturbed", { 5, 5, 5, 5, 5, 5, 5, 90, 91 }, 9, 5, 5, 5 },
	{ "three of nine disturbed", { 5, 5, 5, 5, 5, 5, 89, 90, 91 }, 9, 5, 5,
	  89 },
	{ "the middle of large ones", { ~0ULL, ~0ULL - 2 }, 2, ~0ULL - 1,
	  ~0ULL - 2, ~0ULL },
};

static void stats_case(struct kunit *test, const struct stats_row *row)
{
	struct mmkit_stats stats;
	__u64 values[9];
	unsigned int i;

	for (i = 0; i < row->nr; i++)
		values[i] = row->values[i];
	mmkit_stats_of(values, row->nr, &stats);
	CASE_EQ(test, stats.median, row->median);
	CASE_EQ(test, stats.low, row->low);
	CASE_EQ(test, stats.high, row->high);
}

struct compare_row {
	const char *name;
	struct mmkit_stats a;	/* median, low, high */
	struct mmkit_stats b;
	unsigned int permille;
	enum mmkit_verdict verdict;
};

static const struct compare_row compare_rows[] = {
	{ "equal", { 100, 100, 100 }, { 100, 100, 100 }, 30,
	  MMKIT_VERDICT_SAME },
	{ "exactly at the threshold", { 1000, 1000, 1000 },
	  { 1030, 1030, 1030 }, 30, MMKIT_VERDICT_SAME },
	{ "just over it", { 1000, 1000, 1000 }, { 1031, 1031, 1031 }, 30,
	  MMKIT_VERDICT_WORSE },
	{ "just under it, the other way", { 1031, 1031, 1031 },
	  { 1000, 1000, 1000 }, 30, MMKIT_VERDICT_BETTER },
	{ "over it, but within the noise of a", { 1000, 900, 1200 },
	  { 1100, 1100, 1100 }, 30, MMKIT_VERDICT_SAME },
	{ "over it, but within the noise of b", { 1000, 1000, 1000 },
	  { 1100, 1000, 1300 }, 30, MMKIT_VERDICT_SAME },
	{ "over both", { 1000, 990, 1010 }, { 1100, 1090, 1110 }, 30,
	  MMKIT_VERDICT_WORSE },
	{ "any difference at all", { 1000, 1000, 1000 }, { 1001, 1001, 1001 },
	  0, MMKIT_VERDICT_WORSE },
	{ "from nothing", { 0, 0, 0 }, { 1, 1, 1 }, 30, MMKIT_VERDICT_WORSE },
	{ "to nothing", { 1, 1, 1 }, { 0, 0, 0 }, 30, MMKIT_VERDICT_BETTER },
	{ "nothing and nothing", { 0, 0, 0 }, { 0, 0, 0 }, 0,
	  MMKIT_VERDICT_SAME },
};

static void compare_case(struct kunit *test, const struct compare_row *row)
{
	CASE_EQ(test, mmkit_stats_compare(&row->a, &row->b, row->permille),
		row->verdict);
}

struct dist_check_row {
	const char *name;
	u32 kind;
	u64 min;
	u64 max;
	u32 sizes;
	int want;
};

static const struct dist_check_row dist_check_rows[] = {
	{ "fixed", MMKIT_BENCH_FIXED, 64, 0, 0, 0 },
	{ "fixed at nothing", MMKIT_BENCH_FIXED, 0, 0, 0, -EINVAL },
	{ "fixed with a largest", MMKIT_BENCH_FIXED, 64, 65, 0, -EINVAL },
	{ "fixed and more than 32 bits", MMKIT_BENCH_FIXED, 1ULL << 32, 0, 0,
	  -EINVAL },
	{ "uniform", MMKIT_BENCH_UNIFORM, 1, U32_MAX, 0, 0 },
	{ "uniform of one", MMKIT_BENCH_UNIFORM, 8, 8, 0, 0 },
	{ "uniform upside down", MMKIT_BENCH_UNIFORM, 9, 8, 0, -EINVAL },
	{ "uniform from nothing", MMKIT_BENCH_UNIFORM, 0, 8, 0, -EINVAL },
	{ "uniform beyond 32 bits", MMKIT_BENCH_UNIFORM, 1, 1ULL << 32, 0,
	  -EINVAL },
	{ "list", MMKIT_BENCH_LIST, 0, 0, 3, 0 },
	{ "list of none", MMKIT_BENCH_LIST, 0, 0, 0, -EINVAL },
	{ "list with a range", MMKIT_BENCH_LIST, 1, 2, 3, -EINVAL },
	{ "zipf", MMKIT_BENCH_ZIPF, 8, 4096, 0, 0 },
	{ "zipf upside down", MMKIT_BENCH_ZIPF, 4096, 8, 0, -EINVAL },
	{ "trace", MMKIT_BENCH_TRACE, 0, 0, 1, 0 },
	{ "trace of none", MMKIT_BENCH_TRACE, 0, 0, 0, -EINVAL },
	{ "unknown", MMKIT_BENCH_DIST_NR, 8, 8, 8, -EINVAL },
	{ "far from known", U32_MAX, 8, 8, 8, -EINVAL },
};

static void dist_check_case(struct kunit *test,
			    const struct dist_check_row *row)
{
	CASE_EQ(test, mmkit_dist_check(row->kind, row->min, row->max,
				       row->sizes), row->want);
}

struct pattern_row {
	const char *name;
	u32 kind;
	u32 live;
	const char *steps;	/* A alloc, N newest, O oldest, Y any, P pause */
	u32 fails_at;		/* this allocation fails, counted from 1 */
};

static const struct pattern_row pattern_rows[] = {
	{ "lifo of one", MMKIT_BENCH_LIFO, 1, "ANANAN" },
	{ "lifo of three", MMKIT_BENCH_LIFO, 3, "AAANNNAAANNN" },
	{ "fifo of three", MMKIT_BENCH_FIFO, 3, "AAAOOOAAAOOO" },
	{ "random of three", MMKIT_BENCH_RANDOM, 3, "AAAYYYAAAYYY" },
	{ "hold of three", MMKIT_BENCH_HOLD, 3, "AAAYAYAYAYA" },
	{ "hold of one", MMKIT_BENCH_HOLD, 1, "AYAYAY" },
	{ "burst of two", MMKIT_BENCH_BURST, 2, "AANNPAANNPAA" },
	{ "ramp of one", MMKIT_BENCH_RAMP, 1, "ANANAN" },
	{ "ramp of three", MMKIT_BENCH_RAMP, 3, "AANAANNNAAA" },
	{ "lifo, the third fails", MMKIT_BENCH_LIFO, 3, "AAANNAAANNN", 3 },
	{ "lifo, the first fails", MMKIT_BENCH_LIFO, 3, "AAAANNN", 1 },
	{ "hold, the third fails", MMKIT_BENCH_HOLD, 3, "AAAYAAYA", 3 },
};

static char pattern_letter(enum mmkit_step step)
{
	return "ANOYP"[step];
}

static void pattern_case(struct kunit *test, const struct pattern_row *row)
{
	struct mmkit_pattern pattern;
	u32 held = 0, allocs = 0;
	const char *want;

	mmkit_pattern_init(&pattern, row->kind, row->live);
	for (want = row->steps; *want; want++) {
		enum mmkit_step step = mmkit_pattern_next(&pattern, held);

		CASE_EQ(test, pattern_letter(step), *want);
		if (step == MMKIT_STEP_ALLOC && ++allocs == row->fails_at)
			mmkit_pattern_failed(&pattern);
		else if (step == MMKIT_STEP_ALLOC)
			held++;
		else if (step != MMKIT_STEP_PAUSE)
			held--;
	}
}

#endif
