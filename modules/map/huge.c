// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "huge": a fault maps 2 MiB at once where the store has a block of that
 * size, and a page where it has none or the area's edge is near.
 *
 * The kernel asks .huge_fault before .fault, but only from 6.6 on: before that
 * hugepage_vma_check() let no area of a device pass, and every page was small. From
 * 6.12 on a large entry can say that get_user_pages_fast() has to leave it alone. Where
 * it cannot, pages are small, too: that would take all references of the first page.
 * An area is aligned for it by thp_get_unmapped_area(), see place.c. Frames are
 * mapped as in pfn.c, with what that costs.
 *
 * drivers/vfio/pci/vfio_pci_core.c
 */
#include <linux/pagemap.h>
#include "compat/insert.h"
#include "map.h"

static vm_fault_t small_fault(struct vm_fault *vmf)
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

/* The whole block must be in the area, in the store and in one piece. */
static bool block_at(const struct mmkit_store *store,
		     const struct vm_fault *vmf, unsigned long *first)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long addr = vmf->address & PMD_MASK;

	if (addr < vma->vm_start || addr + PMD_SIZE > vma->vm_end)
		return false;
	*first = linear_page_index(vma, addr);
	if (!IS_ALIGNED(*first, MMKIT_BLOCK_PAGES) || *first >= store->nr ||
	    store->nr - *first < MMKIT_BLOCK_PAGES)
		return false;
	return mmkit_blocks_run(store->page, *first) == MMKIT_BLOCK_PAGES;
}

/* Another thread may have put a table of small entries there. */
static bool has_table(const struct vm_fault *vmf)
{
	return !pmd_none(*vmf->pmd) && !pmd_trans_huge(*vmf->pmd);
}

/*
 * The lock is taken for write: small_fault() puts tables there with it taken for
 * read, where the block was not in the store when huge_fault was asked. Of such a
 * table vmf_insert_pfn_pmd() would warn.
 */
static vm_fault_t huge_fault(struct vm_fault *vmf, MMKIT_HUGE_SIZE size)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_FALLBACK;
	unsigned long first;

	if (!mmkit_is_pmd(size) || !mmkit_can_map_pmd())
		return VM_FAULT_FALLBACK;
	down_write(&store->lock);
	if (block_at(store, vmf, &first) && !has_table(vmf))
		ret = mmkit_vmf_insert_pfn_pmd(vmf,
					       page_to_pfn(store->page[first]));
	up_write(&store->lock);
	if (ret & VM_FAULT_FALLBACK)
		return ret;
	return mmkit_store_fault_done(store, vmf, ret);
}

/* A move off the boundary would lose every huge mapping without a word. */
static int huge_mremap(struct vm_area_struct *vma)
{
	unsigned long at = vma->vm_start - (vma->vm_pgoff << PAGE_SHIFT);

	if (vma->vm_end - vma->vm_start < PMD_SIZE || IS_ALIGNED(at, PMD_SIZE))
		return 0;
	return -EINVAL;
}

static const struct vm_operations_struct huge_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.mremap = huge_mremap,
	.fault = small_fault,
	.huge_fault = huge_fault,
};

struct mmkit_strategy mmkit_strategy_huge = {
	.entry = {
		.name = "huge",
		.help = "huge_fault maps 2 MiB at once where it can",
		.owner = THIS_MODULE,
	},
	.vm_ops = &huge_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
	.backing = &mmkit_backing_blocks,
	.note = MMKIT_HUGE_NOTE,
};
