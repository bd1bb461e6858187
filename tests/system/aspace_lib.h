/* SPDX-License-Identifier: GPL-2.0-only */
/* Raw calls of /dev/mmkit/aspace, for its test programs. */
#ifndef _MMKIT_TEST_ASPACE_LIB_H
#define _MMKIT_TEST_ASPACE_LIB_H

#include <mmkit/aspace.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib.h"

#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)
#define HUGE	(2ul << 20)

static int as_fd;
static struct mmkit_kernel_area as_areas[MMKIT_AREA_NR];

static inline int as_walk_of(struct mmkit_aspace_walk *walk,
			     struct mmkit_aspace_level *levels)
{
	walk->size = sizeof(*walk);
	walk->nr = MMKIT_LEVELS;
	walk->levels = PTR(levels);
	return call(as_fd, MMKIT_ASPACE_WALK, walk);
}

/* Of this process. */
static inline int as_walk(struct mmkit_aspace_walk *walk, u64 address,
			  struct mmkit_aspace_level *levels)
{
	*walk = (struct mmkit_aspace_walk){ .address = address };
	return as_walk_of(walk, levels);
}

static inline int as_words(u64 start, u32 nr, u32 flags, u64 *words)
{
	struct mmkit_aspace_pages arg = {
		.size = sizeof(arg),
		.start = start,
		.nr = nr,
		.flags = flags,
		.words = PTR(words),
	};
	int err = call(as_fd, MMKIT_ASPACE_PAGES, &arg);

	return err ?: (int)arg.nr;
}

static inline struct mmkit_aspace_counts as_counts(const void *at, u64 pages,
						   u32 flags)
{
	struct mmkit_aspace_counts counts = { 0 };
	struct mmkit_aspace_range arg = {
		.size = sizeof(arg),
		.start = PTR(at),
		.end = PTR(at) + pages * PAGE,
		.nr = 1,
		.flags = flags,
		.counts = PTR(&counts),
	};

	EQUAL(call(as_fd, MMKIT_ASPACE_RANGE, &arg), 0);
	return counts;
}

static inline struct mmkit_aspace_layout as_layout(void)
{
	struct mmkit_aspace_layout arg = {
		.size = sizeof(arg),
		.nr = MMKIT_AREA_NR,
		.areas = PTR(as_areas),
	};

	EQUAL(call(as_fd, MMKIT_ASPACE_LAYOUT, &arg), 0);
	return arg;
}

/* One level after the other, each with the index of the address. */
static inline void as_indices(u64 address,
			      const struct mmkit_aspace_level *levels,
			      u32 nr)
{
	u32 all = as_layout().levels, i;

	for (i = 0; i < nr; i++) {
		EQUAL(levels[i].level, i ? all - i : MMKIT_LEVEL_PGD);
		EQUAL(levels[i].index,
		      address >> (12 + 9 * (all - 1 - i)) & 511);
		EQUAL(levels[i].kind == MMKIT_ENTRY_TABLE, i + 1 < nr);
	}
}

static inline struct mmkit_aspace_tables as_tables(u64 start, u64 end)
{
	struct mmkit_aspace_tables arg = { .size = sizeof(arg),
					   .start = start, .end = end };

	EQUAL(call(as_fd, MMKIT_ASPACE_TABLES, &arg), 0);
	return arg;
}

/* Is there a page frame in the entry? */
static inline bool as_present(u32 kind)
{
	return kind >= MMKIT_ASPACE_ANON && kind <= MMKIT_ASPACE_SPECIAL;
}

static inline struct mmkit_aspace_region region_at(const void *address)
{
	struct mmkit_aspace_region region = { 0 };
	struct mmkit_aspace_regions arg = {
		.size = sizeof(arg), .start = PTR(address), .nr = 1,
		.flags = MMKIT_ASPACE_COUNT, .regions = PTR(&region),
	};

	EQUAL(call(as_fd, MMKIT_ASPACE_REGIONS, &arg), 0);
	EQUAL(arg.nr, 1);
	return region;
}

/* --- memory to look at */

static inline void *map_file(const char *path, int prot, int flags, size_t bytes)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	void *map;

	if (fd < 0 || ftruncate(fd, bytes))
		bail("%s: %s", path, strerror(errno));
	map = mmap(NULL, bytes, prot, flags, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		bail("mmap of %s: %s", path, strerror(errno));
	return map;
}

static inline u8 *fresh(size_t pages, int prot, int flags)
{
	u8 *map = mmap(NULL, pages * PAGE, prot, flags, -1, 0);

	if (map == MAP_FAILED)
		bail("mmap: %s", strerror(errno));
	madvise(map, pages * PAGE, MADV_NOHUGEPAGE);
	return map;
}

static inline void touch_all(u8 *at, size_t pages)
{
	size_t i;

	for (i = 0; i < pages; i++)
		((volatile u8 *)at)[i * PAGE] = 1;
}

static inline u8 *huge_map(void)
{
	u8 *map = mmap(NULL, 2 * HUGE, RW, ANON, -1, 0), *at;

	at = (u8 *)((PTR(map) + HUGE - 1) & ~(HUGE - 1));
	madvise(at, HUGE, MADV_HUGEPAGE);
	*(volatile u8 *)at = 1;
	/* It stays, and once split khugepaged does not make another of it. */
	madvise(at, HUGE, MADV_NOHUGEPAGE);
	return at;
}

#endif
