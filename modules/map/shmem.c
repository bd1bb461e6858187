// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "shmem": the store is a tmpfs file, and the area becomes that file's.
 *
 * What it gives: pages that come when they are touched, are swapped out when
 * memory is short, follow a NUMA policy, and everything that mm does for files.
 * What it costs: the mapping belongs to the file from then on. Whoever counts
 * areas must wrap the file's operations, and hold whatever their own file held.
 *
 * vma_set_file() in mm/util.c; drivers/gpu/drm/i915/gem/i915_gem_dmabuf.c.
 * Operations are wrapped in fs/kernfs/file.c.
 */
#include <linux/file.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <mmkit/describe.h>
#include "compat/shmem.h"
#include "map.h"

static int shmem_make(struct mmkit_store *store, const struct mmkit_memory *old,
		      struct mmkit_memory *new)
{
	struct file *file = old->private;
	loff_t size = (loff_t)new->nr << PAGE_SHIFT;
	int err = 0;

	if (!file)
		file = mmkit_shmem_file("mmkit", size);
	else if (new->nr > old->nr)
		err = vfs_truncate(&file->f_path, size);
	if (IS_ERR(file))
		return PTR_ERR(file);
	new->private = file;
	return err;
}

/* Truncating unmaps what is cut off, from every process, and then frees it. */
static void shmem_free(struct mmkit_store *store, struct mmkit_memory *old,
		       const struct mmkit_memory *new)
{
	struct file *file = old->private;

	if (new->nr < old->nr)
		vfs_truncate(&file->f_path, (loff_t)new->nr << PAGE_SHIFT);
	if (!new->private)
		fput(file);
}

/* The page that is there now, if one is. */
static void shmem_describe(struct mmkit_store *store, unsigned long index,
			   struct mmkit_page *out)
{
	struct file *file = store->private;
	struct page *page = find_get_page(file->f_mapping, index);

	if (!page) {
		out->state = MMKIT_PAGE_NOPAGE;
		return;
	}
	mmkit_describe(out, page, 0);
	/* Ours. */
	out->refcount--;
	put_page(page);
}

static const struct mmkit_backing shmem_backing = {
	.name = "tmpfs",
	.make = shmem_make,
	.free = shmem_free,
	.describe = shmem_describe,
};

static const struct vm_operations_struct *theirs;

/*
 * What tmpfs has it try again was no fault yet; and it has let go of mmap_lock then,
 * so that area and store may be gone.
 */
static vm_fault_t shmem_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = theirs->fault(vmf);

	if (ret & VM_FAULT_RETRY)
		return ret;
	return mmkit_store_fault_done(store, vmf, ret);
}

/*
 * mm asks this first of a page that is read, and .fault only when it maps nothing:
 * what was mapped by it was a fault, too. Nothing sleeps in here.
 */
static vm_fault_t shmem_map_pages(struct vm_fault *vmf, pgoff_t start,
				  pgoff_t end)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = theirs->map_pages(vmf, start, end);

	return ret ? mmkit_store_fault_done(store, vmf, ret) : 0;
}

/* The area holds tmpfs's file instead of ours, so each holds ours besides. */
static void shmem_open(struct vm_area_struct *vma)
{
	struct mmkit_store *store = vma->vm_private_data;

	get_file(store->file);
	mmkit_store_vm_open(vma);
}

static void shmem_close(struct vm_area_struct *vma)
{
	struct mmkit_store *store = vma->vm_private_data;
	struct file *file = store->file;

	mmkit_store_vm_close(vma);
	fput(file);
}

/* .set_policy, .get_policy and what a kernel has more are tmpfs's. */
static struct vm_operations_struct wrapped = {
	.open = shmem_open,
	.close = shmem_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = shmem_fault,
	.map_pages = shmem_map_pages,
};

static DEFINE_MUTEX(wrap_lock);	/* protects @wrapped and @theirs until set */

static void wrap(const struct vm_operations_struct *vm_ops)
{
	struct vm_operations_struct ops = *vm_ops;

	mutex_lock(&wrap_lock);
	if (!theirs) {
		ops.open = wrapped.open;
		ops.close = wrapped.close;
		ops.may_split = wrapped.may_split;
		ops.fault = wrapped.fault;
		ops.map_pages = vm_ops->map_pages ? wrapped.map_pages : NULL;
		theirs = vm_ops;
		wrapped = ops;
	}
	mutex_unlock(&wrap_lock);
}

static int shmem_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	int err;

	vma_set_file(vma, store->private);
	err = mmkit_vfs_mmap(store->private, vma);
	/* A file with mmap_prepare leaves nothing of what was there. */
	vma->vm_private_data = store;
	if (err)
		return err;
	wrap(vma->vm_ops);
	vma->vm_ops = &wrapped;
	get_file(store->file);
	return 0;
}

struct mmkit_strategy mmkit_strategy_shmem = {
	.entry = {
		.name = "shmem",
		.help = "a tmpfs file is the store; its pages can be swapped",
		.owner = THIS_MODULE,
	},
	.vm_ops = &wrapped,
	.backing = &shmem_backing,
	.mmap = shmem_mmap,
};
