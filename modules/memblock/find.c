// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where an allocation goes: the same address that mm/memblock.c of linux 6.1
 * finds. Pure.
 */
#include "model.h"

static u64 clamp_addr(u64 addr, u64 low, u64 high)
{
	if (addr < low)
		addr = low;
	return addr > high ? high : addr;
}

/*
 * Ranges outside of what is asked for hold no byte of it, so the search can
 * begin at its edge. Of no bytes every range has room: then all are looked at.
 */
static u64 find_bottom_up(const struct mmkit_model *model,
			  struct mmkit_walk *walk, u64 bytes, u64 align,
			  u64 start, u64 end)
{
	u64 from, to, at;

	if (bytes) {
		walk->ia = mmkit_regions_above(walk->a, start);
		walk->ib = mmkit_regions_below(walk->b, start);
	}
	while (mmkit_walk_next(model, walk)) {
		from = clamp_addr(walk->start, start, end);
		to = clamp_addr(walk->end, start, end);
		at = ((from - 1) | (align - 1)) + 1;
		if (at < to && to - at >= bytes)
			return at;
		if (bytes && walk->start >= end)
			break;
	}
	return 0;
}

static u64 find_top_down(const struct mmkit_model *model,
			 struct mmkit_walk *walk, u64 bytes, u64 align,
			 u64 start, u64 end)
{
	u64 from, to, at;

	mmkit_walk_begin_reverse(walk);
	if (bytes) {
		walk->ia = (s64)mmkit_regions_below(walk->a, end) - 1;
		walk->ib = mmkit_regions_below(walk->b, end);
	}
	while (mmkit_walk_prev(model, walk)) {
		from = clamp_addr(walk->start, start, end);
		to = clamp_addr(walk->end, start, end);
		if (bytes && walk->end <= start)
			break;
		if (to < bytes)
			continue;
		at = (to - bytes) & ~(align - 1);
		if (at >= from)
			return at;
	}
	return 0;
}

/**
 * mmkit_model_find() - memblock_find_in_range_node().
 * @model: allocator
 * @bytes: how many
 * @align: any; what is no power of two gives what the kernel's macros give
 * @start: lowest address; the first page is never given
 * @end: end of the range, or %MMKIT_MEMBLOCK_ACCESSIBLE
 * @node: only of this one, or %MMKIT_MEMBLOCK_ANY_NODE
 * @flags: MMKIT_MEMBLOCK_x
 *
 * Return: the address, or 0.
 */
u64 mmkit_model_find(const struct mmkit_model *model, u64 bytes, u64 align,
		     u64 start, u64 end, s32 node, u32 flags)
{
	struct mmkit_walk walk = {
		.a = &model->memory,
		.b = &model->reserved,
		.node = node,
		.flags = flags,
	};

	if (end == MMKIT_MEMBLOCK_ACCESSIBLE ||
	    end == MMKIT_MEMBLOCK_NOLEAKTRACE)
		end = model->limit;
	if (start < MMKIT_MODEL_PAGE)
		start = MMKIT_MODEL_PAGE;
	if (end < start)
		end = start;
	if (model->bottom_up)
		return find_bottom_up(model, &walk, bytes, align, start, end);
	return find_top_down(model, &walk, bytes, align, start, end);
}

static u32 first_flags(const struct mmkit_model *model)
{
	return model->has_mirror ? MMKIT_MEMBLOCK_MIRROR : 0;
}

/* memblock_find_in_range() */
u64 mmkit_model_find_in_range(const struct mmkit_model *model, u64 start,
			      u64 end, u64 bytes, u64 align)
{
	u32 flags = first_flags(model);
	u64 addr;

	addr = mmkit_model_find(model, bytes, align, start, end,
				MMKIT_MEMBLOCK_ANY_NODE, flags);
	if (!addr && flags)
		addr = mmkit_model_find(model, bytes, align, start, end,
					MMKIT_MEMBLOCK_ANY_NODE, 0);
	return addr;
}

static u64 find_and_reserve(struct mmkit_model *model, u64 bytes, u64 align,
			    u64 start, u64 end, s32 node, u32 flags)
{
	u64 addr = mmkit_model_find(model, bytes, align, start, end, node,
				    flags);

	if (addr && mmkit_model_reserve(model, addr, bytes))
		return 0;
	return addr;
}

/**
 * mmkit_model_alloc_range() - memblock_alloc_range_nid().
 * @model: allocator
 * @bytes: how many
 * @align: 0 is a cache line
 * @start: lowest address
 * @end: end of the range, or %MMKIT_MEMBLOCK_ACCESSIBLE
 * @node: preferred, or %MMKIT_MEMBLOCK_ANY_NODE
 * @exact: no other node will do
 *
 * Return: the address, or 0.
 */
u64 mmkit_model_alloc_range(struct mmkit_model *model, u64 bytes, u64 align,
			    u64 start, u64 end, s32 node, bool exact)
{
	u32 flags = first_flags(model);
	u64 addr;

	/* The kernel warns, and goes on so. */
	if (node == MMKIT_MEMBLOCK_NO_NODE)
		node = MMKIT_MEMBLOCK_ANY_NODE;
	if (!align)
		align = MMKIT_MODEL_CACHE_LINE;
	for (;;) {
		addr = find_and_reserve(model, bytes, align, start, end, node,
					flags);
		if (!addr && node != MMKIT_MEMBLOCK_ANY_NODE && !exact)
			addr = find_and_reserve(model, bytes, align, start,
						end, MMKIT_MEMBLOCK_ANY_NODE,
						flags);
		if (addr || !flags)
			return addr;
		/* Memory that is not mirrored is better than none. */
		flags = 0;
	}
}

/**
 * mmkit_model_alloc() - memblock_alloc_internal(): what returns pointers.
 * @model: allocator
 * @bytes: how many
 * @align: 0 is a cache line
 * @min: lowest address, given up when there is nothing above
 * @max: end of the range, or %MMKIT_MEMBLOCK_ACCESSIBLE
 * @node: preferred, or %MMKIT_MEMBLOCK_ANY_NODE
 * @exact: no other node will do
 *
 * Return: the address, or 0.
 */
u64 mmkit_model_alloc(struct mmkit_model *model, u64 bytes, u64 align,
		      u64 min, u64 max, s32 node, bool exact)
{
	u64 addr;

	if (max > model->limit)
		max = model->limit;
	addr = mmkit_model_alloc_range(model, bytes, align, min, max, node,
				       exact);
	if (!addr && min)
		addr = mmkit_model_alloc_range(model, bytes, align, 0, max,
					       node, exact);
	return addr;
}
