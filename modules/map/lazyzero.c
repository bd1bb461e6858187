// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "lazyzero": the kernel's page of zeros, until the first write.
 *
 * What it gives: a store that costs memory for what was written only.
 * What it costs: the write may find no memory, and a signal is the only answer
 * left then.
 *
 * The page of zeros is mapped read-only, because .pfn_mkwrite makes mm do so and
 * call it before the first write. That one puts a page into the store, unmaps
 * the zeros everywhere and lets the access fault again. It needs VM_IO: newer
 * kernels let get_user_pages() pin no zeros that will be replaced, see
 * vm_mixed_zeropage_allowed() in mm/memory.c. fs/dax.c maps holes of files so.
 */
#include <linux/slab.h>
#include <linux/xarray.h>
#include <mmkit/describe.h>
#include <mmkit/gfp.h>
#include "compat/insert.h"
#include "map.h"

/* An xarray, because it is filled while it is read, and never moves. */
static int lazy_make(struct mmkit_store *store, const struct mmkit_memory *old,
		     struct mmkit_memory *new)
{
	struct xarray *pages = old->private;

	if (!pages) {
		pages = kzalloc(sizeof(*pages), MMKIT_GFP_BOOKKEEPING);
		if (!pages)
			return -ENOMEM;
		xa_init_flags(pages, XA_FLAGS_ACCOUNT);
	}
	new->private = pages;
	return 0;
}

static void lazy_free(struct mmkit_store *store, struct mmkit_memory *old,
		      const struct mmkit_memory *new)
{
	struct xarray *pages = old->private;
	unsigned long index;
	struct page *page;

	xa_for_each_start(pages, index, page, new->nr) {
		xa_erase(pages, index);
		put_page(page);
		cond_resched();
	}
	if (new->private)
		return;
	xa_destroy(pages);
	kfree(pages);
}

static void lazy_describe(struct mmkit_store *store, unsigned long index,
			  struct mmkit_page *out)
{
	struct page *page = xa_load(store->private, index);

	mmkit_describe(out, page ?: ZERO_PAGE(0), 0);
}

static const struct mmkit_backing lazy_backing = {
	.name = "on-write",
	.make = lazy_make,
	.free = lazy_free,
	.describe = lazy_describe,
};

static vm_fault_t map_it(struct mmkit_store *store, struct vm_fault *vmf)
{
	struct page *page = xa_load(store->private, vmf->pgoff);

	if (page && PageHWPoison(page))
		return VM_FAULT_HWPOISON;
	if (page)
		return vmf_insert_page(vmf->vma, vmf->address, page);
	return mmkit_vmf_insert_mixed(vmf, page_to_pfn(ZERO_PAGE(0)));
}

/* A write in a private area is mm's to copy, from the zeros. */
static bool wants_page(const struct vm_fault *vmf)
{
	return vmf->flags & FAULT_FLAG_WRITE && vmf->vma->vm_flags & VM_SHARED;
}

/* Under the lock for write, so that nobody maps zeros meanwhile. */
static int put_in(struct mmkit_store *store, unsigned long index,
		  struct page *page)
{
	int err;

	down_write(&store->lock);
	err = index < store->nr ?
	      xa_insert(store->private, index, page, MMKIT_GFP_BOOKKEEPING) :
	      -ENXIO;
	if (!err)
		unmap_mapping_range(store->inode->i_mapping,
				    (loff_t)index << PAGE_SHIFT, PAGE_SIZE, 0);
	up_write(&store->lock);
	return err;
}

/* Another thread may have been first: -EBUSY is as good as 0. */
static vm_fault_t make_page(struct mmkit_store *store, struct vm_fault *vmf)
{
	struct page *page = alloc_page(MMKIT_GFP_BOOKKEEPING | __GFP_HIGHMEM |
				       __GFP_ZERO);
	int err;

	if (!page)
		return VM_FAULT_SIGBUS;
	err = put_in(store, vmf->pgoff, page);
	if (err)
		put_page(page);
	return err && err != -EBUSY ? VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
}

/* Without the lock what the store has could be gone while it is looked at. */
static bool is_hole(struct mmkit_store *store, unsigned long index)
{
	bool hole;

	down_read(&store->lock);
	hole = index < store->nr && !xa_load(store->private, index);
	up_read(&store->lock);
	return hole;
}

static vm_fault_t lazy_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_NOPAGE;

	if (wants_page(vmf) && is_hole(store, vmf->pgoff))
		ret = make_page(store, vmf);
	if (!(ret & VM_FAULT_ERROR)) {
		down_read(&store->lock);
		ret = vmf->pgoff < store->nr ? map_it(store, vmf) :
					       VM_FAULT_SIGBUS;
		up_read(&store->lock);
	}
	return mmkit_store_fault_done(store, vmf, ret);
}

/* The zeros are about to be written: the access faults again, and finds a page. */
static vm_fault_t lazy_pfn_mkwrite(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;

	return mmkit_store_fault_done(store, vmf, make_page(store, vmf));
}

static const struct vm_operations_struct lazy_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = lazy_fault,
	.pfn_mkwrite = lazy_pfn_mkwrite,
};

struct mmkit_strategy mmkit_strategy_lazyzero = {
	.entry = {
		.name = "lazyzero",
		.help = "the shared page of zeros until the first write",
		.owner = THIS_MODULE,
	},
	.vm_ops = &lazy_vm_ops,
	.vm_flags = VM_MIXEDMAP | VM_IO,
	.backing = &lazy_backing,
};
