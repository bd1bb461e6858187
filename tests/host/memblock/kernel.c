// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own mm/memblock.c, as its tools/testing/memblock compiles it. What
 * it includes is taken from there; memblock.c is a link to the kernel's.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "side.h"

static uint64_t warnings;
static jmp_buf bug;
static bool is_broken;

#undef WARN_ON
#define WARN_ON(cond)		({ bool c_ = !!(cond); warnings += c_; c_; })
#undef WARN_ONCE
#define WARN_ONCE(cond, ...)	(!!(cond))
#undef BUG_ON
#define BUG_ON(cond)		do { if (cond) longjmp(bug, 1); } while (0)
#undef SMP_CACHE_BYTES
#define SMP_CACHE_BYTES		64	/* x86's */
#define printf(...)		((void)0)
#undef __va
#define __va(addr)		array_at(addr)
#undef __pa
#define __pa(array)		addr_of(array)

static void *array_at(uint64_t addr);
static uint64_t addr_of(const void *array);

#include "memblock.c"

#undef printf

bool movable_node_enabled;

/* Physical addresses are not this program's: arrays that lie there are kept here. */
#define MAX_ARRAYS	64

static struct {
	uint64_t addr;
	void *array;
} arrays[MAX_ARRAYS];
static unsigned int nr_arrays;

static void *array_at(uint64_t addr)
{
	uint64_t max = memblock.memory.max > memblock.reserved.max ?
		       memblock.memory.max : memblock.reserved.max;
	void *array = malloc(2 * max * sizeof(struct memblock_region));

	if (!array || nr_arrays == MAX_ARRAYS)
		abort();
	arrays[nr_arrays].addr = addr;
	arrays[nr_arrays++].array = array;
	return array;
}

static uint64_t addr_of(const void *array)
{
	unsigned int i;

	for (i = 0; i < nr_arrays; i++)
		if (arrays[i].array == array)
			return arrays[i].addr;
	return 0;
}

static void kernel_reset(const struct setting *setting)
{
	while (nr_arrays)
		free(arrays[--nr_arrays].array);
	memset(memblock_memory_init_regions, 0,
	       sizeof(memblock_memory_init_regions));
	memset(memblock_reserved_init_regions, 0,
	       sizeof(memblock_reserved_init_regions));
	memblock = (struct memblock) {
		.memory = {
			.regions = memblock_memory_init_regions,
			.cnt = 1,
			.max = INIT_MEMBLOCK_MEMORY_REGIONS,
			.name = "memory",
		},
		.reserved = {
			.regions = memblock_reserved_init_regions,
			.cnt = 1,
			.max = INIT_MEMBLOCK_RESERVED_REGIONS,
			.name = "reserved",
		},
		.current_limit = MEMBLOCK_ALLOC_ANYWHERE,
	};
	memblock_can_resize = setting->can_resize;
	movable_node_enabled = setting->movable_node;
	mirrored_kernelcore = setting->kernelcore_mirror;
	system_has_some_mirror = false;
	warnings = 0;
	is_broken = false;
}

static uint64_t as_addr(void *p)
{
	return (unsigned long)p;
}

/* memblock_reserved_mark_noinit() of later kernels, by this one's means. */
static int mark_noinit(uint64_t base, uint64_t bytes)
{
	struct memblock_type *type = &memblock.reserved;
	int err, i, first, end;

	err = memblock_isolate_range(type, base, bytes, &first, &end);
	if (err)
		return err;
	for (i = first; i < end; i++)
		type->regions[i].flags |= 0x10;
	memblock_merge_regions(type);
	return 0;
}

static int node_of(uint64_t addr, uint64_t *hash)
{
	unsigned long start = 0, end = 0;
	int node = memblock_search_pfn_nid(addr >> PAGE_SHIFT, &start, &end);

	hash_range(hash, start, end, node);
	return node;
}

static int walk(const struct call *c, uint64_t *hash)
{
	unsigned long pfn, end_pfn;
	phys_addr_t start, end;
	int i, node, nr = 0;
	u64 at;

	switch (c->code) {
	case CALL_WALK_FREE:
		for_each_free_mem_range(at, c->node, c->flags, &start, &end, &node)
			nr++, hash_range(hash, start, end, node);
		break;
	case CALL_WALK_FREE_REVERSE:
		for_each_free_mem_range_reverse(at, c->node, c->flags, &start,
						&end, &node)
			nr++, hash_range(hash, start, end, node);
		break;
	case CALL_WALK_MEMORY:
		for_each_mem_range(at, &start, &end)
			nr++, hash_range(hash, start, end, 0);
		break;
	case CALL_WALK_MEMORY_REVERSE:
		for_each_mem_range_rev(at, &start, &end)
			nr++, hash_range(hash, start, end, 0);
		break;
	case CALL_WALK_RESERVED:
		for_each_reserved_mem_range(at, &start, &end)
			nr++, hash_range(hash, start, end, 0);
		break;
	default:
		for_each_mem_pfn_range(i, c->node, &pfn, &end_pfn, &node)
			nr++, hash_range(hash, pfn, end_pfn, node);
	}
	return nr;
}

static int64_t change(const struct call *c)
{
	switch (c->code) {
	case CALL_ADD:
		return memblock_add(c->base, c->bytes);
	case CALL_ADD_NODE:
		return memblock_add_node(c->base, c->bytes, c->node, c->flags);
	case CALL_REMOVE:
		return memblock_remove(c->base, c->bytes);
	case CALL_RESERVE:
		return memblock_reserve(c->base, c->bytes);
	case CALL_FREE:
		return memblock_phys_free(c->base, c->bytes);
	case CALL_MARK_HOTPLUG:
		return memblock_mark_hotplug(c->base, c->bytes);
	case CALL_CLEAR_HOTPLUG:
		return memblock_clear_hotplug(c->base, c->bytes);
	case CALL_MARK_MIRROR:
		return memblock_mark_mirror(c->base, c->bytes);
	case CALL_MARK_NOMAP:
		return memblock_mark_nomap(c->base, c->bytes);
	case CALL_CLEAR_NOMAP:
		return memblock_clear_nomap(c->base, c->bytes);
	case CALL_MARK_NOINIT:
		return mark_noinit(c->base, c->bytes);
	case CALL_SET_NODE:
		return memblock_set_node(c->base, c->bytes, &memblock.memory,
					 c->node);
	case CALL_SET_NODE_RESERVED:
		return memblock_set_node(c->base, c->bytes, &memblock.reserved,
					 c->node);
	case CALL_TRIM:
		memblock_trim_memory(c->align);
		return 0;
	case CALL_CAP:
		memblock_cap_memory_range(c->base, c->bytes);
		return 0;
	case CALL_ENFORCE_LIMIT:
		memblock_enforce_memory_limit(c->bytes);
		return 0;
	default:
		memblock_mem_limit_remove_map(c->bytes);
		return 0;
	}
}

static int64_t allocate(const struct call *c)
{
	switch (c->code) {
	case CALL_ALLOC_TRY_NID:
		return as_addr(memblock_alloc_try_nid_raw(c->bytes, c->align,
					c->min, c->max, c->node));
	case CALL_ALLOC_EXACT_NID:
		return as_addr(memblock_alloc_exact_nid_raw(c->bytes, c->align,
					c->min, c->max, c->node));
	case CALL_ALLOC_RANGE_NID:
		return memblock_alloc_range_nid(c->bytes, c->align, c->min,
						c->max, c->node, c->flags & 1);
	case CALL_PHYS_ALLOC_RANGE:
		return memblock_phys_alloc_range(c->bytes, c->align, c->min,
						 c->max);
	case CALL_PHYS_ALLOC_TRY_NID:
		return memblock_phys_alloc_try_nid(c->bytes, c->align, c->node);
	case CALL_FIND_IN_RANGE:
		return memblock_find_in_range(c->min, c->max, c->bytes,
					      c->align);
	default:
		return memblock_find_in_range_node(c->bytes, c->align, c->min,
						   c->max, c->node, c->flags);
	}
}

static int64_t ask(const struct call *c, uint64_t *hash)
{
	switch (c->code) {
	case CALL_IS_MEMORY:
		return memblock_is_memory(c->base);
	case CALL_IS_MAP_MEMORY:
		return memblock_is_map_memory(c->base);
	case CALL_IS_RESERVED:
		return memblock_is_reserved(c->base);
	case CALL_IS_REGION_MEMORY:
		return memblock_is_region_memory(c->base, c->bytes);
	case CALL_IS_REGION_RESERVED:
		return memblock_is_region_reserved(c->base, c->bytes);
	case CALL_OVERLAPS_MEMORY:
		return memblock_overlaps_region(&memblock.memory, c->base,
						c->bytes);
	case CALL_NODE_OF:
		return node_of(c->base, hash);
	case CALL_SET_BOTTOM_UP:
		memblock_set_bottom_up(c->flags & 1);
		return 0;
	case CALL_SET_LIMIT:
		memblock_set_current_limit(c->max);
		return 0;
	default:
		return walk(c, hash);
	}
}

static int64_t kernel_call(const struct call *c, uint64_t *hash)
{
	if (setjmp(bug)) {
		is_broken = true;
		return -1;
	}
	if (c->code <= CALL_LIMIT_REMOVE_MAP)
		return change(c);
	if (c->code <= CALL_FIND_IN_RANGE_NODE)
		return allocate(c);
	return ask(c, hash);
}

static void kernel_regions(int reserved, struct regions *out)
{
	struct memblock_type *type = reserved ? &memblock.reserved :
						&memblock.memory;

	*out = (struct regions) {
		.region = (const struct region *)type->regions,
		.cnt = type->cnt,
		.max = type->max,
		.total = type->total_size,
		.addr = addr_of(type->regions),
	};
}

static uint64_t kernel_warned(void)
{
	return warnings;
}

static bool kernel_broken(void)
{
	return is_broken;
}

static bool kernel_refused(void)
{
	return false;
}

static void kernel_load(int reserved, const struct region *region, uint64_t nr,
			uint64_t room)
{
	struct memblock_type *type = reserved ? &memblock.reserved :
						&memblock.memory;
	uint64_t i;

	BUILD_BUG_ON(sizeof(*region) != sizeof(*type->regions));
	type->regions = calloc(nr + room, sizeof(*region));
	if (!type->regions)
		abort();
	arrays[nr_arrays++].array = type->regions;
	memcpy(type->regions, region, nr * sizeof(*region));
	type->cnt = nr;
	type->max = nr + room;
	type->total_size = 0;
	for (i = 0; i < nr; i++)
		type->total_size += region[i].bytes;
}

const struct side kernel_side = {
	.name = "kernel",
	.reset = kernel_reset,
	.call = kernel_call,
	.regions = kernel_regions,
	.warned = kernel_warned,
	.broken = kernel_broken,
	.refused = kernel_refused,
	.load = kernel_load,
};
