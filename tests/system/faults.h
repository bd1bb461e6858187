/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Having the kernel fail where it may: the n-th allocation or copy from here on, of
 * this thread. Documentation/fault-injection/fault-injection.rst
 */
#ifndef _MMKIT_TEST_FAULTS_H
#define _MMKIT_TEST_FAULTS_H

#include <fcntl.h>
#include <unistd.h>
#include "lib.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

static int faults_fd = -1;

static inline bool faults_there(void)
{
	return !access(FAIL_NTH, W_OK);
}

static inline void set_fault(const char *point, const char *field,
			     const char *value)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", point, field);
	EQUAL(file_write(path, value), 0);
}

/*
 * Allocations that may wait fail too, and single pages, of high memory as well; and
 * a stack for each of them takes minutes on a serial line. The file is opened once:
 * opening it would be a point by itself.
 */
static inline void faults_init(void)
{
	set_fault("failslab", "ignore-gfp-wait", "N");
	set_fault("fail_page_alloc", "ignore-gfp-wait", "N");
	set_fault("fail_page_alloc", "ignore-gfp-highmem", "N");
	set_fault("fail_page_alloc", "min-order", "0");
	set_fault("failslab", "verbose", "0");
	set_fault("fail_page_alloc", "verbose", "0");
	set_fault("fail_usercopy", "verbose", "0");
	faults_fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	if (faults_fd < 0)
		bail(FAIL_NTH ": %s", strerror(errno));
}

/* What kmemleak finds now is listed; it trusts no block younger than five seconds. */
static inline bool kmemleak_scan(void)
{
	if (file_write(KMEMLEAK, "scan"))
		return false;
	sleep(6);
	EQUAL(file_write(KMEMLEAK, "scan"), 0);
	return true;
}

/* The n-th point from here on fails; 0: none does. */
static inline void fault_arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	/* Of what is armed still, this may be the point that fails. */
	while (pwrite(faults_fd, text, len, 0) != len)
		if (errno != EFAULT)
			bail(FAIL_NTH ": %s", strerror(errno));
}

/* None fails from here on. Was there an n-th one? */
static inline bool fault_hit(void)
{
	char text[16] = "";

	/* The copy that says how many are left is a point itself. */
	if (pread(faults_fd, text, sizeof(text) - 1, 0) < 0) {
		if (errno != EFAULT)
			bail(FAIL_NTH ": %s", strerror(errno));
		return false;
	}
	if (!atoi(text))
		return true;
	fault_arm(0);
	return false;
}

#endif
