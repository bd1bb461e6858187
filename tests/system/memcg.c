// SPDX-License-Identifier: GPL-2.0-only
/*
 * A flood from within a small memory cgroup: it ends with ENOMEM, in that cgroup
 * alone, and all of it comes back.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib.h"

#define GROUP	"/sys/fs/cgroup/mmkit-test"
#define LIMIT	(24 << 20)
/* Charges that each CPU keeps in stock, and the process itself. */
#define SLACK	(2 << 20)

static long long event(const char *file, const char *name)
{
	char text[1024], *at;

	if (!file_read(file, text, sizeof(text)))
		return -1;
	at = strstr(text, name);
	return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

static long long current(void)
{
	return file_number(GROUP "/memory.current");
}

static void enter(void)
{
	char pid[16];

	own_memory_now();
	snprintf(pid, sizeof(pid), "%d", getpid());
	EQUAL(file_write(GROUP "/cgroup.procs", pid), 0);
}

struct flood {
	const char *name;
	const char *area;
	int (*more)(int fd, u32 round);	/* half a MiB or so more */
	/*
	 * So many bytes are charged for one that is held, at most. KASAN adds a
	 * red zone to each small object; of a per-cpu one a pointer for each 4
	 * bytes is charged as well, on one CPU twice as much as it holds.
	 */
	int costs;
};

static int more_pages(int fd, u32 round)
{
	struct mmkit_pages_alloc alloc = alloc_init(round % 5, 128 >> round % 5);

	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int more_movable(int fd, u32 round)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 128);

	(void)round;
	alloc.gfp = MMKIT_GFP_HIGHUSER_MOVABLE | MMKIT_GFP_ZERO;
	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int more_nowait(int fd, u32 round)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 128);

	(void)round;
	alloc.gfp = MMKIT_GFP_NOWAIT;
	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int more_noretry(int fd, u32 round)
{
	struct mmkit_pages_alloc alloc = alloc_init(3, 16);

	(void)round;
	alloc.gfp = MMKIT_GFP_NORETRY;
	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int more_bulk(int fd, u32 round)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 128);

	(void)round;
	alloc.how = MMKIT_PAGES_BULK;
	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int more_exact(int fd, u32 round)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 16);

	alloc.how = MMKIT_PAGES_EXACT;
	alloc.bytes = (round % 8 + 1) * PAGE;
	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int more_heap(int fd, u32 api, u64 bytes, u32 count)
{
	struct mmkit_heap_alloc alloc = {
		.size = sizeof(alloc),
		.api = api,
		.bytes = bytes,
		.count = count,
		.node = -1,
	};

	return call(fd, MMKIT_HEAP_ALLOC, &alloc);
}

static int more_kmalloc(int fd, u32 round)
{
	return more_heap(fd, MMKIT_HEAP_KMALLOC, 64 << round % 8,
			 8192 >> round % 8);
}

static int more_large(int fd, u32 round)
{
	return more_heap(fd, MMKIT_HEAP_KMALLOC, 16384 << round % 4,
			 32 >> round % 4);
}

static int more_vmalloc(int fd, u32 round)
{
	return more_heap(fd, MMKIT_HEAP_VMALLOC, (512 << 10) >> round % 7,
			 1 << round % 7);
}

static int more_vmap(int fd, u32 round)
{
	return more_heap(fd, MMKIT_HEAP_VMAP, (512 << 10) >> round % 4,
			 1 << round % 4);
}

static int more_percpu(int fd, u32 round)
{
	(void)round;
	return more_heap(fd, MMKIT_HEAP_ALLOC_PERCPU, 4096, 64);
}

static int more_map(int fd, u32 round)
{
	return map_set(fd, (round + 1) * (512 << 10), "");
}

/* The first handle of a session is its cache. */
static int slab_alloc(int fd, u32 round, u32 flags)
{
	struct mmkit_slab_create create = {
		.size = sizeof(create), .name = "flood", .bytes = 1000,
	};
	struct mmkit_slab_alloc alloc = {
		.size = sizeof(alloc), .cache = 1, .count = 512, .node = -1,
		.flags = flags,
	};

	if (!round)
		return call(fd, MMKIT_SLAB_CREATE, &create);
	return call(fd, MMKIT_SLAB_ALLOC, &alloc);
}

static int more_slab(int fd, u32 round)
{
	return slab_alloc(fd, round, 0);
}

static int more_slab_bulk(int fd, u32 round)
{
	return slab_alloc(fd, round, MMKIT_SLAB_BULK);
}

static int more_pools(int fd, u32 round)
{
	struct mmkit_slab_pool pool = {
		.size = sizeof(pool), .over = MMKIT_SLAB_OVER_PAGES,
		.reserve = 128, .room = 1,
	};

	(void)round;
	return call(fd, MMKIT_SLAB_POOL, &pool);
}

static const struct flood floods[] = {
	{ "blocks", "pages", more_pages, 2 },
	{ "movable blocks", "pages", more_movable, 2 },
	{ "blocks that may not wait", "pages", more_nowait, 2 },
	{ "blocks without a retry", "pages", more_noretry, 2 },
	{ "bulk", "pages", more_bulk, 2 },
	{ "exact sizes", "pages", more_exact, 2 },
	{ "a store", "map", more_map, 2 },
	{ "kmalloc", "heap", more_kmalloc, 3 },
	{ "large kmalloc", "heap", more_large, 2 },
	{ "vmalloc", "heap", more_vmalloc, 2 },
	{ "vmap", "heap", more_vmap, 2 },
	{ "alloc_percpu", "heap", more_percpu, 4 },
	{ "slab objects", "slab", more_slab, 2 },
	{ "slab objects in bulk", "slab", more_slab_bulk, 2 },
	{ "mempools", "slab", more_pools, 2 },
};

/* Fills the group; what was refused is not charged to the session either. */
static void run_flood(void *data)
{
	const struct flood *flood = data;
	int fd, err = 0;
	u64 held = 0;
	u32 round;

	enter();
	fd = dev_open(flood->area);
	for (round = 0; !err && round < 10000; round++) {
		held = session(fd).bytes;
		err = flood->more(fd, round);
	}
	EQUAL(err, -ENOMEM);
	EQUAL(session(fd).bytes, held);
	BETWEEN(held, LIMIT / flood->costs, LIMIT);
	BETWEEN(current(), held, LIMIT);
	close(fd);
	BETWEEN(current(), 0, SLACK);
}

static void one_flood(const struct flood *flood)
{
	long long killed = oom_kills();

	test("bug 28: a flood of %s ends with ENOMEM in its own cgroup", flood->name);
	EQUAL(mkdir(GROUP, 0700), 0);
	EQUAL(file_write(GROUP "/memory.max", "24M"), 0);
	file_write(GROUP "/memory.swap.max", "0");
	EQUAL(in_child(run_flood, (void *)flood), 0);
	EQUAL(oom_kills(), killed);
	EQUAL(event(GROUP "/memory.events", "oom_kill "), 0);
	BETWEEN(current(), 0, SLACK);
	EQUAL(rmdir(GROUP), 0);
}

/* --- one request for more than the group may have */

/* Twice as much. What was had of it before the end came is most of the group. */
#define EXCESS	(2 * LIMIT)

static int ask_pages(int fd, u32 how, u32 order)
{
	struct mmkit_pages_alloc alloc = alloc_init(order,
						    EXCESS / PAGE >> order);

	alloc.how = how;
	if (how == MMKIT_PAGES_EXACT)
		alloc.bytes = PAGE;
	return call(fd, MMKIT_PAGES_ALLOC, &alloc);
}

static int ask_blocks(int fd)
{
	return ask_pages(fd, MMKIT_PAGES_BUDDY, 3);
}

static int ask_bulk(int fd)
{
	return ask_pages(fd, MMKIT_PAGES_BULK, 0);
}

static int ask_exact(int fd)
{
	return ask_pages(fd, MMKIT_PAGES_EXACT, 0);
}

static int ask_kmalloc(int fd)
{
	return more_heap(fd, MMKIT_HEAP_KMALLOC, 1024, EXCESS / 1024);
}

static int ask_vmalloc(int fd)
{
	return more_heap(fd, MMKIT_HEAP_VMALLOC, 64 << 10,
			 EXCESS / (64 << 10));
}

static int ask_percpu(int fd)
{
	return more_heap(fd, MMKIT_HEAP_ALLOC_PERCPU, 4096, EXCESS / 4096);
}

static int ask_store(int fd)
{
	return map_set(fd, EXCESS, "");
}

static int ask_slab(int fd, u32 flags)
{
	struct mmkit_slab_create create = {
		.size = sizeof(create), .name = "excess", .bytes = 1000,
	};
	struct mmkit_slab_alloc alloc = {
		.size = sizeof(alloc), .count = EXCESS / 1000, .node = -1,
		.flags = flags,
	};
	struct mmkit_slab_destroy destroy = { .size = sizeof(destroy) };
	int err;

	EQUAL(call(fd, MMKIT_SLAB_CREATE, &create), 0);
	alloc.cache = create.handle;
	destroy.handle = create.handle;
	err = call(fd, MMKIT_SLAB_ALLOC, &alloc);
	EQUAL(call(fd, MMKIT_SLAB_DESTROY, &destroy), 0);
	return err;
}

static int ask_objects(int fd)
{
	return ask_slab(fd, 0);
}

static int ask_objects_in_bulk(int fd)
{
	return ask_slab(fd, MMKIT_SLAB_BULK);
}

static int ask_pool(int fd)
{
	struct mmkit_slab_pool pool = {
		.size = sizeof(pool), .over = MMKIT_SLAB_OVER_PAGES,
		.reserve = EXCESS / PAGE, .room = 1,
	};

	return call(fd, MMKIT_SLAB_POOL, &pool);
}

static const struct excess {
	const char *name;
	const char *area;
	int (*ask)(int fd);
} excesses[] = {
	{ "blocks", "pages", ask_blocks },
	{ "bulk", "pages", ask_bulk },
	{ "exact sizes", "pages", ask_exact },
	{ "kmalloc", "heap", ask_kmalloc },
	{ "vmalloc", "heap", ask_vmalloc },
	{ "alloc_percpu", "heap", ask_percpu },
	{ "a store", "map", ask_store },
	{ "slab objects", "slab", ask_objects },
	{ "slab objects in bulk", "slab", ask_objects_in_bulk },
	{ "a mempool", "slab", ask_pool },
};

/* The session knows of nothing; the group knows what it was charged for. */
static void run_excess(void *data)
{
	const struct excess *excess = data;
	int fd = dev_open(excess->area);

	enter();
	EQUAL(excess->ask(fd), -ENOMEM);
	EQUAL(session(fd).handles, 0);
	EQUAL(session(fd).bytes, 0);
	BETWEEN(current(), 0, SLACK);
	/* It came to the limit, or what could be left behind would be little. */
	BETWEEN(file_number(GROUP "/memory.peak"), LIMIT / 2, LIMIT);
	close(fd);
}

static void one_excess(const struct excess *excess)
{
	test("%s: a request for more than its cgroup has is ENOMEM, and nothing of it stays charged",
	     excess->name);
	EQUAL(mkdir(GROUP, 0700), 0);
	EQUAL(file_write(GROUP "/memory.max", "24M"), 0);
	file_write(GROUP "/memory.swap.max", "0");
	EQUAL(in_child(run_excess, (void *)excess), 0);
	EQUAL(event(GROUP "/memory.events", "oom_kill "), 0);
	EQUAL(rmdir(GROUP), 0);
}

/* Memory that may not fail is charged over the limit, but it is charged. */
static void run_atomic(void *unused)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 1024);
	long long before;
	int fd;

	(void)unused;
	enter();
	fd = dev_open("pages");
	before = current();
	alloc.gfp = MMKIT_GFP_ATOMIC;
	EQUAL(call(fd, MMKIT_PAGES_ALLOC, &alloc), 0);
	BETWEEN(current() - before, 1024 * PAGE - SLACK / 2,
		1024 * PAGE + SLACK);
	close(fd);
}

static void atomic_charged(void)
{
	test("ATOMIC memory is charged to the cgroup");
	EQUAL(mkdir(GROUP, 0700), 0);
	EQUAL(file_write(GROUP "/memory.max", "24M"), 0);
	EQUAL(in_child(run_atomic, NULL), 0);
	EQUAL(rmdir(GROUP), 0);
}

/* A session that is closed from outside gives back to where it was charged. */
static void run_charge(void *data)
{
	enter();
	EQUAL(map_set(*(int *)data, 8 << 20, ""), 0);
}

static void charged_to_caller(void)
{
	int fd = dev_open("map");

	test("the charge is the caller's, not the opener's, until it is freed");
	EQUAL(mkdir(GROUP, 0700), 0);
	EQUAL(in_child(run_charge, &fd), 0);
	BETWEEN(current(), 8 << 20, (8 << 20) + SLACK);
	close(fd);
	BETWEEN(current(), 0, SLACK);
	EQUAL(rmdir(GROUP), 0);
}

int main(void)
{
	size_t i;

	if (access("/sys/fs/cgroup/cgroup.controllers", F_OK)) {
		test("floods of a memory cgroup");
		skip("no cgroup2");
		return tap_end();
	}
	for (i = 0; i < ARRAY_SIZE(floods); i++)
		one_flood(&floods[i]);
	for (i = 0; i < ARRAY_SIZE(excesses); i++)
		one_excess(&excesses[i]);
	atomic_charged();
	charged_to_caller();
	return tap_end();
}
