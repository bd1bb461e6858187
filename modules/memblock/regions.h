/* SPDX-License-Identifier: GPL-2.0-only */
/* A sorted array of regions: the kernel's struct memblock_type. */
#ifndef _MMKIT_MEMBLOCK_REGIONS_H
#define _MMKIT_MEMBLOCK_REGIONS_H

#include <linux/types.h>
#include <mmkit/memblock.h>

#define MMKIT_REGIONS_INIT	128	/* INIT_MEMBLOCK_REGIONS */
#define MMKIT_ADDR_MAX		(~0ull)	/* PHYS_ADDR_MAX */

/**
 * struct mmkit_regions - regions that do not overlap, sorted
 * @region: array of @max; an empty one holds one region of no bytes
 * @cnt: how many, at least 1
 * @max: room
 * @total: bytes, as the kernel counts them: memblock_trim_memory() does not
 * @addr: where the kernel would keep the array, 0 for its first one
 * @ragged: neighbours may be left that could be one region
 * @warned: WARN_ON()s that the kernel would have met
 */
struct mmkit_regions {
	struct mmkit_memblock_region *region;
	u64 cnt;
	u64 max;
	u64 total;
	u64 addr;
	bool ragged;
	u32 warned;
};

static inline u64 mmkit_region_end(const struct mmkit_memblock_region *region)
{
	return region->base + region->bytes;
}

/* How many of @bytes fit below the end of the address space. */
static inline u64 mmkit_region_cap(u64 base, u64 bytes)
{
	return bytes < MMKIT_ADDR_MAX - base ? bytes : MMKIT_ADDR_MAX - base;
}

/* Pure. */
void mmkit_regions_init(struct mmkit_regions *regions,
			struct mmkit_memblock_region *array);
u64 mmkit_regions_above(const struct mmkit_regions *regions, u64 addr);
u64 mmkit_regions_below(const struct mmkit_regions *regions, u64 addr);
s64 mmkit_regions_search(const struct mmkit_regions *regions, u64 addr);
bool mmkit_regions_overlap(const struct mmkit_regions *regions, u64 base,
			   u64 bytes);
void mmkit_regions_start(struct mmkit_regions *regions,
			 const struct mmkit_memblock_region *first);
u64 mmkit_regions_fill(struct mmkit_regions *regions,
		       const struct mmkit_memblock_region *with, bool insert);
void mmkit_regions_isolate(struct mmkit_regions *regions, u64 base, u64 bytes,
			   u64 *first, u64 *end);
void mmkit_regions_cut(struct mmkit_regions *regions, u64 first, u64 end);
void mmkit_regions_keep(struct mmkit_regions *regions, u64 first, u64 end,
			u32 flags);
void mmkit_regions_merge(struct mmkit_regions *regions, u64 first, u64 end);
int mmkit_regions_trim(struct mmkit_regions *regions, u64 align);
u64 mmkit_regions_nth_byte(const struct mmkit_regions *regions, u64 nth);

#endif
