// SPDX-License-Identifier: GPL-2.0-only
/* A boot allocator of a session's own: the model, and the memory it takes. */
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include "check.h"
#include "sandbox.h"

static int charge(struct mmkit_sandbox *sandbox, u64 bytes)
{
	int err = mmkit_charge(sandbox->session, bytes);

	if (!err)
		sandbox->charged += bytes;
	return err;
}

static int grow_array(struct mmkit_sandbox *sandbox,
		      struct mmkit_regions *regions, u64 max)
{
	struct mmkit_memblock_region *array;
	int err;

	if (max > MMKIT_SANDBOX_REGIONS_MAX)
		return -EDQUOT;
	err = charge(sandbox, (max - regions->max) * sizeof(*array));
	if (err)
		return err;
	array = kvmalloc_array(max, sizeof(*array),
			       MMKIT_GFP_BOOKKEEPING | __GFP_ZERO);
	if (!array)
		return -ENOMEM;	/* what was charged is returned with the rest */
	memcpy(array, regions->region, regions->cnt * sizeof(*array));
	kvfree(regions->region);
	regions->region = array;
	return 0;
}

static bool grow(struct mmkit_model *model, struct mmkit_regions *regions,
		 u64 max)
{
	struct mmkit_sandbox *sandbox =
		container_of(model, struct mmkit_sandbox, model);

	sandbox->err = grow_array(sandbox, regions, max);
	return !sandbox->err;
}

static struct mmkit_memblock_region *new_array(void)
{
	return kvmalloc_array(MMKIT_REGIONS_INIT,
			      sizeof(struct mmkit_memblock_region),
			      MMKIT_GFP_BOOKKEEPING | __GFP_ZERO);
}

/**
 * mmkit_sandbox_init() - As the kernel's is before the first call.
 * @sandbox: to be filled in
 * @session: charged when it grows
 *
 * Context: Process.
 * Return: 0 or -ENOMEM.
 */
int mmkit_sandbox_init(struct mmkit_sandbox *sandbox,
		       struct mmkit_session *session)
{
	struct mmkit_memblock_region *memory = new_array();
	struct mmkit_memblock_region *reserved = new_array();

	if (!memory || !reserved) {
		kvfree(memory);
		kvfree(reserved);
		return -ENOMEM;
	}
	sandbox->session = session;
	sandbox->charged = 0;
	sandbox->err = 0;
	mmkit_model_init(&sandbox->model, memory, reserved);
	sandbox->model.grow = grow;
	return 0;
}

void mmkit_sandbox_uninit(struct mmkit_sandbox *sandbox)
{
	kvfree(sandbox->model.memory.region);
	kvfree(sandbox->model.reserved.region);
	mmkit_uncharge(sandbox->session, sandbox->charged);
}

/**
 * mmkit_sandbox_reset() - Forget everything.
 * @sandbox: it
 *
 * Context: Process.
 * Return: 0, or -ENOMEM and it is as it was.
 */
int mmkit_sandbox_reset(struct mmkit_sandbox *sandbox)
{
	struct mmkit_sandbox fresh;
	int err;

	err = mmkit_sandbox_init(&fresh, sandbox->session);
	if (err)
		return err;
	mmkit_sandbox_uninit(sandbox);
	*sandbox = fresh;
	return 0;
}

/* What the model says, or why it could not go on. */
static int outcome(struct mmkit_sandbox *sandbox, int err)
{
	if (sandbox->model.broken)
		return -ENOTRECOVERABLE;
	if (!sandbox->model.no_room)
		return err;
	sandbox->model.no_room = false;
	return sandbox->err;
}

static int run_change(struct mmkit_model *model,
		      const struct mmkit_memblock_change *change)
{
	u64 base = change->base, bytes = change->bytes;

	switch (change->verb) {
	case MMKIT_MEMBLOCK_ADD:
		return mmkit_model_add(model, base, bytes, change->node,
				       change->flags);
	case MMKIT_MEMBLOCK_REMOVE:
		return mmkit_model_remove(model, base, bytes);
	case MMKIT_MEMBLOCK_RESERVE:
		return mmkit_model_reserve(model, base, bytes);
	case MMKIT_MEMBLOCK_PHYS_FREE:
		return mmkit_model_phys_free(model, base, bytes);
	case MMKIT_MEMBLOCK_MARK:
		return mmkit_model_flag(model, base, bytes, change->flags,
					true);
	case MMKIT_MEMBLOCK_CLEAR:
		return mmkit_model_flag(model, base, bytes, change->flags,
					false);
	case MMKIT_MEMBLOCK_SET_NODE:
		return mmkit_model_set_node(model, &model->memory, base,
					    bytes, change->node);
	case MMKIT_MEMBLOCK_SET_NODE_RESERVED:
		return mmkit_model_set_node(model, &model->reserved, base,
					    bytes, change->node);
	case MMKIT_MEMBLOCK_TRIM:
		return mmkit_regions_trim(&model->memory, bytes);
	case MMKIT_MEMBLOCK_CAP:
		mmkit_model_cap(model, base, bytes);
		return 0;
	case MMKIT_MEMBLOCK_ENFORCE_LIMIT:
		mmkit_model_enforce_limit(model, bytes);
		return 0;
	case MMKIT_MEMBLOCK_LIMIT_REMOVE_MAP:
		mmkit_model_limit_remove_map(model, bytes);
		return 0;
	}
	return -EINVAL;
}

/**
 * mmkit_sandbox_change() - Change regions.
 * @sandbox: it
 * @change: passed mmkit_memblock_check_change()
 *
 * Context: Process.
 * Return: 0, -ENOMEM, -EDQUOT, -ENOTRECOVERABLE, of a trim -EINVAL and
 * -EOVERFLOW.
 */
int mmkit_sandbox_change(struct mmkit_sandbox *sandbox,
			 const struct mmkit_memblock_change *change)
{
	if (sandbox->model.broken)
		return -ENOTRECOVERABLE;
	return outcome(sandbox, run_change(&sandbox->model, change));
}

static u64 run_alloc(struct mmkit_model *model,
		     const struct mmkit_memblock_alloc *alloc)
{
	switch (alloc->how) {
	case MMKIT_MEMBLOCK_TRY_NID:
	case MMKIT_MEMBLOCK_EXACT_NID:
		return mmkit_model_alloc(model, alloc->bytes, alloc->align,
					 alloc->min, alloc->max, alloc->node,
					 alloc->how ==
					 MMKIT_MEMBLOCK_EXACT_NID);
	case MMKIT_MEMBLOCK_PHYS_RANGE:
	case MMKIT_MEMBLOCK_PHYS_TRY_NID:
		return mmkit_model_alloc_range(model, alloc->bytes,
					       alloc->align, alloc->min,
					       alloc->max, alloc->node, false);
	case MMKIT_MEMBLOCK_FIND:
		return mmkit_model_find_in_range(model, alloc->min, alloc->max,
						 alloc->bytes, alloc->align);
	}
	return 0;
}

/**
 * mmkit_sandbox_alloc() - Allocate, or look for room only.
 * @sandbox: it
 * @alloc: passed mmkit_memblock_check_alloc()
 * @addr: out: where
 *
 * Context: Process.
 * Return: 0, -ENOMEM, -EDQUOT, -ENOTRECOVERABLE.
 */
int mmkit_sandbox_alloc(struct mmkit_sandbox *sandbox,
			const struct mmkit_memblock_alloc *alloc, u64 *addr)
{
	if (sandbox->model.broken)
		return -ENOTRECOVERABLE;
	*addr = run_alloc(&sandbox->model, alloc);
	return outcome(sandbox, *addr ? 0 : -ENOMEM);
}

u32 mmkit_sandbox_warned(const struct mmkit_sandbox *sandbox)
{
	return sandbox->model.memory.warned + sandbox->model.reserved.warned;
}
