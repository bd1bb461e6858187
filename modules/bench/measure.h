/* SPDX-License-Identifier: GPL-2.0-only */
/* Rounds of a benchmark, and the table of benchmarks. */
#ifndef _MMKIT_BENCH_MEASURE_H
#define _MMKIT_BENCH_MEASURE_H

#include <linux/mm.h>
#include <linux/types.h>
#include <mmkit/area.h>
#include <mmkit/bench.h>

struct mmkit_allocator;

/**
 * struct mmkit_loop - what a benchmark's loop works on, one for each thread
 * @x: order, size, batch: see the row's axis
 * @slot: room for @x objects, of a row with a batch
 * @object: made by the row's begin, such as a cache
 * @allocator: of a row that wants one
 * @cpu: that the thread is pinned to
 */
struct mmkit_loop {
	u64 x;
	void **slot;
	void *object;
	const struct mmkit_allocator *allocator;
	int cpu;
};

/**
 * struct mmkit_suite_row - one benchmark
 * @name: SUITE/WHAT
 * @axis: what @x counts
 * @help: one line
 * @flags: MMKIT_BENCH_x
 * @batch: @x objects are held in slots, and each is an operation
 * @x: values that it is run with, up to the first 0 that is not the first
 * @begin: makes loop->object, or NULL; returns 0 or -errno
 * @end: undoes it, or NULL
 * @ready: before each round, not measured, or NULL; returns 0 or -errno. One
 *	turn uses up what it made.
 * @run: @n times; false when an allocation failed
 * @empty: the same loops with nothing in them; NULL for one loop, or two over
 *	the slots of a @batch
 * @holds: bytes that are held at most, for the quota
 */
struct mmkit_suite_row {
	const char *name;
	const char *axis;
	const char *help;
	u32 flags;
	bool batch;
	u64 x[MMKIT_BENCH_X_MAX];
	int (*begin)(struct mmkit_loop *loop);
	void (*end)(struct mmkit_loop *loop);
	int (*ready)(struct mmkit_loop *loop);
	bool (*run)(struct mmkit_loop *loop, u64 n);
	bool (*empty)(struct mmkit_loop *loop, u64 n);
	u64 (*holds)(u64 x);
};

/* A table of rows; the last one has no name. */
extern const struct mmkit_suite_row mmkit_suite_core[], mmkit_suite_pages[],
	mmkit_suite_heap[], mmkit_suite_slab[], mmkit_suite_mempool[],
	mmkit_suite_percpu[], mmkit_suite_registry[];

const struct mmkit_suite_row *mmkit_suite_find(const char *name);
u32 mmkit_suite_list(struct mmkit_bench_row *rows, u32 room);
unsigned int mmkit_suite_nr_x(const struct mmkit_suite_row *row);

bool mmkit_empty_single(struct mmkit_loop *loop, u64 n);
bool mmkit_empty_batch(struct mmkit_loop *loop, u64 n);
bool mmkit_empty_frees(struct mmkit_loop *loop, u64 n);

u32 mmkit_unit(void);
int mmkit_measure(struct mmkit_call *call, void *arg);

/* What the rows have in common. */
static inline u64 mmkit_holds_bytes(u64 x)
{
	return x;
}

static inline u64 mmkit_holds_pages(u64 x)
{
	return x << PAGE_SHIFT;
}

static inline u64 mmkit_holds_order(u64 x)
{
	return (u64)PAGE_SIZE << x;
}

#endif
