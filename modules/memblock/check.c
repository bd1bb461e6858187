// SPDX-License-Identifier: GPL-2.0-only
/* What can be asked of the sandbox: any range, but no contradiction. Pure. */
#include <linux/errno.h>
#include "check.h"

static bool is_node(s32 node)
{
	return node >= 0 && node <= MMKIT_MEMBLOCK_NO_NODE;
}

static bool takes_node(u32 verb)
{
	return verb == MMKIT_MEMBLOCK_ADD ||
	       verb == MMKIT_MEMBLOCK_SET_NODE ||
	       verb == MMKIT_MEMBLOCK_SET_NODE_RESERVED;
}

static bool takes_base(u32 verb)
{
	return verb != MMKIT_MEMBLOCK_TRIM &&
	       verb != MMKIT_MEMBLOCK_ENFORCE_LIMIT &&
	       verb != MMKIT_MEMBLOCK_LIMIT_REMOVE_MAP;
}

static bool one_flag(u32 flags)
{
	return flags && !(flags & (flags - 1));
}

/* Of memory, but what is marked NOINIT is reserved. */
static bool flags_ok(u32 verb, u32 flags)
{
	if (flags & ~MMKIT_MEMBLOCK_FLAGS)
		return false;
	if (verb == MMKIT_MEMBLOCK_MARK || verb == MMKIT_MEMBLOCK_CLEAR)
		return one_flag(flags);
	if (verb == MMKIT_MEMBLOCK_ADD)
		return !(flags & MMKIT_MEMBLOCK_RSRV_NOINIT);
	return !flags;
}

/**
 * mmkit_memblock_check_change() - Is this a change that there is?
 * @change: as sent by user space
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_memblock_check_change(const struct mmkit_memblock_change *change)
{
	u32 verb = change->verb;

	if (verb >= MMKIT_MEMBLOCK_VERB_NR || change->reserved)
		return -EINVAL;
	if (takes_node(verb) ? !is_node(change->node) : change->node != 0)
		return -EINVAL;
	if (change->base && !takes_base(verb))
		return -EINVAL;
	return flags_ok(verb, change->flags) ? 0 : -EINVAL;
}

/**
 * mmkit_memblock_check_alloc() - Is this an allocation that there is?
 * @alloc: as sent by user space
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_memblock_check_alloc(const struct mmkit_memblock_alloc *alloc)
{
	bool any = alloc->node == MMKIT_MEMBLOCK_ANY_NODE;

	switch (alloc->how) {
	case MMKIT_MEMBLOCK_TRY_NID:
	case MMKIT_MEMBLOCK_EXACT_NID:
		return any || is_node(alloc->node) ? 0 : -EINVAL;
	case MMKIT_MEMBLOCK_PHYS_TRY_NID:
		if (alloc->min || alloc->max)
			return -EINVAL;
		return any || is_node(alloc->node) ? 0 : -EINVAL;
	case MMKIT_MEMBLOCK_PHYS_RANGE:
	case MMKIT_MEMBLOCK_FIND:
		return any ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

/**
 * mmkit_memblock_check_regions() - Is this a list that there is?
 * @regions: as sent by user space
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_memblock_check_regions(const struct mmkit_memblock_regions *regions)
{
	if (regions->source >= MMKIT_MEMBLOCK_SOURCE_NR ||
	    regions->list >= MMKIT_MEMBLOCK_LIST_NR ||
	    (regions->flags & ~MMKIT_MEMBLOCK_FLAGS))
		return -EINVAL;
	if (!regions->nr || regions->nr > MMKIT_MEMBLOCK_REGIONS_MAX)
		return -EINVAL;
	if (regions->node != MMKIT_MEMBLOCK_ANY_NODE &&
	    !is_node(regions->node))
		return -EINVAL;
	return 0;
}
