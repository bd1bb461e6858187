// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/aspace: what each page of memory is that was made for it, against
 * /proc/self/pagemap.
 */
#include <linux/mempolicy.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "aspace_lib.h"

/* Each word says of its page what pagemap does. */
static void like_pagemap(const u8 *at, u32 nr)
{
	u64 words[1024], entry, word;
	bool present;
	u32 i, kind;

	if (!EQUAL(as_words(PTR(at), nr, 0, words), nr))
		return;
	for (i = 0; i < nr; i++) {
		word = words[i];
		entry = pagemap(at + i * PAGE);
		kind = MMKIT_WORD_KIND(word);
		present = as_present(kind);
		EQUAL(present, !!(entry & 1ull << 63));
		EQUAL(kind >= MMKIT_ASPACE_SWAP, !!(entry & 1ull << 62));
		EQUAL(kind == MMKIT_ASPACE_FILE || kind == MMKIT_ASPACE_SHMEM ||
		      kind == MMKIT_ASPACE_HUGETLB, !!(entry & 1ull << 61));
		if (present && kind < MMKIT_ASPACE_ZERO)
			EQUAL(!(word & MMKIT_WORD_SHARED),
			      !!(entry & 1ull << 56));
		EQUAL(!!(word & MMKIT_WORD_UFFD_WP), !!(entry & 1ull << 57));
		entry &= (1ull << 55) - 1;
		if (kind >= MMKIT_ASPACE_ANON && kind <= MMKIT_ASPACE_SWAP)
			EQUAL(word & MMKIT_WORD_PFN, entry & MMKIT_WORD_PFN);
		/* There the number of the page frame is like an offset in swap. */
		if (kind == MMKIT_ASPACE_HWPOISON)
			EQUAL(word & MMKIT_WORD_PFN,
			      entry >> MMKIT_WORD_SWAP_SHIFT);
	}
}

static void count_anon(void)
{
	struct mmkit_aspace_counts counts;
	u8 *map = fresh(64, RW, ANON);
	u32 i;

	test("private memory: untouched, read, written, given up, protected");
	for (i = 8; i < 16; i++)
		touch_read(map + i * PAGE);
	touch_all(map + 16 * PAGE, 16);
	mprotect(map + 24 * PAGE, 8 * PAGE, PROT_NONE);
	touch_all(map + 32 * PAGE, 16);
	madvise(map + 40 * PAGE, 8 * PAGE, MADV_FREE);
	munmap(map + 48 * PAGE, 8 * PAGE);
	/* Given up in batches; the call begins by emptying this CPU's. */
	for (i = 0; i < 100; i++) {
		counts = as_counts(map, 64, 0);
		if (counts.lazyfree == 8)
			break;
		madvise(map + 40 * PAGE, 8 * PAGE, MADV_FREE);
	}
	EQUAL(counts.pages, 64);
	EQUAL(counts.kind[MMKIT_ASPACE_HOLE], 8);
	EQUAL(counts.kind[MMKIT_ASPACE_NONE], 16);
	EQUAL(counts.kind[MMKIT_ASPACE_ZERO], 8);
	EQUAL(counts.kind[MMKIT_ASPACE_ANON], 32);
	EQUAL(counts.protnone, 8);
	EQUAL(counts.lazyfree, 8);
	EQUAL(counts.write, 24);
	EQUAL(counts.huge, 0);
	EQUAL(counts.shared, 0);
	/* NONE pages of pagemap are none; a region's end makes no difference. */
	like_pagemap(map, 48);
	munmap(map, 64 * PAGE);
}

static void hold_until_closed(void *data)
{
	int *ends = data;
	char byte;

	close(ends[1]);
	while (read(ends[0], &byte, 1) > 0)
		;
}

static void count_fork(void)
{
	struct mmkit_aspace_counts counts;
	u8 *map = fresh(32, RW, ANON);
	int ends[2];
	pid_t child;

	test("after fork: shared and not writable until it is written to");
	touch_all(map, 32);
	EQUAL(pipe(ends), 0);
	child = fork();
	if (!child) {
		hold_until_closed(ends);
		_exit(0);
	}
	close(ends[0]);
	touch_all(map, 8);
	counts = as_counts(map, 32, 0);
	EQUAL(counts.kind[MMKIT_ASPACE_ANON], 32);
	EQUAL(counts.shared, 24);
	EQUAL(counts.write, 8);
	like_pagemap(map, 32);
	close(ends[1]);
	waitpid(child, NULL, 0);
	counts = as_counts(map, 32, 0);
	EQUAL(counts.shared, 0);
	munmap(map, 32 * PAGE);
}

static void count_shared(void)
{
	u8 *map = fresh(16, RW, MAP_SHARED | MAP_ANONYMOUS), *file;
	struct mmkit_aspace_counts counts;

	test("shared memory and files");
	touch_all(map, 4);
	counts = as_counts(map, 16, 0);
	EQUAL(counts.kind[MMKIT_ASPACE_SHMEM], 4);
	EQUAL(counts.kind[MMKIT_ASPACE_NONE], 12);
	EQUAL(counts.dirty, 4);
	like_pagemap(map, 16);
	munmap(map, 16 * PAGE);

	file = map_file("/tmp/as", RW, MAP_PRIVATE, 16 * PAGE);
	touch_all(file, 4);
	EQUAL(as_counts(file, 4, 0).kind[MMKIT_ASPACE_ANON], 4);
	like_pagemap(file, 16);
	munmap(file, 16 * PAGE);
}

static void count_swap(void)
{
	u8 *map = fresh(32, RW, ANON);
	struct mmkit_aspace_counts counts;
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk;
	u32 i;

	test("swapped out: the device and the page in it");
	touch_all(map, 32);
	for (i = 0; i < 100; i++) {
		drain_batches();
		madvise(map, 16 * PAGE, MADV_PAGEOUT);
		counts = as_counts(map, 32, 0);
		if (counts.kind[MMKIT_ASPACE_SWAP] == 16)
			break;
	}
	if (meminfo("SwapTotal") <= 0) {
		skip("no swap device");
		return;
	}
	EQUAL(counts.kind[MMKIT_ASPACE_SWAP], 16);
	EQUAL(counts.kind[MMKIT_ASPACE_ANON], 16);
	like_pagemap(map, 32);
	EQUAL(as_walk(&walk, PTR(map + 5 * PAGE), levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_SWAP);
	EQUAL(walk.swap_type | walk.swap_offset << 5,
	      pagemap(map + 5 * PAGE) & ((1ull << 55) - 1));
	touch_all(map, 16);
	EQUAL(as_counts(map, 32, 0).kind[MMKIT_ASPACE_ANON], 32);
	munmap(map, 32 * PAGE);
}

static void count_thp(void)
{
	u8 *map = huge_map();
	struct mmkit_aspace_counts counts = as_counts(map, 512, 0);
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk;

	test("a huge page: at the PMD, each small page of it counts");
	if (!counts.huge) {
		skip("no huge page to be had");
		return;
	}
	EQUAL(counts.huge, 512);
	EQUAL(counts.kind[MMKIT_ASPACE_ANON], 512);
	like_pagemap(map, 512);
	like_pagemap(map + 100 * PAGE, 40);
	EQUAL(as_walk(&walk, PTR(map + 7 * PAGE + 5), levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_PAGE);
	EQUAL(walk.shift, 21);
	EQUAL(levels[walk.nr - 1].level, MMKIT_LEVEL_PMD);
	CHECK(levels[walk.nr - 1].flags & MMKIT_ENTRY_HUGE);
	EQUAL(walk.pfn, pagemap(map + 7 * PAGE) & ((1ull << 55) - 1));
	/* Split by taking a page out of the middle. */
	madvise(map + 3 * PAGE, PAGE, MADV_DONTNEED);
	counts = as_counts(map, 512, 0);
	EQUAL(counts.huge, 0);
	EQUAL(counts.kind[MMKIT_ASPACE_NONE], 1);
	like_pagemap(map, 512);
}

static void count_hugetlb(void)
{
	struct mmkit_aspace_counts counts;
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk;
	u8 *map;

	test("hugetlbfs");
	file_write("/proc/sys/vm/nr_hugepages", "4");
	map = mmap(NULL, 2 * HUGE, RW, ANON | MAP_HUGETLB, -1, 0);
	if (map == MAP_FAILED) {
		skip("no huge page to be had");
		return;
	}
	*(volatile u8 *)map = 1;
	counts = as_counts(map, 1024, 0);
	EQUAL(counts.kind[MMKIT_ASPACE_ANON] +
	      counts.kind[MMKIT_ASPACE_HUGETLB], 512);
	EQUAL(counts.kind[MMKIT_ASPACE_NONE], 512);
	EQUAL(counts.huge, 512);
	EQUAL(region_at(map).kind, MMKIT_REGION_HUGETLB);
	EQUAL(region_at(map).page_shift, 21);
	EQUAL(as_walk(&walk, PTR(map + 9 * PAGE), levels), 0);
	EQUAL(walk.shift, 21);
	EQUAL(walk.pfn, pagemap(map + 9 * PAGE) & ((1ull << 55) - 1));
	munmap(map, 2 * HUGE);
	file_write("/proc/sys/vm/nr_hugepages", "0");
}

static void parts(void)
{
	struct mmkit_aspace_counts counts[16];
	u8 *map = fresh(64, RW, ANON);
	struct mmkit_aspace_range arg = {
		.size = sizeof(arg), .start = PTR(map),
		.end = PTR(map) + 64 * PAGE, .nr = 16, .counts = PTR(counts),
	};
	u64 sum = 0;
	u32 i;

	test("a range in parts, each counted for itself");
	touch_all(map + 8 * PAGE, 4);
	EQUAL(call(as_fd, MMKIT_ASPACE_RANGE, &arg), 0);
	for (i = 0; i < 16; i++) {
		EQUAL(counts[i].pages, 4);
		EQUAL(counts[i].kind[MMKIT_ASPACE_ANON], i == 2 ? 4 : 0);
	}
	arg.nr = 7;
	EQUAL(call(as_fd, MMKIT_ASPACE_RANGE, &arg), 0);
	for (i = 0; i < 7; i++) {
		BETWEEN(counts[i].pages, 9, 10);
		sum += counts[i].pages;
	}
	EQUAL(sum, 64);
	munmap(map, 64 * PAGE);
}

/*
 * The machine sets the bit when it loads the entry, and may have it loaded: only
 * another process on this CPU makes it forget. So this one waits for one.
 */
static void other_process(void)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	waitpid(child, NULL, 0);
}

static void working_set(void)
{
	u8 *map = fresh(32, RW, ANON);
	struct mmkit_aspace_counts counts;
	u64 words[32];
	u32 i;

	test("accessed bits are cleared and come back where memory is used");
	touch_all(map, 32);
	EQUAL(as_counts(map, 32, MMKIT_ASPACE_CLEAR).young, 32);
	other_process();
	EQUAL(as_counts(map, 32, 0).young, 0);
	for (i = 4; i < 10; i++)
		touch_read(map + i * PAGE);
	counts = as_counts(map, 32, 0);
	EQUAL(counts.young, 6);
	EQUAL(counts.kind[MMKIT_ASPACE_ANON], 32);
	EQUAL(as_words(PTR(map), 32, MMKIT_ASPACE_CLEAR, words), 32);
	for (i = 0; i < 32; i++)
		EQUAL(!!(words[i] & MMKIT_WORD_YOUNG), i >= 4 && i < 10);
	EQUAL(as_counts(map, 32, 0).young, 0);
	munmap(map, 32 * PAGE);
}

/* --- what is in no page frame, and not in swap either */

static u32 kind_at(const u8 *at)
{
	u64 word = 0;

	EQUAL(as_words(PTR(at), 1, 0, &word), 1);
	return MMKIT_WORD_KIND(word);
}

static u32 entry_at(const u8 *at)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk;

	EQUAL(as_walk(&walk, PTR(at), levels), 0);
	return walk.kind;
}

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#endif

static void count_guard(void)
{
	struct mmkit_aspace_counts counts;
	u8 *map = fresh(8, RW, ANON);

	test("a guard that madvise() put up is a marker");
	if (madvise(map, 4 * PAGE, MADV_GUARD_INSTALL)) {
		skip("the kernel knows no guards (6.13): %s", strerror(errno));
		return;
	}
	touch_all(map + 4 * PAGE, 4);
	counts = as_counts(map, 8, 0);
	EQUAL(counts.kind[MMKIT_ASPACE_MARKER], 4);
	EQUAL(counts.kind[MMKIT_ASPACE_ANON], 4);
	EQUAL(entry_at(map + PAGE), MMKIT_ENTRY_MARKER);
	like_pagemap(map, 8);
	munmap(map, 8 * PAGE);
}

/* Registered for write protection: -errno when the kernel cannot. */
static int protect_by_uffd(u8 *map, u64 pages)
{
	struct uffdio_api api = {
		.api = UFFD_API,
		.features = UFFD_FEATURE_PAGEFAULT_FLAG_WP |
			    UFFD_FEATURE_WP_HUGETLBFS_SHMEM,
	};
	struct uffdio_register reg = {
		.range = { PTR(map), pages * PAGE },
		.mode = UFFDIO_REGISTER_MODE_WP,
	};
	struct uffdio_writeprotect wp = {
		.range = { PTR(map), pages * PAGE },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (!ioctl(fd, UFFDIO_API, &api) && !ioctl(fd, UFFDIO_REGISTER, &reg) &&
	    !ioctl(fd, UFFDIO_WRITEPROTECT, &wp))
		return fd;
	close(fd);
	return -errno;
}

static void count_uffd(void)
{
	u8 *map = fresh(16, RW, MAP_SHARED | MAP_ANONYMOUS);
	struct mmkit_aspace_counts counts;
	int fd;

	test("write-protected by userfaultfd: a flag, or a marker where no page is");
	touch_all(map, 16);
	madvise(map + 8 * PAGE, 8 * PAGE, MADV_DONTNEED);
	fd = protect_by_uffd(map, 16);
	if (fd < 0) {
		skip("shared memory cannot be protected so (CONFIG_USERFAULTFD, CONFIG_PTE_MARKER_UFFD_WP): %s",
		     strerror(-fd));
		return;
	}
	counts = as_counts(map, 16, 0);
	EQUAL(counts.kind[MMKIT_ASPACE_SHMEM], 8);
	EQUAL(counts.kind[MMKIT_ASPACE_MARKER], 8);
	EQUAL(counts.uffd_wp, 16);
	EQUAL(counts.write, 0);
	EQUAL(entry_at(map + 9 * PAGE), MMKIT_ENTRY_MARKER);
	EQUAL(entry_at(map + PAGE), MMKIT_ENTRY_PAGE);
	like_pagemap(map, 16);
	close(fd);
	munmap(map, 16 * PAGE);
}

static void go_on(int sig)
{
	(void)sig;
}

/* Newer kernels send the caller a SIGBUS at once, as if it had read the page. */
static void poison(void *data)
{
	u8 *map = data;

	signal(SIGBUS, go_on);
	if (madvise(map + 3 * PAGE, PAGE, MADV_HWPOISON)) {
		skip("no memory error to be had (CONFIG_MEMORY_FAILURE): %s",
		     strerror(errno));
		return;
	}
	EQUAL(kind_at(map + 3 * PAGE), MMKIT_ASPACE_HWPOISON);
	EQUAL(entry_at(map + 3 * PAGE), MMKIT_ENTRY_HWPOISON);
	EQUAL(as_counts(map, 8, 0).kind[MMKIT_ASPACE_ANON], 7);
	like_pagemap(map, 8);
}

/* In a child: whoever touches the page is killed. */
static void count_poison(void)
{
	u8 *map = fresh(8, RW, ANON);

	test("a page that a memory error hit is hwpoison");
	touch_all(map, 8);
	EQUAL(in_child(poison, map), 0);
	munmap(map, 8 * PAGE);
}

static atomic_bool moving;
static atomic_int round;	/* how often each page went */
static int status[512];		/* the node that it is on, after the last of them */

/*
 * To the other node and back. They are read before: what NUMA balancing has taken the
 * access from is no page to move_pages().
 */
static void *move(void *data)
{
	static void *pages[512];
	static int nodes[512];
	u8 *map = data;
	long i;

	pin(1);
	for (i = 0; i < 512; i++)
		pages[i] = map + i * PAGE;
	for (; atomic_load(&moving); atomic_fetch_add(&round, 1)) {
		for (i = 0; i < 512; i++) {
			(void)*(volatile u8 *)pages[i];
			nodes[i] = round & 1;
		}
		syscall(SYS_move_pages, 0, 512, pages, nodes, status,
			MPOL_MF_MOVE);
	}
	return NULL;
}

/*
 * It lasts as long as the page is copied, and nobody holds mmap_lock: with 512
 * pages that go to and fro there is always one, but for the moments between. Where
 * the host is busy the other thread may not run for all of a few seconds: it is its
 * rounds that count. Each has a CPU of its own: on one they would go by turns, for who
 * moves pages waits, and then runs until all have gone.
 */
static void count_migration(void)
{
	struct mmkit_aspace_counts counts = { 0 };
	u8 *map = fresh(512, RW, ANON);
	u64 sum = 0, seen = 0;
	pthread_t thread;
	cpu_set_t all;
	int i;

	test("on its way to another node a page is a migration entry");
	if (access("/sys/devices/system/node/node1", F_OK)) {
		skip("one node (NUMA=2 makes two), or a kernel that knows none (CONFIG_NUMA)");
		return;
	}
	touch_all(map, 512);
	EQUAL(sched_getaffinity(0, sizeof(all), &all), 0);
	pin(0);
	atomic_store(&moving, true);
	pthread_create(&thread, NULL, move, map);
	while (!seen && atomic_load(&round) < 2000) {
		counts = as_counts(map, 512, 0);
		seen = counts.kind[MMKIT_ASPACE_MIGRATION];
	}
	atomic_store(&moving, false);
	pthread_join(thread, NULL);
	EQUAL(sched_setaffinity(0, sizeof(all), &all), 0);
	CHECK(seen);
	/* Whether they went at all. */
	if (!seen)
		EQUAL(status[0], (atomic_load(&round) - 1) & 1);
	for (i = 0; i < MMKIT_ASPACE_KIND_NR; i++)
		sum += counts.kind[i];
	EQUAL(sum, 512);
	EQUAL(counts.kind[MMKIT_ASPACE_ANON] + seen, 512);
	EQUAL(as_counts(map, 512, 0).kind[MMKIT_ASPACE_ANON], 512);
	munmap(map, 512 * PAGE);
}

int main(void)
{
	as_fd = dev_open("aspace");
	count_guard();
	count_uffd();
	count_poison();
	count_migration();
	count_anon();
	count_fork();
	count_shared();
	count_swap();
	count_thp();
	count_hugetlb();
	parts();
	working_set();
	return tap_end();
}
