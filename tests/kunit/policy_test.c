// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: replacement policies on the reference strings of textbooks. */
#include <linux/errno.h>
#include <linux/module.h>
#include "rows.h"

/* Internal to mmkit_map: a module brings its own copy. */
#ifdef MODULE
#include "map/policy.c"
#else
#include "map/policy.h"
#endif
/* What replays a trace is in no module. */
#include "map/trace.c"

#include "../cases/policy.h"

MMKIT_ROWS(policy, policy_rows);

static struct kunit_case policy_cases[] = {
	MMKIT_ROWS_CASE(policy),
	{ }
};

static struct kunit_suite policy_suite = {
	.name = "mmkit_policy",
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of page replacement");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
