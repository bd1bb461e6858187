// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sorted array of regions, with the results of mm/memblock.c in every case.
 * Where the kernel scans from the first region on, this finds its place by
 * bisection. Pure.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include "regions.h"

static void make_empty(struct mmkit_regions *regions)
{
	if (regions->total)
		regions->warned++;
	regions->cnt = 1;
	regions->region[0] = (struct mmkit_memblock_region) {
		.node = MMKIT_MEMBLOCK_NO_NODE,
	};
}

/**
 * mmkit_regions_init() - As the kernel has it before the first call.
 * @regions: to be filled in
 * @array: room for %MMKIT_REGIONS_INIT
 */
void mmkit_regions_init(struct mmkit_regions *regions,
			struct mmkit_memblock_region *array)
{
	array[0] = (struct mmkit_memblock_region) { };
	*regions = (struct mmkit_regions) {
		.region = array,
		.cnt = 1,
		.max = MMKIT_REGIONS_INIT,
	};
}

/**
 * mmkit_regions_above() - First region that ends above an address.
 * @regions: array
 * @addr: address
 *
 * Return: its index, or how many there are.
 */
u64 mmkit_regions_above(const struct mmkit_regions *regions, u64 addr)
{
	u64 left = 0, right = regions->cnt, mid;

	while (left < right) {
		mid = (left + right) / 2;
		if (mmkit_region_end(&regions->region[mid]) <= addr)
			left = mid + 1;
		else
			right = mid;
	}
	return left;
}

/**
 * mmkit_regions_below() - Regions that begin below an address.
 * @regions: array
 * @addr: address
 *
 * Return: how many.
 */
u64 mmkit_regions_below(const struct mmkit_regions *regions, u64 addr)
{
	u64 left = 0, right = regions->cnt, mid;

	while (left < right) {
		mid = (left + right) / 2;
		if (regions->region[mid].base < addr)
			left = mid + 1;
		else
			right = mid;
	}
	return left;
}

/**
 * mmkit_regions_search() - Find the region of an address: memblock_search().
 * @regions: array
 * @addr: address
 *
 * Return: its index, or -1.
 */
s64 mmkit_regions_search(const struct mmkit_regions *regions, u64 addr)
{
	u64 i = mmkit_regions_above(regions, addr);

	if (i == regions->cnt || regions->region[i].base > addr)
		return -1;
	return i;
}

/**
 * mmkit_regions_overlap() - memblock_overlaps_region().
 * @regions: array
 * @base: first byte
 * @bytes: how many; of none it is asked whether they lie inside a region
 *
 * Return: whether one overlaps.
 */
bool mmkit_regions_overlap(const struct mmkit_regions *regions, u64 base,
			   u64 bytes)
{
	u64 end = base + mmkit_region_cap(base, bytes);
	u64 i = mmkit_regions_above(regions, base);

	return i < regions->cnt && regions->region[i].base < end;
}

/* The caller has made room. */
static void insert_at(struct mmkit_regions *regions, u64 i, u64 base, u64 end,
		      const struct mmkit_memblock_region *like)
{
	struct mmkit_memblock_region *region = &regions->region[i];
	const struct mmkit_memblock_region new = {
		.base = base,
		.bytes = end - base,
		.flags = like->flags,
		.node = like->node,
	};

	memmove(region + 1, region, (regions->cnt - i) * sizeof(*region));
	*region = new;
	regions->cnt++;
	regions->total += new.bytes;
}

/**
 * mmkit_regions_start() - Put the first region into an empty array.
 * @regions: with one region of no bytes
 * @first: with at least one byte, below the end of the address space
 */
void mmkit_regions_start(struct mmkit_regions *regions,
			 const struct mmkit_memblock_region *first)
{
	if (regions->cnt != 1 || regions->total)
		regions->warned++;
	regions->region[0] = *first;
	regions->total = first->bytes;
}

static void check_same(struct mmkit_regions *regions,
		       const struct mmkit_memblock_region *one,
		       const struct mmkit_memblock_region *other)
{
	regions->warned += one->node != other->node;
	regions->warned += one->flags != other->flags;
}

/**
 * mmkit_regions_fill() - Fill what a range leaves free between regions.
 * @regions: not empty
 * @with: the range, and what is put there; below the end of the address space
 * @insert: false to count only
 *
 * One round of memblock_add_range(). What there is keeps its node and flags,
 * and the kernel warns where these are others.
 *
 * Return: regions that it takes before they are merged.
 */
u64 mmkit_regions_fill(struct mmkit_regions *regions,
		       const struct mmkit_memblock_region *with, bool insert)
{
	u64 base = with->base, end = mmkit_region_end(with);
	u64 first = mmkit_regions_above(regions, base), i, nr = 0;

	for (i = first; i < regions->cnt; i++) {
		struct mmkit_memblock_region *region = &regions->region[i];
		u64 region_base = region->base;
		u64 region_end = mmkit_region_end(region);

		if (region_base >= end)
			break;
		if (region_base > base) {
			check_same(regions, with, region);
			nr++;
			if (insert)
				insert_at(regions, i++, base, region_base, with);
		}
		base = region_end < end ? region_end : end;
	}
	if (base < end) {
		nr++;
		if (insert)
			insert_at(regions, i++, base, end, with);
	}
	if (insert && nr)
		mmkit_regions_merge(regions, first, i);
	return nr;
}

/**
 * mmkit_regions_isolate() - Split regions where a range begins and ends.
 * @regions: with room for two more
 * @base: first byte
 * @bytes: how many, at least 1, below the end of the address space
 * @first: out: index of the first inside
 * @end: out: index after the last inside, 0 when there is none
 */
void mmkit_regions_isolate(struct mmkit_regions *regions, u64 base, u64 bytes,
			   u64 *first, u64 *end)
{
	u64 stop = base + bytes, i = mmkit_regions_above(regions, base);

	*first = 0;
	*end = 0;
	while (i < regions->cnt && regions->region[i].base < stop) {
		struct mmkit_memblock_region *region = &regions->region[i];
		u64 from = region->base, to = mmkit_region_end(region);
		u64 at = from < base ? base : stop;

		if (from >= base && to <= stop) {
			if (!*end)
				*first = i;
			*end = ++i;
			continue;
		}
		/* The part below @at becomes a region of its own. */
		region->base = at;
		region->bytes -= at - from;
		regions->total -= at - from;
		insert_at(regions, i, from, at, region);
		if (from < base)
			i++;
	}
}

/**
 * mmkit_regions_cut() - Take regions out.
 * @regions: array
 * @first: index of the first
 * @end: index after the last
 */
void mmkit_regions_cut(struct mmkit_regions *regions, u64 first, u64 end)
{
	struct mmkit_memblock_region *region = regions->region;
	u64 i;

	if (first >= end)
		return;
	for (i = first; i < end; i++)
		regions->total -= region[i].bytes;
	memmove(&region[first], &region[end],
		(regions->cnt - end) * sizeof(*region));
	regions->cnt -= end - first;
	if (!regions->cnt)
		make_empty(regions);
}

/**
 * mmkit_regions_keep() - Take all regions out but some.
 * @regions: array
 * @first: index of the first that stays
 * @end: index after the last
 * @flags: those with one of these stay, too
 */
void mmkit_regions_keep(struct mmkit_regions *regions, u64 first, u64 end,
			u32 flags)
{
	struct mmkit_memblock_region *region = regions->region;
	u64 i, to = 0;

	for (i = 0; i < regions->cnt; i++) {
		if ((i >= first && i < end) || (region[i].flags & flags))
			region[to++] = region[i];
		else
			regions->total -= region[i].bytes;
	}
	if (to == regions->cnt)
		return;
	regions->cnt = to;
	if (!to)
		make_empty(regions);
}

static bool is_one(const struct mmkit_memblock_region *low,
		   const struct mmkit_memblock_region *high)
{
	return mmkit_region_end(low) == high->base &&
	       low->node == high->node && low->flags == high->flags;
}

/**
 * mmkit_regions_merge() - Make one region of neighbours that are alike.
 * @regions: array
 * @first: index of the first that has changed
 * @end: index after the last
 *
 * Everywhere, if something was left behind elsewhere.
 */
void mmkit_regions_merge(struct mmkit_regions *regions, u64 first, u64 end)
{
	struct mmkit_memblock_region *region = regions->region;
	u64 i, to;

	if (regions->ragged) {
		first = 0;
		end = regions->cnt;
		regions->ragged = false;
	}
	/* With one neighbour on each side. */
	to = first ? first - 1 : 0;
	end = end < regions->cnt ? end + 1 : regions->cnt;
	for (i = to + 1; i < end; i++) {
		if (is_one(&region[to], &region[i]))
			region[to].bytes += region[i].bytes;
		else if (++to != i)
			region[to] = region[i];
	}
	if (++to >= end)
		return;
	memmove(&region[to], &region[end],
		(regions->cnt - end) * sizeof(*region));
	regions->cnt -= end - to;
}

static u64 align_up(u64 addr, u64 mask)
{
	return ((addr - 1) | mask) + 1;
}

static int check_trim(const struct mmkit_regions *regions, u64 align)
{
	const struct mmkit_memblock_region *last =
		&regions->region[regions->cnt - 1];

	if (align & (align - 1))
		return -EINVAL;
	if (align && align_up(last->base, align - 1) < last->base)
		return -EOVERFLOW;
	return 0;
}

/**
 * mmkit_regions_trim() - memblock_trim_memory().
 * @regions: array
 * @align: a power of two, or 0, which takes everything out
 *
 * Return: 0; where the kernel would make regions that overlap, and stop in a
 * BUG_ON() when it merges them, -EINVAL no power of two, -EOVERFLOW no multiple
 * of it above the last region; nothing is changed then.
 */
int mmkit_regions_trim(struct mmkit_regions *regions, u64 align)
{
	struct mmkit_memblock_region *region = regions->region;
	u64 mask = align - 1, i, to = 0, start, end;
	int err = check_trim(regions, align);

	if (err)
		return err;
	for (i = 0; i < regions->cnt; i++) {
		start = align_up(region[i].base, mask);
		end = mmkit_region_end(&region[i]) & ~mask;
		if (start == region[i].base &&
		    end == mmkit_region_end(&region[i])) {
			region[to++] = region[i];
		} else if (start < end) {
			region[to] = region[i];
			region[to].base = start;
			region[to++].bytes = end - start;
		} else {
			regions->total -= region[i].bytes;
		}
	}
	if (to == regions->cnt)
		return 0;
	regions->cnt = to;
	if (!to)
		make_empty(regions);
	return 0;
}

/**
 * mmkit_regions_nth_byte() - Where so many bytes of the regions end.
 * @regions: array
 * @nth: how many bytes
 *
 * Return: the address, %MMKIT_ADDR_MAX when there are not so many.
 */
u64 mmkit_regions_nth_byte(const struct mmkit_regions *regions, u64 nth)
{
	u64 i;

	for (i = 0; i < regions->cnt; i++) {
		if (nth <= regions->region[i].bytes)
			return regions->region[i].base + nth;
		nth -= regions->region[i].bytes;
	}
	return MMKIT_ADDR_MAX;
}
