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

/* Is it marked? Where nobody runs any more no mmap() is under way: those are taken out. */
static bool is_marked(struct mmkit_store *store, const struct mm_struct *mm,
		      struct list_head *dead)
{
	struct mmap_mark *mark, *next;
	bool found = false;

	lockdep_assert_held(&store->marks_lock);
	list_for_each_entry_safe(mark, next, &store->marks, node) {
		found |= mark->mm == mm;
		if (!atomic_read(&mark->mm->mm_users))
			list_move(&mark->node, dead);
	}
	return found;
}

static void drop_marks(struct list_head *marks)
{
	struct mmap_mark *mark, *next;

	list_for_each_entry_safe(mark, next, marks, node) {
		mmdrop(mark->mm);
		kfree(mark);
	}
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
	LIST_HEAD(dead);

	if (!mark)
		return -ENOMEM;
	mark->mm = mm;
	spin_lock(&store->marks_lock);
	if (!is_marked(store, mm, &dead)) {
		mmgrab(mm);
		list_add(&mark->node, &store->marks);
		mark = NULL;
	}
	spin_unlock(&store->marks_lock);
	kfree(mark);
	drop_marks(&dead);
	return 0;
}

static void take_all(struct mmkit_store *store, struct list_head *marks)
{
	spin_lock(&store->marks_lock);
	list_splice_init(&store->marks, marks);
	spin_unlock(&store->marks_lock);
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
	struct mmap_mark *mark;
	LIST_HEAD(marks);

	take_all(store, &marks);
	list_for_each_entry(mark, &marks, node) {
		mmap_read_lock(mark->mm);
		mmap_read_unlock(mark->mm);
	}
	drop_marks(&marks);
}

/**
 * mmkit_mmap_forget() - Forget the marks.
 * @store: that nothing maps any more
 *
 * Context: Process.
 */
void mmkit_mmap_forget(struct mmkit_store *store)
{
	LIST_HEAD(marks);

	take_all(store, &marks);
	drop_marks(&marks);
}
