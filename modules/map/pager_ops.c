// SPDX-License-Identifier: GPL-2.0-only
/* The pager's commands: how it pages, what it has done, where its pages are. */
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <mmkit/describe.h>
#include "map.h"
#include "pager.h"

/* session->lock is held, so it stays the pager's. */
static struct mmkit_pager *pager_of(struct mmkit_call *call)
{
	struct mmkit_store *store = call->session->private;

	if (store->strategy != &mmkit_strategy_pager)
		return NULL;
	return store->private;
}

/* --- MMKIT_MAP_PAGER */

static int check(const struct mmkit_map_pager *ask)
{
	if (ask->flags & ~MMKIT_MAP_EXACT)
		return -EINVAL;
	if (!ask->frames || ask->frames > MMKIT_MAP_FRAMES_MAX)
		return -EINVAL;
	if (ask->policy >= MMKIT_MAP_OPT || ask->swap >= MMKIT_MAP_SWAPS)
		return -EINVAL;
	if (ask->swap != MMKIT_MAP_FILE && ask->fd != -1)
		return -EINVAL;
	return 0;
}

/* Every page into the swap that can go; says how many cannot. */
static u32 evict_all(struct mmkit_pager *pager)
{
	struct mmkit_policy *policy = &pager->frames.policy;
	u32 left = 0, i;

	for (i = 0; i < policy->nr; i++) {
		if (policy->frame[i].page == MMKIT_NO_PAGE)
			continue;
		if (mmkit_frame_evict(pager, i))
			left++;
		cond_resched();
	}
	return left;
}

/* Those that somebody holds take their memory with them. */
static void move_pages_to(struct mmkit_pager *pager,
			  struct mmkit_frames *frames)
{
	struct mmkit_frames *old = &pager->frames;
	u32 i, to, index;

	for (i = 0; i < old->nr; i++) {
		index = old->policy.frame[i].page;
		if (index == MMKIT_NO_PAGE)
			continue;
		to = mmkit_policy_empty(&frames->policy);
		swap(frames->frame[to], old->frame[i]);
		mmkit_policy_load(&frames->policy, to, index, MMKIT_NEVER);
		pager->page[index].frame = to;
	}
}

/* A file that is given again is a file like any other. */
static bool keeps_swap(const struct mmkit_pager *pager,
		       const struct mmkit_map_pager *ask)
{
	return ask->swap == pager->swap.kind && ask->swap != MMKIT_MAP_FILE;
}

static void take_over(struct mmkit_pager *pager,
		      const struct mmkit_map_pager *ask,
		      struct mmkit_frames *frames, struct mmkit_swap *swap)
{
	move_pages_to(pager, frames);
	swap(pager->frames, *frames);
	pager->frames.policy.cleared = mmkit_frames_forget;
	pager->frames.policy.data = pager;
	if (swap->ops)
		swap(pager->swap, *swap);
	pager->flags = ask->flags;
	pager->counts = (struct mmkit_map_paged) { };
}

/* All or nothing, under the lock. */
static int switch_over(struct mmkit_pager *pager,
		       const struct mmkit_map_pager *ask,
		       struct mmkit_frames *frames, struct mmkit_swap *swap)
{
	int err = 0;

	if (mutex_lock_killable(&pager->lock))
		return -EINTR;
	if (evict_all(pager) > frames->nr)
		err = -EBUSY;
	else if (swap->ops && pager->swap.stored)
		err = -ENOTEMPTY;
	else
		take_over(pager, ask, frames, swap);
	mutex_unlock(&pager->lock);
	return err;
}

/* Pages that are only being mapped can go in a moment. */
static int apply(struct mmkit_pager *pager, const struct mmkit_map_pager *ask,
		 struct mmkit_frames *frames, struct mmkit_swap *swap)
{
	unsigned long deadline = 0;
	int err;

	do {
		err = switch_over(pager, ask, frames, swap);
	} while (err == -EBUSY && mmkit_pager_wait(&deadline));
	if (err == -EBUSY && fatal_signal_pending(current))
		err = -EINTR;
	/* Pages cannot be moved from one swap to another. */
	return err == -ENOTEMPTY ? -EBUSY : err;
}

int mmkit_map_pager(struct mmkit_call *call, void *arg)
{
	struct mmkit_pager *pager = pager_of(call);
	const struct mmkit_map_pager *ask = arg;
	struct mmkit_swap swap = { };
	struct mmkit_frames frames;
	int err;

	if (!pager)
		return -ENOENT;
	err = check(ask);
	if (!err && !keeps_swap(pager, ask))
		err = mmkit_swap_open(&swap, ask->swap, ask->fd, pager->nr);
	if (err)
		return err;
	err = mmkit_frames_alloc(call->session, &frames, ask->frames,
				 ask->policy, ask->seed);
	if (!err) {
		err = apply(pager, ask, &frames, &swap);
		mmkit_frames_free(call->session, &frames);
	}
	if (swap.ops)
		mmkit_swap_close(&swap);
	return err;
}

/* --- MMKIT_MAP_PAGED */

static void count_frames(const struct mmkit_pager *pager,
			 struct mmkit_map_paged *out)
{
	u32 i;

	for (i = 0; i < pager->frames.nr; i++) {
		if (pager->frames.policy.frame[i].page == MMKIT_NO_PAGE)
			continue;
		out->resident++;
		out->dirty += pager->frames.frame[i].dirty;
	}
}

int mmkit_map_paged(struct mmkit_call *call, void *arg)
{
	struct mmkit_pager *pager = pager_of(call);
	struct mmkit_map_paged *out = arg;
	u32 size = out->size;

	if (!pager)
		return -ENOENT;
	if (mutex_lock_killable(&pager->lock))
		return -EINTR;
	*out = pager->counts;
	out->size = size;
	out->flags = pager->flags;
	out->frames = pager->frames.nr;
	out->policy = pager->frames.policy.kind;
	out->swap = pager->swap.kind;
	out->stored = pager->swap.stored;
	out->stored_bytes = pager->swap.bytes;
	count_frames(pager, out);
	mutex_unlock(&pager->lock);
	return 0;
}

/* --- MMKIT_MAP_STATES */

static u8 frame_state(const struct mmkit_pager *pager, u32 frame)
{
	const struct mmkit_pager_frame *f = &pager->frames.frame[frame];
	struct mmkit_page page = { };
	u8 state = MMKIT_MAP_RESIDENT;

	mmkit_describe(&page, f->page, 0);
	if (page.mapcount > 0)
		state |= MMKIT_MAP_MAPPED;
	if (page.refcount > page.mapcount + 1)
		state |= MMKIT_MAP_HELD;
	if (f->dirty)
		state |= MMKIT_MAP_DIRTY;
	return state;
}

static u8 state_of(const struct mmkit_pager *pager, unsigned long index)
{
	const struct mmkit_pager_page *page = &pager->page[index];
	u8 state = 0;

	if (page->frame != MMKIT_NO_FRAME)
		state = frame_state(pager, page->frame);
	if (page->stored)
		state |= MMKIT_MAP_STORED;
	if (page->seen)
		state |= MMKIT_MAP_SEEN;
	return state;
}

int mmkit_map_states(struct mmkit_call *call, void *arg)
{
	struct mmkit_pager *pager = pager_of(call);
	struct mmkit_map_states *states = arg;
	u8 *out;
	u32 i;

	if (!pager)
		return -ENOENT;
	if (!states->nr || states->nr > MMKIT_MAP_STATES_MAX ||
	    states->first >= pager->nr)
		return -EINVAL;
	states->nr = min_t(u64, states->nr, pager->nr - states->first);
	out = mmkit_call_array(call, states->states, states->nr, sizeof(*out));
	if (!out)
		return -ENOMEM;
	if (mutex_lock_killable(&pager->lock))
		return -EINTR;
	for (i = 0; i < states->nr; i++)
		out[i] = state_of(pager, states->first + i);
	mutex_unlock(&pager->lock);
	call->bytes = states->nr * sizeof(*out);
	return 0;
}
