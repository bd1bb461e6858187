// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: the model of memblock, row by row, as on the host. */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include "rows.h"

/* Internal to mmkit_memblock: a module brings its own copy. */
#ifdef MODULE
#include "memblock/check.c"
#include "memblock/find.c"
#include "memblock/model.c"
#include "memblock/regions.c"
#include "memblock/walk.c"
#else
#include "memblock/check.h"
#include "memblock/model.h"
#endif

#include "../cases/memblock.h"

MMKIT_ROWS(memblock, memblock_rows);
MMKIT_ROWS(memblock_check, memblock_check_rows);

static struct kunit_case memblock_cases[] = {
	MMKIT_ROWS_CASE(memblock),
	MMKIT_ROWS_CASE(memblock_check),
	{ }
};

static struct kunit_suite memblock_suite = {
	.name = "mmkit_memblock",
	.test_cases = memblock_cases,
};

kunit_test_suite(memblock_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of the model of memblock");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
