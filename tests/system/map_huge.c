// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "huge" of /dev/mmkit/map: entries of 2 MiB beside small ones, in one
 * area, in two, and in the making. A kernel that asks no device for large entries
 * has small ones only, and all of this holds there as well.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include "map_ways.h"

#define BLOCK	512ul	/* pages of a large entry */
#define MIB2	(BLOCK * PAGE)

/* From offsets that no PMD fits, and over the middle of one that went. */
static void sizes(const struct way *w)
{
	const u64 nr = 3 * BLOCK;
	int fd = store(w, nr);
	u8 *map = map_shared(fd, nr);
	u8 *off = map_at(fd, 3, nr - 5, RW, MAP_SHARED);

	test("huge: bug 10: large and small mappings show the same pages");
	mark(w, map, 0, nr, 9);
	marked(w, off, 3, nr - 5, 9);
	EQUAL(munmap(map + MIB2, 5 * PAGE), 0);
	marked(w, map, 0, BLOCK, 9);
	marked(w, map + MIB2 + 5 * PAGE, BLOCK + 5, nr - BLOCK - 5, 9);
	EQUAL(map_set(fd, 1000 * PAGE, ""), 0);
	marked(w, map, 0, BLOCK, 9);
	EQUAL(touch_read(map + 1000 * PAGE), BUS_ADRERR);
	marked(w, off + 900 * PAGE, 903, 97, 9);
	munmap(off, (nr - 5) * PAGE);
	drop(fd, map, nr);
}

/* Addresses that nothing else has; @fits is the first that a large entry could. */
static u8 *reserve(u64 bytes, u8 **fits)
{
	u8 *room = mmap(NULL, bytes, RW,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*fits = (u8 *)(((unsigned long)room + MIB2 - 1) & ~(MIB2 - 1));
	return room;
}

static u8 *put(int fd, u8 *at, u64 first, u64 pages)
{
	u8 *map = mmap(at, pages * PAGE, RW, MAP_SHARED | MAP_FIXED, fd,
		       first * PAGE);

	CHECK(map == at);
	return map;
}

/* The block is in the store and aligned, and part of the 2 MiB is another's. */
static void neighbours(const struct way *w)
{
	int fd = store(w, BLOCK);
	u8 *all = map_shared(fd, BLOCK), *fits, *room = reserve(3 * MIB2, &fits);

	test("huge: bug 10: an entry does not reach out of its area");
	mark(w, all, 0, BLOCK, 9);
	put(fd, fits, 0, BLOCK - 1);
	marked(w, fits, 0, BLOCK - 1, 9);
	EQUAL(fits[MIB2 - PAGE], 0);
	/* A table with another's entry there would have kept the next one small. */
	EQUAL(munmap(fits, MIB2), 0);
	put(fd, fits + PAGE, 1, BLOCK - 1);
	EQUAL(touch_write(fits + PAGE, 10), 0);
	marked(w, fits + PAGE, 1, BLOCK - 1, 9);
	EQUAL(munmap(room, 3 * MIB2), 0);
	drop(fd, all, BLOCK);
}

/* Where the addresses are aligned and the pages that belong there are not. */
static void unaligned(const struct way *w)
{
	int fd = store(w, 2 * BLOCK);
	u8 *all = map_shared(fd, 2 * BLOCK), *fits;
	u8 *room = reserve(4 * MIB2, &fits);

	test("huge: bug 10: an entry is aligned in memory as well");
	mark(w, all, 0, 2 * BLOCK, 30);
	put(fd, fits, 1, 2 * BLOCK - 1);
	marked(w, fits, 1, 2 * BLOCK - 1, 30);
	EQUAL(munmap(room, 4 * MIB2), 0);
	drop(fd, all, 2 * BLOCK);
}

static void moved(const struct way *w)
{
	const int how = MREMAP_MAYMOVE | MREMAP_FIXED;
	const u64 nr = 3 * BLOCK;
	int fd = store(w, nr);
	u8 *map = map_shared(fd, nr), *fits, *room = reserve(5 * MIB2, &fits);

	test("huge: mremap refuses to move to where no large entry fits");
	mark(w, map, 0, nr, 50);
	/* Where it went it is gone from here. */
	if (!CHECK(mremap(map, nr * PAGE, nr * PAGE, how, fits + PAGE) ==
		   MAP_FAILED))
		goto out;
	EQUAL(errno, EINVAL);
	marked(w, map, 0, nr, 50);
	EQUAL(map_get(fd).maps, 1);
	CHECK(mremap(map, nr * PAGE, nr * PAGE, how, fits) == fits);
	marked(w, fits, 0, nr, 50);
out:
	EQUAL(munmap(room, 5 * MIB2), 0);
	drop(fd, NULL, 0);
}

/* --- at the same time */

struct toucher {
	pthread_t thread;
	pthread_barrier_t *turn;
	volatile u8 *at;	/* NULL: no more */
	atomic_bool refused;	/* in this turn, and it goes on until it is not */
};

static void *touch(void *arg)
{
	struct toucher *t = arg;

	for (;;) {
		pthread_barrier_wait(t->turn);
		if (!t->at)
			return NULL;
		while (touch_write(t->at, 1))
			atomic_store(&t->refused, true);
		pthread_barrier_wait(t->turn);
	}
}

/* One may find no block yet, and put a table there, while the other finds one. */
static void grow_beside(int fd, struct toucher *t, pthread_barrier_t *turn)
{
	u8 *map = map_shared(fd, 2 * BLOCK), *again;
	int i;

	EQUAL(map_set(fd, MIB2, ""), 0);
	t[0].at = map + 600 * PAGE;
	t[1].at = map + 701 * PAGE;
	for (i = 0; i < 2; i++)
		atomic_store(&t[i].refused, false);
	pthread_barrier_wait(turn);
	for (i = 0; i < 2; i++)
		while (!atomic_load(&t[i].refused))
			sched_yield();
	if (map_set(fd, 2 * MIB2, ""))
		bail("no block came: %s", strerror(errno));
	pthread_barrier_wait(turn);
	again = map_shared(fd, 2 * BLOCK);
	EQUAL(touch_write(t[0].at, 2) + touch_write(t[1].at, 3), 0);
	EQUAL(again[600 * PAGE], 2);
	EQUAL(again[701 * PAGE], 3);
	munmap(again, 2 * MIB2);
	munmap(map, 2 * MIB2);
}

static void coming(const struct way *w)
{
	int fd = store(w, 2 * BLOCK), i;
	pthread_barrier_t turn;
	struct toucher t[2];

	test("huge: bug 10: a block comes while two threads touch where it goes");
	pthread_barrier_init(&turn, NULL, 3);
	for (i = 0; i < 2; i++) {
		t[i].turn = &turn;
		pthread_create(&t[i].thread, NULL, touch, &t[i]);
	}
	for (i = 0; i < 100; i++)
		grow_beside(fd, t, &turn);
	t[0].at = NULL;
	t[1].at = NULL;
	pthread_barrier_wait(&turn);
	for (i = 0; i < 2; i++)
		pthread_join(t[i].thread, NULL);
	pthread_barrier_destroy(&turn);
	drop(fd, NULL, 0);
}

static const way_test tests[] = {
	sizes, neighbours, unaligned, moved, coming,
};

int main(void)
{
	way_each("huge", tests, ARRAY_SIZE(tests));
	return tap_end();
}
