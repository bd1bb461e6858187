/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* /dev/mmkit/info: what this kernel and this mmkit offer. */
#ifndef _UAPI_MMKIT_INFO_H
#define _UAPI_MMKIT_INFO_H

#include <mmkit/mmkit.h>

/* mmkit_info.features: what the running kernel was built with or has on */
#define MMKIT_FEATURE_MEMCG		(1ull << 0)
#define MMKIT_FEATURE_NUMA		(1ull << 1)
#define MMKIT_FEATURE_COMPACTION	(1ull << 2)
#define MMKIT_FEATURE_THP		(1ull << 3)
#define MMKIT_FEATURE_CONTIG_ALLOC	(1ull << 4)
#define MMKIT_FEATURE_KASAN		(1ull << 5)
#define MMKIT_FEATURE_LOCKDEP		(1ull << 6)
#define MMKIT_FEATURE_KMEMLEAK		(1ull << 7)
#define MMKIT_FEATURE_DEBUG_VM		(1ull << 8)
#define MMKIT_FEATURE_FAULT_INJECTION	(1ull << 9)
#define MMKIT_FEATURE_KUNIT		(1ull << 10)
#define MMKIT_FEATURE_PREEMPT		(1ull << 11)
#define MMKIT_FEATURE_SWAP		(1ull << 12)
#define MMKIT_FEATURE_PAGE_OWNER	(1ull << 13)

/**
 * struct mmkit_info - ABI, limits and use of the toolkit as a whole
 * @size: sizeof(struct mmkit_info)
 * @abi: %MMKIT_ABI of the loaded core
 * @page_size: bytes
 * @max_order: largest order that alloc_pages() takes on this kernel
 * @block_order: order of a pageblock, which carries one migrate type
 * @nodes: NUMA nodes online
 * @features: MMKIT_FEATURE_x
 * @session_bytes: quota of one session
 * @session_handles: quota of one session
 * @total_bytes: quota of all sessions
 * @total_handles: quota of all sessions
 * @used_bytes: charged now
 * @used_handles: live now
 * @sessions: open files of the devices, and a control file's for each area that
 *	has one
 */
struct mmkit_info {
	__u32 size;
	__u32 abi;
	__u32 page_size;
	__u32 max_order;
	__u32 block_order;
	__u32 nodes;
	__aligned_u64 features;
	__aligned_u64 session_bytes;
	__aligned_u64 session_handles;
	__aligned_u64 total_bytes;
	__aligned_u64 total_handles;
	__aligned_u64 used_bytes;
	__aligned_u64 used_handles;
	__aligned_u64 sessions;
};

enum mmkit_entry_kind {
	MMKIT_KIND_AREA,
	MMKIT_KIND_ALLOCATOR,
	MMKIT_KIND_STRATEGY,
	MMKIT_KIND_CARVEOUTS,	/* memory reserved at boot, for strategies */
	MMKIT_KIND_NR,
};

/**
 * struct mmkit_entry_info - one registered name
 * @name: what commands call it
 * @module: module that registered it
 * @help: one line
 */
struct mmkit_entry_info {
	char name[MMKIT_NAME_LEN];
	char module[64];
	char help[96];
};

/**
 * struct mmkit_info_list - what is registered
 * @size: sizeof(struct mmkit_info_list)
 * @kind: enum mmkit_entry_kind
 * @nr: in: room at @entries, out: how many are registered
 * @reserved: zero
 * @entries: struct mmkit_entry_info array
 */
struct mmkit_info_list {
	__u32 size;
	__u32 kind;
	__u32 nr;
	__u32 reserved;
	__aligned_u64 entries;
};

/**
 * struct mmkit_leak - what a session still held when it was closed
 * @session: its number
 * @when: CLOCK_BOOTTIME in nanoseconds
 * @bytes: freed by the close
 * @handles: freed by the close
 * @pid: thread group that opened it
 * @comm: its name
 * @area: the device
 */
struct mmkit_leak {
	__aligned_u64 session;
	__aligned_u64 when;
	__aligned_u64 bytes;
	__u32 handles;
	__s32 pid;
	char comm[16];
	char area[MMKIT_NAME_LEN];
};

/**
 * struct mmkit_info_leaks - the last sessions that were closed while in use
 * @size: sizeof(struct mmkit_info_leaks)
 * @nr: in: room at @leaks, out: how many are kept
 * @leaks: struct mmkit_leak array, newest first
 */
struct mmkit_info_leaks {
	__u32 size;
	__u32 nr;
	__aligned_u64 leaks;
};

#define MMKIT_INFO_GET	_IOWR(MMKIT_IOC, MMKIT_IOC_INFO + 0, struct mmkit_info)
#define MMKIT_INFO_LIST	_IOWR(MMKIT_IOC, MMKIT_IOC_INFO + 1, \
			      struct mmkit_info_list)
#define MMKIT_INFO_LEAKS _IOWR(MMKIT_IOC, MMKIT_IOC_INFO + 2, \
			       struct mmkit_info_leaks)

#endif
