// SPDX-License-Identifier: GPL-2.0-only
/*
 * A million live objects in one session: what each costs, beside what each of a
 * thousand costs, and the memory that is no object's. The clock of the machine
 * counts instructions.
 */
#include <sched.h>
#include <time.h>
#include <unistd.h>
#include "lib.h"

#define BYTES	64
#define FEW	1000u
#define MANY	1000000u
#define ROUNDS	20

struct cost {
	u64 alloc;
	u64 free;
};

static u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* A cache of its own each time: slabs are made and given back in both cases. */
static u32 make(int fd)
{
	struct mmkit_slab_create create = {
		.size = sizeof(create), .name = "cost", .bytes = BYTES,
		.flags = MMKIT_SLAB_CTOR,
	};

	EQUAL(call(fd, MMKIT_SLAB_CREATE, &create), 0);
	return create.handle;
}

static void destroy(int fd, u32 cache)
{
	struct mmkit_slab_destroy arg = { .size = sizeof(arg), .handle = cache };

	EQUAL(call(fd, MMKIT_SLAB_DESTROY, &arg), 0);
}

/* Free pages at the CPU's hand, which MemFree leaves out: they may be many. */
static long long at_hand(void)
{
	static char text[1 << 16];
	long long sum = 0;
	char *at = text;

	if (!file_read("/proc/zoneinfo", text, sizeof(text)))
		bail("/proc/zoneinfo");
	while ((at = strstr(at, " count:"))) {
		at += strlen(" count:");
		sum += strtoll(at, NULL, 10);
	}
	return sum * PAGE;
}

/* What is there but the slabs themselves, of which @cache has so many pages. */
static long long rest_free(int fd, u32 cache)
{
	struct mmkit_slab_slabs sums = { .size = sizeof(sums), .handle = cache };
	struct mmkit_slab_describe what = { .size = sizeof(what), .handle = cache };

	EQUAL(call(fd, MMKIT_SLAB_SLABS, &sums), 0);
	EQUAL(call(fd, MMKIT_SLAB_DESCRIBE, &what), 0);
	return meminfo("MemFree") * 1024 + at_hand() +
	       (long long)sums.held * (PAGE << what.order);
}

static struct cost measure(int fd, u32 count, u32 flags, long long *bookkeeping)
{
	u32 cache = make(fd);
	struct mmkit_slab_alloc alloc = {
		.size = sizeof(alloc), .cache = cache, .count = count,
		.node = -1, .flags = flags,
	};
	struct mmkit_slab_free free = { .size = sizeof(free), .flags = flags };
	long long before = rest_free(fd, cache);
	struct cost cost;
	u64 start = now();

	EQUAL(call(fd, MMKIT_SLAB_ALLOC, &alloc), 0);
	cost.alloc = now() - start;
	*bookkeeping = before - rest_free(fd, cache);
	free.handle = alloc.handle;
	start = now();
	EQUAL(call(fd, MMKIT_SLAB_FREE, &free), 0);
	cost.free = now() - start;
	destroy(fd, cache);
	return cost;
}

/* Thousandths of an instruction for each object, of all rounds together. */
static struct cost each(int fd, u32 count, u32 flags, u32 rounds,
			long long *bookkeeping)
{
	struct cost sum = { 0, 0 }, one;
	u32 i;

	for (i = 0; i < rounds; i++) {
		one = measure(fd, count, flags, bookkeeping);
		sum.alloc += one.alloc;
		sum.free += one.free;
	}
	sum.alloc = sum.alloc * 1000 / rounds / count;
	sum.free = sum.free * 1000 / rounds / count;
	return sum;
}

static void compare(int fd, u32 flags, const char *how)
{
	long long unused, bytes;
	struct cost few, many;

	measure(fd, FEW, flags, &unused);	/* warm */
	few = each(fd, FEW, flags, ROUNDS, &unused);
	many = each(fd, MANY, flags, 1, &bytes);
	test("a million objects, %s: each costs at most 1.3 times what one of a thousand does",
	     how);
	printf("# %s: alloc %llu.%03llu of a thousand, %llu.%03llu of a million; free %llu.%03llu, %llu.%03llu instructions\n",
	       how, few.alloc / 1000, few.alloc % 1000, many.alloc / 1000,
	       many.alloc % 1000, few.free / 1000, few.free % 1000,
	       many.free / 1000, many.free % 1000);
	/* It was measured at all. */
	CHECK(few.alloc > 1000 && few.free > 1000);
	CHECK(many.alloc * 10 <= few.alloc * 13);
	CHECK(many.free * 10 <= few.free * 13);
	test("and less than 32 bytes of bookkeeping, %s", how);
	printf("# %s: %lld bytes for %u objects\n", how, bytes, MANY);
	BETWEEN(bytes, (long long)MANY * 8, (long long)MANY * 32 - 1);
}

int main(void)
{
	struct sched_param ahead = { .sched_priority = 1 };
	int fd = dev_open("slab");

	/* On the only CPU, what others do meanwhile is no object's cost. */
	EQUAL(sched_setscheduler(0, SCHED_FIFO, &ahead), 0);
	compare(fd, 0, "one by one");
	compare(fd, MMKIT_SLAB_BULK, "in bulk");
	EQUAL(session(fd).bytes, 0);
	return tap_end();
}
