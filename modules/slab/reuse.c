// SPDX-License-Identifier: GPL-2.0-only
/*
 * What SLAB_TYPESAFE_BY_RCU promises and what it does not: a reader under
 * rcu_read_lock() may look at an object that was freed, for it stays an object
 * of its type; but it may be another one by then. The pages wait for the grace
 * period, the objects in them do not.
 */
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched/signal.h>
#include <mmkit/gfp.h>
#include "slab.h"

/**
 * struct thing - what is looked up
 * @key: by this
 * @ref: zero while it is free
 */
struct thing {
	u32 key;
	refcount_t ref;
};

/**
 * struct bench - a table of one place, and who fills it
 * @cache: of the things
 * @place: where readers look
 * @spare: things that were allocated at other addresses than was hoped for
 * @nr: of them
 */
struct bench {
	struct kmem_cache *cache;
	struct thing __rcu *place;
	struct thing **spare;
	u32 nr;
};

static void put(struct bench *bench, struct thing *thing)
{
	if (refcount_dec_and_test(&thing->ref))
		kmem_cache_free(bench->cache, thing);
}

static struct thing *new_thing(struct bench *bench, u32 key, gfp_t gfp)
{
	struct thing *thing = kmem_cache_alloc(bench->cache, gfp);

	if (!thing)
		return NULL;
	thing->key = key;
	smp_wmb();	/* whoever sees the count sees the key: lookup() */
	refcount_set(&thing->ref, 1);
	return thing;
}

/*
 * What another CPU may do while a reader is in the middle of a lookup: take the
 * thing away, free it, and put one with another key there. Nothing in it sleeps,
 * so that it can be done right inside of the reader, and not by chance.
 */
static struct thing *replace(struct bench *bench, struct thing *old, u32 key,
			     u32 tries)
{
	struct thing *thing;

	rcu_assign_pointer(bench->place, NULL);
	put(bench, old);
	while (tries--) {
		thing = new_thing(bench, key, GFP_NOWAIT | __GFP_NOWARN |
				  __GFP_ACCOUNT);
		if (!thing)
			return NULL;
		if (thing == old) {
			rcu_assign_pointer(bench->place, thing);
			return thing;
		}
		bench->spare[bench->nr++] = thing;
	}
	return NULL;
}

/* A lookup as it should be: a reference first, and then the key once more. */
static struct thing *lookup(struct bench *bench, u32 key)
{
	struct thing *thing = rcu_dereference(bench->place);

	if (!thing || !refcount_inc_not_zero(&thing->ref))
		return NULL;
	smp_rmb();	/* pairs with new_thing() */
	if (thing->key == key)
		return thing;
	put(bench, thing);
	return NULL;
}

/* The reader has found @seen under @key, and then the other CPU was quick. */
static void go_on(struct bench *bench, struct thing *seen, u32 key,
		  struct mmkit_slab_reuse *out)
{
	struct thing *right;

	if (!refcount_inc_not_zero(&seen->ref))
		return;
	smp_rmb();	/* pairs with new_thing() */
	out->stale += seen->key == key + 1;
	out->caught += seen->key != key;
	put(bench, seen);
	right = lookup(bench, key + 1);
	if (!right)
		return;
	/* Who looks for what is no longer there finds nothing, not another. */
	out->safe += !lookup(bench, key);
	put(bench, right);
}

static struct thing *read_while_replaced(struct bench *bench,
					 struct thing *old, u32 key,
					 struct mmkit_slab_reuse *out)
{
	struct thing *seen, *now;
	unsigned long grace;

	rcu_read_lock();
	grace = get_state_synchronize_rcu();
	seen = rcu_dereference(bench->place);
	now = replace(bench, old, key + 1, out->tries);
	if (now) {
		out->reused++;
		out->in_grace += !poll_state_synchronize_rcu(grace);
		go_on(bench, seen, key, out);
	}
	rcu_read_unlock();
	return now;
}

static int one_round(struct bench *bench, u32 key, struct mmkit_slab_reuse *out)
{
	struct thing *thing = new_thing(bench, key, MMKIT_GFP_BOOKKEEPING);

	if (!thing)
		return -ENOMEM;
	rcu_assign_pointer(bench->place, thing);
	thing = read_while_replaced(bench, thing, key, out);
	RCU_INIT_POINTER(bench->place, NULL);
	out->allocated += 1 + bench->nr + !!thing;
	if (thing)
		put(bench, thing);
	while (bench->nr)
		put(bench, bench->spare[--bench->nr]);
	return 0;
}

static int run_rounds(struct bench *bench, struct mmkit_slab_reuse *out)
{
	int err = 0;
	u32 i;

	/* KASAN may wait for the grace period before it takes an object for free. */
	if (IS_ENABLED(CONFIG_SLUB_RCU_DEBUG))
		return -EOPNOTSUPP;
	for (i = 0; i < out->rounds && !err; i++) {
		err = fatal_signal_pending(current) ? -EINTR :
						      one_round(bench, 2 * i, out);
		cond_resched();
	}
	return err;
}

static int check(const struct mmkit_slab_reuse *reuse,
		 const struct mmkit_slab_cache *cache)
{
	if (!reuse->rounds || reuse->rounds > MMKIT_SLAB_REUSE_MAX ||
	    !reuse->tries || reuse->tries > MMKIT_SLAB_REUSE_TRIES_MAX)
		return -EINVAL;
	if (!cache)
		return -ENOENT;
	if (!(cache->asked.flags & MMKIT_SLAB_TYPESAFE_BY_RCU) ||
	    cache->asked.bytes < sizeof(struct thing))
		return -EINVAL;
	return 0;
}

static void forget_results(struct mmkit_slab_reuse *reuse)
{
	*reuse = (struct mmkit_slab_reuse) {
		.size = reuse->size,
		.cache = reuse->cache,
		.rounds = reuse->rounds,
		.tries = reuse->tries,
	};
}

int mmkit_slab_reuse(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_reuse *reuse = arg;
	struct mmkit_slab_cache *cache =
		mmkit_slab_cache_find(call->session, reuse->cache);
	struct bench bench = { };
	u64 charge;
	int err;

	err = check(reuse, cache);
	if (err)
		return err;
	forget_results(reuse);
	charge = (reuse->tries + 1) *
		 (u64)(cache->grid.stride + sizeof(*bench.spare));
	err = mmkit_charge(call->session, charge);
	if (err)
		return err;
	err = -ENOMEM;
	bench.cache = cache->cache;
	bench.spare = kvcalloc(reuse->tries, sizeof(*bench.spare),
			       MMKIT_GFP_BOOKKEEPING);
	if (bench.spare)
		err = run_rounds(&bench, reuse);
	kvfree(bench.spare);
	mmkit_uncharge(call->session, charge);
	return err;
}
