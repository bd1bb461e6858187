/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the rows of tests/cases, and properties, each as one cmocka test. */
#ifndef _MMKIT_HOST_H
#define _MMKIT_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

/* The cases are KUnit's too; here its context is not used. */
struct kunit;

#define CASE_EQ(test, got, want)			\
	do {						\
		(void)(test);				\
		assert_int_equal(got, want);		\
	} while (0)

#define CASE_STREQ(test, got, want)			\
	do {						\
		(void)(test);				\
		assert_string_equal(got, want);		\
	} while (0)

/**
 * struct host_table - rows that one function checks
 * @name: of the table
 * @run: checks the row that it is given as state
 * @rows: array; each begins with its name. NULL for a single test
 * @nr: how many
 * @size: of each
 */
struct host_table {
	const char *name;
	void (*run)(void **state);
	const void *rows;
	size_t nr;
	size_t size;
};

/* A function that cmocka can call from one that both runners call. */
#define HOST_CASE(name, row_type)				\
	static void name##_run(void **state)			\
	{							\
		name##_case(NULL, *(const row_type **)state);	\
	}

#define HOST_TABLE(name, rows) \
	{ #name, name##_run, rows, ARRAY_SIZE(rows), sizeof((rows)[0]) }

#define HOST_TEST(name)	{ #name, name, NULL, 1, 0 }

int host_run(const struct host_table *tables, size_t nr);

/* Random numbers: the same ones each time, unless SEED says otherwise. */
uint64_t host_random(void);
/* Random, but near what overflows: few bits, powers of two, their neighbours. */
uint64_t host_random_edge(void);

#define HOST_ROUNDS	200000

#endif
