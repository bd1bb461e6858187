// SPDX-License-Identifier: GPL-2.0-only
/* What can be asked of which function, and what it is charged. Pure. */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/overflow.h>
#include <mmkit/gfp.h>
#include "size.h"

/* Served from the vmalloc area, so in whole pages and only where one may sleep. */
bool mmkit_heap_maps(u32 api)
{
	switch (api) {
	case MMKIT_HEAP_VMALLOC:
	case MMKIT_HEAP_VZALLOC:
	case MMKIT_HEAP_VMALLOC_USER:
	case MMKIT_HEAP_VMALLOC_32:
	case MMKIT_HEAP_VMALLOC_HUGE:
	case MMKIT_HEAP_VMAP:
		return true;
	default:
		return false;
	}
}

/* vmalloc_user() and vmalloc_32() have their own. */
bool mmkit_heap_takes_gfp(u32 api)
{
	return api != MMKIT_HEAP_VMALLOC_USER && api != MMKIT_HEAP_VMALLOC_32;
}

static bool takes_elements(u32 api)
{
	return api == MMKIT_HEAP_KMALLOC_ARRAY;
}

/* Of the others none takes both flags and a node, that is exported. */
static bool takes_node(u32 api)
{
	return api == MMKIT_HEAP_KMALLOC_NODE || api == MMKIT_HEAP_KVMALLOC;
}

static bool may_sleep(u32 gfp)
{
	return !(gfp & (MMKIT_GFP_ATOMIC | MMKIT_GFP_NOWAIT));
}

/*
 * Slab caches take neither highmem nor DMA32 and complain when asked:
 * GFP_SLAB_BUG_MASK in mm/internal.h.
 */
static bool slab_gfp_ok(u32 gfp)
{
	return !(gfp & (MMKIT_GFP_DMA32 | MMKIT_GFP_HIGHUSER_MOVABLE));
}

/*
 * vmalloc() takes pages from wherever they are, and 7.3 complains when told otherwise:
 * GFP_VMALLOC_SUPPORTED in mm/vmalloc.c. vmap() is given pages of any kind.
 */
static bool vmalloc_gfp_ok(u32 gfp)
{
	return !(gfp & (MMKIT_GFP_ZONES | MMKIT_GFP_HIGHUSER_MOVABLE |
			MMKIT_GFP_THISNODE));
}

static bool gfp_ok(u32 api, u32 gfp)
{
	if (mmkit_gfp_check(gfp) || (gfp & MMKIT_GFP_COMP))
		return false;
	if (!mmkit_heap_takes_gfp(api))
		return !(gfp & ~MMKIT_GFP_KERNEL);
	if (mmkit_heap_maps(api))
		return may_sleep(gfp) &&
		       (api == MMKIT_HEAP_VMAP || vmalloc_gfp_ok(gfp));
	return slab_gfp_ok(gfp);
}

/**
 * mmkit_heap_check() - Is this request one that a driver could make?
 * @alloc: as sent by user space
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_heap_check(const struct mmkit_heap_alloc *alloc)
{
	if (alloc->api >= MMKIT_HEAP_API_NR || alloc->reserved ||
	    (alloc->flags & ~MMKIT_HEAP_IN_ATOMIC))
		return -EINVAL;
	if (!alloc->count || !alloc->bytes)
		return -EINVAL;
	if (!!alloc->elements != takes_elements(alloc->api))
		return -EINVAL;
	if (alloc->node != -1 && !takes_node(alloc->api))
		return -EINVAL;
	if (!gfp_ok(alloc->api, alloc->gfp))
		return -EINVAL;
	if ((alloc->flags & MMKIT_HEAP_IN_ATOMIC) &&
	    (mmkit_heap_maps(alloc->api) || may_sleep(alloc->gfp)))
		return -EINVAL;
	return 0;
}

/**
 * mmkit_heap_total() - Size of one object.
 * @api: enum mmkit_heap_api
 * @bytes: asked for
 * @elements: of an array
 * @total: out
 *
 * Return: 0, -EOVERFLOW as kmalloc_array() finds it.
 */
int mmkit_heap_total(u32 api, u64 bytes, u64 elements, u64 *total)
{
	*total = bytes;
	if (takes_elements(api) &&
	    check_mul_overflow(bytes, elements, total))
		return -EOVERFLOW;
	return 0;
}

/**
 * mmkit_heap_range() - Can the function serve this size at all?
 * @api: enum mmkit_heap_api
 * @bytes: of one object
 * @limits: of this kernel
 *
 * Return: 0, -ERANGE.
 */
int mmkit_heap_range(u32 api, u64 bytes,
		     const struct mmkit_heap_limits *limits)
{
	u64 max;

	if (mmkit_heap_maps(api))
		max = limits->vmalloc_total;
	else if (api == MMKIT_HEAP_ALLOC_PERCPU)
		max = limits->percpu_max;
	else if (api == MMKIT_HEAP_KVMALLOC)
		max = INT_MAX;	/* kvmalloc_node() in mm/ refuses more */
	else
		max = limits->kmalloc_max;
	return bytes > max ? -ERANGE : 0;
}

/*
 * In eights, as they are aligned, on every CPU; and whom each four bytes are charged to is
 * noted in a pointer: obj_cgroups of 6.1's mm/percpu.c, obj_exts of 7.x.
 */
static u64 percpu(u64 bytes, u32 cpus)
{
	return ((bytes + 7) & ~7ull) * (cpus + sizeof(u64) / 4);
}

/**
 * mmkit_heap_charge() - What the bytes of objects count against the quota.
 * @api: enum mmkit_heap_api
 * @bytes: of one object, in range
 * @count: objects
 * @limits: of this kernel
 * @page_size: of this kernel
 * @charge: out: whole pages of mapped objects, a copy per CPU of per-cpu ones,
 *	with the note of their cgroup
 *
 * Return: 0, -EOVERFLOW.
 */
int mmkit_heap_charge(u32 api, u64 bytes, u32 count,
		      const struct mmkit_heap_limits *limits,
		      unsigned int page_size, u64 *charge)
{
	u64 one = bytes;

	if (mmkit_heap_maps(api))
		one = (bytes + page_size - 1) & ~((u64)page_size - 1);
	else if (api == MMKIT_HEAP_ALLOC_PERCPU)
		one = percpu(bytes, limits->cpus);
	return check_mul_overflow(one, (u64)count, charge) ? -EOVERFLOW : 0;
}
