/* SPDX-License-Identifier: GPL-2.0-only */
/* What memblock was asked for at boot, and what it had before. */
#ifndef _MMKIT_MEMBLOCK_BOOT_H
#define _MMKIT_MEMBLOCK_BOOT_H

#include <linux/types.h>

#define MMKIT_BOOT_REQUESTS	16
#define MMKIT_BOOT_REGIONS	128

enum mmkit_boot_verb {
	MMKIT_BOOT_ALLOC,	/* memblock_alloc_try_nid_raw() */
	MMKIT_BOOT_RESERVE,	/* memblock_reserve() */
	MMKIT_BOOT_FREE,	/* memblock_phys_free() */
};

/**
 * struct mmkit_boot_request - one request, and what came of it
 * @verb: enum mmkit_boot_verb
 * @base: of RESERVE and FREE
 * @bytes: how many
 * @align: of ALLOC
 * @min: of ALLOC
 * @max: of ALLOC
 * @node: of ALLOC
 * @err: 0 or -errno
 * @addr: out: of ALLOC
 */
struct mmkit_boot_request {
	u32 verb;
	u64 base;
	u64 bytes;
	u64 align;
	u64 min;
	u64 max;
	s32 node;
	s32 err;
	u64 addr;
};

/* One region: without a node it has -1. */
struct mmkit_boot_region {
	u64 base;
	u64 bytes;
	u32 flags;
	s32 node;
};

/**
 * struct mmkit_boot - the requests of one boot
 * @nr: how many
 * @malformed: the parameter could not be read from its request @nr on
 * @bottom_up: how memblock searched
 * @limit: its limit
 * @nr_memory: regions before the first request; more than
 *	%MMKIT_BOOT_REGIONS when there were more than are kept
 * @nr_reserved: of those that were reserved
 * @request: each of them
 * @memory: regions of memory
 * @reserved: regions that were reserved
 */
struct mmkit_boot {
	u32 nr;
	bool malformed;
	bool bottom_up;
	u64 limit;
	u32 nr_memory;
	u32 nr_reserved;
	struct mmkit_boot_request request[MMKIT_BOOT_REQUESTS];
	struct mmkit_boot_region memory[MMKIT_BOOT_REGIONS];
	struct mmkit_boot_region reserved[MMKIT_BOOT_REGIONS];
};

const struct mmkit_boot *mmkit_memblock_boot(void);

#endif
