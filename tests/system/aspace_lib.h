/* SPDX-License-Identifier: GPL-2.0-only */
/* Raw calls of /dev/mmkit/aspace, for its test programs. */
#ifndef _MMKIT_TEST_ASPACE_LIB_H
#define _MMKIT_TEST_ASPACE_LIB_H

#include <mmkit/aspace.h>
#include "lib.h"

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

/* Is there a page frame in the entry? */
static inline bool as_present(u32 kind)
{
	return kind >= MMKIT_ASPACE_ANON && kind <= MMKIT_ASPACE_SPECIAL;
}

#endif
