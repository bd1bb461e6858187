// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "vmalloc": a vmalloc_user() area, mapped by remap_vmalloc_range().
 *
 * It is the call for a buffer that the kernel writes through one address, a
 * trace buffer for instance. Its pages are ordinary ones and are counted. An
 * area does not grow or shrink: a store of another size is another area, and is
 * EBUSY while something maps the old one.
 *
 * With 1 as its number the areas have a .name, and then they are in core dumps,
 * VM_DONTDUMP or not: always_dump_vma() in fs/coredump.c. So it should be NULL
 * for everything that is not meant to be there.
 */
#include <linux/vmalloc.h>
#include <mmkit/describe.h>
#include <mmkit/gfp.h>
#include "map.h"

/* Zeroed, and marked as fit for user space. */
static void *vmalloc_new(unsigned long bytes)
{
	void *p;

	if (!mmkit_room_begin(bytes, GFP_KERNEL))
		return NULL;
	p = vmalloc_user(bytes);
	mmkit_room_end();
	return p;
}

static int vmalloc_make(struct mmkit_store *store,
			const struct mmkit_memory *old,
			struct mmkit_memory *new)
{
	return mmkit_piece_make(old, new, vmalloc_new);
}

static void vmalloc_free(struct mmkit_store *store, struct mmkit_memory *old,
			 const struct mmkit_memory *new)
{
	if (old->private != new->private)
		vfree(old->private);
}

static void vmalloc_describe(struct mmkit_store *store, unsigned long index,
			     struct mmkit_page *out)
{
	mmkit_describe(out, vmalloc_to_page(store->private +
					    (index << PAGE_SHIFT)), 0);
}

static const struct mmkit_backing vmalloc_backing = {
	.name = "vmalloc",
	.whole = true,
	.make = vmalloc_make,
	.free = vmalloc_free,
	.describe = vmalloc_describe,
};

static int vmalloc_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	return remap_vmalloc_range(vma, store->private, vma->vm_pgoff);
}

static const char *vmalloc_name(struct vm_area_struct *vma)
{
	const struct mmkit_store *store = vma->vm_private_data;

	return store->tune ? "[mmkit:vmalloc]" : NULL;
}

static const struct vm_operations_struct vmalloc_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.name = vmalloc_name,
};

struct mmkit_strategy mmkit_strategy_vmalloc = {
	.entry = {
		.name = "vmalloc",
		.help = "remap_vmalloc_range() maps a vmalloc area at mmap()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &vmalloc_vm_ops,
	.vm_flags = VM_MIXEDMAP,
	.backing = &vmalloc_backing,
	.tune = "1: in core dumps",
	.tune_max = 1,
	.mmap = vmalloc_mmap,
};
