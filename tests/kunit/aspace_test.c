// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: addresses, entries, kinds and counts of the aspace area. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include "rows.h"

/* Internal to mmkit_aspace: a module brings its own copy of what is pure. */
#ifdef MODULE
#include "aspace/count.c"
#include "aspace/geometry.c"
#include "aspace/kind.c"
#else
#include "aspace/count.h"
#include "aspace/geometry.h"
#include "aspace/kind.h"
#endif

/* The area has it on that machine alone; arithmetic goes well on all. */
#if defined(MODULE) || !defined(CONFIG_X86_64) || defined(CONFIG_UML)
#include "aspace/entry_x86.c"
#else
#include "aspace/entry_x86.h"
#endif

#include "../cases/aspace.h"

MMKIT_ROWS(aspace_index, aspace_index_rows);
MMKIT_ROWS(aspace_half, aspace_half_rows);
MMKIT_ROWS(aspace_range, aspace_range_rows);
MMKIT_ROWS(aspace_kind, aspace_kind_rows);
MMKIT_ROWS(aspace_flag, aspace_flag_rows);
MMKIT_ROWS(aspace_count, aspace_count_rows);

static struct kunit_case aspace_cases[] = {
	MMKIT_ROWS_CASE(aspace_index),
	MMKIT_ROWS_CASE(aspace_half),
	MMKIT_ROWS_CASE(aspace_range),
	MMKIT_ROWS_CASE(aspace_kind),
	MMKIT_ROWS_CASE(aspace_flag),
	MMKIT_ROWS_CASE(aspace_count),
	{ }
};

static struct kunit_suite aspace_suite = {
	.name = "mmkit_aspace",
	.test_cases = aspace_cases,
};

kunit_test_suite(aspace_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of addresses, entries and regions");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
