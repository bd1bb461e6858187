// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: arithmetic on orders, blocks and ranges. */
#include <linux/errno.h>
#include <linux/module.h>
#include <mmkit/range.h>
#include "rows.h"

/* Internal to mmkit_pages: a module brings its own copy of what is pure. */
#ifdef MODULE
#include "pages/order.c"
#else
#include "pages/order.h"
#endif

#include "../cases/order.h"

MMKIT_ROWS(order_bytes, order_bytes_rows);
MMKIT_ROWS(order_buddy, order_buddy_rows);
MMKIT_ROWS(order_range, order_range_rows);

static struct kunit_case order_cases[] = {
	MMKIT_ROWS_CASE(order_bytes),
	MMKIT_ROWS_CASE(order_buddy),
	MMKIT_ROWS_CASE(order_range),
	{ }
};

static struct kunit_suite order_suite = {
	.name = "mmkit_order",
	.test_cases = order_cases,
};

kunit_test_suite(order_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of order arithmetic");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
