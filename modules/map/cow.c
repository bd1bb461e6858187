// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "cow": private copies, and which pages were copied.
 *
 * A driver gets MAP_PRIVATE for nothing when its handler returns a page: mm
 * copies it. vmf->cow_page tells the handler that this is about to happen, and
 * MMKIT_MAP_LOG shows of which pages. A page that was only read before it is
 * written is copied by mm alone (wp_page_copy()), and no driver hears of it.
 */
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "map.h"

/* PG_checked is the owner's to use, and a page of this store is ours. */
static vm_fault_t cow_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr)
		ret = mmkit_store_give_page(vmf, store->page[vmf->pgoff]);
	if (ret & VM_FAULT_LOCKED && vmf->cow_page)
		folio_set_checked(page_folio(vmf->page));
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

static int cow_log(struct mmkit_store *store, unsigned long first,
		   unsigned long nr, unsigned long *bits, bool clear)
{
	struct folio *folio;
	unsigned long i;

	for (i = 0; i < nr; i++) {
		folio = page_folio(store->page[first + i]);
		folio_lock(folio);
		if (folio_test_checked(folio))
			__set_bit(i, bits);
		if (clear)
			folio_clear_checked(folio);
		folio_unlock(folio);
		cond_resched();
	}
	return 0;
}

static const struct vm_operations_struct cow_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = cow_fault,
};

struct mmkit_strategy mmkit_strategy_cow = {
	.entry = {
		.name = "cow",
		.help = "as page, and notes which pages were copied on write",
		.owner = THIS_MODULE,
	},
	.vm_ops = &cow_vm_ops,
	.log = cow_log,
};
