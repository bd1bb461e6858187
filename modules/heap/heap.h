/* SPDX-License-Identifier: GPL-2.0-only */
/* What a handle of the heap area stands for, and the parts of the area. */
#ifndef _MMKIT_HEAP_HEAP_H
#define _MMKIT_HEAP_HEAP_H

#include <linux/bits.h>
#include <mmkit/area.h>
#include <mmkit/heap.h>
#include "item.h"

/* Bounds the array below. */
#define MMKIT_HEAP_ITEMS_MAX	BIT(24)

/**
 * struct mmkit_heap - objects of one function under one handle
 * @object: of the core
 * @api: enum mmkit_heap_api
 * @nr: how many there were at first
 * @live: how many are left
 * @item: each of them
 *
 * Protected by session->lock once it is published.
 */
struct mmkit_heap {
	struct mmkit_object object;
	u32 api;
	u32 nr;
	u32 live;
	struct mmkit_heap_item item[];
};

extern const struct mmkit_object_ops mmkit_heap_ops;
extern const struct mmkit_ioctl mmkit_heap_ioctls[];
extern const unsigned int mmkit_heap_nr_ioctls;
extern const struct mmkit_verb mmkit_heap_verbs[];
extern struct mmkit_show mmkit_heap_shows[];

void mmkit_heap_limits_get(struct mmkit_heap_limits *limits);
int mmkit_heap_charge_of(u32 api, u64 bytes, u32 count, u64 *charge);
u64 mmkit_heap_footprint(u32 api, u64 bytes);

struct mmkit_heap *mmkit_heap_new(u32 api, u32 count);
int mmkit_heap_fill(struct mmkit_heap *heap, const struct mmkit_heap_ask *ask,
		    u64 bytes, u64 charge, u32 count);
u64 mmkit_heap_free(struct mmkit_heap *heap, u32 first, u32 end, u32 stride,
		    bool sensitive);
void mmkit_heap_destroy(struct mmkit_heap *heap);
void mmkit_heap_object_hide(struct mmkit_heap_object *object);
void mmkit_heap_object_show(struct seq_file *m,
			    const struct mmkit_heap_object *object);

#endif
