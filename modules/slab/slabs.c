// SPDX-License-Identifier: GPL-2.0-only
/* The slabs that a cache's objects lie in, and how full of them each is. */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/xarray.h>
#include <mmkit/gfp.h>
#include "slab.h"

/**
 * struct tally - objects counted by the slab that they are in
 * @slabs: by page frame: how many
 * @pfn: of the slab that is being counted, for objects come in runs
 * @nr: its objects until now
 */
struct tally {
	struct xarray slabs;
	unsigned long pfn;
	u32 nr;
};

static int tally_flush(struct tally *tally)
{
	void *old;

	if (!tally->nr)
		return 0;
	old = xa_load(&tally->slabs, tally->pfn);
	if (old)
		tally->nr += xa_to_value(old);
	old = xa_store(&tally->slabs, tally->pfn, xa_mk_value(tally->nr),
		       MMKIT_GFP_BOOKKEEPING);
	tally->nr = 0;
	return xa_err(old);
}

static int tally_object(struct tally *tally, const void *p)
{
	struct mmkit_slab_place place;
	int err = 0;

	mmkit_slab_place_of(p, &place);
	if (place.kfence)
		return 0;
	if (tally->nr && tally->pfn != place.pfn)
		err = tally_flush(tally);
	tally->pfn = place.pfn;
	tally->nr++;
	return err;
}

static int tally_set(struct tally *tally, const struct mmkit_slab_set *set)
{
	int err = 0;
	u32 i;

	for (i = 0; i < set->nr && !err; i++) {
		if (set->p[i])
			err = tally_object(tally, set->p[i]);
		if (i % 1024)
			continue;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return err;
}

static int tally_session(struct tally *tally, struct mmkit_session *session,
			 const struct mmkit_slab_cache *cache)
{
	struct mmkit_object *object;
	u32 handle = 0;
	int err;

	while ((object = mmkit_object_next(session, &handle))) {
		const struct mmkit_slab_set *set =
			container_of(object, struct mmkit_slab_set, object);

		cond_resched();
		if (object->ops != &mmkit_slab_set_ops || set->cache != cache)
			continue;
		err = tally_set(tally, set);
		if (err)
			return err;
	}
	return tally_flush(tally);
}

static void describe_slab(const struct mmkit_slab_cache *cache,
			  unsigned long pfn, u32 used,
			  struct mmkit_slab_slab *out)
{
	struct folio *folio = page_folio(pfn_to_page(pfn));

	out->pfn = pfn;
	out->order = folio_order(folio);
	out->slots = (PAGE_SIZE << out->order) / cache->grid.stride;
	out->used = used;
	out->node = folio_nid(folio);
}

static void sum_up(const struct mmkit_slab_cache *cache, struct tally *tally,
		   struct mmkit_slab_slabs *out, struct mmkit_slab_slab *slabs)
{
	struct mmkit_slab_slab slab = { };
	u32 room = out->nr;
	unsigned long pfn;
	void *value;

	out->nr = 0;
	xa_for_each(&tally->slabs, pfn, value) {
		describe_slab(cache, pfn, xa_to_value(value), &slab);
		if (out->held++ >= out->first && out->nr < room)
			slabs[out->nr++] = slab;
		out->used += slab.used;
		out->room += slab.slots;
		out->full += slab.used == slab.slots;
		cond_resched();
	}
}

/**
 * mmkit_slab_slabs_find() - Slabs of a cache that hold objects of a session.
 * @session: whose
 * @cache: which
 * @out: the sums, and how many were filled in
 * @slabs: room for out->nr of them, from out->first on
 *
 * Context: Process. session->lock is held, so that no object goes away.
 * Return: 0, -ENOMEM, -EINTR.
 */
int mmkit_slab_slabs_find(struct mmkit_session *session,
			  struct mmkit_slab_cache *cache,
			  struct mmkit_slab_slabs *out,
			  struct mmkit_slab_slab *slabs)
{
	struct tally tally = { };
	int err;

	lockdep_assert_held(&session->lock);

	xa_init_flags(&tally.slabs, XA_FLAGS_ACCOUNT);
	err = tally_session(&tally, session, cache);
	if (!err)
		sum_up(cache, &tally, out, slabs);
	xa_destroy(&tally.slabs);
	return err;
}
