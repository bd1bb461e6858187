/* SPDX-License-Identifier: GPL-2.0-only */
/* The pager: a store that is larger than the frames it may use. */
#ifndef _MMKIT_MAP_PAGER_H
#define _MMKIT_MAP_PAGER_H

#include <linux/mutex.h>
#include <mmkit/store.h>
#include "policy.h"

struct mmkit_pager;

/**
 * struct mmkit_pager_page - what the pager knows of a page of the store
 * @frame: that holds it, or %MMKIT_NO_FRAME
 * @length: of @data
 * @seen: it was in a frame, now or before
 * @stored: the swap has it, as it was when it was written back last
 * @data: compressed
 *
 * There is one for each page of the store, and the session is charged for it.
 */
struct mmkit_pager_page {
	u32 frame;
	u32 length : 30;
	u32 seen : 1;
	u32 stored : 1;
	void *data;
};

/**
 * struct mmkit_pager_frame - a page of memory that pages of the store use in turn
 * @page: the memory; NULL when it was left to somebody who held it
 * @dirty: written since the page of the store came in
 */
struct mmkit_pager_frame {
	struct page *page;
	bool dirty;
};

/**
 * struct mmkit_frames - the memory that the pager may use
 * @nr: frames
 * @frame: of each
 * @policy: which page goes; knows what page each frame holds
 * @last: the frame that was handed out last, for %MMKIT_MAP_EXACT
 */
struct mmkit_frames {
	u32 nr;
	struct mmkit_pager_frame *frame;
	struct mmkit_policy policy;
	u32 last;
};

/**
 * struct mmkit_swap - where pages are that are in no frame
 * @ops: of its kind
 * @kind: enum mmkit_map_swap
 * @file: that holds them
 * @work: of the compressor
 * @buffer: a page while it is compressed
 * @stored: pages in it
 * @bytes: charged for them
 */
struct mmkit_swap {
	const struct mmkit_swap_ops *ops;
	u32 kind;
	struct file *file;
	void *work;
	u8 *buffer;
	u64 stored;
	u64 bytes;
};

/**
 * struct mmkit_swap_ops - a kind of swap
 * @open: with @fd for a caller's file, for a store of @nr pages
 * @close: after everything was dropped
 * @store: writes page @index from @from, in place of what there was. When it
 *	fails, nothing has changed.
 * @load: reads page @index into @to
 * @drop: forgets page @index
 *
 * pager->lock is held for the last three.
 */
struct mmkit_swap_ops {
	int (*open)(struct mmkit_swap *swap, s32 fd, unsigned long nr);
	void (*close)(struct mmkit_swap *swap);
	int (*store)(struct mmkit_pager *pager, unsigned long index,
		     struct page *from);
	int (*load)(struct mmkit_pager *pager, unsigned long index,
		    struct page *to);
	void (*drop)(struct mmkit_pager *pager, unsigned long index);
};

/* NULL where the kernel exports no compressor. */
extern const struct mmkit_swap_ops *const mmkit_swap_lzo;
extern const struct mmkit_swap_ops mmkit_swap_shmem;
extern const struct mmkit_swap_ops mmkit_swap_file;

/**
 * struct mmkit_pager - a store's pages, frames and swap
 * @store: whose
 * @lock: protects all that follows. Taken after store->lock and session->lock,
 *	and before the lock of a page; nothing that reclaims memory takes it, so
 *	memory may be allocated under it.
 * @nr: pages of the store
 * @page: of each
 * @flags: %MMKIT_MAP_EXACT
 * @seed: of the policy
 * @frames: that hold pages
 * @swap: that holds the others
 * @counts: what happened; the first fields, which are not counts, are not used
 */
struct mmkit_pager {
	struct mmkit_store *store;
	struct mutex lock;	/* one fault at a time */
	unsigned long nr;
	struct mmkit_pager_page *page;
	u32 flags;
	struct mmkit_frames frames;
	struct mmkit_swap swap;
	struct mmkit_map_paged counts;
};

/* frames.c */
int mmkit_frames_alloc(struct mmkit_session *session,
		       struct mmkit_frames *frames, u32 nr, u32 policy,
		       u64 seed);
void mmkit_frames_free(struct mmkit_session *session,
		       struct mmkit_frames *frames);
void mmkit_frames_forget(void *data, u32 frame);
int mmkit_frame_evict(struct mmkit_pager *pager, u32 frame);
void mmkit_frame_drop(struct mmkit_pager *pager, unsigned long index);
int mmkit_frame_get(struct mmkit_pager *pager, unsigned long index);

/* swap.c */
int mmkit_swap_open(struct mmkit_swap *swap, u32 kind, s32 fd,
		    unsigned long nr);
void mmkit_swap_close(struct mmkit_swap *swap);

/* pager_ops.c */
int mmkit_map_pager(struct mmkit_call *call, void *arg);
int mmkit_map_paged(struct mmkit_call *call, void *arg);
int mmkit_map_states(struct mmkit_call *call, void *arg);

bool mmkit_pager_wait(unsigned long *deadline);

#endif
