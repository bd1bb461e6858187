// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rounds of a benchmark in user space: as the kernel's module does them, the
 * loop timed from end to end and the empty one taken off, on one CPU.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "bench.h"

#define WARM_UP		2
#define MANY		(1u << 20)	/* turns, at most */

/* In order with what is around it. The same clock as the module's. */
static inline uint64_t ticks(void)
{
#if defined(__x86_64__) || defined(__i386__)
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc; lfence" : "=a" (low), "=d" (high) : :
			 "memory");
	return (uint64_t)high << 32 | low;
#else
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
#endif
}

static int nothing(struct bench_loop *loop)
{
	(void)loop;
	__asm__ volatile("" : : : "memory");
	return 0;
}

/* Through a pointer, so that the empty one costs what the others do. */
static uint64_t time_turns(struct bench_loop *loop, unsigned int n,
			   int (*volatile op)(struct bench_loop *loop),
			   int *err)
{
	int (*call)(struct bench_loop *loop) = op;
	uint64_t begin = ticks();
	unsigned int i;

	for (i = 0; i < n; i++)
		*err |= call(loop);
	return ticks() - begin;
}

static uint64_t switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

static int one_round(const struct bench_row *row, struct bench_loop *loop,
		     unsigned int n, struct mmkit_bench_round *round)
{
	uint64_t before;
	int err = 0, failed = 0, cpu = sched_getcpu();

	memset(round, 0, sizeof(*round));
	round->empty = time_turns(loop, n, nothing, &err);
	if (row->ready)
		err = row->ready(loop);
	if (err)
		return err;
	before = switches();
	round->ticks = time_turns(loop, n, row->op, &failed);
	if (switches() != before)
		round->flags |= MMKIT_BENCH_SWITCHED;
	if (sched_getcpu() != cpu)
		round->flags |= MMKIT_BENCH_MOVED;
	if (failed)
		round->flags |= MMKIT_BENCH_FAILED;
	return 0;
}

/* A quarter of a millisecond, as in the kernel. */
static int find_turns(const struct bench_session *session,
		      const struct bench_row *row, struct bench_loop *loop,
		      unsigned int *n)
{
	struct mmkit_bench_round round;
	int err;

	for (*n = 1; *n < MANY; *n *= 2) {
		err = one_round(row, loop, *n, &round);
		if (err || row->ready || round.flags & MMKIT_BENCH_FAILED ||
		    round.ticks >= session->info.khz / 4)
			return err;
	}
	return 0;
}

static int all_rounds(struct bench_session *session, struct bench_item *item,
		      struct bench_loop *loop)
{
	struct mmkit_bench_round warm;
	unsigned int n, i, rounds = bench_rounds(session, item);
	int err;

	/* The last round of these is as long as the others: it warms up, too. */
	err = find_turns(session, item->user, loop, &n);
	for (i = 1; i < WARM_UP && !err; i++)
		err = one_round(item->user, loop, n, &warm);
	for (i = 0; i < rounds && !err; i++)
		err = one_round(item->user, loop, n, &item->rounds[i]);
	item->nr_rounds = i;
	item->operations = (item->user->ops ? item->user->ops(loop) : 1) * n;
	return err;
}

/* To the CPU that was asked for, else to the one it is on. */
static void pin(const struct bench_session *session, cpu_set_t *old)
{
	int cpu = session->opts->cpu < 0 ? sched_getcpu() : session->opts->cpu;
	cpu_set_t set;

	sched_getaffinity(0, sizeof(*old), old);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void why(const struct bench_loop *loop, int err, struct bench_item *item)
{
	if (loop->why[0])
		snprintf(item->skipped, sizeof(item->skipped), "%s", loop->why);
	else
		snprintf(item->skipped, sizeof(item->skipped), "%s (%s)",
			 strerror(-err), errno_name(err));
	item->nr_rounds = 0;
}

/* What cannot be run here is skipped and says why. Returns 0 or -errno. */
int bench_user_measure(struct bench_session *session, struct bench_item *item)
{
	const struct bench_row *row = item->user;
	struct bench_loop loop = {
		.cli = session->cli,
		.x = item->x,
		.brief = session->opts->brief,
		.subject = item->subject,
		.fd = -1,
		.files = { -1, -1, -1 },
	};
	cpu_set_t old;
	int err;

	item->rounds = calloc(bench_rounds(session, item), sizeof(*item->rounds));
	if (!item->rounds)
		return -ENOMEM;
	pin(session, &old);
	err = row->begin ? row->begin(&loop) : 0;
	if (!err)
		err = all_rounds(session, item, &loop);
	if (row->end)
		row->end(&loop);
	sched_setaffinity(0, sizeof(old), &old);
	if (err == -EINTR)
		return err;
	if (err)
		why(&loop, err, item);
	return 0;
}
