// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: fragmentation indices. */
#include <linux/module.h>
#include "rows.h"

#ifdef MODULE
#include "pages/frag.c"
#else
#include "pages/frag.h"
#endif

#include "../cases/frag.h"

MMKIT_ROWS(frag, frag_rows);

static struct kunit_case frag_cases[] = {
	MMKIT_ROWS_CASE(frag),
	{ }
};

static struct kunit_suite frag_suite = {
	.name = "mmkit_frag",
	.test_cases = frag_cases,
};

kunit_test_suite(frag_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of fragmentation indices");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
