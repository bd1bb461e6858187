// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"
#include "core/quota.h"
#include "../cases/quota.h"

HOST_CASE(quota, struct quota_row)

/* The sum, with its 65th bit. */
static bool fits(u64 used, u64 amount, u64 max)
{
#ifdef __SIZEOF_INT128__
	return (unsigned __int128)used + amount <= max;
#else
	return used + amount >= used && used + amount <= max;
#endif
}

static void quota_property(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		u64 used = host_random_edge(), amount = host_random_edge();
		u64 max = host_random_edge();

		if (i & 1)
			max = used + amount + host_random() % 3 - 1;
		assert_int_equal(mmkit_quota_fits(used, amount, max),
				 fits(used, amount, max));
	}
}

static const struct host_table tables[] = {
	HOST_TABLE(quota, quota_rows),
	HOST_TEST(quota_property),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
