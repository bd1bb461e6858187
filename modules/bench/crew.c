// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel threads pinned one to a CPU. Each holds this module until its last
 * instruction, so the module stays loaded while one runs, whoever started it.
 * A thread whose CPU goes offline is moved by the scheduler and says so.
 */
#include <linux/cpu.h>
#include <linux/kcov.h>
#include <linux/kthread.h>
#include <linux/memcontrol.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include "crew.h"

/* The @nth online CPU, beginning again after the last. */
static int nth_cpu(u32 nth)
{
	int cpu = cpumask_first(cpu_online_mask);

	for (nth %= num_online_cpus(); nth; nth--)
		cpu = cpumask_next(cpu, cpu_online_mask);
	return cpu;
}

static int member_run(void *data)
{
	struct mmkit_member *member = data;
	struct mmkit_crew *crew = member->crew;
	struct mem_cgroup *old;

	wait_for_completion(&crew->gate);
	old = set_active_memcg(crew->memcg);
	kcov_remote_start_common(crew->kcov_handle);
	crew->work(member);
	kcov_remote_stop();
	set_active_memcg(old);
	if (raw_smp_processor_id() != member->cpu)
		WRITE_ONCE(member->moved, true);
	if (atomic_dec_and_test(&crew->left)) {
		WRITE_ONCE(crew->ended, ktime_get_ns());
		complete_all(&crew->done);
	}
	/* The crew may be gone from here on; the module is not. */
	module_put_and_kthread_exit(0);
	return 0;
}

/* Threads that were never let go have not run at all. */
static void undo_threads(struct mmkit_crew *crew, u32 nr)
{
	while (nr--)
		kthread_stop(crew->member[nr].task);
}

static int make_threads(struct mmkit_crew *crew, u32 first)
{
	u32 i;

	for (i = 0; i < crew->nr; i++) {
		struct mmkit_member *member = &crew->member[i];

		member->crew = crew;
		member->index = i;
		member->cpu = nth_cpu(first + i);
		member->task = kthread_create_on_node(member_run, member,
						      cpu_to_node(member->cpu),
						      "mmkit_bench/%d",
						      member->cpu);
		if (IS_ERR(member->task)) {
			undo_threads(crew, i);
			return PTR_ERR(member->task);
		}
		kthread_bind(member->task, member->cpu);
	}
	return 0;
}

/**
 * mmkit_crew_new() - Make threads that do nothing yet.
 * @nr: how many
 * @first: the first is pinned to this one of the online CPUs, the others to
 *	those that follow
 *
 * Context: Process.
 * Return: the crew, to be started or freed; ERR_PTR() of -ENOMEM, -EINTR.
 */
struct mmkit_crew *mmkit_crew_new(u32 nr, u32 first)
{
	struct mmkit_crew *crew;
	int err;

	crew = kzalloc(struct_size(crew, member, nr), MMKIT_GFP_BOOKKEEPING);
	if (!crew)
		return ERR_PTR(-ENOMEM);
	crew->nr = nr;
	refcount_set(&crew->refs, 1);
	init_completion(&crew->gate);
	init_completion(&crew->done);
	cpus_read_lock();
	err = make_threads(crew, first);
	cpus_read_unlock();
	if (err) {
		kfree(crew);
		return ERR_PTR(err);
	}
	crew->memcg = get_mem_cgroup_from_mm(current->mm);
	crew->kcov_handle = kcov_common_handle();
	return crew;
}

/**
 * mmkit_crew_start() - Let all threads go.
 * @crew: with its work
 *
 * Context: Process.
 * Return: 0, -EBUSY the module is being unloaded.
 */
int mmkit_crew_start(struct mmkit_crew *crew)
{
	u32 i;

	if (!try_module_get(THIS_MODULE))
		return -EBUSY;
	atomic_set(&crew->left, crew->nr);
	for (i = 0; i < crew->nr; i++) {
		__module_get(THIS_MODULE);
		wake_up_process(crew->member[i].task);
	}
	crew->began = ktime_get_ns();
	complete_all(&crew->gate);
	module_put(THIS_MODULE);
	return 0;
}

static void put(struct mmkit_crew *crew)
{
	if (refcount_dec_and_test(&crew->refs))
		kfree(crew);
}

/**
 * mmkit_crew_free() - Stop all threads, wait for them, forget them.
 * @crew: started or not; NULL is nothing
 *
 * Context: Process.
 */
void mmkit_crew_free(struct mmkit_crew *crew)
{
	if (!crew)
		return;
	WRITE_ONCE(crew->stop, true);
	if (crew->began)
		wait_for_completion(&crew->done);
	else
		undo_threads(crew, crew->nr);
	mem_cgroup_put(crew->memcg);
	put(crew);
}

/**
 * mmkit_crew_wait() - Wait for the last thread, with a lock let go meanwhile.
 * @crew: that was started
 * @lock: held; whoever takes it may free the crew, which ends the wait
 * @ms: at most
 *
 * Context: Process.
 * Return: 0 with the lock held again, -EINTR without it: whoever holds it may
 * do so for minutes, and one that is killed must not wait for that. @crew may be
 * gone.
 */
int mmkit_crew_wait(struct mmkit_crew *crew, struct mutex *lock, u32 ms)
{
	long left;

	lockdep_assert_held(lock);

	refcount_inc(&crew->refs);
	mutex_unlock(lock);
	left = wait_for_completion_interruptible_timeout(&crew->done,
							 msecs_to_jiffies(ms));
	put(crew);
	return left < 0 || mutex_lock_killable(lock) ? -EINTR : 0;
}
