// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"
#include "aspace/count.h"
#include "aspace/entry_x86.h"
#include "aspace/geometry.h"
#include "aspace/kind.h"
#include "../cases/aspace.h"

HOST_CASE(aspace_index, struct aspace_index_row)
HOST_CASE(aspace_half, struct aspace_half_row)
HOST_CASE(aspace_range, struct aspace_range_row)
HOST_CASE(aspace_kind, struct aspace_kind_row)
HOST_CASE(aspace_flag, struct aspace_flag_row)
HOST_CASE(aspace_count, struct aspace_count_row)

/* The indices of all levels and the offset add up to the address. */
static void aspace_index_property(void **state)
{
	u32 shift;
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		u64 address = host_random_edge() & ((1ULL << 57) - 1), sum;

		sum = address & 4095;
		for (shift = 12; shift <= 48; shift += 9)
			sum += (u64)mmkit_index(address, shift) << shift;
		assert_int_equal(!!(sum == address), 1);
	}
}

/* Parts lie end to end and cover the range. */
static void aspace_part_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS / 10; i++) {
		u64 pages = host_random_edge() % (1ULL << 45) + 1, from, to;
		u32 nr = host_random() % 4096 + 1, part;

		if (nr > pages)
			nr = pages;
		part = host_random() % nr;
		from = mmkit_part_start(4096, pages, nr, part, 12);
		to = mmkit_part_start(4096, pages, nr, part + 1, 12);
		assert_int_equal(!!(from < to), 1);
		assert_int_equal(!!((to - from) >> 12 >= pages / nr), 1);
		assert_int_equal(!!((to - from) >> 12 <= pages / nr + 1), 1);
		assert_int_equal(!!(mmkit_part_start(4096, pages, nr, nr, 12) ==
				    4096 + (pages << 12)), 1);
	}
}

/* There is a word for each, and none for what is not. */
static void aspace_words(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < 40; i++) {
		assert_int_equal(!!mmkit_region_kind_word(i),
				 i < MMKIT_REGION_KIND_NR);
		assert_int_equal(!!mmkit_aspace_kind_word(i),
				 i < MMKIT_ASPACE_KIND_NR);
		assert_int_equal(!!mmkit_entry_kind_word(i),
				 i < MMKIT_ENTRY_KIND_NR);
		assert_int_equal(!!mmkit_entry_flag_word(i),
				 i < MMKIT_ENTRY_FLAGS);
		assert_int_equal(!!mmkit_level_word(i),
				 i && i < MMKIT_LEVEL_NR);
	}
}

static const struct host_table tables[] = {
	HOST_TABLE(aspace_index, aspace_index_rows),
	HOST_TABLE(aspace_half, aspace_half_rows),
	HOST_TABLE(aspace_range, aspace_range_rows),
	HOST_TABLE(aspace_kind, aspace_kind_rows),
	HOST_TABLE(aspace_flag, aspace_flag_rows),
	HOST_TABLE(aspace_count, aspace_count_rows),
	HOST_TEST(aspace_index_property),
	HOST_TEST(aspace_part_property),
	HOST_TEST(aspace_words),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
