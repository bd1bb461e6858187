// SPDX-License-Identifier: GPL-2.0-only
/*
 * What changes a boot allocator's regions, as mm/memblock.c of linux 6.1 does:
 * the same regions, the same return values, the same warnings. Pure.
 */
#include <linux/errno.h>
#include "model.h"

/**
 * mmkit_model_init() - As the kernel has it before the first call.
 * @model: to be filled in
 * @memory: room for %MMKIT_REGIONS_INIT
 * @reserved: room for as many
 */
void mmkit_model_init(struct mmkit_model *model,
		      struct mmkit_memblock_region *memory,
		      struct mmkit_memblock_region *reserved)
{
	*model = (struct mmkit_model) { .limit = MMKIT_MEMBLOCK_ANYWHERE };
	mmkit_regions_init(&model->memory, memory);
	mmkit_regions_init(&model->reserved, reserved);
}

static u64 page_align(u64 bytes)
{
	return (bytes + MMKIT_MODEL_PAGE - 1) & ~(MMKIT_MODEL_PAGE - 1);
}

/* Where a larger array can lie: not in the range that is about to be reserved. */
static u64 find_array(const struct mmkit_model *model,
		      const struct mmkit_regions *regions, u64 base, u64 bytes)
{
	u64 room = page_align(2 * regions->max * MMKIT_MODEL_REGION), addr;

	if (regions != &model->reserved) {
		base = 0;
		bytes = 0;
	}
	addr = mmkit_model_find_in_range(model, base + bytes, model->limit,
					 room, MMKIT_MODEL_PAGE);
	if (!addr && bytes)
		addr = mmkit_model_find_in_range(model, 0,
						 base < model->limit ?
						 base : model->limit,
						 room, MMKIT_MODEL_PAGE);
	return addr;
}

/* memblock_double_array(): the larger array comes from the allocator itself. */
static int double_array(struct mmkit_model *model,
			struct mmkit_regions *regions, u64 base, u64 bytes)
{
	u64 old = regions->max * MMKIT_MODEL_REGION;
	u64 old_addr = regions->addr, addr;

	if (!model->can_resize)
		return -ENOMEM;
	addr = find_array(model, regions, base, bytes);
	if (!addr)
		return -ENOMEM;
	if (!model->grow || !model->grow(model, regions, 2 * regions->max)) {
		model->no_room = true;
		return -ENOMEM;
	}
	regions->max *= 2;
	regions->addr = addr;
	if (old_addr)
		mmkit_model_phys_free(model, old_addr, page_align(old));
	if (mmkit_model_reserve(model, addr, page_align(2 * old)))
		model->broken = true;
	return 0;
}

static int make_room(struct mmkit_model *model, struct mmkit_regions *regions,
		     u64 more, u64 base, u64 bytes)
{
	int err;

	while (regions->cnt + more > regions->max) {
		err = double_array(model, regions, base, bytes);
		if (err)
			return err;
	}
	return 0;
}

/* The kernel warns where it counts, which it does once. */
static u64 count_again(struct mmkit_regions *regions,
		       const struct mmkit_memblock_region *new)
{
	u32 warned = regions->warned;
	u64 nr = mmkit_regions_fill(regions, new, false);

	regions->warned = warned;
	return nr;
}

/*
 * Moving the array of what is reserved changes what is reserved, so that there may be
 * more gaps to fill than before. The kernel does not look again, and writes behind its
 * array then (memblock_add_range()).
 */
static int make_room_for(struct mmkit_model *model,
			 struct mmkit_regions *regions,
			 const struct mmkit_memblock_region *new)
{
	u64 nr = mmkit_regions_fill(regions, new, false), max;
	int err;

	while (nr) {
		max = regions->max;
		err = make_room(model, regions, nr, new->base, new->bytes);
		if (err || regions->max == max)
			return err;
		nr = count_again(regions, new);
	}
	return 0;
}

/* memblock_add_range() */
static int add_regions(struct mmkit_model *model,
		       struct mmkit_regions *regions, u64 base, u64 bytes,
		       s32 node, u32 flags)
{
	const struct mmkit_memblock_region new = {
		.base = base,
		.bytes = mmkit_region_cap(base, bytes),
		.flags = flags,
		.node = node,
	};
	int err;

	if (!new.bytes)
		return 0;
	if (!regions->region[0].bytes) {
		mmkit_regions_start(regions, &new);
		return 0;
	}
	/* At worst there is a gap before each region, and one after. */
	if (regions->cnt * 2 + 1 >= regions->max) {
		err = make_room_for(model, regions, &new);
		if (err)
			return err;
	}
	mmkit_regions_fill(regions, &new, true);
	return 0;
}

/* memblock_isolate_range() */
static int isolate(struct mmkit_model *model, struct mmkit_regions *regions,
		   u64 base, u64 bytes, u64 *first, u64 *end)
{
	int err;

	*first = 0;
	*end = 0;
	bytes = mmkit_region_cap(base, bytes);
	if (!bytes)
		return 0;
	err = make_room(model, regions, 2, base, bytes);
	if (err)
		return err;
	mmkit_regions_isolate(regions, base, bytes, first, end);
	return 0;
}

static int remove_range(struct mmkit_model *model,
			struct mmkit_regions *regions, u64 base, u64 bytes)
{
	u64 first, end;
	int err;

	err = isolate(model, regions, base, bytes, &first, &end);
	if (err)
		return err;
	mmkit_regions_cut(regions, first, end);
	return 0;
}

int mmkit_model_add(struct mmkit_model *model, u64 base, u64 bytes, s32 node,
		    u32 flags)
{
	return add_regions(model, &model->memory, base, bytes, node, flags);
}

int mmkit_model_remove(struct mmkit_model *model, u64 base, u64 bytes)
{
	return remove_range(model, &model->memory, base, bytes);
}

int mmkit_model_reserve(struct mmkit_model *model, u64 base, u64 bytes)
{
	return add_regions(model, &model->reserved, base, bytes,
			   MMKIT_MEMBLOCK_NO_NODE, 0);
}

int mmkit_model_phys_free(struct mmkit_model *model, u64 base, u64 bytes)
{
	return remove_range(model, &model->reserved, base, bytes);
}

/**
 * mmkit_model_flag() - memblock_mark_x() and memblock_clear_x().
 * @model: allocator
 * @base: first byte
 * @bytes: how many
 * @flag: one of MMKIT_MEMBLOCK_x; RSRV_NOINIT is one of reserved regions
 * @set: or clear it
 *
 * Return: 0 or -ENOMEM.
 */
int mmkit_model_flag(struct mmkit_model *model, u64 base, u64 bytes, u32 flag,
		     bool set)
{
	struct mmkit_regions *regions = flag == MMKIT_MEMBLOCK_RSRV_NOINIT ?
					&model->reserved : &model->memory;
	u64 first, end, i;
	int err;

	if (flag == MMKIT_MEMBLOCK_MIRROR && set) {
		if (!model->kernelcore_mirror)
			return 0;
		model->has_mirror = true;
	}
	err = isolate(model, regions, base, bytes, &first, &end);
	if (err)
		return err;
	for (i = first; i < end; i++) {
		if (set)
			regions->region[i].flags |= flag;
		else
			regions->region[i].flags &= ~flag;
	}
	mmkit_regions_merge(regions, first, end);
	return 0;
}

/**
 * mmkit_model_set_node() - memblock_set_node().
 * @model: allocator
 * @regions: its memory or its reserved regions
 * @base: first byte
 * @bytes: how many
 * @node: NUMA node, or %MMKIT_MEMBLOCK_NO_NODE
 *
 * Return: 0 or -ENOMEM.
 */
int mmkit_model_set_node(struct mmkit_model *model,
			 struct mmkit_regions *regions, u64 base, u64 bytes,
			 s32 node)
{
	u64 first, end, i;
	int err;

	err = isolate(model, regions, base, bytes, &first, &end);
	if (err)
		return err;
	for (i = first; i < end; i++)
		regions->region[i].node = node;
	mmkit_regions_merge(regions, first, end);
	return 0;
}

/**
 * mmkit_model_cap() - memblock_cap_memory_range(): remove what is outside.
 * @model: allocator
 * @base: first byte that stays
 * @bytes: how many stay
 *
 * NOMAP regions stay, too, split where the range begins and ends: the kernel
 * merges them no sooner than something else changes.
 */
void mmkit_model_cap(struct mmkit_model *model, u64 base, u64 bytes)
{
	u64 first, end;

	if (!bytes || !model->memory.total)
		return;
	if (isolate(model, &model->memory, base, bytes, &first, &end))
		return;
	mmkit_regions_keep(&model->memory, first, end, MMKIT_MEMBLOCK_NOMAP);
	model->memory.ragged = true;
	remove_range(model, &model->reserved, 0, base);
	remove_range(model, &model->reserved, base + bytes, MMKIT_ADDR_MAX);
}

/**
 * mmkit_model_enforce_limit() - memblock_enforce_memory_limit().
 * @model: allocator
 * @limit: bytes of memory to be left; 0 or more than there is does nothing
 */
void mmkit_model_enforce_limit(struct mmkit_model *model, u64 limit)
{
	u64 end = limit ? mmkit_regions_nth_byte(&model->memory, limit) :
			  MMKIT_ADDR_MAX;

	if (end == MMKIT_ADDR_MAX)
		return;
	remove_range(model, &model->memory, end, MMKIT_ADDR_MAX);
	remove_range(model, &model->reserved, end, MMKIT_ADDR_MAX);
}

/**
 * mmkit_model_limit_remove_map() - memblock_mem_limit_remove_map().
 * @model: allocator
 * @limit: bytes of memory to be left; 0 or more than there is does nothing
 */
void mmkit_model_limit_remove_map(struct mmkit_model *model, u64 limit)
{
	u64 end = limit ? mmkit_regions_nth_byte(&model->memory, limit) :
			  MMKIT_ADDR_MAX;

	if (end != MMKIT_ADDR_MAX)
		mmkit_model_cap(model, 0, end);
}

/**
 * mmkit_model_is_region_memory() - memblock_is_region_memory().
 * @model: allocator
 * @base: first byte
 * @bytes: how many
 *
 * Return: whether one region of memory holds it all.
 */
bool mmkit_model_is_region_memory(const struct mmkit_model *model, u64 base,
				  u64 bytes)
{
	s64 i = mmkit_regions_search(&model->memory, base);

	if (i < 0)
		return false;
	return mmkit_region_end(&model->memory.region[i]) >=
	       base + mmkit_region_cap(base, bytes);
}
