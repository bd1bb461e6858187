// SPDX-License-Identifier: GPL-2.0-only
/*
 * User-mode Linux copies to a program by the page that its tables have. Where the fault
 * that makes one finds no memory that is still the page of zeros, which everybody reads:
 * tests/vm/kernels/uml.patch.
 */
#include <sys/mman.h>
#include "faults.h"

#define MARK	"mark"

static u8 *zeros(void)
{
	u8 *map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(map != MAP_FAILED);
	EQUAL(touch_read(map), 0);
	return map;
}

/* The n-th point of a read() to a page that has been read only; was there one? */
static bool copied(int fd, unsigned int nth)
{
	u8 *map = zeros(), *other;
	bool hit;
	int got;

	fault_arm(nth);
	got = pread(fd, map, sizeof(MARK), 0);
	if (got < 0)
		got = -errno;
	hit = fault_hit();
	CHECK(got == sizeof(MARK) || got == -EFAULT || (hit && got == -ENOMEM));
	if (got == sizeof(MARK))
		CHECK(!memcmp(map, MARK, sizeof(MARK)));
	else
		EQUAL(map[0], 0);
	other = zeros();
	EQUAL(other[0], 0);
	/* Whoever comes later has zeros again. */
	if (other[0])
		bail("the page of zeros has been written to");
	munmap(other, PAGE);
	munmap(map, PAGE);
	return hit;
}

int main(void)
{
	int fd = memfd_create("mark", MFD_CLOEXEC);
	unsigned int nth = 1;

	test("a copy to a page that is not there: nothing is written to the zeros");
	if (!faults_there()) {
		skip("this kernel fails nothing on purpose");
		return tap_end();
	}
	faults_init();
	EQUAL(write(fd, MARK, sizeof(MARK)), sizeof(MARK));
	while (copied(fd, nth))
		nth++;
	/* The copy itself, and the page. */
	CHECK(nth > 2);
	diag("%u points", nth - 1);
	close(fd);
	return tap_end();
}
