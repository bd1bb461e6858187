/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of modules/core/quota.c. */
#ifndef _MMKIT_CASES_QUOTA_H
#define _MMKIT_CASES_QUOTA_H

struct quota_row {
	const char *name;
	u64 used;
	u64 amount;
	u64 max;
	bool fits;
};

static const struct quota_row quota_rows[] = {
	{ "nothing of nothing", 0, 0, 0, true },
	{ "one of nothing", 0, 1, 0, false },
	{ "nothing more when full", 10, 0, 10, true },
	{ "one more when full", 10, 1, 10, false },
	{ "all at once", 0, 10, 10, true },
	{ "all and one", 0, 11, 10, false },
	{ "exactly the rest", 4, 6, 10, true },
	{ "one more than the rest", 4, 7, 10, false },
	{ "one less than the rest", 4, 5, 10, true },
	{ "nothing more after the limit was lowered", 11, 0, 10, false },
	{ "one more after the limit was lowered", 11, 1, 10, false },
	{ "a sum that wraps to below the limit", 10, U64_MAX, 10, false },
	{ "a sum that wraps to zero", 1, U64_MAX, U64_MAX, false },
	{ "everything there is", 0, U64_MAX, U64_MAX, true },
	{ "nothing more than everything", U64_MAX, 0, U64_MAX, true },
	{ "one more than everything", U64_MAX, 1, U64_MAX, false },
	{ "everything twice", U64_MAX, U64_MAX, U64_MAX, false },
	{ "two halves less one", S64_MAX, S64_MAX, U64_MAX, true },
	{ "two halves and one too many", S64_MAX, S64_MAX, U64_MAX - 2, false },
	{ "half when half is the limit", 0, 1ULL << 63, 1ULL << 63, true },
	{ "half and one", 1, 1ULL << 63, 1ULL << 63, false },
	{ "more than 32 bits", 0, 1ULL << 32, 1ULL << 32, true },
	{ "one past 32 bits", 1, 1ULL << 32, 1ULL << 32, false },
};

static void quota_case(struct kunit *test, const struct quota_row *row)
{
	CASE_EQ(test, mmkit_quota_fits(row->used, row->amount, row->max),
		row->fits);
}

#endif
