/* SPDX-License-Identifier: GPL-2.0-only */
/* The pages behind a session of the map device, and who maps them how. */
#ifndef _MMKIT_STORE_H
#define _MMKIT_STORE_H

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <mmkit/registry.h>
#include <mmkit/session.h>

/**
 * struct mmkit_store - pages that a session maps
 * @session: whose it is; lives as long as the file, and so as any mapping
 * @inode: its own page cache root, so that unmapping finds this store's
 *	mappings and no others; NULL for a control file's
 * @lock: protects the three below. Taken for read by mmap and by every fault,
 *	after mmap_lock; for write by MMKIT_MAP_SET, after session->lock.
 *	Nothing is allocated under it.
 * @strategy: how it is mapped, NULL before the first MMKIT_MAP_SET
 * @page: the pages
 * @nr: how many
 * @maps: areas that map it now
 * @opens: areas that ever did
 * @faults: served
 * @sigbus: refused
 */
struct mmkit_store {
	struct mmkit_session *session;
	struct inode *inode;
	struct rw_semaphore lock;
	struct mmkit_strategy *strategy;
	struct page **page;
	unsigned long nr;
	atomic_t maps;
	atomic64_t opens;
	atomic64_t faults;
	atomic64_t sigbus;
};

/**
 * struct mmkit_strategy - a way to serve a mapping
 * @entry: name, help and owner
 * @vm_ops: of the areas; .open, .close and .may_split are the store's
 *	functions below, or end by calling them: after that of .close another
 *	strategy may be set, and the module of this one may go
 * @vm_flags: VM_x to set besides VM_DONTEXPAND and VM_DONTDUMP
 * @mmap: maps at mmap(), or NULL. store->lock is held for read, and the area
 *	lies inside the store.
 */
struct mmkit_strategy {
	struct mmkit_entry entry;
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_flags;
	int (*mmap)(struct mmkit_store *store, struct vm_area_struct *vma);
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
