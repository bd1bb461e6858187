// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects that the kernel may take back: on a list_lru, which a shrinker walks
 * when memory is short, in the machine or in a cgroup.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <mmkit/gfp.h>
#include "compat/slab.h"
#include "slab.h"

/**
 * struct lru - objects that may be taken back
 * @object: of the core
 * @shrinker: with the list
 * @cache: of the objects, holds a reference
 * @added: ever, protected by session->lock
 * @charged: objects that are charged to the session, protected by session->lock
 * @live: on the list
 * @counts: calls of count_objects
 * @scans: calls of scan_objects
 * @scanned: objects that these were asked to look at
 *
 * Reclaim may call from inside of a command of the same session: nothing of
 * this may need session->lock. The list has locks of its own.
 */
struct lru {
	struct mmkit_object object;
	struct mmkit_shrinker shrinker;
	struct mmkit_slab_cache *cache;
	u64 added;
	u64 charged;
	atomic64_t live;
	atomic64_t counts;
	atomic64_t scans;
	atomic64_t scanned;
};

/* What an object of the cache is while it is on the list. */
struct lru_item {
	struct list_head node;
};

/* What it is charged: the struct, its lists of each node, what reclaim notes of it. */
#define LRU_CHARGE	(2 * PAGE_SIZE)

static struct lru *lru_of(struct shrinker *shrinker)
{
	return container_of(mmkit_shrinker_of(shrinker), struct lru, shrinker);
}

static unsigned long lru_count(struct shrinker *shrinker,
			       struct shrink_control *sc)
{
	struct lru *lru = lru_of(shrinker);

	if (!mmkit_shrinker_ready(&lru->shrinker))
		return 0;
	atomic64_inc(&lru->counts);
	return list_lru_shrink_count(&lru->shrinker.lru, sc) ?: SHRINK_EMPTY;
}

/* Under the list's lock: only taken off here, freed when it is released. */
static enum lru_status isolate(MMKIT_LRU_WALK_ARGS)
{
	struct list_head *dispose = arg;

	list_lru_isolate_move(list, item, dispose);
	return LRU_REMOVED;
}

static unsigned long dispose_of(struct lru *lru, struct list_head *dispose)
{
	struct lru_item *item, *next;
	unsigned long nr = 0;

	list_for_each_entry_safe(item, next, dispose, node) {
		kmem_cache_free(lru->cache->cache, item);
		nr++;
	}
	INIT_LIST_HEAD(dispose);
	atomic64_sub(nr, &lru->live);
	atomic64_sub(nr, &lru->cache->live);
	return nr;
}

static unsigned long lru_scan(struct shrinker *shrinker,
			      struct shrink_control *sc)
{
	struct lru *lru = lru_of(shrinker);
	LIST_HEAD(dispose);

	if (!mmkit_shrinker_ready(&lru->shrinker))
		return SHRINK_STOP;
	atomic64_inc(&lru->scans);
	atomic64_add(sc->nr_to_scan, &lru->scanned);
	list_lru_shrink_walk(&lru->shrinker.lru, sc, isolate, &dispose);
	return dispose_of(lru, &dispose);
}

static void lru_destroy(struct lru *lru)
{
	struct list_lru *list = &lru->shrinker.lru;
	LIST_HEAD(dispose);

	/* Waits for whoever is inside. */
	mmkit_shrinker_unregister(&lru->shrinker);
	while (atomic64_read(&lru->live)) {
		list_lru_walk(list, isolate, &dispose, 1024);
		dispose_of(lru, &dispose);
		cond_resched();
	}
	list_lru_destroy(list);
	mmkit_slab_cache_trim(lru->cache);
	mmkit_slab_cache_put(lru->cache);
	kfree(lru);
}

static struct lru *lru_new(struct mmkit_slab_cache *cache)
{
	struct lru *lru = kzalloc(sizeof(*lru), MMKIT_GFP_BOOKKEEPING);
	int err;

	if (!lru)
		return ERR_PTR(-ENOMEM);
	lru->object.ops = &mmkit_slab_lru_ops;
	lru->object.bytes = LRU_CHARGE;
	lru->cache = cache;
	err = mmkit_shrinker_register(&lru->shrinker, lru_count, lru_scan);
	if (err) {
		kfree(lru);
		return ERR_PTR(err);
	}
	mmkit_slab_cache_get(cache);
	return lru;
}

int mmkit_slab_lru(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_lru *ask = arg;
	struct mmkit_slab_cache *cache;
	struct lru *lru;
	int err;

	if (ask->reserved)
		return -EINVAL;
	cache = mmkit_slab_cache_find(call->session, ask->cache);
	if (!cache)
		return -ENOENT;
	/* An object must be as its constructor left it when it is freed. */
	if (cache->ctor || cache->asked.bytes < sizeof(struct lru_item))
		return -EINVAL;
	err = mmkit_charge(call->session, LRU_CHARGE);
	if (err)
		return err;
	lru = lru_new(cache);
	if (IS_ERR(lru)) {
		err = PTR_ERR(lru);
		goto uncharge;
	}
	err = mmkit_object_add(call, &lru->object, &ask->handle);
	if (err)
		goto destroy;
	return 0;

destroy:
	lru_destroy(lru);
uncharge:
	mmkit_uncharge(call->session, LRU_CHARGE);
	return err;
}

static struct lru *find_lru(struct mmkit_session *session, u32 handle)
{
	struct mmkit_object *object;

	object = mmkit_object_find(session, handle, &mmkit_slab_lru_ops);
	return object ? container_of(object, struct lru, object) : NULL;
}

/* The shrinker cannot reach the session: what it took is uncharged here. */
static void settle(struct mmkit_session *session, u32 handle, struct lru *lru)
{
	u64 live = atomic64_read(&lru->live);

	if (live >= lru->charged)
		return;
	mmkit_slab_cache_trim(lru->cache);
	mmkit_object_shrink(session, handle, &lru->object,
			    (lru->charged - live) * lru->cache->grid.stride,
			    LRU_CHARGE);
	lru->charged = live;
}

/*
 * Counted before it is on the list: the next moment it may be gone again. The
 * list of the caller's cgroup is made by kmem_cache_alloc_lru() when it is
 * missing.
 */
static bool add_one(struct lru *lru, gfp_t gfp)
{
	struct lru_item *item;

	item = kmem_cache_alloc_lru(lru->cache->cache, &lru->shrinker.lru, gfp);
	if (!item)
		return false;
	INIT_LIST_HEAD(&item->node);
	atomic64_inc(&lru->live);
	atomic64_inc(&lru->cache->live);
	mmkit_list_lru_add(&lru->shrinker.lru, &item->node);
	return true;
}

static int add_some(struct lru *lru, const struct mmkit_slab_lru_add *add,
		    u32 *added)
{
	gfp_t gfp = mmkit_gfp_kernel(add->gfp);

	for (*added = 0; *added < add->count; ++*added) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (!add_one(lru, gfp))
			return *added ? 0 : -ENOMEM;
		cond_resched();
	}
	return 0;
}

int mmkit_slab_lru_add(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_lru_add *add = arg;
	struct mmkit_session *session = call->session;
	struct lru *lru = find_lru(session, add->handle);
	u64 stride;
	int err;

	if (add->reserved || !add->count || add->count > MMKIT_SLAB_SET_MAX)
		return -EINVAL;
	err = mmkit_slab_gfp_check(add->gfp, -1) ?: mmkit_gfp_admit(add->gfp);
	if (err)
		return err;
	if (!lru)
		return -ENOENT;
	settle(session, add->handle, lru);
	stride = lru->cache->grid.stride;
	err = mmkit_charge(session, add->count * stride);
	if (err)
		return err;
	err = add_some(lru, add, &add->added);
	mmkit_uncharge(session, (add->count - add->added) * stride);
	lru->object.bytes += add->added * stride;
	lru->charged += add->added;
	lru->added += add->added;
	return err;
}

int mmkit_slab_lru_stat(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_lru_stat *stat = arg;
	struct lru *lru = find_lru(call->session, stat->handle);

	if (!lru)
		return -ENOENT;
	stat->added = lru->added;
	stat->live = atomic64_read(&lru->live);
	stat->taken = stat->added - stat->live;
	stat->counts = atomic64_read(&lru->counts);
	stat->scans = atomic64_read(&lru->scans);
	stat->scanned = atomic64_read(&lru->scanned);
	settle(call->session, stat->handle, lru);
	return 0;
}

/* Which cache its objects are of, and how many there are. */
struct mmkit_slab_cache *mmkit_slab_lru_cache(const struct mmkit_object *object,
					      u64 *live)
{
	const struct lru *lru = container_of(object, struct lru, object);

	*live = atomic64_read(&lru->live);
	return lru->cache;
}

static void lru_free(struct mmkit_object *object)
{
	lru_destroy(container_of(object, struct lru, object));
}

static void lru_show(struct seq_file *m, const struct mmkit_object *object)
{
	const struct lru *lru = container_of(object, struct lru, object);

	seq_printf(m, "  of %s: added %llu live %lld counts %lld scans %lld scanned %lld\n",
		   lru->cache->name, lru->added, atomic64_read(&lru->live),
		   atomic64_read(&lru->counts), atomic64_read(&lru->scans),
		   atomic64_read(&lru->scanned));
}

const struct mmkit_object_ops mmkit_slab_lru_ops = {
	.kind = "lru",
	.free = lru_free,
	.show = lru_show,
};
