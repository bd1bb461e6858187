// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "pfn": the fault handler inserts a page frame, by vmf_insert_pfn().
 *
 * What it gives: memory without a struct page can be mapped, and revoked with
 * unmap_mapping_range().
 * What it costs: nothing is counted, so that get_user_pages() refuses, and so
 * is O_DIRECT; the frame must stay until it is unmapped. The lock is held across
 * the insertion: a store that shrinks first takes it for write, and then unmaps
 * whatever was inserted before.
 *
 * drivers/gpu/drm/ttm/ttm_bo_vm.c
 */
#include <linux/mm.h>
#include "map.h"

static vm_fault_t pfn_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr)
		ret = vmf_insert_pfn(vmf->vma, vmf->address,
				     page_to_pfn(store->page[vmf->pgoff]));
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

static const struct vm_operations_struct pfn_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = pfn_fault,
};

struct mmkit_strategy mmkit_strategy_pfn = {
	.entry = {
		.name = "pfn",
		.help = "the fault handler inserts a page frame: vmf_insert_pfn()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &pfn_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
};
