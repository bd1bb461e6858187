/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two sides of the differential test: the kernel's own mm/memblock.c, built
 * for user space, and the model. Each takes the same calls; nothing of the one
 * is visible to the other.
 */
#ifndef _MMKIT_HOST_MEMBLOCK_SIDE_H
#define _MMKIT_HOST_MEMBLOCK_SIDE_H

#include <stdbool.h>
#include <stdint.h>

enum call_code {
	CALL_ADD, CALL_ADD_NODE, CALL_REMOVE, CALL_RESERVE, CALL_FREE,
	CALL_MARK_HOTPLUG, CALL_CLEAR_HOTPLUG, CALL_MARK_MIRROR,
	CALL_MARK_NOMAP, CALL_CLEAR_NOMAP, CALL_MARK_NOINIT,
	CALL_SET_NODE, CALL_SET_NODE_RESERVED,
	CALL_TRIM, CALL_CAP, CALL_ENFORCE_LIMIT, CALL_LIMIT_REMOVE_MAP,
	CALL_ALLOC_TRY_NID, CALL_ALLOC_EXACT_NID, CALL_ALLOC_RANGE_NID,
	CALL_PHYS_ALLOC_RANGE, CALL_PHYS_ALLOC_TRY_NID,
	CALL_FIND_IN_RANGE, CALL_FIND_IN_RANGE_NODE,
	CALL_IS_MEMORY, CALL_IS_MAP_MEMORY, CALL_IS_RESERVED,
	CALL_IS_REGION_MEMORY, CALL_IS_REGION_RESERVED, CALL_OVERLAPS_MEMORY,
	CALL_NODE_OF, CALL_WALK_FREE, CALL_WALK_FREE_REVERSE, CALL_WALK_MEMORY,
	CALL_WALK_MEMORY_REVERSE, CALL_WALK_RESERVED, CALL_WALK_PFNS,
	CALL_SET_BOTTOM_UP, CALL_SET_LIMIT,
	CALL_NR
};

struct call {
	uint32_t code;
	uint32_t flags;
	int32_t node;
	uint64_t base;
	uint64_t bytes;
	uint64_t align;
	uint64_t min;
	uint64_t max;
};

/* How a sequence of calls begins. */
struct setting {
	bool can_resize;
	bool movable_node;
	bool kernelcore_mirror;
};

/* As the kernel's struct memblock_region with CONFIG_NUMA. */
struct region {
	uint64_t base;
	uint64_t bytes;
	uint32_t flags;
	int32_t node;
};

struct regions {
	const struct region *region;
	uint64_t cnt;
	uint64_t max;
	uint64_t total;
	uint64_t addr;	/* of a doubled array */
};

struct side {
	const char *name;
	void (*reset)(const struct setting *setting);
	/* @hash: of the ranges that a walk has found, else unchanged */
	int64_t (*call)(const struct call *call, uint64_t *hash);
	void (*regions)(int reserved, struct regions *regions);
	uint64_t (*warned)(void);
	bool (*broken)(void);	/* in a BUG_ON() */
	bool (*refused)(void);	/* a call after which the kernel's regions overlap */
	/* Put regions there at once: @room more fit. */
	void (*load)(int reserved, const struct region *region, uint64_t nr,
		     uint64_t room);
};

extern const struct side kernel_side, model_side;

static inline void hash_range(uint64_t *hash, uint64_t start, uint64_t end,
			      int node)
{
	*hash = (*hash ^ start) * 0x9e3779b97f4a7c15ull;
	*hash = (*hash ^ end ^ (uint64_t)node << 48) * 0xbf58476d1ce4e5b9ull;
	*hash ^= *hash >> 29;
}

#endif
