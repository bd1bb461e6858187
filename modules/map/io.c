// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "io": memory that the kernel does not manage, as a device's own is,
 * mapped by vm_iomap_memory().
 *
 * The memory is a carve-out that the kernel was told to leave alone at boot, and
 * that another module has claimed and offers through the registry: mmkit_memblock,
 * loaded with it or told to claim it.
 *
 *	memmap=64M$0x20000000 mmkit_memblock.carveout=64M$0x20000000
 *
 * A store has one for itself. .access lets a debugger read what has no struct
 * page; compare access.c.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <mmkit/carveout.h>
#include <mmkit/describe.h>
#include "map.h"

/* Whoever offers some; to be given to put(). */
static struct mmkit_carveouts *get(void)
{
	struct mmkit_entry *entry;

	entry = mmkit_entry_get(MMKIT_KIND_CARVEOUTS, MMKIT_CARVEOUTS);
	return entry ? container_of(entry, struct mmkit_carveouts, entry) :
		       NULL;
}

static void put(struct mmkit_carveouts *carveouts)
{
	mmkit_entry_put(&carveouts->entry);
}

/**
 * struct owned - what a store has
 * @from: whoever offered it, held
 * @memory: it
 */
struct owned {
	struct mmkit_carveouts *from;
	struct mmkit_carveout *memory;
};

static struct owned *owned_by(const struct mmkit_store *store)
{
	return store->private;
}

static int take(unsigned long nr, struct owned *owned)
{
	owned->from = get();
	if (!owned->from)
		return -EOPNOTSUPP;
	owned->memory = owned->from->take((u64)nr << PAGE_SHIFT);
	if (!IS_ERR(owned->memory))
		return 0;
	put(owned->from);
	return PTR_ERR(owned->memory);
}

static struct owned *owned_new(unsigned long nr)
{
	struct owned *owned = kzalloc(sizeof(*owned), GFP_KERNEL_ACCOUNT);
	int err;

	if (!owned)
		return ERR_PTR(-ENOMEM);
	err = take(nr, owned);
	if (!err)
		return owned;
	kfree(owned);
	return ERR_PTR(err);
}

static void owned_free(struct owned *owned)
{
	owned->from->give(owned->memory);
	put(owned->from);
	kfree(owned);
}

/* What another one had in there is gone. */
static int io_make(struct mmkit_store *store, const struct mmkit_memory *old,
		   struct mmkit_memory *new)
{
	struct owned *owned = old->private ?: owned_new(new->nr);

	if (IS_ERR(owned))
		return PTR_ERR(owned);
	if (new->nr > owned->memory->bytes >> PAGE_SHIFT)
		return -ENOSPC;
	if (new->nr > old->nr)
		memset(owned->memory->mem + (old->nr << PAGE_SHIFT), 0,
		       (new->nr - old->nr) << PAGE_SHIFT);
	new->private = owned;
	return 0;
}

static void io_free(struct mmkit_store *store, struct mmkit_memory *old,
		    const struct mmkit_memory *new)
{
	if (!new->nr)
		owned_free(old->private);
}

/* It is nobody's memory, so nobody is charged. */
static u64 io_cost(unsigned long nr)
{
	return 0;
}

static void io_describe(struct mmkit_store *store, unsigned long index,
			struct mmkit_page *out)
{
	mmkit_describe_pfn(out, PHYS_PFN(owned_by(store)->memory->base) + index);
}

static const struct mmkit_backing io_backing = {
	.name = "carve-out",
	.cost = io_cost,
	.make = io_make,
	.free = io_free,
	.describe = io_describe,
};

/* The function maps from vma->vm_pgoff on, and checks the area's end. */
static int io_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	return vm_iomap_memory(vma, owned_by(store)->memory->base,
			       store->nr << PAGE_SHIFT);
}

static const char *io_missing(void)
{
	struct mmkit_carveouts *carveouts = get();
	bool any = false;

	if (carveouts) {
		any = carveouts->any();
		put(carveouts);
	}
	return any ? NULL :
		     "no carve-out is offered: see mmkit memblock claim --help";
}

/*
 * generic_access_phys() does this by ioremap(), which warns of RAM, and reads on
 * past the end of the area.
 */
static int io_access(struct vm_area_struct *vma, unsigned long addr, void *buf,
		     int len, int write)
{
	struct mmkit_store *store = vma->vm_private_data;
	void *at = owned_by(store)->memory->mem + (addr - vma->vm_start) +
		   (vma->vm_pgoff << PAGE_SHIFT);

	len = min_t(unsigned long, len, vma->vm_end - addr);
	if (write)
		memcpy(at, buf, len);
	else
		memcpy(buf, at, len);
	return len;
}

static const struct vm_operations_struct io_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.access = io_access,
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
	.missing = io_missing,
	.mmap = io_mmap,
};
