// SPDX-License-Identifier: GPL-2.0-only
/* The store: its memory, its size, its mappings. */
#include <linux/fs.h>
#include <linux/moduleparam.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <mmkit/describe.h>
#include <mmkit/trace.h>
#include "compat/vma.h"
#include "events.h"
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
	spin_lock_init(&store->events_lock);
	spin_lock_init(&store->marks_lock);
	INIT_LIST_HEAD(&store->marks);
	if (file) {
		store->inode = mmkit_inode_new();
		if (IS_ERR(store->inode)) {
			int err = PTR_ERR(store->inode);

			kfree(store);
			return err;
		}
		store->file = file;
		file->f_mapping = store->inode->i_mapping;
	}
	session->private = store;
	return 0;
}

static const struct mmkit_backing *
backing_of(const struct mmkit_strategy *strategy)
{
	return strategy->backing ?: &mmkit_backing_pages;
}

static struct mmkit_memory memory_of(const struct mmkit_store *store)
{
	return (struct mmkit_memory) {
		.nr = store->nr,
		.page = store->page,
		.private = store->private,
	};
}

static u64 cost(const struct mmkit_backing *backing, unsigned long nr)
{
	return backing->cost ? backing->cost(nr) : (u64)nr << PAGE_SHIFT;
}

/* Nothing maps @old beyond the end of @new, or at all when it is empty. */
static void give_back(struct mmkit_store *store,
		      const struct mmkit_backing *backing,
		      struct mmkit_memory *old, const struct mmkit_memory *new)
{
	if (old->nr)
		backing->free(store, old, new);
}

/* A mapping holds the file, so the last close comes after the last unmap. */
void mmkit_store_release(struct mmkit_session *session)
{
	struct mmkit_store *store = session->private;
	struct mmkit_memory memory = memory_of(store), none = {};

	mmkit_events_stop(store);
	if (store->strategy) {
		const struct mmkit_backing *backing = backing_of(store->strategy);

		give_back(store, backing, &memory, &none);
		mmkit_uncharge(session, cost(backing, memory.nr));
	}
	strategy_put(store->strategy);
	mmkit_mmap_forget(store);
	if (store->inode)
		mmkit_inode_free(store->inode);
	kfree(store);
}

/**
 * struct change - what a call of mmkit_store_set() is about to change
 * @strategy: to be set; after publish() the one to let go of
 * @tune: its number
 * @backing: of the new memory
 * @old: the memory now, empty when it is of another backing
 * @new: the memory to be
 * @opens: areas that had mapped the store before @new was made
 */
struct change {
	struct mmkit_strategy *strategy;
	u64 tune;
	const struct mmkit_backing *backing;
	struct mmkit_memory old;
	struct mmkit_memory new;
	s64 opens;
};

/* Was the old memory mapped while the new one was made of its content? */
static bool in_use(const struct mmkit_store *store, const struct change *c)
{
	if (atomic_read(&store->maps))
		return store->strategy != c->strategy || c->new.moved ||
		       (c->strategy->fixed && c->new.nr < store->nr);
	return c->new.moved && atomic64_read(&store->opens) != c->opens;
}

/* The memory and the strategy change together or not at all. */
static int publish(struct mmkit_store *store, struct change *c)
{
	int err = 0;

	down_write(&store->lock);
	if (in_use(store, c)) {
		err = -EBUSY;
	} else {
		store->page = c->new.page;
		store->nr = c->new.nr;
		store->private = c->new.private;
		store->tune = c->tune;
		swap(store->strategy, c->strategy);
	}
	up_write(&store->lock);
	return err;
}

/*
 * No new fault finds the pages that were cut off. First those faults and those
 * mmap()s end that are under way, then nobody maps the pages. One that fails has
 * mapped pages, too, until mm has cleared them away, and is not counted.
 */
static void revoke(struct mmkit_store *store, const struct change *c)
{
	if (c->new.moved)
		mmkit_mmap_wait(store);
	if (!store->inode || c->new.nr >= c->old.nr)
		return;
	if (c->backing->settle)
		c->backing->settle(store, &c->old);
	mmkit_mmap_wait(store);
	/* Up to where it was, not to the end: the event ring lies behind it. */
	unmap_mapping_range(store->inode->i_mapping,
			    (loff_t)c->new.nr << PAGE_SHIFT,
			    (loff_t)(c->old.nr - c->new.nr) << PAGE_SHIFT, 1);
}

/* From one size to another, of the same kind of memory. */
static int resize(struct mmkit_store *store, struct change *c)
{
	int err = 0;

	if (c->new.nr)
		err = c->backing->make(store, &c->old, &c->new);
	if (err)
		return err;
	err = publish(store, c);
	if (err) {
		give_back(store, c->backing, &c->new, &c->old);
		return err;
	}
	revoke(store, c);
	give_back(store, c->backing, &c->old, &c->new);
	return 0;
}

/* What there is at worst besides the memory that the store had. */
static u64 extra(const struct change *c, u64 before, u64 after)
{
	if (c->backing->whole && c->new.nr != c->old.nr)
		return after;
	return after > before ? after - before : 0;
}

/* What is charged is at no time less than what is there. */
static int resize_charged(struct mmkit_store *store, struct change *c)
{
	u64 before = cost(c->backing, c->old.nr);
	u64 after = cost(c->backing, c->new.nr);
	u64 more = extra(c, before, after);
	int err;

	err = mmkit_charge(store->session, more);
	if (err)
		return err;
	err = resize(store, c);
	mmkit_uncharge(store->session, err ? more : before + more - after);
	return err;
}

/*
 * The memory is of another kind from now on. Only a store that nothing maps
 * changes its strategy, so the old memory is nobody's once the new one is set.
 */
static int replace(struct mmkit_store *store, struct change *c)
{
	const struct mmkit_backing *backing = backing_of(store->strategy);
	struct mmkit_memory old = memory_of(store), none = {};
	int err;

	err = resize_charged(store, c);
	if (err)
		return err;
	/* For an mmap() that failed, as in revoke(). */
	mmkit_mmap_wait(store);
	give_back(store, backing, &old, &none);
	mmkit_uncharge(store->session, cost(backing, old.nr));
	return 0;
}

static int change(struct mmkit_store *store, struct change *c)
{
	c->backing = backing_of(c->strategy);
	c->opens = atomic64_read(&store->opens);
	if (store->strategy && backing_of(store->strategy) != c->backing)
		return replace(store, c);
	c->old = memory_of(store);
	return resize_charged(store, c);
}

static const char *name_or_default(const struct mmkit_store *store,
				   const char *name)
{
	if (*name)
		return name;
	return store->strategy ? store->strategy->entry.name : "page";
}

/* Zero keeps the number, or is the default of a strategy that is new. */
static int set_tune(const struct mmkit_store *store, struct change *c, u64 tune)
{
	if (tune > c->strategy->tune_max)
		return -EINVAL;
	c->tune = tune ?: c->strategy == store->strategy ?
		  store->tune : c->strategy->tune_default;
	return 0;
}

/* What a store has already it keeps. */
static bool is_missing(const struct mmkit_store *store,
		       const struct mmkit_strategy *strategy)
{
	return strategy != store->strategy && strategy->missing &&
	       strategy->missing();
}

/* More would not be a machine's memory. */
#define STORE_BYTES_MAX	BIT_ULL(40)

/**
 * mmkit_store_set() - Give a store a size and a strategy.
 * @store: whose session->lock is held
 * @set: what is asked for; the name ends inside of its array
 *
 * Context: Process.
 * Return: 0, -EINVAL the size or the strategy's number, -ENOENT no such
 * strategy, -EOPNOTSUPP one that is absent here, -EBUSY another strategy or
 * memory that must move while pages are mapped, -EDQUOT, -ENOMEM, -EINTR, or
 * what the backing says. After an error the store is as it was.
 */
int mmkit_store_set(struct mmkit_store *store, const struct mmkit_map_set *set)
{
	const char *name = name_or_default(store, set->strategy);
	struct change c = { .new.nr = set->bytes >> PAGE_SHIFT };
	int err;

	lockdep_assert_held(&store->session->lock);

	if (!PAGE_ALIGNED(set->bytes) || set->bytes > STORE_BYTES_MAX)
		return -EINVAL;
	c.strategy = strategy_get(name);
	if (!c.strategy)
		return mmkit_strategy_is_absent(name) ? -EOPNOTSUPP : -ENOENT;
	err = is_missing(store, c.strategy) ? -EOPNOTSUPP :
	      set_tune(store, &c, set->tune);
	if (!err)
		err = change(store, &c);
	strategy_put(c.strategy);
	return err;
}

/**
 * mmkit_store_describe() - Describe a page of a store.
 * @store: whose session->lock is held
 * @index: of the page, inside the store
 * @out: zeroed
 *
 * session->lock keeps the store's size, so its own lock is not needed.
 *
 * Context: Process.
 */
void mmkit_store_describe(struct mmkit_store *store, unsigned long index,
			  struct mmkit_page *out)
{
	const struct mmkit_backing *backing = backing_of(store->strategy);

	if (backing->describe)
		backing->describe(store, index, out);
	else
		mmkit_describe(out, store->page[index], 0);
}

/*
 * A page frame without a page's reference count cannot be copied on write by
 * mm: what is private stays read-only, or is refused.
 */
static int refuse_copies(struct vm_area_struct *vma)
{
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) != VM_MAYWRITE)
		return 0;
	if (vma->vm_flags & VM_WRITE)
		return -EINVAL;
	mmkit_vm_flags_clear(vma, VM_MAYWRITE);
	return 0;
}

static int mmap_locked(struct mmkit_store *store, struct vm_area_struct *vma)
{
	const struct mmkit_strategy *strategy = store->strategy;
	int err = 0;

	lockdep_assert_held(&store->lock);

	if (!strategy || vma->vm_pgoff > store->nr ||
	    vma_pages(vma) > store->nr - vma->vm_pgoff)
		return -EINVAL;
	if (atomic_read(&store->maps) >= READ_ONCE(max_maps))
		return -EDQUOT;
	if (strategy->vm_flags & VM_PFNMAP)
		err = refuse_copies(vma);
	if (!err && strategy->mmap)
		err = mmkit_mmap_mark(store, vma->vm_mm);
	if (err)
		return err;
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
 * Return: 0, -EINVAL outside of the store or a private mapping that the
 * strategy cannot copy, -EDQUOT too many areas, or what the strategy said.
 */
int mmkit_store_mmap(struct mmkit_session *session, struct vm_area_struct *vma)
{
	struct mmkit_store *store = session->private;
	int err;

	if (vma->vm_pgoff >= MMKIT_EVENTS_PGOFF)
		return mmkit_events_mmap(store, vma);
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
 * Context: Process. mmap_lock is held, at the end of munmap() for read.
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

/* Somebody listens. */
static noinline vm_fault_t fault_told(struct mmkit_store *store,
				      const struct vm_fault *vmf,
				      vm_fault_t ret)
{
	mmkit_event_fault(store, vmf, ret);
	trace_mmkit_fault(store->session->id, store->strategy->entry.name,
			  vmf->pgoff, vmf->flags & FAULT_FLAG_WRITE, ret);
	return ret;
}

/**
 * mmkit_store_fault_done() - Count, trace and record a fault.
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
	if (mmkit_events_on() || trace_mmkit_fault_enabled())
		return fault_told(store, vmf, ret);
	return ret;
}
EXPORT_SYMBOL_GPL(mmkit_store_fault_done);
