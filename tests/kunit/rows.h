/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of tests/cases as parameters of a KUnit case. */
#ifndef _MMKIT_KUNIT_ROWS_H
#define _MMKIT_KUNIT_ROWS_H

#include <kunit/test.h>
#include <linux/string.h>

#define CASE_EQ(test, got, want)	KUNIT_EXPECT_EQ(test, got, want)
#define CASE_STREQ(test, got, want)	KUNIT_EXPECT_STREQ(test, got, want)

/* TABLE_test() runs TABLE_case() on each row; TABLE_gen_params() walks over them. */
#define MMKIT_ROWS(table, rows)						\
	static void table##_desc(const struct table##_row *row,		\
				 char *desc)				\
	{								\
		strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);	\
	}								\
									\
	static void table##_test(struct kunit *test)			\
	{								\
		table##_case(test, test->param_value);			\
	}								\
									\
	KUNIT_ARRAY_PARAM(table, rows, table##_desc)

#define MMKIT_ROWS_CASE(table) \
	KUNIT_CASE_PARAM(table##_test, table##_gen_params)

#endif
