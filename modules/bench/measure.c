// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rounds: the loop of a row, timed from end to end, and just before it the same
 * loop with nothing in it. A round that something disturbed says so and is
 * reported like the others: the median does not mind it.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include <mmkit/registry.h>
#include "compat/ticks.h"
#include "crew.h"
#include "measure.h"

#define ROUNDS		9	/* unless the caller says how many */
#define WARM_UP		2	/* before the first */
#define ROUND_PART	4	/* of a millisecond that a round is to take */

/**
 * struct mmkit_measure - one benchmark on its way
 * @row: of the table
 * @x: order, size, batch
 * @allocator: of a row that wants one, else NULL
 * @rounds: of each thread
 * @nr: turns of the loop in a round; 0 to find a good number
 * @piece: turns at a time, between which it may be ended; 0 to find out
 * @crew: the threads that are at it
 * @result: @rounds of each thread, or NULL
 * @err: of any thread, such as that its cache could not be made
 */
struct mmkit_measure {
	const struct mmkit_suite_row *row;
	u64 x;
	const struct mmkit_allocator *allocator;
	u32 rounds;
	u64 nr;
	u64 piece;
	const struct mmkit_crew *crew;
	struct mmkit_bench_round *result;
	int err;
};

/* One loop. */
bool mmkit_empty_single(struct mmkit_loop *loop, u64 n)
{
	u64 i;

	for (i = 0; i < n; i++)
		barrier();
	return true;
}

/* One that fills the slots, one that empties them. */
bool mmkit_empty_batch(struct mmkit_loop *loop, u64 n)
{
	u64 i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < loop->x; k++)
			WRITE_ONCE(loop->slot[k], loop);
		for (k = 0; k < loop->x; k++)
			READ_ONCE(loop->slot[k]);
	}
	return true;
}

/* One that empties the slots. */
bool mmkit_empty_frees(struct mmkit_loop *loop, u64 n)
{
	u64 i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < loop->x; k++)
			READ_ONCE(loop->slot[k]);
	return true;
}

static u64 time_piece(struct mmkit_loop *loop, u64 n, bool irqs_off,
		      bool (*run)(struct mmkit_loop *loop, u64 n), u32 *flags)
{
	unsigned long switches = current->nvcsw + current->nivcsw;
	unsigned long tick = jiffies, irqs = 0;
	u64 begin, end;
	bool good;

	if (irqs_off)
		local_irq_save(irqs);
	begin = mmkit_ticks();
	good = run(loop, n);
	end = mmkit_ticks();
	if (irqs_off)
		local_irq_restore(irqs);

	if (!good)
		*flags |= MMKIT_BENCH_FAILED;
	if (time_after(jiffies, tick) && !irqs_off)
		*flags |= MMKIT_BENCH_TICKED;
	if (current->nvcsw + current->nivcsw != switches)
		*flags |= MMKIT_BENCH_SWITCHED;
	if (raw_smp_processor_id() != loop->cpu)
		*flags |= MMKIT_BENCH_MOVED;
	return end - begin;
}

/* A long one lets others run now and then, interrupts too, and ends if it is to. */
static u64 time_loop(const struct mmkit_measure *m, struct mmkit_loop *loop,
		     u64 n, bool (*run)(struct mmkit_loop *loop, u64 n),
		     u32 *flags)
{
	bool irqs_off = m->row->flags & MMKIT_BENCH_IRQS_OFF;
	u64 ticks = 0, turns;

	for (;;) {
		turns = min(n, m->piece);
		ticks += time_piece(loop, turns, irqs_off, run, flags);
		n -= turns;
		if (!n || mmkit_crew_stopped(m->crew))
			return ticks;
		cond_resched();
	}
}

static int one_round(const struct mmkit_measure *m, struct mmkit_loop *loop,
		     u64 n, struct mmkit_bench_round *round)
{
	const struct mmkit_suite_row *row = m->row;
	bool (*empty)(struct mmkit_loop *loop, u64 n) = row->empty;
	int err;

	if (!empty)
		empty = row->batch ? mmkit_empty_batch : mmkit_empty_single;
	round->flags = 0;
	round->empty = time_loop(m, loop, n, empty, &round->flags);
	err = row->ready ? row->ready(loop) : 0;
	if (err)
		return err;
	round->ticks = time_loop(m, loop, n, row->run, &round->flags);
	cond_resched();
	return mmkit_crew_stopped(m->crew) ? -EINTR : 0;
}

/* Double until a round is long enough: then its ends do not count. */
static int find_piece(struct mmkit_measure *m, struct mmkit_loop *loop)
{
	u64 enough = div_u64(mmkit_ticks_khz(), ROUND_PART);
	u64 most = m->nr ?: MMKIT_BENCH_NR_MAX;
	struct mmkit_bench_round round;
	int err = 0;

	for (m->piece = 1; m->piece < most; m->piece *= 2) {
		err = one_round(m, loop, m->piece, &round);
		if (err || round.ticks >= enough ||
		    round.flags & MMKIT_BENCH_FAILED)
			break;
	}
	m->nr = m->nr ?: m->piece;
	return err;
}

static int all_rounds(struct mmkit_measure *m, struct mmkit_member *member,
		      struct mmkit_loop *loop)
{
	struct mmkit_bench_round *round = &m->result[member->index * m->rounds];
	struct mmkit_bench_round warm;
	int err = 0;
	u32 i;

	for (i = 0; i < WARM_UP && !err; i++)
		err = one_round(m, loop, m->nr, &warm);
	for (i = 0; i < m->rounds && !err; i++, round++) {
		round->thread = member->index;
		err = one_round(m, loop, m->nr, round);
	}
	return err;
}

static void measure_work(struct mmkit_member *member)
{
	struct mmkit_measure *m = member->crew->data;
	struct mmkit_loop loop = {
		.x = m->x,
		.allocator = m->allocator,
		.cpu = member->cpu,
	};
	u64 slots = m->row->batch ? m->x : 1;
	int err = -ENOMEM;

	loop.slot = kvcalloc(slots, sizeof(*loop.slot), MMKIT_GFP_BOOKKEEPING);
	if (!loop.slot)
		goto out;
	err = m->row->begin ? m->row->begin(&loop) : 0;
	if (err)
		goto free_slot;
	err = m->piece ? all_rounds(m, member, &loop) : find_piece(m, &loop);
	if (m->row->end)
		m->row->end(&loop);
free_slot:
	kvfree(loop.slot);
out:
	if (err)
		WRITE_ONCE(m->err, err);
}

static int run_crew(struct mmkit_measure *m, u32 threads, u32 first)
{
	struct mmkit_crew *crew = mmkit_crew_new(threads, first);
	int err;

	if (IS_ERR(crew))
		return PTR_ERR(crew);
	crew->work = measure_work;
	crew->data = m;
	m->crew = crew;
	err = mmkit_crew_start(crew);
	if (!err && wait_for_completion_killable(&crew->done))
		err = -EINTR;
	mmkit_crew_free(crew);
	return err ?: m->err;
}

/* Which of the online CPUs it is. */
static int find_first(s32 cpu, u32 *first)
{
	int other;

	*first = 0;
	if (cpu < 0)
		return 0;
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -ENXIO;
	for_each_online_cpu(other)
		if (other < cpu)
			++*first;
	return 0;
}

static bool terminated(const char *name)
{
	return strnlen(name, MMKIT_NAME_LEN) < MMKIT_NAME_LEN;
}

static int check_run(const struct mmkit_bench_run *run,
		     const struct mmkit_suite_row **row)
{
	if (!terminated(run->row) || !terminated(run->allocator))
		return -EINVAL;
	if (run->rounds > MMKIT_BENCH_ROUNDS_MAX ||
	    run->threads > MMKIT_BENCH_THREADS_MAX ||
	    run->nr > MMKIT_BENCH_NR_MAX || run->cpu < -1)
		return -EINVAL;
	*row = mmkit_suite_find(run->row);
	if (!*row)
		return -ENOENT;
	if (run->x > (*row)->x[mmkit_suite_nr_x(*row) - 1] ||
	    (!run->x && (*row)->x[0]))
		return -EINVAL;
	if (!!run->allocator[0] != !!((*row)->flags & MMKIT_BENCH_ALLOCATOR))
		return -EINVAL;
	if ((*row)->flags & MMKIT_BENCH_TWO_CPUS && num_online_cpus() < 2)
		return -EOPNOTSUPP;
	return 0;
}

static u64 bytes_held(const struct mmkit_measure *m)
{
	u64 bytes = m->row->holds(m->x);

	if (m->allocator && m->allocator->footprint)
		bytes = m->allocator->footprint(m->x);
	if (m->row->batch)
		bytes += m->x * sizeof(void *);
	return bytes;
}

static int measure_charged(struct mmkit_call *call, struct mmkit_measure *m,
			   struct mmkit_bench_run *run)
{
	u32 all = m->rounds * run->threads, first;
	int err = find_first(run->cpu, &first);

	if (err)
		return err;
	m->result = mmkit_call_array(call, run->array, all,
				     sizeof(*m->result));
	if (!m->result)
		return -ENOMEM;
	err = run_crew(m, 1, first);
	if (!err)
		err = run_crew(m, run->threads, first);
	if (err)
		return err;
	run->rounds = all;
	run->nr = m->nr * (m->row->batch ? m->x : 1);
	call->bytes = all * sizeof(*m->result);
	return 0;
}

static int measure_row(struct mmkit_call *call, struct mmkit_measure *m,
		       struct mmkit_bench_run *run)
{
	u64 bytes;
	int err;

	bytes = (bytes_held(m) + MMKIT_THREAD_BYTES) * run->threads;
	err = mmkit_charge(call->session, bytes);
	if (err)
		return err;
	err = measure_charged(call, m, run);
	mmkit_uncharge(call->session, bytes);
	return err;
}

/**
 * mmkit_measure() - MMKIT_BENCH_RUN.
 * @call: of the session that is charged meanwhile
 * @arg: struct mmkit_bench_run
 *
 * Context: Process. session->lock is held.
 * Return: 0 or -errno, see the struct.
 */
int mmkit_measure(struct mmkit_call *call, void *arg)
{
	struct mmkit_bench_run *run = arg;
	struct mmkit_measure m = { .x = run->x };
	struct mmkit_entry *entry = NULL;
	int err;

	err = check_run(run, &m.row);
	if (err)
		return err;
	run->threads = run->threads ?: 1;
	m.rounds = run->rounds ?: ROUNDS;
	m.nr = m.row->batch ? DIV64_U64_ROUND_UP(run->nr, m.x) : run->nr;
	/* What is made ready before a round is enough for one turn. */
	if (m.row->ready)
		m.nr = 1;
	if (run->allocator[0]) {
		entry = mmkit_entry_get(MMKIT_KIND_ALLOCATOR, run->allocator);
		if (!entry)
			return -ENOENT;
		m.allocator = container_of(entry, struct mmkit_allocator,
					   entry);
	}
	err = measure_row(call, &m, run);
	if (entry)
		mmkit_entry_put(entry);
	return err;
}
