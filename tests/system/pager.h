/* SPDX-License-Identifier: GPL-2.0-only */
/* Raw calls of the pager, for the programs that test it. */
#ifndef _MMKIT_TEST_PAGER_H
#define _MMKIT_TEST_PAGER_H

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib.h"

/* How long a fault waits for a frame that can go, in ms; returns how long it was. */
static inline long long pager_patience(long long ms)
{
	const char *path = "/sys/module/mmkit_map/parameters/pager_patience";
	long long before = file_number(path);
	char text[24];

	snprintf(text, sizeof(text), "%lld", ms);
	EQUAL(file_write(path, text), 0);
	return before;
}

static inline int pager_set(int fd, u32 frames, u32 policy, u32 swap,
			    u32 flags)
{
	struct mmkit_map_pager ask = {
		.size = sizeof(ask),
		.flags = flags,
		.frames = frames,
		.policy = policy,
		.swap = swap,
		.fd = -1,
	};

	return call(fd, MMKIT_MAP_PAGER, &ask);
}

static inline int pager_file_by(int fd, u32 frames, u32 policy, int file)
{
	struct mmkit_map_pager ask = {
		.size = sizeof(ask),
		.frames = frames,
		.policy = policy,
		.swap = MMKIT_MAP_FILE,
		.fd = file,
	};

	return call(fd, MMKIT_MAP_PAGER, &ask);
}

static inline int pager_file(int fd, u32 frames, int file)
{
	return pager_file_by(fd, frames, MMKIT_MAP_FIFO, file);
}

static inline struct mmkit_map_paged pager_paged(int fd)
{
	struct mmkit_map_paged paged = { .size = sizeof(paged) };

	EQUAL(call(fd, MMKIT_MAP_PAGED, &paged), 0);
	return paged;
}

static inline int pager_states(int fd, u64 first, u32 nr, u8 *out)
{
	struct mmkit_map_states states = {
		.size = sizeof(states),
		.nr = nr,
		.first = first,
		.states = PTR(out),
	};
	int err = call(fd, MMKIT_MAP_STATES, &states);

	return err ?: (int)states.nr;
}

/* Each page carries its own mark, at its start and its end. */
static inline void mark(volatile u8 *map, u64 first, u64 pages, u8 seed)
{
	u64 i;

	for (i = first; i < first + pages; i++) {
		map[i * PAGE] = seed + i;
		map[i * PAGE + PAGE - 1] = seed - i;
	}
}

static inline void marked(const volatile u8 *map, u64 first, u64 pages,
			  u8 seed)
{
	u64 i;

	for (i = first; i < first + pages; i++) {
		EQUAL(map[i * PAGE], (u8)(seed + i));
		EQUAL(map[i * PAGE + PAGE - 1], (u8)(seed - i));
	}
}

static inline u8 state(int fd, u64 index)
{
	u8 state = 0xff;

	EQUAL(pager_states(fd, index, 1, &state), 1);
	return state;
}

/* A session with a store of so many pages, paged. */
static inline int pager_store(u64 pages)
{
	int fd = dev_open("map");

	EQUAL(map_set(fd, pages * PAGE, "pager"), 0);
	return fd;
}

static inline int pager_memfd(u64 pages)
{
	int fd = memfd_create("mmkit-test", 0);

	if (fd < 0 || ftruncate(fd, pages * PAGE))
		bail("no memfd: %s", strerror(errno));
	return fd;
}

#endif
