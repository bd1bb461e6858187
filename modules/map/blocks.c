// SPDX-License-Identifier: GPL-2.0-only
/*
 * A store of pages that follow each other in memory as far as possible: blocks
 * as large as one entry of a page middle directory maps, aligned to their place
 * in the store, and single pages where no block is to be had or the end is near.
 *
 * Each block is split at once, so that every page has its own reference count and
 * goes by itself. What remains of the block is a note in its first page.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include "map.h"

#define BLOCK	MMKIT_BLOCK_PAGES

/* Never more than a try: a fragmented machine has single pages still. */
static unsigned long fill_block(struct page **page)
{
	const gfp_t gfp = (MMKIT_GFP_BOOKKEEPING & ~__GFP_RETRY_MAYFAIL) |
			  __GFP_NORETRY | __GFP_ZERO;
	struct page *first = alloc_pages(gfp, ilog2(BLOCK));
	unsigned long i;

	if (!first)
		return 0;
	split_page(first, ilog2(BLOCK));
	for (i = 0; i < BLOCK; i++)
		page[i] = first + i;
	set_page_private(first, BLOCK);
	return BLOCK;
}

static unsigned long fill_single(struct page **page)
{
	*page = alloc_page(MMKIT_GFP_BOOKKEEPING | __GFP_ZERO);
	return *page ? 1 : 0;
}

static int fill(struct page **page, unsigned long first, unsigned long end)
{
	unsigned long i = first, got;

	while (i < end) {
		got = 0;
		if (fatal_signal_pending(current))
			return mmkit_memory_undo(page, first, i, -EINTR);
		if (IS_ALIGNED(i, BLOCK) && end - i >= BLOCK)
			got = fill_block(page + i);
		if (!got)
			got = fill_single(page + i);
		if (!got)
			return mmkit_memory_undo(page, first, i, -ENOMEM);
		i += got;
		cond_resched();
	}
	return 0;
}

static int blocks_make(struct mmkit_store *store,
		       const struct mmkit_memory *old, struct mmkit_memory *new)
{
	return mmkit_memory_make(old, new, fill);
}

/* The note must not outlive the block. */
static void forget(const struct mmkit_memory *old, unsigned long from)
{
	unsigned long i;

	for (i = round_down(from, BLOCK); i < old->nr; i += BLOCK)
		set_page_private(old->page[i], 0);
}

static void blocks_free(struct mmkit_store *store, struct mmkit_memory *old,
			const struct mmkit_memory *new)
{
	if (new->nr < old->nr)
		forget(old, new->nr);
	mmkit_memory_free(store, old, new);
}

/**
 * mmkit_blocks_run() - How many pages follow each other from here on?
 * @page: of a store of this backing
 * @index: of the first
 *
 * Context: store->lock is held.
 * Return: pages up to the end of the block that @index is in, or 1.
 */
unsigned long mmkit_blocks_run(struct page **page, unsigned long index)
{
	unsigned long first = round_down(index, BLOCK);

	if (page_private(page[first]) != BLOCK)
		return 1;
	return BLOCK - (index - first);
}

const struct mmkit_backing mmkit_backing_blocks = {
	.name = "blocks",
	.make = blocks_make,
	.settle = mmkit_memory_settle,
	.free = blocks_free,
};
