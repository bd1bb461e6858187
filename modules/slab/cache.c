// SPDX-License-Identifier: GPL-2.0-only
/* Caches: created under a name that nobody has, measured, destroyed when unused. */
#include <linux/cache.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/kfence.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <mmkit/gfp.h>
#include "compat/slab.h"
#include "slab.h"

static atomic_t nr_caches;
static atomic_t last_rcu_id;
static DEFINE_IDA(ids);

/*
 * A cache that was merged leaves a link of its name in sysfs for ever, so names
 * are used again. A cache whose pages RCU still waits for leaves sysfs after
 * kmem_cache_destroy() has returned, and is never merged: each has a new name.
 */
static int name_cache(struct mmkit_slab_cache *cache)
{
	bool rcu = cache->asked.flags & MMKIT_SLAB_TYPESAFE_BY_RCU;

	cache->id = rcu ? atomic_inc_return(&last_rcu_id) :
			  ida_alloc(&ids, GFP_KERNEL);
	if (!rcu && cache->id < 0)
		return -ENOMEM;
	snprintf(cache->name, sizeof(cache->name), "mmkit-%s%u-%s",
		 rcu ? "rcu" : "", cache->id, cache->asked.name);
	return 0;
}

static void unname_cache(struct mmkit_slab_cache *cache)
{
	if (!(cache->asked.flags & MMKIT_SLAB_TYPESAFE_BY_RCU))
		ida_free(&ids, cache->id);
}

static const struct {
	u32 ours;
	slab_flags_t kernels;
} flags[] = {
	{ MMKIT_SLAB_HWCACHE_ALIGN, SLAB_HWCACHE_ALIGN },
	{ MMKIT_SLAB_RECLAIM_ACCOUNT, SLAB_RECLAIM_ACCOUNT },
	{ MMKIT_SLAB_ACCOUNT, SLAB_ACCOUNT },
	{ MMKIT_SLAB_TYPESAFE_BY_RCU, SLAB_TYPESAFE_BY_RCU },
	{ MMKIT_SLAB_POISON, SLAB_POISON },
	{ MMKIT_SLAB_RED_ZONE, SLAB_RED_ZONE },
	{ MMKIT_SLAB_STORE_USER, SLAB_STORE_USER },
	{ MMKIT_SLAB_NO_MERGE, MMKIT_KERNEL_NO_MERGE },
};

static slab_flags_t kernel_flags(u32 ours)
{
	slab_flags_t kernels = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (ours & flags[i].ours)
			kernels |= flags[i].kernels;
	return kernels;
}

static void lay_out(struct mmkit_slab_cache *cache)
{
	const struct mmkit_slab_machine machine = {
		.word = sizeof(void *),
		.cache_line = cache_line_size(),
		.min_align = ARCH_SLAB_MINALIGN,
	};

	mmkit_slab_layout(&cache->asked, &machine, &cache->layout);
}

/**
 * mmkit_slab_place_of() - Where an object is.
 * @p: of a slab cache
 * @place: out
 *
 * Context: Any. The object is the caller's.
 */
void mmkit_slab_place_of(const void *p, struct mmkit_slab_place *place)
{
	struct folio *folio = virt_to_folio(p);

	*place = (struct mmkit_slab_place) {
		.pfn = folio_pfn(folio),
		.offset = p - folio_address(folio),
		.order = folio_order(folio),
		.node = folio_nid(folio),
		.kfence = is_kfence_address(p),
	};
}

#define PROBE_MAX	64
#define PROBE_BYTES	(2u << 20)

/* Objects that show where objects can be. */
struct probe {
	void *p[PROBE_MAX];
	u32 offset[PROBE_MAX];
	u32 nr;
	u32 seen;
	u32 order;
};

static bool probe_alloc(struct mmkit_slab_cache *cache, struct probe *probe)
{
	u32 count = clamp_t(u32, PROBE_BYTES / cache->asked.bytes, 4,
			    PROBE_MAX);

	for (; probe->nr < count; probe->nr++) {
		probe->p[probe->nr] = kmem_cache_alloc(cache->cache,
						       MMKIT_GFP_BOOKKEEPING);
		if (!probe->p[probe->nr])
			return false;
	}
	return true;
}

/* Slabs of a smaller order than usual are made when memory is short. */
static void probe_look(struct probe *probe)
{
	struct mmkit_slab_place place;
	u32 i;

	for (i = 0; i < probe->nr; i++) {
		mmkit_slab_place_of(probe->p[i], &place);
		if (place.kfence)
			continue;
		probe->offset[probe->seen++] = place.offset;
		probe->order = max(probe->order, place.order);
	}
}

static int measure(struct mmkit_slab_cache *cache)
{
	struct probe *probe = kzalloc(sizeof(*probe), MMKIT_GFP_BOOKKEEPING);
	int err = -ENOMEM;

	if (!probe)
		return err;
	if (probe_alloc(cache, probe)) {
		probe_look(probe);
		if (probe->seen)
			err = 0;
	}
	if (!err) {
		cache->order = probe->order;
		mmkit_slab_measure(probe->offset, probe->seen,
				   PAGE_SIZE << probe->order, &cache->grid);
	}
	while (probe->nr)
		kmem_cache_free(cache->cache, probe->p[--probe->nr]);
	kfree(probe);
	kmem_cache_shrink(cache->cache);
	return err;
}

/**
 * mmkit_slab_cache_trim() - Give back slabs that nobody has an object in.
 * @cache: of which objects were freed
 *
 * A cache keeps some of them, however large, on each CPU and each node: put_cpu_partial()
 * and min_partial of 6.1's mm/slub.c, the sheaves of 7.x. They are charged to nobody. Of
 * single pages it may have them.
 *
 * Context: Process.
 */
void mmkit_slab_cache_trim(struct mmkit_slab_cache *cache)
{
	if (cache->order)
		kmem_cache_shrink(cache->cache);
}

/* Its failure is a line and a stack in the log: nothing but memory is left to fail. */
static int create_kernels(struct mmkit_slab_cache *cache)
{
	const struct mmkit_slab_create *asked = &cache->asked;
	struct kmem_cache_args args = {
		.align = asked->align,
		.useroffset = asked->useroffset,
		.usersize = asked->usersize,
	};

	if (asked->flags & MMKIT_SLAB_CTOR) {
		cache->ctor = mmkit_slab_ctor_get(asked->bytes);
		if (!cache->ctor)
			return -EBUSY;
	}
	args.ctor = mmkit_slab_ctor_function(cache->ctor);
	cache->cache = mmkit_cache_create(cache->name, asked->bytes, &args,
					  kernel_flags(asked->flags));
	if (cache->cache)
		return 0;
	mmkit_slab_ctor_put(cache->ctor);
	return -ENOMEM;
}

static int create_measured(struct mmkit_slab_cache *cache)
{
	int err;

	err = name_cache(cache);
	if (err)
		return err;
	err = create_kernels(cache);
	if (err)
		goto unname;
	err = measure(cache);
	if (err)
		goto destroy;
	return 0;

destroy:
	kmem_cache_destroy(cache->cache);
	mmkit_slab_ctor_put(cache->ctor);
unname:
	unname_cache(cache);
	return err;
}

/**
 * mmkit_slab_cache_new() - Create a cache.
 * @create: that mmkit_slab_create_check() passed
 *
 * Context: Process.
 * Return: it, or an ERR_PTR(): -EDQUOT as many as there may be, -EBUSY no
 * constructor is free, -ENOMEM.
 */
struct mmkit_slab_cache *
mmkit_slab_cache_new(const struct mmkit_slab_create *create)
{
	struct mmkit_slab_cache *cache;
	int err = -ENOMEM;

	if (!atomic_add_unless(&nr_caches, 1, MMKIT_SLAB_CACHES_MAX))
		return ERR_PTR(-EDQUOT);
	cache = kzalloc(sizeof(*cache), MMKIT_GFP_BOOKKEEPING);
	if (!cache)
		goto uncount;
	cache->object.ops = &mmkit_slab_cache_ops;
	cache->object.bytes = MMKIT_SLAB_CACHE_CHARGE;
	cache->asked = *create;
	kref_init(&cache->ref);
	lay_out(cache);
	err = create_measured(cache);
	if (err)
		goto free;
	return cache;

free:
	kfree(cache);
uncount:
	atomic_dec(&nr_caches);
	return ERR_PTR(err);
}

static void cache_release(struct kref *ref)
{
	struct mmkit_slab_cache *cache =
		container_of(ref, struct mmkit_slab_cache, ref);

	kmem_cache_destroy(cache->cache);
	mmkit_slab_ctor_put(cache->ctor);
	unname_cache(cache);
	kfree(cache);
	atomic_dec(&nr_caches);
}

void mmkit_slab_cache_get(struct mmkit_slab_cache *cache)
{
	kref_get(&cache->ref);
}

/* Context: Process. The caller's objects of the cache are free. */
void mmkit_slab_cache_put(struct mmkit_slab_cache *cache)
{
	kref_put(&cache->ref, cache_release);
}

/* Handles that use it. Only a command of its session can make more. */
u32 mmkit_slab_cache_users(const struct mmkit_slab_cache *cache)
{
	return kref_read(&cache->ref) - 1;
}

/**
 * mmkit_slab_cache_describe() - What a cache is.
 * @cache: it
 * @out: filled in, but its size and handle
 *
 * Context: Any.
 */
void mmkit_slab_cache_describe(const struct mmkit_slab_cache *cache,
			       struct mmkit_slab_describe *out)
{
	strscpy(out->name, cache->name, sizeof(out->name));
	out->bytes = cache->asked.bytes;
	out->align = cache->asked.align;
	out->flags = cache->asked.flags;
	out->useroffset = cache->asked.useroffset;
	out->usersize = cache->asked.usersize;
	out->object_size = kmem_cache_size(cache->cache);
	out->stride = cache->grid.stride;
	out->left = cache->grid.left;
	out->least = cache->layout.least;
	out->real_align = cache->layout.align;
	out->inuse = cache->layout.inuse;
	out->freeptr = cache->layout.freeptr;
	out->order = cache->order;
	out->slots = cache->grid.slots;
	out->users = mmkit_slab_cache_users(cache);
	out->state = cache->layout.outside ? MMKIT_SLAB_FREEPTR_OUTSIDE : 0;
	out->live = atomic64_read(&cache->live);
	out->ctor_calls = mmkit_slab_ctor_calls(cache->ctor);
}

static void cache_free(struct mmkit_object *object)
{
	mmkit_slab_cache_put(container_of(object, struct mmkit_slab_cache,
					  object));
}

static void cache_show(struct seq_file *m, const struct mmkit_object *object)
{
	const struct mmkit_slab_cache *cache =
		container_of(object, struct mmkit_slab_cache, object);

	seq_printf(m, "  %s: bytes %u stride %u left %u order %u slots %u live %lld users %u\n",
		   cache->name, cache->asked.bytes, cache->grid.stride,
		   cache->grid.left, cache->order, cache->grid.slots,
		   atomic64_read(&cache->live), mmkit_slab_cache_users(cache));
}

const struct mmkit_object_ops mmkit_slab_cache_ops = {
	.kind = "cache",
	.free = cache_free,
	.show = cache_show,
};
