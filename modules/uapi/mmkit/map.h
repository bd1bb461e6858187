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
 * another strategy while pages are mapped, or a size that its memory must move
 * for; EDQUOT; ENOMEM; EINTR.
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

#endif
