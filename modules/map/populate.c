// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "populate": everything is mapped at mmap(), each page table in one
 * pass.
 *
 * It is remap.c for pages that do not follow each other in memory: the cheapest
 * way to have every page mapped, and frames that nothing counts.
 */
#include <linux/mm.h>
#include "map.h"

static int populate_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	return mmkit_fill_ptes(vma, vma->vm_start, store->page + vma->vm_pgoff,
			       vma_pages(vma));
}

static const struct vm_operations_struct populate_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
};

struct mmkit_strategy mmkit_strategy_populate = {
	.entry = {
		.name = "populate",
		.help = "page tables are filled in one pass at mmap()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &populate_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
	.mmap = populate_mmap,
};
