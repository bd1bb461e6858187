// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mmkit says is what the kernel says in its own files at the same moment.
 * Two sources that are read one after the other may differ although both are
 * right, so each comparison is repeated until it is equal; one that never is
 * fails.
 */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lib.h"

#define TRIES	200

static int one_fd;

/* --- pages */

#define SLAB	(1ull << 7)
#define ANON	(1ull << 12)
#define KSM	(1ull << 21)
#define HUGE_ZERO (1ull << 22 | 1ull << 24) /* a THP, and a page of zeros */

static u64 no_truth;	/* flags in which this kernel's kpageflags is wrong */

static bool same_flags(const struct mmkit_page *page)
{
	u64 kernel = kpage("flags", page->pfn), unlike = page->flags ^ kernel;

	if (page->flags & SLAB && no_truth)
		unlike &= ~ANON;
	/* Which one that is, older kernels tell no module. */
	if ((unlike & kernel & HUGE_ZERO) == HUGE_ZERO)
		unlike &= ~HUGE_ZERO;
	return !(unlike & ~no_truth) &&
	       (u64)page->mapcount == kpage("count", page->pfn);
}

/*
 * 6.12's stable_page_flags() tests for two bits of a mapping and takes one for
 * enough: each anonymous page is KSM to it, and a slab, which keeps a list where
 * others have their mapping, is anonymous. So look at a page that nobody merged.
 */
static void learn_quirks(void)
{
	u8 *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	mlock(page, PAGE);
	no_truth = kpage("flags", pagemap(page) & ((1ull << 55) - 1)) & KSM;
	munmap(page, PAGE);
}

/* Blocks of ours do not change between the two readings. */
static void check_blocks(const char *name, struct mmkit_pages_alloc alloc)
{
	struct mmkit_page page[64];
	int i, nr;

	test("%s: flags and count are those of /proc/kpageflags and kpagecount",
	     name);
	EQUAL(call(one_fd, MMKIT_PAGES_ALLOC, &alloc), 0);
	nr = pages_describe(one_fd, alloc.handle, 0, 64, page);
	CHECK(nr > 0);
	for (i = 0; i < nr; i++) {
		EQUAL(page[i].flags, kpage("flags", page[i].pfn));
		EQUAL(page[i].mapcount, kpage("count", page[i].pfn));
	}
	EQUAL(pages_free(one_fd, alloc.handle), 0);
}

static void own_blocks(void)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 32);

	check_blocks("single pages", alloc);
	alloc.order = 3;
	check_blocks("blocks", alloc);
	alloc.gfp = MMKIT_GFP_COMP;
	check_blocks("compound blocks", alloc);
	alloc = alloc_init(9, 2);
	alloc.gfp = MMKIT_GFP_HIGHUSER_MOVABLE | MMKIT_GFP_COMP;
	check_blocks("huge compound blocks", alloc);
	alloc = alloc_init(4, 4);
	alloc.flags = MMKIT_PAGES_SPLIT;
	check_blocks("split blocks", alloc);
	alloc = alloc_init(0, 4);
	alloc.how = MMKIT_PAGES_EXACT;
	alloc.bytes = 3 * PAGE;
	check_blocks("exact blocks", alloc);
}

/*
 * Any frame: whatever the kernel uses it for. A frame in use by others may
 * change between two readings, and a few do; what is wrong stays wrong.
 */
static bool frame_true(u64 pfn)
{
	struct mmkit_page page;
	int i;

	for (i = 0; i < TRIES; i++) {
		if (pages_describe(one_fd, 0, pfn, 1, &page) != 1)
			return false;
		if (page.state & MMKIT_PAGE_NOPAGE)
			return kpage("flags", pfn) == 1ull << 20; /* NOPAGE */
		if (same_flags(&page))
			return true;
	}
	diag("pfn 0x%llx: flags 0x%llx mapcount %d, kernel 0x%llx %llu",
	     (unsigned long long)pfn, (unsigned long long)page.flags,
	     page.mapcount, (unsigned long long)kpage("flags", pfn),
	     (unsigned long long)kpage("count", pfn));
	return false;
}

static void all_frames(void)
{
	struct mmkit_zone zone[16];
	u64 pfn, end = 0, kinds = 0, checked = 0;
	u32 i, nr = pages_zones(one_fd, zone, 16);

	test("frames all over memory are as /proc/kpageflags and kpagecount say");
	if (no_truth)
		diag("but for KSM, which this kernel's file says of anonymous pages");
	for (i = 0; i < nr && i < 16; i++)
		if (zone[i].start_pfn + zone[i].spanned > end)
			end = zone[i].start_pfn + zone[i].spanned;
	CHECK(end > 65536);
	for (pfn = 0; pfn < end; pfn += 61, checked++) {
		CHECK(frame_true(pfn));
		kinds |= kpage("flags", pfn);
	}
	/* Slab, LRU, buddy, anonymous and mapped pages were among them. */
	CHECK(kinds & SLAB && kinds & (1 << 5) && kinds & (1 << 10));
	CHECK(checked > 1000);
}

/* Memory of this program's, by all three of the kernel's files. */
static void own_memory(void)
{
	u8 *page = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct mmkit_page said;
	u64 pfn;
	int i;

	test("anonymous pages of this program are described as such");
	mlock(page, 16 * PAGE);
	for (i = 0; i < 16; i++) {
		page[i * PAGE] = 1;
		pfn = pagemap(page + i * PAGE) & ((1ull << 55) - 1);
		CHECK(pfn);
		CHECK(frame_true(pfn));
		EQUAL(pages_describe(one_fd, 0, pfn, 1, &said), 1);
		EQUAL(said.mapcount, 1);
		CHECK(said.refcount >= 1);
		CHECK(said.flags & ANON);
	}
	munmap(page, 16 * PAGE);
}

/* Where somebody read memory that nobody wrote to, it is among "all frames" as well. */
static void huge_zero_page(void)
{
	size_t size = 512 * PAGE;
	u8 *map = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile u8 *page = (u8 *)(((uintptr_t)map + size - 1) & ~(size - 1));
	u64 pfn;

	test("the huge zero page is described, but for what it is for");
	madvise(map, 2 * size, MADV_HUGEPAGE);
	EQUAL(*page, 0);
	pfn = pagemap((u8 *)page) & ((1ull << 55) - 1);
	if ((kpage("flags", pfn) & HUGE_ZERO) == HUGE_ZERO) {
		CHECK(frame_true(pfn));
		CHECK(frame_true(pfn + 1));
		CHECK(frame_true(pfn + 511));
	} else {
		skip("this kernel gives a page of the common size");
	}
	munmap(map, 2 * size);
}

static void mapping(void)
{
	int fd = dev_open("map");
	struct mmkit_page page[16];
	u8 *map, *second;
	int i;

	test("frames of a mapping are those of /proc/self/pagemap");
	EQUAL(map_set(fd, 16 * PAGE, ""), 0);
	map = map_shared(fd, 16);
	second = map_at(fd, 4, 4, PROT_READ, MAP_SHARED);
	EQUAL(map_describe(fd, 0, 16, page), 16);
	for (i = 0; i < 16; i++) {
		EQUAL(page[i].mapcount, 0);
		EQUAL(page[i].refcount, 1);
		EQUAL(kpage("count", page[i].pfn), 0);
		EQUAL(pagemap(map + i * PAGE) >> 63, 0);
		map[i * PAGE] = i;
	}
	for (i = 0; i < 4; i++)
		touch_read(second + i * PAGE);
	EQUAL(map_describe(fd, 0, 16, page), 16);
	for (i = 0; i < 16; i++) {
		int twice = i >= 4 && i < 8;

		EQUAL(page[i].mapcount, 1 + twice);
		EQUAL(page[i].refcount, 2 + twice);
		EQUAL(kpage("count", page[i].pfn), 1 + twice);
		EQUAL(page[i].flags, kpage("flags", page[i].pfn));
		EQUAL(pagemap(map + i * PAGE) & ((1ull << 55) - 1),
		      page[i].pfn);
	}
	munmap(second, 4 * PAGE);
	munmap(map, 16 * PAGE);
	EQUAL(map_describe(fd, 0, 16, page), 16);
	for (i = 0; i < 16; i++) {
		EQUAL(page[i].mapcount, 0);
		EQUAL(page[i].refcount, 1);
	}
	close(fd);
}

/* A block's buddy, and whether it is free, by the kernel's own BUDDY flag. */
static void buddies(void)
{
	struct mmkit_page page[32], buddy;
	u32 handle = pages_alloc(one_fd, 0, 32);
	int i, free = 0;

	test("a free buddy heads a free block of the same order");
	EQUAL(pages_describe(one_fd, handle, 0, 32, page), 32);
	for (i = 0; i < 32; i++) {
		EQUAL(page[i].buddy, page[i].pfn ^ 1);
		EQUAL(pages_describe(one_fd, 0, page[i].buddy, 1, &buddy), 1);
		if (!(page[i].state & MMKIT_PAGE_BUDDY_FREE))
			continue;
		/* It may have been taken since; then it is in use. */
		free++;
		CHECK((buddy.state & MMKIT_PAGE_FREE && !buddy.order) ||
		      buddy.refcount);
	}
	EQUAL(pages_free(one_fd, handle), 0);
	diag("%d of 32 buddies free", free);
}

/* The first page frame of the largest block that memory begins in. */
static u64 memory_begins(void)
{
	struct mmkit_zone zones[16];
	u32 i, nr = pages_zones(one_fd, zones, 16);
	u64 first = ~0ull;

	for (i = 0; i < nr && i < 16; i++)
		if (zones[i].managed && zones[i].start_pfn < first)
			first = zones[i].start_pfn;
	return first / 1024 * 1024;
}

/* Free blocks as mmkit describes them, against the kernel's flag. */
static void free_heads(void)
{
	struct mmkit_page page;
	u64 pfn, found = 0, base = memory_begins();
	u32 i;

	test("free blocks are aligned, and all their pages carry BUDDY");
	for (pfn = base + (1 << 15); pfn < base + (1 << 17) && found < 50;
	     pfn += 1024) {
		EQUAL(pages_describe(one_fd, 0, pfn, 1, &page), 1);
		if (!(page.state & MMKIT_PAGE_FREE) || page.order < 10)
			continue;
		found++;
		EQUAL(page.refcount, 0);
		EQUAL(pfn % (1 << page.order), 0);
		for (i = 0; i < 1u << page.order; i += 97)
			CHECK(kpage("flags", pfn + i) & (1 << 10));
	}
	CHECK(found > 0);
}

/* --- zones */

static const struct mmkit_zone *find(const struct mmkit_zone *zone, u32 nr,
				     int node, const char *name)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (zone[i].node == node && !strcmp(zone[i].name, name))
			return &zone[i];
	return NULL;
}

/* A file with a line per zone: "Node N, zone NAME" and a number per order. */
struct per_order {
	const char *path;
	s64 (*own)(const struct mmkit_zone *zone, u32 order);
	int scale;	/* of the file's decimals */
};

static s64 own_free(const struct mmkit_zone *zone, u32 order)
{
	return zone->nr_free[order];
}

static s64 own_unusable(const struct mmkit_zone *zone, u32 order)
{
	return zone->unusable[order];
}

static s64 own_fragmentation(const struct mmkit_zone *zone, u32 order)
{
	return zone->fragmentation[order];
}

static const struct per_order per_order[] = {
	{ "/proc/buddyinfo", own_free, 1 },
	{ "/sys/kernel/debug/extfrag/unusable_index", own_unusable, 1000 },
	{ "/sys/kernel/debug/extfrag/extfrag_index", own_fragmentation, 1000 },
};

static s64 rounded(double value, int scale)
{
	return value * scale + (value < 0 ? -0.5 : 0.5);
}

/* How many figures of the line are the same; -1 when one is not. */
static int same_line(char *line, const struct per_order *file,
		     const struct mmkit_zone *zone, u32 nr)
{
	const struct mmkit_zone *mine;
	char name[32];
	int node, at;
	u32 order;

	if (sscanf(line, "Node %d, zone %31s %n", &node, name, &at) != 2)
		return -1;
	mine = find(zone, nr, node, name);
	if (!mine)
		return -1;
	line += at;
	for (order = 0; order < mine->orders; order++)
		if (rounded(strtod(line, &line), file->scale) !=
		    file->own(mine, order))
			return -1;
	return order;
}

static int same_file(const struct per_order *file)
{
	struct mmkit_zone zone[16];
	char text[8192], *line, *save = NULL;
	u32 nr = pages_zones(one_fd, zone, 16);
	int same = 0, sum = 0;

	if (!file_read(file->path, text, sizeof(text)))
		return -errno;
	for (line = strtok_r(text, "\n", &save); line && same >= 0;
	     line = strtok_r(NULL, "\n", &save)) {
		same = same_line(line, file, zone, nr);
		sum += same;
	}
	return same < 0 ? -1 : sum;
}

static void orders(const struct per_order *file)
{
	struct mmkit_zone zone[16];
	int want = pages_zones(one_fd, zone, 16) * zone[0].orders;
	int i, same = -1;

	test("zones are as %s has them", file->path);
	if (access(file->path, R_OK)) {
		skip("this kernel has no such file");
		return;
	}
	for (i = 0; i < TRIES && same < 0; i++)
		same = same_file(file);
	EQUAL(same, want);
	diag("%d figures the same after %d readings", same, i);
}

/* A figure of /proc/zoneinfo after the line of its zone. */
static s64 figure(const char *zone, const char *name)
{
	const char *at = strstr(zone, name);

	return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

static s64 sum_of(const char *zone, const char *end, const char *name)
{
	s64 sum = 0;

	for (;;) {
		zone = strstr(zone, name);
		if (!zone || zone > end)
			return sum;
		zone += strlen(name);
		sum += strtoll(zone, NULL, 10);
	}
}

static bool same_zone(const struct mmkit_zone *zone, const char *text)
{
	char title[64];
	const char *at, *end;

	snprintf(title, sizeof(title), "Node %d, zone %8.31s", zone->node,
		 zone->name);
	at = strstr(text, title);
	if (!at)
		return false;
	end = strstr(at + 1, "Node ");
	end = end ?: at + strlen(at);
	return figure(at, "pages free ") == (s64)zone->free &&
	       figure(at, "        min ") == (s64)zone->min &&
	       figure(at, "        low ") == (s64)zone->low &&
	       figure(at, "        high ") == (s64)zone->high &&
	       figure(at, "        spanned ") == (s64)zone->spanned &&
	       figure(at, "        present ") == (s64)zone->present &&
	       figure(at, "        managed ") == (s64)zone->managed &&
	       figure(at, "start_pfn: ") == (s64)zone->start_pfn &&
	       figure(at, "              high:  ") == zone->pcp_high &&
	       figure(at, "              batch: ") == zone->pcp_batch &&
	       sum_of(at, end, "              count: ") ==
	       (s64)zone->pcp_pages;
}

static void zoneinfo(void)
{
	static char text[1 << 18];
	struct mmkit_zone zone[16];
	u32 i, nr, tries, same = 0;

	test("zones are as /proc/zoneinfo has them, start to per-cpu lists");
	nr = pages_zones(one_fd, zone, 16);
	for (tries = 0; tries < TRIES && same < nr; tries++) {
		CHECK(file_read("/proc/zoneinfo", text, sizeof(text)));
		EQUAL(pages_zones(one_fd, zone, 16), nr);
		for (same = i = 0; i < nr; i++)
			same += same_zone(&zone[i], text);
	}
	EQUAL(same, nr);
	diag("the same after %u readings", tries);
}

/* --- migrate types */

static s64 blocks_of(const char *text, const char *zone, u32 type)
{
	char title[64];
	const char *at = strstr(text, "Number of blocks type");
	int skip;
	s64 value = -1;

	snprintf(title, sizeof(title), "Node 0, zone %8.31s", zone);
	at = at ? strstr(at, title) : NULL;
	if (!at)
		return -1;
	at += strlen(title);
	for (skip = type; skip >= 0; skip--)
		value = strtoll(at, (char **)&at, 10);
	return value;
}

/* Every pageblock of the zone by one frame of it. */
static u64 count_blocks(const struct mmkit_zone *zone, u32 type)
{
	u64 block = 1ull << info().block_order;
	u64 pfn, end = zone->start_pfn + zone->spanned, sum = 0;
	struct mmkit_page page;

	for (pfn = zone->start_pfn & ~(block - 1); pfn < end; pfn += block) {
		u64 at = pfn < zone->start_pfn ? zone->start_pfn : pfn;

		if (pages_describe(one_fd, 0, at, 1, &page) == 1 &&
		    page.zone == zone->zone && page.migratetype == type)
			sum++;
	}
	return sum;
}

/* Columns: Unmovable, Movable, Reclaimable on every kernel. */
static void migratetypes(void)
{
	static char text[1 << 16];
	struct mmkit_zone zone[16];
	u32 nr = pages_zones(one_fd, zone, 16);
	u32 i, type, tries;

	test("pageblocks of each type are as many as /proc/pagetypeinfo says");
	for (i = 0; i < nr; i++)
		for (type = 0; type <= MMKIT_MIGRATE_RECLAIMABLE; type++) {
			s64 want = -1, got = -2;

			for (tries = 0; tries < 5 && got != want; tries++) {
				CHECK(file_read("/proc/pagetypeinfo", text,
						sizeof(text)));
				want = blocks_of(text, zone[i].name, type);
				got = count_blocks(&zone[i], type);
			}
			if (!EQUAL(got, want))
				diag("%s type %u", zone[i].name, type);
		}
}

int main(void)
{
	size_t i;

	one_fd = dev_open("pages");
	learn_quirks();
	own_blocks();
	all_frames();
	own_memory();
	huge_zero_page();
	mapping();
	buddies();
	free_heads();
	for (i = 0; i < ARRAY_SIZE(per_order); i++)
		orders(&per_order[i]);
	zoneinfo();
	migratetypes();
	return tap_end();
}
