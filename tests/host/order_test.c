// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"
#include <mmkit/range.h>
#include "pages/order.h"
#include "../cases/order.h"

HOST_CASE(order_bytes, struct order_bytes_row)
HOST_CASE(order_buddy, struct order_buddy_row)
HOST_CASE(order_range, struct order_range_row)

/* By adding up: no product that could overflow. */
static bool fits(u32 order, u32 count, unsigned int shift)
{
	unsigned int bits = 0;

	if (order >= 64 - shift)
		return false;
	while (bits < 32 && count >> bits)
		bits++;
	/* 2^(bits-1) <= count < 2^bits */
	return bits + order + shift <= 64;
}

static void order_bytes_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		u32 order = host_random() % 70;
		u32 count = host_random_edge();
		unsigned int shift = 12 + host_random() % 5;
		bool ok = fits(order, count, shift);
		u64 bytes = 0;

		assert_int_equal(mmkit_order_bytes(order, count, shift, &bytes),
				 ok ? 0 : -EOVERFLOW);
		if (!ok)
			continue;
		assert_int_equal(bytes >> (order + shift), count);
		assert_int_equal(bytes, bytes >> (order + shift) << (order + shift));
	}
}

/* An involution; the two are one block of the next order, and disjoint. */
static void order_buddy_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		unsigned int order = host_random() % 52;
		u64 nr = 1ULL << order;
		u64 pfn = host_random_edge() & ~(nr - 1);
		u64 buddy = mmkit_order_buddy(pfn, order);
		u64 low = pfn < buddy ? pfn : buddy;
		u64 high = pfn < buddy ? buddy : pfn;

		assert_int_equal(mmkit_order_buddy(buddy, order), pfn);
		assert_int_equal(high - low, nr);
		assert_int_equal(low % (2 * nr), 0);
	}
}

/* Against counting, element by element. */
static void order_range_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		u32 have = host_random_edge(), first = host_random_edge();
		u32 nr = host_random_edge(), end = 0;
		u64 past = (u64)first + (nr ? nr : 1);
		bool ok;

		if (i & 1) {
			have %= 16;
			first %= 18;
			nr %= 18;
			past = (u64)first + (nr ? nr : 1);
		}
		ok = past <= have;
		assert_int_equal(mmkit_range_end(have, first, nr, &end),
				 ok ? 0 : -EINVAL);
		assert_int_equal(end, !ok ? 0 : nr ? past : have);
	}
}

static const struct host_table tables[] = {
	HOST_TABLE(order_bytes, order_bytes_rows),
	HOST_TABLE(order_buddy, order_buddy_rows),
	HOST_TABLE(order_range, order_range_rows),
	HOST_TEST(order_bytes_property),
	HOST_TEST(order_buddy_property),
	HOST_TEST(order_range_property),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
