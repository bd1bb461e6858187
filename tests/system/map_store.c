// SPDX-License-Identifier: GPL-2.0-only
/* A store's content, its bounds and its size, by every strategy. */
#include <signal.h>
#include "map_ways.h"

/* --- content and bounds */

static void content(const struct way *w)
{
	int fd = store(w, N);
	u8 *all = map_shared(fd, N), *part;

	test("%s: bug 29: zeroed, and all mappings show the same pages",
	     w->is.name);
	CHECK(zero(w, all, 0, N));
	mark(w, all, 0, N, 40);
	part = map_at(fd, 4, 5, RW, MAP_SHARED);
	marked(w, part, 4, 5, 40);
	part[PAGE + 7] = 99;
	EQUAL(all[5 * PAGE + 7], 99);
	munmap(all, N * PAGE);
	munmap(part, 5 * PAGE);
	all = map_shared(fd, N);
	marked(w, all, 0, N, 40);
	drop(fd, all, N);
	/* The same memory again, which was written. */
	fd = store(w, N);
	all = map_shared(fd, N);
	CHECK(zero(w, all, 0, N));
	drop(fd, all, N);
}

static void bounds(const struct way *w)
{
	const u64 far = -1ul >> 12;
	const u64 offsets[] = { 0, 1, N - 1, N, N + 1, far - N, far };
	const u64 lengths[] = { 1, 2, N - 1, N, N + 1, 1 << 20 };
	int fd = store(w, N);
	size_t i, j;

	test("%s: bug 1: mmap takes what lies inside of the store only",
	     w->is.name);
	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		for (j = 0; j < ARRAY_SIZE(lengths); j++) {
			bool inside = offsets[i] < N &&
				      lengths[j] <= N - offsets[i];
			u8 *map = map_at(fd, offsets[i], lengths[j], RW,
					 MAP_SHARED);

			if (!EQUAL(map != MAP_FAILED, inside))
				diag("offset %llu length %llu",
				     (unsigned long long)offsets[i],
				     (unsigned long long)lengths[j]);
			if (map != MAP_FAILED)
				munmap(map, lengths[j] * PAGE);
		}
	drop(fd, NULL, 0);
}

/* --- size */

static void shrunk(const struct way *w)
{
	int fd = store(w, N);
	u8 *map = map_shared(fd, N);
	u64 i;

	test("%s: bug 2: what is cut off answers SIGBUS", w->is.name);
	mark(w, map, 0, N, 10);
	if (w->whole || w->fixed) {
		EQUAL(map_set(fd, 5 * PAGE, ""), -EBUSY);
		marked(w, map, 0, N, 10);
	} else {
		EQUAL(map_set(fd, 5 * PAGE, ""), 0);
		for (i = 5; i < N; i++) {
			EQUAL(touch_read(map + i * PAGE), BUS_ADRERR);
			EQUAL(touch_write(map + i * PAGE + 9, 1), BUS_ADRERR);
		}
		marked(w, map, 0, 5, 10);
	}
	if (w->fixed) {
		EQUAL(map_set(fd, 0, ""), -EBUSY);
		marked(w, map, 0, N, 10);
		EQUAL(munmap(map, N * PAGE), 0);
		map = NULL;
		EQUAL(map_set(fd, 0, ""), 0);
	} else {
		EQUAL(map_set(fd, 0, ""), 0);
		EQUAL(touch_read(map), BUS_ADRERR);
		EQUAL(touch_write(map + 4 * PAGE, 1), BUS_ADRERR);
	}
	EQUAL(session(fd).bytes, 0);
	drop(fd, map, N);
}

static void grown(const struct way *w)
{
	int fd = store(w, 4);
	u8 *map = map_shared(fd, 4);

	test("%s: growing keeps the content, and what is added is zero",
	     w->is.name);
	mark(w, map, 0, 4, 10);
	EQUAL(map_set(fd, N * PAGE, ""), w->grows ? 0 : -EBUSY);
	marked(w, map, 0, 4, 10);
	munmap(map, 4 * PAGE);
	EQUAL(map_set(fd, 2 * PAGE, ""), 0);
	EQUAL(map_set(fd, N * PAGE, ""), 0);
	map = map_shared(fd, N);
	marked(w, map, 0, 2, 10);
	CHECK(zero(w, map + 2 * PAGE, 2, N - 2));
	drop(fd, map, N);
}

/* What went is others' now. */
static void after_free(const struct way *w)
{
	struct way page = { .is.name = "page" };
	int fd = store(w, N), other = dev_open("map");
	u8 *map = map_shared(fd, N), *spray;
	u32 i;

	test("%s: bug 11: a mapping never shows pages that were given back",
	     w->is.name);
	mark(w, map, 0, N, 0x11);
	if (w->fixed) {
		EQUAL(map_set(fd, 0, ""), -EBUSY);
		marked(w, map, 0, N, 0x11);
		drop(fd, map, N);
		return;
	}
	EQUAL(map_set(fd, 0, ""), 0);
	EQUAL(map_set(other, 256 * PAGE, page.is.name), 0);
	spray = map_shared(other, 256);
	memset(spray, 0x77, 256 * PAGE);
	for (i = 0; i < N; i++)
		EQUAL(touch_write(map + i * PAGE, 0x11), BUS_ADRERR);
	for (i = 0; i < 256; i++)
		EQUAL(spray[i * PAGE], 0x77);
	munmap(spray, 256 * PAGE);
	close(other);
	drop(fd, map, N);
}

/* --- counts */

static void counts(const struct way *w)
{
	struct mmkit_page before[4], now[4];
	int fd = store(w, 3), i;
	u8 *map;

	test("%s: references and mapcounts, before, while mapped and after",
	     w->is.name);
	EQUAL(map_describe(fd, 0, 3, before), 3);
	/* What is made when it is touched has no page yet, or that of zeros. */
	for (i = 0; i < 3 && !w->lazy; i++)
		EQUAL(kpage("count", before[i].pfn), 0);
	map = map_shared(fd, 3);
	mark(w, map, 0, 3, 1);
	EQUAL(map_describe(fd, 0, 3, now), 3);
	for (i = 0; i < 3; i++) {
		EQUAL(now[i].mapcount, kpage("count", now[i].pfn));
		if (w->pfn || w->counted) {
			EQUAL(now[i].pfn, before[i].pfn);
			EQUAL(now[i].mapcount, w->counted);
			EQUAL(now[i].refcount, before[i].refcount + w->counted);
		}
		/* Of areas with VM_PFNMAP it says nothing: walk_page_test(). */
		EQUAL(pagemap(map + i * PAGE) & ((1ull << 55) - 1),
		      w->pfn ? 0 : now[i].pfn);
	}
	munmap(map, 3 * PAGE);
	EQUAL(map_describe(fd, 0, 3, now), 3);
	for (i = 0; i < 3; i++) {
		EQUAL(now[i].mapcount, 0);
		EQUAL(kpage("count", now[i].pfn), 0);
		if (!w->lazy)
			EQUAL(now[i].refcount, before[i].refcount);
	}
	drop(fd, NULL, 0);
}

/* --- strategies that this kernel does not have */

static void absent(const struct mmkit_map_strategy *is)
{
	int fd = dev_open("map");

	test("%s: absent: %s", is->name, is->note);
	EQUAL(map_set(fd, PAGE, is->name), -EOPNOTSUPP);
	CHECK(is->note[0]);
	close(fd);
}

static void all_absent(void)
{
	static struct mmkit_map_strategy list[MMKIT_MAP_STRATEGIES_MAX];
	u32 i, nr = way_list(list);

	for (i = 0; i < nr; i++)
		if (list[i].flags & MMKIT_STRATEGY_ABSENT)
			absent(&list[i]);
}

static const way_test tests[] = {
	content, bounds, shrunk, grown, after_free, counts,
};

int main(int argc, char **argv)
{
	all_absent();
	way_each(argc > 1 ? argv[1] : NULL, tests, ARRAY_SIZE(tests));
	return tap_end();
}
