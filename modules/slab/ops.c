// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/slab. */
#include <linux/capability.h>
#include <linux/err.h>
#include <mmkit/gfp.h>
#include <mmkit/range.h>
#include "compat/slab.h"
#include "slab.h"

/**
 * mmkit_slab_cache_find() - Look the handle of a cache up.
 * @session: whose
 * @handle: as sent by user space
 *
 * Context: Process. session->lock is held.
 * Return: the cache, or NULL.
 */
struct mmkit_slab_cache *mmkit_slab_cache_find(struct mmkit_session *session,
					       u32 handle)
{
	struct mmkit_object *object;

	object = mmkit_object_find(session, handle, &mmkit_slab_cache_ops);
	return object ? container_of(object, struct mmkit_slab_cache, object) :
			NULL;
}

static int slab_create(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_create *create = arg;
	struct mmkit_slab_cache *cache;
	int err;

	err = mmkit_slab_create_check(create);
	if (err)
		return err;
	if ((create->flags & MMKIT_SLAB_NO_MERGE) && !MMKIT_SLAB_HAS_NO_MERGE)
		return -EOPNOTSUPP;
	err = mmkit_charge(call->session, MMKIT_SLAB_CACHE_CHARGE);
	if (err)
		return err;
	cache = mmkit_slab_cache_new(create);
	if (IS_ERR(cache)) {
		err = PTR_ERR(cache);
		goto uncharge;
	}
	err = mmkit_object_add(call, &cache->object, &create->handle);
	if (err)
		goto put;
	return 0;

put:
	mmkit_slab_cache_put(cache);
uncharge:
	mmkit_uncharge(call->session, MMKIT_SLAB_CACHE_CHARGE);
	return err;
}

static int slab_destroy(struct mmkit_call *call, void *arg)
{
	const struct mmkit_slab_destroy *destroy = arg;
	struct mmkit_slab_cache *cache =
		mmkit_slab_cache_find(call->session, destroy->handle);

	if (!cache)
		return -ENOENT;
	if (mmkit_slab_cache_users(cache))
		return -EBUSY;
	mmkit_object_del(call->session, destroy->handle);
	return 0;
}

/* Is it a user of the cache? Says of what kind, and with how many objects. */
static bool uses(const struct mmkit_object *object,
		 const struct mmkit_slab_cache *cache,
		 struct mmkit_slab_user *user)
{
	const struct mmkit_slab_set *set =
		container_of(object, struct mmkit_slab_set, object);

	if (object->ops == &mmkit_slab_set_ops) {
		user->kind = MMKIT_SLAB_KIND_OBJECTS;
		user->live = set->live;
		return set->cache == cache;
	}
	if (object->ops == &mmkit_slab_pool_ops) {
		user->kind = MMKIT_SLAB_KIND_POOL;
		return mmkit_slab_pool_cache(object, &user->live) == cache;
	}
	if (object->ops == &mmkit_slab_lru_ops) {
		user->kind = MMKIT_SLAB_KIND_LRU;
		return mmkit_slab_lru_cache(object, &user->live) == cache;
	}
	return false;
}

static int slab_users(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_users *users = arg;
	struct mmkit_slab_cache *cache =
		mmkit_slab_cache_find(call->session, users->handle);
	struct mmkit_slab_user *out, user = { };
	struct mmkit_object *object;
	u32 room = users->nr;
	u32 handle = 0;

	if (users->reserved || room > MMKIT_SLAB_USERS_MAX)
		return -EINVAL;
	if (!cache)
		return -ENOENT;
	out = mmkit_call_array(call, users->users, room, sizeof(*out));
	if (!out)
		return -ENOMEM;
	users->nr = 0;
	while ((object = mmkit_object_next(call->session, &handle))) {
		cond_resched();
		if (!uses(object, cache, &user))
			continue;
		user.handle = handle;
		if (users->nr < room)
			out[users->nr] = user;
		users->nr++;
	}
	call->bytes = min(users->nr, room) * sizeof(*out);
	return 0;
}

static struct mmkit_slab_set *make_set(struct mmkit_slab_cache *cache,
				       const struct mmkit_slab_alloc *alloc)
{
	const struct mmkit_slab_ask ask = {
		.gfp = mmkit_gfp_kernel(alloc->gfp),
		.node = alloc->node,
		.bulk = alloc->flags & MMKIT_SLAB_BULK,
		.atomic = alloc->flags & MMKIT_SLAB_IN_ATOMIC,
	};
	struct mmkit_slab_set *set;
	int err;

	set = mmkit_slab_set_new(cache, alloc->count);
	if (!set)
		return ERR_PTR(-ENOMEM);
	err = mmkit_slab_set_fill(set, &ask, alloc->count);
	if (err) {
		mmkit_slab_set_destroy(set);
		return ERR_PTR(err);
	}
	return set;
}

static int check_alloc(const struct mmkit_slab_alloc *alloc,
		       const struct mmkit_slab_cache *cache)
{
	int err = mmkit_slab_alloc_check(alloc) ?:
		  mmkit_gfp_admit(alloc->gfp) ?: mmkit_node_check(alloc->node);

	if (err)
		return err;
	if (alloc->count > MMKIT_SLAB_SET_MAX)
		return -EINVAL;
	if (!cache)
		return -ENOENT;
	/* What was constructed must not be zeroed: new_slab() in mm/slub.c */
	return cache->ctor && (alloc->gfp & MMKIT_GFP_ZERO) ? -EINVAL : 0;
}

static int slab_alloc(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_alloc *alloc = arg;
	struct mmkit_session *session = call->session;
	struct mmkit_slab_cache *cache =
		mmkit_slab_cache_find(session, alloc->cache);
	struct mmkit_slab_set *set;
	u64 charge;
	int err;

	err = check_alloc(alloc, cache);
	if (err)
		return err;
	charge = (u64)alloc->count * cache->grid.stride;
	err = mmkit_charge(session, charge);
	if (err)
		return err;
	set = make_set(cache, alloc);
	if (IS_ERR(set)) {
		err = PTR_ERR(set);
		goto uncharge;
	}
	set->object.bytes = charge;
	err = mmkit_object_add(call, &set->object, &alloc->handle);
	if (err)
		goto destroy;
	return 0;

destroy:
	mmkit_slab_set_destroy(set);
uncharge:
	mmkit_uncharge(session, charge);
	return err;
}

static struct mmkit_slab_set *find_set(struct mmkit_session *session,
				       u32 handle)
{
	struct mmkit_object *object;

	object = mmkit_object_find(session, handle, &mmkit_slab_set_ops);
	return object ? container_of(object, struct mmkit_slab_set, object) :
			NULL;
}

static bool all_live(const struct mmkit_slab_set *set, u32 first, u32 end,
		     u32 stride)
{
	u64 i;

	for (i = first; i < end; i += stride)
		if (!set->p[i])
			return false;
	return true;
}

/* A pool or an LRU: all of it or nothing. */
static int free_whole(struct mmkit_session *session,
		      const struct mmkit_slab_free *free)
{
	if (!mmkit_object_find(session, free->handle, &mmkit_slab_pool_ops) &&
	    !mmkit_object_find(session, free->handle, &mmkit_slab_lru_ops))
		return -ENOENT;
	if (free->first || free->nr || free->stride || free->flags)
		return -EINVAL;
	mmkit_object_del(session, free->handle);
	return 0;
}

static int free_set(struct mmkit_session *session, struct mmkit_slab_set *set,
		    const struct mmkit_slab_free *free)
{
	u32 stride = free->stride ?: 1, end, freed;
	int err;

	err = mmkit_range_end(set->nr, free->first, free->nr, &end);
	if (err)
		return err;
	/* "The rest" means what is left of it. */
	if (free->nr && !all_live(set, free->first, end, stride))
		return -ENOENT;
	freed = mmkit_slab_set_free(set, free->first, end, stride,
				    free->flags & MMKIT_SLAB_BULK);
	if (!freed)
		return -ENOENT;
	mmkit_slab_cache_trim(set->cache);
	if (set->live)
		mmkit_object_shrink(session, free->handle, &set->object,
				    (u64)freed * set->cache->grid.stride,
				    array_size(set->nr, sizeof(*set->p)));
	else
		mmkit_object_del(session, free->handle);
	return 0;
}

static int slab_free(struct mmkit_call *call, void *arg)
{
	const struct mmkit_slab_free *free = arg;
	struct mmkit_slab_set *set = find_set(call->session, free->handle);

	if (free->flags & ~MMKIT_SLAB_BULK)
		return -EINVAL;
	return set ? free_set(call->session, set, free) :
		     free_whole(call->session, free);
}

static int slab_shrink(struct mmkit_call *call, void *arg)
{
	const struct mmkit_slab_shrink *shrink = arg;
	struct mmkit_slab_cache *cache =
		mmkit_slab_cache_find(call->session, shrink->handle);

	if (!cache)
		return -ENOENT;
	kmem_cache_shrink(cache->cache);
	return 0;
}

static int slab_describe(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_describe *describe = arg;
	struct mmkit_slab_cache *cache =
		mmkit_slab_cache_find(call->session, describe->handle);

	if (!cache)
		return -ENOENT;
	mmkit_slab_cache_describe(cache, describe);
	return 0;
}

static void hide_slabs(struct mmkit_slab_slab *slabs, u32 nr)
{
	while (nr--)
		slabs[nr].pfn = 0;
}

static int slab_slabs(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_slabs *slabs = arg;
	struct mmkit_slab_cache *cache =
		mmkit_slab_cache_find(call->session, slabs->handle);
	struct mmkit_slab_slab *out;
	int err;

	if (slabs->nr > MMKIT_SLAB_SLABS_MAX)
		return -EINVAL;
	if (!cache)
		return -ENOENT;
	out = mmkit_call_array(call, slabs->slabs, slabs->nr, sizeof(*out));
	if (!out)
		return -ENOMEM;
	slabs->held = 0;
	slabs->full = 0;
	slabs->used = 0;
	slabs->room = 0;
	err = mmkit_slab_slabs_find(call->session, cache, slabs, out);
	if (err)
		return err;
	if (!capable(CAP_SYS_ADMIN))
		hide_slabs(out, slabs->nr);
	call->bytes = slabs->nr * sizeof(*out);
	return 0;
}

static void hide_objects(struct mmkit_slab_object *objects, u32 nr)
{
	for (; nr--; objects++) {
		objects->pfn = 0;
		objects->state |= MMKIT_SLAB_NOPFN;
	}
}

static int slab_objects(struct mmkit_call *call, void *arg)
{
	struct mmkit_slab_objects *objects = arg;
	struct mmkit_slab_set *set = find_set(call->session, objects->handle);
	struct mmkit_slab_object *out;
	u32 i;

	if (!objects->nr || objects->nr > MMKIT_SLAB_OBJECTS_MAX)
		return -EINVAL;
	if (!set)
		return -ENOENT;
	if (objects->first >= set->nr)
		return -EINVAL;
	out = mmkit_call_array(call, objects->objects, objects->nr,
			       sizeof(*out));
	if (!out)
		return -ENOMEM;
	objects->nr = min(objects->nr, set->nr - objects->first);
	for (i = 0; i < objects->nr; i++)
		mmkit_slab_set_describe(set, objects->first + i, &out[i]);
	if (!capable(CAP_SYS_ADMIN))
		hide_objects(out, objects->nr);
	call->bytes = objects->nr * sizeof(*out);
	return 0;
}

const struct mmkit_ioctl mmkit_slab_ioctls[] = {
	MMKIT_IOCTL(MMKIT_SLAB_CREATE, slab_create, struct mmkit_slab_create,
		    reserved),
	MMKIT_IOCTL(MMKIT_SLAB_DESTROY, slab_destroy,
		    struct mmkit_slab_destroy, handle),
	MMKIT_IOCTL(MMKIT_SLAB_USERS, slab_users, struct mmkit_slab_users,
		    users),
	MMKIT_IOCTL(MMKIT_SLAB_ALLOC, slab_alloc, struct mmkit_slab_alloc,
		    reserved),
	MMKIT_IOCTL(MMKIT_SLAB_FREE, slab_free, struct mmkit_slab_free, flags),
	MMKIT_IOCTL(MMKIT_SLAB_SHRINK, slab_shrink, struct mmkit_slab_shrink,
		    handle),
	MMKIT_IOCTL(MMKIT_SLAB_DESCRIBE, slab_describe,
		    struct mmkit_slab_describe, handle),
	MMKIT_IOCTL(MMKIT_SLAB_SLABS, slab_slabs, struct mmkit_slab_slabs,
		    slabs),
	MMKIT_IOCTL(MMKIT_SLAB_OBJECTS, slab_objects,
		    struct mmkit_slab_objects, objects),
	MMKIT_IOCTL(MMKIT_SLAB_POOL, mmkit_slab_pool, struct mmkit_slab_pool,
		    handle),
	MMKIT_IOCTL(MMKIT_SLAB_TAKE, mmkit_slab_take, struct mmkit_slab_take,
		    held),
	MMKIT_IOCTL(MMKIT_SLAB_GIVE, mmkit_slab_give, struct mmkit_slab_give,
		    held),
	MMKIT_IOCTL(MMKIT_SLAB_LRU, mmkit_slab_lru, struct mmkit_slab_lru,
		    reserved),
	MMKIT_IOCTL(MMKIT_SLAB_LRU_ADD, mmkit_slab_lru_add,
		    struct mmkit_slab_lru_add, reserved),
	MMKIT_IOCTL(MMKIT_SLAB_LRU_STAT, mmkit_slab_lru_stat,
		    struct mmkit_slab_lru_stat, handle),
	MMKIT_IOCTL(MMKIT_SLAB_REUSE, mmkit_slab_reuse,
		    struct mmkit_slab_reuse, allocated),
};

const unsigned int mmkit_slab_nr_ioctls = ARRAY_SIZE(mmkit_slab_ioctls);
