// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "pages": vm_map_pages() maps an array of pages at mmap().
 *
 * It is the call for a driver whose whole buffer is one array: it checks the
 * area against the array, starting at vma->vm_pgoff, and inserts page by page.
 * What it gives and costs otherwise is as of insert.c.
 *
 * Documentation/core-api/mm-api.rst, vm_map_pages().
 */
#include <linux/mm.h>
#include "map.h"

static int pages_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	return vm_map_pages(vma, store->page, store->nr);
}

static const struct vm_operations_struct pages_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
};

struct mmkit_strategy mmkit_strategy_pages = {
	.entry = {
		.name = "pages",
		.help = "vm_map_pages() maps the array of pages at mmap()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &pages_vm_ops,
	.vm_flags = VM_MIXEDMAP,
	.mmap = pages_mmap,
};
