// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of an mmap() fails once, by every strategy. Last of all programs:
 * kmemleak is off afterwards.
 */
#include <fcntl.h>
#include "map_ways.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

static void set_fault(const char *point, const char *field, const char *value)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", point, field);
	EQUAL(file_write(path, value), 0);
}

/*
 * Allocations that may wait fail too, and single pages; and a stack for each of
 * them takes minutes on a serial line.
 */
static void fail_everything(void)
{
	set_fault("failslab", "ignore-gfp-wait", "N");
	set_fault("fail_page_alloc", "ignore-gfp-wait", "N");
	set_fault("fail_page_alloc", "min-order", "0");
	set_fault("failslab", "verbose", "0");
	set_fault("fail_page_alloc", "verbose", "0");
	set_fault("fail_usercopy", "verbose", "0");
}

/*
 * kmemleak allocates as well, and fails for good where that fails: it has its last
 * word first. It trusts no block that is younger than five seconds.
 */
static void last_scan(void)
{
	static char text[4096];

	if (file_write(KMEMLEAK, "scan"))
		return;
	test("nothing of what came before was leaked");
	sleep(6);
	EQUAL(file_write(KMEMLEAK, "scan"), 0);
	CHECK(file_read(KMEMLEAK, text, sizeof(text)));
	if (!EQUAL(text[0], 0))
		diag("%s", text);
	EQUAL(file_write(KMEMLEAK, "off"), 0);
}

static void fail_nth(const struct way *w)
{
	u64 used = info().used_bytes;
	int fd = store(w, N), n, left = 0;
	char text[16];
	u8 *map;

	test("%s: bug 21: an mmap that fails half way leaves nothing",
	     w->is.name);
	for (n = 1; n < 200; n++) {
		snprintf(text, sizeof(text), "%d", n);
		file_write(FAIL_NTH, text);
		map = map_at(fd, 0, N, RW, MAP_SHARED);
		left = file_number(FAIL_NTH);
		file_write(FAIL_NTH, "0");
		if (map == MAP_FAILED) {
			EQUAL(map_get(fd).maps, 0);
			continue;
		}
		EQUAL(munmap(map, N * PAGE), 0);
		if (left)
			break;
	}
	CHECK(n > 1);
	drop(fd, NULL, 0);
	EQUAL(info().used_bytes, used);
}

int main(int argc, char **argv)
{
	const way_test tests[] = { fail_nth };

	if (access(FAIL_NTH, W_OK)) {
		test("bug 21: an mmap that fails half way leaves nothing");
		skip("the kernel has no fault injection");
		return tap_end();
	}
	last_scan();
	fail_everything();
	way_each(argc > 1 ? argv[1] : NULL, tests, ARRAY_SIZE(tests));
	return tap_end();
}
