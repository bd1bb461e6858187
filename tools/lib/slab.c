// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/slab */
#include <errno.h>
#include <stdlib.h>

#include <mmkit.h>

#include "internal.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const char *const flags[] = {
	"hwcache_align", "reclaim_account", "account", "typesafe_by_rcu",
	"poison", "red_zone", "store_user", "no_merge", "ctor",
};

static const char *const overs[] = { "cache", "kmalloc", "pages" };
static const char *const kinds[] = { "objects", "pool", "lru" };

/**
 * mmkit_slab_flag_name() - name of a flag of a cache
 * @bit: of MMKIT_SLAB_x of mmkit_slab_create.flags
 *
 * Return: its name in small letters, NULL when there is no such flag.
 */
const char *mmkit_slab_flag_name(unsigned int bit)
{
	return bit < ARRAY_SIZE(flags) ? flags[bit] : NULL;
}

/**
 * mmkit_slab_over_name() - what a mempool stands over
 * @over: enum mmkit_slab_over
 *
 * Return: its name, NULL when there is no such thing.
 */
const char *mmkit_slab_over_name(unsigned int over)
{
	return over < ARRAY_SIZE(overs) ? overs[over] : NULL;
}

/**
 * mmkit_slab_kind_name() - what uses a cache
 * @kind: enum mmkit_slab_kind
 *
 * Return: its name, NULL when there is no such thing.
 */
const char *mmkit_slab_kind_name(unsigned int kind)
{
	return kind < ARRAY_SIZE(kinds) ? kinds[kind] : NULL;
}

/**
 * mmkit_slab_create() - create a cache
 * @fd: session of "slab"
 * @req: what it is to be; the handle comes back
 *
 * Return: 0, -EINVAL no driver could create it, -EOPNOTSUPP NO_MERGE where the
 * kernel has no such flag, -EBUSY no counted constructor is left, -EDQUOT,
 * -ENOMEM.
 */
int mmkit_slab_create(int fd, struct mmkit_slab_create *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_SLAB_CREATE, req);
}

/**
 * mmkit_slab_destroy() - destroy a cache that nothing uses
 * @fd: session of "slab"
 * @handle: from mmkit_slab_create()
 *
 * Return: 0, -ENOENT no such cache, -EBUSY it is used (mmkit_slab_users()).
 */
int mmkit_slab_destroy(int fd, uint32_t handle)
{
	struct mmkit_slab_destroy req = {
		.size = sizeof(req), .handle = handle,
	};

	return lib_ioctl(fd, MMKIT_SLAB_DESTROY, &req);
}

/**
 * mmkit_slab_users() - what uses a cache
 * @fd: session of "slab"
 * @handle: from mmkit_slab_create()
 * @users: out; free() it
 *
 * Return: how many, at most %MMKIT_SLAB_USERS_MAX, -ENOENT no such cache,
 * -ENOMEM.
 */
int mmkit_slab_users(int fd, uint32_t handle, struct mmkit_slab_user **users)
{
	struct mmkit_slab_users req = {
		.size = sizeof(req), .handle = handle,
		.nr = MMKIT_SLAB_USERS_MAX,
	};
	int err;

	*users = calloc(req.nr, sizeof(**users));
	if (!*users)
		return -ENOMEM;
	req.users = (uintptr_t)*users;
	err = lib_ioctl(fd, MMKIT_SLAB_USERS, &req);
	if (err) {
		free(*users);
		*users = NULL;
		return err;
	}
	return req.nr < MMKIT_SLAB_USERS_MAX ? req.nr : MMKIT_SLAB_USERS_MAX;
}

/**
 * mmkit_slab_alloc() - allocate objects under one handle
 * @fd: session of "slab"
 * @req: from which cache, and how; the handle comes back
 *
 * Return: 0, -ENOENT no such cache, -EINVAL contradictory request, -EPERM
 * ATOMIC without CAP_SYS_RESOURCE, -EDQUOT, -ENOMEM, -EINTR.
 */
int mmkit_slab_alloc(int fd, struct mmkit_slab_alloc *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_SLAB_ALLOC, req);
}

/**
 * mmkit_slab_free() - free objects of a handle, or a pool or an LRU
 * @fd: session of "slab"
 * @req: which
 *
 * Return: 0, -ENOENT no such handle or an object of the range is free already,
 * -EINVAL range past the end.
 */
int mmkit_slab_free(int fd, struct mmkit_slab_free *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_SLAB_FREE, req);
}

/**
 * mmkit_slab_shrink() - kmem_cache_shrink()
 * @fd: session of "slab"
 * @handle: from mmkit_slab_create()
 *
 * Return: 0, -ENOENT no such cache.
 */
int mmkit_slab_shrink(int fd, uint32_t handle)
{
	struct mmkit_slab_shrink req = {
		.size = sizeof(req), .handle = handle,
	};

	return lib_ioctl(fd, MMKIT_SLAB_SHRINK, &req);
}

/**
 * mmkit_slab_describe() - what a cache is
 * @fd: session of "slab"
 * @handle: from mmkit_slab_create()
 * @cache: out
 *
 * Return: 0, -ENOENT no such cache.
 */
int mmkit_slab_describe(int fd, uint32_t handle,
			struct mmkit_slab_describe *cache)
{
	*cache = (struct mmkit_slab_describe){
		.size = sizeof(*cache), .handle = handle,
	};
	return lib_ioctl(fd, MMKIT_SLAB_DESCRIBE, cache);
}

/**
 * mmkit_slab_slabs() - the slabs that hold objects of this session
 * @fd: session of "slab"
 * @handle: from mmkit_slab_create()
 * @sums: out: of all slabs
 * @slabs: out: the first %MMKIT_SLAB_SLABS_MAX; free() it. NULL: not wanted
 *
 * Return: how many are in @slabs, -ENOENT no such cache, -ENOMEM, -EINTR.
 */
int mmkit_slab_slabs(int fd, uint32_t handle, struct mmkit_slab_slabs *sums,
		     struct mmkit_slab_slab **slabs)
{
	int err;

	*sums = (struct mmkit_slab_slabs){
		.size = sizeof(*sums), .handle = handle,
	};
	if (slabs) {
		sums->nr = MMKIT_SLAB_SLABS_MAX;
		*slabs = calloc(sums->nr, sizeof(**slabs));
		if (!*slabs)
			return -ENOMEM;
		sums->slabs = (uintptr_t)*slabs;
	}
	err = lib_ioctl(fd, MMKIT_SLAB_SLABS, sums);
	if (!err)
		return sums->nr;
	if (slabs) {
		free(*slabs);
		*slabs = NULL;
	}
	return err;
}

/**
 * mmkit_slab_objects() - where objects of a handle lie
 * @fd: session of "slab"
 * @handle: from mmkit_slab_alloc()
 * @first: index of the first object
 * @nr: objects to describe; any number, asked for in pieces
 * @objects: out: room for @nr
 *
 * Return: how many were described, -ENOENT no such handle, -EINVAL @first past
 * the end or @nr 0, -ENOMEM.
 */
int mmkit_slab_objects(int fd, uint32_t handle, uint32_t first, uint32_t nr,
		       struct mmkit_slab_object *objects)
{
	struct mmkit_slab_objects req = { .handle = handle };
	uint32_t done = 0, left;
	int ret;

	do {
		left = nr - done;
		req.size = sizeof(req);
		req.first = first + done;
		req.nr = left < MMKIT_SLAB_OBJECTS_MAX ? left :
							 MMKIT_SLAB_OBJECTS_MAX;
		req.objects = (uintptr_t)(objects + done);
		ret = lib_ioctl(fd, MMKIT_SLAB_OBJECTS, &req);
		if (ret < 0)
			return done && ret == -EINVAL ? (int)done : ret;
		done += req.nr;
	} while (req.nr && done < nr);
	return done;
}

/**
 * mmkit_slab_pool() - create a mempool
 * @fd: session of "slab"
 * @req: over what, and how large; the handle comes back
 *
 * Return: 0, -ENOENT no such cache, -EINVAL contradictory request, -EDQUOT,
 * -ENOMEM.
 */
int mmkit_slab_pool(int fd, struct mmkit_slab_pool *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_SLAB_POOL, req);
}

/**
 * mmkit_slab_take() - mempool_alloc()
 * @fd: session of "slab"
 * @req: how many, and how; how many were had and from where comes back
 *
 * Return: 0 even if none could be had, -ENOENT no such pool, -EINVAL flags,
 * -EPERM ATOMIC without CAP_SYS_RESOURCE, -EDQUOT more than the pool's room,
 * -EDEADLK it would wait for ever, -EINTR.
 */
int mmkit_slab_take(int fd, struct mmkit_slab_take *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_SLAB_TAKE, req);
}

/**
 * mmkit_slab_give() - mempool_free()
 * @fd: session of "slab"
 * @req: how many; how many filled the reserve up comes back
 *
 * Return: 0, -ENOENT no such pool, or fewer were taken.
 */
int mmkit_slab_give(int fd, struct mmkit_slab_give *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_SLAB_GIVE, req);
}

/**
 * mmkit_slab_lru() - create a list_lru and its shrinker
 * @fd: session of "slab"
 * @cache: from mmkit_slab_create()
 * @handle: out
 *
 * Return: 0, -ENOENT no such cache, -EINVAL its objects are too small or
 * constructed, -EDQUOT, -ENOMEM.
 */
int mmkit_slab_lru(int fd, uint32_t cache, uint32_t *handle)
{
	struct mmkit_slab_lru req = { .size = sizeof(req), .cache = cache };
	int err = lib_ioctl(fd, MMKIT_SLAB_LRU, &req);

	*handle = req.handle;
	return err;
}

/**
 * mmkit_slab_lru_add() - allocate objects that the kernel may take back
 * @fd: session of "slab"
 * @req: how many; how many were had comes back
 *
 * Return: 0, -ENOENT no such LRU, -EINVAL, -EPERM ATOMIC without
 * CAP_SYS_RESOURCE, -EDQUOT, -ENOMEM not one could be had, -EINTR.
 */
int mmkit_slab_lru_add(int fd, struct mmkit_slab_lru_add *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_SLAB_LRU_ADD, req);
}

/**
 * mmkit_slab_lru_stat() - what became of the objects of an LRU
 * @fd: session of "slab"
 * @handle: from mmkit_slab_lru()
 * @stat: out
 *
 * Return: 0, -ENOENT no such LRU.
 */
int mmkit_slab_lru_stat(int fd, uint32_t handle,
			struct mmkit_slab_lru_stat *stat)
{
	*stat = (struct mmkit_slab_lru_stat){
		.size = sizeof(*stat), .handle = handle,
	};
	return lib_ioctl(fd, MMKIT_SLAB_LRU_STAT, stat);
}

/**
 * mmkit_slab_reuse() - an object that is another one under a reader's eyes
 * @fd: session of "slab"
 * @req: which cache, how often; what was seen comes back
 *
 * Return: 0, -ENOENT no such cache, -EINVAL it has no TYPESAFE_BY_RCU,
 * -EDQUOT, -ENOMEM, -EINTR.
 */
int mmkit_slab_reuse(int fd, struct mmkit_slab_reuse *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_SLAB_REUSE, req);
}
