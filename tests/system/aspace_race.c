// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/aspace while the address space changes: one thread walks, others
 * map, unmap, fork, collapse, swap out; and a process that exits while it is
 * walked. Each pattern of memory says what may be found in it.
 *
 *	aspace_race [SECONDS]
 *
 * Each part ends after so many rounds or so many seconds, whatever comes first:
 * on a busy machine a round may take a hundred times as long.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "aspace_lib.h"

#define BYTES	(4 * HUGE)
#define PAGES	(BYTES / PAGE)

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

static atomic_bool stop;
static u8 *arena;	/* always the same addresses */
static int memfd;

#define LEAST	4	/* rounds that each part has at the least */
#define ROUNDS	200	/* and at most, for each second that it may take */

static unsigned int seconds = 2;
static double began;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* After @rounds, is there time for another one? */
static bool more(unsigned int rounds)
{
	if (!rounds)
		began = now();
	if (rounds < LEAST || (rounds < seconds * ROUNDS &&
			       now() - began < seconds))
		return true;
	diag("%u rounds in %.1f s", rounds, now() - began);
	return false;
}

static void map_arena(int flags, int fd)
{
	if (mmap(arena, BYTES, RW, flags | MAP_FIXED, fd, 0) != arena)
		bail("mmap: %s", strerror(errno));
}

static void touch_some(void)
{
	size_t i;

	for (i = 0; i < PAGES; i += 7)
		((volatile u8 *)arena)[i * PAGE] = 1;
}

/* --- what others do meanwhile */

static void *unmap(void *unused)
{
	(void)unused;
	while (!atomic_load(&stop)) {
		map_arena(ANON, -1);
		madvise(arena, BYTES, MADV_NOHUGEPAGE);
		touch_some();
		munmap(arena + HUGE, HUGE);
		munmap(arena, BYTES);
	}
	map_arena(ANON, -1);
	return NULL;
}

static void *collapse_anon(void *unused)
{
	(void)unused;
	while (!atomic_load(&stop)) {
		map_arena(ANON, -1);
		madvise(arena, BYTES, MADV_NOHUGEPAGE);
		touch_some();
		madvise(arena, BYTES, MADV_HUGEPAGE);
		madvise(arena, BYTES, MADV_COLLAPSE);
		madvise(arena + HUGE + PAGE, PAGE, MADV_DONTNEED);
		madvise(arena, BYTES, MADV_DONTNEED);
	}
	return NULL;
}

/* The tables of shared memory are taken away when it is collapsed elsewhere. */
static void *collapse_shared(void *unused)
{
	u8 *other = mmap(NULL, BYTES + HUGE, RW, MAP_SHARED, memfd, 0);

	(void)unused;
	while (!atomic_load(&stop)) {
		map_arena(MAP_SHARED, memfd);
		touch_some();
		madvise(other, BYTES, MADV_HUGEPAGE);
		madvise(other, BYTES, MADV_COLLAPSE);
		madvise(arena, BYTES, MADV_COLLAPSE);
		madvise(arena, BYTES, MADV_DONTNEED);
		madvise(arena, BYTES, MADV_REMOVE);
	}
	munmap(other, BYTES + HUGE);
	return NULL;
}

static void *fork_often(void *unused)
{
	pid_t child;

	(void)unused;
	while (!atomic_load(&stop)) {
		touch_some();
		child = fork();
		if (!child) {
			touch_some();
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	return NULL;
}

static void *page_out(void *unused)
{
	(void)unused;
	while (!atomic_load(&stop)) {
		touch_some();
		madvise(arena, BYTES, MADV_PAGEOUT);
	}
	return NULL;
}

static void *protect(void *unused)
{
	(void)unused;
	while (!atomic_load(&stop)) {
		touch_some();
		mprotect(arena, BYTES / 2, PROT_NONE);
		mremap(arena + BYTES / 2, HUGE, HUGE, MREMAP_MAYMOVE |
		       MREMAP_FIXED, arena);
		map_arena(ANON, -1);
	}
	return NULL;
}

/* --- the walker */

static bool known(const struct mmkit_aspace_counts *counts)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < MMKIT_ASPACE_KIND_NR; i++)
		sum += counts->kind[i];
	return counts->pages == PAGES && sum == PAGES &&
	       counts->huge <= PAGES && counts->shared <= PAGES;
}

/* Nothing but this ever lies here. */
static bool fits(u32 kind)
{
	return kind != MMKIT_ASPACE_FILE && kind != MMKIT_ASPACE_HUGETLB &&
	       kind != MMKIT_ASPACE_HWPOISON && kind != MMKIT_ASPACE_DEVICE &&
	       kind != MMKIT_ASPACE_SPECIAL;
}

static void walk_words(s32 pid)
{
	static u64 words[PAGES];
	struct mmkit_aspace_pages arg = {
		.size = sizeof(arg), .pid = pid, .start = PTR(arena),
		.nr = PAGES, .words = PTR(words),
	};
	size_t i;

	if (!EQUAL(call(as_fd, MMKIT_ASPACE_PAGES, &arg), 0))
		return;
	for (i = 0; i < PAGES; i++)
		if (!CHECK(fits(MMKIT_WORD_KIND(words[i]))))
			diag("%#llx at %zu", (unsigned long long)words[i], i);
}

static void walk_one(s32 pid, size_t page)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk = {
		.pid = pid, .address = PTR(arena) + page * PAGE,
	};

	EQUAL(as_walk_of(&walk, levels), 0);
	BETWEEN(walk.nr, 1, MMKIT_LEVELS);
	CHECK(walk.kind != MMKIT_ENTRY_TABLE);
}

static void walk_all(s32 pid, int round)
{
	struct mmkit_aspace_counts counts = { 0 };
	struct mmkit_aspace_range range = {
		.size = sizeof(range), .pid = pid, .start = PTR(arena),
		.end = PTR(arena) + BYTES, .nr = 1, .counts = PTR(&counts),
		.flags = round % 3 ? 0 : MMKIT_ASPACE_CLEAR,
	};
	struct mmkit_aspace_tables tables = {
		.size = sizeof(tables), .pid = pid, .start = PTR(arena),
		.end = PTR(arena) + BYTES,
	};

	EQUAL(call(as_fd, MMKIT_ASPACE_RANGE, &range), 0);
	CHECK(known(&counts));
	walk_words(pid);
	walk_one(pid, round * 31 % PAGES);
	EQUAL(call(as_fd, MMKIT_ASPACE_TABLES, &tables), 0);
	BETWEEN(tables.table[0], 0, BYTES / HUGE + 1);
}

static void against(const char *what, void *(*other)(void *unused))
{
	pthread_t thread;
	int i;

	test("walking while another thread %s", what);
	atomic_store(&stop, false);
	pthread_create(&thread, NULL, other, NULL);
	for (i = 0; more(i); i++)
		walk_all(0, i);
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	map_arena(ANON, -1);
}

/* --- a process that goes away */

/* What is told of it is all of it, or that it is not there any more. */
static void walk_dying(s32 pid)
{
	static struct mmkit_aspace_region regions[64];
	struct mmkit_aspace_regions arg = {
		.size = sizeof(arg), .pid = pid, .nr = 64,
		.flags = MMKIT_ASPACE_COUNT, .regions = PTR(regions),
	};
	struct mmkit_aspace_tables tables = { .size = sizeof(tables),
					      .pid = pid };
	int err = call(as_fd, MMKIT_ASPACE_REGIONS, &arg);

	CHECK(!err || err == -ESRCH);
	err = call(as_fd, MMKIT_ASPACE_TABLES, &tables);
	CHECK(!err || err == -ESRCH);
}

static void exiting(void)
{
	pid_t child;
	int i, status;

	test("walking a process that exits, and one that executes another");
	for (i = 0; more(i); i++) {
		child = fork();
		if (!child) {
			touch_some();
			if (i % 2)
				execl("/bin/true", "true", NULL);
			_exit(0);
		}
		do {
			walk_dying(child);
		} while (!waitpid(child, &status, WNOHANG));
		EQUAL(status, 0);
	}
}

/* The walker is the last to hold it: it tears it down, with all that it maps. */
static void last_holder(void)
{
	pid_t child;
	int i;

	test("killed while it is walked: what is left is torn down by the walker");
	for (i = 0; more(i); i++) {
		child = fork();
		if (!child) {
			for (;;)
				touch_some();
		}
		walk_all(child, i);
		kill(child, 9);
		walk_dying(child);
		waitpid(child, NULL, 0);
		EQUAL(session(as_fd).handles, 0);
	}
}

int main(int argc, char **argv)
{
	u8 *map = mmap(NULL, BYTES + 2 * HUGE, PROT_NONE, ANON, -1, 0);

	if (argc > 1)
		seconds = atoi(argv[1]);
	arena = (u8 *)((PTR(map) + HUGE - 1) & ~(HUGE - 1));
	as_fd = dev_open("aspace");
	memfd = syscall(SYS_memfd_create, "mmkit-race", 0);
	if (memfd < 0 || ftruncate(memfd, BYTES + HUGE))
		bail("memfd: %s", strerror(errno));
	file_write("/sys/kernel/mm/transparent_hugepage/shmem_enabled", "advise");
	map_arena(ANON, -1);
	against("maps and unmaps", unmap);
	against("collapses anonymous memory", collapse_anon);
	against("collapses shared memory", collapse_shared);
	against("forks", fork_often);
	against("swaps out", page_out);
	against("protects and moves", protect);
	exiting();
	last_holder();
	return tap_end();
}
