// SPDX-License-Identifier: GPL-2.0-only
/* What single strategies promise beyond what all of them do. */
#include <signal.h>
#include "map_ways.h"

static void split_pages(const struct way *w)
{
	static struct mmkit_page page[1024];
	u32 i, nr = 1024;
	int fd;

	if (strcmp(w->is.backing, "blocks"))
		return;
	fd = store(w, nr);
	test("%s: bug 12: every page of a block has its own reference",
	     w->is.name);
	EQUAL(map_describe(fd, 0, nr, page), nr);
	for (i = 0; i < nr; i++)
		EQUAL(page[i].refcount, 1);
	EQUAL(map_set(fd, 700 * PAGE, ""), 0);
	EQUAL(map_describe(fd, 0, 700, page), 700);
	for (i = 0; i < 700; i++)
		EQUAL(page[i].refcount, 1);
	drop(fd, NULL, 0);
}

/* From offsets that no PMD fits, and over the middle of one that went. */
static void huge(const struct way *w)
{
	const u64 nr = 3 * 512;
	int fd;
	u8 *map, *off;

	if (strcmp(w->is.name, "huge"))
		return;
	fd = store(w, nr);
	test("huge: bug 10: large and small mappings show the same pages");
	map = map_shared(fd, nr);
	off = map_at(fd, 3, nr - 5, RW, MAP_SHARED);
	mark(w, map, 0, nr, 9);
	marked(w, off, 3, nr - 5, 9);
	EQUAL(munmap(map + 512 * PAGE, 5 * PAGE), 0);
	marked(w, map, 0, 512, 9);
	marked(w, map + 517 * PAGE, 517, nr - 517, 9);
	EQUAL(map_set(fd, 1000 * PAGE, ""), 0);
	marked(w, map, 0, 512, 9);
	EQUAL(touch_read(map + 1000 * PAGE), BUS_ADRERR);
	marked(w, off + 900 * PAGE, 903, 97, 9);
	munmap(off, (nr - 5) * PAGE);
	drop(fd, map, nr);
}

static u64 log_of(int fd, u32 flags)
{
	u64 bits[2] = { 0 };
	struct mmkit_map_log log = {
		.size = sizeof(log), .flags = flags, .nr = N,
		.bits = PTR(bits),
	};

	EQUAL(call(fd, MMKIT_MAP_LOG, &log), 0);
	EQUAL(log.nr, N);
	EQUAL(log.set, __builtin_popcountll(bits[0]));
	return bits[0];
}

static void logged(const struct way *w)
{
	bool cow = !strcmp(w->is.name, "cow");
	struct mmkit_map_log log = { .size = sizeof(log), .nr = 1 };
	int fd = store(w, N);
	u8 *map;

	if (!(w->is.flags & MMKIT_STRATEGY_LOG)) {
		test("%s: keeps no log: EOPNOTSUPP", w->is.name);
		EQUAL(call(fd, MMKIT_MAP_LOG, &log), -EOPNOTSUPP);
		drop(fd, NULL, 0);
		return;
	}
	test("%s: the log has what was written and nothing else", w->is.name);
	map = map_at(fd, 0, N, RW, cow ? MAP_PRIVATE : MAP_SHARED);
	touch_read(map + PAGE);
	EQUAL(log_of(fd, 0), 0);
	map[2 * PAGE] = 1;
	map[5 * PAGE] = 1;
	EQUAL(log_of(fd, 0), 0x24);
	EQUAL(log_of(fd, MMKIT_MAP_LOG_CLEAR), 0x24);
	EQUAL(log_of(fd, 0), 0);
	if (!cow) {
		EQUAL(map[2 * PAGE], 1);
		EQUAL(log_of(fd, 0), 0);
		map[2 * PAGE] = 2;
		EQUAL(log_of(fd, 0), 0x4);
	}
	munmap(map, N * PAGE);
	log.nr = 0;
	EQUAL(call(fd, MMKIT_MAP_LOG, &log), -EINVAL);
	log.nr = 1;
	log.first = N;
	EQUAL(call(fd, MMKIT_MAP_LOG, &log), -EINVAL);
	log.first = 0;
	log.flags = 2;
	EQUAL(call(fd, MMKIT_MAP_LOG, &log), -EINVAL);
	drop(fd, NULL, 0);
}

static void holes(const struct way *w)
{
	int fd;
	u8 *map;

	if (!w->holes)
		return;
	fd = store(w, N);
	test("sigbus: every fourth page is a hole, read or written");
	map = map_shared(fd, N);
	EQUAL(touch_read(map + 3 * PAGE), BUS_ADRERR);
	EQUAL(touch_write(map + 7 * PAGE, 1), BUS_ADRERR);
	EQUAL(touch_write(map + 8 * PAGE, 1), 0);
	drop(fd, map, N);
}

static void on_write(const struct way *w)
{
	struct mmkit_page page[N];
	int fd, i;
	u8 *map, *again;

	if (strcmp(w->is.name, "lazyzero"))
		return;
	fd = store(w, N);
	test("lazyzero: one page of zeros for all, until it is written");
	map = map_shared(fd, N);
	again = map_shared(fd, N);
	for (i = 0; i < (int)N; i++)
		EQUAL(map[i * PAGE] + again[i * PAGE], 0);
	EQUAL(map_describe(fd, 0, N, page), N);
	for (i = 1; i < (int)N; i++)
		EQUAL(page[i].pfn, page[0].pfn);
	map[2 * PAGE] = 7;
	EQUAL(again[2 * PAGE], 7);
	again[3 * PAGE] = 8;
	EQUAL(map[3 * PAGE], 8);
	EQUAL(map_describe(fd, 0, N, page), N);
	CHECK(page[2].pfn != page[0].pfn);
	EQUAL(page[1].pfn, page[0].pfn);
	munmap(again, N * PAGE);
	drop(fd, map, N);
}

/* By a module that tries, and that answers with what mm said. */
static void typed(const struct mmkit_map_strategy *is)
{
	struct way w = way_of(is);
	u64 used = info().used_bytes;
	int fd = store(&w, 2);

	test("bug 8: vm_insert_page() refuses %s", is->help);
	CHECK(map_at(fd, 0, 1, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EINVAL);
	drop(fd, NULL, 0);
	EQUAL(info().used_bytes, used);
}

static void all_typed(void)
{
	static struct mmkit_map_strategy list[MMKIT_MAP_STRATEGIES_MAX];
	u32 i, nr = way_list(list);

	for (i = 0; i < nr; i++)
		if (!strcmp(list[i].module, "mmkit_typed"))
			typed(&list[i]);
}

static const way_test tests[] = {
	split_pages, huge, logged, holes, on_write,
};

int main(int argc, char **argv)
{
	way_each(argc > 1 ? argv[1] : NULL, tests, ARRAY_SIZE(tests));
	all_typed();
	return tap_end();
}
