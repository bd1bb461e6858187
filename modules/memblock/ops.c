// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/memblock: the sandbox, and lists of regions. */
#include <linux/capability.h>
#include "check.h"
#include "real_ops.h"
#include "sandbox.h"

static struct mmkit_sandbox *sandbox_of(struct mmkit_call *call)
{
	struct mmkit_memblock_session *mine = call->session->private;

	return &mine->sandbox;
}

static int memblock_set(struct mmkit_call *call, void *arg)
{
	const struct mmkit_memblock_set *set = arg;
	struct mmkit_sandbox *sandbox = sandbox_of(call);
	struct mmkit_model *model = &sandbox->model;
	int err;

	if (set->flags & ~MMKIT_MEMBLOCK_SET_FLAGS)
		return -EINVAL;
	if (set->flags & MMKIT_MEMBLOCK_RESET) {
		err = mmkit_sandbox_reset(sandbox);
		if (err)
			return err;
	}
	model->bottom_up = set->flags & MMKIT_MEMBLOCK_BOTTOM_UP;
	model->can_resize = set->flags & MMKIT_MEMBLOCK_RESIZE;
	model->movable_node = set->flags & MMKIT_MEMBLOCK_MOVABLE_NODE;
	model->kernelcore_mirror =
		set->flags & MMKIT_MEMBLOCK_KERNELCORE_MIRROR;
	model->limit = set->limit;
	return 0;
}

static int memblock_change(struct mmkit_call *call, void *arg)
{
	struct mmkit_memblock_change *change = arg;
	struct mmkit_sandbox *sandbox = sandbox_of(call);
	u32 before = mmkit_sandbox_warned(sandbox);
	int err;

	err = mmkit_memblock_check_change(change);
	if (err)
		return err;
	err = mmkit_sandbox_change(sandbox, change);
	change->warned = mmkit_sandbox_warned(sandbox) - before;
	return err;
}

static int memblock_alloc(struct mmkit_call *call, void *arg)
{
	struct mmkit_memblock_alloc *alloc = arg;
	struct mmkit_sandbox *sandbox = sandbox_of(call);
	u32 before = mmkit_sandbox_warned(sandbox);
	int err;

	err = mmkit_memblock_check_alloc(alloc);
	if (err)
		return err;
	err = mmkit_sandbox_alloc(sandbox, alloc, &alloc->addr);
	alloc->warned = mmkit_sandbox_warned(sandbox) - before;
	return err;
}

static s32 node_of(const struct mmkit_model *model, u64 addr)
{
	s64 i = mmkit_regions_search(&model->memory,
				     addr & ~(MMKIT_MODEL_PAGE - 1));

	return i < 0 ? -1 : model->memory.region[i].node;
}

static bool is_map_memory(const struct mmkit_model *model, u64 addr)
{
	s64 i = mmkit_regions_search(&model->memory, addr);

	return i >= 0 &&
	       !(model->memory.region[i].flags & MMKIT_MEMBLOCK_NOMAP);
}

static int memblock_query(struct mmkit_call *call, void *arg)
{
	struct mmkit_memblock_query *query = arg;
	const struct mmkit_model *model = &sandbox_of(call)->model;
	u64 base = query->base, bytes = query->bytes;

	if (query->reserved)
		return -EINVAL;
	switch (query->ask) {
	case MMKIT_MEMBLOCK_IS_MEMORY:
		query->answer = mmkit_regions_search(&model->memory, base) >= 0;
		return 0;
	case MMKIT_MEMBLOCK_IS_MAP_MEMORY:
		query->answer = is_map_memory(model, base);
		return 0;
	case MMKIT_MEMBLOCK_IS_RESERVED:
		query->answer =
			mmkit_regions_search(&model->reserved, base) >= 0;
		return 0;
	case MMKIT_MEMBLOCK_IS_REGION_MEMORY:
		query->answer = mmkit_model_is_region_memory(model, base,
							     bytes);
		return 0;
	case MMKIT_MEMBLOCK_IS_REGION_RESERVED:
		query->answer = mmkit_regions_overlap(&model->reserved, base,
						      bytes);
		return 0;
	case MMKIT_MEMBLOCK_OVERLAPS_MEMORY:
		query->answer = mmkit_regions_overlap(&model->memory, base,
						      bytes);
		return 0;
	case MMKIT_MEMBLOCK_NODE_OF:
		query->answer = node_of(model, base);
		return 0;
	}
	return -EINVAL;
}

/* Puts those from regions->first on into @out, and counts them all. */
static void put(struct mmkit_memblock_regions *regions,
		struct mmkit_memblock_region *out, u32 room,
		const struct mmkit_memblock_region *region)
{
	if (regions->all >= regions->first && regions->nr < room)
		out[regions->nr++] = *region;
	regions->all++;
}

static void list_regions(const struct mmkit_regions *from,
			 struct mmkit_memblock_regions *regions,
			 struct mmkit_memblock_region *out, u32 room)
{
	u64 i;

	for (i = 0; i < from->cnt; i++)
		if (from->region[i].bytes)
			put(regions, out, room, &from->region[i]);
}

static bool step(const struct mmkit_model *model, struct mmkit_walk *walk,
		 u32 list)
{
	switch (list) {
	case MMKIT_MEMBLOCK_FREE_REVERSE:
		return mmkit_walk_prev(model, walk);
	case MMKIT_MEMBLOCK_PFN_RANGES:
		return mmkit_walk_next_pfns(walk);
	default:
		return mmkit_walk_next(model, walk);
	}
}

static void start_walk(const struct mmkit_model *model,
		       const struct mmkit_memblock_regions *regions,
		       struct mmkit_walk *walk)
{
	*walk = (struct mmkit_walk) {
		.a = &model->memory,
		.node = regions->node,
		.flags = regions->flags,
	};
	switch (regions->list) {
	case MMKIT_MEMBLOCK_FREE_RANGES:
	case MMKIT_MEMBLOCK_FREE_REVERSE:
		walk->b = &model->reserved;
		break;
	case MMKIT_MEMBLOCK_MEM_RANGES:
		walk->flags = MMKIT_MEMBLOCK_HOTPLUG |
			      MMKIT_MEMBLOCK_DRIVER_MANAGED;
		break;
	case MMKIT_MEMBLOCK_PFN_RANGES:
		if (walk->node == MMKIT_MEMBLOCK_ANY_NODE)
			walk->node = MMKIT_MEMBLOCK_NO_NODE;
		break;
	}
	if (regions->list == MMKIT_MEMBLOCK_FREE_REVERSE)
		mmkit_walk_begin_reverse(walk);
}

static void list_ranges(const struct mmkit_model *model,
			struct mmkit_memblock_regions *regions,
			struct mmkit_memblock_region *out, u32 room)
{
	u64 unit = regions->list == MMKIT_MEMBLOCK_PFN_RANGES ?
		   MMKIT_MODEL_PAGE : 1;
	struct mmkit_walk walk;

	start_walk(model, regions, &walk);
	while (step(model, &walk, regions->list)) {
		const struct mmkit_memblock_region range = {
			.base = walk.start * unit,
			.bytes = (walk.end - walk.start) * unit,
			.node = walk.found_node,
		};

		if (range.bytes)
			put(regions, out, room, &range);
	}
}

static int source_of(struct mmkit_call *call, u32 source,
		     const struct mmkit_model **model)
{
	struct mmkit_memblock_session *mine = call->session->private;

	*model = &mine->sandbox.model;
	if (source == MMKIT_MEMBLOCK_SANDBOX)
		return 0;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!mine->has_observed)
		return -ENODATA;
	*model = &mine->observed.model;
	return 0;
}

static int memblock_regions(struct mmkit_call *call, void *arg)
{
	struct mmkit_memblock_regions *regions = arg;
	const struct mmkit_regions *of;
	struct mmkit_memblock_region *out;
	const struct mmkit_model *model;
	u32 room = regions->nr;
	int err;

	err = mmkit_memblock_check_regions(regions) ?:
	      source_of(call, regions->source, &model);
	if (err)
		return err;
	out = mmkit_call_array(call, regions->regions, room, sizeof(*out));
	if (!out)
		return -ENOMEM;
	of = regions->list == MMKIT_MEMBLOCK_RESERVED ? &model->reserved :
							&model->memory;
	regions->nr = 0;
	regions->all = 0;
	regions->max = of->max;
	regions->total = of->total;
	regions->array = of->addr;
	if (regions->list <= MMKIT_MEMBLOCK_RESERVED)
		list_regions(of, regions, out, room);
	else
		list_ranges(model, regions, out, room);
	call->bytes = regions->nr * sizeof(*out);
	return 0;
}

const struct mmkit_ioctl mmkit_memblock_ioctls[] = {
	MMKIT_IOCTL(MMKIT_MEMBLOCK_SET, memblock_set,
		    struct mmkit_memblock_set, limit),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_CHANGE, memblock_change,
		    struct mmkit_memblock_change, reserved),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_ALLOC, memblock_alloc,
		    struct mmkit_memblock_alloc, addr),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_QUERY, memblock_query,
		    struct mmkit_memblock_query, reserved),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_REGIONS, memblock_regions,
		    struct mmkit_memblock_regions, regions),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_OBSERVE, mmkit_memblock_observe,
		    struct mmkit_memblock_observe, nr_reserved),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_FATES, mmkit_memblock_fates,
		    struct mmkit_memblock_fates, fates),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_BOOT, mmkit_memblock_booted,
		    struct mmkit_memblock_boot, booted),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_CLAIM, mmkit_memblock_claim,
		    struct mmkit_memblock_claim, reserved),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_PROBE, mmkit_memblock_probe,
		    struct mmkit_memblock_probe, first_bad),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_RELEASE, mmkit_memblock_release,
		    struct mmkit_memblock_release, handle),
	MMKIT_IOCTL(MMKIT_MEMBLOCK_NAMED, mmkit_memblock_named,
		    struct mmkit_memblock_named, bytes),
};

const unsigned int mmkit_memblock_nr_ioctls =
	ARRAY_SIZE(mmkit_memblock_ioctls);
