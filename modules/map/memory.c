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

/* Gives back [@first, @end) of @page and passes @err on. */
int mmkit_memory_undo(struct page **page, unsigned long first,
		      unsigned long end, int err)
{
	free_range(page, first, end);
	return err;
}

/* Zeroed, because user space will see it. */
static int fill(struct page **page, unsigned long first, unsigned long end)
{
	const gfp_t gfp = MMKIT_GFP_BOOKKEEPING | __GFP_HIGHMEM | __GFP_ZERO;
	unsigned long i;

	for (i = first; i < end; i++) {
		if (fatal_signal_pending(current))
			return mmkit_memory_undo(page, first, i, -EINTR);
		page[i] = alloc_page(gfp);
		if (!page[i])
			return mmkit_memory_undo(page, first, i, -ENOMEM);
		cond_resched();
	}
	return 0;
}

/**
 * mmkit_memory_make() - .make of a backing that is an array of pages.
 * @old: as there
 * @new: as there
 * @fill: makes the pages of [first, end), or none of them
 *
 * Context: Process.
 * Return: 0, -ENOMEM, or what @fill said.
 */
int mmkit_memory_make(const struct mmkit_memory *old, struct mmkit_memory *new,
		      int (*fill)(struct page **page, unsigned long first,
				  unsigned long end))
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

/**
 * mmkit_piece_make() - .make of a backing that is one piece of kernel memory.
 * @old: as there; @private is where the kernel writes it
 * @new: as there
 * @alloc: gives so many bytes, zeroed, or NULL
 *
 * A piece of another size is another piece.
 *
 * Context: Process.
 * Return: 0, -ENOMEM.
 */
int mmkit_piece_make(const struct mmkit_memory *old, struct mmkit_memory *new,
		     void *(*alloc)(unsigned long bytes))
{
	new->private = old->private;
	if (new->nr == old->nr)
		return 0;
	new->private = alloc(new->nr << PAGE_SHIFT);
	if (!new->private)
		return -ENOMEM;
	if (old->nr)
		memcpy(new->private, old->private,
		       min(old->nr, new->nr) << PAGE_SHIFT);
	new->moved = old->nr;
	return 0;
}

static int pages_make(struct mmkit_store *store, const struct mmkit_memory *old,
		      struct mmkit_memory *new)
{
	return mmkit_memory_make(old, new, fill);
}

/*
 * A fault that saw the old size holds its page's lock until it has mapped it.
 * Which page that is only the strategy knows.
 */
void mmkit_memory_settle(struct mmkit_store *store,
			 const struct mmkit_memory *old)
{
	unsigned long i;

	for (i = 0; i < old->nr; i++) {
		lock_page(old->page[i]);
		unlock_page(old->page[i]);
		cond_resched();
	}
}

void mmkit_memory_free(struct mmkit_store *store, struct mmkit_memory *old,
		       const struct mmkit_memory *new)
{
	free_range(old->page, new->nr, old->nr);
	if (old->page != new->page)
		kvfree(old->page);
}

const struct mmkit_backing mmkit_backing_pages = {
	.name = "pages",
	.make = pages_make,
	.settle = mmkit_memory_settle,
	.free = mmkit_memory_free,
};
EXPORT_SYMBOL_GPL(mmkit_backing_pages);
