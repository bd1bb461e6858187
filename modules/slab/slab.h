/* SPDX-License-Identifier: GPL-2.0-only */
/* What the handles of the slab area stand for, and the parts of the area. */
#ifndef _MMKIT_SLAB_SLAB_H
#define _MMKIT_SLAB_SLAB_H

#include <linux/bits.h>
#include <mmkit/area.h>
#include <mmkit/slab.h>
#include "cache.h"

/* Bounds the array below. */
#define MMKIT_SLAB_SET_MAX	BIT(24)

/**
 * struct mmkit_slab_set - objects of one cache under one handle
 * @object: of the core
 * @cache: holds a reference
 * @nr: how many there were at first
 * @live: how many are left
 * @p: each of them, NULL once it is free
 *
 * Protected by session->lock once it is published.
 */
struct mmkit_slab_set {
	struct mmkit_object object;
	struct mmkit_slab_cache *cache;
	u32 nr;
	u32 live;
	void *p[];
};

/**
 * struct mmkit_slab_ask - how to allocate
 * @gfp: the kernel's mask
 * @node: NUMA node
 * @bulk: many with one call
 * @atomic: under a spinlock
 */
struct mmkit_slab_ask {
	gfp_t gfp;
	int node;
	bool bulk;
	bool atomic;
};

/* set.c */
extern const struct mmkit_object_ops mmkit_slab_set_ops;
struct mmkit_slab_set *mmkit_slab_set_new(struct mmkit_slab_cache *cache,
					  u32 count);
int mmkit_slab_set_fill(struct mmkit_slab_set *set,
			const struct mmkit_slab_ask *ask, u32 count);
u32 mmkit_slab_set_free(struct mmkit_slab_set *set, u32 first, u32 end,
			u32 stride, bool bulk);
void mmkit_slab_set_destroy(struct mmkit_slab_set *set);
void mmkit_slab_set_describe(const struct mmkit_slab_set *set, u32 index,
			     struct mmkit_slab_object *out);

/* slabs.c */
int mmkit_slab_slabs_find(struct mmkit_session *session,
			  struct mmkit_slab_cache *cache,
			  struct mmkit_slab_slabs *out,
			  struct mmkit_slab_slab *slabs);

/* pool.c, lru.c: objects, and the commands on them */
extern const struct mmkit_object_ops mmkit_slab_pool_ops;
extern const struct mmkit_object_ops mmkit_slab_lru_ops;
struct mmkit_slab_cache *mmkit_slab_pool_cache(const struct mmkit_object *object,
					       u64 *live);
struct mmkit_slab_cache *mmkit_slab_lru_cache(const struct mmkit_object *object,
					      u64 *live);
int mmkit_slab_pool(struct mmkit_call *call, void *arg);
int mmkit_slab_take(struct mmkit_call *call, void *arg);
int mmkit_slab_give(struct mmkit_call *call, void *arg);
int mmkit_slab_lru(struct mmkit_call *call, void *arg);
int mmkit_slab_lru_add(struct mmkit_call *call, void *arg);
int mmkit_slab_lru_stat(struct mmkit_call *call, void *arg);

/* reuse.c */
int mmkit_slab_reuse(struct mmkit_call *call, void *arg);

/* ops.c, verbs.c, show.c */
extern const struct mmkit_ioctl mmkit_slab_ioctls[];
extern const unsigned int mmkit_slab_nr_ioctls;
extern const struct mmkit_verb mmkit_slab_verbs[];
extern struct mmkit_show mmkit_slab_shows[];
struct mmkit_slab_cache *mmkit_slab_cache_find(struct mmkit_session *session,
					       u32 handle);

int mmkit_slab_allocator_init(void);
void mmkit_slab_allocator_exit(void);

#endif
