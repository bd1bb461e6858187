// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to know what each page of 1 GiB is: by /proc/self/pagemap and
 * /proc/kpageflags, or by one call. For a machine whose clock counts instructions
 * (ICOUNT=1): figures of one run are compared, nothing else.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "aspace_lib.h"

#define PAGES	(1ul << 18)
/*
 * So many times cheaper than the files, at least. Where the frames lie in one order,
 * as 6.12 gives them to the first that asks, a read of kpageflags answers for as many
 * pages as one likes, and the files are as cheap as they get.
 */
#define TIMES		3.0
#define TIMES_IN_ORDER	2.8
#define IN_ORDER	10000	/* pages for each read */

static u64 words[PAGES], entries[PAGES], flags[PAGES];

static u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void read_all(int fd, void *to, size_t bytes, u64 at)
{
	ssize_t got;

	while (bytes) {
		got = pread(fd, to, bytes, at);
		if (got <= 0)
			bail("read at %llu: %s", (unsigned long long)at,
			     strerror(errno));
		to = (char *)to + got;
		at += got;
		bytes -= got;
	}
}

/* As page-types(1) does: frames that follow each other are asked for at once. */
static u32 read_flags(int fd)
{
	const u64 pfn = (1ull << 55) - 1;
	u64 first = 0, i, end;
	u32 reads = 0;

	for (; first < PAGES; first = end, reads++) {
		for (end = first + 1; end < PAGES; end++)
			if ((entries[end] & pfn) !=
			    (entries[end - 1] & pfn) + 1)
				break;
		read_all(fd, &flags[first], (end - first) * 8,
			 (entries[first] & pfn) * 8);
	}
	for (i = 0; i < PAGES; i++)
		if (!entries[i])
			bail("page %llu is not there", (unsigned long long)i);
	return reads;
}

static u64 by_files(const u8 *map, u32 *reads)
{
	int pagemap_fd = open("/proc/self/pagemap", O_RDONLY);
	int flags_fd = open("/proc/kpageflags", O_RDONLY);
	u64 begin = now(), cost;

	read_all(pagemap_fd, entries, sizeof(entries), PTR(map) / PAGE * 8);
	*reads = read_flags(flags_fd);
	cost = now() - begin;
	printf("# by files: %llu.%02llu instructions a page, %u reads of kpageflags\n",
	       (unsigned long long)(cost / PAGES),
	       (unsigned long long)(cost * 100 / PAGES % 100), *reads);
	close(pagemap_fd);
	close(flags_fd);
	return cost;
}

static u64 by_words(const u8 *map)
{
	u64 begin = now(), cost;

	EQUAL(as_words(PTR(map), PAGES, 0, words), (int)PAGES);
	cost = now() - begin;
	printf("# a word each: %llu.%02llu instructions a page\n",
	       (unsigned long long)(cost / PAGES),
	       (unsigned long long)(cost * 100 / PAGES % 100));
	return cost;
}

static u64 by_counts(const u8 *map, struct mmkit_aspace_counts *counts)
{
	u64 begin = now(), cost;

	*counts = as_counts(map, PAGES, 0);
	cost = now() - begin;
	printf("# counted: %llu.%02llu instructions a page\n",
	       (unsigned long long)(cost / PAGES),
	       (unsigned long long)(cost * 100 / PAGES % 100));
	return cost;
}

/* linux/kernel-page-flags.h */
#define KPF_REFERENCED	(1ull << 2)
#define KPF_DIRTY	(1ull << 4)
#define KPF_ANON	(1ull << 12)

/* The same facts: or it would be cheap to be cheaper. */
static void same_facts(const struct mmkit_aspace_counts *counts)
{
	u64 anon = 0, shared = 0, dirty = 0, wrong = 0, i;

	for (i = 0; i < PAGES; i++) {
		anon += !!(flags[i] & KPF_ANON);
		shared += !(entries[i] >> 56 & 1);
		dirty += !!(flags[i] & KPF_DIRTY);
		wrong += (words[i] & MMKIT_WORD_PFN) !=
			 (entries[i] & ((1ull << 55) - 1));
		wrong += (MMKIT_WORD_KIND(words[i]) == MMKIT_ASPACE_ANON) !=
			 !!(flags[i] & KPF_ANON);
		wrong += !!(words[i] & MMKIT_WORD_PAGE_DIRTY) !=
			 !!(flags[i] & KPF_DIRTY);
		wrong += !(words[i] & MMKIT_WORD_SHARED) !=
			 !!(entries[i] >> 56 & 1);
	}
	EQUAL(wrong, 0);
	EQUAL(counts->kind[MMKIT_ASPACE_ANON], anon);
	EQUAL(counts->shared, shared);
	CHECK(counts->dirty >= dirty);
	EQUAL(counts->pages, PAGES);
}

static void measure(const char *what, int advice)
{
	u8 *map = mmap(NULL, (PAGES + 512) * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct mmkit_aspace_counts counts;
	u64 files, each, sum, i;
	double times;
	u32 reads;

	test("1 GiB of %s pages: some times cheaper than the files", what);
	if (map == MAP_FAILED)
		bail("mmap: %s", strerror(errno));
	map = (u8 *)((PTR(map) + (2ul << 20) - 1) & ~((2ul << 20) - 1));
	madvise(map, PAGES * PAGE, advice);
	for (i = 0; i < PAGES; i++)
		((volatile u8 *)map)[i * PAGE] = 1;
	/* Once before it counts: buffers are there, and caches full. */
	by_files(map, &reads);
	by_words(map);
	files = by_files(map, &reads);
	each = by_words(map);
	sum = by_counts(map, &counts);
	same_facts(&counts);
	times = PAGES / reads < IN_ORDER ? TIMES : TIMES_IN_ORDER;
	printf("# at least %.1f times is asked for\n", times);
	if (!CHECK(times * each <= files) || !CHECK(times * sum <= files))
		diag("%llu and %llu of %llu", (unsigned long long)each,
		     (unsigned long long)sum, (unsigned long long)files);
	munmap(map, PAGES * PAGE);
}

int main(void)
{
	as_fd = dev_open("aspace");
	memset(words, 1, sizeof(words));
	memset(entries, 1, sizeof(entries));
	memset(flags, 1, sizeof(flags));
	measure("small", MADV_NOHUGEPAGE);
	measure("huge", MADV_HUGEPAGE);
	return tap_end();
}
