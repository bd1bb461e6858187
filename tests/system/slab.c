// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/slab: every command, every refusal, and that what was taken comes
 * back.
 */
#include <unistd.h>
#include "lib.h"

#define CALL(name, arg)	call(one_fd, MMKIT_SLAB_##name, arg)

static int one_fd;

static struct mmkit_slab_create shape(u32 bytes, u32 flags)
{
	return (struct mmkit_slab_create) {
		.size = sizeof(struct mmkit_slab_create),
		.name = "test",
		.bytes = bytes,
		.flags = flags,
	};
}

static int try_create(const struct mmkit_slab_create *request)
{
	struct mmkit_slab_create create = *request;

	return CALL(CREATE, &create);
}

static u32 make(u32 bytes, u32 flags)
{
	struct mmkit_slab_create create = shape(bytes, flags);

	EQUAL(CALL(CREATE, &create), 0);
	return create.handle;
}

static int destroy(u32 handle)
{
	struct mmkit_slab_destroy arg = { .size = sizeof(arg), .handle = handle };

	return CALL(DESTROY, &arg);
}

static struct mmkit_slab_describe describe(u32 handle)
{
	struct mmkit_slab_describe arg = { .size = sizeof(arg), .handle = handle };

	EQUAL(CALL(DESCRIBE, &arg), 0);
	return arg;
}

static struct mmkit_slab_alloc ask(u32 cache, u32 count, u32 flags)
{
	return (struct mmkit_slab_alloc) {
		.size = sizeof(struct mmkit_slab_alloc),
		.cache = cache,
		.count = count,
		.node = -1,
		.flags = flags,
	};
}

static int try_alloc(const struct mmkit_slab_alloc *request)
{
	struct mmkit_slab_alloc alloc = *request;

	return CALL(ALLOC, &alloc);
}

static u32 get(u32 cache, u32 count, u32 flags)
{
	struct mmkit_slab_alloc alloc = ask(cache, count, flags);

	EQUAL(CALL(ALLOC, &alloc), 0);
	return alloc.handle;
}

static int free_some(u32 handle, u32 first, u32 nr, u32 stride, u32 flags)
{
	struct mmkit_slab_free arg = {
		.size = sizeof(arg), .handle = handle, .first = first,
		.nr = nr, .stride = stride, .flags = flags,
	};

	return CALL(FREE, &arg);
}

static int free_all(u32 handle)
{
	return free_some(handle, 0, 0, 0, 0);
}

static int objects(u32 handle, u32 first, u32 nr,
		   struct mmkit_slab_object *array)
{
	struct mmkit_slab_objects arg = {
		.size = sizeof(arg), .handle = handle, .first = first,
		.nr = nr, .objects = PTR(array),
	};
	int err = CALL(OBJECTS, &arg);

	return err ?: (int)arg.nr;
}

static struct mmkit_slab_slabs slabs(u32 cache)
{
	struct mmkit_slab_slabs arg = { .size = sizeof(arg), .handle = cache };

	EQUAL(CALL(SLABS, &arg), 0);
	return arg;
}

static void nothing_held(void)
{
	struct mmkit_session_info now = session(one_fd);

	EQUAL(now.handles, 0);
	EQUAL(now.bytes, 0);
}

/* --- caches */

static const struct {
	const char *name;
	struct mmkit_slab_create create;
	int want;
} refusals[] = {
	{ "no byte", { .name = "a" }, -EINVAL },
	{ "more than there may be", { .name = "a", .bytes = (1 << 20) + 1 },
	  -EINVAL },
	{ "4 GiB less one", { .name = "a", .bytes = ~0u }, -EINVAL },
	{ "no name", { .bytes = 8 }, -EINVAL },
	{ "a name with a blank", { .name = "a b", .bytes = 8 }, -EINVAL },
	{ "a name with a slash", { .name = "../a", .bytes = 8 }, -EINVAL },
	{ "a name with a percent sign", { .name = "%s", .bytes = 8 }, -EINVAL },
	{ "a name without an end",
	  { .name = "0123456789012345678901234567890", .bytes = 8 }, 0 },
	{ "an unknown flag", { .name = "a", .bytes = 8, .flags = 1 << 9 },
	  -EINVAL },
	{ "the last flag", { .name = "a", .bytes = 8, .flags = 1u << 31 },
	  -EINVAL },
	{ "reserved", { .name = "a", .bytes = 8, .reserved = 1 }, -EINVAL },
	{ "an alignment of 3", { .name = "a", .bytes = 8, .align = 3 }, -EINVAL },
	{ "an alignment of 8192", { .name = "a", .bytes = 8, .align = 8192 },
	  -EINVAL },
	{ "an alignment of 2^31", { .name = "a", .bytes = 8, .align = 1u << 31 },
	  -EINVAL },
	{ "a region without a size", { .name = "a", .bytes = 8, .useroffset = 1 },
	  -EINVAL },
	{ "a region past the end",
	  { .name = "a", .bytes = 8, .useroffset = 4, .usersize = 5 }, -EINVAL },
	{ "a region that wraps",
	  { .name = "a", .bytes = 8, .useroffset = ~0u, .usersize = 8 },
	  -EINVAL },
	{ "a region larger than it",
	  { .name = "a", .bytes = 8, .usersize = 9 }, -EINVAL },
};

static void refuse(size_t i)
{
	struct mmkit_slab_create create = refusals[i].create;

	create.size = sizeof(create);
	if (!refusals[i].want)
		memset(create.name, 'x', sizeof(create.name));
	test("create refuses %s", refusals[i].name);
	EQUAL(try_create(&create), -EINVAL);
	nothing_held();
}

static void no_merge(void)
{
	struct mmkit_slab_create create = shape(8, MMKIT_SLAB_NO_MERGE);
	int err = try_create(&create);

	test("NO_MERGE is had, or EOPNOTSUPP");
	CHECK(err == 0 || err == -EOPNOTSUPP);
	close(one_fd);
	one_fd = dev_open("slab");
}

/* Names are the session's own affair: a hundred times the same one is fine. */
static void same_name(void)
{
	u32 handles[20];
	size_t i;

	test("caches of one name get along");
	for (i = 0; i < ARRAY_SIZE(handles); i++)
		handles[i] = make(100 + 8 * i, i % 2 ? MMKIT_SLAB_TYPESAFE_BY_RCU : 0);
	CHECK(strcmp(describe(handles[0]).name, describe(handles[2]).name));
	for (i = 0; i < ARRAY_SIZE(handles); i++)
		EQUAL(destroy(handles[i]), 0);
	for (i = 0; i < 20; i++)
		EQUAL(destroy(make(64, i % 2 ? MMKIT_SLAB_TYPESAFE_BY_RCU : 0)), 0);
	nothing_held();
}

static void how_many(void)
{
	struct mmkit_slab_create create = shape(64, MMKIT_SLAB_CTOR);
	u32 handles[MMKIT_SLAB_CACHES_MAX];
	int i;

	test("so many constructors and caches, and no more");
	for (i = 0; i < MMKIT_SLAB_CTORS; i++)
		handles[i] = make(64, MMKIT_SLAB_CTOR);
	EQUAL(try_create(&create), -EBUSY);
	for (; i < MMKIT_SLAB_CACHES_MAX; i++)
		handles[i] = make(64, 0);
	create.flags = 0;
	EQUAL(try_create(&create), -EDQUOT);
	while (i--)
		EQUAL(destroy(handles[i]), 0);
	nothing_held();
}

/* A slot is no smaller than what must be in it, and so many fit into a slab. */
static void check_shape(u32 bytes, u32 flags)
{
	u32 cache = make(bytes, flags);
	struct mmkit_slab_describe what = describe(cache);
	bool outside = what.state & MMKIT_SLAB_FREEPTR_OUTSIDE;

	EQUAL(what.bytes, bytes);
	EQUAL(what.flags, flags);
	CHECK(what.object_size >= bytes);
	CHECK(what.stride >= what.least);
	EQUAL(what.stride % what.real_align, 0);
	EQUAL(what.slots, (PAGE << what.order) / what.stride);
	CHECK(what.inuse >= bytes);
	EQUAL(!!what.left, !!(flags & MMKIT_SLAB_RED_ZONE));
	EQUAL(outside, !!(flags & (MMKIT_SLAB_CTOR | MMKIT_SLAB_POISON |
				   MMKIT_SLAB_TYPESAFE_BY_RCU)) ||
		       (flags & MMKIT_SLAB_RED_ZONE && bytes < 8));
	EQUAL(what.users, 0);
	EQUAL(what.live, 0);
	if (flags & MMKIT_SLAB_CTOR)
		EQUAL(what.ctor_calls % what.slots, 0);
	else
		EQUAL(what.ctor_calls, 0);
	EQUAL(destroy(cache), 0);
}

static void shapes(void)
{
	static const u32 sizes[] = {
		1, 7, 8, 9, 31, 64, 100, 300, 1000, 4096, 10000, 100000, 1 << 20,
	};
	size_t i;
	u32 flags;

	test("every size with every flag: slots, red zones, constructors");
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (flags = 1; flags <= MMKIT_SLAB_CTOR; flags <<= 1)
			if (flags != MMKIT_SLAB_NO_MERGE)
				check_shape(sizes[i], flags);
		check_shape(sizes[i], 0);
		check_shape(sizes[i], MMKIT_SLAB_POISON | MMKIT_SLAB_RED_ZONE |
				      MMKIT_SLAB_STORE_USER | MMKIT_SLAB_CTOR |
				      MMKIT_SLAB_HWCACHE_ALIGN);
	}
	nothing_held();
}

/* --- objects */

static void alloc_refused(void)
{
	u32 cache = make(64, 0), ctor = make(64, MMKIT_SLAB_CTOR);
	struct mmkit_slab_alloc good = ask(cache, 1, 0), bad;
	static const u32 gfps[] = {
		MMKIT_GFP_DMA, MMKIT_GFP_DMA32, MMKIT_GFP_HIGHUSER_MOVABLE,
		MMKIT_GFP_COMP, MMKIT_GFP_THISNODE, 1u << 31,
		MMKIT_GFP_KERNEL | MMKIT_GFP_ATOMIC,
	};
	size_t i;

	test("alloc refuses what no driver could ask for");
#define BAD(field, value, want)						\
	do {								\
		bad = good;						\
		bad.field = value;					\
		EQUAL(try_alloc(&bad), want);				\
	} while (0)
	for (i = 0; i < ARRAY_SIZE(gfps); i++)
		BAD(gfp, gfps[i], -EINVAL);
	BAD(count, 0, -EINVAL);
	BAD(count, (1u << 24) + 1, -EINVAL);
	BAD(reserved, 1, -EINVAL);
	BAD(flags, 4, -EINVAL);
	BAD(flags, MMKIT_SLAB_BULK | MMKIT_SLAB_IN_ATOMIC, -EINVAL);
	BAD(flags, MMKIT_SLAB_IN_ATOMIC, -EINVAL);
	BAD(node, -2, -EINVAL);
	BAD(node, 1 << 20, -EINVAL);
	BAD(cache, 0, -ENOENT);
	BAD(cache, 999, -ENOENT);
	good.node = 0;
	BAD(flags, MMKIT_SLAB_BULK, -EINVAL);
	good = ask(ctor, 1, 0);
	BAD(gfp, MMKIT_GFP_ZERO, -EINVAL);
#undef BAD
	EQUAL(destroy(cache), 0);
	EQUAL(destroy(ctor), 0);
	nothing_held();
}

static void free_refused(void)
{
	u32 cache = make(64, 0), handle = get(cache, 10, 0);
	u64 stride = describe(cache).stride, base = session(one_fd).bytes;
	struct mmkit_slab_object object;

	test("free refuses what is outside or gone, and frees nothing then");
	EQUAL(free_some(handle, 10, 0, 0, 0), -EINVAL);
	EQUAL(free_some(handle, 0, 11, 0, 0), -EINVAL);
	EQUAL(free_some(handle, ~0u, 1, 0, 0), -EINVAL);
	EQUAL(free_some(handle, 1, ~0u, 0, 0), -EINVAL);
	EQUAL(free_some(handle, 0, 0, 0, 2), -EINVAL);
	EQUAL(free_some(999, 0, 0, 0, 0), -ENOENT);
	EQUAL(free_some(cache, 0, 0, 0, 0), -ENOENT);
	EQUAL(session(one_fd).bytes, base);
	EQUAL(free_some(handle, 3, 2, 0, 0), 0);
	EQUAL(free_some(handle, 3, 1, 0, 0), -ENOENT);
	EQUAL(free_some(handle, 0, 10, 0, MMKIT_SLAB_BULK), -ENOENT);
	EQUAL(session(one_fd).bytes, base - 2 * stride);
	EQUAL(describe(cache).live, 8);
	EQUAL(objects(handle, 3, 1, &object), 1);
	EQUAL(object.state, MMKIT_SLAB_FREED);
	EQUAL(free_some(handle, 5, 5, 2, MMKIT_SLAB_BULK), 0);
	EQUAL(session(one_fd).bytes, base - 5 * stride);
	EQUAL(free_all(handle), 0);
	EQUAL(free_all(handle), -ENOENT);
	EQUAL(destroy(cache), 0);
	nothing_held();
}

/* No two objects have the same slot, and each lies where its slot is. */
static void places(u32 bytes, u32 flags, u32 how)
{
	static struct mmkit_slab_object array[600];
	u32 cache = make(bytes, flags), handle = get(cache, 600, how);
	struct mmkit_slab_describe what = describe(cache);
	int i, k, nr = objects(handle, 0, 600, array);

	EQUAL(nr, 600);
	for (i = 0; i < nr; i++) {
		EQUAL(array[i].state, 0);
		EQUAL(array[i].offset,
		      what.left + (u64)array[i].slot * what.stride);
		CHECK(array[i].slot < what.slots);
		for (k = 0; k < i; k++)
			if (array[k].pfn == array[i].pfn &&
			    !CHECK(array[k].slot != array[i].slot))
				break;
	}
	EQUAL(!!(kpage("flags", array[0].pfn) & 1 << 7), 1);
	EQUAL(free_all(handle), 0);
	EQUAL(destroy(cache), 0);
}

static void slots(void)
{
	test("every object has a slot of its own, and lies in it");
	places(8, 0, 0);
	places(300, MMKIT_SLAB_CTOR, MMKIT_SLAB_BULK);
	places(20, MMKIT_SLAB_RED_ZONE | MMKIT_SLAB_POISON, 0);
	places(2000, MMKIT_SLAB_TYPESAFE_BY_RCU, MMKIT_SLAB_BULK);
	nothing_held();
}

static void atomic(void)
{
	u32 cache = make(200, 0);
	struct mmkit_slab_alloc alloc = ask(cache, 100, MMKIT_SLAB_IN_ATOMIC);

	test("objects under a spinlock");
	alloc.gfp = MMKIT_GFP_ATOMIC | MMKIT_GFP_ZERO;
	EQUAL(CALL(ALLOC, &alloc), 0);
	EQUAL(free_all(alloc.handle), 0);
	alloc.gfp = MMKIT_GFP_NOWAIT;
	EQUAL(CALL(ALLOC, &alloc), 0);
	EQUAL(free_all(alloc.handle), 0);
	alloc.node = 0;
	alloc.gfp = MMKIT_GFP_NOWAIT | MMKIT_GFP_THISNODE;
	EQUAL(CALL(ALLOC, &alloc), 0);
	EQUAL(free_all(alloc.handle), 0);
	EQUAL(destroy(cache), 0);
	nothing_held();
}

static void counted(void)
{
	static struct mmkit_slab_slab array[64];
	u32 cache = make(256, MMKIT_SLAB_CTOR), a = get(cache, 100, 0),
	    b = get(cache, 150, MMKIT_SLAB_BULK);
	struct mmkit_slab_slabs sums = slabs(cache);
	u64 used = 0, full = 0, room = 0;
	u32 i;

	test("slabs and their fill, of all handles of a cache together");
	EQUAL(sums.nr, 0);
	EQUAL(sums.used, 250);
	CHECK(sums.held >= 250 / describe(cache).slots);
	sums.nr = ARRAY_SIZE(array);
	sums.slabs = PTR(array);
	EQUAL(CALL(SLABS, &sums), 0);
	EQUAL(sums.nr, sums.held);
	for (i = 0; i < sums.nr; i++) {
		CHECK(array[i].used >= 1 && array[i].used <= array[i].slots);
		used += array[i].used;
		room += array[i].slots;
		full += array[i].used == array[i].slots;
	}
	EQUAL(used, sums.used);
	EQUAL(room, sums.room);
	EQUAL(full, sums.full);
	sums.first = sums.held - 1;
	sums.nr = ARRAY_SIZE(array);
	EQUAL(CALL(SLABS, &sums), 0);
	EQUAL(sums.nr, 1);
	sums.nr = MMKIT_SLAB_SLABS_MAX + 1;
	EQUAL(CALL(SLABS, &sums), -EINVAL);
	EQUAL(free_all(a), 0);
	EQUAL(slabs(cache).used, 150);
	EQUAL(free_all(b), 0);
	EQUAL(slabs(cache).held, 0);
	EQUAL(destroy(cache), 0);
	nothing_held();
}

/* The kernel constructs each object of a slab when it makes the slab. */
static void constructed(void)
{
	u32 cache = make(256, MMKIT_SLAB_CTOR), handle;
	struct mmkit_slab_describe what = describe(cache);
	u64 before = what.ctor_calls, calls;

	test("the constructor is called for slabs, and not for objects");
	handle = get(cache, 40 * what.slots, 0);
	calls = describe(cache).ctor_calls;
	CHECK(calls >= before + 39 * what.slots);
	EQUAL((calls - before) % what.slots, 0);
	EQUAL(free_some(handle, 0, 1, 0, 0), 0);
	EQUAL(free_all(get(cache, 1, 0)), 0);
	BETWEEN(describe(cache).ctor_calls, calls, calls + 2 * what.slots);
	EQUAL(free_all(handle), 0);
	EQUAL(destroy(cache), 0);
	nothing_held();
}

static void busy(void)
{
	u32 cache = make(64, 0), handle = get(cache, 7, 0), none = make(64, 0);
	struct mmkit_slab_user array[2];
	struct mmkit_slab_users users = {
		.size = sizeof(users), .handle = cache, .nr = 2,
		.users = PTR(array),
	};

	test("a cache with objects in it is not destroyed, and they are listed");
	EQUAL(destroy(cache), -EBUSY);
	EQUAL(CALL(USERS, &users), 0);
	EQUAL(users.nr, 1);
	EQUAL(array[0].handle, handle);
	EQUAL(array[0].kind, MMKIT_SLAB_KIND_OBJECTS);
	EQUAL(array[0].live, 7);
	users.reserved = 1;
	EQUAL(CALL(USERS, &users), -EINVAL);
	users.reserved = 0;
	users.nr = MMKIT_SLAB_USERS_MAX + 1;
	EQUAL(CALL(USERS, &users), -EINVAL);
	users.nr = 1;
	users.handle = 999;
	EQUAL(CALL(USERS, &users), -ENOENT);
	users.handle = none;
	EQUAL(CALL(USERS, &users), 0);
	EQUAL(users.nr, 0);
	EQUAL(destroy(handle), -ENOENT);
	EQUAL(free_all(handle), 0);
	EQUAL(destroy(cache), 0);
	EQUAL(destroy(cache), -ENOENT);
	EQUAL(destroy(none), 0);
	nothing_held();
}

/* The cache goes first then: its objects must not miss it. */
static void closed(void)
{
	int fd = one_fd;
	u32 cache, handle;

	test("a session that is closed leaves nothing");
	one_fd = dev_open("slab");
	cache = make(128, MMKIT_SLAB_CTOR);
	handle = get(cache, 1000, 0);
	get(make(64, MMKIT_SLAB_TYPESAFE_BY_RCU), 100, MMKIT_SLAB_BULK);
	EQUAL(free_some(handle, 0, 0, 3, 0), 0);
	close(one_fd);
	one_fd = fd;
	how_many();
}

/* --- mempools */

static struct mmkit_slab_pool pool_of(u32 over)
{
	return (struct mmkit_slab_pool) {
		.size = sizeof(struct mmkit_slab_pool),
		.over = over,
		.bytes = over == MMKIT_SLAB_OVER_KMALLOC ? 100 : 0,
		.reserve = 4,
		.room = 16,
	};
}

/* Nobody would be charged for them: slabs of 1 MiB that no object is in. */
static void none_kept(void)
{
	u32 cache = make(1 << 20, 0), handle;
	char path[128];

	test("slabs that are empty are given back when objects are freed");
	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/slabs",
		 describe(cache).name);
	EQUAL(file_number(path), 0);
	handle = get(cache, 8, 0);
	EQUAL(file_number(path), 8);
	EQUAL(free_some(handle, 0, 5, 0, 0), 0);
	EQUAL(file_number(path), 3);
	EQUAL(free_all(handle), 0);
	EQUAL(file_number(path), 0);
	EQUAL(destroy(cache), 0);
	nothing_held();
}

/* What it takes at once: a pointer for each, and of kmalloc() the size class. */
static void pool_charged(void)
{
	struct mmkit_slab_pool pool = pool_of(MMKIT_SLAB_OVER_KMALLOC);
	u32 nr = pool.reserve + pool.room;

	test("a pool is charged what its elements take");
	pool.bytes = 300;
	EQUAL(CALL(POOL, &pool), 0);
	EQUAL(session(one_fd).bytes, nr * (512 + 8));
	EQUAL(free_all(pool.handle), 0);
	nothing_held();
}

static void pool_refused(void)
{
	u32 ctor = make(64, MMKIT_SLAB_CTOR);
	struct mmkit_slab_pool pool;

	test("pools that no driver could create");
#define BAD(what, field, value, want)					\
	do {								\
		pool = pool_of(MMKIT_SLAB_OVER_##what);			\
		pool.field = value;					\
		EQUAL(CALL(POOL, &pool), want);				\
	} while (0)
	BAD(NR, reserve, 1, -EINVAL);
	BAD(KMALLOC, reserve, 0, -EINVAL);
	BAD(KMALLOC, reserve, ~0u, -EINVAL);
	BAD(KMALLOC, room, 0, -EINVAL);
	BAD(KMALLOC, room, MMKIT_SLAB_ROOM_MAX + 1, -EINVAL);
	BAD(KMALLOC, bytes, 0, -EINVAL);
	BAD(KMALLOC, bytes, ~0u, -EINVAL);
	BAD(KMALLOC, cache, 1, -EINVAL);
	BAD(KMALLOC, order, 1, -EINVAL);
	BAD(PAGES, order, MMKIT_SLAB_ORDER_MAX + 1, -EINVAL);
	BAD(PAGES, bytes, 1, -EINVAL);
	BAD(CACHE, bytes, 1, -EINVAL);
	BAD(CACHE, cache, 999, -ENOENT);
	BAD(CACHE, cache, ctor, -EINVAL);
	pool = pool_of(MMKIT_SLAB_OVER_PAGES);
	pool.order = 4;
	pool.reserve = MMKIT_SLAB_ROOM_MAX;
	EQUAL(CALL(POOL, &pool), -EDQUOT);
#undef BAD
	EQUAL(destroy(ctor), 0);
	nothing_held();
}

static struct mmkit_slab_take taken(u32 handle, u32 nr, u32 flags, int want)
{
	struct mmkit_slab_take take = {
		.size = sizeof(take), .handle = handle, .nr = nr,
		.gfp = MMKIT_GFP_NOWAIT, .flags = flags,
	};

	EQUAL(CALL(TAKE, &take), want);
	return take;
}

static void takes(u32 handle)
{
	struct mmkit_slab_give give = { .size = sizeof(give), .handle = handle };
	struct mmkit_slab_take take = taken(handle, 6, 0, 0);

	EQUAL(take.taken, 6);
	EQUAL(take.from_reserve, 0);
	EQUAL(take.failures, 0);
	take = taken(handle, 6, MMKIT_SLAB_REFUSE, 0);
	EQUAL(take.taken, 4);
	EQUAL(take.from_reserve, 4);
	EQUAL(take.failures, 5);
	EQUAL(take.in_reserve, 0);
	EQUAL(take.held, 10);
	taken(handle, 7, 0, -EDQUOT);
	take.gfp = MMKIT_GFP_KERNEL;
	take.nr = 1;
	EQUAL(CALL(TAKE, &take), -EDEADLK);
	give.nr = 11;
	EQUAL(CALL(GIVE, &give), -ENOENT);
	give.nr = 1;
	EQUAL(CALL(GIVE, &give), 0);
	EQUAL(give.to_reserve, 1);
	EQUAL(give.held, 9);
	take.flags = MMKIT_SLAB_REFUSE;
	EQUAL(CALL(TAKE, &take), 0);
	EQUAL(take.taken, 1);
	give.nr = 0;
	EQUAL(CALL(GIVE, &give), 0);
	EQUAL(give.to_reserve, 4);
	EQUAL(give.held, 0);
	taken(handle, 0, 2, -EINVAL);
	take.gfp = MMKIT_GFP_NOWAIT | MMKIT_GFP_ZERO;
	EQUAL(CALL(TAKE, &take), -EINVAL);
	take.gfp = MMKIT_GFP_NOWAIT | MMKIT_GFP_DMA;
	EQUAL(CALL(TAKE, &take), -EINVAL);
}

static void pools(void)
{
	u32 cache = make(200, 0), over;

	for (over = 0; over < MMKIT_SLAB_OVER_NR; over++) {
		struct mmkit_slab_pool pool = pool_of(over);

		test("a mempool serves its reserve, and no more (over %u)", over);
		if (over == MMKIT_SLAB_OVER_CACHE)
			pool.cache = cache;
		EQUAL(CALL(POOL, &pool), 0);
		takes(pool.handle);
		if (over == MMKIT_SLAB_OVER_CACHE) {
			EQUAL(destroy(cache), -EBUSY);
			EQUAL(describe(cache).live, 4);
		}
		taken(pool.handle, 3, 0, 0);
		EQUAL(free_some(pool.handle, 0, 1, 0, 0), -EINVAL);
		EQUAL(free_all(pool.handle), 0);
		taken(pool.handle, 1, 0, -ENOENT);
	}
	EQUAL(describe(cache).live, 0);
	EQUAL(destroy(cache), 0);
	nothing_held();
}

/* --- shrinkers */

static struct mmkit_slab_lru_stat stat_of(u32 handle)
{
	struct mmkit_slab_lru_stat stat = {
		.size = sizeof(stat), .handle = handle,
	};

	EQUAL(CALL(LRU_STAT, &stat), 0);
	return stat;
}

static int try_lru(u32 cache, u32 reserved)
{
	struct mmkit_slab_lru lru = {
		.size = sizeof(lru), .cache = cache, .reserved = reserved,
	};

	return CALL(LRU, &lru);
}

static void lru_refused(void)
{
	u32 cache = make(8, 0), ctor = make(64, MMKIT_SLAB_CTOR);
	struct mmkit_slab_lru_add add = { .size = sizeof(add), .count = 1 };
	struct mmkit_slab_lru_stat stat = { .size = sizeof(stat), .handle = cache };

	test("LRUs that no driver could create");
	EQUAL(try_lru(cache, 0), -EINVAL);
	EQUAL(try_lru(ctor, 0), -EINVAL);
	EQUAL(try_lru(999, 0), -ENOENT);
	EQUAL(try_lru(cache, 1), -EINVAL);
	add.handle = cache;
	EQUAL(CALL(LRU_ADD, &add), -ENOENT);
	add.count = 0;
	EQUAL(CALL(LRU_ADD, &add), -EINVAL);
	add.count = 1;
	add.gfp = MMKIT_GFP_DMA;
	EQUAL(CALL(LRU_ADD, &add), -EINVAL);
	add.gfp = 0;
	add.reserved = 1;
	EQUAL(CALL(LRU_ADD, &add), -EINVAL);
	EQUAL(CALL(LRU_STAT, &stat), -ENOENT);
	EQUAL(destroy(cache), 0);
	EQUAL(destroy(ctor), 0);
	nothing_held();
}

/* What "echo 2" does walks every shrinker until it gives no more. */
static void dropped(u32 flag, const char *name)
{
	u32 cache = make(64, flag);
	struct mmkit_slab_lru lru = { .size = sizeof(lru), .cache = cache };
	struct mmkit_slab_lru_add add = { .size = sizeof(add), .count = 5000 };
	struct mmkit_slab_lru_stat stat;
	u64 base = session(one_fd).bytes;
	int i;

	test("the kernel takes objects back, and the quota hears of it: %s",
	     name);
	EQUAL(CALL(LRU, &lru), 0);
	EQUAL(session(one_fd).bytes, base + 2 * PAGE);
	base = session(one_fd).bytes;
	add.handle = lru.handle;
	EQUAL(CALL(LRU_ADD, &add), 0);
	EQUAL(add.added, 5000);
	EQUAL(session(one_fd).bytes, base + 5000 * describe(cache).stride);
	EQUAL(destroy(cache), -EBUSY);
	for (i = 0; i < 10 && stat_of(lru.handle).live; i++)
		EQUAL(file_write("/proc/sys/vm/drop_caches", "2"), 0);
	stat = stat_of(lru.handle);
	EQUAL(stat.live, 0);
	EQUAL(stat.taken, 5000);
	CHECK(stat.counts && stat.scans && stat.scanned >= 5000);
	EQUAL(session(one_fd).bytes, base);
	EQUAL(describe(cache).live, 0);
	EQUAL(CALL(LRU_ADD, &add), 0);
	EQUAL(free_some(lru.handle, 0, 0, 1, 0), -EINVAL);
	EQUAL(free_all(lru.handle), 0);
	EQUAL(destroy(cache), 0);
	nothing_held();
}

/* --- reuse */

static void reused(const struct mmkit_slab_reuse *arg)
{
	/* One that moves to another CPU in between finds other objects there. */
	BETWEEN(arg->reused, 90, 100);
	EQUAL(arg->in_grace, arg->reused);
	EQUAL(arg->stale, arg->reused);
	EQUAL(arg->caught, arg->reused);
	EQUAL(arg->safe, arg->reused);
}

static void reuse(void)
{
	bool delayed = slab_reuse_delayed();
	u32 cache = make(64, MMKIT_SLAB_TYPESAFE_BY_RCU), plain = make(64, 0),
	    small = make(4, MMKIT_SLAB_TYPESAFE_BY_RCU);
	struct mmkit_slab_reuse arg = {
		.size = sizeof(arg), .cache = cache, .rounds = 100, .tries = 64,
	}, bad;

	test("an object becomes another one while a reader has it");
	EQUAL(CALL(REUSE, &arg), delayed ? -EOPNOTSUPP : 0);
	if (!delayed)
		reused(&arg);
#define BAD(field, value, want)						\
	do {								\
		bad = arg;						\
		bad.field = value;					\
		EQUAL(CALL(REUSE, &bad), want);				\
	} while (0)
	BAD(cache, 999, -ENOENT);
	BAD(cache, plain, -EINVAL);
	BAD(cache, small, -EINVAL);
	BAD(rounds, 0, -EINVAL);
	BAD(rounds, MMKIT_SLAB_REUSE_MAX + 1, -EINVAL);
	BAD(tries, 0, -EINVAL);
	BAD(tries, MMKIT_SLAB_REUSE_TRIES_MAX + 1, -EINVAL);
#undef BAD
	EQUAL(describe(cache).live, 0);
	EQUAL(destroy(cache), 0);
	EQUAL(destroy(plain), 0);
	EQUAL(destroy(small), 0);
	nothing_held();
}

/* --- the rest of the refusals */

static void handles_refused(void)
{
	u32 cache = make(64, 0), handle = get(cache, 4, 0);
	struct mmkit_slab_shrink shrink = { .size = sizeof(shrink) };
	struct mmkit_slab_describe what = { .size = sizeof(what) };
	struct mmkit_slab_slabs sums = { .size = sizeof(sums), .handle = handle };
	struct mmkit_slab_object array[4];

	test("handles and indices that are none, or of another kind");
	shrink.handle = handle;
	EQUAL(CALL(SHRINK, &shrink), -ENOENT);
	shrink.handle = cache;
	EQUAL(CALL(SHRINK, &shrink), 0);
	what.handle = handle;
	EQUAL(CALL(DESCRIBE, &what), -ENOENT);
	EQUAL(CALL(SLABS, &sums), -ENOENT);
	EQUAL(objects(cache, 0, 4, array), -ENOENT);
	EQUAL(objects(handle, 4, 1, array), -EINVAL);
	EQUAL(objects(handle, ~0u, 1, array), -EINVAL);
	EQUAL(objects(handle, 0, 0, array), -EINVAL);
	EQUAL(objects(handle, 0, MMKIT_SLAB_OBJECTS_MAX + 1, array), -EINVAL);
	EQUAL(objects(handle, 2, 4, array), 2);
	EQUAL(free_all(handle), 0);
	EQUAL(destroy(cache), 0);
	nothing_held();
}

static void bad_pointers(void)
{
	struct mmkit_slab_create create = shape(64, 0);
	struct mmkit_slab_alloc alloc;
	struct mmkit_slab_users users = { .size = sizeof(users), .nr = 1 };
	struct mmkit_slab_slabs sums = { .size = sizeof(sums), .nr = 1 };
	u32 cache, handle;

	test("bad pointers are EFAULT, and make nothing");
	EQUAL(CALL(CREATE, unmapped()), -EFAULT);
	EQUAL(CALL(CREATE, readonly_copy(&create, sizeof(create))), -EFAULT);
	nothing_held();
	cache = make(64, 0);
	alloc = ask(cache, 3, 0);
	EQUAL(CALL(ALLOC, readonly_copy(&alloc, sizeof(alloc))), -EFAULT);
	EQUAL(describe(cache).users, 0);
	EQUAL(describe(cache).live, 0);
	handle = get(cache, 3, 0);
	EQUAL(objects(handle, 0, 3, unmapped()), -EFAULT);
	users.handle = sums.handle = cache;
	users.users = sums.slabs = PTR(unmapped());
	EQUAL(CALL(USERS, &users), -EFAULT);
	EQUAL(CALL(SLABS, &sums), -EFAULT);
	EQUAL(CALL(DESTROY, unmapped()), -EFAULT);
	EQUAL(CALL(FREE, unmapped()), -EFAULT);
	EQUAL(CALL(SHRINK, unmapped()), -EFAULT);
	EQUAL(CALL(DESCRIBE, unmapped()), -EFAULT);
	EQUAL(CALL(POOL, unmapped()), -EFAULT);
	EQUAL(CALL(TAKE, unmapped()), -EFAULT);
	EQUAL(CALL(GIVE, unmapped()), -EFAULT);
	EQUAL(CALL(LRU, unmapped()), -EFAULT);
	EQUAL(CALL(LRU_ADD, unmapped()), -EFAULT);
	EQUAL(CALL(LRU_STAT, unmapped()), -EFAULT);
	EQUAL(CALL(REUSE, unmapped()), -EFAULT);
	EQUAL(free_all(handle), 0);
	EQUAL(destroy(cache), 0);
	nothing_held();
}

static void as_nobody(void *data)
{
	u32 *handles = data;
	struct mmkit_slab_alloc alloc = ask(handles[0], 1, 0);
	struct mmkit_slab_take take = {
		.size = sizeof(take), .handle = handles[2],
		.nr = 1, .gfp = MMKIT_GFP_ATOMIC,
	};
	struct mmkit_slab_slabs sums = { .size = sizeof(sums), .nr = 1 };
	struct mmkit_slab_object object;
	struct mmkit_slab_slab slab;

	EQUAL(setresuid(NOBODY, NOBODY, NOBODY), 0);
	EQUAL(objects(handles[1], 0, 1, &object), 1);
	EQUAL(object.pfn, 0);
	CHECK(object.state & MMKIT_SLAB_NOPFN);
	sums.handle = handles[0];
	sums.slabs = PTR(&slab);
	EQUAL(CALL(SLABS, &sums), 0);
	EQUAL(slab.pfn, 0);
	CHECK(slab.used > 0);
	alloc.gfp = MMKIT_GFP_ATOMIC;
	EQUAL(try_alloc(&alloc), -EPERM);
	EQUAL(CALL(TAKE, &take), -EPERM);
}

static void hidden(void)
{
	struct mmkit_slab_pool pool = pool_of(MMKIT_SLAB_OVER_KMALLOC);
	u32 handles[3];

	test("others than root see no page frames and have no ATOMIC");
	handles[0] = make(64, 0);
	handles[1] = get(handles[0], 1, 0);
	EQUAL(CALL(POOL, &pool), 0);
	handles[2] = pool.handle;
	EQUAL(in_child(as_nobody, handles), 0);
	EQUAL(free_all(handles[1]), 0);
	EQUAL(free_all(handles[2]), 0);
	EQUAL(destroy(handles[0]), 0);
	nothing_held();
}

static void quota(void)
{
	struct mmkit_session_info was = session(one_fd);
	u32 cache = make(64, 0), stride = describe(cache).stride;
	struct mmkit_slab_alloc alloc = ask(cache, 5, 0);
	struct mmkit_slab_create create = shape(64, 0);
	struct mmkit_slab_lru lru = { .size = sizeof(lru), .cache = cache };
	struct mmkit_slab_lru_add add = { .size = sizeof(add), .count = 5 };
	struct mmkit_slab_reuse again = {
		.size = sizeof(again), .rounds = 1, .tries = 256,
	};
	char text[32];

	test("over the quota with the object after the last");
	again.cache = make(64, MMKIT_SLAB_TYPESAFE_BY_RCU);
	EQUAL(CALL(LRU, &lru), 0);
	add.handle = lru.handle;
	snprintf(text, sizeof(text), "%llu",
		 (unsigned long long)session(one_fd).bytes + 4 * stride);
	EQUAL(file_write(QUOTA "session_bytes", text), 0);
	EQUAL(try_alloc(&alloc), -EDQUOT);
	EQUAL(try_create(&create), -EDQUOT);
	EQUAL(CALL(REUSE, &again), -EDQUOT);
	EQUAL(try_lru(cache, 0), -EDQUOT);
	EQUAL(CALL(LRU_ADD, &add), -EDQUOT);
	alloc.count = 4;
	EQUAL(CALL(ALLOC, &alloc), 0);
	EQUAL(free_all(alloc.handle), 0);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)was.max_bytes);
	EQUAL(file_write(QUOTA "session_bytes", text), 0);
	EQUAL(free_all(lru.handle), 0);
	EQUAL(destroy(cache), 0);
	EQUAL(destroy(again.cache), 0);
	nothing_held();
}

int main(void)
{
	size_t i;

	one_fd = dev_open("slab");
	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		refuse(i);
	no_merge();
	same_name();
	how_many();
	shapes();
	alloc_refused();
	free_refused();
	slots();
	atomic();
	counted();
	none_kept();
	constructed();
	busy();
	closed();
	pool_refused();
	pool_charged();
	pools();
	lru_refused();
	dropped(MMKIT_SLAB_RECLAIM_ACCOUNT, "reclaim_account");
	dropped(MMKIT_SLAB_TYPESAFE_BY_RCU, "typesafe_by_rcu");
	reuse();
	handles_refused();
	bad_pointers();
	hidden();
	quota();
	return tap_end();
}
