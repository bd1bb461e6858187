/* SPDX-License-Identifier: GPL-2.0-only */
/* The boot allocator, as a value: the kernel's struct memblock and its calls. */
#ifndef _MMKIT_MEMBLOCK_MODEL_H
#define _MMKIT_MEMBLOCK_MODEL_H

#include "regions.h"

#define MMKIT_MODEL_PAGE	4096ull
#define MMKIT_MODEL_CACHE_LINE	64ull	/* SMP_CACHE_BYTES */
#define MMKIT_MODEL_REGION	24ull	/* sizeof(struct memblock_region) */

/**
 * struct mmkit_model - a boot allocator that touches no memory
 * @memory: what there is
 * @reserved: what is in use
 * @limit: of allocations that name none
 * @bottom_up: direction of the search
 * @can_resize: region arrays may be doubled
 * @movable_node: hotpluggable memory is left alone
 * @kernelcore_mirror: mirrored memory is to be used first
 * @has_mirror: and there is some
 * @broken: the kernel would have stopped
 * @no_room: @grow failed: it is not the kernel that has no memory
 * @grow: gives an array room for @max regions, and keeps those that are in it
 */
struct mmkit_model {
	struct mmkit_regions memory;
	struct mmkit_regions reserved;
	u64 limit;
	bool bottom_up;
	bool can_resize;
	bool movable_node;
	bool kernelcore_mirror;
	bool has_mirror;
	bool broken;
	bool no_room;
	bool (*grow)(struct mmkit_model *model, struct mmkit_regions *regions,
		     u64 max);
};

/**
 * struct mmkit_walk - where a walk over ranges has got to
 * @a: ranges of these
 * @b: without these, or NULL
 * @node: only of this one, or %MMKIT_MEMBLOCK_ANY_NODE
 * @flags: of memory: MMKIT_MEMBLOCK_x
 * @ia: in @a
 * @ib: in the gaps of @b: before the first, between, after the last
 * @start: out
 * @end: out
 * @found_node: out
 */
struct mmkit_walk {
	const struct mmkit_regions *a;
	const struct mmkit_regions *b;
	s32 node;
	u32 flags;
	s64 ia;
	s64 ib;
	u64 start;
	u64 end;
	s32 found_node;
};

/* Pure, all of them. walk.c: */
bool mmkit_walk_next(const struct mmkit_model *model, struct mmkit_walk *walk);
void mmkit_walk_begin_reverse(struct mmkit_walk *walk);
bool mmkit_walk_prev(const struct mmkit_model *model, struct mmkit_walk *walk);
bool mmkit_walk_next_pfns(struct mmkit_walk *walk);

/* find.c: */
u64 mmkit_model_find(const struct mmkit_model *model, u64 bytes, u64 align,
		     u64 start, u64 end, s32 node, u32 flags);
u64 mmkit_model_find_in_range(const struct mmkit_model *model, u64 start,
			      u64 end, u64 bytes, u64 align);
u64 mmkit_model_alloc_range(struct mmkit_model *model, u64 bytes, u64 align,
			    u64 start, u64 end, s32 node, bool exact);
u64 mmkit_model_alloc(struct mmkit_model *model, u64 bytes, u64 align,
		      u64 min, u64 max, s32 node, bool exact);

/* model.c: */
void mmkit_model_init(struct mmkit_model *model,
		      struct mmkit_memblock_region *memory,
		      struct mmkit_memblock_region *reserved);
int mmkit_model_add(struct mmkit_model *model, u64 base, u64 bytes, s32 node,
		    u32 flags);
int mmkit_model_remove(struct mmkit_model *model, u64 base, u64 bytes);
int mmkit_model_reserve(struct mmkit_model *model, u64 base, u64 bytes);
int mmkit_model_phys_free(struct mmkit_model *model, u64 base, u64 bytes);
int mmkit_model_flag(struct mmkit_model *model, u64 base, u64 bytes, u32 flag,
		     bool set);
int mmkit_model_set_node(struct mmkit_model *model,
			 struct mmkit_regions *regions, u64 base, u64 bytes,
			 s32 node);
void mmkit_model_cap(struct mmkit_model *model, u64 base, u64 bytes);
void mmkit_model_enforce_limit(struct mmkit_model *model, u64 limit);
void mmkit_model_limit_remove_map(struct mmkit_model *model, u64 limit);
bool mmkit_model_is_region_memory(const struct mmkit_model *model, u64 base,
				  u64 bytes);

#endif
