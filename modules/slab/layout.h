/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_SLAB_LAYOUT_H
#define _MMKIT_SLAB_LAYOUT_H

#include <linux/types.h>
#include <mmkit/slab.h>

/**
 * struct mmkit_slab_machine - what the layout of objects depends on
 * @word: bytes of a pointer
 * @cache_line: bytes of a cache line
 * @min_align: of any slab object
 */
struct mmkit_slab_machine {
	u32 word;
	u32 cache_line;
	u32 min_align;
};

/**
 * struct mmkit_slab_layout - where the bytes of a slot go, by the kernel's rules
 * @align: of each object
 * @left: red zone before the object
 * @inuse: the object and what must follow it: to a whole word, and a red zone
 * @freeptr: offset in the object of the pointer to the next free one
 * @outside: that pointer lies behind @inuse, and not in the object
 * @least: of a slot; who allocated and freed it, and KASAN, come on top
 */
struct mmkit_slab_layout {
	u32 align;
	u32 left;
	u32 inuse;
	u32 freeptr;
	bool outside;
	u32 least;
};

/**
 * struct mmkit_slab_grid - where objects are in their slab, as measured
 * @stride: from one to the next
 * @left: before the first
 * @slots: how many there are room for
 */
struct mmkit_slab_grid {
	u32 stride;
	u32 left;
	u32 slots;
};

/* Pure. */
int mmkit_slab_create_check(const struct mmkit_slab_create *create);
int mmkit_slab_gfp_check(u32 gfp, s32 node);
int mmkit_slab_alloc_check(const struct mmkit_slab_alloc *alloc);
int mmkit_slab_pool_check(const struct mmkit_slab_pool *pool);
void mmkit_slab_layout(const struct mmkit_slab_create *create,
		       const struct mmkit_slab_machine *machine,
		       struct mmkit_slab_layout *layout);
void mmkit_slab_measure(const u32 *offsets, u32 nr, u32 slab_bytes,
			struct mmkit_slab_grid *grid);
u32 mmkit_slab_slot(const struct mmkit_slab_grid *grid, u32 offset);

#endif
