/* SPDX-License-Identifier: GPL-2.0-only */
/* Raw calls of the pager, for the programs that test it. */
#ifndef _MMKIT_TEST_PAGER_H
#define _MMKIT_TEST_PAGER_H

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib.h"

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

static inline int pager_file(int fd, u32 frames, int file)
{
	struct mmkit_map_pager ask = {
		.size = sizeof(ask),
		.frames = frames,
		.swap = MMKIT_MAP_FILE,
		.fd = file,
	};

	return call(fd, MMKIT_MAP_PAGER, &ask);
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
