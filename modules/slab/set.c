// SPDX-License-Identifier: GPL-2.0-only
/* Objects of one cache under one handle. */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <mmkit/gfp.h>
#include "compat/slab.h"
#include "slab.h"

/* The kernel's bulk functions do not stop in between: so many with one call. */
#define CHUNK	64

/**
 * mmkit_slab_set_new() - Make room for objects.
 * @cache: of which; the set holds a reference
 * @count: at most %MMKIT_SLAB_SET_MAX
 *
 * Context: Process. session->lock is held.
 * Return: an empty set, or NULL.
 */
struct mmkit_slab_set *mmkit_slab_set_new(struct mmkit_slab_cache *cache,
					  u32 count)
{
	struct mmkit_slab_set *set;

	set = kvzalloc(struct_size(set, p, count), MMKIT_GFP_BOOKKEEPING);
	if (!set)
		return NULL;
	set->object.ops = &mmkit_slab_set_ops;
	mmkit_slab_cache_get(cache);
	set->cache = cache;
	return set;
}

static u32 alloc_each(struct kmem_cache *cache,
		      const struct mmkit_slab_ask *ask, void **p, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		p[i] = kmem_cache_alloc_node(cache, ask->gfp, ask->node);
		if (!p[i])
			break;
	}
	return i;
}

static u32 alloc_some(struct kmem_cache *cache,
		      const struct mmkit_slab_ask *ask, void **p, u32 nr)
{
	static DEFINE_SPINLOCK(atomic_lock);	/* only to be atomic under */

	if (ask->bulk)
		return mmkit_cache_alloc_bulk(cache, ask->gfp, nr, p) ? nr : 0;
	if (!ask->atomic)
		return alloc_each(cache, ask, p, nr);
	spin_lock(&atomic_lock);
	nr = alloc_each(cache, ask, p, nr);
	spin_unlock(&atomic_lock);
	return nr;
}

/**
 * mmkit_slab_set_fill() - Allocate objects.
 * @set: with room for them
 * @ask: how
 * @count: to be had in the end
 *
 * Context: Process. Sleeps if the mask says so.
 * Return: 0, -ENOMEM, -EINTR killed meanwhile. On an error the objects that
 * were had are still there.
 */
int mmkit_slab_set_fill(struct mmkit_slab_set *set,
			const struct mmkit_slab_ask *ask, u32 count)
{
	while (set->nr < count) {
		u32 want = min_t(u32, count - set->nr, CHUNK), got;

		if (fatal_signal_pending(current))
			return -EINTR;
		got = alloc_some(set->cache->cache, ask, &set->p[set->nr],
				 want);
		set->nr += got;
		set->live += got;
		atomic64_add(got, &set->cache->live);
		if (got < want)
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

static void free_some(struct kmem_cache *cache, void **p, u32 nr, bool bulk)
{
	u32 i;

	if (bulk && nr) {
		kmem_cache_free_bulk(cache, nr, p);
		return;
	}
	for (i = 0; i < nr; i++)
		kmem_cache_free(cache, p[i]);
}

/**
 * mmkit_slab_set_free() - Free some of the objects that are left.
 * @set: it
 * @first: index of the first
 * @end: index after the last
 * @stride: every so-many-th, at least 1
 * @bulk: many with one call
 *
 * Context: Process.
 * Return: how many were freed.
 */
u32 mmkit_slab_set_free(struct mmkit_slab_set *set, u32 first, u32 end,
			u32 stride, bool bulk)
{
	void *chunk[CHUNK];
	u32 nr = 0, freed = 0;
	u64 i;

	for (i = first; i < end; i += stride) {
		if (!set->p[i])
			continue;
		chunk[nr++] = set->p[i];
		set->p[i] = NULL;
		if (nr < CHUNK)
			continue;
		free_some(set->cache->cache, chunk, nr, bulk);
		freed += nr;
		nr = 0;
		cond_resched();
	}
	free_some(set->cache->cache, chunk, nr, bulk);
	freed += nr;
	set->live -= freed;
	atomic64_sub(freed, &set->cache->live);
	return freed;
}

/**
 * mmkit_slab_set_destroy() - Free what is left, and the set.
 * @set: it
 *
 * Context: Process.
 */
void mmkit_slab_set_destroy(struct mmkit_slab_set *set)
{
	struct mmkit_slab_cache *cache = set->cache;

	mmkit_slab_set_free(set, 0, set->nr, 1, true);
	mmkit_slab_cache_trim(cache);
	kvfree(set);
	mmkit_slab_cache_put(cache);
}

/**
 * mmkit_slab_set_describe() - Where an object is.
 * @set: it
 * @index: of the object
 * @out: zeroed, filled in
 *
 * Context: Process.
 */
void mmkit_slab_set_describe(const struct mmkit_slab_set *set, u32 index,
			     struct mmkit_slab_object *out)
{
	struct mmkit_slab_place place;

	if (!set->p[index]) {
		out->state = MMKIT_SLAB_FREED;
		return;
	}
	mmkit_slab_place_of(set->p[index], &place);
	if (place.kfence) {
		out->state = MMKIT_SLAB_KFENCE;
		return;
	}
	out->pfn = place.pfn;
	out->offset = place.offset;
	out->slot = mmkit_slab_slot(&set->cache->grid, place.offset);
	out->order = place.order;
	out->node = place.node;
}

static void set_free(struct mmkit_object *object)
{
	mmkit_slab_set_destroy(container_of(object, struct mmkit_slab_set,
					    object));
}

static void set_show(struct seq_file *m, const struct mmkit_object *object)
{
	const struct mmkit_slab_set *set =
		container_of(object, struct mmkit_slab_set, object);

	seq_printf(m, "  of %s: %u, %u left\n", set->cache->name, set->nr,
		   set->live);
}

const struct mmkit_object_ops mmkit_slab_set_ops = {
	.kind = "objects",
	.free = set_free,
	.show = set_show,
};
