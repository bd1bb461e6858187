// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "dirty": who writes a page for the first time is noticed.
 *
 * A .page_mkwrite makes mm map pages read-only and call it before the first
 * write. What was written is then the page's own dirty flag, which mm also
 * sets for get_user_pages(), and MMKIT_MAP_LOG reads and clears it.
 *
 * What it costs: a second fault for a page that is read before it is written,
 * and all of them again after the log was cleared.
 *
 * Documentation/filesystems/locking.rst, section vm_operations_struct;
 * drivers/video/fbdev/core/fb_defio.c.
 */
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "map.h"

static vm_fault_t dirty_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr)
		ret = mmkit_store_give_page(vmf, store->page[vmf->pgoff]);
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

/* The page comes unlocked, so that it may have been cut off meanwhile. */
static vm_fault_t dirty_mkwrite(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr && vmf->page == store->page[vmf->pgoff]) {
		/* mm sets the flag before it unlocks the page. */
		lock_page(vmf->page);
		ret = VM_FAULT_LOCKED;
	}
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

/*
 * With the page locked nobody makes it writable again, and unmapping it brings
 * in what only a page table knew. So no write is lost and none is told twice.
 */
static bool test_clear(struct mmkit_store *store, unsigned long index)
{
	struct page *page = store->page[index];
	bool dirty;

	lock_page(page);
	unmap_mapping_range(store->inode->i_mapping,
			    (loff_t)index << PAGE_SHIFT, PAGE_SIZE, 0);
	dirty = folio_test_clear_dirty(page_folio(page));
	unlock_page(page);
	return dirty;
}

static int dirty_log(struct mmkit_store *store, unsigned long first,
		     unsigned long nr, unsigned long *bits, bool clear)
{
	unsigned long i;
	bool dirty;

	for (i = 0; i < nr; i++) {
		dirty = PageDirty(store->page[first + i]);
		if (dirty && clear && store->inode)
			dirty = test_clear(store, first + i);
		if (dirty)
			__set_bit(i, bits);
		cond_resched();
	}
	return 0;
}

static const struct vm_operations_struct dirty_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = dirty_fault,
	.page_mkwrite = dirty_mkwrite,
};

struct mmkit_strategy mmkit_strategy_dirty = {
	.entry = {
		.name = "dirty",
		.help = "the first write to a page is noticed and logged",
		.owner = THIS_MODULE,
	},
	.vm_ops = &dirty_vm_ops,
	.log = dirty_log,
};
