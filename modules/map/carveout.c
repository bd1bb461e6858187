// SPDX-License-Identifier: GPL-2.0-only
/*
 * A store of memory that the kernel does not manage, as a device's own is: what
 * strategies "io" and "iohuge" map.
 *
 * The memory is a carve-out that the kernel was told to leave alone at boot, and
 * that another module has claimed and offers through the registry: mmkit_memblock,
 * loaded with it or told to claim it.
 *
 *	memmap=64M$0x20000000 mmkit_memblock.carveout=64M$0x20000000
 *
 * A store has one for itself.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
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
static int zero(void *mem, unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		clear_page(mem + (i << PAGE_SHIFT));
		cond_resched();
	}
	return 0;
}

static int fill(struct owned *owned, const struct mmkit_memory *old,
		const struct mmkit_memory *new)
{
	if (new->nr > owned->memory->bytes >> PAGE_SHIFT)
		return -ENOSPC;
	if (new->nr <= old->nr)
		return 0;
	return zero(owned->memory->mem + (old->nr << PAGE_SHIFT),
		    new->nr - old->nr);
}

/* Makes a store of a carve-out, as .make of struct mmkit_backing. */
int mmkit_carveout_make(struct mmkit_store *store,
			const struct mmkit_memory *old,
			struct mmkit_memory *new)
{
	struct owned *owned = old->private ?: owned_new(new->nr);
	int err;

	if (IS_ERR(owned))
		return PTR_ERR(owned);
	err = fill(owned, old, new);
	if (!err)
		new->private = owned;
	else if (!old->private)
		owned_free(owned);
	return err;
}

/* Gives it back, as .free of struct mmkit_backing. */
void mmkit_carveout_free(struct mmkit_store *store, struct mmkit_memory *old,
			 const struct mmkit_memory *new)
{
	if (!new->nr)
		owned_free(old->private);
}

/* It is nobody's memory, so nobody is charged. */
u64 mmkit_carveout_cost(unsigned long nr)
{
	return 0;
}

/**
 * mmkit_carveout_base() - Where in memory does a store begin?
 * @store: of a carve-out, not empty
 *
 * Context: store->lock or session->lock is held.
 * Return: the physical address of its first byte.
 */
u64 mmkit_carveout_base(const struct mmkit_store *store)
{
	return owned_by(store)->memory->base;
}

/* Describes a page of it, as .describe of struct mmkit_backing. */
void mmkit_carveout_describe(struct mmkit_store *store, unsigned long index,
			     struct mmkit_page *out)
{
	mmkit_describe_pfn(out, PHYS_PFN(mmkit_carveout_base(store)) + index);
}

/* Why there is none, as .missing of struct mmkit_strategy. */
const char *mmkit_carveout_missing(void)
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

static int copy(struct mmkit_store *store, u64 offset, void *buf, u64 len,
		int write)
{
	void *at = owned_by(store)->memory->mem + offset;

	if (write)
		memcpy(at, buf, len);
	else
		memcpy(buf, at, len);
	return len;
}

/**
 * mmkit_carveout_access() - Let a debugger read or write it.
 * @vma: an area of a store of a carve-out
 * @addr: inside of it
 * @buf: of the caller's
 * @len: of @buf, which may reach past the end of the area
 * @write: from @buf, else into it
 *
 * generic_access_phys() does this by ioremap(), which warns of RAM, and reads on
 * past the end of the area.
 *
 * Context: Process. mmap_lock is held.
 * Return: how many bytes, -EACCES the owner may not write there either, or -EFAULT.
 */
int mmkit_carveout_access(struct vm_area_struct *vma, unsigned long addr,
			  void *buf, int len, int write)
{
	struct mmkit_store *store = vma->vm_private_data;
	u64 offset = ((u64)vma->vm_pgoff << PAGE_SHIFT) + addr - vma->vm_start;
	int ret = -EFAULT;
	u64 end;

	if (write && !(vma->vm_flags & VM_WRITE))
		return -EACCES;
	down_read(&store->lock);
	end = (u64)store->nr << PAGE_SHIFT;
	if (offset < end)
		ret = copy(store, offset, buf,
			   min3((u64)len, (u64)vma->vm_end - addr,
				end - offset), write);
	up_read(&store->lock);
	return ret;
}
