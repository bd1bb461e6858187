/* SPDX-License-Identifier: GPL-2.0-only */
/* Slab caches, list_lru and shrinkers: what differs between kernels. */
#ifndef _MMKIT_COMPAT_SLAB_H
#define _MMKIT_COMPAT_SLAB_H

#include <linux/list_lru.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

#ifdef HAVE_SLAB_NO_MERGE
#define MMKIT_SLAB_HAS_NO_MERGE	1
#define MMKIT_KERNEL_NO_MERGE	SLAB_NO_MERGE
#else
#define MMKIT_SLAB_HAS_NO_MERGE	0
#define MMKIT_KERNEL_NO_MERGE	0
#endif

#ifndef HAVE_KMEM_CACHE_ARGS
/**
 * struct kmem_cache_args - what a cache is to be like, as newer kernels take it
 * @align: of each object, or 0
 * @useroffset: of the part that may be copied to and from user space
 * @usersize: of it
 * @ctor: constructor, or NULL
 */
struct kmem_cache_args {
	unsigned int align;
	unsigned int useroffset;
	unsigned int usersize;
	void (*ctor)(void *object);
};
#endif

static inline struct kmem_cache *
mmkit_cache_create(const char *name, unsigned int bytes,
		   struct kmem_cache_args *args, slab_flags_t flags)
{
#ifdef HAVE_KMEM_CACHE_ARGS
	return kmem_cache_create(name, bytes, args, flags);
#else
	return kmem_cache_create_usercopy(name, bytes, args->align, flags,
					  args->useroffset, args->usersize,
					  args->ctor);
#endif
}

/* It returned how many there are once, and whether there are any later. */
static inline bool mmkit_cache_alloc_bulk(struct kmem_cache *cache, gfp_t gfp,
					  size_t nr, void **objects)
{
	return kmem_cache_alloc_bulk(cache, gfp, nr, objects) != 0;
}

/* Of the node and the cgroup that the object is of. */
static inline bool mmkit_list_lru_add(struct list_lru *lru,
				      struct list_head *item)
{
#ifdef HAVE_LIST_LRU_ADD_OBJ
	return list_lru_add_obj(lru, item);
#else
	return list_lru_add(lru, item);
#endif
}

#ifdef HAVE_LIST_LRU_WALK_LOCK
#define MMKIT_LRU_WALK_ARGS \
	struct list_head *item, struct list_lru_one *list, spinlock_t *lock, \
	void *arg
#else
#define MMKIT_LRU_WALK_ARGS \
	struct list_head *item, struct list_lru_one *list, void *arg
#endif

/*
 * A shrinker that knows of nodes and cgroups, and the list_lru that it walks.
 * The list needs the number of the shrinker, which once came with its
 * registration: so it may be called before the list is there, and @ready says
 * when that is over.
 */
struct mmkit_shrinker {
#ifdef HAVE_SHRINKER_ALLOC
	struct shrinker *shrinker;
#else
	struct shrinker shrinker;
#endif
	struct list_lru lru;
	bool ready;
};

typedef unsigned long mmkit_shrink_fn(struct shrinker *shrinker,
				      struct shrink_control *sc);

static inline struct mmkit_shrinker *
mmkit_shrinker_of(struct shrinker *shrinker)
{
#ifdef HAVE_SHRINKER_ALLOC
	return shrinker->private_data;
#else
	return container_of(shrinker, struct mmkit_shrinker, shrinker);
#endif
}

#define MMKIT_SHRINKER_FLAGS	(SHRINKER_NUMA_AWARE | SHRINKER_MEMCG_AWARE)

#ifdef HAVE_SHRINKER_ALLOC
static inline int mmkit_shrinker_register(struct mmkit_shrinker *shrinker,
					  mmkit_shrink_fn *count,
					  mmkit_shrink_fn *scan)
{
	struct shrinker *s = shrinker_alloc(MMKIT_SHRINKER_FLAGS, "mmkit-slab");
	int err;

	if (!s)
		return -ENOMEM;
	err = list_lru_init_memcg(&shrinker->lru, s);
	if (err) {
		shrinker_free(s);
		return err;
	}
	s->count_objects = count;
	s->scan_objects = scan;
	s->private_data = shrinker;
	shrinker->shrinker = s;
	shrinker->ready = true;
	shrinker_register(s);
	return 0;
}

static inline void mmkit_shrinker_unregister(struct mmkit_shrinker *shrinker)
{
	shrinker_free(shrinker->shrinker);
}
#else
static inline int mmkit_shrinker_register(struct mmkit_shrinker *shrinker,
					  mmkit_shrink_fn *count,
					  mmkit_shrink_fn *scan)
{
	struct shrinker *s = &shrinker->shrinker;
	int err;

	s->count_objects = count;
	s->scan_objects = scan;
	s->seeks = DEFAULT_SEEKS;
	s->flags = MMKIT_SHRINKER_FLAGS;
	err = register_shrinker(s, "mmkit-slab");
	if (err)
		return err;
	err = list_lru_init_memcg(&shrinker->lru, s);
	if (err) {
		unregister_shrinker(s);
		return err;
	}
	/* Pairs with the one that reads it: the list is there by then. */
	smp_store_release(&shrinker->ready, true);
	return 0;
}

static inline void mmkit_shrinker_unregister(struct mmkit_shrinker *shrinker)
{
	unregister_shrinker(&shrinker->shrinker);
}
#endif

/* May the list be looked at yet? */
static inline bool mmkit_shrinker_ready(const struct mmkit_shrinker *shrinker)
{
	/* Pairs with the one in mmkit_shrinker_register(). */
	return smp_load_acquire(&shrinker->ready);
}

#endif
