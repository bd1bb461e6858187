/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* /dev/mmkit/bench: exercise and measure any registered allocator. */
#ifndef _UAPI_MMKIT_BENCH_H
#define _UAPI_MMKIT_BENCH_H

#include <mmkit/mmkit.h>

/* What a tick of the clock is, found out by counting a known loop. */
enum mmkit_bench_unit {
	MMKIT_BENCH_UNIT_TICK,		/* @khz of them in a millisecond */
	MMKIT_BENCH_UNIT_INSTRUCTION,	/* an emulator counts instructions */
	MMKIT_BENCH_UNIT_NR,
};

/* mmkit_bench_info.config: options of the kernel that a figure depends on. */
#define MMKIT_BENCH_KASAN		(1u << 0)
#define MMKIT_BENCH_LOCKDEP		(1u << 1)
#define MMKIT_BENCH_KMEMLEAK		(1u << 2)
#define MMKIT_BENCH_DEBUG_VM		(1u << 3)
#define MMKIT_BENCH_PAGEALLOC		(1u << 4)
#define MMKIT_BENCH_SLUB_DEBUG		(1u << 5)
#define MMKIT_BENCH_PAGE_OWNER		(1u << 6)
#define MMKIT_BENCH_FAULT_INJECTION	(1u << 7)
#define MMKIT_BENCH_KCOV		(1u << 8)
#define MMKIT_BENCH_ATOMIC_SLEEP	(1u << 9)
#define MMKIT_BENCH_DEBUG		0x000003ffu /* with one, none means much */
#define MMKIT_BENCH_MEMCG		(1u << 16)
#define MMKIT_BENCH_NUMA		(1u << 17)
#define MMKIT_BENCH_PREEMPT		(1u << 18)
#define MMKIT_BENCH_RETPOLINE		(1u << 19)
#define MMKIT_BENCH_INIT_ON_ALLOC	(1u << 20)

/**
 * struct mmkit_bench_info - what the figures of this kernel are in
 * @size: sizeof(struct mmkit_bench_info)
 * @unit: enum mmkit_bench_unit
 * @khz: ticks in a millisecond
 * @config: MMKIT_BENCH_x
 * @cpus: that threads can be pinned to
 * @nr_sizes: sizes that the session holds, see MMKIT_BENCH_SIZES
 * @compiler: of this module, as __VERSION__
 */
struct mmkit_bench_info {
	__u32 size;
	__u32 unit;
	__aligned_u64 khz;
	__u32 config;
	__u32 cpus;
	__u32 nr_sizes;
	__u32 reserved;
	char compiler[64];
};

#define MMKIT_BENCH_X_MAX	20

/* mmkit_bench_row.flags */
#define MMKIT_BENCH_IRQS_OFF	(1u << 0) /* measured with interrupts off */
#define MMKIT_BENCH_ALLOCATOR	(1u << 1) /* wants the name of an allocator */
#define MMKIT_BENCH_TWO_CPUS	(1u << 2) /* wants another CPU beside its own */

/**
 * struct mmkit_bench_row - one benchmark
 * @name: SUITE/WHAT
 * @axis: what @x counts: order, bytes, pages, batch, ...
 * @help: one line
 * @flags: MMKIT_BENCH_x
 * @nr: how many elements of @x are used
 * @x: values that it is run with; larger ones than the largest are refused
 */
struct mmkit_bench_row {
	char name[MMKIT_NAME_LEN];
	char axis[16];
	char help[80];
	__u32 flags;
	__u32 nr;
	__aligned_u64 x[MMKIT_BENCH_X_MAX];
};

/**
 * struct mmkit_bench_list - the benchmarks that run in the kernel
 * @size: sizeof(struct mmkit_bench_list)
 * @nr: in: room at @rows; out: how many there are
 * @rows: struct mmkit_bench_row array
 *
 * Errors: EFAULT; ENOMEM; EINTR.
 */
struct mmkit_bench_list {
	__u32 size;
	__u32 nr;
	__aligned_u64 rows;
};

#define MMKIT_BENCH_ROUNDS_MAX	64
#define MMKIT_BENCH_THREADS_MAX	64
#define MMKIT_BENCH_NR_MAX	(1u << 24)

/* mmkit_bench_round.flags: what disturbed it */
#define MMKIT_BENCH_TICKED	(1u << 0) /* a timer interrupt */
#define MMKIT_BENCH_SWITCHED	(1u << 1) /* another thread ran meanwhile */
#define MMKIT_BENCH_MOVED	(1u << 2) /* its CPU went offline */
#define MMKIT_BENCH_FAILED	(1u << 3) /* an allocation failed: void */

/**
 * struct mmkit_bench_round - one round of one thread
 * @ticks: from its begin to its end
 * @empty: the same loop with nothing in it, measured just before
 * @thread: which, from 0
 * @flags: MMKIT_BENCH_x
 */
struct mmkit_bench_round {
	__aligned_u64 ticks;
	__aligned_u64 empty;
	__u32 thread;
	__u32 flags;
};

/**
 * struct mmkit_bench_run - run one benchmark, with one x
 * @size: sizeof(struct mmkit_bench_run)
 * @rounds: in: how many, at most %MMKIT_BENCH_ROUNDS_MAX; 0 means 9.
 *	out: how many are at @array, @threads times as many
 * @row: name of the row
 * @allocator: name, for a row with %MMKIT_BENCH_ALLOCATOR; else empty
 * @x: order, size, batch: see the row's axis
 * @threads: how many, each pinned to a CPU, all at once; 0 means 1
 * @cpu: of the first thread, -1 for any
 * @nr: in: operations in a round, at most %MMKIT_BENCH_NR_MAX; 0 means as
 *	many as take a quarter of a millisecond. out: how many there were, which
 *	is @x where a row needs something made before each round
 * @array: struct mmkit_bench_round array, rounds times threads of them
 *
 * An operation is an allocation and its free, of one object or of one page, as
 * the row says. What is held meanwhile is charged to the session's quota.
 *
 * Errors: ENOENT no such row or allocator; EINVAL a value out of range, @x that
 * the row does not take; EOPNOTSUPP a row that wants another CPU where there is
 * none, or that this kernel does not have; ENXIO the CPU is offline; EDQUOT;
 * ENOMEM; EINTR.
 */
struct mmkit_bench_run {
	__u32 size;
	__u32 rounds;
	char row[MMKIT_NAME_LEN];
	char allocator[MMKIT_NAME_LEN];
	__aligned_u64 x;
	__u32 threads;
	__s32 cpu;
	__aligned_u64 nr;
	__aligned_u64 array;
};

#define MMKIT_BENCH_SIZES_PER_CALL	48
#define MMKIT_BENCH_SIZES_MAX		(1u << 20)

/**
 * struct mmkit_bench_sizes - hand over sizes, for LIST and TRACE
 * @size: sizeof(struct mmkit_bench_sizes)
 * @flags: MMKIT_BENCH_SIZES_x
 * @nr: how many elements of @sizes are used
 * @total: out: how many the session holds now
 * @sizes: appended to those the session holds
 *
 * Errors: EINVAL @nr too large, a size of 0, flags; ERANGE more than
 * %MMKIT_BENCH_SIZES_MAX in all; EDQUOT; ENOMEM; EINTR.
 */
struct mmkit_bench_sizes {
	__u32 size;
	__u32 flags;
	__u32 nr;
	__u32 total;
	__u32 sizes[MMKIT_BENCH_SIZES_PER_CALL];
};

#define MMKIT_BENCH_SIZES_FORGET	(1u << 0) /* those held, first */

/* How large the next object is. */
enum mmkit_bench_dist {
	MMKIT_BENCH_FIXED,	/* @min */
	MMKIT_BENCH_UNIFORM,	/* from @min to @max */
	MMKIT_BENCH_LIST,	/* any of the session's sizes */
	MMKIT_BENCH_ZIPF,	/* k times @min up to @max, by 1 in k */
	MMKIT_BENCH_TRACE,	/* the session's sizes in their order */
	MMKIT_BENCH_DIST_NR,
};

/* When which object is freed; N is @live. */
enum mmkit_bench_pattern {
	MMKIT_BENCH_LIFO,	/* fill to N, free the newest until none is left */
	MMKIT_BENCH_FIFO,	/* the same, the oldest */
	MMKIT_BENCH_RANDOM,	/* the same, any */
	MMKIT_BENCH_HOLD,	/* fill to N, then replace any, one by one */
	MMKIT_BENCH_PIPE,	/* allocated on one CPU, freed on another */
	MMKIT_BENCH_BURST,	/* as LIFO, with a pause between */
	MMKIT_BENCH_RAMP,	/* two steps up, one down, to N, and back */
	MMKIT_BENCH_PATTERN_NR,
};

/* mmkit_bench_start.flags */
#define MMKIT_BENCH_TOUCH	(1u << 0) /* write to each page */
#define MMKIT_BENCH_CHECK	(1u << 1) /* fill, and compare before the free */
#define MMKIT_BENCH_FLAGS	0x00000003u

#define MMKIT_BENCH_LIVE_MAX	(1u << 20)

/**
 * struct mmkit_bench_start - start to exercise an allocator
 * @size: sizeof(struct mmkit_bench_start)
 * @pattern: enum mmkit_bench_pattern
 * @allocator: name, see MMKIT_INFO_LIST
 * @dist: enum mmkit_bench_dist
 * @threads: at least 1; an even number for PIPE
 * @min: bytes
 * @max: bytes, for UNIFORM and ZIPF
 * @live: objects that a thread holds at most; of PIPE, on their way
 * @gfp: KERNEL, ATOMIC or NOWAIT; ZERO, NORETRY, RETRY_MAYFAIL, THISNODE
 * @node: NUMA node, -1 for any
 * @flags: MMKIT_BENCH_x
 * @count: allocations of each thread, failed ones included; 0: no limit
 * @duration_ms: end after that time, 0: no limit
 * @pause_us: between bursts
 * @seed: of the random numbers; the same one gives the same sequence
 * @first_cpu: thread i is pinned to the i-th online CPU from this one on
 * @handle: out: of the run; freeing it, or closing the device, stops it
 *
 * The memory is charged to the session's quota, as the allocator says how much
 * it is, and to the caller's cgroup; stack and task_struct of each thread are
 * charged to the quota alone.
 *
 * Errors: ENOENT no such allocator; EINVAL a value out of range; EPERM ATOMIC
 * without CAP_SYS_RESOURCE; EDQUOT a quota of handles, or of bytes for the
 * bookkeeping; EBUSY the module is on its way out; ENOMEM; EINTR.
 */
struct mmkit_bench_start {
	__u32 size;
	__u32 pattern;
	char allocator[MMKIT_NAME_LEN];
	__u32 dist;
	__u32 threads;
	__aligned_u64 min;
	__aligned_u64 max;
	__u32 live;
	__u32 gfp;
	__s32 node;
	__u32 flags;
	__aligned_u64 count;
	__u32 duration_ms;
	__u32 pause_us;
	__u32 seed;
	__u32 first_cpu;
	__u32 handle;
	__u32 reserved;
};

/* mmkit_bench_status.state */
enum mmkit_bench_state {
	MMKIT_BENCH_RUNNING,
	MMKIT_BENCH_DONE,	/* everything is freed */
};

/**
 * struct mmkit_bench_status - how a run is getting on
 * @size: sizeof(struct mmkit_bench_status)
 * @handle: from MMKIT_BENCH_START
 * @wait_ms: answer after that time or when the run has ended, at most 1000
 * @state: enum mmkit_bench_state
 * @elapsed_ns: since the threads were let go, until the last one ended
 * @allocs: that succeeded
 * @frees: done
 * @enomem: allocations that the allocator refused
 * @edquot: allocations that the session's quota refused
 * @corrupt: objects that did not hold what was written into them
 * @live: objects now
 * @bytes: charged for them now
 * @peak: most that was charged
 * @asked: bytes, of all allocations that succeeded
 * @threads: that still run
 * @moved: threads whose CPU went offline
 *
 * Errors: ENOENT no such handle, or it was forgotten meanwhile; EINVAL @wait_ms;
 * EINTR.
 */
struct mmkit_bench_status {
	__u32 size;
	__u32 handle;
	__u32 wait_ms;
	__u32 state;
	__aligned_u64 elapsed_ns;
	__aligned_u64 allocs;
	__aligned_u64 frees;
	__aligned_u64 enomem;
	__aligned_u64 edquot;
	__aligned_u64 corrupt;
	__aligned_u64 live;
	__aligned_u64 bytes;
	__aligned_u64 peak;
	__aligned_u64 asked;
	__u32 threads;
	__u32 moved;
};

/* Buckets of a histogram: exact below 8, then 8 in each power of two. */
#define MMKIT_BENCH_BUCKETS	496

/**
 * struct mmkit_bench_hist - how often an operation took how many ticks
 * @total: operations
 * @min: fastest
 * @max: slowest
 * @sum: of all
 * @bucket: counts; bucket i < 8 is of i ticks, any other begins at
 *	(8 + i % 8) << (i / 8 - 1)
 */
struct mmkit_bench_hist {
	__aligned_u64 total;
	__aligned_u64 min;
	__aligned_u64 max;
	__aligned_u64 sum;
	__aligned_u64 bucket[MMKIT_BENCH_BUCKETS];
};

/**
 * struct mmkit_bench_result - the histograms of a run so far
 * @size: sizeof(struct mmkit_bench_result)
 * @handle: from MMKIT_BENCH_START
 * @hists: two struct mmkit_bench_hist: of allocations, of frees; those of all
 *	threads together
 *
 * Errors: ENOENT no such handle; EFAULT; ENOMEM; EINTR.
 */
struct mmkit_bench_result {
	__u32 size;
	__u32 handle;
	__aligned_u64 hists;
};

/**
 * struct mmkit_bench_handle - stop a run, or stop and forget it
 * @size: sizeof(struct mmkit_bench_handle)
 * @handle: from MMKIT_BENCH_START
 *
 * MMKIT_BENCH_STOP returns when everything is freed; the results stay.
 *
 * Errors: ENOENT no such handle; EINTR.
 */
struct mmkit_bench_handle {
	__u32 size;
	__u32 handle;
};

/**
 * struct mmkit_bench_nothing - a command that does nothing, to be measured
 * @size: sizeof(struct mmkit_bench_nothing)
 * @reserved: zero
 */
struct mmkit_bench_nothing {
	__u32 size;
	__u32 reserved;
};

#define MMKIT_BENCH_NOTHING	_IOW(MMKIT_IOC, MMKIT_IOC_BENCH + 0, \
				     struct mmkit_bench_nothing)
#define MMKIT_BENCH_INFO	_IOWR(MMKIT_IOC, MMKIT_IOC_BENCH + 1, \
				      struct mmkit_bench_info)
#define MMKIT_BENCH_ROWS	_IOWR(MMKIT_IOC, MMKIT_IOC_BENCH + 2, \
				      struct mmkit_bench_list)
#define MMKIT_BENCH_RUN		_IOWR(MMKIT_IOC, MMKIT_IOC_BENCH + 3, \
				      struct mmkit_bench_run)
#define MMKIT_BENCH_SIZES	_IOWR(MMKIT_IOC, MMKIT_IOC_BENCH + 4, \
				      struct mmkit_bench_sizes)
#define MMKIT_BENCH_START	_IOWR(MMKIT_IOC, MMKIT_IOC_BENCH + 5, \
				      struct mmkit_bench_start)
#define MMKIT_BENCH_STATUS	_IOWR(MMKIT_IOC, MMKIT_IOC_BENCH + 6, \
				      struct mmkit_bench_status)
#define MMKIT_BENCH_RESULT	_IOWR(MMKIT_IOC, MMKIT_IOC_BENCH + 7, \
				      struct mmkit_bench_result)
#define MMKIT_BENCH_STOP	_IOW(MMKIT_IOC, MMKIT_IOC_BENCH + 8, \
				     struct mmkit_bench_handle)
#define MMKIT_BENCH_FORGET	_IOW(MMKIT_IOC, MMKIT_IOC_BENCH + 9, \
				     struct mmkit_bench_handle)

#endif
