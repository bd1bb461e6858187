/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The strategies of /dev/mmkit/map, for the programs that put each of them through
 * the same tests. What differs between strategies is in struct way, with the
 * reason; "bug N" in a test's name is what drivers got wrong, as docs/map.md counts
 * it.
 */
#ifndef _MMKIT_TEST_MAP_WAYS_H
#define _MMKIT_TEST_MAP_WAYS_H

#include <sys/mman.h>
#include <unistd.h>
#include "lib.h"

#define RW		(PROT_READ | PROT_WRITE)
#define N		12u	/* pages of most stores */

/* A strategy, as the module lists it. */
struct way {
	struct mmkit_map_strategy is;
	bool pfn;	/* page frames: nothing is counted, no private writes */
	bool whole;	/* one piece of memory: its size is fixed while mapped */
	bool grows;	/* while it is mapped */
	bool fixed;	/* nothing of it can be taken away while it is mapped */
	bool holes;	/* every fourth page is one */
	bool counted;	/* a mapping shows in the page's counts */
	bool lazy;	/* a page comes when it is touched */
};

static inline struct way way_of(const struct mmkit_map_strategy *is)
{
	struct way w = { .is = *is };

	w.pfn = is->flags & MMKIT_STRATEGY_PFN;
	w.whole = !strcmp(is->backing, "vmalloc") ||
		  !strcmp(is->backing, "kmalloc") ||
		  !strcmp(is->backing, "coherent");
	/* iohuge: entries of 1 GiB are not made where one grows. */
	w.grows = !w.whole && strcmp(is->name, "iohuge");
	w.fixed = !strcmp(is->name, "remap") || !strcmp(is->name, "io") ||
		  !strcmp(is->name, "dma") || !strcmp(is->name, "kmalloc");
	w.holes = !strcmp(is->name, "sigbus");
	w.lazy = !strcmp(is->backing, "on-write") ||
		 !strcmp(is->backing, "tmpfs") || !strcmp(is->name, "pager");
	/* vmf_insert_mixed() maps a frame as one without a page. */
	w.counted = !w.pfn && strcmp(is->name, "mixed") && !w.lazy;
	return w;
}

static inline bool hole(const struct way *w, u64 index)
{
	return w->holes && index % 4 == 3;
}

static inline int store(const struct way *w, u64 pages)
{
	int fd = dev_open("map");

	EQUAL(map_set(fd, pages * PAGE, w->is.name), 0);
	return fd;
}

static inline void drop(int fd, u8 *map, u64 pages)
{
	if (map)
		EQUAL(munmap(map, pages * PAGE), 0);
	EQUAL(map_get(fd).maps, 0);
	close(fd);
}

static inline void mark(const struct way *w, volatile u8 *map, u64 first,
			u64 pages, u8 seed)
{
	u64 i;

	for (i = first; i < first + pages; i++, map += PAGE) {
		if (hole(w, i))
			continue;
		map[0] = seed + i;
		map[PAGE - 1] = seed - i;
	}
}

static inline void marked(const struct way *w, const volatile u8 *map,
			  u64 first, u64 pages, u8 seed)
{
	u64 i;

	for (i = first; i < first + pages; i++, map += PAGE) {
		if (hole(w, i))
			continue;
		EQUAL(map[0], (u8)(seed + i));
		EQUAL(map[PAGE - 1], (u8)(seed - i));
	}
}

static inline bool zero(const struct way *w, const u8 *map, u64 first,
			u64 pages)
{
	u64 i, j;

	for (i = first; i < first + pages; i++, map += PAGE)
		for (j = 0; !hole(w, i) && j < PAGE; j++)
			if (map[j])
				return false;
	return true;
}

typedef void (*way_test)(const struct way *w);

/* One of mmkit's own; the one of that name. */
static inline bool way_wanted(const struct mmkit_map_strategy *is,
			      const char *name)
{
	return !strcmp(is->module, "mmkit_map") &&
	       (!name || !strcmp(is->name, name));
}

/* All that are registered, by whichever module. */
static inline u32 way_list(struct mmkit_map_strategy *list)
{
	struct mmkit_map_strategies ask = {
		.size = sizeof(ask), .nr = MMKIT_MAP_STRATEGIES_MAX,
		.strategies = PTR(list),
	};
	int fd = dev_open("map");

	EQUAL(call(fd, MMKIT_MAP_STRATEGIES, &ask), 0);
	close(fd);
	return ask.nr;
}

/* Each of them through the tests. */
static inline void way_each(const char *name, const way_test *tests, size_t nr)
{
	static struct mmkit_map_strategy list[MMKIT_MAP_STRATEGIES_MAX];
	u32 i, all = way_list(list);
	size_t j;

	for (i = 0; i < all; i++) {
		struct way w = way_of(&list[i]);

		if (!way_wanted(&list[i], name))
			continue;
		if (list[i].flags & MMKIT_STRATEGY_ABSENT) {
			test("%s", list[i].name);
			skip("%s", list[i].note);
			continue;
		}
		for (j = 0; j < nr; j++)
			tests[j](&w);
	}
}

#endif
