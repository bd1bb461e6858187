/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TAP for test programs in C, after the kernel's kselftest.h. test() begins a
 * test and ends the one before; every CHECK belongs to the test that is open.
 * Lines carry no numbers: the script that runs the programs of an area in one
 * boot counts them.
 */
#ifndef _MMKIT_TEST_TAP_H
#define _MMKIT_TEST_TAP_H

#include <stdbool.h>

/* Opens a test. A 32-bit program says that it is one. */
void test(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The open test cannot be run here; say why. It stops being checked. */
void skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line that is shown if the open test fails. */
void diag(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the last test. Returns what main() returns. */
int tap_end(void);

/* The whole program cannot go on. */
void bail(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

bool tap_check(bool ok, const char *file, int line, const char *what);
bool tap_equal(long long got, long long want, const char *file, int line,
	       const char *what);
bool tap_between(long long got, long long low, long long high,
		 const char *file, int line, const char *what);

/* Each is true when it holds, so that a test can give up. */
#define CHECK(cond)	tap_check(cond, __FILE__, __LINE__, #cond)
#define EQUAL(got, want) \
	tap_equal(got, want, __FILE__, __LINE__, #got " == " #want)
#define BETWEEN(got, low, high) \
	tap_between(got, low, high, __FILE__, __LINE__, \
		    #low " <= " #got " <= " #high)

/*
 * Runs a function in a child; its CHECKs count here. Returns the wait status.
 */
int in_child(void (*run)(void *data), void *data);

#endif
