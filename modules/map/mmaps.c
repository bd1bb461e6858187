// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is in the middle of mmap()?
 *
 * An area is in the inode's tree, where unmap_mapping_range() finds it, only
 * after .mmap has returned. A strategy that maps at mmap() has its pages in the
 * page tables before that, so that a store which shrinks at this moment would
 * unmap nothing, and free pages that are mapped. All of it happens under
 * mmap_lock, so that whoever takes that once knows that the area is in the tree.
 * drivers/vfio/pci/vfio_pci_core.c maps in its fault handler for this reason.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include "map.h"

struct mmap_mark {
	struct list_head node;
	struct mm_struct *mm;
};

static bool known(const struct mmkit_store *store, const struct mm_struct *mm)
{
	const struct mmap_mark *mark;

	lockdep_assert_held(&store->marks_lock);
	list_for_each_entry(mark, &store->marks, node)
		if (mark->mm == mm)
			return true;
	return false;
}

/**
 * mmkit_mmap_mark() - Note that an address space is about to map a store.
 * @store: it
 * @mm: whose mmap_lock is held for write; its users are not counted, so that a
 *	process that ends is not kept
 *
 * Context: of mmap(), before pages are mapped. store->lock is held for read.
 * Return: 0, -ENOMEM.
 */
int mmkit_mmap_mark(struct mmkit_store *store, struct mm_struct *mm)
{
	struct mmap_mark *mark = kmalloc(sizeof(*mark), MMKIT_GFP_BOOKKEEPING);

	if (!mark)
		return -ENOMEM;
	mark->mm = mm;
	spin_lock(&store->marks_lock);
	if (!known(store, mm)) {
		mmgrab(mm);
		list_add(&mark->node, &store->marks);
		mark = NULL;
	}
	spin_unlock(&store->marks_lock);
	kfree(mark);
	return 0;
}

static void each_mark(struct mmkit_store *store,
		      void (*visit)(struct mm_struct *mm))
{
	struct mmap_mark *mark, *next;
	LIST_HEAD(marks);

	spin_lock(&store->marks_lock);
	list_splice_init(&store->marks, &marks);
	spin_unlock(&store->marks_lock);
	list_for_each_entry_safe(mark, next, &marks, node) {
		if (visit)
			visit(mark->mm);
		mmdrop(mark->mm);
		kfree(mark);
	}
}

static void pass(struct mm_struct *mm)
{
	mmap_read_lock(mm);
	mmap_read_unlock(mm);
}

/**
 * mmkit_mmap_wait() - Wait until every area that was marked is in its tree.
 * @store: whose session->lock is held, and in which no new mmap() finds what it
 *	must not find
 *
 * Context: Process.
 */
void mmkit_mmap_wait(struct mmkit_store *store)
{
	each_mark(store, pass);
}

/**
 * mmkit_mmap_forget() - Forget the marks.
 * @store: that nothing maps any more
 *
 * Context: Process.
 */
void mmkit_mmap_forget(struct mmkit_store *store)
{
	each_mark(store, NULL);
}
