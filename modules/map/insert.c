// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "insert": every page is mapped at mmap(), by vm_insert_pages().
 *
 * What it gives: ordinary reference-counted pages, and no fault ever.
 * What it costs: mmap() takes time in proportion to the area, touched or not;
 * and as there is no fault handler, what is dropped from the page tables
 * (MADV_DONTNEED, a store that shrank and grew again) answers SIGBUS.
 *
 * mm refuses pages of slab, anonymous pages and pages with a type of their own:
 * validate_page_before_insert() in mm/memory.c.
 */
#include <linux/mm.h>
#include "map.h"

static int insert_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	unsigned long nr = vma_pages(vma);

	return vm_insert_pages(vma, vma->vm_start, store->page + vma->vm_pgoff,
			       &nr);
}

static const struct vm_operations_struct insert_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
};

struct mmkit_strategy mmkit_strategy_insert = {
	.entry = {
		.name = "insert",
		.help = "vm_insert_pages() maps everything at mmap()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &insert_vm_ops,
	.vm_flags = VM_MIXEDMAP,
	.mmap = insert_mmap,
};
