// SPDX-License-Identifier: GPL-2.0-only
/* A run of the exerciser: made, let go, looked at, stopped, freed. */
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <mmkit/gfp.h>
#include <mmkit/registry.h>
#include "exercise.h"
#include "hist.h"

/* A copy of the session's sizes, or weights: see make_dist(). */
static u64 dist_bytes(const struct mmkit_bench_start *ask,
		      const struct mmkit_sizes *sizes)
{
	if (ask->dist == MMKIT_BENCH_LIST || ask->dist == MMKIT_BENCH_TRACE)
		return (u64)sizes->nr * sizeof(*sizes->size);
	if (ask->dist == MMKIT_BENCH_ZIPF)
		return (u64)mmkit_dist_ranks(ask->min, ask->max) * sizeof(u64);
	return 0;
}

static u64 bookkeeping(const struct mmkit_bench_start *ask,
		       const struct mmkit_sizes *sizes)
{
	return (u64)ask->threads * (MMKIT_THREAD_BYTES +
				    sizeof(struct mmkit_worker) +
				    ask->live * sizeof(struct mmkit_item)) +
	       dist_bytes(ask, sizes);
}

static int copy_sizes(struct mmkit_run *run, const struct mmkit_sizes *sizes)
{
	run->sizes = kvmalloc_array(sizes->nr, sizeof(*run->sizes),
				    MMKIT_GFP_BOOKKEEPING);
	if (!run->sizes)
		return -ENOMEM;
	memcpy(run->sizes, sizes->size, sizes->nr * sizeof(*run->sizes));
	run->dist.sizes = run->sizes;
	run->dist.nr = sizes->nr;
	return 0;
}

static int weigh(struct mmkit_run *run)
{
	run->dist.nr = mmkit_dist_ranks(run->dist.min, run->dist.max);
	run->weights = kvmalloc_array(run->dist.nr, sizeof(*run->weights),
				      MMKIT_GFP_BOOKKEEPING);
	if (!run->weights)
		return -ENOMEM;
	mmkit_dist_weigh(run->weights, run->dist.nr);
	run->dist.weights = run->weights;
	return 0;
}

static int make_dist(struct mmkit_run *run, const struct mmkit_sizes *sizes)
{
	const struct mmkit_bench_start *ask = &run->ask;

	run->dist = (struct mmkit_dist) {
		.kind = ask->dist,
		.min = ask->min,
		.max = ask->max,
	};
	if (ask->dist == MMKIT_BENCH_LIST || ask->dist == MMKIT_BENCH_TRACE)
		return copy_sizes(run, sizes);
	return ask->dist == MMKIT_BENCH_ZIPF ? weigh(run) : 0;
}

static int make_pipes(struct mmkit_run *run)
{
	u32 i, nr = run->ask.threads / 2;

	run->pipe = kcalloc(nr, sizeof(*run->pipe), MMKIT_GFP_BOOKKEEPING);
	if (!run->pipe)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		struct mmkit_pipe *pipe = &run->pipe[i];

		init_waitqueue_head(&pipe->wait);
		/* A power of two, and no less: produce() stops before it is full. */
		if (kfifo_alloc(&pipe->fifo, max(run->ask.live, 2u),
				MMKIT_GFP_BOOKKEEPING))
			return -ENOMEM;
	}
	return 0;
}

static int make_items(struct mmkit_run *run)
{
	u32 i;

	for (i = 0; i < run->ask.threads; i++) {
		run->worker[i].item = kvcalloc(run->ask.live,
					       sizeof(struct mmkit_item),
					       MMKIT_GFP_BOOKKEEPING);
		if (!run->worker[i].item)
			return -ENOMEM;
	}
	return 0;
}

static int make_workers(struct mmkit_run *run)
{
	u64 seed = run->ask.seed;
	u32 i;

	run->worker = kvcalloc(run->ask.threads, sizeof(*run->worker),
			       MMKIT_GFP_BOOKKEEPING);
	if (!run->worker)
		return -ENOMEM;
	for (i = 0; i < run->ask.threads; i++) {
		run->worker[i].run = run;
		run->worker[i].random = mmkit_random(&seed);
	}
	return run->ask.pattern == MMKIT_BENCH_PIPE ? make_pipes(run) :
						      make_items(run);
}

static int make_crew(struct mmkit_run *run)
{
	struct mmkit_crew *crew;

	crew = mmkit_crew_new(run->ask.threads, run->ask.first_cpu);
	if (IS_ERR(crew))
		return PTR_ERR(crew);
	crew->work = mmkit_worker_run;
	crew->data = run;
	run->crew = crew;
	return 0;
}

static int find_allocator(struct mmkit_run *run)
{
	struct mmkit_entry *entry;

	entry = mmkit_entry_get(MMKIT_KIND_ALLOCATOR, run->ask.allocator);
	if (!entry)
		return -ENOENT;
	run->allocator = container_of(entry, struct mmkit_allocator, entry);
	return 0;
}

/**
 * mmkit_run_new() - Make a run that does nothing yet.
 * @session: that will be charged
 * @ask: checked
 * @sizes: that the session holds
 *
 * Context: Process. session->lock is held.
 * Return: the run, its bookkeeping charged to the session; ERR_PTR() of
 * -ENOENT no such allocator, -EDQUOT, -ENOMEM, -EINTR.
 */
struct mmkit_run *mmkit_run_new(struct mmkit_session *session,
				const struct mmkit_bench_start *ask,
				const struct mmkit_sizes *sizes)
{
	u64 bytes = bookkeeping(ask, sizes);
	struct mmkit_run *run;
	int err;

	err = mmkit_charge(session, bytes);
	if (err)
		return ERR_PTR(err);
	run = kzalloc(sizeof(*run), MMKIT_GFP_BOOKKEEPING);
	if (!run) {
		mmkit_uncharge(session, bytes);
		return ERR_PTR(-ENOMEM);
	}
	run->object.ops = &mmkit_run_ops;
	run->object.bytes = bytes;
	run->session = session;
	run->ask = *ask;
	run->gfp = mmkit_gfp_kernel(ask->gfp);
	err = find_allocator(run) ?: make_dist(run, sizes) ?:
	      make_workers(run) ?: make_crew(run);
	if (err) {
		mmkit_run_free(run);
		mmkit_uncharge(session, bytes);
		return ERR_PTR(err);
	}
	return run;
}

/**
 * mmkit_run_start() - Let a run go.
 * @run: it
 *
 * Context: Process.
 * Return: 0, -EBUSY the module is being unloaded.
 */
int mmkit_run_start(struct mmkit_run *run)
{
	return mmkit_crew_start(run->crew);
}

/**
 * mmkit_run_stop() - Stop it, and wait until everything is freed.
 * @run: that was started
 *
 * Context: Process.
 * Return: 0, -EINTR killed while waiting; it stops all the same.
 */
int mmkit_run_stop(struct mmkit_run *run)
{
	WRITE_ONCE(run->crew->stop, true);
	return wait_for_completion_killable(&run->crew->done) ? -EINTR : 0;
}

/**
 * mmkit_run_free() - Stop a run, wait for its threads, forget it.
 * @run: complete or not, started or not
 *
 * Context: Process.
 */
void mmkit_run_free(struct mmkit_run *run)
{
	u32 i;

	mmkit_crew_free(run->crew);
	for (i = 0; run->worker && i < run->ask.threads; i++)
		kvfree(run->worker[i].item);
	for (i = 0; run->pipe && i < run->ask.threads / 2; i++)
		kfifo_free(&run->pipe[i].fifo);
	kfree(run->pipe);
	kvfree(run->worker);
	kvfree(run->weights);
	kvfree(run->sizes);
	if (run->allocator)
		mmkit_entry_put(&run->allocator->entry);
	kfree(run);
}

static void add_worker(struct mmkit_bench_status *out,
		       const struct mmkit_worker *worker)
{
	/* The frees first: there are never more of them than allocations. */
	out->frees += READ_ONCE(worker->frees);
	out->enomem += READ_ONCE(worker->enomem);
	out->edquot += READ_ONCE(worker->edquot);
	out->corrupt += READ_ONCE(worker->corrupt);
}

/**
 * mmkit_run_status() - How a run is getting on.
 * @run: it
 * @out: its counts, which were zero, are filled in
 *
 * Context: Process.
 */
void mmkit_run_status(struct mmkit_run *run, struct mmkit_bench_status *out)
{
	struct mmkit_crew *crew = run->crew;
	u64 ended = READ_ONCE(crew->ended);
	u32 i;

	out->state = completion_done(&crew->done) ? MMKIT_BENCH_DONE :
						    MMKIT_BENCH_RUNNING;
	out->elapsed_ns = (ended ?: ktime_get_ns()) - crew->began;
	out->threads = max(atomic_read(&crew->left), 0);
	for (i = 0; i < crew->nr; i++) {
		add_worker(out, &run->worker[i]);
		out->moved += READ_ONCE(crew->member[i].moved);
	}
	for (i = 0; i < crew->nr; i++) {
		out->allocs += READ_ONCE(run->worker[i].allocs);
		out->asked += READ_ONCE(run->worker[i].asked);
	}
	out->live = out->allocs - out->frees;
	out->bytes = atomic64_read(&run->bytes);
	out->peak = atomic64_read(&run->peak);
}

/**
 * mmkit_run_hists() - Latencies so far, of all threads together.
 * @run: it
 * @out: two, zeroed: of allocations, of frees
 *
 * Context: Process.
 */
void mmkit_run_hists(const struct mmkit_run *run, struct mmkit_bench_hist *out)
{
	u32 i;

	for (i = 0; i < run->ask.threads; i++) {
		mmkit_hist_merge(&out[MMKIT_HIST_ALLOC],
				 &run->worker[i].hist[MMKIT_HIST_ALLOC]);
		mmkit_hist_merge(&out[MMKIT_HIST_FREE],
				 &run->worker[i].hist[MMKIT_HIST_FREE]);
	}
}

static void run_free(struct mmkit_object *object)
{
	mmkit_run_free(container_of(object, struct mmkit_run, object));
}

static void run_show(struct seq_file *m, const struct mmkit_object *object)
{
	struct mmkit_run *run = container_of((struct mmkit_object *)object,
					     struct mmkit_run, object);
	struct mmkit_bench_status now = { };

	mmkit_run_status(run, &now);
	seq_printf(m, "  %s: %s, %u threads, %llu allocs %llu frees %llu enomem %llu edquot %llu corrupt, %llu bytes held\n",
		   run->ask.allocator,
		   now.state == MMKIT_BENCH_DONE ? "done" : "running",
		   now.threads, now.allocs, now.frees, now.enomem, now.edquot,
		   now.corrupt, now.bytes);
}

const struct mmkit_object_ops mmkit_run_ops = {
	.kind = "exercise",
	.free = run_free,
	.show = run_show,
};
