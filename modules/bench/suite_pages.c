// SPDX-License-Identifier: GPL-2.0-only
/* alloc_pages() and its family, as a driver calls them. */
#include <linux/gfp.h>
#include "compat/alloc.h"
#include "measure.h"

static bool pages_order(struct mmkit_loop *loop, u64 n)
{
	unsigned int order = loop->x;
	struct page *page;
	u64 i;

	for (i = 0; i < n; i++) {
		page = alloc_pages(GFP_KERNEL | __GFP_NOWARN |
				   __GFP_RETRY_MAYFAIL, order);
		if (!page)
			return false;
		__free_pages(page, order);
	}
	return true;
}

static bool pages_irqs_off(struct mmkit_loop *loop, u64 n)
{
	unsigned int order = loop->x;
	struct page *page;
	u64 i;

	for (i = 0; i < n; i++) {
		page = alloc_pages(GFP_NOWAIT | __GFP_NOWARN, order);
		if (!page)
			return false;
		__free_pages(page, order);
	}
	return true;
}

static bool pages_account(struct mmkit_loop *loop, u64 n)
{
	unsigned int order = loop->x;
	struct page *page;
	u64 i;

	for (i = 0; i < n; i++) {
		page = alloc_pages(GFP_KERNEL_ACCOUNT | __GFP_NOWARN |
				   __GFP_RETRY_MAYFAIL, order);
		if (!page)
			return false;
		__free_pages(page, order);
	}
	return true;
}

static void free_slots(struct mmkit_loop *loop, u64 nr)
{
	u64 k;

	for (k = 0; k < nr; k++)
		__free_page(loop->slot[k]);
}

static bool pages_outstanding(struct mmkit_loop *loop, u64 n)
{
	u64 i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < loop->x; k++) {
			loop->slot[k] = alloc_page(GFP_KERNEL | __GFP_NOWARN |
						   __GFP_RETRY_MAYFAIL);
			if (!loop->slot[k]) {
				free_slots(loop, k);
				return false;
			}
		}
		free_slots(loop, loop->x);
	}
	return true;
}

static bool pages_bulk(struct mmkit_loop *loop, u64 n)
{
	struct page **pages = (struct page **)loop->slot;
	unsigned long got;
	u64 i;

	for (i = 0; i < n; i++) {
		/* It fills the empty slots. */
		memset(pages, 0, loop->x * sizeof(*pages));
		got = mmkit_alloc_bulk(GFP_KERNEL | __GFP_NOWARN |
				       __GFP_NORETRY, NUMA_NO_NODE, loop->x,
				       pages);
		free_slots(loop, got);
		if (got < loop->x)
			return false;
	}
	return true;
}

const struct mmkit_suite_row mmkit_suite_pages[] = {
	{
		.name = "pages/order", .axis = "order",
		.help = "alloc_pages() and __free_pages() of one block",
		.x = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 },
		.run = pages_order, .holds = mmkit_holds_order,
	}, {
		.name = "pages/irqs-off", .axis = "order",
		.help = "the same with GFP_NOWAIT and interrupts off",
		.flags = MMKIT_BENCH_IRQS_OFF,
		.x = { 0, 3 },
		.run = pages_irqs_off, .holds = mmkit_holds_order,
	}, {
		.name = "pages/account", .axis = "order",
		.help = "the same, charged to a cgroup",
		.x = { 0, 3 },
		.run = pages_account, .holds = mmkit_holds_order,
	}, {
		.name = "pages/bulk", .axis = "pages",
		.help = "alloc_pages_bulk(), freed one by one; cost of a page",
		.batch = true,
		.x = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512 },
		.run = pages_bulk, .empty = mmkit_empty_frees,
		.holds = mmkit_holds_pages,
	}, {
		.name = "pages/outstanding", .axis = "pages",
		.help = "so many alloc_page(), then all freed; cost of a page",
		.batch = true,
		.x = { 1, 4, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096 },
		.run = pages_outstanding, .holds = mmkit_holds_pages,
	},
	{ }
};
