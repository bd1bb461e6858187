/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of modules/pages/order.c and mmkit/range.h. As every file here: the runner that includes
 * it brings CASE_EQ() and CASE_STREQ(), and the first member is the name.
 */
#ifndef _MMKIT_CASES_ORDER_H
#define _MMKIT_CASES_ORDER_H

struct order_bytes_row {
	const char *name;
	u32 order;
	u32 count;
	unsigned int page_shift;
	int err;
	u64 bytes;
};

static const struct order_bytes_row order_bytes_rows[] = {
	{ "one page", 0, 1, 12, 0, 4096 },
	{ "four blocks of order 3", 3, 4, 12, 0, 131072 },
	{ "one block of order 10", 10, 1, 12, 0, 4194304 },
	{ "no block", 5, 0, 12, 0, 0 },
	{ "pages of 64 KiB", 1, 3, 16, 0, 393216 },
	{ "more than 32 bits", 10, 1024, 12, 0, 1ULL << 32 },
	{ "as many pages as can be asked for", 0, U32_MAX, 12, 0,
	  0xffffffffULL << 12 },
	{ "all but the last 4 GiB", 20, U32_MAX, 12, 0, 0xffffffff00000000ULL },
	{ "one block less than 64 bits", 21, 0x7fffffff, 12, 0,
	  0x7fffffffULL << 33 },
	{ "64 bits and nothing over", 21, 1U << 31, 12, -EOVERFLOW },
	{ "just over 64 bits", 21, U32_MAX, 12, -EOVERFLOW },
	{ "half of 64 bits", 51, 1, 12, 0, 1ULL << 63 },
	{ "twice half of 64 bits", 51, 2, 12, -EOVERFLOW },
	{ "first order that is no shift", 52, 1, 12, -EOVERFLOW },
	{ "no block of an order that is no shift", 52, 0, 12, -EOVERFLOW },
	{ "an order of 64", 64, 1, 12, -EOVERFLOW },
	{ "largest order, largest count", U32_MAX, U32_MAX, 12, -EOVERFLOW },
	{ "an order that wraps with the page shift", U32_MAX - 11, 1, 12,
	  -EOVERFLOW },
	{ "last order of 64 KiB pages", 47, 1, 16, 0, 1ULL << 63 },
	{ "first order too large for 64 KiB pages", 48, 1, 16, -EOVERFLOW },
};

static void order_bytes_case(struct kunit *test,
			     const struct order_bytes_row *row)
{
	u64 bytes = 0;

	CASE_EQ(test, mmkit_order_bytes(row->order, row->count,
					row->page_shift, &bytes), row->err);
	if (!row->err)
		CASE_EQ(test, bytes, row->bytes);
}

struct order_buddy_row {
	const char *name;
	u64 pfn;
	unsigned int order;
	u64 buddy;
};

static const struct order_buddy_row order_buddy_rows[] = {
	{ "first page, order 0", 0, 0, 1 },
	{ "second page, order 0", 1, 0, 0 },
	{ "lower half, order 3", 0x100, 3, 0x108 },
	{ "upper half, order 3", 0x108, 3, 0x100 },
	{ "lower half, order 10", 0, 10, 0x400 },
	{ "upper half, order 10", 0x400, 10, 0 },
	{ "not next to it but two blocks back", 0x18, 3, 0x10 },
	{ "a page above 32 bits", 0x100000000ULL, 0, 0x100000001ULL },
	{ "an order of 32", 0, 32, 0x100000000ULL },
	{ "an order of 63", 5, 63, 0x8000000000000005ULL },
};

static void order_buddy_case(struct kunit *test,
			     const struct order_buddy_row *row)
{
	CASE_EQ(test, mmkit_order_buddy(row->pfn, row->order), row->buddy);
	CASE_EQ(test, mmkit_order_buddy(row->buddy, row->order), row->pfn);
}

struct order_range_row {
	const char *name;
	u32 have;
	u32 first;
	u32 nr;
	int err;
	u32 end;
};

static const struct order_range_row order_range_rows[] = {
	{ "all by zero", 8, 0, 0, 0, 8 },
	{ "all by number", 8, 0, 8, 0, 8 },
	{ "one more than all", 8, 0, 9, -EINVAL },
	{ "the first", 8, 0, 1, 0, 1 },
	{ "some in the middle", 8, 3, 2, 0, 5 },
	{ "the rest", 8, 3, 0, 0, 8 },
	{ "the last", 8, 7, 1, 0, 8 },
	{ "the rest, which is the last", 8, 7, 0, 0, 8 },
	{ "the last and one more", 8, 7, 2, -EINVAL },
	{ "from the end", 8, 8, 0, -EINVAL },
	{ "one from the end", 8, 8, 1, -EINVAL },
	{ "one past the end", 8, 9, 1, -EINVAL },
	{ "all of nothing", 0, 0, 0, -EINVAL },
	{ "one of nothing", 0, 0, 1, -EINVAL },
	{ "a number that wraps to the start", 8, 2, U32_MAX - 1, -EINVAL },
	{ "the largest number", 8, 1, U32_MAX, -EINVAL },
	{ "the largest index", 8, U32_MAX, 1, -EINVAL },
	{ "the last of the most", U32_MAX, U32_MAX - 1, 1, 0, U32_MAX },
	{ "the most", U32_MAX, 0, U32_MAX, 0, U32_MAX },
	{ "the most, from the second", U32_MAX, 1, U32_MAX, -EINVAL },
};

static void order_range_case(struct kunit *test,
			     const struct order_range_row *row)
{
	u32 end = 12345;

	CASE_EQ(test, mmkit_range_end(row->have, row->first, row->nr, &end),
		row->err);
	CASE_EQ(test, end, row->err ? 12345 : row->end);
}

#endif
