/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores of strategy "page" and their content, for the programs that test them. */
#ifndef _MMKIT_TEST_MAP_LIB_H
#define _MMKIT_TEST_MAP_LIB_H

#include <sys/mman.h>
#include <unistd.h>
#include "lib.h"

#define RW		(PROT_READ | PROT_WRITE)
#define MAX_MAPS	"/sys/module/mmkit_map/parameters/max_maps"

/* A session with a store of so many pages. */
static inline int store(u64 pages)
{
	int fd = dev_open("map");

	EQUAL(map_set(fd, pages * PAGE, ""), 0);
	return fd;
}

static inline void drop(int fd, u8 *map, u64 pages)
{
	if (map)
		EQUAL(munmap(map, pages * PAGE), 0);
	EQUAL(map_get(fd).maps, 0);
	close(fd);
}

/* Each page carries its own mark, at its start and its end. */
static inline void mark(volatile u8 *map, u64 pages, u8 seed)
{
	u64 i;

	for (i = 0; i < pages; i++) {
		map[i * PAGE] = seed + i;
		map[i * PAGE + PAGE - 1] = seed - i;
	}
}

static inline void marked(const volatile u8 *map, u64 first, u64 pages,
			  u8 seed)
{
	u64 i;

	for (i = first; i < first + pages; i++, map += PAGE) {
		EQUAL(map[0], (u8)(seed + i));
		EQUAL(map[PAGE - 1], (u8)(seed - i));
	}
}

static inline bool is_zero(const u8 *map, u64 pages)
{
	u64 i;

	for (i = 0; i < pages * PAGE; i++)
		if (map[i])
			return false;
	return true;
}

#endif
