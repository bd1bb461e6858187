// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "io": memory that the kernel does not manage, as a device's own is,
 * mapped by vm_iomap_memory(). carveout.c has where it comes from.
 *
 * What it gives: one call maps all of it, and no fault ever comes.
 * What it costs: a page table entry for each page, and what is mapped cannot be
 * taken away; compare iohuge.c. .access lets a debugger read what has no struct
 * page; compare access.c.
 */
#include <linux/mm.h>
#include "map.h"

static const struct mmkit_backing io_backing = {
	.name = "carve-out",
	.cost = mmkit_carveout_cost,
	.make = mmkit_carveout_make,
	.free = mmkit_carveout_free,
	.describe = mmkit_carveout_describe,
};

/* The function maps from vma->vm_pgoff on, and checks the area's end. */
static int io_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	return vm_iomap_memory(vma, mmkit_carveout_base(store),
			       store->nr << PAGE_SHIFT);
}

static const struct vm_operations_struct io_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.access = mmkit_carveout_access,
};

struct mmkit_strategy mmkit_strategy_io = {
	.entry = {
		.name = "io",
		.help = "vm_iomap_memory() maps a reserved carve-out at mmap()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &io_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
	.fixed = true,
	.backing = &io_backing,
	.missing = mmkit_carveout_missing,
	.mmap = io_mmap,
};
