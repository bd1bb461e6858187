// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pager's frames: bringing pages in, and having others go.
 *
 * A page goes in this order, with pager->lock held throughout:
 *
 *  1. Its lock is taken. A fault that was handed the page holds that lock until
 *     mm has written the page table entry, so there is none on its way. New
 *     faults, page_mkwrite() among them, wait for pager->lock before they look
 *     for the page. Such a fault has a reference as well, which 3 would find: this
 *     finds it without unmapping the page first.
 *  2. It is unmapped, from every process: unmap_mapping_range() on the store's
 *     own inode. When that returns no CPU writes the page through a mapping any
 *     more: it has flushed every TLB that could.
 *  3. Its reference count is read. One is ours. Another one is somebody's who
 *     looked the page up while it was mapped and may write it without a mapping:
 *     get_user_pages(), for O_DIRECT, a DMA or ptrace; or a fault that copies
 *     it, or that waits in page_mkwrite(). Such a page stays in its frame and
 *     stays dirty, and another one is chosen. There is no gap: who looks a page
 *     up locklessly takes a reference, then looks at the entry again, and gives
 *     it back when the entry has changed (gup_pte_fast()); it was cleared before
 *     the count is read here, by an atomic exchange. Who looks it up under the
 *     page table's lock finds either the entry, before 2, or nothing.
 *     Copying such a page out would not do: what the holder writes afterwards
 *     would be lost.
 *  4. Only now is it written back, when it was ever written: nobody can change
 *     it while that goes on. When the swap takes no more, it stays.
 *  5. The frame is empty.
 *
 * Whether a page was written, only its write protection tells: mm maps a page
 * of an area with page_mkwrite() read-only and asks before it is written. Dirty
 * is cleared in step 4 alone, so no write can come between.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include <mmkit/trace.h>
#include "events.h"
#include "pager.h"

static void free_pages_of(struct mmkit_frames *frames)
{
	u32 i;

	for (i = 0; i < frames->nr; i++) {
		if (frames->frame[i].page)
			put_page(frames->frame[i].page);
		cond_resched();
	}
}

/* Zeroed, because user space will see it. */
static struct page *new_page(void)
{
	return alloc_page(MMKIT_GFP_BOOKKEEPING | __GFP_HIGHMEM | __GFP_ZERO);
}

static int alloc_pages_of(struct mmkit_frames *frames)
{
	u32 i;

	for (i = 0; i < frames->nr; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		frames->frame[i].page = new_page();
		if (!frames->frame[i].page)
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

static u64 frames_bytes(u32 nr)
{
	return (u64)nr * (PAGE_SIZE + sizeof(struct mmkit_pager_frame) +
			  sizeof(struct mmkit_policy_frame));
}

/**
 * mmkit_frames_alloc() - Get frames.
 * @session: that is charged
 * @frames: out
 * @nr: how many, not zero
 * @policy: enum mmkit_map_policy
 * @seed: of the policy
 *
 * Context: Process.
 * Return: 0, -EDQUOT, -ENOMEM, -EINTR.
 */
int mmkit_frames_alloc(struct mmkit_session *session,
		       struct mmkit_frames *frames, u32 nr, u32 policy,
		       u64 seed)
{
	struct mmkit_policy_frame *known;
	int err;

	*frames = (struct mmkit_frames) { .last = MMKIT_NO_FRAME };
	err = mmkit_charge(session, frames_bytes(nr));
	if (err)
		return err;
	frames->nr = nr;
	known = kvcalloc(nr, sizeof(*known), MMKIT_GFP_BOOKKEEPING);
	frames->frame = kvcalloc(nr, sizeof(*frames->frame),
				 MMKIT_GFP_BOOKKEEPING);
	mmkit_policy_init(&frames->policy, policy, known, known ? nr : 0, seed);
	err = known && frames->frame ? alloc_pages_of(frames) : -ENOMEM;
	if (err)
		mmkit_frames_free(session, frames);
	return err;
}

/**
 * mmkit_frames_free() - Give frames back.
 * @session: that was charged
 * @frames: whose pages nothing maps any more
 *
 * Context: Process.
 */
void mmkit_frames_free(struct mmkit_session *session,
		       struct mmkit_frames *frames)
{
	if (frames->frame)
		free_pages_of(frames);
	kvfree(frames->frame);
	kvfree(frames->policy.frame);
	mmkit_uncharge(session, frames_bytes(frames->nr));
	*frames = (struct mmkit_frames) { };
}

static unsigned long index_of(const struct mmkit_pager *pager, u32 frame)
{
	return pager->frames.policy.frame[frame].page;
}

/* Not the private copies that were made of it: those are their owners'. */
static void unmap_frame(struct mmkit_pager *pager, u32 frame)
{
	unmap_mapping_range(pager->store->inode->i_mapping,
			    (loff_t)index_of(pager, frame) << PAGE_SHIFT,
			    PAGE_SIZE, 0);
}

/**
 * mmkit_frames_forget() - The policy forgot that a frame was accessed.
 * @data: struct mmkit_pager
 * @frame: whose next access has to be a fault
 *
 * A driver cannot ask for the bit that the CPU sets in the page table: what
 * reads it is not exported. So it makes one of its own. A fault on its way may
 * map the page right after: that access has been counted.
 *
 * Context: Process. pager->lock is held.
 */
void mmkit_frames_forget(void *data, u32 frame)
{
	unmap_frame(data, frame);
}

static int write_back(struct mmkit_pager *pager, u32 frame)
{
	struct mmkit_pager_frame *f = &pager->frames.frame[frame];
	unsigned long index = index_of(pager, frame);
	int err;

	if (!f->dirty)
		return 0;
	err = pager->swap.ops->store(pager, index, f->page);
	if (err) {
		pager->counts.failed++;
		return err;
	}
	f->dirty = false;
	ClearPageDirty(f->page);
	pager->counts.writebacks++;
	mmkit_event(pager->store, MMKIT_EVENT_WRITEBACK, index);
	return 0;
}

static int evict_locked(struct mmkit_pager *pager, u32 frame)
{
	struct page *page = pager->frames.frame[frame].page;
	unsigned long index = index_of(pager, frame);
	int err;

	unmap_frame(pager, frame);
	/* A poisoned page must not be read either. */
	if (page_ref_count(page) != 1 || PageHWPoison(page))
		return -EBUSY;
	err = write_back(pager, frame);
	if (err)
		return err;
	pager->page[index].frame = MMKIT_NO_FRAME;
	mmkit_policy_drop(&pager->frames.policy, frame);
	pager->counts.evictions++;
	mmkit_event(pager->store, MMKIT_EVENT_EVICT, index);
	return 0;
}

static int try_evict(struct mmkit_pager *pager, u32 frame)
{
	struct page *page = pager->frames.frame[frame].page;
	int err = -EBUSY;

	if (trylock_page(page)) {
		err = evict_locked(pager, frame);
		unlock_page(page);
	}
	if (err == -EBUSY)
		pager->counts.busy++;
	return err;
}

/* What it was has to be asked before it is gone. */
static noinline int try_evict_traced(struct mmkit_pager *pager, u32 frame)
{
	bool dirty = pager->frames.frame[frame].dirty;
	unsigned long index = index_of(pager, frame);
	int err = try_evict(pager, frame);

	trace_mmkit_evict(pager->store->session->id, index, frame, dirty, err);
	return err;
}

/**
 * mmkit_frame_evict() - Have a page go.
 * @pager: whose
 * @frame: that holds it
 *
 * Context: Process. pager->lock is held.
 * Return: 0, -EBUSY somebody holds the page, or what the swap said. After an
 * error the page is where it was.
 */
int mmkit_frame_evict(struct mmkit_pager *pager, u32 frame)
{
	lockdep_assert_held(&pager->lock);

	if (trace_mmkit_evict_enabled())
		return try_evict_traced(pager, frame);
	return try_evict(pager, frame);
}

/**
 * mmkit_frame_drop() - Forget what a frame holds: it is cut off the store.
 * @pager: whose
 * @index: of the page that is cut off, which nothing maps any more
 *
 * Somebody who looked it up before may hold it still, and write it. It is
 * theirs then, and the frame gets another page of memory when it is used again.
 *
 * Context: Process. pager->lock is held.
 */
void mmkit_frame_drop(struct mmkit_pager *pager, unsigned long index)
{
	u32 frame = pager->page[index].frame;
	struct mmkit_pager_frame *f;

	lockdep_assert_held(&pager->lock);

	if (frame == MMKIT_NO_FRAME)
		return;
	f = &pager->frames.frame[frame];
	f->dirty = false;
	if (page_ref_count(f->page) != 1 || PageHWPoison(f->page)) {
		put_page(f->page);
		f->page = NULL;
	}
	pager->page[index].frame = MMKIT_NO_FRAME;
	mmkit_policy_drop(&pager->frames.policy, frame);
}

/* An empty frame, made so if need be. */
static int take_frame(struct mmkit_pager *pager)
{
	struct mmkit_policy *policy = &pager->frames.policy;
	u32 frame = mmkit_policy_empty(policy), tries;
	int err = -EBUSY;

	for (tries = 0; frame == MMKIT_NO_FRAME && tries < policy->nr; tries++) {
		u32 victim = mmkit_policy_victim(policy);

		err = mmkit_frame_evict(pager, victim);
		if (err)
			mmkit_policy_defer(policy, victim);
		else
			frame = mmkit_policy_empty(policy);
		cond_resched();
	}
	return frame == MMKIT_NO_FRAME ? err : (int)frame;
}

static int fill_frame(struct mmkit_pager *pager, u32 frame,
		      unsigned long index)
{
	struct mmkit_pager_frame *f = &pager->frames.frame[frame];
	struct page *page = f->page ?: new_page();
	int err;

	f->page = page;
	if (!page)
		return -ENOMEM;
	if (!pager->page[index].stored) {
		clear_highpage(page);
		pager->counts.zero++;
		return 0;
	}
	err = pager->swap.ops->load(pager, index, page);
	if (err)
		pager->counts.failed++;
	else
		pager->counts.readbacks++;
	return err;
}

static int bring_in(struct mmkit_pager *pager, unsigned long index)
{
	struct mmkit_pager_page *page = &pager->page[index];
	int frame = take_frame(pager);
	int err;

	if (frame < 0)
		return frame;
	err = fill_frame(pager, frame, index);
	if (err) {
		mmkit_policy_drop(&pager->frames.policy, frame);
		return err;
	}
	pager->counts.major++;
	pager->counts.refaults += page->seen;
	page->seen = true;
	page->frame = frame;
	mmkit_policy_load(&pager->frames.policy, frame, index, MMKIT_NEVER);
	mmkit_policy_age(&pager->frames.policy);
	return frame;
}

/* Only one page is mapped, so that the touch of any other one is seen. */
static void show_only(struct mmkit_pager *pager, u32 frame)
{
	struct mmkit_frames *frames = &pager->frames;

	if (!(pager->flags & MMKIT_MAP_EXACT) || frames->last == frame)
		return;
	if (frames->last != MMKIT_NO_FRAME &&
	    index_of(pager, frames->last) != MMKIT_NO_PAGE)
		unmap_frame(pager, frames->last);
	frames->last = frame;
}

/**
 * mmkit_frame_get() - Find a page of the store, or bring it in.
 * @pager: whose
 * @index: of the page, inside the store
 *
 * Context: Process. pager->lock is held.
 * Return: its frame, -EBUSY every frame is held by somebody, or what the swap
 * said.
 */
int mmkit_frame_get(struct mmkit_pager *pager, unsigned long index)
{
	int frame = pager->page[index].frame;

	lockdep_assert_held(&pager->lock);

	if (pager->page[index].frame != MMKIT_NO_FRAME) {
		pager->counts.minor++;
		mmkit_policy_touch(&pager->frames.policy, frame, MMKIT_NEVER);
	} else {
		frame = bring_in(pager, index);
	}
	if (frame >= 0)
		show_only(pager, frame);
	return frame;
}
