// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: real pages, and whether their description tells the truth. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/string.h>
#include <mmkit/describe.h>
#include <mmkit/gfp.h>
#include "compat/page.h"
#include "rows.h"

/* Internal to mmkit_pages. */
#ifdef MODULE
#include "pages/blocks.c"
#include "pages/order.c"
#else
#include "pages/blocks.h"
#include "pages/order.h"
#endif

/* Per-cpu lists take no order between this one and pageblock_order. */
#define ORDER_UNCACHED	5

struct pages_row {
	const char *name;
	u32 gfp;
	unsigned int order;
};

#define ZERO_COMP_NORETRY \
	(MMKIT_GFP_ZERO | MMKIT_GFP_COMP | MMKIT_GFP_NORETRY)
#define THISNODE_MAYFAIL	(MMKIT_GFP_THISNODE | MMKIT_GFP_RETRY_MAYFAIL)

static const struct pages_row pages_rows[] = {
	{ "no flags, order 0", 0, 0 },
	{ "no flags, order 1", 0, 1 },
	{ "no flags, order 3", 0, 3 },
	{ "no flags, order 5", 0, ORDER_UNCACHED },
	{ "no flags, the largest order", 0, MMKIT_MAX_ORDER },
	{ "KERNEL, order 0", MMKIT_GFP_KERNEL, 0 },
	{ "KERNEL, order 1", MMKIT_GFP_KERNEL, 1 },
	{ "KERNEL, order 3", MMKIT_GFP_KERNEL, 3 },
	{ "KERNEL, order 5", MMKIT_GFP_KERNEL, ORDER_UNCACHED },
	{ "KERNEL, the largest order", MMKIT_GFP_KERNEL, MMKIT_MAX_ORDER },
	{ "ATOMIC, order 0", MMKIT_GFP_ATOMIC, 0 },
	{ "ATOMIC, order 1", MMKIT_GFP_ATOMIC, 1 },
	{ "ATOMIC, order 3", MMKIT_GFP_ATOMIC, 3 },
	{ "ATOMIC, order 5", MMKIT_GFP_ATOMIC, ORDER_UNCACHED },
	{ "ATOMIC, the largest order", MMKIT_GFP_ATOMIC, MMKIT_MAX_ORDER },
	{ "NOWAIT, order 0", MMKIT_GFP_NOWAIT, 0 },
	{ "NOWAIT, order 1", MMKIT_GFP_NOWAIT, 1 },
	{ "NOWAIT, order 3", MMKIT_GFP_NOWAIT, 3 },
	{ "NOWAIT, order 5", MMKIT_GFP_NOWAIT, ORDER_UNCACHED },
	{ "NOWAIT, the largest order", MMKIT_GFP_NOWAIT, MMKIT_MAX_ORDER },
	{ "HIGHUSER_MOVABLE, order 0", MMKIT_GFP_HIGHUSER_MOVABLE, 0 },
	{ "HIGHUSER_MOVABLE, order 1", MMKIT_GFP_HIGHUSER_MOVABLE, 1 },
	{ "HIGHUSER_MOVABLE, order 3", MMKIT_GFP_HIGHUSER_MOVABLE, 3 },
	{ "HIGHUSER_MOVABLE, order 5", MMKIT_GFP_HIGHUSER_MOVABLE,
	  ORDER_UNCACHED },
	{ "HIGHUSER_MOVABLE, the largest order", MMKIT_GFP_HIGHUSER_MOVABLE,
	  MMKIT_MAX_ORDER },
	{ "DMA, order 0", MMKIT_GFP_DMA, 0 },
	{ "DMA, order 1", MMKIT_GFP_DMA, 1 },
	{ "DMA, order 3", MMKIT_GFP_DMA, 3 },
	{ "DMA, order 5", MMKIT_GFP_DMA, ORDER_UNCACHED },
	{ "DMA, the largest order", MMKIT_GFP_DMA, MMKIT_MAX_ORDER },
	{ "DMA32, order 0", MMKIT_GFP_DMA32, 0 },
	{ "DMA32, order 1", MMKIT_GFP_DMA32, 1 },
	{ "DMA32, order 3", MMKIT_GFP_DMA32, 3 },
	{ "DMA32, order 5", MMKIT_GFP_DMA32, ORDER_UNCACHED },
	{ "DMA32, the largest order", MMKIT_GFP_DMA32, MMKIT_MAX_ORDER },
	{ "ATOMIC DMA32, order 0", MMKIT_GFP_ATOMIC | MMKIT_GFP_DMA32, 0 },
	{ "ATOMIC DMA32, order 1", MMKIT_GFP_ATOMIC | MMKIT_GFP_DMA32, 1 },
	{ "ATOMIC DMA32, order 3", MMKIT_GFP_ATOMIC | MMKIT_GFP_DMA32, 3 },
	{ "ATOMIC DMA32, order 5", MMKIT_GFP_ATOMIC | MMKIT_GFP_DMA32,
	  ORDER_UNCACHED },
	{ "ATOMIC DMA32, the largest order", MMKIT_GFP_ATOMIC | MMKIT_GFP_DMA32,
	  MMKIT_MAX_ORDER },
	{ "ZERO, order 0", MMKIT_GFP_ZERO, 0 },
	{ "ZERO, order 1", MMKIT_GFP_ZERO, 1 },
	{ "ZERO, order 3", MMKIT_GFP_ZERO, 3 },
	{ "ZERO, order 5", MMKIT_GFP_ZERO, ORDER_UNCACHED },
	{ "ZERO, the largest order", MMKIT_GFP_ZERO, MMKIT_MAX_ORDER },
	{ "COMP, order 0", MMKIT_GFP_COMP, 0 },
	{ "COMP, order 1", MMKIT_GFP_COMP, 1 },
	{ "COMP, order 3", MMKIT_GFP_COMP, 3 },
	{ "COMP, order 5", MMKIT_GFP_COMP, ORDER_UNCACHED },
	{ "COMP, the largest order", MMKIT_GFP_COMP, MMKIT_MAX_ORDER },
	{ "ZERO COMP NORETRY, order 0", ZERO_COMP_NORETRY, 0 },
	{ "ZERO COMP NORETRY, order 1", ZERO_COMP_NORETRY, 1 },
	{ "ZERO COMP NORETRY, order 3", ZERO_COMP_NORETRY, 3 },
	{ "ZERO COMP NORETRY, order 5", ZERO_COMP_NORETRY, ORDER_UNCACHED },
	{ "ZERO COMP NORETRY, the largest order", ZERO_COMP_NORETRY,
	  MMKIT_MAX_ORDER },
	{ "THISNODE RETRY_MAYFAIL, order 0", THISNODE_MAYFAIL, 0 },
	{ "THISNODE RETRY_MAYFAIL, order 1", THISNODE_MAYFAIL, 1 },
	{ "THISNODE RETRY_MAYFAIL, order 3", THISNODE_MAYFAIL, 3 },
	{ "THISNODE RETRY_MAYFAIL, order 5", THISNODE_MAYFAIL, ORDER_UNCACHED },
	{ "THISNODE RETRY_MAYFAIL, the largest order", THISNODE_MAYFAIL,
	  MMKIT_MAX_ORDER },
};

/* What must not sleep is asked for where sleeping is a bug. */
static struct page *pages_get(const struct pages_row *row)
{
	gfp_t gfp = mmkit_gfp_kernel(row->gfp);
	bool atomic = !gfpflags_allow_blocking(gfp);
	struct page *page;

	if (atomic)
		preempt_disable();
	page = alloc_pages(gfp, row->order);
	if (atomic)
		preempt_enable();
	return page;
}

static enum zone_type highest_zone(u32 gfp)
{
#ifdef CONFIG_ZONE_DMA
	if (gfp & MMKIT_GFP_DMA)
		return ZONE_DMA;
#endif
#ifdef CONFIG_ZONE_DMA32
	if (gfp & MMKIT_GFP_DMA32)
		return ZONE_DMA32;
#endif
	return gfp & MMKIT_GFP_HIGHUSER_MOVABLE ? ZONE_MOVABLE : ZONE_NORMAL;
}

static void expect_as_asked(struct kunit *test, const struct pages_row *row,
			    struct page *page)
{
	void *first = page_address(page);

	KUNIT_EXPECT_LE(test, (int)page_zonenum(page),
			(int)highest_zone(row->gfp));
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED(page_to_pfn(page),
					   1UL << row->order));
	KUNIT_EXPECT_EQ(test, !!PageCompound(page),
			row->order && row->gfp & MMKIT_GFP_COMP);
	if (row->gfp & MMKIT_GFP_THISNODE)
		KUNIT_EXPECT_EQ(test, page_to_nid(page), numa_mem_id());
	if (row->gfp & MMKIT_GFP_ZERO)
		KUNIT_EXPECT_NULL(test, memchr_inv(first, 0,
						   PAGE_SIZE << row->order));
}

static void expect_described(struct kunit *test, struct page *page,
			     unsigned int order)
{
	struct mmkit_page seen;

	memset(&seen, 0xff, sizeof(seen));
	mmkit_describe(&seen, page, order);
	KUNIT_EXPECT_EQ(test, seen.pfn, (u64)page_to_pfn(page));
	KUNIT_EXPECT_EQ(test, seen.order, order);
	KUNIT_EXPECT_EQ(test, seen.refcount, page_ref_count(page));
	KUNIT_EXPECT_EQ(test, seen.refcount, 1);
	KUNIT_EXPECT_EQ(test, seen.mapcount, 0);
	KUNIT_EXPECT_EQ(test, seen.node, page_to_nid(page));
	KUNIT_EXPECT_EQ(test, seen.zone, mmkit_zone_id(page_zonenum(page)));
	KUNIT_EXPECT_NE(test, seen.zone, MMKIT_ZONE_UNKNOWN);
	KUNIT_EXPECT_NE(test, seen.migratetype, MMKIT_MIGRATE_UNKNOWN);
	KUNIT_EXPECT_EQ(test, seen.buddy, mmkit_order_buddy(seen.pfn, order));
	KUNIT_EXPECT_EQ(test, seen.state & ~(MMKIT_PAGE_BUDDY_FREE |
					     MMKIT_PAGE_NOBUDDY), 0);
	if (order >= MMKIT_MAX_ORDER)
		KUNIT_EXPECT_EQ(test, seen.state, MMKIT_PAGE_NOBUDDY);
}

/* By its number it is the same page, but of the order that its head tells. */
static void expect_described_by_pfn(struct kunit *test, struct page *page)
{
	struct mmkit_page by_page, by_pfn;

	mmkit_describe(&by_page, page, compound_order(page));
	mmkit_describe_pfn(&by_pfn, page_to_pfn(page));
	KUNIT_EXPECT_EQ(test, by_pfn.pfn, by_page.pfn);
	KUNIT_EXPECT_EQ(test, by_pfn.order, by_page.order);
	KUNIT_EXPECT_EQ(test, by_pfn.flags, by_page.flags);
	KUNIT_EXPECT_EQ(test, by_pfn.zone, by_page.zone);
	KUNIT_EXPECT_EQ(test, by_pfn.refcount, by_page.refcount);
	KUNIT_EXPECT_EQ(test, by_pfn.buddy, by_page.buddy);
}

static void pages_case(struct kunit *test, const struct pages_row *row)
{
	struct page *page = pages_get(row);

	if (!page && row->order == MMKIT_MAX_ORDER)
		kunit_skip(test, "no block of the largest order is free");
	KUNIT_ASSERT_NOT_NULL(test, page);
	expect_as_asked(test, row, page);
	expect_described(test, page, row->order);
	expect_described_by_pfn(test, page);
	__free_pages(page, row->order);
}

MMKIT_ROWS(pages, pages_rows);

static void pages_node_test(struct kunit *test)
{
	gfp_t gfp = mmkit_gfp_kernel(MMKIT_GFP_THISNODE);
	struct mmkit_page seen;
	struct page *page;
	int node;

	for_each_node_state(node, N_MEMORY) {
		page = alloc_pages_node(node, gfp, 0);
		KUNIT_ASSERT_NOT_NULL(test, page);
		mmkit_describe(&seen, page, 0);
		KUNIT_EXPECT_EQ(test, seen.node, node);
		__free_pages(page, 0);
	}
}

/* The free block that holds a page frame, as its own description has it. */
static bool free_block_of(struct mmkit_page *out, unsigned long pfn)
{
	unsigned int order;

	for (order = 0; order <= MMKIT_MAX_ORDER; order++) {
		mmkit_describe_pfn(out, round_down(pfn, 1UL << order));
		if (out->state & MMKIT_PAGE_FREE && out->order >= order)
			return true;
	}
	return false;
}

/* Another may take the block at once, but not ten times. */
static void pages_free_test(struct kunit *test)
{
	struct mmkit_page seen = { };
	unsigned long pfn;
	struct page *page;
	bool found = false;
	int i;

	for (i = 0; i < 10 && !found; i++) {
		page = alloc_pages(GFP_KERNEL, ORDER_UNCACHED);
		KUNIT_ASSERT_NOT_NULL(test, page);
		pfn = page_to_pfn(page);
		KUNIT_EXPECT_FALSE(test, free_block_of(&seen, pfn));
		__free_pages(page, ORDER_UNCACHED);
		found = free_block_of(&seen, pfn);
	}
	KUNIT_ASSERT_TRUE(test, found);
	KUNIT_EXPECT_GE(test, seen.order, ORDER_UNCACHED);
	KUNIT_EXPECT_EQ(test, seen.refcount, 0);
	KUNIT_EXPECT_EQ(test, seen.zone, mmkit_zone_id(page_zonenum(page)));
}

/* The two halves of one block are each other's buddy. */
static void pages_buddy_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, ORDER_UNCACHED);
	struct mmkit_page lower, upper;
	unsigned int order;

	KUNIT_ASSERT_NOT_NULL(test, page);
	for (order = 0; order < ORDER_UNCACHED; order++) {
		mmkit_describe(&lower, page, order);
		mmkit_describe(&upper, page + (1UL << order), order);
		KUNIT_EXPECT_EQ(test, lower.buddy, upper.pfn);
		KUNIT_EXPECT_EQ(test, upper.buddy, lower.pfn);
		KUNIT_EXPECT_EQ(test, lower.state, 0);
		KUNIT_EXPECT_EQ(test, upper.state, 0);
	}
	__free_pages(page, ORDER_UNCACHED);
}

static void pages_hole_test(struct kunit *test)
{
	struct mmkit_page seen;

	mmkit_describe_pfn(&seen, ULONG_MAX);
	KUNIT_EXPECT_EQ(test, seen.pfn, (u64)ULONG_MAX);
	KUNIT_EXPECT_EQ(test, seen.state,
			MMKIT_PAGE_NOPAGE | MMKIT_PAGE_NOBUDDY);
	KUNIT_EXPECT_EQ(test, seen.zone, MMKIT_ZONE_UNKNOWN);
	KUNIT_EXPECT_EQ(test, seen.migratetype, MMKIT_MIGRATE_UNKNOWN);
}

static void pages_hide_test(struct kunit *test)
{
	struct mmkit_page seen[2] = { { .pfn = 5, .buddy = 4, .state = 4 },
				      { .pfn = 7, .buddy = 6, .order = 3 } };

	mmkit_describe_hide(seen, 0);
	KUNIT_EXPECT_EQ(test, seen[0].pfn, 5ULL);
	mmkit_describe_hide(seen, 2);
	KUNIT_EXPECT_EQ(test, seen[0].pfn | seen[1].pfn, 0ULL);
	KUNIT_EXPECT_EQ(test, seen[0].buddy | seen[1].buddy, 0ULL);
	KUNIT_EXPECT_EQ(test, seen[0].state, 4 | MMKIT_PAGE_NOPFN);
	KUNIT_EXPECT_EQ(test, seen[1].state, MMKIT_PAGE_NOPFN);
	KUNIT_EXPECT_EQ(test, seen[1].order, 3);
}

struct blocks_row {
	const char *name;
	u32 how;
	u32 order;
	u64 bytes;
	u32 count;
};

static const struct blocks_row blocks_rows[] = {
	{ "one page", MMKIT_PAGES_BUDDY, 0, PAGE_SIZE, 1 },
	{ "many pages", MMKIT_PAGES_BUDDY, 0, PAGE_SIZE, 300 },
	{ "blocks of order 3", MMKIT_PAGES_BUDDY, 3, PAGE_SIZE << 3, 20 },
	{ "bulk, one", MMKIT_PAGES_BULK, 0, PAGE_SIZE, 1 },
	{ "bulk, many", MMKIT_PAGES_BULK, 0, PAGE_SIZE, 1000 },
	{ "exact, less than a page", MMKIT_PAGES_EXACT, 0, 100, 3 },
	{ "exact, three pages", MMKIT_PAGES_EXACT, 0, 3 * PAGE_SIZE, 5 },
};

static struct mmkit_blocks *blocks_get(struct kunit *test,
				       const struct blocks_row *row, u32 room)
{
	struct mmkit_blocks *blocks = mmkit_blocks_new(row->how, row->order,
						       row->bytes, room);

	KUNIT_ASSERT_NOT_NULL(test, blocks);
	KUNIT_EXPECT_EQ(test, blocks->nr, 0U);
	KUNIT_EXPECT_EQ(test, mmkit_blocks_fill(blocks, row->count,
						mmkit_gfp_kernel(0),
						NUMA_NO_NODE), 0);
	KUNIT_EXPECT_EQ(test, blocks->nr, row->count);
	KUNIT_EXPECT_EQ(test, blocks->live, row->count);
	return blocks;
}

/* Each page is there, is held once, and has its own last word. */
static u32 blocks_count(const struct mmkit_blocks *blocks)
{
	u32 i, good = 0;

	for (i = 0; i < blocks->nr; i++)
		if (blocks->page[i])
			*(u32 *)page_address(blocks->page[i]) = i;
	for (i = 0; i < blocks->nr; i++)
		if (blocks->page[i] && page_count(blocks->page[i]) == 1 &&
		    *(u32 *)page_address(blocks->page[i]) == i)
			good++;
	return good;
}

static void blocks_case(struct kunit *test, const struct blocks_row *row)
{
	struct mmkit_blocks *blocks = blocks_get(test, row, row->count);
	u32 odd = row->count / 2;

	KUNIT_EXPECT_EQ(test, blocks_count(blocks), row->count);
	/* Every second from the second on; a second time changes nothing. */
	mmkit_blocks_free(blocks, 1, blocks->nr, 2);
	mmkit_blocks_free(blocks, 1, blocks->nr, 2);
	KUNIT_EXPECT_EQ(test, blocks->live, row->count - odd);
	KUNIT_EXPECT_EQ(test, blocks_count(blocks), row->count - odd);
	mmkit_blocks_free(blocks, 0, blocks->nr, U32_MAX);
	KUNIT_EXPECT_NULL(test, blocks->page[0]);
	KUNIT_EXPECT_EQ(test, blocks->live, row->count - odd - 1);
	mmkit_blocks_destroy(blocks);
}

MMKIT_ROWS(blocks, blocks_rows);

static void blocks_split_test(struct kunit *test)
{
	static const struct blocks_row row = {
		.how = MMKIT_PAGES_BUDDY,
		.order = 3,
		.bytes = PAGE_SIZE << 3,
		.count = 5,
	};
	struct mmkit_blocks *blocks = blocks_get(test, &row, 5 << 3);
	struct page *first[5];
	u32 i;

	memcpy(first, blocks->page, sizeof(first));
	mmkit_blocks_split(blocks, 5, 3);
	KUNIT_EXPECT_EQ(test, blocks->nr, 40U);
	KUNIT_EXPECT_EQ(test, blocks->live, 40U);
	KUNIT_EXPECT_EQ(test, blocks->order, 0U);
	KUNIT_EXPECT_EQ(test, blocks->bytes, (u64)PAGE_SIZE);
	for (i = 0; i < 40; i++)
		KUNIT_EXPECT_PTR_EQ(test, blocks->page[i],
				    first[i >> 3] + (i & 7));
	KUNIT_EXPECT_EQ(test, blocks_count(blocks), 40U);
	mmkit_blocks_destroy(blocks);
}

/* What cannot be had leaves what could: the caller undoes it. */
static void blocks_enough_test(struct kunit *test)
{
	struct mmkit_blocks *blocks;
	u32 count = (totalram_pages() >> MMKIT_MAX_ORDER) + 10;

	blocks = mmkit_blocks_new(MMKIT_PAGES_BUDDY, MMKIT_MAX_ORDER,
				  PAGE_SIZE << MMKIT_MAX_ORDER, count);
	KUNIT_ASSERT_NOT_NULL(test, blocks);
	KUNIT_EXPECT_EQ(test, mmkit_blocks_fill(blocks, count,
						mmkit_gfp_kernel(MMKIT_GFP_NOWAIT),
						NUMA_NO_NODE), -ENOMEM);
	KUNIT_EXPECT_LT(test, blocks->nr, count);
	KUNIT_EXPECT_EQ(test, blocks->live, blocks->nr);
	mmkit_blocks_destroy(blocks);
}

static struct kunit_case pages_cases[] = {
	MMKIT_ROWS_CASE(pages),
	KUNIT_CASE(pages_node_test),
	KUNIT_CASE(pages_free_test),
	KUNIT_CASE(pages_buddy_test),
	KUNIT_CASE(pages_hole_test),
	KUNIT_CASE(pages_hide_test),
	MMKIT_ROWS_CASE(blocks),
	KUNIT_CASE(blocks_split_test),
	KUNIT_CASE(blocks_enough_test),
	{ }
};

static struct kunit_suite pages_suite = {
	.name = "mmkit_pages",
	.test_cases = pages_cases,
};

kunit_test_suite(pages_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of pages and their description");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
