// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of an mmap() fails once, by every strategy. Last of all programs:
 * kmemleak is off afterwards.
 */
#include "faults.h"
#include "map_ways.h"

/*
 * kmemleak allocates as well, and fails for good where that fails: it has its last
 * word first.
 */
static void last_scan(void)
{
	static char text[4096];

	test("nothing of what came before was leaked");
	if (!kmemleak_scan()) {
		skip("the kernel has no kmemleak");
		return;
	}
	CHECK(file_read(KMEMLEAK, text, sizeof(text)));
	if (!EQUAL(text[0], 0))
		diag("%s", text);
	EQUAL(file_write(KMEMLEAK, "off"), 0);
}

static void fail_nth(const struct way *w)
{
	u64 used = info().used_bytes;
	int fd = store(w, N), n;
	bool hit = true;
	u8 *map;

	test("%s: bug 21: an mmap that fails half way leaves nothing",
	     w->is.name);
	for (n = 0; hit; n++) {
		fault_arm(n + 1);
		map = map_at(fd, 0, N, RW, MAP_SHARED);
		hit = fault_hit();
		if (map == MAP_FAILED) {
			CHECK(hit);
			EQUAL(map_get(fd).maps, 0);
			continue;
		}
		EQUAL(munmap(map, N * PAGE), 0);
	}
	CHECK(n > 1);
	drop(fd, NULL, 0);
	EQUAL(info().used_bytes, used);
}

int main(int argc, char **argv)
{
	const way_test tests[] = { fail_nth };

	if (!faults_there()) {
		test("bug 21: an mmap that fails half way leaves nothing");
		skip("the kernel has no fault injection");
		return tap_end();
	}
	last_scan();
	faults_init();
	way_each(argc > 1 ? argv[1] : NULL, tests, ARRAY_SIZE(tests));
	return tap_end();
}
