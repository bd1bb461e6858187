// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"
#include <mmkit/gfp.h>
#include "heap/size.h"
#include "../cases/heap.h"

HOST_CASE(heap_check, struct heap_check_row)
HOST_CASE(heap_size, struct heap_size_row)

/* Against long multiplication: what does not fit is refused, what fits is right. */
static void heap_total_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		u64 bytes = host_random_edge(), elements = host_random_edge();
		u64 total = 0;
		bool fits = !bytes || elements <= U64_MAX / bytes;
		int err = mmkit_heap_total(MMKIT_HEAP_KMALLOC_ARRAY, bytes,
					   elements, &total);

		assert_int_equal(err, fits ? 0 : -EOVERFLOW);
		if (fits && bytes)
			assert_int_equal(total / bytes, elements);
	}
}

/* Never less than was asked for, and in whole pages where pages are mapped. */
static void heap_charge_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		u32 api = host_random() % MMKIT_HEAP_API_NR;
		u64 bytes = host_random_edge(), charge = 0;
		u32 count = host_random_edge() % (1 << 16) + 1;

		if (mmkit_heap_range(api, bytes, &heap_case_limits))
			continue;
		assert_int_equal(mmkit_heap_charge(api, bytes, count,
						   &heap_case_limits, 4096,
						   &charge), 0);
		assert_int_equal(!!(charge >= bytes * count), 1);
		assert_int_equal(!!(!mmkit_heap_maps(api) || charge % 4096 == 0), 1);
		assert_int_equal(!!(charge <= (bytes * 4 + 4096) * count), 1);
	}
}

/* No request that passes sleeps under a spinlock, and none is empty. */
static void heap_check_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		struct mmkit_heap_alloc alloc = {
			.api = host_random() % (MMKIT_HEAP_API_NR + 1),
			.bytes = host_random_edge(),
			.elements = host_random() % 2,
			.count = host_random() % 3,
			.gfp = host_random() & host_random() & 0x3fff,
			.node = (int)(host_random() % 3) - 1,
			.flags = host_random() % 3,
		};

		if (mmkit_heap_check(&alloc))
			continue;
		assert_int_equal(!!(alloc.bytes && alloc.count), 1);
		assert_int_equal(!!(alloc.api < MMKIT_HEAP_API_NR), 1);
		if (alloc.flags || mmkit_heap_maps(alloc.api))
			assert_int_equal(!!(alloc.gfp & (MMKIT_GFP_ATOMIC |
							 MMKIT_GFP_NOWAIT)),
					 !!alloc.flags);
		assert_int_equal(!!(alloc.flags && mmkit_heap_maps(alloc.api)), 0);
	}
}

static const struct host_table tables[] = {
	HOST_TABLE(heap_check, heap_check_rows),
	HOST_TABLE(heap_size, heap_size_rows),
	HOST_TEST(heap_total_property),
	HOST_TEST(heap_charge_property),
	HOST_TEST(heap_check_property),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
