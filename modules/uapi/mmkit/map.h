/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* /dev/mmkit/map: one store of pages, mapped by a strategy of choice. */
#ifndef _UAPI_MMKIT_MAP_H
#define _UAPI_MMKIT_MAP_H

#include <mmkit/mmkit.h>

/**
 * struct mmkit_map_set - give the session a store and a strategy
 * @size: sizeof(struct mmkit_map_set)
 * @flags: zero
 * @bytes: of the store, a multiple of the page size, 0 gives it back
 * @strategy: name, see MMKIT_INFO_LIST; empty keeps the one that is set, or
 *	takes "page" when none is
 * @tune: a number that the strategy knows the meaning of, see
 *	MMKIT_MAP_STRATEGIES; 0 keeps the one that is set, or takes the default
 *	of a strategy that is new
 *
 * The first call makes the store, zeroed. A later one resizes it: what is cut
 * off is unmapped from every process and answers SIGBUS from then on, what is
 * added is zeroed. A strategy whose memory is of another kind than that of the
 * one before starts anew, zeroed. mmap() of the device then maps pages of the
 * store at any offset.
 *
 * Errors: EINVAL bytes no multiple of the page size or over 1 TiB, flags, @tune
 * larger than the strategy takes; ENOENT no such strategy; EOPNOTSUPP one that
 * is absent on this kernel or machine, MMKIT_MAP_STRATEGIES says why; EBUSY
 * another strategy while pages are mapped, a size that its memory must move for,
 * or a smaller one under a strategy that cannot take pages away; EDQUOT; ENOMEM;
 * EINTR; of a carve-out, ENOSPC it is smaller; of tmpfs, ENOSPC no
 * memory for its inode, EFBIG past RLIMIT_FSIZE.
 *
 * mmap() errors: EINVAL past the end of the store, or no store, or a private
 * mapping that could be written under a strategy that maps page frames; EDQUOT
 * too many mappings.
 */
struct mmkit_map_set {
	__u32 size;
	__u32 flags;
	__aligned_u64 bytes;
	char strategy[MMKIT_NAME_LEN];
	__aligned_u64 tune;
};

/**
 * struct mmkit_map_get - the session's store and what happened to it
 * @size: sizeof(struct mmkit_map_get)
 * @maps: areas (VMAs) that map the store now
 * @bytes: of the store
 * @faults: faults served since the store was made
 * @sigbus: faults refused
 * @opens: mappings made, forks and splits included
 * @strategy: name, empty before the first MMKIT_MAP_SET
 */
struct mmkit_map_get {
	__u32 size;
	__u32 maps;
	__aligned_u64 bytes;
	__aligned_u64 faults;
	__aligned_u64 sigbus;
	__aligned_u64 opens;
	char strategy[MMKIT_NAME_LEN];
};

/**
 * struct mmkit_map_describe - describe pages of the store
 * @size: sizeof(struct mmkit_map_describe)
 * @nr: in: room at @pages, at most %MMKIT_MAP_DESCRIBE_MAX; out: described
 * @first: index of the first page
 * @pages: struct mmkit_page array
 *
 * Errors: EINVAL @first past the end, @nr 0 or too large; EFAULT; ENOMEM;
 * EINTR.
 */
struct mmkit_map_describe {
	__u32 size;
	__u32 nr;
	__aligned_u64 first;
	__aligned_u64 pages;
};

#define MMKIT_MAP_DESCRIBE_MAX	4096

/* mmkit_map_strategy.flags */
#define MMKIT_STRATEGY_ABSENT	(1u << 0) /* cannot be set; @note says why */
#define MMKIT_STRATEGY_PFN	(1u << 1) /* maps page frames, uncounted */
#define MMKIT_STRATEGY_AT_MMAP	(1u << 2) /* maps at mmap() */
#define MMKIT_STRATEGY_FAULT	(1u << 3) /* has a fault handler */
#define MMKIT_STRATEGY_LOG	(1u << 4) /* answers MMKIT_MAP_LOG */
#define MMKIT_STRATEGY_UNCOUNTED (1u << 5) /* not in mapcounts, nor in Rss */

/**
 * struct mmkit_map_strategy - a strategy on this kernel
 * @name: as in MMKIT_MAP_SET
 * @module: that registered it, empty when it is absent
 * @help: one line
 * @note: what to know about it on this kernel, or why it is absent, or empty
 * @tune: what its number means, or empty: it takes none
 * @backing: where its memory comes from
 * @flags: MMKIT_STRATEGY_x
 * @reserved: zero
 * @tune_default: the number it takes when none is given
 * @tune_max: the largest
 */
struct mmkit_map_strategy {
	char name[MMKIT_NAME_LEN];
	char module[64];
	char help[96];
	char note[160];
	char tune[64];
	char backing[MMKIT_NAME_LEN];
	__u32 flags;
	__u32 reserved;
	__aligned_u64 tune_default;
	__aligned_u64 tune_max;
};

/**
 * struct mmkit_map_strategies - list strategies, the absent ones too
 * @size: sizeof(struct mmkit_map_strategies)
 * @nr: in: room at @strategies, out: how many there are
 * @strategies: struct mmkit_map_strategy array
 *
 * Errors: EINVAL @nr over %MMKIT_MAP_STRATEGIES_MAX; EFAULT; ENOMEM; EINTR.
 */
struct mmkit_map_strategies {
	__u32 size;
	__u32 nr;
	__aligned_u64 strategies;
};

#define MMKIT_MAP_STRATEGIES_MAX	256

#define MMKIT_MAP_LOG_CLEAR	(1u << 0)

/**
 * struct mmkit_map_log - what the strategy noted of each page
 * @size: sizeof(struct mmkit_map_log)
 * @flags: %MMKIT_MAP_LOG_CLEAR starts it anew for these pages
 * @first: index of the first page
 * @nr: in: how many pages, at most %MMKIT_MAP_LOG_MAX; out: how many there were
 * @set: out: how many of them are noted
 * @bits: array of __u64, bit n of which is page @first + n; room for @nr of them
 *
 * Errors: EOPNOTSUPP the strategy notes nothing; EINVAL @first past the end, @nr
 * 0 or too large, flags; EFAULT, after which what was to start anew has done so;
 * ENOMEM; EINTR.
 */
struct mmkit_map_log {
	__u32 size;
	__u32 flags;
	__aligned_u64 first;
	__u32 nr;
	__u32 set;
	__aligned_u64 bits;
};

#define MMKIT_MAP_LOG_MAX	(1u << 20)

/* Which page goes when the pager needs a frame. */
enum mmkit_map_policy {
	MMKIT_MAP_FIFO,
	MMKIT_MAP_LRU,
	MMKIT_MAP_CLOCK,
	MMKIT_MAP_SECOND_CHANCE,
	MMKIT_MAP_RANDOM,
	MMKIT_MAP_OPT,		/* for recorded traces: needs the future */
	MMKIT_MAP_POLICIES,
};

/* Where the pager puts what is in no frame. */
enum mmkit_map_swap {
	MMKIT_MAP_LZO,		/* memory, compressed */
	MMKIT_MAP_SHMEM,	/* a tmpfs file of its own */
	MMKIT_MAP_FILE,		/* a tmpfs file of the caller's */
	MMKIT_MAP_SWAPS,
};

/*
 * Only one page is mapped at a time, so that every touch of another one is a
 * fault, and a policy sees all that is to be seen.
 */
#define MMKIT_MAP_EXACT		(1u << 0)

/**
 * struct mmkit_map_pager - how strategy "pager" pages
 * @size: sizeof(struct mmkit_map_pager)
 * @flags: %MMKIT_MAP_EXACT
 * @frames: pages of memory it may use, 1 to %MMKIT_MAP_FRAMES_MAX
 * @policy: enum mmkit_map_policy, but not %MMKIT_MAP_OPT
 * @swap: enum mmkit_map_swap
 * @fd: %MMKIT_MAP_FILE: a memfd or another file of a tmpfs, open for reading
 *	and writing, of the store's size at least; else -1
 * @seed: of %MMKIT_MAP_RANDOM
 *
 * At any time while the strategy is set. What is in frames is paged out first,
 * but for pages that somebody holds, which stay; and every count starts again.
 *
 * Errors: ENOENT the strategy is not the pager; EINVAL an unknown flag, policy
 * or swap, no frame or too many, a file that cannot serve; EBADF no such file;
 * EPERM a file that is sealed; EBUSY another swap while this one holds pages,
 * or fewer frames than there are pages that somebody holds; EOPNOTSUPP this
 * kernel does not compress; EDQUOT; ENOMEM; EINTR.
 */
struct mmkit_map_pager {
	__u32 size;
	__u32 flags;
	__u32 frames;
	__u32 policy;
	__u32 swap;
	__s32 fd;
	__aligned_u64 seed;
};

#define MMKIT_MAP_FRAMES_MAX	(1u << 20)

/**
 * struct mmkit_map_paged - what the pager has done
 * @size: sizeof(struct mmkit_map_paged)
 * @flags: as set
 * @frames: as set
 * @policy: as set
 * @swap: as set
 * @resident: pages in frames now
 * @dirty: of these, written since they came in
 * @reserved: zero
 * @minor: faults on a page that was in a frame
 * @major: faults on a page that had to be brought in
 * @refaults: of these, on a page that had been in a frame before
 * @protects: first writes, found by the write protection
 * @evictions: pages that had to go
 * @writebacks: pages written to the swap
 * @readbacks: pages read from it
 * @zero: pages that came in zeroed, because there is nothing of them to read
 * @busy: victims that were spared, because somebody held the page
 * @starved: faults refused because every page was held
 * @failed: pages that the swap did not take or give
 * @stored: pages in the swap
 * @stored_bytes: memory that these take; of a caller's file nothing
 *
 * Errors: ENOENT the strategy is not the pager; EINTR.
 */
struct mmkit_map_paged {
	__u32 size;
	__u32 flags;
	__u32 frames;
	__u32 policy;
	__u32 swap;
	__u32 resident;
	__u32 dirty;
	__u32 reserved;
	__aligned_u64 minor;
	__aligned_u64 major;
	__aligned_u64 refaults;
	__aligned_u64 protects;
	__aligned_u64 evictions;
	__aligned_u64 writebacks;
	__aligned_u64 readbacks;
	__aligned_u64 zero;
	__aligned_u64 busy;
	__aligned_u64 starved;
	__aligned_u64 failed;
	__aligned_u64 stored;
	__aligned_u64 stored_bytes;
};

/* A page of the pager's, in one byte. */
#define MMKIT_MAP_RESIDENT	(1u << 0) /* in a frame */
#define MMKIT_MAP_MAPPED	(1u << 1) /* in a page table */
#define MMKIT_MAP_DIRTY		(1u << 2) /* written since it came in */
#define MMKIT_MAP_STORED	(1u << 3) /* in the swap */
#define MMKIT_MAP_SEEN		(1u << 4) /* was in a frame, now or before */
#define MMKIT_MAP_HELD		(1u << 5) /* somebody else holds the page */

/**
 * struct mmkit_map_states - where pages of the pager's are
 * @size: sizeof(struct mmkit_map_states)
 * @nr: in: room at @states, at most %MMKIT_MAP_STATES_MAX; out: written
 * @first: index of the first page
 * @states: __u8 array of MMKIT_MAP_x
 *
 * Errors: ENOENT the strategy is not the pager; EINVAL @first past the end,
 * @nr 0 or too large; EFAULT; ENOMEM; EINTR.
 */
struct mmkit_map_states {
	__u32 size;
	__u32 nr;
	__aligned_u64 first;
	__aligned_u64 states;
};

#define MMKIT_MAP_STATES_MAX	(1u << 16)

/**
 * DOC: the event ring
 *
 * Every fault of the session, and every page that the pager moves, as a record
 * in memory that user space maps: %MMKIT_EVENTS_OFFSET is its offset in the
 * device. Its first page is the reader's, its second the kernel's, and from the
 * third on there are records. The first can be mapped by itself, shared and
 * writable; a mapping of more than that is read-only.
 *
 * The kernel writes record @head % @nr and then adds one to @head; the reader
 * takes what is from @tail up to @head, and then moves @tail. Both run on over
 * 2^32. A record for which there is no room is counted in @lost and is gone;
 * @sequence counts those too, so that a gap shows where.
 */
#define MMKIT_EVENTS_OFFSET	(1ULL << 42)
#define MMKIT_EVENTS_MAX	(1u << 20)

struct mmkit_events_reader {
	__u32 tail;
};

/**
 * struct mmkit_events_writer - the kernel's page of the ring
 * @head: records ever written, modulo 2^32
 * @nr: of records there is room for; a power of two
 * @record: sizeof(struct mmkit_event), for a reader of another age
 * @on: 1, and 0 once the ring was given back
 * @lost: records for which there was no room
 */
struct mmkit_events_writer {
	__u32 head;
	__u32 nr;
	__u32 record;
	__u32 on;
	__aligned_u64 lost;
};

/* mmkit_event.kind */
enum mmkit_event_kind {
	MMKIT_EVENT_READ,
	MMKIT_EVENT_WRITE,
	MMKIT_EVENT_MKWRITE,	/* first write to a page that is mapped */
	MMKIT_EVENT_EVICT,	/* by the pager, out of its frame */
	MMKIT_EVENT_WRITEBACK,	/* by the pager, into the swap */
	MMKIT_EVENT_KINDS,
};

/* mmkit_event.result: of a fault, as the handler's VM_FAULT_x. */
#define MMKIT_RESULT_OOM	(1u << 0)
#define MMKIT_RESULT_SIGBUS	(1u << 1)
#define MMKIT_RESULT_SIGSEGV	(1u << 2)
#define MMKIT_RESULT_HWPOISON	(1u << 3)
#define MMKIT_RESULT_MAJOR	(1u << 4)
#define MMKIT_RESULT_NOPAGE	(1u << 5)
#define MMKIT_RESULT_LOCKED	(1u << 6)
#define MMKIT_RESULT_RETRY	(1u << 7)
#define MMKIT_RESULT_FALLBACK	(1u << 8)
#define MMKIT_RESULT_DONE_COW	(1u << 9)

/**
 * struct mmkit_event - one record
 * @sequence: number of the event, those lost included
 * @ns: when, by CLOCK_MONOTONIC; under an instruction counter, instructions
 * @address: that was touched, 0 of a pager's event
 * @offset: of the page in the store, bytes
 * @result: MMKIT_RESULT_x, 0 of a pager's event
 * @kind: enum mmkit_event_kind
 * @tid: thread
 * @reserved: zero
 * @strategy: name
 */
struct mmkit_event {
	__aligned_u64 sequence;
	__aligned_u64 ns;
	__aligned_u64 address;
	__aligned_u64 offset;
	__u32 result;
	__u32 kind;
	__s32 tid;
	__u32 reserved;
	char strategy[MMKIT_NAME_LEN];
};

/**
 * struct mmkit_map_events - record events, or stop
 * @size: sizeof(struct mmkit_map_events)
 * @flags: zero
 * @nr: records to make room for, a power of two up to %MMKIT_EVENTS_MAX; 0 stops
 * @reserved: zero
 * @offset: out: of the ring in the device, for mmap(); 0 when it was stopped
 * @bytes: out: of the ring
 *
 * A ring that was given back stays where it is mapped, and says so.
 *
 * Errors: EINVAL flags, @nr; EBUSY there is a ring already; EDQUOT; ENOMEM;
 * EINTR; EFAULT, after which what was to be made or given back has been.
 *
 * mmap() errors: EINVAL no ring, or past its end, or not shared; EACCES more
 * than the first page writable.
 */
struct mmkit_map_events {
	__u32 size;
	__u32 flags;
	__u32 nr;
	__u32 reserved;
	__aligned_u64 offset;
	__aligned_u64 bytes;
};

#define MMKIT_MAP_SET		_IOW(MMKIT_IOC, MMKIT_IOC_MAP + 0, \
				     struct mmkit_map_set)
#define MMKIT_MAP_GET		_IOWR(MMKIT_IOC, MMKIT_IOC_MAP + 1, \
				      struct mmkit_map_get)
#define MMKIT_MAP_DESCRIBE	_IOWR(MMKIT_IOC, MMKIT_IOC_MAP + 2, \
				      struct mmkit_map_describe)
#define MMKIT_MAP_STRATEGIES	_IOWR(MMKIT_IOC, MMKIT_IOC_MAP + 3, \
				      struct mmkit_map_strategies)
#define MMKIT_MAP_LOG		_IOWR(MMKIT_IOC, MMKIT_IOC_MAP + 4, \
				      struct mmkit_map_log)
#define MMKIT_MAP_PAGER		_IOW(MMKIT_IOC, MMKIT_IOC_MAP + 5, \
				     struct mmkit_map_pager)
#define MMKIT_MAP_PAGED		_IOWR(MMKIT_IOC, MMKIT_IOC_MAP + 6, \
				      struct mmkit_map_paged)
#define MMKIT_MAP_STATES	_IOWR(MMKIT_IOC, MMKIT_IOC_MAP + 7, \
				      struct mmkit_map_states)
#define MMKIT_MAP_EVENTS	_IOWR(MMKIT_IOC, MMKIT_IOC_MAP + 8, \
				      struct mmkit_map_events)

#endif
