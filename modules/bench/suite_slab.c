// SPDX-License-Identifier: GPL-2.0-only
/* Slab caches: the fast path, bulk, other CPUs, constructors, RCU. */
#include <linux/cpumask.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "measure.h"

#define OBJECT	256	/* bytes */

/* As slabs are asked for at first; only where one is short it makes a difference. */
#define GFP_SLAB	(GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY)

/* Two caches of one name would meet in sysfs. */
static int new_cache(struct mmkit_loop *loop, slab_flags_t flags,
		     void (*ctor)(void *object))
{
	static atomic_t last;
	char name[32];

	snprintf(name, sizeof(name), "mmkit_bench_%u",
		 (u32)atomic_inc_return(&last));
	loop->object = kmem_cache_create(name, OBJECT, 0, flags, ctor);
	return loop->object ? 0 : -ENOMEM;
}

static int begin_plain(struct mmkit_loop *loop)
{
	return new_cache(loop, 0, NULL);
}

static int begin_rcu(struct mmkit_loop *loop)
{
	return new_cache(loop, SLAB_TYPESAFE_BY_RCU, NULL);
}

static void fill(void *object)
{
	memset(object, 0x5a, OBJECT);
}

static int begin_ctor(struct mmkit_loop *loop)
{
	return new_cache(loop, 0, fill);
}

static void end_cache(struct mmkit_loop *loop)
{
	kmem_cache_destroy(loop->object);
}

static bool slab_alloc(struct mmkit_loop *loop, u64 n)
{
	struct kmem_cache *cache = loop->object;
	void *p;
	u64 i;

	for (i = 0; i < n; i++) {
		p = kmem_cache_alloc(cache, GFP_SLAB);
		if (!p)
			return false;
		kmem_cache_free(cache, p);
	}
	return true;
}

static bool slab_bulk(struct mmkit_loop *loop, u64 n)
{
	struct kmem_cache *cache = loop->object;
	u64 i;

	for (i = 0; i < n; i++) {
		if (!kmem_cache_alloc_bulk(cache, GFP_SLAB, loop->x,
					   loop->slot))
			return false;
		kmem_cache_free_bulk(cache, loop->x, loop->slot);
	}
	return true;
}

static bool slab_outstanding(struct mmkit_loop *loop, u64 n)
{
	struct kmem_cache *cache = loop->object;
	u64 i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < loop->x; k++) {
			loop->slot[k] = kmem_cache_alloc(cache, GFP_SLAB);
			if (!loop->slot[k]) {
				kmem_cache_free_bulk(cache, k, loop->slot);
				return false;
			}
		}
		for (k = 0; k < loop->x; k++)
			kmem_cache_free(cache, loop->slot[k]);
	}
	return true;
}

static void free_filled(struct mmkit_loop *loop)
{
	u64 k;

	for (k = 0; k < loop->x; k++) {
		if (loop->slot[k])
			kmem_cache_free(loop->object, loop->slot[k]);
		loop->slot[k] = NULL;
	}
}

static long fill_slots(void *data)
{
	struct mmkit_loop *loop = data;
	u64 k;

	for (k = 0; k < loop->x; k++) {
		loop->slot[k] = kmem_cache_alloc(loop->object, GFP_SLAB);
		if (!loop->slot[k])
			return -ENOMEM;
	}
	return 0;
}

/* On another CPU; what the empty loop left in the slots is no object. */
static int ready_elsewhere(struct mmkit_loop *loop)
{
	unsigned int cpu = cpumask_any_but(cpu_online_mask, loop->cpu);
	long err;

	if (cpu >= nr_cpu_ids)
		return -EOPNOTSUPP;
	memset(loop->slot, 0, loop->x * sizeof(*loop->slot));
	err = work_on_cpu(cpu, fill_slots, loop);
	if (err)
		free_filled(loop);
	return err;
}

static bool slab_elsewhere(struct mmkit_loop *loop, u64 n)
{
	u64 k;

	for (k = 0; k < loop->x; k++)
		kmem_cache_free(loop->object, loop->slot[k]);
	return true;
}

static u64 holds_objects(u64 x)
{
	return x * OBJECT;
}

static u64 holds_one(u64 x)
{
	return OBJECT;
}

const struct mmkit_suite_row mmkit_suite_slab[] = {
	{
		.name = "slab/alloc", .axis = "none",
		.help = "kmem_cache_alloc() and kmem_cache_free(), 256 bytes",
		.begin = begin_plain, .end = end_cache,
		.run = slab_alloc, .holds = holds_one,
	}, {
		.name = "slab/ctor", .axis = "none",
		.help = "the same, of a cache with a constructor",
		.begin = begin_ctor, .end = end_cache,
		.run = slab_alloc, .holds = holds_one,
	}, {
		.name = "slab/rcu", .axis = "none",
		.help = "the same, of a cache with SLAB_TYPESAFE_BY_RCU",
		.begin = begin_rcu, .end = end_cache,
		.run = slab_alloc, .holds = holds_one,
	}, {
		.name = "slab/outstanding", .axis = "objects",
		.help = "so many allocated, then all freed; cost of an object",
		.batch = true,
		.x = { 1, 4, 16, 64, 256, 1024 },
		.begin = begin_plain, .end = end_cache,
		.run = slab_outstanding, .holds = holds_objects,
	}, {
		.name = "slab/bulk", .axis = "objects",
		.help = "kmem_cache_alloc_bulk() and its free; cost of an object",
		.batch = true,
		.x = { 1, 2, 4, 8, 16, 32, 64, 128, 256 },
		.begin = begin_plain, .end = end_cache,
		.run = slab_bulk, .empty = mmkit_empty_single,
		.holds = holds_objects,
	}, {
		.name = "slab/free-elsewhere", .axis = "objects",
		.help = "only kmem_cache_free(), of objects of another CPU",
		.flags = MMKIT_BENCH_TWO_CPUS,
		.batch = true,
		.x = { 16, 256, 1024 },
		.begin = begin_plain, .end = end_cache,
		.ready = ready_elsewhere,
		.run = slab_elsewhere, .empty = mmkit_empty_frees,
		.holds = holds_objects,
	},
	{ }
};
