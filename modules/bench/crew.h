/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel threads pinned one to a CPU, let go all at once. */
#ifndef _MMKIT_BENCH_CREW_H
#define _MMKIT_BENCH_CREW_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/kcov.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/thread_info.h>
#include <linux/types.h>

struct mem_cgroup;
struct mmkit_crew;
struct mutex;

/* What the kernel has for each of them, charged to no cgroup: kthreadd makes it. */
#define MMKIT_THREAD_BYTES	(THREAD_SIZE + sizeof(struct task_struct))

/**
 * struct mmkit_member - one thread
 * @crew: that it belongs to
 * @task: it; not to be used once it was let go
 * @cpu: that it is pinned to
 * @index: which one it is, from 0
 * @moved: it was seen on another CPU, because its own went offline
 */
struct mmkit_member {
	struct mmkit_crew *crew;
	struct task_struct *task;
	int cpu;
	u32 index;
	bool moved;
};

/**
 * struct mmkit_crew - threads
 * @work: what each does; the memory that it allocates is charged to @memcg.
 *	It ends soon once @stop is set.
 * @data: for @work
 * @memcg: cgroup of whoever made the crew
 * @kcov_handle: who made it, for a fuzzer that wants to know what @work reaches;
 *	a number, which newer kernels have a type for
 * @gate: closed until all threads are there
 * @left: threads that have not ended
 * @done: completed by the last one
 * @refs: whoever made it, and everybody who waits in mmkit_crew_wait()
 * @stop: set once, never cleared
 * @began: when the gate was opened, ktime_get_ns()
 * @ended: when the last thread ended, 0 before
 * @nr: threads
 * @member: each of them
 */
struct mmkit_crew {
	void (*work)(struct mmkit_member *member);
	void *data;
	struct mem_cgroup *memcg;
	typeof(kcov_common_handle()) kcov_handle;
	struct completion gate;
	atomic_t left;
	struct completion done;
	refcount_t refs;
	bool stop;
	u64 began;
	u64 ended;
	u32 nr;
	struct mmkit_member member[];
};

struct mmkit_crew *mmkit_crew_new(u32 nr, u32 first);
int mmkit_crew_start(struct mmkit_crew *crew);
void mmkit_crew_free(struct mmkit_crew *crew);
int mmkit_crew_wait(struct mmkit_crew *crew, struct mutex *lock, u32 ms);

static inline bool mmkit_crew_stopped(const struct mmkit_crew *crew)
{
	return READ_ONCE(crew->stop);
}

#endif
