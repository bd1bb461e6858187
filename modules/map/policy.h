/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which page goes when a frame is needed: replacement policies, over frames and
 * pages that are nothing but numbers.
 */
#ifndef _MMKIT_MAP_POLICY_H
#define _MMKIT_MAP_POLICY_H

#include <linux/types.h>
#include <mmkit/map.h>

#define MMKIT_NO_FRAME	0xffffffffu
#define MMKIT_NO_PAGE	0xffffffffu
#define MMKIT_NEVER	(~0ULL)

/**
 * struct mmkit_policy_frame - what a policy remembers of a frame
 * @page: in it, or %MMKIT_NO_PAGE
 * @older: neighbour in the queue, or the next empty frame
 * @newer: neighbour in the queue
 * @accessed: since the policy looked last
 * @next_use: OPT: when in the trace the page is wanted next, or %MMKIT_NEVER
 */
struct mmkit_policy_frame {
	u32 page;
	u32 older;
	u32 newer;
	bool accessed;
	u64 next_use;
};

/**
 * struct mmkit_policy - a policy and its frames
 * @kind: enum mmkit_map_policy
 * @nr: frames
 * @frame: of each
 * @empty: first of the frames without a page
 * @oldest: first of the queue: the next to go under FIFO and LRU
 * @newest: its last
 * @hand: of the clock
 * @random: state of the generator
 * @cleared: told that the accessed bit of a frame was cleared: the next access
 *	has to reach mmkit_policy_touch(). NULL where each one does anyway.
 * @data: for @cleared
 */
struct mmkit_policy {
	u32 kind;
	u32 nr;
	struct mmkit_policy_frame *frame;
	u32 empty;
	u32 oldest;
	u32 newest;
	u32 hand;
	u64 random;
	void (*cleared)(void *data, u32 frame);
	void *data;
};

/* Pure. */
const char *mmkit_policy_name(u32 kind);
void mmkit_policy_init(struct mmkit_policy *policy, u32 kind,
		       struct mmkit_policy_frame *frame, u32 nr, u64 seed);
u32 mmkit_policy_empty(struct mmkit_policy *policy);
u32 mmkit_policy_victim(struct mmkit_policy *policy);
void mmkit_policy_load(struct mmkit_policy *policy, u32 frame, u32 page,
		       u64 next_use);
void mmkit_policy_touch(struct mmkit_policy *policy, u32 frame, u64 next_use);
void mmkit_policy_age(struct mmkit_policy *policy);
void mmkit_policy_defer(struct mmkit_policy *policy, u32 frame);
void mmkit_policy_drop(struct mmkit_policy *policy, u32 frame);

#endif
