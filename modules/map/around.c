// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "around": one fault maps its whole neighbourhood.
 *
 * The window is aligned, as mm's own fault-around is, so that neighbours ask for
 * the same one. Page frames are mapped as in pfn.c, with what that costs.
 *
 * mm's .map_pages hook does not serve here: it is called under RCU, where
 * nothing may sleep for a page table or for the store's lock.
 */
#include <linux/mm.h>
#include "map.h"

/* The part of the window that lies in the area and in the store. */
static vm_fault_t map_window(const struct mmkit_store *store,
			     const struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long window = store->tune;
	unsigned long first = vmf->pgoff - vmf->pgoff % window;
	unsigned long end = first + window;
	unsigned long addr;

	first = max(first, vma->vm_pgoff);
	end = min3(end, vma->vm_pgoff + vma_pages(vma), store->nr);
	addr = vma->vm_start + ((first - vma->vm_pgoff) << PAGE_SHIFT);
	if (mmkit_fill_ptes(vma, addr, store->page + first, end - first))
		return VM_FAULT_OOM;
	return VM_FAULT_NOPAGE;
}

static vm_fault_t around_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr)
		ret = map_window(store, vmf);
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

static const struct vm_operations_struct around_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = around_fault,
};

struct mmkit_strategy mmkit_strategy_around = {
	.entry = {
		.name = "around",
		.help = "one fault maps a window of page frames around it",
		.owner = THIS_MODULE,
	},
	.vm_ops = &around_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
	.tune = "pages of the window",
	.tune_default = PTRS_PER_PTE,
	.tune_max = 64 * PTRS_PER_PTE,
};
