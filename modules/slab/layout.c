// SPDX-License-Identifier: GPL-2.0-only
/* What can be asked of a cache, and where the bytes of its slabs go. Pure. */
#include <linux/errno.h>
#include <linux/gcd.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <mmkit/gfp.h>
#include "layout.h"

static bool name_char_ok(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* It becomes a column of /proc/slabinfo and a directory of sysfs. */
static bool name_ok(const char *name)
{
	size_t len = strnlen(name, MMKIT_NAME_LEN), i;

	if (!len || len == MMKIT_NAME_LEN)
		return false;
	for (i = 0; i < len; i++)
		if (!name_char_ok(name[i]))
			return false;
	return true;
}

/* SLUB rounds with masks: what is no power of two would corrupt its slabs. */
static bool align_ok(u32 align)
{
	return align <= MMKIT_SLAB_ALIGN_MAX && !(align & (align - 1));
}

/* kmem_cache_create_usercopy() complains of the others. */
static bool region_ok(const struct mmkit_slab_create *create)
{
	if (!create->usersize)
		return !create->useroffset;
	return create->usersize <= create->bytes &&
	       create->useroffset <= create->bytes - create->usersize;
}

/**
 * mmkit_slab_create_check() - Is this cache one that a driver could create?
 * @create: as sent by user space
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_slab_create_check(const struct mmkit_slab_create *create)
{
	if (create->reserved || (create->flags & ~MMKIT_SLAB_FLAGS_ALL))
		return -EINVAL;
	if (!create->bytes || create->bytes > MMKIT_SLAB_BYTES_MAX)
		return -EINVAL;
	if (!name_ok(create->name) || !align_ok(create->align) ||
	    !region_ok(create))
		return -EINVAL;
	return 0;
}

/* A cache's slabs are of the zone that it was created for. */
#define GFP_REFUSED \
	(MMKIT_GFP_ZONES | MMKIT_GFP_HIGHUSER_MOVABLE | MMKIT_GFP_COMP)

/**
 * mmkit_slab_gfp_check() - May an object be asked for with these flags?
 * @gfp: as sent by user space
 * @node: as sent by user space
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_slab_gfp_check(u32 gfp, s32 node)
{
	if (gfp & GFP_REFUSED)
		return -EINVAL;
	if ((gfp & MMKIT_GFP_THISNODE) && node == -1)
		return -EINVAL;
	return mmkit_gfp_check(gfp);
}

/**
 * mmkit_slab_alloc_check() - Is this request one that a driver could make?
 * @alloc: as sent by user space
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_slab_alloc_check(const struct mmkit_slab_alloc *alloc)
{
	if (alloc->reserved || !alloc->count ||
	    (alloc->flags & ~(MMKIT_SLAB_BULK | MMKIT_SLAB_IN_ATOMIC)))
		return -EINVAL;
	/* kmem_cache_alloc_bulk() is for where interrupts are enabled. */
	if (alloc->flags == (MMKIT_SLAB_BULK | MMKIT_SLAB_IN_ATOMIC))
		return -EINVAL;
	if ((alloc->flags & MMKIT_SLAB_BULK) && alloc->node != -1)
		return -EINVAL;
	if ((alloc->flags & MMKIT_SLAB_IN_ATOMIC) &&
	    !(alloc->gfp & (MMKIT_GFP_ATOMIC | MMKIT_GFP_NOWAIT)))
		return -EINVAL;
	return mmkit_slab_gfp_check(alloc->gfp, alloc->node);
}

/**
 * mmkit_slab_pool_check() - Is this pool one that a driver could create?
 * @pool: as sent by user space
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_slab_pool_check(const struct mmkit_slab_pool *pool)
{
	if (!pool->reserve || pool->reserve > MMKIT_SLAB_ROOM_MAX ||
	    !pool->room || pool->room > MMKIT_SLAB_ROOM_MAX)
		return -EINVAL;
	switch (pool->over) {
	case MMKIT_SLAB_OVER_CACHE:
		return pool->bytes || pool->order ? -EINVAL : 0;
	case MMKIT_SLAB_OVER_KMALLOC:
		return pool->cache || pool->order || !pool->bytes ||
		       pool->bytes > MMKIT_SLAB_BYTES_MAX ? -EINVAL : 0;
	case MMKIT_SLAB_OVER_PAGES:
		return pool->cache || pool->bytes ||
		       pool->order > MMKIT_SLAB_ORDER_MAX ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

static u32 align_up(u32 value, u32 align)
{
	return (value + align - 1) & ~(align - 1);
}

/* calculate_alignment() in mm/slab_common.c */
static u32 alignment(const struct mmkit_slab_create *create,
		     const struct mmkit_slab_machine *machine)
{
	u32 align = create->align, line = machine->cache_line;

	if (create->flags & MMKIT_SLAB_HWCACHE_ALIGN) {
		while (create->bytes <= line / 2)
			line /= 2;
		align = max(align, line);
	}
	return align_up(max(align, machine->min_align), machine->word);
}

/* The first word of a free object must be left alone, or is not one. */
static bool pointer_outside(const struct mmkit_slab_create *create, u32 word)
{
	if (create->flags & (MMKIT_SLAB_TYPESAFE_BY_RCU | MMKIT_SLAB_POISON |
			     MMKIT_SLAB_CTOR))
		return true;
	return (create->flags & MMKIT_SLAB_RED_ZONE) && create->bytes < word;
}

/**
 * mmkit_slab_layout() - Where the bytes of a slot go.
 * @create: that mmkit_slab_create_check() passed
 * @machine: for which
 * @layout: out
 *
 * The rules are those of calculate_sizes() in mm/slub.c, for the flags that were
 * asked for: others come from the command line (slub_debug=) and from KASAN.
 */
void mmkit_slab_layout(const struct mmkit_slab_create *create,
		       const struct mmkit_slab_machine *machine,
		       struct mmkit_slab_layout *layout)
{
	u32 word = machine->word, size = align_up(create->bytes, word);
	bool red_zone = create->flags & MMKIT_SLAB_RED_ZONE;

	*layout = (struct mmkit_slab_layout) {
		.align = alignment(create, machine),
	};
	if (red_zone && size == create->bytes)
		size += word;
	layout->inuse = size;
	layout->outside = pointer_outside(create, word);
	if (layout->outside) {
		layout->freeptr = size;
		size += word;
	} else {
		layout->freeptr = create->bytes / 2 & ~(word - 1);
	}
	if (red_zone) {
		layout->left = align_up(word, layout->align);
		size += word + layout->left;
	}
	layout->least = align_up(size, layout->align);
}

/**
 * mmkit_slab_measure() - Find where objects can be from where some are.
 * @offsets: of objects in their slabs, of many slabs or one
 * @nr: how many, at least 1
 * @slab_bytes: of each slab
 * @grid: out
 *
 * All differences are multiples of the stride, and with more than a few objects
 * of nothing larger: a slab is filled from its start, or in random order.
 */
void mmkit_slab_measure(const u32 *offsets, u32 nr, u32 slab_bytes,
			struct mmkit_slab_grid *grid)
{
	unsigned long stride = 0;
	u32 i;

	for (i = 1; i < nr; i++)
		stride = gcd(stride, offsets[i] > offsets[0] ?
					     offsets[i] - offsets[0] :
					     offsets[0] - offsets[i]);
	/* Always at the same place: a slab holds one. */
	grid->stride = stride ?: slab_bytes;
	grid->left = offsets[0] % grid->stride;
	grid->slots = slab_bytes / grid->stride;
}

/**
 * mmkit_slab_slot() - Which slot an object has.
 * @grid: of its cache
 * @offset: of the object in its slab
 *
 * Return: from 0 on.
 */
u32 mmkit_slab_slot(const struct mmkit_slab_grid *grid, u32 offset)
{
	return (offset - grid->left) / grid->stride;
}
