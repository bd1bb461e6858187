/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory behind a session of the map device, and who maps it how. */
#ifndef _MMKIT_STORE_H
#define _MMKIT_STORE_H

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <mmkit/map.h>
#include <mmkit/registry.h>
#include <mmkit/session.h>

struct mmkit_ring;
struct mmkit_store;

/**
 * struct mmkit_memory - what a store is made of; replaced in one step
 * @nr: pages that can be mapped
 * @page: them, or NULL where the backing finds them otherwise
 * @private: the backing's own
 * @moved: set by .make: what was mapped of the old memory is not in this one,
 *	so it cannot take the old one's place while anything maps it
 */
struct mmkit_memory {
	unsigned long nr;
	struct page **page;
	void *private;
	bool moved;
};

/**
 * struct mmkit_backing - where the memory of a store comes from
 * @name: one word
 * @cost: bytes to charge for so many pages, or NULL: that many pages' bytes
 * @whole: it is one piece, and of another size another one, beside the first for a while
 * @make: fills @new, whose @nr is set and not zero, from @old: keeps what both
 *	have, adds what is missing, zeroed. @old is what the store has, or empty.
 *	Changes nothing that a fault could see. Returns 0 or an errno.
 * @settle: waits until every fault that found a page of @old has mapped it.
 *	No new one finds what is cut off. NULL for a strategy that maps under
 *	store->lock.
 * @free: gives back what @old has and @new has not, which nothing maps any more;
 *	everything when @new->nr is zero. Also undoes .make, with the two
 *	changing places.
 * @describe: describes the page at @index; NULL takes it from @page
 *
 * All are called with session->lock held, or for the last time when the session
 * ends, and without store->lock. They may sleep and allocate.
 */
struct mmkit_backing {
	const char *name;
	u64 (*cost)(unsigned long nr);
	bool whole;
	int (*make)(struct mmkit_store *store, const struct mmkit_memory *old,
		    struct mmkit_memory *new);
	void (*settle)(struct mmkit_store *store,
		       const struct mmkit_memory *old);
	void (*free)(struct mmkit_store *store, struct mmkit_memory *old,
		     const struct mmkit_memory *new);
	void (*describe)(struct mmkit_store *store, unsigned long index,
			 struct mmkit_page *out);
};

/* Single zeroed pages, reference-counted: what a strategy gets that names none. */
extern const struct mmkit_backing mmkit_backing_pages;

/**
 * struct mmkit_store - memory that a session maps
 * @session: whose it is; lives as long as the file, and so as any mapping
 * @file: the session's, not held: it lives as long as the session. NULL for a
 *	control file's.
 * @inode: its own page cache root, so that unmapping finds this store's
 *	mappings and no others; NULL for a control file's
 * @lock: protects the five below. Taken for read by mmap and by every fault,
 *	after mmap_lock; for write by MMKIT_MAP_SET, after session->lock. A
 *	strategy may allocate under it in its fault handler, since nothing that
 *	reclaims memory takes it.
 * @strategy: how it is mapped, NULL before the first MMKIT_MAP_SET
 * @tune: the strategy's number, see struct mmkit_map_set
 * @page: the pages, where the backing has such an array
 * @nr: how many pages can be mapped
 * @private: the backing's own
 * @marks_lock: protects the next, inside of the others
 * @marks: address spaces that mapped it at mmap(), see map/mmaps.c
 * @maps: areas that map it now
 * @opens: areas that ever did
 * @faults: served
 * @sigbus: refused
 * @events: ring that user space reads faults from, or NULL. Changes under @lock
 *	and @events_lock, with session->lock held.
 * @events_lock: taken for every record, so nothing sleeps under it
 */
struct mmkit_store {
	struct mmkit_session *session;
	struct file *file;
	struct inode *inode;
	struct rw_semaphore lock;
	struct mmkit_strategy *strategy;
	u64 tune;
	struct page **page;
	unsigned long nr;
	void *private;
	spinlock_t marks_lock;	/* protects the list */
	struct list_head marks;
	atomic_t maps;
	atomic64_t opens;
	atomic64_t faults;
	atomic64_t sigbus;
	struct mmkit_ring *events;
	spinlock_t events_lock;	/* one record at a time */
};

/**
 * struct mmkit_strategy - a way to serve a mapping
 * @entry: name, help and owner
 * @vm_ops: of the areas; .open, .close and .may_split are the store's
 *	functions below, or end by calling them: after that of .close another
 *	strategy may be set, and the module of this one may go
 * @vm_flags: VM_x to set besides VM_DONTEXPAND and VM_DONTDUMP. One with
 *	VM_PFNMAP is never asked for a private mapping that could be written.
 * @backing: where the memory comes from, NULL for %mmkit_backing_pages. When
 *	another strategy is set the store keeps its content if both have the
 *	same, and starts anew, zeroed, if not.
 * @tune: what a number given with MMKIT_MAP_SET means, or NULL: it takes none
 * @tune_default: what it is when none is given
 * @tune_max: the largest
 * @note: what user space should know about it on this kernel, or NULL. Of one
 *	that is absent it is the reason.
 * @fixed: what is mapped stays so until munmap(): a smaller store is -EBUSY. For
 *	remap_pfn_range() and what calls it, which on x86 notes an area as one piece
 *	(VM_PAT); taking pages out of it while another thread splits it ends in a
 *	WARN of untrack_pfn() in arch/x86/mm/pat/memtype.c.
 * @missing: why it cannot be set at the moment, or NULL when it can; NULL for one
 *	that always can. Called without locks of the store's.
 * @anchor: the physical address of the store's first byte, so that areas go where
 *	pieces of 1 GiB can be mapped, or NULL: that is no matter. store->lock is
 *	held for read.
 * @mmap: maps at mmap(), or NULL. store->lock is held for read, and the area
 *	lies inside the store.
 * @log: writes a bit for each page of [first, first + nr), which lies inside
 *	the store: what the strategy noted about it since it was cleared, and
 *	clears it when @clear says so. NULL when it notes nothing. Called with
 *	session->lock held, without store->lock.
 * @node: in the map module's list, protected by its lock
 */
struct mmkit_strategy {
	struct mmkit_entry entry;
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_flags;
	const struct mmkit_backing *backing;
	const char *tune;
	u64 tune_default;
	u64 tune_max;
	const char *note;
	bool fixed;
	const char *(*missing)(void);
	u64 (*anchor)(const struct mmkit_store *store);
	int (*mmap)(struct mmkit_store *store, struct vm_area_struct *vma);
	int (*log)(struct mmkit_store *store, unsigned long first,
		   unsigned long nr, unsigned long *bits, bool clear);
	struct list_head node;
};

int mmkit_strategy_register(struct mmkit_strategy *strategy);
void mmkit_strategy_unregister(struct mmkit_strategy *strategy);

void mmkit_store_vm_open(struct vm_area_struct *vma);
void mmkit_store_vm_close(struct vm_area_struct *vma);
int mmkit_store_vm_may_split(struct vm_area_struct *vma, unsigned long addr);
vm_fault_t mmkit_store_give_page(struct vm_fault *vmf, struct page *page);
vm_fault_t mmkit_store_fault_done(struct mmkit_store *store,
				  const struct vm_fault *vmf, vm_fault_t ret);

#endif
