// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: options of a control verb. */
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/stddef.h>
#include <mmkit/mmkit.h>
#include "rows.h"

#ifdef MODULE
#include "core/verb.c"
#else
#include <mmkit/gfp.h>
#include "core/verb.h"
#endif

#include "../cases/verb.h"

MMKIT_ROWS(verb, verb_rows);
MMKIT_ROWS(verb_none, verb_rows);

static struct kunit_case verb_cases[] = {
	MMKIT_ROWS_CASE(verb),
	MMKIT_ROWS_CASE(verb_none),
	{ }
};

static struct kunit_suite verb_suite = {
	.name = "mmkit_verb",
	.test_cases = verb_cases,
};

kunit_test_suite(verb_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of control verbs");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
