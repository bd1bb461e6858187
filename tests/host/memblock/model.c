// SPDX-License-Identifier: GPL-2.0-only
/* The model, with arrays from malloc(). */
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>
#include "memblock/model.h"
#include "side.h"

static struct mmkit_model model;
static bool refused;

static bool grow(struct mmkit_model *m, struct mmkit_regions *regions, u64 max)
{
	void *array = realloc(regions->region, max * sizeof(*regions->region));

	(void)m;
	if (!array)
		return false;
	regions->region = array;
	return true;
}

static void *new_array(void)
{
	void *array = calloc(MMKIT_REGIONS_INIT,
			     sizeof(struct mmkit_memblock_region));

	if (!array)
		abort();
	return array;
}

static void model_reset(const struct setting *setting)
{
	free(model.memory.region);
	free(model.reserved.region);
	mmkit_model_init(&model, new_array(), new_array());
	model.can_resize = setting->can_resize;
	model.movable_node = setting->movable_node;
	model.kernelcore_mirror = setting->kernelcore_mirror;
	model.grow = grow;
	refused = false;
}

static int64_t change(const struct call *c)
{
	switch (c->code) {
	case CALL_ADD:
		return mmkit_model_add(&model, c->base, c->bytes,
				       MMKIT_MEMBLOCK_NO_NODE, 0);
	case CALL_ADD_NODE:
		return mmkit_model_add(&model, c->base, c->bytes, c->node,
				       c->flags);
	case CALL_REMOVE:
		return mmkit_model_remove(&model, c->base, c->bytes);
	case CALL_RESERVE:
		return mmkit_model_reserve(&model, c->base, c->bytes);
	case CALL_FREE:
		return mmkit_model_phys_free(&model, c->base, c->bytes);
	case CALL_MARK_HOTPLUG:
	case CALL_CLEAR_HOTPLUG:
		return mmkit_model_flag(&model, c->base, c->bytes,
					MMKIT_MEMBLOCK_HOTPLUG,
					c->code == CALL_MARK_HOTPLUG);
	case CALL_MARK_MIRROR:
		return mmkit_model_flag(&model, c->base, c->bytes,
					MMKIT_MEMBLOCK_MIRROR, true);
	case CALL_MARK_NOMAP:
	case CALL_CLEAR_NOMAP:
		return mmkit_model_flag(&model, c->base, c->bytes,
					MMKIT_MEMBLOCK_NOMAP,
					c->code == CALL_MARK_NOMAP);
	case CALL_MARK_NOINIT:
		return mmkit_model_flag(&model, c->base, c->bytes,
					MMKIT_MEMBLOCK_RSRV_NOINIT, true);
	case CALL_SET_NODE:
		return mmkit_model_set_node(&model, &model.memory, c->base,
					    c->bytes, c->node);
	case CALL_SET_NODE_RESERVED:
		return mmkit_model_set_node(&model, &model.reserved, c->base,
					    c->bytes, c->node);
	case CALL_TRIM:
		refused = mmkit_regions_trim(&model.memory, c->align);
		return 0;
	case CALL_CAP:
		mmkit_model_cap(&model, c->base, c->bytes);
		return 0;
	case CALL_ENFORCE_LIMIT:
		mmkit_model_enforce_limit(&model, c->bytes);
		return 0;
	default:
		mmkit_model_limit_remove_map(&model, c->bytes);
		return 0;
	}
}

static int64_t allocate(const struct call *c)
{
	switch (c->code) {
	case CALL_ALLOC_TRY_NID:
	case CALL_ALLOC_EXACT_NID:
		return mmkit_model_alloc(&model, c->bytes, c->align, c->min,
					 c->max, c->node,
					 c->code == CALL_ALLOC_EXACT_NID);
	case CALL_ALLOC_RANGE_NID:
		return mmkit_model_alloc_range(&model, c->bytes, c->align,
					       c->min, c->max, c->node,
					       c->flags & 1);
	case CALL_PHYS_ALLOC_RANGE:
		return mmkit_model_alloc_range(&model, c->bytes, c->align,
					       c->min, c->max,
					       MMKIT_MEMBLOCK_ANY_NODE, false);
	case CALL_PHYS_ALLOC_TRY_NID:
		return mmkit_model_alloc_range(&model, c->bytes, c->align, 0,
					       MMKIT_MEMBLOCK_ACCESSIBLE,
					       c->node, false);
	case CALL_FIND_IN_RANGE:
		return mmkit_model_find_in_range(&model, c->min, c->max,
						 c->bytes, c->align);
	default:
		return mmkit_model_find(&model, c->bytes, c->align, c->min,
					c->max, c->node, c->flags);
	}
}

static int node_of(uint64_t addr, uint64_t *hash)
{
	s64 i = mmkit_regions_search(&model.memory,
				     addr & ~(MMKIT_MODEL_PAGE - 1));
	const struct mmkit_memblock_region *region = &model.memory.region[i];

	if (i < 0) {
		hash_range(hash, 0, 0, -1);
		return -1;
	}
	hash_range(hash, region->base / MMKIT_MODEL_PAGE,
		   mmkit_region_end(region) / MMKIT_MODEL_PAGE, region->node);
	return region->node;
}

static int walk(const struct call *c, uint64_t *hash)
{
	bool free = c->code == CALL_WALK_FREE ||
		    c->code == CALL_WALK_FREE_REVERSE;
	bool reverse = c->code == CALL_WALK_FREE_REVERSE ||
		       c->code == CALL_WALK_MEMORY_REVERSE;
	struct mmkit_walk w = {
		.a = c->code == CALL_WALK_RESERVED ? &model.reserved :
						     &model.memory,
		.b = free ? &model.reserved : NULL,
		.node = c->node,
		.flags = c->flags,
	};
	int nr = 0;

	if (c->code == CALL_WALK_PFNS) {
		for (; mmkit_walk_next_pfns(&w); nr++)
			hash_range(hash, w.start, w.end, w.found_node);
		return nr;
	}
	if (!free) {
		w.node = MMKIT_MEMBLOCK_ANY_NODE;
		w.flags = MMKIT_MEMBLOCK_HOTPLUG |
			  MMKIT_MEMBLOCK_DRIVER_MANAGED;
	}
	if (reverse)
		mmkit_walk_begin_reverse(&w);
	for (; reverse ? mmkit_walk_prev(&model, &w) :
			 mmkit_walk_next(&model, &w); nr++)
		hash_range(hash, w.start, w.end, free ? w.found_node : 0);
	return nr;
}

static int64_t ask(const struct call *c, uint64_t *hash)
{
	s64 i;

	switch (c->code) {
	case CALL_IS_MEMORY:
		return mmkit_regions_search(&model.memory, c->base) >= 0;
	case CALL_IS_MAP_MEMORY:
		i = mmkit_regions_search(&model.memory, c->base);
		return i >= 0 && !(model.memory.region[i].flags &
				   MMKIT_MEMBLOCK_NOMAP);
	case CALL_IS_RESERVED:
		return mmkit_regions_search(&model.reserved, c->base) >= 0;
	case CALL_IS_REGION_MEMORY:
		return mmkit_model_is_region_memory(&model, c->base, c->bytes);
	case CALL_IS_REGION_RESERVED:
		return mmkit_regions_overlap(&model.reserved, c->base,
					     c->bytes);
	case CALL_OVERLAPS_MEMORY:
		return mmkit_regions_overlap(&model.memory, c->base, c->bytes);
	case CALL_NODE_OF:
		return node_of(c->base, hash);
	case CALL_SET_BOTTOM_UP:
		model.bottom_up = c->flags & 1;
		return 0;
	case CALL_SET_LIMIT:
		model.limit = c->max;
		return 0;
	default:
		return walk(c, hash);
	}
}

static int64_t model_call(const struct call *c, uint64_t *hash)
{
	if (c->code <= CALL_LIMIT_REMOVE_MAP)
		return change(c);
	if (c->code <= CALL_FIND_IN_RANGE_NODE)
		return allocate(c);
	return ask(c, hash);
}

static void model_regions(int reserved, struct regions *out)
{
	const struct mmkit_regions *regions = reserved ? &model.reserved :
							 &model.memory;

	*out = (struct regions) {
		.region = (const struct region *)regions->region,
		.cnt = regions->cnt,
		.max = regions->max,
		.total = regions->total,
		.addr = regions->addr,
	};
}

static uint64_t model_warned(void)
{
	return model.memory.warned + model.reserved.warned;
}

static bool model_broken(void)
{
	return model.broken;
}

static bool model_refused(void)
{
	return refused;
}

static void model_load(int reserved, const struct region *region, uint64_t nr,
		       uint64_t room)
{
	struct mmkit_regions *regions = reserved ? &model.reserved :
						   &model.memory;
	uint64_t i;

	if (!grow(&model, regions, nr + room))
		abort();
	memcpy(regions->region, region, nr * sizeof(*region));
	regions->cnt = nr;
	regions->max = nr + room;
	regions->total = 0;
	for (i = 0; i < nr; i++)
		regions->total += region[i].bytes;
}

const struct side model_side = {
	.name = "model",
	.reset = model_reset,
	.call = model_call,
	.regions = model_regions,
	.warned = model_warned,
	.broken = model_broken,
	.refused = model_refused,
	.load = model_load,
};
