/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of cmocka as the tests use, for where it is not to be had: a 64-bit
 * Debian has no 32-bit cmocka.
 */
#ifndef _MMKIT_PLAIN_CMOCKA_H
#define _MMKIT_PLAIN_CMOCKA_H

#include <stdint.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*test_func)(void **state);
	void *initial_state;
};

int _cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests,
			    size_t nr, void *setup, void *teardown);
void fail_msg(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

#define assert_int_equal(a, b)						\
	do {								\
		uintmax_t _a = (uintmax_t)(a), _b = (uintmax_t)(b);	\
									\
		if (_a != _b)						\
			fail_msg("%s:%d: %#jx != %#jx", __FILE__,	\
				 __LINE__, _a, _b);			\
	} while (0)

#define assert_string_equal(a, b)					\
	do {								\
		if (strcmp(a, b))					\
			fail_msg("%s:%d: \"%s\" != \"%s\"", __FILE__,	\
				 __LINE__, a, b);			\
	} while (0)

#endif
