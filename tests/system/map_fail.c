// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of an mmap() fails once, by every strategy, and of a store that is made
 * all fail from some point on. Last of all programs: kmemleak is off afterwards.
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

/* Opened before anything fails, because that is an allocation. */
static void make_it_fail(const char *yes)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/proc/thread-self/make-it-fail", O_WRONLY | O_CLOEXEC);
	EQUAL(pwrite(fd, yes, 1, 0), 1);
}

/* This task's allocations fail once it has had so much: bytes of the slab, or pages. */
static int set_failing(int fd, const struct way *w, const char *point,
		       unsigned int space)
{
	char text[16];
	int err;

	snprintf(text, sizeof(text), "%u", space);
	set_fault(point, "space", text);
	make_it_fail("1");
	err = map_set(fd, N * PAGE, w->is.name);
	make_it_fail("0");
	return err;
}

/* Returns how often it failed. */
static int fail_from(const struct way *w, const char *point, unsigned int step)
{
	u64 used = info().used_bytes;
	unsigned int space = 0;
	int fd = dev_open("map"), err;

	test("%s: from any point on all of %s fails, and the store is as it was",
	     w->is.name, point);
	make_it_fail("0");
	set_fault(point, "task-filter", "Y");
	set_fault(point, "times", "-1");
	set_fault(point, "probability", "100");
	do {
		err = set_failing(fd, w, point, space);
		/* shmem_file_setup() has no other word for an inode that it lacks. */
		if (err && !CHECK(err == -ENOMEM || (err == -ENOSPC &&
				  !strcmp(w->is.backing, "tmpfs"))))
			break;
		if (err && !EQUAL(info().used_bytes, used))
			break;
		space += step;
	} while (err);
	set_fault(point, "probability", "0");
	set_fault(point, "task-filter", "N");
	close(fd);
	EQUAL(info().used_bytes, used);
	return space / step - 1;
}

/* A kmalloc() of so much is of pages (KMALLOC_MAX_CACHE_SIZE), and there is no other. */
static bool has_slabs(const struct way *w)
{
	return strcmp(w->is.backing, "kmalloc");
}

/* What a cache is asked for is seldom less than this. */
static void fail_slabs(const struct way *w)
{
	CHECK((fail_from(w, "failslab", 64) > 0) == has_slabs(w));
}

/* Not every store has some. */
static void fail_pages(const struct way *w)
{
	CHECK(fail_from(w, "fail_page_alloc", 1) > 0 || has_slabs(w));
}

int main(int argc, char **argv)
{
	const way_test tests[] = { fail_nth, fail_slabs, fail_pages };

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
