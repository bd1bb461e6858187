// SPDX-License-Identifier: GPL-2.0-only
/* The areas that map a store, by every strategy: bounds, splits, moves, access. */
#include <fcntl.h>
#include "map_ways.h"

#define MAX_MAPS	"/sys/module/mmkit_map/parameters/max_maps"

static void not_expanded(const struct way *w)
{
	int fd = store(w, N);
	u8 *map = map_at(fd, 0, 4, RW, MAP_SHARED);

	test("%s: bug 3: mremap does not grow a mapping", w->is.name);
	CHECK(mremap(map, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED);
	EQUAL(errno, EFAULT);
	CHECK(mremap(map, 4 * PAGE, 5 * PAGE, 0) == MAP_FAILED);
	EQUAL(errno, EFAULT);
	drop(fd, map, 4);
}

static void moved(const struct way *w)
{
	int fd = store(w, N);
	u8 *map = map_shared(fd, N), *now;
	u8 *to = mmap(NULL, N * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);

	test("%s: bug 4: mremap moves and shrinks, and both can be unmapped",
	     w->is.name);
	mark(w, map, 0, N, 60);
	now = mremap(map, N * PAGE, N * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		     to);
	CHECK(now == to);
	marked(w, now, 0, N, 60);
	EQUAL(map_get(fd).maps, 1);
	CHECK(mremap(now, N * PAGE, 5 * PAGE, 0) == now);
	marked(w, now, 0, 5, 60);
	EQUAL(munmap(map, N * PAGE), 0);
	marked(w, now, 0, 5, 60);
	drop(fd, now, 5);
}

static void split(const struct way *w)
{
	int fd = store(w, N);
	u8 *map = map_shared(fd, N);

	test("%s: bug 5: splitting by munmap and mprotect keeps count and content",
	     w->is.name);
	mark(w, map, 0, N, 7);
	EQUAL(munmap(map + 2 * PAGE, PAGE), 0);
	EQUAL(map_get(fd).maps, 2);
	marked(w, map, 0, 2, 7);
	marked(w, map + 4 * PAGE, 4, 3, 7);
	EQUAL(mprotect(map + 4 * PAGE, PAGE, PROT_READ), 0);
	EQUAL(map_get(fd).maps, 4);
	marked(w, map + 3 * PAGE, 3, N - 3, 7);
	map[5 * PAGE] = 1;
	EQUAL(mprotect(map + 4 * PAGE, PAGE, RW), 0);
	map[4 * PAGE] = 1;
	drop(fd, map, N);
}

static void protection(const struct way *w)
{
	int fd = dev_open_flags("map", O_RDONLY);
	u8 *map;

	test("%s: bug 6: a file opened read-only gives no way to write",
	     w->is.name);
	EQUAL(map_set(fd, 2 * PAGE, w->is.name), 0);
	CHECK(map_at(fd, 0, 2, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EACCES);
	map = map_at(fd, 0, 2, PROT_READ, MAP_SHARED);
	CHECK(map != MAP_FAILED);
	EQUAL(map[0], 0);
	EQUAL(mprotect(map, 2 * PAGE, RW) ? errno : 0, EACCES);
	drop(fd, map, 2);
}

static void private_write(const struct way *w)
{
	int fd = store(w, 2);
	u8 *shared = map_shared(fd, 2), *own;

	test("%s: bug 7: a private write is copied or refused", w->is.name);
	mark(w, shared, 0, 2, 20);
	own = map_at(fd, 0, 2, RW, MAP_PRIVATE);
	if (w->pfn) {
		CHECK(own == MAP_FAILED);
		EQUAL(errno, EINVAL);
		own = map_at(fd, 0, 2, PROT_READ, MAP_PRIVATE);
		if (CHECK(own != MAP_FAILED))
			marked(w, own, 0, 2, 20);
		EQUAL(mprotect(own, 2 * PAGE, RW) ? errno : 0, EACCES);
	} else if (CHECK(own != MAP_FAILED)) {
		marked(w, own, 0, 2, 20);
		own[0] = 1;
		EQUAL(shared[0], 20);
		EQUAL(own[0], 1);
		shared[PAGE + 1] = 4;
		EQUAL(own[PAGE + 1], 4);
	}
	munmap(own, 2 * PAGE);
	drop(fd, shared, 2);
}

static void too_many(const struct way *w)
{
	long long normal = file_number(MAX_MAPS);
	int fd = store(w, 4), i;
	char text[32];
	u8 *map[3];

	test("%s: bug 13: one mapping more than max_maps is EDQUOT",
	     w->is.name);
	EQUAL(file_write(MAX_MAPS, "3"), 0);
	for (i = 0; i < 3; i++)
		map[i] = map_shared(fd, 4);
	CHECK(map_at(fd, 0, 4, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EDQUOT);
	EQUAL(munmap(map[0] + PAGE, PAGE) ? errno : 0, EDQUOT);
	snprintf(text, sizeof(text), "%lld", normal);
	EQUAL(file_write(MAX_MAPS, text), 0);
	for (i = 0; i < 3; i++)
		EQUAL(munmap(map[i], 4 * PAGE), 0);
	drop(fd, NULL, 0);
}

/* --- copies */

static void into_itself(const struct way *w)
{
	int fd = store(w, 3);
	u8 *map = map_shared(fd, 3);
	struct mmkit_map_get *get = (void *)(map + 2 * PAGE);

	test("%s: bug 22: an answer may go into the mapping that it is about",
	     w->is.name);
	get->size = sizeof(*get);
	EQUAL(call(fd, MMKIT_MAP_GET, get), 0);
	EQUAL(get->bytes, 3 * PAGE);
	drop(fd, map, 3);
}

/* Which ones answer at all: counted pages, and frames with .access. */
static bool peekable(const struct way *w)
{
	return w->counted || !strcmp(w->is.backing, "tmpfs") ||
	       !strcmp(w->is.name, "pager") ||
	       !strcmp(w->is.name, "access") ||
	       !strcmp(w->is.backing, "carve-out");
}

static void proc_mem(const struct way *w)
{
	int fd = store(w, 3), mem = open("/proc/self/mem", O_RDWR);
	u8 *around = mmap(NULL, 5 * PAGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	u8 *map = mmap(around + PAGE, 3 * PAGE, RW, MAP_SHARED | MAP_FIXED, fd,
		       0);
	int one = peekable(w) ? 1 : -1;
	u8 text[16];

	test("%s: bug 33: /proc/PID/mem up to both edges, not past them, and as mapped",
	     w->is.name);
	mark(w, map, 0, 3, 44);
	munmap(around, PAGE);
	munmap(around + 4 * PAGE, PAGE);
	EQUAL(pread(mem, text, 1, (long)map), one);
	if (one == 1)
		EQUAL(text[0], 44);
	EQUAL(pread(mem, text, 16, (long)(map + 3 * PAGE - 1)), one);
	EQUAL(pread(mem, text, 1, (long)(map + 3 * PAGE)), -1);
	EQUAL(pread(mem, text, 1, (long)(map - 1)), -1);
	EQUAL(pwrite(mem, "x", 1, (long)map), one);
	EQUAL(map[0], one == 1 ? 'x' : 44);
	EQUAL(mprotect(map, PAGE, PROT_READ), 0);
	EQUAL(pwrite(mem, "y", 1, (long)map), -1);
	EQUAL(map[0], one == 1 ? 'x' : 44);
	close(mem);
	drop(fd, map, 3);
}

static const way_test tests[] = {
	not_expanded, moved, split, protection, private_write, too_many,
	into_itself, proc_mem,
};

int main(int argc, char **argv)
{
	way_each(argc > 1 ? argv[1] : NULL, tests, ARRAY_SIZE(tests));
	return tap_end();
}
