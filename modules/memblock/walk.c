// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of memory, with or without what is reserved of it, in both directions:
 * __next_mem_range() and its family. Pure.
 */
#include "model.h"

/* The kernel warns that no node should be meant by the one, and lets it be. */
static bool any_node(s32 node)
{
	return node == MMKIT_MEMBLOCK_ANY_NODE ||
	       node == MMKIT_MEMBLOCK_NO_NODE;
}

/* Reserved regions have none of these, so nothing is ever skipped there. */
static bool skips(const struct mmkit_model *model,
		  const struct mmkit_walk *walk,
		  const struct mmkit_memblock_region *region)
{
	u32 flags = walk->flags;

	if (walk->a != &model->memory)
		return false;
	if (walk->node != region->node && !any_node(walk->node))
		return true;
	if (!((region->flags ^ flags) & MMKIT_MEMBLOCK_FLAGS))
		return false;
	if (model->movable_node && (region->flags & MMKIT_MEMBLOCK_HOTPLUG) &&
	    !(flags & MMKIT_MEMBLOCK_HOTPLUG))
		return true;
	if ((flags & MMKIT_MEMBLOCK_MIRROR) &&
	    !(region->flags & MMKIT_MEMBLOCK_MIRROR))
		return true;
	return region->flags & ~flags &
	       (MMKIT_MEMBLOCK_NOMAP | MMKIT_MEMBLOCK_DRIVER_MANAGED);
}

static u64 gap_start(const struct mmkit_regions *regions, s64 gap)
{
	return gap ? mmkit_region_end(&regions->region[gap - 1]) : 0;
}

static u64 gap_end(const struct mmkit_regions *regions, s64 gap)
{
	return gap < (s64)regions->cnt ? regions->region[gap].base :
					 MMKIT_ADDR_MAX;
}

static void found(struct mmkit_walk *walk,
		  const struct mmkit_memblock_region *region, u64 start,
		  u64 end)
{
	u64 region_end = mmkit_region_end(region);

	walk->start = region->base > start ? region->base : start;
	walk->end = region_end < end ? region_end : end;
	walk->found_node = region->node;
}

/**
 * mmkit_walk_next() - Next range, from low to high.
 * @model: allocator
 * @walk: with @ia and @ib zero at first
 *
 * Return: whether there is one.
 */
bool mmkit_walk_next(const struct mmkit_model *model, struct mmkit_walk *walk)
{
	const struct mmkit_regions *a = walk->a, *b = walk->b;
	u64 start, end;

	for (; walk->ia < (s64)a->cnt; walk->ia++) {
		const struct mmkit_memblock_region *m = &a->region[walk->ia];
		u64 m_end = mmkit_region_end(m);

		if (skips(model, walk, m))
			continue;
		if (!b) {
			found(walk, m, 0, MMKIT_ADDR_MAX);
			walk->ia++;
			return true;
		}
		for (; walk->ib < (s64)b->cnt + 1; walk->ib++) {
			start = gap_start(b, walk->ib);
			if (start >= m_end)
				break;
			end = gap_end(b, walk->ib);
			if (m->base >= end)
				continue;
			found(walk, m, start, end);
			/* Whichever ends first has been dealt with. */
			if (m_end <= end)
				walk->ia++;
			else
				walk->ib++;
			return true;
		}
	}
	return false;
}

/* Before the first mmkit_walk_prev(). */
void mmkit_walk_begin_reverse(struct mmkit_walk *walk)
{
	walk->ia = walk->a->cnt - 1;
	walk->ib = walk->b ? walk->b->cnt : 0;
}

/**
 * mmkit_walk_prev() - Next range, from high to low.
 * @model: allocator
 * @walk: from mmkit_walk_begin_reverse()
 *
 * Return: whether there is one.
 */
bool mmkit_walk_prev(const struct mmkit_model *model, struct mmkit_walk *walk)
{
	const struct mmkit_regions *a = walk->a, *b = walk->b;
	u64 start, end;

	for (; walk->ia >= 0; walk->ia--) {
		const struct mmkit_memblock_region *m = &a->region[walk->ia];
		u64 m_end = mmkit_region_end(m);

		if (skips(model, walk, m))
			continue;
		if (!b) {
			found(walk, m, 0, MMKIT_ADDR_MAX);
			walk->ia--;
			return true;
		}
		for (; walk->ib >= 0; walk->ib--) {
			end = gap_end(b, walk->ib);
			if (end <= m->base)
				break;
			start = gap_start(b, walk->ib);
			if (m_end <= start)
				continue;
			found(walk, m, start, end);
			if (m->base >= start)
				walk->ia--;
			else
				walk->ib--;
			return true;
		}
	}
	return false;
}

/**
 * mmkit_walk_next_pfns() - Next range of whole pages: for_each_mem_pfn_range().
 * @walk: over memory, with @ia zero at first; takes
 *	%MMKIT_MEMBLOCK_NO_NODE for any node
 *
 * Return: whether there is one; @start and @end are page frame numbers.
 */
bool mmkit_walk_next_pfns(struct mmkit_walk *walk)
{
	while (walk->ia < (s64)walk->a->cnt) {
		const struct mmkit_memblock_region *m =
			&walk->a->region[walk->ia++];

		walk->start = (m->base + MMKIT_MODEL_PAGE - 1) /
			      MMKIT_MODEL_PAGE;
		walk->end = mmkit_region_end(m) / MMKIT_MODEL_PAGE;
		walk->found_node = m->node;
		if (walk->start >= walk->end)
			continue;
		if (walk->node == MMKIT_MEMBLOCK_NO_NODE ||
		    walk->node == m->node)
			return true;
	}
	return false;
}
