// SPDX-License-Identifier: GPL-2.0-only
/* A store of single pages in an array: what most strategies map. */
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include "map.h"

static void free_range(struct page **page, unsigned long first,
		       unsigned long end)
{
	unsigned long i;

	for (i = first; i < end; i++) {
		put_page(page[i]);
		cond_resched();
	}
}

/* Zeroed, because user space will see it. */
static int fill(struct page **page, unsigned long first, unsigned long end)
{
	const gfp_t gfp = MMKIT_GFP_BOOKKEEPING | __GFP_HIGHMEM | __GFP_ZERO;
	unsigned long i;
	int err = 0;

	for (i = first; i < end && !err; i++) {
		page[i] = fatal_signal_pending(current) ? NULL :
							  alloc_page(gfp);
		if (!page[i])
			err = fatal_signal_pending(current) ? -EINTR : -ENOMEM;
		cond_resched();
	}
	if (err)
		free_range(page, first, i - 1);
	return err;
}

static int pages_make(struct mmkit_store *store, const struct mmkit_memory *old,
		      struct mmkit_memory *new)
{
	int err;

	if (new->nr <= old->nr) {
		new->page = old->page;
		return 0;
	}
	new->page = kvmalloc_array(new->nr, sizeof(*new->page),
				   MMKIT_GFP_BOOKKEEPING);
	if (!new->page)
		return -ENOMEM;
	if (old->nr)
		memcpy(new->page, old->page,
		       array_size(old->nr, sizeof(*new->page)));
	err = fill(new->page, old->nr, new->nr);
	if (err)
		kvfree(new->page);
	return err;
}

/*
 * A fault that saw the old size holds its page's lock until it has mapped it.
 * Which page that is only the strategy knows.
 */
static void pages_settle(struct mmkit_store *store,
			 const struct mmkit_memory *old)
{
	unsigned long i;

	for (i = 0; i < old->nr; i++) {
		lock_page(old->page[i]);
		unlock_page(old->page[i]);
		cond_resched();
	}
}

static void pages_free(struct mmkit_store *store, struct mmkit_memory *old,
		       const struct mmkit_memory *new)
{
	free_range(old->page, new->nr, old->nr);
	if (old->page != new->page)
		kvfree(old->page);
}

const struct mmkit_backing mmkit_backing_pages = {
	.name = "pages",
	.make = pages_make,
	.settle = pages_settle,
	.free = pages_free,
};
EXPORT_SYMBOL_GPL(mmkit_backing_pages);
