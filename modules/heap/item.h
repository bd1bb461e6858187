/* SPDX-License-Identifier: GPL-2.0-only */
/* One allocation: made, resized, freed and described by its function. */
#ifndef _MMKIT_HEAP_ITEM_H
#define _MMKIT_HEAP_ITEM_H

#include <linux/gfp.h>
#include <linux/types.h>
#include <mmkit/heap.h>

/**
 * struct mmkit_heap_item - one allocation
 * @p: what the function returned, NULL once it is free
 * @bytes: asked for
 * @charged: to the session; one that shrank in place holds what it held before
 */
struct mmkit_heap_item {
	void *p;
	u64 bytes;
	u64 charged;
};

/**
 * struct mmkit_heap_ask - how to allocate
 * @api: enum mmkit_heap_api
 * @elements: of an array
 * @gfp: the kernel's mask
 * @node: NUMA node
 * @atomic: under a spinlock
 */
struct mmkit_heap_ask {
	u32 api;
	u64 elements;
	gfp_t gfp;
	int node;
	bool atomic;
};

/*
 * Of the two flags that keep the OOM killer away pcpu_alloc() in mm/percpu.c passes on
 * only NORETRY. Without any it kills on 6.1, and tries for ever on 7.3.
 */
static inline gfp_t mmkit_heap_percpu_gfp(gfp_t gfp)
{
	return (gfp & ~__GFP_RETRY_MAYFAIL) | __GFP_NORETRY;
}

void *mmkit_heap_item_alloc(const struct mmkit_heap_ask *ask, u64 bytes);
void *mmkit_heap_item_realloc(u32 api, const struct mmkit_heap_item *item,
			      u64 bytes, gfp_t gfp);
bool mmkit_heap_has_realloc(u32 api);
bool mmkit_heap_has_sensitive(u32 api);
void mmkit_heap_item_free(u32 api, const struct mmkit_heap_item *item,
			  bool sensitive);
void mmkit_heap_item_describe(u32 api, const struct mmkit_heap_item *item,
			      struct mmkit_heap_object *out);
u64 mmkit_heap_item_pages(u32 api, const struct mmkit_heap_item *item);
unsigned long mmkit_heap_item_pfn(u32 api, const struct mmkit_heap_item *item,
				  u64 page);

#endif
