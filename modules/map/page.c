// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "page": the fault handler returns a page, and mm maps it.
 *
 * What it gives: every page is an ordinary reference-counted page, so
 * get_user_pages(), fork, private copies and partial unmapping just work.
 * What it costs: one fault for each page that is touched.
 *
 * Documentation/filesystems/locking.rst, section vm_operations_struct.
 */
#include <linux/mm.h>
#include <mmkit/store.h>
#include "map.h"

static vm_fault_t page_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr)
		ret = mmkit_store_give_page(vmf, store->page[vmf->pgoff]);
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

static const struct vm_operations_struct page_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = page_fault,
};

struct mmkit_strategy mmkit_strategy_page = {
	.entry = {
		.name = "page",
		.help = "the fault handler returns a page",
		.owner = THIS_MODULE,
	},
	.vm_ops = &page_vm_ops,
};
