// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "kmalloc": a kmalloc() buffer, mapped by remap_pfn_range().
 *
 * It is contiguous, so one call maps it, and a device without an IOMMU could use
 * it. Its pages are the slab allocator's: they have no reference count of their
 * own to take, vm_insert_page() refuses them, and so get_user_pages() must. Whole
 * pages only: what kmalloc() gives for less lies between objects of others, which
 * would be mapped with it. A buffer with a length that is no power of two takes
 * the next one above.
 *
 * Drivers did this before vm_insert_page(); one with a choice takes pages.
 */
#include <linux/io.h>
#include <linux/slab.h>
#include <mmkit/describe.h>
#include <mmkit/gfp.h>
#include "map.h"

static u64 kmalloc_cost(unsigned long nr)
{
	return nr ? (u64)PAGE_SIZE << get_order(nr << PAGE_SHIFT) : 0;
}

/* Begins with a page: sizes of a power of two are aligned to it, larger to pages. */
static void *kmalloc_new(unsigned long bytes)
{
	return bytes <= KMALLOC_MAX_SIZE ?
	       kzalloc(bytes, MMKIT_GFP_BOOKKEEPING) : NULL;
}

static int kmalloc_make(struct mmkit_store *store,
			const struct mmkit_memory *old,
			struct mmkit_memory *new)
{
	return mmkit_piece_make(old, new, kmalloc_new);
}

static void kmalloc_free(struct mmkit_store *store, struct mmkit_memory *old,
			 const struct mmkit_memory *new)
{
	if (old->private != new->private)
		kfree(old->private);
}

static void kmalloc_describe(struct mmkit_store *store, unsigned long index,
			     struct mmkit_page *out)
{
	mmkit_describe(out, virt_to_page(store->private +
					 (index << PAGE_SHIFT)), 0);
}

static const struct mmkit_backing kmalloc_backing = {
	.name = "kmalloc",
	.cost = kmalloc_cost,
	.whole = true,
	.make = kmalloc_make,
	.free = kmalloc_free,
	.describe = kmalloc_describe,
};

static int kmalloc_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	return remap_pfn_range(vma, vma->vm_start,
			       PHYS_PFN(virt_to_phys(store->private)) +
			       vma->vm_pgoff,
			       vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct vm_operations_struct kmalloc_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
};

struct mmkit_strategy mmkit_strategy_kmalloc = {
	.entry = {
		.name = "kmalloc",
		.help = "remap_pfn_range() maps a kmalloc() buffer at mmap()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &kmalloc_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
	.fixed = true,
	.backing = &kmalloc_backing,
	.mmap = kmalloc_mmap,
};
