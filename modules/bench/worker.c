// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a thread of the exerciser does: one step of its pattern after the other,
 * each call of the allocator timed by itself, and in the end whatever is left
 * is freed.
 */
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <mmkit/registry.h>
#include "compat/ticks.h"
#include "exercise.h"
#include "hist.h"

/* Steps between two looks at the clock. */
#define LOOK	16

static u64 footprint(const struct mmkit_run *run, u64 size)
{
	return run->allocator->footprint ? run->allocator->footprint(size) :
					   size;
}

static void *address(const struct mmkit_run *run, void *object)
{
	return run->allocator->address ? run->allocator->address(object) :
					 object;
}

static void touch(char *bytes, u64 size)
{
	u64 i;

	for (i = 0; i < size; i += PAGE_SIZE)
		WRITE_ONCE(bytes[i], 1);
}

/* An object may have 4 GiB: once in each MiB others get the CPU. */
static void rest(u64 word)
{
	if (word % (SZ_1M / sizeof(u64)) == 0)
		cond_resched();
}

/* The first word differs from object to object, the others follow it. */
static void fill(u64 *words, u64 size, u64 mark)
{
	u64 i;

	for (i = 0; i < size / sizeof(u64); i++) {
		rest(i);
		words[i] = mark + i;
	}
}

static bool is_filled(const u64 *words, u64 size, u64 mark)
{
	u64 i;

	for (i = 0; i < size / sizeof(u64); i++) {
		rest(i);
		if (READ_ONCE(words[i]) != mark + i)
			return false;
	}
	return true;
}

static void use(const struct mmkit_run *run, const struct mmkit_item *item)
{
	if (run->ask.flags & MMKIT_BENCH_CHECK)
		fill(address(run, item->object), item->size, item->mark);
	else if (run->ask.flags & MMKIT_BENCH_TOUCH)
		touch(address(run, item->object), item->size);
}

static void raise_peak(struct mmkit_run *run, s64 bytes)
{
	s64 peak = atomic64_read(&run->peak);

	while (bytes > peak &&
	       !atomic64_try_cmpxchg(&run->peak, &peak, bytes))
		;
}

static bool charge(struct mmkit_worker *worker, u64 bytes)
{
	struct mmkit_run *run = worker->run;

	if (mmkit_charge(run->session, bytes)) {
		worker->edquot++;
		return false;
	}
	raise_peak(run, atomic64_add_return(bytes, &run->bytes));
	return true;
}

static void uncharge(struct mmkit_run *run, u64 bytes)
{
	atomic64_sub(bytes, &run->bytes);
	mmkit_uncharge(run->session, bytes);
}

static bool alloc_item(struct mmkit_worker *worker, struct mmkit_item *item)
{
	struct mmkit_run *run = worker->run;
	u64 begin, end, bytes;

	item->size = mmkit_dist_next(&run->dist,
				     mmkit_random(&worker->random),
				     worker->attempts++);
	bytes = footprint(run, item->size);
	if (!charge(worker, bytes))
		return false;

	begin = mmkit_ticks();
	item->object = run->allocator->alloc(item->size, run->gfp,
					     run->ask.node);
	end = mmkit_ticks();
	if (!item->object) {
		worker->enomem++;
		uncharge(run, bytes);
		return false;
	}
	mmkit_hist_add(&worker->hist[MMKIT_HIST_ALLOC], end - begin);
	worker->allocs++;
	worker->asked += item->size;
	item->mark = mmkit_random(&worker->random);
	use(run, item);
	return true;
}

static void free_item(struct mmkit_worker *worker,
		      const struct mmkit_item *item)
{
	struct mmkit_run *run = worker->run;
	u64 begin, end;

	if (run->ask.flags & MMKIT_BENCH_CHECK &&
	    !is_filled(address(run, item->object), item->size, item->mark))
		worker->corrupt++;
	begin = mmkit_ticks();
	run->allocator->free(item->object, item->size);
	end = mmkit_ticks();
	mmkit_hist_add(&worker->hist[MMKIT_HIST_FREE], end - begin);
	worker->frees++;
	uncharge(run, footprint(run, item->size));
}

static bool out_of_time(const struct mmkit_run *run, u64 turn)
{
	u64 time = (u64)run->ask.duration_ms * NSEC_PER_MSEC;

	return time && turn % LOOK == 0 &&
	       ktime_get_ns() - run->crew->began >= time;
}

static bool goes_on(const struct mmkit_worker *worker, u64 turn)
{
	const struct mmkit_run *run = worker->run;

	return !mmkit_crew_stopped(run->crew) &&
	       !(run->ask.count && worker->attempts >= run->ask.count) &&
	       !out_of_time(run, turn);
}

/* --- holding objects ---------------------------------------------------- */

static struct mmkit_item *item_at(struct mmkit_worker *worker, u32 index)
{
	return &worker->item[(worker->head + index) % worker->run->ask.live];
}

static void free_newest(struct mmkit_worker *worker)
{
	free_item(worker, item_at(worker, --worker->held));
}

static void free_oldest(struct mmkit_worker *worker)
{
	free_item(worker, item_at(worker, 0));
	worker->head = (worker->head + 1) % worker->run->ask.live;
	worker->held--;
}

static void free_any(struct mmkit_worker *worker)
{
	u32 index = mmkit_random_below(mmkit_random(&worker->random),
				       worker->held);

	swap(*item_at(worker, index), *item_at(worker, worker->held - 1));
	free_newest(worker);
}

/* In pieces, so that a stop is not kept waiting. */
static void pause(const struct mmkit_run *run)
{
	u64 end = ktime_get_ns() + (u64)run->ask.pause_us * NSEC_PER_USEC;

	while (ktime_get_ns() < end && !mmkit_crew_stopped(run->crew))
		usleep_range(1, min_t(u64, run->ask.pause_us, 10000) + 1);
}

static void step(struct mmkit_worker *worker, struct mmkit_pattern *pattern)
{
	switch (mmkit_pattern_next(pattern, worker->held)) {
	case MMKIT_STEP_ALLOC:
		if (alloc_item(worker, item_at(worker, worker->held)))
			worker->held++;
		else
			mmkit_pattern_failed(pattern);
		break;
	case MMKIT_STEP_FREE_NEWEST:
		free_newest(worker);
		break;
	case MMKIT_STEP_FREE_OLDEST:
		free_oldest(worker);
		break;
	case MMKIT_STEP_FREE_ANY:
		free_any(worker);
		break;
	case MMKIT_STEP_PAUSE:
		pause(worker->run);
		break;
	}
}

static void hold_objects(struct mmkit_worker *worker)
{
	struct mmkit_pattern pattern;
	u64 turn;

	mmkit_pattern_init(&pattern, worker->run->ask.pattern,
			   worker->run->ask.live);
	for (turn = 0; goes_on(worker, turn); turn++) {
		step(worker, &pattern);
		cond_resched();
	}
	while (worker->held) {
		free_newest(worker);
		cond_resched();
	}
}

/* --- from one CPU to another -------------------------------------------- */

static void produce(struct mmkit_worker *worker, struct mmkit_pipe *pipe)
{
	struct mmkit_item item;
	u64 turn;

	for (turn = 0; goes_on(worker, turn); turn++) {
		/* The consumer goes on until the pipe is closed. */
		wait_event_idle(pipe->wait, kfifo_len(&pipe->fifo) <
					    worker->run->ask.live);
		if (alloc_item(worker, &item))
			kfifo_put(&pipe->fifo, item);
		wake_up(&pipe->wait);
		cond_resched();
	}
	/* After what was put in, for whoever looks at both. */
	smp_store_release(&pipe->closed, true);
	wake_up(&pipe->wait);
}

static bool has_come(struct mmkit_pipe *pipe)
{
	return !kfifo_is_empty(&pipe->fifo) || READ_ONCE(pipe->closed);
}

static void consume(struct mmkit_worker *worker, struct mmkit_pipe *pipe)
{
	struct mmkit_item item;
	bool closed;

	do {
		wait_event_idle(pipe->wait, has_come(pipe));
		/* Before the last look: what was put in before is seen. */
		closed = smp_load_acquire(&pipe->closed);
		while (kfifo_get(&pipe->fifo, &item)) {
			free_item(worker, &item);
			wake_up(&pipe->wait);
			cond_resched();
		}
	} while (!closed);
}

/**
 * mmkit_worker_run() - A thread of a run, from its begin to its end.
 * @member: of the run's crew
 *
 * Context: Process.
 */
void mmkit_worker_run(struct mmkit_member *member)
{
	struct mmkit_run *run = member->crew->data;
	struct mmkit_worker *worker = &run->worker[member->index];

	if (!run->pipe)
		hold_objects(worker);
	else if (member->index % 2)
		consume(worker, &run->pipe[member->index / 2]);
	else
		produce(worker, &run->pipe[member->index / 2]);
}
