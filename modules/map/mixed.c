// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "mixed": the fault handler inserts a frame, by vmf_insert_mixed().
 *
 * An area with VM_MIXEDMAP may hold frames with and without a struct page. Where
 * a page table entry has a bit for it (x86 does) the frame is mapped as one
 * without, uncounted as in pfn.c. What differs from pfn.c: private mappings are
 * allowed, and mm copies the frame when it is written.
 *
 * fs/dax.c was its first user.
 */
#include "compat/insert.h"
#include "map.h"

static vm_fault_t mixed_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	struct page *page;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr) {
		page = store->page[vmf->pgoff];
		ret = mmkit_vmf_insert_mixed(vmf, page_to_pfn(page));
	}
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

static const struct vm_operations_struct mixed_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = mixed_fault,
};

struct mmkit_strategy mmkit_strategy_mixed = {
	.entry = {
		.name = "mixed",
		.help = "the fault handler inserts a frame: vmf_insert_mixed()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &mixed_vm_ops,
	.vm_flags = VM_MIXEDMAP,
};
