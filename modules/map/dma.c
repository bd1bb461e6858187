// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "dma": memory that a device and the processor see alike, from
 * dma_alloc_coherent() and mapped by dma_mmap_coherent().
 *
 * Where such memory comes from and how it must be mapped is the platform's
 * affair, so that no driver should map it by its page frames itself. It is one
 * piece: as large as the largest block of the page allocator without CMA, and a
 * store of another size is another piece, EBUSY while something maps the old one.
 *
 * Documentation/core-api/dma-api.rst
 */
#include <linux/dma-mapping.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <mmkit/describe.h>
#include <mmkit/gfp.h>
#include "map.h"

/* A device without hardware, because memory is a device's. */
static struct platform_device *device;

struct piece {
	void *cpu;
	dma_addr_t dma;
	size_t bytes;
};

static void piece_free(struct piece *piece)
{
	if (!piece)
		return;
	dma_free_coherent(&device->dev, piece->bytes, piece->cpu, piece->dma);
	kfree(piece);
}

/* Always zeroed. */
static struct piece *piece_new(size_t bytes)
{
	struct piece *piece = kzalloc(sizeof(*piece), MMKIT_GFP_BOOKKEEPING);

	if (!piece)
		return NULL;
	piece->bytes = bytes;
	piece->cpu = dma_alloc_coherent(&device->dev, bytes, &piece->dma,
					MMKIT_GFP_BOOKKEEPING);
	if (piece->cpu)
		return piece;
	kfree(piece);
	return NULL;
}

static int dma_make(struct mmkit_store *store, const struct mmkit_memory *old,
		    struct mmkit_memory *new)
{
	struct piece *from = old->private, *to;

	new->private = from;
	if (new->nr == old->nr)
		return 0;
	to = piece_new(new->nr << PAGE_SHIFT);
	if (!to)
		return -ENOMEM;
	if (from)
		memcpy(to->cpu, from->cpu, min(from->bytes, to->bytes));
	new->private = to;
	new->moved = from;
	return 0;
}

static void dma_free(struct mmkit_store *store, struct mmkit_memory *old,
		     const struct mmkit_memory *new)
{
	if (old->private != new->private)
		piece_free(old->private);
}

static void dma_describe(struct mmkit_store *store, unsigned long index,
			 struct mmkit_page *out)
{
	const struct piece *piece = store->private;
	void *at = piece->cpu + (index << PAGE_SHIFT);

	mmkit_describe(out, is_vmalloc_addr(at) ? vmalloc_to_page(at) :
						  virt_to_page(at), 0);
}

/* What is not a power of two comes out of a block that is: kernel/dma/direct.c. */
static u64 dma_cost(unsigned long nr)
{
	return nr ? PAGE_SIZE << get_order((u64)nr << PAGE_SHIFT) : 0;
}

static const struct mmkit_backing dma_backing = {
	.name = "coherent",
	.cost = dma_cost,
	.whole = true,
	.make = dma_make,
	.free = dma_free,
	.describe = dma_describe,
};

static int dma_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	const struct piece *piece = store->private;

	return dma_mmap_coherent(&device->dev, vma, piece->cpu, piece->dma,
				 piece->bytes);
}

const char *mmkit_dma_init(void)
{
	device = platform_device_register_simple("mmkit_map",
						 PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return "no platform device could be registered";
	if (dma_coerce_mask_and_coherent(&device->dev, DMA_BIT_MASK(64))) {
		platform_device_unregister(device);
		return "this machine has no coherent memory for a device";
	}
	return NULL;
}

void mmkit_dma_exit(void)
{
	platform_device_unregister(device);
}

static const struct vm_operations_struct dma_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
};

struct mmkit_strategy mmkit_strategy_dma = {
	.entry = {
		.name = "dma",
		.help = "dma_mmap_coherent() maps coherent memory at mmap()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &dma_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
	.fixed = true,
	.backing = &dma_backing,
	.mmap = dma_mmap,
};
