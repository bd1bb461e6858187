// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "remap": remap_pfn_range() maps page frames at mmap().
 *
 * It is the call for memory that has no struct page, or whose struct page mm is
 * to leave alone: nothing is counted, get_user_pages() refuses, and a private
 * mapping that could be written is refused at mmap(). One call maps frames that
 * follow each other, so the store is made of the largest blocks there are.
 *
 * Linux Device Drivers calls this mmap; a driver with ordinary pages should not.
 */
#include <linux/mm.h>
#include "map.h"

static int remap_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	unsigned long index = vma->vm_pgoff, left = vma_pages(vma), nr;
	unsigned long addr = vma->vm_start;
	int err = 0;

	for (; left && !err; left -= nr) {
		nr = min(left, mmkit_blocks_run(store->page, index));
		err = remap_pfn_range(vma, addr, page_to_pfn(store->page[index]),
				      nr << PAGE_SHIFT, vma->vm_page_prot);
		addr += nr << PAGE_SHIFT;
		index += nr;
	}
	return err;
}

static const struct vm_operations_struct remap_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
};

struct mmkit_strategy mmkit_strategy_remap = {
	.entry = {
		.name = "remap",
		.help = "remap_pfn_range() maps page frames at mmap()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &remap_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
	.fixed = true,
	.backing = &mmkit_backing_blocks,
	.mmap = remap_mmap,
};
