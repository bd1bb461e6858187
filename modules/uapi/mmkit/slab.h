/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* /dev/mmkit/slab: kmem_cache, mempool, shrinker with list_lru. */
#ifndef _UAPI_MMKIT_SLAB_H
#define _UAPI_MMKIT_SLAB_H

#include <mmkit/mmkit.h>

/* mmkit_slab_create.flags */
#define MMKIT_SLAB_HWCACHE_ALIGN	(1u << 0)
#define MMKIT_SLAB_RECLAIM_ACCOUNT	(1u << 1)
#define MMKIT_SLAB_ACCOUNT		(1u << 2)
#define MMKIT_SLAB_TYPESAFE_BY_RCU	(1u << 3)
#define MMKIT_SLAB_POISON		(1u << 4)
#define MMKIT_SLAB_RED_ZONE		(1u << 5)
#define MMKIT_SLAB_STORE_USER		(1u << 6)
#define MMKIT_SLAB_NO_MERGE		(1u << 7)	/* not on 6.1 */
#define MMKIT_SLAB_CTOR			(1u << 8)	/* one that is counted */
#define MMKIT_SLAB_FLAGS_ALL		0x000001ffu

#define MMKIT_SLAB_BYTES_MAX	(1u << 20)	/* of one object */
#define MMKIT_SLAB_ALIGN_MAX	4096u
#define MMKIT_SLAB_FULLNAME_LEN	64

/**
 * struct mmkit_slab_create - create a cache
 * @size: sizeof(struct mmkit_slab_create)
 * @flags: MMKIT_SLAB_x
 * @name: letters, digits, ``-``, ``_`` and ``.``; the kernel is given a longer
 *	one that nobody else has, see struct mmkit_slab_describe
 * @bytes: of an object, at most %MMKIT_SLAB_BYTES_MAX
 * @align: zero or a power of two up to %MMKIT_SLAB_ALIGN_MAX
 * @useroffset: first byte of an object that may be copied to and from user space
 * @usersize: how many of them, zero for none
 * @handle: out
 * @reserved: zero
 *
 * Some objects are allocated and freed at once, to see how far they are apart:
 * a constructor counts them too.
 *
 * Errors: EINVAL a name, size, alignment, flag or region that no driver could
 * pass; EOPNOTSUPP NO_MERGE where the kernel has no such flag; EBUSY every
 * counted constructor is in use (%MMKIT_SLAB_CTORS); EDQUOT over a quota, or
 * more than %MMKIT_SLAB_CACHES_MAX caches of all sessions; ENOMEM.
 */
struct mmkit_slab_create {
	__u32 size;
	__u32 flags;
	char name[MMKIT_NAME_LEN];
	__u32 bytes;
	__u32 align;
	__u32 useroffset;
	__u32 usersize;
	__u32 handle;
	__u32 reserved;
};

#define MMKIT_SLAB_CTORS	8
#define MMKIT_SLAB_CACHES_MAX	64

/**
 * struct mmkit_slab_destroy - destroy a cache, once nothing uses it
 * @size: sizeof(struct mmkit_slab_destroy)
 * @handle: from MMKIT_SLAB_CREATE
 *
 * Errors: ENOENT no such cache; EBUSY something still uses it
 * (MMKIT_SLAB_USERS lists what).
 */
struct mmkit_slab_destroy {
	__u32 size;
	__u32 handle;
};

enum mmkit_slab_kind {
	MMKIT_SLAB_KIND_OBJECTS,	/* MMKIT_SLAB_ALLOC */
	MMKIT_SLAB_KIND_POOL,		/* MMKIT_SLAB_POOL */
	MMKIT_SLAB_KIND_LRU,		/* MMKIT_SLAB_LRU */
};

/**
 * struct mmkit_slab_user - a handle that uses a cache
 * @handle: its number
 * @kind: enum mmkit_slab_kind
 * @live: objects of the cache that it holds
 */
struct mmkit_slab_user {
	__u32 handle;
	__u32 kind;
	__aligned_u64 live;
};

/**
 * struct mmkit_slab_users - who uses a cache
 * @size: sizeof(struct mmkit_slab_users)
 * @handle: from MMKIT_SLAB_CREATE
 * @nr: in: room at @users, at most %MMKIT_SLAB_USERS_MAX; out: how many there
 *	are, of which at most the room was filled
 * @reserved: zero
 * @users: struct mmkit_slab_user array
 *
 * Errors: ENOENT no such cache; EINVAL @nr too large; EFAULT; ENOMEM.
 */
struct mmkit_slab_users {
	__u32 size;
	__u32 handle;
	__u32 nr;
	__u32 reserved;
	__aligned_u64 users;
};

#define MMKIT_SLAB_USERS_MAX	4096

/* mmkit_slab_alloc.flags and mmkit_slab_free.flags */
#define MMKIT_SLAB_BULK		(1u << 0)	/* kmem_cache_x_bulk() */
#define MMKIT_SLAB_IN_ATOMIC	(1u << 1)	/* under a spinlock; alloc only */

/**
 * struct mmkit_slab_alloc - allocate objects under one handle
 * @size: sizeof(struct mmkit_slab_alloc)
 * @cache: from MMKIT_SLAB_CREATE
 * @count: objects, at least 1
 * @gfp: MMKIT_GFP_x, without a zone, HIGHUSER_MOVABLE, COMP
 * @node: NUMA node, -1 for the caller's
 * @flags: MMKIT_SLAB_BULK or MMKIT_SLAB_IN_ATOMIC
 * @handle: out
 * @reserved: zero
 *
 * All or nothing: when one object cannot be had, those before it are freed.
 *
 * Errors: ENOENT no such cache; EINVAL an unknown or contradictory value, ZERO
 * from a cache with a constructor, THISNODE without a node, a node with BULK,
 * flags that sleep with IN_ATOMIC; EPERM ATOMIC without CAP_SYS_RESOURCE; EDQUOT
 * over a quota; ENOMEM; EINTR.
 */
struct mmkit_slab_alloc {
	__u32 size;
	__u32 cache;
	__u32 count;
	__u32 gfp;
	__s32 node;
	__u32 flags;
	__u32 handle;
	__u32 reserved;
};

/**
 * struct mmkit_slab_free - free objects of a handle, in any order
 * @size: sizeof(struct mmkit_slab_free)
 * @handle: from MMKIT_SLAB_ALLOC, MMKIT_SLAB_POOL or MMKIT_SLAB_LRU
 * @first: index of the first object
 * @nr: how many, 0 for all that are left from @first on
 * @stride: free every @stride-th of them, 0 means 1
 * @flags: MMKIT_SLAB_BULK
 *
 * The handle goes away with its last object. A pool or an LRU has no numbered
 * objects: it goes away with all that it holds, and all other fields are zero.
 *
 * Errors: ENOENT no such handle, an object of the range is free already, or
 * none is left (nothing is freed then); EINVAL a range past the end, flags.
 */
struct mmkit_slab_free {
	__u32 size;
	__u32 handle;
	__u32 first;
	__u32 nr;
	__u32 stride;
	__u32 flags;
};

/**
 * struct mmkit_slab_shrink - kmem_cache_shrink(): give back empty slabs
 * @size: sizeof(struct mmkit_slab_shrink)
 * @handle: from MMKIT_SLAB_CREATE
 *
 * Errors: ENOENT no such cache.
 */
struct mmkit_slab_shrink {
	__u32 size;
	__u32 handle;
};

/* mmkit_slab_describe.state */
#define MMKIT_SLAB_FREEPTR_OUTSIDE	(1u << 0) /* behind the object */

/**
 * struct mmkit_slab_describe - what a cache is
 * @size: sizeof(struct mmkit_slab_describe)
 * @handle: from MMKIT_SLAB_CREATE
 * @name: that the kernel was given; /proc/slabinfo has it unless it was merged
 * @bytes: asked for, of an object
 * @align: asked for
 * @flags: asked for
 * @useroffset: asked for
 * @usersize: asked for
 * @object_size: kmem_cache_size(): larger than @bytes where others were merged
 *	that want more
 * @stride: from one object to the next, as measured; where a slab holds one
 *	object, the whole slab
 * @left: from the start of a slab to its first object, as measured: red zone
 * @least: of a slot, by the kernel's rules for what was asked for; records of
 *	who allocated and freed, and KASAN's, come on top
 * @real_align: of an object, by these rules
 * @inuse: of an object and what must follow it, before any metadata
 * @freeptr: where the pointer to the next free object lies, from the object's
 *	start, by the kernel's rules for what was asked for
 * @order: of a slab, as measured
 * @slots: room for so many objects in a slab
 * @users: handles that use it
 * @state: MMKIT_SLAB_FREEPTR_OUTSIDE
 * @live: objects that these hold
 * @ctor_calls: how often the constructor was called until now
 *
 * Errors: ENOENT no such cache.
 */
struct mmkit_slab_describe {
	__u32 size;
	__u32 handle;
	char name[MMKIT_SLAB_FULLNAME_LEN];
	__u32 bytes;
	__u32 align;
	__u32 flags;
	__u32 useroffset;
	__u32 usersize;
	__u32 object_size;
	__u32 stride;
	__u32 left;
	__u32 least;
	__u32 real_align;
	__u32 inuse;
	__u32 freeptr;
	__u32 order;
	__u32 slots;
	__u32 users;
	__u32 state;
	__aligned_u64 live;
	__aligned_u64 ctor_calls;
};

/**
 * struct mmkit_slab_slab - a slab that holds objects of the session
 * @pfn: first page frame, 0 without CAP_SYS_ADMIN
 * @order: of its pages
 * @slots: room for so many objects
 * @used: slots with objects of this session
 * @node: NUMA node
 */
struct mmkit_slab_slab {
	__aligned_u64 pfn;
	__u32 order;
	__u32 slots;
	__u32 used;
	__s32 node;
};

/**
 * struct mmkit_slab_slabs - slabs in which a cache's objects lie
 * @size: sizeof(struct mmkit_slab_slabs)
 * @handle: from MMKIT_SLAB_CREATE
 * @nr: in: room at @slabs, at most %MMKIT_SLAB_SLABS_MAX, 0 for the sums alone;
 *	out: how many were filled in, from @first on, by page frame
 * @first: so many slabs are left out
 * @slabs: struct mmkit_slab_slab array
 * @held: out: slabs with at least one object of MMKIT_SLAB_ALLOC
 * @full: out: those without a free slot
 * @used: out: objects in them
 * @room: out: slots of them
 *
 * Errors: ENOENT no such cache; EINVAL @nr too large; EFAULT; ENOMEM; EINTR.
 */
struct mmkit_slab_slabs {
	__u32 size;
	__u32 handle;
	__u32 nr;
	__u32 first;
	__aligned_u64 slabs;
	__aligned_u64 held;
	__aligned_u64 full;
	__aligned_u64 used;
	__aligned_u64 room;
};

#define MMKIT_SLAB_SLABS_MAX	65536

/* mmkit_slab_object.state */
#define MMKIT_SLAB_FREED	(1u << 0) /* nothing is here any more */
#define MMKIT_SLAB_NOPFN	(1u << 1) /* PFNs hidden: no CAP_SYS_ADMIN */
#define MMKIT_SLAB_KFENCE	(1u << 2) /* in KFENCE's pool, in no slab */

/**
 * struct mmkit_slab_object - one object, as the kernel has it
 * @pfn: first page frame of its slab, 0 with %MMKIT_SLAB_NOPFN
 * @offset: in its slab
 * @slot: which of the slab's
 * @order: of the slab
 * @node: NUMA node
 * @state: MMKIT_SLAB_x
 * @reserved: zero
 */
struct mmkit_slab_object {
	__aligned_u64 pfn;
	__u32 offset;
	__u32 slot;
	__u32 order;
	__s32 node;
	__u32 state;
	__u32 reserved;
};

/**
 * struct mmkit_slab_objects - where objects of a handle lie
 * @size: sizeof(struct mmkit_slab_objects)
 * @handle: from MMKIT_SLAB_ALLOC
 * @first: index of the first object
 * @nr: in: room at @objects, at most %MMKIT_SLAB_OBJECTS_MAX; out: described
 * @objects: struct mmkit_slab_object array
 *
 * Errors: ENOENT no such handle; EINVAL @first past the end, @nr 0 or too
 * large; EFAULT; ENOMEM.
 */
struct mmkit_slab_objects {
	__u32 size;
	__u32 handle;
	__u32 first;
	__u32 nr;
	__aligned_u64 objects;
};

#define MMKIT_SLAB_OBJECTS_MAX	4096

/* What a mempool takes its elements from. */
enum mmkit_slab_over {
	MMKIT_SLAB_OVER_CACHE,
	MMKIT_SLAB_OVER_KMALLOC,
	MMKIT_SLAB_OVER_PAGES,
	MMKIT_SLAB_OVER_NR,
};

/**
 * struct mmkit_slab_pool - create a mempool
 * @size: sizeof(struct mmkit_slab_pool)
 * @over: enum mmkit_slab_over
 * @cache: from MMKIT_SLAB_CREATE, without a constructor; OVER_CACHE only
 * @bytes: of an element, at most %MMKIT_SLAB_BYTES_MAX; OVER_KMALLOC only
 * @order: of an element, at most %MMKIT_SLAB_ORDER_MAX; OVER_PAGES only
 * @reserve: elements that the pool keeps, at least 1
 * @room: elements that may be taken at a time
 * @handle: out
 *
 * The reserve and the room are charged at once: a pool must not fail later. An
 * element is charged what it takes, and a pointer to it.
 *
 * Errors: ENOENT no such cache; EINVAL an unknown or contradictory value, a
 * cache with a constructor, @reserve or @room 0 or more than
 * %MMKIT_SLAB_ROOM_MAX; EDQUOT over a quota; ENOMEM.
 */
struct mmkit_slab_pool {
	__u32 size;
	__u32 over;
	__u32 cache;
	__u32 bytes;
	__u32 order;
	__u32 reserve;
	__u32 room;
	__u32 handle;
};

#define MMKIT_SLAB_ORDER_MAX	4
#define MMKIT_SLAB_ROOM_MAX	65536

/* mmkit_slab_take.flags */
#define MMKIT_SLAB_REFUSE	(1u << 0) /* pretend that the allocator fails */

/**
 * struct mmkit_slab_take - mempool_alloc()
 * @size: sizeof(struct mmkit_slab_take)
 * @handle: from MMKIT_SLAB_POOL
 * @nr: elements to take; 0 only asks for the state
 * @gfp: MMKIT_GFP_x as MMKIT_SLAB_ALLOC, without ZERO
 * @flags: MMKIT_SLAB_REFUSE
 * @taken: out: elements that were had; taking stops at the first failure
 * @failures: out: how often the allocator beneath failed meanwhile
 * @from_reserve: out: so many of @taken came from the reserve
 * @in_reserve: out: left in it
 * @held: out: taken and not yet given back
 *
 * mempool_alloc() with flags that may sleep does not fail: it waits until an
 * element comes back, for ever if need be. So more than is in the reserve cannot
 * be taken with such flags: only this session could give one back.
 *
 * Errors: ENOENT no such pool; EINVAL flags; EPERM ATOMIC without
 * CAP_SYS_RESOURCE; EDQUOT more than the room; EDEADLK more than the reserve
 * with flags that sleep; EINTR.
 */
struct mmkit_slab_take {
	__u32 size;
	__u32 handle;
	__u32 nr;
	__u32 gfp;
	__u32 flags;
	__u32 taken;
	__u32 failures;
	__u32 from_reserve;
	__u32 in_reserve;
	__u32 held;
};

/**
 * struct mmkit_slab_give - mempool_free() elements that were taken last
 * @size: sizeof(struct mmkit_slab_give)
 * @handle: from MMKIT_SLAB_POOL
 * @nr: how many, 0 for all
 * @to_reserve: out: so many of them filled the reserve up
 * @in_reserve: out: elements in it now
 * @held: out: taken and not yet given back
 *
 * Errors: ENOENT no such pool, or fewer are held.
 */
struct mmkit_slab_give {
	__u32 size;
	__u32 handle;
	__u32 nr;
	__u32 to_reserve;
	__u32 in_reserve;
	__u32 held;
};

/**
 * struct mmkit_slab_lru - create a list_lru and a shrinker for it
 * @size: sizeof(struct mmkit_slab_lru)
 * @cache: from MMKIT_SLAB_CREATE, of objects of %MMKIT_SLAB_LRU_BYTES_MIN or
 *	more, without a constructor
 * @handle: out
 * @reserved: zero
 *
 * Both know of memory cgroups and nodes.
 *
 * Errors: ENOENT no such cache; EINVAL its objects are too small, or
 * constructed; EDQUOT over a quota; ENOMEM.
 */
struct mmkit_slab_lru {
	__u32 size;
	__u32 cache;
	__u32 handle;
	__u32 reserved;
};

#define MMKIT_SLAB_LRU_BYTES_MIN	16

/**
 * struct mmkit_slab_lru_add - allocate objects that the kernel may take back
 * @size: sizeof(struct mmkit_slab_lru_add)
 * @handle: from MMKIT_SLAB_LRU
 * @count: objects, at least 1
 * @gfp: MMKIT_GFP_x as MMKIT_SLAB_ALLOC
 * @added: out: objects that were had; adding stops at the first failure
 * @reserved: zero
 *
 * What the kernel took back stays charged to the session's quota until the next
 * MMKIT_SLAB_LRU_ADD or MMKIT_SLAB_LRU_STAT.
 *
 * Errors: ENOENT no such LRU; EINVAL @count, flags; EPERM ATOMIC without
 * CAP_SYS_RESOURCE; EDQUOT over a quota; ENOMEM not one could be had; EINTR.
 */
struct mmkit_slab_lru_add {
	__u32 size;
	__u32 handle;
	__u32 count;
	__u32 gfp;
	__u32 added;
	__u32 reserved;
};

/**
 * struct mmkit_slab_lru_stat - what became of the objects of an LRU
 * @size: sizeof(struct mmkit_slab_lru_stat)
 * @handle: from MMKIT_SLAB_LRU
 * @added: objects that ever were on it
 * @live: that are on it
 * @taken: that the kernel took back
 * @counts: calls of the shrinker's count_objects
 * @scans: calls of its scan_objects
 * @scanned: objects that these were asked to look at
 *
 * Errors: ENOENT no such LRU.
 */
struct mmkit_slab_lru_stat {
	__u32 size;
	__u32 handle;
	__aligned_u64 added;
	__aligned_u64 live;
	__aligned_u64 taken;
	__aligned_u64 counts;
	__aligned_u64 scans;
	__aligned_u64 scanned;
};

/**
 * struct mmkit_slab_reuse - an object that is another one under a reader's eyes
 * @size: sizeof(struct mmkit_slab_reuse)
 * @cache: from MMKIT_SLAB_CREATE, with TYPESAFE_BY_RCU and objects of
 *	%MMKIT_SLAB_REUSE_BYTES_MIN or more
 * @rounds: how often to do it, 1 to %MMKIT_SLAB_REUSE_MAX
 * @tries: objects to allocate in each until one has the address of the one that
 *	was freed, 1 to %MMKIT_SLAB_REUSE_TRIES_MAX
 * @reused: out: rounds in which one had
 * @in_grace: out: of these, while the reader's grace period was not over
 * @stale: out: of these, what the reader found was another object, alive and
 *	with another key: it would have used it without the recheck
 * @caught: out: of these, the recheck of the key found it out
 * @safe: out: the reader looked again and found the right one
 * @allocated: out: objects that were allocated for it
 *
 * Errors: ENOENT no such cache; EINVAL a cache without TYPESAFE_BY_RCU or of
 * too small objects, @rounds, @tries; EDQUOT over a quota; EOPNOTSUPP a kernel
 * with CONFIG_SLUB_RCU_DEBUG, where no object is reused in a reader's grace
 * period; ENOMEM; EINTR.
 */
struct mmkit_slab_reuse {
	__u32 size;
	__u32 cache;
	__u32 rounds;
	__u32 tries;
	__u32 reused;
	__u32 in_grace;
	__u32 stale;
	__u32 caught;
	__u32 safe;
	__u32 allocated;
};

#define MMKIT_SLAB_REUSE_BYTES_MIN	8
#define MMKIT_SLAB_REUSE_MAX		100000
#define MMKIT_SLAB_REUSE_TRIES_MAX	256

#define MMKIT_SLAB_CREATE	_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 0, \
				      struct mmkit_slab_create)
#define MMKIT_SLAB_DESTROY	_IOW(MMKIT_IOC, MMKIT_IOC_SLAB + 1, \
				     struct mmkit_slab_destroy)
#define MMKIT_SLAB_USERS	_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 2, \
				      struct mmkit_slab_users)
#define MMKIT_SLAB_ALLOC	_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 3, \
				      struct mmkit_slab_alloc)
#define MMKIT_SLAB_FREE		_IOW(MMKIT_IOC, MMKIT_IOC_SLAB + 4, \
				     struct mmkit_slab_free)
#define MMKIT_SLAB_SHRINK	_IOW(MMKIT_IOC, MMKIT_IOC_SLAB + 5, \
				     struct mmkit_slab_shrink)
#define MMKIT_SLAB_DESCRIBE	_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 6, \
				      struct mmkit_slab_describe)
#define MMKIT_SLAB_SLABS	_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 7, \
				      struct mmkit_slab_slabs)
#define MMKIT_SLAB_OBJECTS	_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 8, \
				      struct mmkit_slab_objects)
#define MMKIT_SLAB_POOL		_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 9, \
				      struct mmkit_slab_pool)
#define MMKIT_SLAB_TAKE		_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 10, \
				      struct mmkit_slab_take)
#define MMKIT_SLAB_GIVE		_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 11, \
				      struct mmkit_slab_give)
#define MMKIT_SLAB_LRU		_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 12, \
				      struct mmkit_slab_lru)
#define MMKIT_SLAB_LRU_ADD	_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 13, \
				      struct mmkit_slab_lru_add)
#define MMKIT_SLAB_LRU_STAT	_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 14, \
				      struct mmkit_slab_lru_stat)
#define MMKIT_SLAB_REUSE	_IOWR(MMKIT_IOC, MMKIT_IOC_SLAB + 15, \
				      struct mmkit_slab_reuse)

#endif
