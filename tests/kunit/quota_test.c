// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: quota arithmetic. */
#include <linux/limits.h>
#include <linux/module.h>
#include "rows.h"

#ifdef MODULE
#include "core/quota.c"
#else
#include "core/quota.h"
#endif

#include "../cases/quota.h"

MMKIT_ROWS(quota, quota_rows);

static struct kunit_case quota_cases[] = {
	MMKIT_ROWS_CASE(quota),
	{ }
};

static struct kunit_suite quota_suite = {
	.name = "mmkit_quota",
	.test_cases = quota_cases,
};

kunit_test_suite(quota_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of quota arithmetic");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
