// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"
#include <mmkit/gfp.h>
#include "slab/layout.h"
#include "../cases/slab.h"

HOST_CASE(slab_create, struct slab_create_row)
HOST_CASE(slab_alloc, struct slab_alloc_row)
HOST_CASE(slab_pool, struct slab_pool_row)
HOST_CASE(slab_layout, struct slab_layout_row)
HOST_CASE(slab_measure, struct slab_measure_row)

/* Whatever passes has a slot that holds all of it, in aligned places. */
static void slab_layout_property(void **state)
{
	struct mmkit_slab_layout layout;
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		struct mmkit_slab_create create = {
			.name = "a",
			.bytes = host_random_edge(),
			.align = host_random_edge(),
			.flags = host_random() & MMKIT_SLAB_FLAGS_ALL,
			.useroffset = host_random_edge(),
			.usersize = host_random() % 2 ? host_random_edge() : 0,
		};

		if (!create.usersize)
			create.useroffset = 0;
		if (mmkit_slab_create_check(&create))
			continue;
		mmkit_slab_layout(&create, &slab_case_machine, &layout);
		assert_int_equal(layout.align & (layout.align - 1), 0);
		assert_int_equal(layout.least % layout.align, 0);
		assert_int_equal(layout.left % layout.align, 0);
		assert_int_equal(!!(layout.least >= layout.left + layout.inuse), 1);
		assert_int_equal(!!(layout.inuse >= create.bytes), 1);
		assert_int_equal(!!(layout.freeptr + 8 <= layout.least), 1);
		assert_int_equal(layout.outside,
				 !!(layout.freeptr >= layout.inuse));
		assert_int_equal(!!(create.useroffset + (u64)create.usersize <=
				    create.bytes), 1);
	}
}

/* From a few objects at random places of random slabs to the grid they are in. */
static void slab_measure_property(void **state)
{
	struct mmkit_slab_grid got;
	u32 offsets[64];
	int i, k;

	(void)state;
	for (i = 0; i < HOST_ROUNDS / 64; i++) {
		u32 stride = (host_random() % 512 + 1) * 8;
		u32 slab = 4096u << host_random() % 4;
		u32 left = host_random() % (stride / 8) * 8;
		u32 slots = slab / stride;

		for (k = 0; k < 64; k++)
			offsets[k] = left + host_random() % slots * stride;
		mmkit_slab_measure(offsets, 64, slab, &got);
		for (k = 0; k < 64; k++)
			assert_int_equal(got.left + got.stride *
					 mmkit_slab_slot(&got, offsets[k]),
					 offsets[k]);
		if (slots == 1)
			continue;
		assert_int_equal(got.stride, stride);
		assert_int_equal(got.left, left);
		assert_int_equal(got.slots, slots);
	}
}

static const struct host_table tables[] = {
	HOST_TABLE(slab_create, slab_create_rows),
	HOST_TABLE(slab_alloc, slab_alloc_rows),
	HOST_TABLE(slab_pool, slab_pool_rows),
	HOST_TABLE(slab_layout, slab_layout_rows),
	HOST_TABLE(slab_measure, slab_measure_rows),
	HOST_TEST(slab_layout_property),
	HOST_TEST(slab_measure_property),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
