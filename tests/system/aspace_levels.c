// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/aspace: levels of page tables, however many there are and however many of
 * them are folded.
 */
#include "aspace_lib.h"

/* Where nothing else is; with four levels or more, behind a table of its own. */
static u64 far_away(void)
{
	return as_layout().levels > 3 ? 1ull << 42 : 1ull << 37;
}

static u8 *map_far(u64 at, u64 bytes)
{
	u8 *map = mmap((void *)at, bytes, RW, ANON | MAP_FIXED_NOREPLACE | MAP_NORESERVE,
		       -1, 0);

	if (map == MAP_FAILED)
		bail("mmap at %#llx: %s", (unsigned long long)at, strerror(errno));
	madvise(map, bytes, MADV_NOHUGEPAGE);
	return map;
}

static void levels_walked(void)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	u64 at = far_away() + 5 * HUGE + 7 * PAGE;
	struct mmkit_aspace_walk walk;
	u8 *map = map_far(at, PAGE);

	test("a walk: each level once, with the index of the address");
	touch_all(map, 1);
	EQUAL(as_walk(&walk, at + 123, levels), 0);
	EQUAL(walk.nr, as_layout().levels);
	as_indices(at, levels, walk.nr);
	EQUAL(walk.kind, MMKIT_ENTRY_PAGE);
	EQUAL(walk.pfn, pagemap(map) & ((1ull << 55) - 1));
	munmap(map, PAGE);
}

static void tables_made(void)
{
	const u64 at = far_away(), bytes = 4ull << 30;
	struct mmkit_aspace_tables arg;
	u8 *map = map_far(at, bytes);
	u32 i;

	test("page tables: as many as were made, used as they were used");
	EQUAL(as_tables(at, at + bytes).table[0], 0);
	for (i = 0; i < 5; i++)		/* five PTE tables of one PUD entry */
		touch_all(map + i * HUGE, 3);
	touch_all(map + (3ull << 30), 1);	/* and one of another */
	arg = as_tables(at, at + bytes);
	EQUAL(arg.table[MMKIT_LEVEL_PTE - 1], 6);
	EQUAL(arg.used[MMKIT_LEVEL_PTE - 1], 16);
	EQUAL(arg.leaves[MMKIT_LEVEL_PTE - 1], 16);
	EQUAL(arg.table[MMKIT_LEVEL_PMD - 1], 2);
	EQUAL(arg.used[MMKIT_LEVEL_PMD - 1], 6);
	if (as_layout().levels > 3) {
		EQUAL(arg.table[MMKIT_LEVEL_PUD - 1], 1);
		EQUAL(arg.used[MMKIT_LEVEL_PUD - 1], 2);
	} else {
		EQUAL(arg.table[MMKIT_LEVEL_PUD - 1], 0);
	}
	EQUAL(arg.table[MMKIT_LEVEL_PGD - 1], 1);
	EQUAL(arg.bytes, arg.nr * PAGE);
	munmap(map, bytes);
	EQUAL(as_tables(at, at + bytes).nr, 0);
}

int main(void)
{
	as_fd = dev_open("aspace");
	levels_walked();
	tables_made();
	return tap_end();
}
