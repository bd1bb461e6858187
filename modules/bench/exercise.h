/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of the exerciser: what a handle of this area stands for. */
#ifndef _MMKIT_BENCH_EXERCISE_H
#define _MMKIT_BENCH_EXERCISE_H

#include <linux/kfifo.h>
#include <linux/wait.h>
#include <mmkit/area.h>
#include <mmkit/bench.h>
#include "crew.h"
#include "dist.h"
#include "pattern.h"

struct mmkit_allocator;

/**
 * struct mmkit_item - one object that a thread holds
 * @object: as the allocator returned it
 * @size: asked for
 * @mark: what it was filled with
 */
struct mmkit_item {
	void *object;
	u64 size;
	u64 mark;
};

/**
 * struct mmkit_worker - one thread of a run
 * @run: that it belongs to
 * @random: state of its random numbers
 * @attempts: allocations tried
 * @allocs: allocations that succeeded
 * @frees: objects freed
 * @enomem: allocations that the allocator refused
 * @edquot: allocations that the quota refused
 * @corrupt: objects that did not hold what was written into them
 * @asked: bytes of @allocs
 * @hist: latencies of allocations and frees
 * @item: a ring of what it holds, @live of them; NULL with a pipe
 * @head: oldest in the ring
 * @held: how many are in it
 *
 * Written by its thread alone, without a lock; whoever reads them meanwhile
 * gets values that were true, if not all at the same time.
 */
struct mmkit_worker {
	struct mmkit_run *run;
	u64 random;
	u64 attempts;
	u64 allocs;
	u64 frees;
	u64 enomem;
	u64 edquot;
	u64 corrupt;
	u64 asked;
	struct mmkit_bench_hist hist[2];
	struct mmkit_item *item;
	u32 head;
	u32 held;
};

enum { MMKIT_HIST_ALLOC, MMKIT_HIST_FREE };

/* Objects on their way in a pipe, at most; they lie in one block of memory. */
#define MMKIT_PIPE_MAX	4096

/**
 * struct mmkit_pipe - from one thread to another
 * @fifo: objects; one thread puts them in, one takes them out
 * @wait: either of them
 * @closed: nothing more will come
 */
struct mmkit_pipe {
	DECLARE_KFIFO_PTR(fifo, struct mmkit_item);
	wait_queue_head_t wait;
	bool closed;
};

/**
 * struct mmkit_run - a run of the exerciser
 * @object: of the core
 * @session: that is charged
 * @allocator: held until the run is freed
 * @ask: what the caller wants
 * @gfp: the kernel's mask of it
 * @dist: sizes
 * @sizes: of a list or trace, or NULL
 * @weights: of a Zipf distribution, or NULL
 * @bytes: charged for objects now
 * @peak: most that was
 * @crew: its threads
 * @worker: one for each thread
 * @pipe: one for each two threads, or NULL
 */
struct mmkit_run {
	struct mmkit_object object;
	struct mmkit_session *session;
	struct mmkit_allocator *allocator;
	struct mmkit_bench_start ask;
	gfp_t gfp;
	struct mmkit_dist dist;
	u32 *sizes;
	u64 *weights;
	atomic64_t bytes;
	atomic64_t peak;
	struct mmkit_crew *crew;
	struct mmkit_worker *worker;
	struct mmkit_pipe *pipe;
};

/**
 * struct mmkit_sizes - sizes that a session holds
 * @nr: how many
 * @room: for so many there is room, which the session is charged for
 * @size: each
 */
struct mmkit_sizes {
	u32 nr;
	u32 room;
	u32 *size;
};

extern const struct mmkit_object_ops mmkit_run_ops;

/* exercise.c */
struct mmkit_run *mmkit_run_new(struct mmkit_session *session,
				const struct mmkit_bench_start *ask,
				const struct mmkit_sizes *sizes);
int mmkit_run_start(struct mmkit_run *run);
int mmkit_run_stop(struct mmkit_run *run);
void mmkit_run_free(struct mmkit_run *run);
void mmkit_run_status(struct mmkit_run *run, struct mmkit_bench_status *out);
void mmkit_run_hists(const struct mmkit_run *run, struct mmkit_bench_hist *out);

/* worker.c */
void mmkit_worker_run(struct mmkit_member *member);

#endif
