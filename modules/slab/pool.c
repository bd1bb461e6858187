// SPDX-License-Identifier: GPL-2.0-only
/* Mempools: elements in reserve for when the allocator beneath has none. */
#include <linux/err.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <mmkit/gfp.h>
#include "slab.h"

/**
 * struct pool - a mempool and what was taken of it
 * @object: of the core
 * @pool: the kernel's
 * @over: enum mmkit_slab_over
 * @data: of the kernel's own function for @over
 * @cache: that it stands over, holds a reference; or NULL
 * @refuse: pretend that the allocator fails
 * @failures: how often it did, pretended or not
 * @room: how many may be taken
 * @held: how many are
 * @p: these
 *
 * Protected by session->lock once it is published.
 */
struct pool {
	struct mmkit_object object;
	mempool_t *pool;
	u32 over;
	void *data;
	struct mmkit_slab_cache *cache;
	bool refuse;
	u32 failures;
	u32 room;
	u32 held;
	void *p[];
};

static void *element_try(gfp_t gfp, struct pool *pool)
{
	switch (pool->over) {
	case MMKIT_SLAB_OVER_CACHE:
		return mempool_alloc_slab(gfp, pool->data);
	case MMKIT_SLAB_OVER_KMALLOC:
		return mempool_kmalloc(gfp, pool->data);
	default:
		return mempool_alloc_pages(gfp, pool->data);
	}
}

/* A driver passes the kernel's functions themselves; these count. */
static void *element_alloc(gfp_t gfp, void *data)
{
	struct pool *pool = data;
	void *element = pool->refuse ? NULL : element_try(gfp, pool);

	if (!element)
		pool->failures++;
	else if (pool->cache)
		atomic64_inc(&pool->cache->live);
	return element;
}

static void element_free(void *element, void *data)
{
	struct pool *pool = data;

	switch (pool->over) {
	case MMKIT_SLAB_OVER_CACHE:
		mempool_free_slab(element, pool->data);
		atomic64_dec(&pool->cache->live);
		break;
	case MMKIT_SLAB_OVER_KMALLOC:
		mempool_kfree(element, pool->data);
		break;
	default:
		mempool_free_pages(element, pool->data);
	}
}

static void give(struct pool *pool, u32 nr)
{
	while (nr--) {
		mempool_free(pool->p[--pool->held], pool->pool);
		cond_resched();
	}
}

static void pool_destroy(struct pool *pool)
{
	give(pool, pool->held);
	mempool_destroy(pool->pool);
	if (pool->cache) {
		mmkit_slab_cache_trim(pool->cache);
		mmkit_slab_cache_put(pool->cache);
	}
	kvfree(pool);
}

static u64 element_bytes(const struct mmkit_slab_pool *ask,
			 const struct mmkit_slab_cache *cache)
{
	switch (ask->over) {
	case MMKIT_SLAB_OVER_CACHE:
		return cache->grid.stride;
	case MMKIT_SLAB_OVER_KMALLOC:
		return kmalloc_size_roundup(ask->bytes);
	default:
		return PAGE_SIZE << ask->order;
	}
}

static void *element_data(const struct mmkit_slab_pool *ask,
			  const struct mmkit_slab_cache *cache)
{
	switch (ask->over) {
	case MMKIT_SLAB_OVER_CACHE:
		return cache->cache;
	case MMKIT_SLAB_OVER_KMALLOC:
		return (void *)(unsigned long)ask->bytes;
	default:
		return (void *)(unsigned long)ask->order;
	}
}

static struct pool *pool_new(const struct mmkit_slab_pool *ask,
			     struct mmkit_slab_cache *cache)
{
	struct pool *pool;

	pool = kvzalloc(struct_size(pool, p, ask->room), MMKIT_GFP_BOOKKEEPING);
	if (!pool)
		return NULL;
	pool->object.ops = &mmkit_slab_pool_ops;
	pool->over = ask->over;
	pool->data = element_data(ask, cache);
	pool->cache = cache;
	pool->room = ask->room;
	pool->pool = mempool_create_node(ask->reserve, element_alloc,
					 element_free, pool,
					 MMKIT_GFP_BOOKKEEPING, NUMA_NO_NODE);
	if (!pool->pool) {
		kvfree(pool);
		return NULL;
	}
	if (cache)
		mmkit_slab_cache_get(cache);
	return pool;
}

static int check_pool(struct mmkit_session *session,
		      const struct mmkit_slab_pool *ask,
		      struct mmkit_slab_cache **cache)
{
	int err = mmkit_slab_pool_check(ask);

	*cache = NULL;
	if (err || ask->over != MMKIT_SLAB_OVER_CACHE)
		return err;
	*cache = mmkit_slab_cache_find(session, ask->cache);
	if (!*cache)
		return -ENOENT;
	/* A constructed object must not be written to while it is in reserve. */
	return (*cache)->ctor ? -EINVAL : 0;
}

int mmkit_slab_pool(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_pool *ask = arg;
	struct mmkit_session *session = call->session;
	struct mmkit_slab_cache *cache;
	struct pool *pool;
	u64 charge;
	int err;

	err = check_pool(session, ask, &cache);
	if (err)
		return err;
	charge = (element_bytes(ask, cache) + sizeof(void *)) *
		 (ask->reserve + ask->room);
	err = mmkit_charge(session, charge);
	if (err)
		return err;
	pool = pool_new(ask, cache);
	if (!pool) {
		err = -ENOMEM;
		goto uncharge;
	}
	pool->object.bytes = charge;
	err = mmkit_object_add(call, &pool->object, &ask->handle);
	if (err)
		goto destroy;
	return 0;

destroy:
	pool_destroy(pool);
uncharge:
	mmkit_uncharge(session, charge);
	return err;
}

static struct pool *find_pool(struct mmkit_session *session, u32 handle)
{
	struct mmkit_object *object;

	object = mmkit_object_find(session, handle, &mmkit_slab_pool_ops);
	return object ? container_of(object, struct pool, object) : NULL;
}

static u32 in_reserve(const struct pool *pool)
{
	return READ_ONCE(pool->pool->curr_nr);
}

/* Nobody but this session gives back, and it is here. */
static int check_take(const struct pool *pool,
		      const struct mmkit_slab_take *take)
{
	if (take->nr > pool->room - pool->held)
		return -EDQUOT;
	if (gfpflags_allow_blocking(mmkit_gfp_kernel(take->gfp)) &&
	    take->nr > in_reserve(pool))
		return -EDEADLK;
	return 0;
}

static int take_some(struct pool *pool, const struct mmkit_slab_take *take,
		     u32 *taken)
{
	gfp_t gfp = mmkit_gfp_kernel(take->gfp);
	int err = 0;

	pool->refuse = take->flags & MMKIT_SLAB_REFUSE;
	while (*taken < take->nr && !err) {
		void *element = mempool_alloc(pool->pool, gfp);

		if (!element)
			break;
		pool->p[pool->held++] = element;
		++*taken;
		cond_resched();
		if (fatal_signal_pending(current))
			err = -EINTR;
	}
	pool->refuse = false;
	return err;
}

int mmkit_slab_take(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_take *take = arg;
	struct pool *pool = find_pool(call->session, take->handle);
	u32 reserve, failures;
	int err;

	if ((take->flags & ~MMKIT_SLAB_REFUSE) || (take->gfp & MMKIT_GFP_ZERO))
		return -EINVAL;
	err = mmkit_slab_gfp_check(take->gfp, -1) ?:
	      mmkit_gfp_admit(take->gfp);
	if (err)
		return err;
	if (!pool)
		return -ENOENT;
	err = check_take(pool, take);
	if (err)
		return err;
	reserve = in_reserve(pool);
	failures = pool->failures;
	take->taken = 0;
	err = take_some(pool, take, &take->taken);
	take->failures = pool->failures - failures;
	take->in_reserve = in_reserve(pool);
	take->from_reserve = reserve - take->in_reserve;
	take->held = pool->held;
	return err;
}

int mmkit_slab_give(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_give *ask = arg;
	struct pool *pool = find_pool(call->session, ask->handle);
	u32 reserve;

	if (!pool || ask->nr > pool->held)
		return -ENOENT;
	reserve = in_reserve(pool);
	give(pool, ask->nr ?: pool->held);
	ask->in_reserve = in_reserve(pool);
	ask->to_reserve = ask->in_reserve - reserve;
	ask->held = pool->held;
	return 0;
}

/* Which cache it stands over, or NULL, and how many of its objects it has. */
struct mmkit_slab_cache *mmkit_slab_pool_cache(const struct mmkit_object *object,
					       u64 *live)
{
	const struct pool *pool = container_of(object, struct pool, object);

	*live = pool->held + in_reserve(pool);
	return pool->cache;
}

static void pool_free(struct mmkit_object *object)
{
	pool_destroy(container_of(object, struct pool, object));
}

static void pool_show(struct seq_file *m, const struct mmkit_object *object)
{
	const struct pool *pool = container_of(object, struct pool, object);

	seq_printf(m, "  over %s: reserve %d of %d, taken %u of %u, failures %u\n",
		   pool->cache ? pool->cache->name :
		   pool->over == MMKIT_SLAB_OVER_PAGES ? "pages" : "kmalloc",
		   pool->pool->curr_nr, pool->pool->min_nr, pool->held,
		   pool->room, pool->failures);
}

const struct mmkit_object_ops mmkit_slab_pool_ops = {
	.kind = "pool",
	.free = pool_free,
	.show = pool_show,
};
