/* SPDX-License-Identifier: GPL-2.0-only */
/* A kmem_cache, what it was asked to be and what it is. */
#ifndef _MMKIT_SLAB_CACHE_H
#define _MMKIT_SLAB_CACHE_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/slab.h>
#include <mmkit/session.h>
#include <mmkit/slab.h>
#include "layout.h"

struct mmkit_slab_ctor;

/**
 * struct mmkit_slab_cache - a cache
 * @object: of the core
 * @ref: one of its handle and one of each user: kmem_cache_destroy() complains
 *	of objects that are left, so it is called when the last one is gone
 * @cache: the kernel's
 * @ctor: its constructor, or NULL
 * @asked: how it was created
 * @name: the kernel's, unique
 * @id: in the name
 * @layout: by the kernel's rules
 * @grid: measured
 * @order: measured
 * @live: objects that users hold
 *
 * Constant once it is published, but @ref and @live.
 */
struct mmkit_slab_cache {
	struct mmkit_object object;
	struct kref ref;
	struct kmem_cache *cache;
	struct mmkit_slab_ctor *ctor;
	struct mmkit_slab_create asked;
	char name[MMKIT_SLAB_FULLNAME_LEN];
	int id;
	struct mmkit_slab_layout layout;
	struct mmkit_slab_grid grid;
	u32 order;
	atomic64_t live;
};

/* What a cache is charged: the struct, its per-cpu part, its files in sysfs. */
#define MMKIT_SLAB_CACHE_CHARGE	(2 * PAGE_SIZE)

/**
 * struct mmkit_slab_place - where an object is
 * @pfn: first page frame of its slab
 * @offset: from the start of the slab
 * @order: of the slab
 * @node: NUMA node
 * @kfence: in KFENCE's pool instead, and the rest means nothing
 */
struct mmkit_slab_place {
	unsigned long pfn;
	u32 offset;
	u32 order;
	int node;
	bool kfence;
};

extern const struct mmkit_object_ops mmkit_slab_cache_ops;

struct mmkit_slab_cache *
mmkit_slab_cache_new(const struct mmkit_slab_create *create);
void mmkit_slab_cache_get(struct mmkit_slab_cache *cache);
void mmkit_slab_cache_trim(struct mmkit_slab_cache *cache);
void mmkit_slab_cache_put(struct mmkit_slab_cache *cache);
u32 mmkit_slab_cache_users(const struct mmkit_slab_cache *cache);
void mmkit_slab_cache_describe(const struct mmkit_slab_cache *cache,
			       struct mmkit_slab_describe *out);
void mmkit_slab_place_of(const void *p, struct mmkit_slab_place *place);

/* ctor.c */
struct mmkit_slab_ctor *mmkit_slab_ctor_get(u32 bytes);
void mmkit_slab_ctor_put(struct mmkit_slab_ctor *ctor);
void (*mmkit_slab_ctor_function(const struct mmkit_slab_ctor *ctor))(void *p);
u64 mmkit_slab_ctor_calls(const struct mmkit_slab_ctor *ctor);

#endif
