// SPDX-License-Identifier: GPL-2.0-only
/* The store: its pages, its size, its mappings. */
#include <linux/fs.h>
#include <linux/moduleparam.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include <mmkit/trace.h>
#include "compat/vma.h"
#include "map.h"

static unsigned int max_maps = 65536;
module_param(max_maps, uint, 0644);
MODULE_PARM_DESC(max_maps, "areas that may map one store");

/*
 * A strategy of another module holds that module while it is set. One of ours
 * needs no hold, and must not have one: the control file's store lives as long
 * as this module does.
 */
static void strategy_put(struct mmkit_strategy *strategy)
{
	if (strategy && strategy->entry.owner != THIS_MODULE)
		mmkit_entry_put(&strategy->entry);
}

static struct mmkit_strategy *strategy_get(const char *name)
{
	struct mmkit_entry *entry = mmkit_entry_get(MMKIT_KIND_STRATEGY, name);

	if (!entry)
		return NULL;
	if (entry->owner == THIS_MODULE)
		mmkit_entry_put(entry);
	return container_of(entry, struct mmkit_strategy, entry);
}

int mmkit_store_open(struct mmkit_session *session, struct file *file)
{
	struct mmkit_store *store;

	store = kzalloc(sizeof(*store), GFP_KERNEL_ACCOUNT);
	if (!store)
		return -ENOMEM;
	store->session = session;
	init_rwsem(&store->lock);
	if (file) {
		store->inode = mmkit_inode_new();
		if (IS_ERR(store->inode)) {
			int err = PTR_ERR(store->inode);

			kfree(store);
			return err;
		}
		file->f_mapping = store->inode->i_mapping;
	}
	session->private = store;
	return 0;
}

static void free_pages_from(struct page **page, unsigned long first,
			    unsigned long end)
{
	unsigned long i;

	for (i = first; i < end; i++) {
		put_page(page[i]);
		cond_resched();
	}
}

/* A mapping holds the file, so the last close comes after the last unmap. */
void mmkit_store_release(struct mmkit_session *session)
{
	struct mmkit_store *store = session->private;

	free_pages_from(store->page, 0, store->nr);
	mmkit_uncharge(session, (u64)store->nr << PAGE_SHIFT);
	kvfree(store->page);
	strategy_put(store->strategy);
	if (store->inode)
		mmkit_inode_free(store->inode);
	kfree(store);
}

/* Zeroed, because user space will see it. */
static int fill(struct page **page, unsigned long first, unsigned long end)
{
	const gfp_t gfp = MMKIT_GFP_BOOKKEEPING | __GFP_HIGHMEM | __GFP_ZERO;
	unsigned long i;
	int err = 0;

	for (i = first; i < end && !err; i++) {
		page[i] = fatal_signal_pending(current) ? NULL :
							  alloc_page(gfp);
		if (!page[i])
			err = fatal_signal_pending(current) ? -EINTR : -ENOMEM;
		cond_resched();
	}
	if (err)
		free_pages_from(page, first, i - 1);
	return err;
}

/*
 * The size and the strategy change together or not at all. @strategy comes back
 * as the one to let go of: what was set before, or what could not be set.
 */
static int publish(struct mmkit_store *store, struct page **page,
		   unsigned long nr, struct mmkit_strategy **strategy)
{
	int err = 0;

	down_write(&store->lock);
	if (store->strategy != *strategy && atomic_read(&store->maps)) {
		err = -EBUSY;
	} else {
		store->page = page;
		store->nr = nr;
		swap(store->strategy, *strategy);
	}
	up_write(&store->lock);
	return err;
}

static int grow(struct mmkit_store *store, unsigned long nr,
		struct mmkit_strategy **strategy)
{
	struct page **old = store->page;
	struct page **page;
	int err;

	page = kvmalloc_array(nr, sizeof(*page), MMKIT_GFP_BOOKKEEPING);
	if (!page)
		return -ENOMEM;
	if (old)
		memcpy(page, old, array_size(store->nr, sizeof(*page)));
	err = fill(page, store->nr, nr);
	if (err)
		goto free_array;
	err = publish(store, page, nr, strategy);
	if (err)
		goto free_pages;
	kvfree(old);
	return 0;

free_pages:
	free_pages_from(page, store->nr, nr);
free_array:
	kvfree(page);
	return err;
}

/*
 * A fault that saw the old size holds its page's lock until it has mapped it.
 * Which page that is only the strategy knows.
 */
static void wait_for_faults(struct page **page, unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		lock_page(page[i]);
		unlock_page(page[i]);
		cond_resched();
	}
}

/*
 * First no new fault finds the pages, then those under way end, then nobody
 * maps them, and only then are they freed.
 */
static int shrink(struct mmkit_store *store, unsigned long nr,
		  struct mmkit_strategy **strategy)
{
	struct page **page = store->page;
	unsigned long old = store->nr;
	int err;

	err = publish(store, nr ? page : NULL, nr, strategy);
	if (err || nr == old)
		return err;
	if (store->inode) {
		wait_for_faults(page, old);
		unmap_mapping_range(store->inode->i_mapping,
				    (loff_t)nr << PAGE_SHIFT, 0, 1);
	}
	free_pages_from(page, nr, old);
	if (!nr)
		kvfree(page);
	return 0;
}

/* More would not be a machine's memory. */
#define STORE_BYTES_MAX	BIT_ULL(40)

static int resize(struct mmkit_store *store, u64 bytes,
		  struct mmkit_strategy **strategy)
{
	struct mmkit_session *session = store->session;
	u64 old = (u64)store->nr << PAGE_SHIFT;
	int err;

	if (bytes <= old) {
		err = shrink(store, bytes >> PAGE_SHIFT, strategy);
		if (!err)
			mmkit_uncharge(session, old - bytes);
		return err;
	}
	err = mmkit_charge(session, bytes - old);
	if (err)
		return err;
	err = grow(store, bytes >> PAGE_SHIFT, strategy);
	if (err)
		mmkit_uncharge(session, bytes - old);
	return err;
}

static const char *name_or_default(const struct mmkit_store *store,
				   const char *name)
{
	if (*name)
		return name;
	return store->strategy ? store->strategy->entry.name : "page";
}

/**
 * mmkit_store_set() - Give a store a size and a strategy.
 * @store: whose session->lock is held
 * @bytes: multiple of the page size, 0 to give the pages back
 * @name: of the strategy, NUL-terminated; empty for the one that is set, or
 *	"page"
 *
 * Context: Process.
 * Return: 0, -EINVAL the size, -ENOENT no such strategy, -EBUSY another
 * strategy while pages are mapped, -EDQUOT, -ENOMEM, -EINTR. After an error
 * the store is as it was.
 */
int mmkit_store_set(struct mmkit_store *store, u64 bytes, const char *name)
{
	struct mmkit_strategy *strategy;
	int err;

	lockdep_assert_held(&store->session->lock);

	if (!PAGE_ALIGNED(bytes) || bytes > STORE_BYTES_MAX)
		return -EINVAL;
	strategy = strategy_get(name_or_default(store, name));
	if (!strategy)
		return -ENOENT;
	err = resize(store, bytes, &strategy);
	strategy_put(strategy);
	return err;
}

static int mmap_locked(struct mmkit_store *store, struct vm_area_struct *vma)
{
	const struct mmkit_strategy *strategy = store->strategy;

	lockdep_assert_held(&store->lock);

	if (!strategy || vma->vm_pgoff > store->nr ||
	    vma_pages(vma) > store->nr - vma->vm_pgoff)
		return -EINVAL;
	if (atomic_read(&store->maps) >= READ_ONCE(max_maps))
		return -EDQUOT;
	/* Not past the end by mremap(), and not into a core dump. */
	mmkit_vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP |
				strategy->vm_flags);
	vma->vm_private_data = store;
	vma->vm_ops = strategy->vm_ops;
	return strategy->mmap ? strategy->mmap(store, vma) : 0;
}

/**
 * mmkit_store_mmap() - mmap() of the device.
 * @session: of the file
 * @vma: the area
 *
 * Context: Process. mmap_lock is held for write.
 * Return: 0, -EINVAL outside of the store, -EDQUOT too many areas, or what the
 * strategy said.
 */
int mmkit_store_mmap(struct mmkit_session *session, struct vm_area_struct *vma)
{
	struct mmkit_store *store = session->private;
	int err;

	down_read(&store->lock);
	err = mmap_locked(store, vma);
	if (!err)
		mmkit_store_vm_open(vma);
	up_read(&store->lock);
	return err;
}

/**
 * mmkit_store_vm_open() - An area maps the store: by mmap, fork or a split.
 * @vma: the area
 *
 * Context: Process. mmap_lock is held for write.
 */
void mmkit_store_vm_open(struct vm_area_struct *vma)
{
	struct mmkit_store *store = vma->vm_private_data;

	atomic_inc(&store->maps);
	atomic64_inc(&store->opens);
}
EXPORT_SYMBOL_GPL(mmkit_store_vm_open);

/**
 * mmkit_store_vm_close() - An area does not map the store any more.
 * @vma: the area
 *
 * Context: Process. mmap_lock is held for write.
 */
void mmkit_store_vm_close(struct vm_area_struct *vma)
{
	struct mmkit_store *store = vma->vm_private_data;

	atomic_dec(&store->maps);
}
EXPORT_SYMBOL_GPL(mmkit_store_vm_close);

/**
 * mmkit_store_vm_may_split() - May an area become two?
 * @vma: the area
 * @addr: where
 *
 * Context: Process. mmap_lock is held for write.
 * Return: 0, -EDQUOT too many areas.
 */
int mmkit_store_vm_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	struct mmkit_store *store = vma->vm_private_data;

	return atomic_read(&store->maps) < READ_ONCE(max_maps) ? 0 : -EDQUOT;
}
EXPORT_SYMBOL_GPL(mmkit_store_vm_may_split);

/**
 * mmkit_store_give_page() - Have mm map a page of the store.
 * @vmf: the fault
 * @page: of the store
 *
 * The page is returned locked, and stays so until mm has mapped it: whoever
 * cuts pages off the store waits for that lock before it unmaps them. A
 * poisoned page must not reach mm, which would look for its mapping.
 *
 * Context: of the fault handler. store->lock is held for read.
 * Return: VM_FAULT_LOCKED, VM_FAULT_HWPOISON, VM_FAULT_SIGBUS when the page's
 * reference count is exhausted.
 */
vm_fault_t mmkit_store_give_page(struct vm_fault *vmf, struct page *page)
{
	if (!try_get_page(page))
		return VM_FAULT_SIGBUS;
	lock_page(page);
	if (PageHWPoison(page)) {
		unlock_page(page);
		put_page(page);
		return VM_FAULT_HWPOISON;
	}
	vmf->page = page;
	return VM_FAULT_LOCKED;
}
EXPORT_SYMBOL_GPL(mmkit_store_give_page);

/**
 * mmkit_store_fault_done() - Count and trace a fault.
 * @store: that was faulted on
 * @vmf: the fault
 * @ret: what the handler found
 *
 * Context: of the fault handler.
 * Return: @ret.
 */
vm_fault_t mmkit_store_fault_done(struct mmkit_store *store,
				  const struct vm_fault *vmf, vm_fault_t ret)
{
	atomic64_inc(ret & VM_FAULT_ERROR ? &store->sigbus : &store->faults);
	trace_mmkit_fault(store->session->id, store->strategy->entry.name,
			  vmf->pgoff, vmf->flags & FAULT_FLAG_WRITE, ret);
	return ret;
}
EXPORT_SYMBOL_GPL(mmkit_store_fault_done);
