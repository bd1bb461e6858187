// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include "host.h"
#include "memblock/check.h"
#include "memblock/model.h"
#include "../cases/memblock.h"

HOST_CASE(memblock, struct memblock_row)
HOST_CASE(memblock_check, struct memblock_check_row)

/* Sorted, apart from each other, none empty but the only one. */
static void well_formed(const struct mmkit_regions *regions)
{
	u64 i;

	assert_int_equal(!!(regions->cnt >= 1 && regions->cnt <= regions->max), 1);
	for (i = 0; regions->cnt > 1 && i < regions->cnt; i++) {
		assert_int_equal(!!(regions->region[i].bytes), 1);
		if (i)
			assert_int_equal(!!(mmkit_region_end(&regions->region[i - 1]) <=
					    regions->region[i].base), 1);
	}
}

/* Whatever comes: the host's differential test says whether it is right. */
static void memblock_forms_property(void **state)
{
	static struct mmkit_memblock_region memory[MMKIT_REGIONS_INIT];
	static struct mmkit_memblock_region reserved[MMKIT_REGIONS_INIT];
	struct mmkit_model model;
	int i;

	(void)state;
	mmkit_model_init(&model, memory, reserved);
	for (i = 0; i < HOST_ROUNDS; i++) {
		u64 base = host_random_edge(), bytes = host_random_edge();

		switch (host_random() % 6) {
		case 0:
			mmkit_model_add(&model, base, bytes, host_random() % 3, 0);
			break;
		case 1:
			mmkit_model_remove(&model, base, bytes);
			break;
		case 2:
			mmkit_model_reserve(&model, base, bytes);
			break;
		case 3:
			mmkit_model_phys_free(&model, base, bytes);
			break;
		case 4:
			mmkit_model_flag(&model, base, bytes,
					 1u << host_random() % 5, host_random() & 1);
			break;
		default:
			mmkit_model_alloc(&model, bytes, base, 0, 0, -1, false);
		}
		well_formed(&model.memory);
		well_formed(&model.reserved);
	}
}

#define KIB	1024ull
#define MIB	(1024 * KIB)

/* Room for so many and no more, for the sanitizer to see. */
static bool grow_exactly(struct mmkit_model *model, struct mmkit_regions *regions,
			 u64 max)
{
	struct mmkit_memblock_region *array = calloc(max, sizeof(*array));

	(void)model;
	memcpy(array, regions->region, regions->cnt * sizeof(*array));
	if (regions->max > MMKIT_REGIONS_INIT)
		free(regions->region);
	regions->region = array;
	return true;
}

/* Single pages with gaps between, from @at on, until there are @cnt regions. */
static u64 reserve_apart(struct mmkit_model *model, u64 at, u64 cnt)
{
	while (model->reserved.cnt < cnt) {
		assert_int_equal(mmkit_model_reserve(model, at, 4 * KIB), 0);
		at += 8 * KIB;
	}
	return at;
}

/*
 * The array of what is reserved lies inside of a region when it is doubled for a range
 * that fills every gap: moving it leaves one gap more than were counted.
 */
static void memblock_moved_property(void **state)
{
	static struct mmkit_memblock_region memory[MMKIT_REGIONS_INIT];
	static struct mmkit_memblock_region reserved[MMKIT_REGIONS_INIT];
	const u64 init = MMKIT_REGIONS_INIT;
	struct mmkit_model model;
	u64 end, at;

	(void)state;
	mmkit_model_init(&model, memory, reserved);
	model.grow = grow_exactly;
	model.can_resize = true;
	assert_int_equal(mmkit_model_add(&model, 0, 32 * MIB, 0, 0), 0);
	end = reserve_apart(&model, 0, init + 2);
	assert_int_equal(model.reserved.max, 2 * init);
	at = model.reserved.addr;
	assert_int_equal(mmkit_model_add(&model, 32 * MIB, 32 * MIB, 0, 0), 0);
	assert_int_equal(mmkit_model_reserve(&model, at - 4 * KIB, 4 * KIB), 0);
	assert_int_equal(mmkit_model_reserve(&model, at + 8 * KIB, 4 * KIB), 0);
	reserve_apart(&model, end, 2 * init - 1);
	assert_int_equal(mmkit_model_reserve(&model, 0, 33 * MIB), 0);
	well_formed(&model.reserved);
	assert_int_equal(model.reserved.region[0].base, 0);
	assert_int_equal(model.reserved.region[0].bytes, 33 * MIB);
	if (model.reserved.max > init)
		free(model.reserved.region);
}

static const struct host_table tables[] = {
	HOST_TABLE(memblock, memblock_rows),
	HOST_TABLE(memblock_check, memblock_check_rows),
	HOST_TEST(memblock_forms_property),
	HOST_TEST(memblock_moved_property),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
