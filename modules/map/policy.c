// SPDX-License-Identifier: GPL-2.0-only
/* Page replacement, as in the textbooks. Pure. */
#include <linux/kernel.h>
#include <linux/types.h>
#include "policy.h"

static const char *const names[] = {
	[MMKIT_MAP_FIFO] = "fifo",
	[MMKIT_MAP_LRU] = "lru",
	[MMKIT_MAP_CLOCK] = "clock",
	[MMKIT_MAP_SECOND_CHANCE] = "second-chance",
	[MMKIT_MAP_RANDOM] = "random",
	[MMKIT_MAP_OPT] = "opt",
};

/**
 * mmkit_policy_name() - What a policy is called.
 * @kind: enum mmkit_map_policy, or anything
 *
 * Return: one word, NULL when there is no such policy.
 */
const char *mmkit_policy_name(u32 kind)
{
	return kind < ARRAY_SIZE(names) ? names[kind] : NULL;
}

static void push_empty(struct mmkit_policy *policy, u32 frame)
{
	policy->frame[frame].page = MMKIT_NO_PAGE;
	policy->frame[frame].older = policy->empty;
	policy->empty = frame;
}

/**
 * mmkit_policy_init() - Start with empty frames.
 * @policy: to be set up
 * @kind: enum mmkit_map_policy
 * @frame: room for @nr
 * @nr: frames, at least one, less than %MMKIT_NO_FRAME
 * @seed: of what is random: the same one gives the same choices
 */
void mmkit_policy_init(struct mmkit_policy *policy, u32 kind,
		       struct mmkit_policy_frame *frame, u32 nr, u64 seed)
{
	u32 i;

	*policy = (struct mmkit_policy) {
		.kind = kind,
		.nr = nr,
		.frame = frame,
		.empty = MMKIT_NO_FRAME,
		.oldest = MMKIT_NO_FRAME,
		.newest = MMKIT_NO_FRAME,
		/* A generator that starts at zero stays there. */
		.random = seed ?: 1,
	};
	/* So that frame 0 is filled first: the clock's hand starts there. */
	for (i = nr; i; i--)
		push_empty(policy, i - 1);
}

static void unlink_frame(struct mmkit_policy *policy, u32 frame)
{
	struct mmkit_policy_frame *f = &policy->frame[frame];

	if (f->older == MMKIT_NO_FRAME)
		policy->oldest = f->newer;
	else
		policy->frame[f->older].newer = f->newer;
	if (f->newer == MMKIT_NO_FRAME)
		policy->newest = f->older;
	else
		policy->frame[f->newer].older = f->older;
}

static void link_newest(struct mmkit_policy *policy, u32 frame)
{
	struct mmkit_policy_frame *f = &policy->frame[frame];

	f->older = policy->newest;
	f->newer = MMKIT_NO_FRAME;
	if (policy->newest == MMKIT_NO_FRAME)
		policy->oldest = frame;
	else
		policy->frame[policy->newest].newer = frame;
	policy->newest = frame;
}

static void make_newest(struct mmkit_policy *policy, u32 frame)
{
	unlink_frame(policy, frame);
	link_newest(policy, frame);
}

/**
 * mmkit_policy_empty() - Take a frame that holds no page.
 * @policy: whose
 *
 * Return: the frame, for mmkit_policy_load() or mmkit_policy_drop(), or
 * %MMKIT_NO_FRAME.
 */
u32 mmkit_policy_empty(struct mmkit_policy *policy)
{
	u32 frame = policy->empty;

	if (frame != MMKIT_NO_FRAME)
		policy->empty = policy->frame[frame].older;
	return frame;
}

static bool test_and_clear(struct mmkit_policy *policy, u32 frame)
{
	if (!policy->frame[frame].accessed)
		return false;
	policy->frame[frame].accessed = false;
	if (policy->cleared)
		policy->cleared(policy->data, frame);
	return true;
}

/* The queue goes round: whoever was accessed stands at its end again. */
static u32 second_chance(struct mmkit_policy *policy)
{
	u32 i;

	/* After one round every bit is clear, unless it is set meanwhile. */
	for (i = 0; i < policy->nr; i++) {
		if (!test_and_clear(policy, policy->oldest))
			break;
		make_newest(policy, policy->oldest);
	}
	return policy->oldest;
}

/* The frames stand still and the hand goes round. */
static u32 clock_hand(struct mmkit_policy *policy)
{
	u32 frame, i;

	for (i = 0; i < 2 * policy->nr; i++) {
		frame = policy->hand;
		policy->hand = (policy->hand + 1) % policy->nr;
		if (policy->frame[frame].page == MMKIT_NO_PAGE)
			continue;
		if (i >= policy->nr || !test_and_clear(policy, frame))
			return frame;
	}
	return MMKIT_NO_FRAME;
}

/* xorshift64: small, and good enough to be fair. */
static u32 random_frame(struct mmkit_policy *policy)
{
	u32 frame, i;

	policy->random ^= policy->random << 13;
	policy->random ^= policy->random >> 7;
	policy->random ^= policy->random << 17;
	/* By a factor rather than a remainder: the high bits are the better. */
	frame = ((policy->random >> 32) * policy->nr) >> 32;
	for (i = 0; i < policy->nr; i++) {
		if (policy->frame[frame].page != MMKIT_NO_PAGE)
			return frame;
		frame = (frame + 1) % policy->nr;
	}
	return MMKIT_NO_FRAME;
}

/* Whoever is wanted last; of those never wanted again the oldest. */
static u32 latest_use(struct mmkit_policy *policy)
{
	u32 best = policy->oldest, frame;

	for (frame = best; frame != MMKIT_NO_FRAME;
	     frame = policy->frame[frame].newer)
		if (policy->frame[frame].next_use > policy->frame[best].next_use)
			best = frame;
	return best;
}

/**
 * mmkit_policy_victim() - Choose the page that goes.
 * @policy: some frame of which holds a page
 *
 * The page stays where it is until mmkit_policy_drop().
 *
 * Return: its frame, or %MMKIT_NO_FRAME when no frame holds a page.
 */
u32 mmkit_policy_victim(struct mmkit_policy *policy)
{
	if (policy->oldest == MMKIT_NO_FRAME)
		return MMKIT_NO_FRAME;
	switch (policy->kind) {
	case MMKIT_MAP_CLOCK:
		return clock_hand(policy);
	case MMKIT_MAP_SECOND_CHANCE:
		return second_chance(policy);
	case MMKIT_MAP_RANDOM:
		return random_frame(policy);
	case MMKIT_MAP_OPT:
		return latest_use(policy);
	default:
		return policy->oldest;
	}
}

/**
 * mmkit_policy_load() - A page came into an empty frame, because it was wanted.
 * @policy: whose
 * @frame: of mmkit_policy_empty()
 * @page: less than %MMKIT_NO_PAGE
 * @next_use: for OPT: where in the trace it is wanted next
 */
void mmkit_policy_load(struct mmkit_policy *policy, u32 frame, u32 page,
		       u64 next_use)
{
	policy->frame[frame].page = page;
	policy->frame[frame].accessed = true;
	policy->frame[frame].next_use = next_use;
	link_newest(policy, frame);
}

/**
 * mmkit_policy_touch() - A page that is in a frame was wanted.
 * @policy: whose
 * @frame: with the page
 * @next_use: for OPT: where in the trace it is wanted next
 */
void mmkit_policy_touch(struct mmkit_policy *policy, u32 frame, u64 next_use)
{
	policy->frame[frame].accessed = true;
	policy->frame[frame].next_use = next_use;
	if (policy->kind == MMKIT_MAP_LRU)
		make_newest(policy, frame);
}

/**
 * mmkit_policy_age() - Have the use of old pages be seen.
 * @policy: whose
 *
 * LRU must know of every access, and a pager is told of faults only. So the
 * oldest quarter is on probation: whoever is used meanwhile is noticed, and
 * becomes the newest, before it is chosen.
 */
void mmkit_policy_age(struct mmkit_policy *policy)
{
	u32 frame = policy->oldest, i;

	if (policy->kind != MMKIT_MAP_LRU)
		return;
	/* Not the newest: it is only being mapped. */
	for (i = 0; i <= policy->nr / 4 && frame != policy->newest; i++) {
		test_and_clear(policy, frame);
		frame = policy->frame[frame].newer;
	}
}

/**
 * mmkit_policy_defer() - A victim cannot go now: let another one be chosen.
 * @policy: whose
 * @frame: of mmkit_policy_victim()
 *
 * What is pinned counts as just come.
 */
void mmkit_policy_defer(struct mmkit_policy *policy, u32 frame)
{
	policy->frame[frame].next_use = 0;
	make_newest(policy, frame);
}

/**
 * mmkit_policy_drop() - A frame is empty.
 * @policy: whose
 * @frame: with a page, or from mmkit_policy_empty()
 */
void mmkit_policy_drop(struct mmkit_policy *policy, u32 frame)
{
	if (policy->frame[frame].page != MMKIT_NO_PAGE)
		unlink_frame(policy, frame);
	push_empty(policy, frame);
}
