// SPDX-License-Identifier: GPL-2.0-only
/* Strategy "pager" of /dev/mmkit/map: pages that somebody holds, swaps and quotas. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "pager.h"

/* --- pages that somebody holds */

/* A pipe holds the pages themselves, and shows them when it is read. */
static void hold(int pipe, u8 *at, u64 pages)
{
	struct iovec iov = { at, pages * PAGE };

	EQUAL(vmsplice(pipe, &iov, 1, 0), pages * PAGE);
}

static void held(void)
{
	int fd = pager_store(16), p[2];
	u8 *map = map_shared(fd, 16);
	static u8 got[4096];
	u64 i;

	test("a page that somebody holds keeps its frame, and is not copied out");
	EQUAL(pipe(p), 0);
	EQUAL(pager_set(fd, 3, 0, MMKIT_MAP_LZO, 0), 0);
	mark(map, 0, 1, 7);
	hold(p[1], map, 1);
	CHECK(state(fd, 0) & MMKIT_MAP_HELD);
	for (i = 1; i < 16; i++)
		mark(map, i, 1, 7);
	CHECK(state(fd, 0) & MMKIT_MAP_RESIDENT);
	CHECK(pager_paged(fd).busy > 0);
	/* The holder sees what is written now: it is the same page. */
	map[100] = 0x77;
	EQUAL(read(p[0], got, PAGE), PAGE);
	EQUAL(got[100], 0x77);
	EQUAL(got[0], 7);
	for (i = 1; i < 16; i++)
		touch_read(map + i * PAGE);
	CHECK(!(state(fd, 0) & MMKIT_MAP_RESIDENT));
	marked(map, 0, 16, 7);
	EQUAL(map[100], 0x77);
	munmap(map, 16 * PAGE);
	close(p[0]);
	close(p[1]);
	close(fd);
}

static void starved(void)
{
	int fd = pager_store(8), p[2];
	u8 *map = map_shared(fd, 8);
	static u8 got[2 * 4096];
	long long patience;

	test("with every frame held a fault is refused, and served afterwards");
	EQUAL(pipe(p), 0);
	patience = pager_patience(50);
	EQUAL(pager_set(fd, 2, 0, MMKIT_MAP_LZO, 0), 0);
	mark(map, 0, 2, 9);
	hold(p[1], map, 2);
	EQUAL(touch_read(map + 5 * PAGE), BUS_ADRERR);
	EQUAL(pager_paged(fd).starved, 1);
	EQUAL(pager_set(fd, 1, 0, MMKIT_MAP_LZO, 0), -EBUSY);
	marked(map, 0, 2, 9);
	EQUAL(pager_set(fd, 2, MMKIT_MAP_CLOCK, MMKIT_MAP_LZO, 0), 0);
	map[1] = 10;
	EQUAL(touch_read(map + 5 * PAGE), BUS_ADRERR);
	EQUAL(read(p[0], got, 2 * PAGE), 2 * PAGE);
	EQUAL(got[1], 10);
	EQUAL(touch_read(map + 5 * PAGE), 0);
	EQUAL(pager_set(fd, 1, 0, MMKIT_MAP_LZO, 0), 0);
	marked(map, 0, 2, 9);
	pager_patience(patience);
	munmap(map, 8 * PAGE);
	close(p[0]);
	close(p[1]);
	close(fd);
}

/* What is cut off while it is held stays its holder's. */
static void held_and_cut(void)
{
	int fd = pager_store(4), p[2];
	u8 *map = map_shared(fd, 4);
	static u8 got[4096];

	test("a held page that is cut off is used for nothing else");
	EQUAL(pipe(p), 0);
	EQUAL(pager_set(fd, 2, 0, MMKIT_MAP_LZO, 0), 0);
	mark(map, 3, 1, 60);
	hold(p[1], map + 3 * PAGE, 1);
	EQUAL(map_set(fd, 3 * PAGE, ""), 0);
	mark(map, 0, 3, 61);
	marked(map, 0, 3, 61);
	EQUAL(read(p[0], got, PAGE), PAGE);
	EQUAL(got[0], 63);
	EQUAL(got[PAGE - 1], 57);
	munmap(map, 4 * PAGE);
	close(p[0]);
	close(p[1]);
	close(fd);
}

/* --- a swap that takes no more */

static void full(void)
{
	int fd = pager_store(64), i, refused = 0;
	u8 *map = map_shared(fd, 64);
	char text[32], before[32];
	u32 seed = 7;

	test("over the quota pages stay where they are, and none is lost");
	CHECK(file_read(QUOTA "session_bytes", before, sizeof(before)));
	EQUAL(pager_set(fd, 4, 0, MMKIT_MAP_LZO, 0), 0);
	snprintf(text, sizeof(text), "%llu",
		 (unsigned long long)session(fd).bytes + 10 * PAGE);
	EQUAL(file_write(QUOTA "session_bytes", text), 0);
	for (i = 0; i < 64; i++) {
		u32 j;

		/* Noise, so that it does not compress. */
		if (touch_write(map + i * PAGE, i)) {
			refused++;
			break;
		}
		for (j = 1; j < PAGE; j++)
			map[i * PAGE + j] =
				(seed = seed * 1103515245 + 12345) >> 16;
	}
	EQUAL(refused, 1);
	CHECK(pager_paged(fd).failed > 0);
	EQUAL(file_write(QUOTA "session_bytes", before), 0);
	while (i--)
		EQUAL(map[i * PAGE], i);
	munmap(map, 64 * PAGE);
	close(fd);
}

/* --- a caller's file */

static void file_refused(void)
{
	int fd = pager_store(8), small = pager_memfd(7), sealed;
	int null = open("/dev/null", O_RDWR), ro;
	char path[64];

	test("a file that is small, sealed, read-only or no tmpfs's is refused");
	EQUAL(pager_file(fd, 4, small), -EINVAL);
	EQUAL(pager_file(fd, 4, null), -EINVAL);
	sealed = memfd_create("sealed", MFD_ALLOW_SEALING);
	EQUAL(ftruncate(sealed, 8 * PAGE), 0);
	EQUAL(fcntl(sealed, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	EQUAL(pager_file(fd, 4, sealed), -EPERM);
	EQUAL(fcntl(sealed, F_ADD_SEALS, F_SEAL_WRITE), 0);
	EQUAL(pager_file(fd, 4, sealed), -EPERM);
	EQUAL(ftruncate(small, 8 * PAGE), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", small);
	ro = open(path, O_RDONLY);
	EQUAL(pager_file(fd, 4, ro), -EINVAL);
	EQUAL(pager_file(fd, 4, small), 0);
	close(ro);
	close(null);
	close(sealed);
	close(fd);
}

static void file_content(void)
{
	int fd = pager_store(16), file = memfd_create("swap", MFD_ALLOW_SEALING);
	u8 *map = map_shared(fd, 16), *swap;
	int i, seen = 0;

	test("the caller's file holds the pages that went, and cannot be sealed");
	EQUAL(ftruncate(file, 16 * PAGE), 0);
	swap = mmap(NULL, 16 * PAGE, PROT_READ, MAP_SHARED, file, 0);
	EQUAL(pager_file(fd, 4, file), 0);
	mark(map, 0, 16, 70);
	for (i = 0; i < 16; i++) {
		if (state(fd, i) & MMKIT_MAP_RESIDENT)
			continue;
		EQUAL(swap[i * PAGE], 70 + i);
		EQUAL(swap[i * PAGE + PAGE - 1], 70 - i);
		seen++;
	}
	EQUAL(seen, 12);
	munmap(map, 16 * PAGE);
	munmap(swap, 16 * PAGE);
	EQUAL(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE) ? errno : 0, EBUSY);
	close(fd);
	EQUAL(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), 0);
	close(file);
}

/* Dirty pages that cannot be written back stay, until they can. */
static void file_cut(void)
{
	int fd = pager_store(8), file = pager_memfd(8);
	u8 *map = map_shared(fd, 8);

	test("a file that is cut loses what was in it, and nothing else");
	EQUAL(pager_file(fd, 2, file), 0);
	mark(map, 0, 8, 80);
	EQUAL(ftruncate(file, 4 * PAGE), 0);
	EQUAL(touch_read(map), BUS_ADRERR);
	CHECK(pager_paged(fd).failed > 0);
	marked(map, 6, 2, 80);
	EQUAL(ftruncate(file, 8 * PAGE), 0);
	marked(map, 0, 4, 80);
	EQUAL(map[4 * PAGE], 0);
	marked(map, 6, 2, 80);
	munmap(map, 8 * PAGE);
	close(file);
	close(fd);
}

static void charged(void)
{
	u64 used = info().used_bytes;
	int fd = pager_store(64);
	u8 *map = map_shared(fd, 64);
	u64 frames;

	test("frames and swap are charged, and given back");
	EQUAL(pager_set(fd, 1, 0, MMKIT_MAP_SHMEM, 0), 0);
	frames = session(fd).bytes;
	EQUAL(pager_set(fd, 11, 0, MMKIT_MAP_SHMEM, 0), 0);
	BETWEEN(session(fd).bytes - frames, 10 * PAGE, 10 * PAGE + 1000);
	frames = session(fd).bytes;
	mark(map, 0, 64, 1);
	EQUAL(session(fd).bytes - frames, 53 * PAGE);
	EQUAL(pager_paged(fd).stored_bytes, 53 * PAGE);
	munmap(map, 64 * PAGE);
	close(fd);
	EQUAL(info().used_bytes, used);
}

/* For more than half of a page, which LZO cannot make smaller, kmalloc() has a whole one. */
static void charged_by_class(void)
{
	int fd = pager_store(16);
	u8 *map = map_shared(fd, 16);
	struct mmkit_map_paged paged;
	u64 bytes, i;
	u32 random = 1;

	test("compressed pages are charged what kmalloc() has for them");
	EQUAL(pager_set(fd, 1, 0, MMKIT_MAP_LZO, 0), 0);
	bytes = session(fd).bytes;
	for (i = 0; i < 16 * PAGE; i++) {
		random = random * 1664525 + 1013904223;
		map[i] = i % PAGE < PAGE * 5 / 8 ? random >> 24 : 0;
	}
	paged = pager_paged(fd);
	EQUAL(paged.stored, 15);
	BETWEEN(paged.stored_bytes, 15 * (PAGE / 2 + 1), 15 * (PAGE * 3 / 4));
	EQUAL(session(fd).bytes - bytes, 15 * PAGE);
	for (i = 0; i < 16; i++)
		memset(map + i * PAGE, 0, PAGE);
	EQUAL(pager_paged(fd).stored, 1);
	touch_read(map);
	EQUAL(pager_paged(fd).stored, 0);
	EQUAL(session(fd).bytes, bytes);
	munmap(map, 16 * PAGE);
	close(fd);
}

/* What kvmalloc() has taken, from either, in KiB. */
static long long kernel_has(void)
{
	return meminfo("VmallocUsed") + meminfo("SUnreclaim");
}

/* The list of its pages is some MiB, far more than what counters are late by. */
static void list_cut(void)
{
	u64 pages = 1 << 18, used;
	int fd = dev_open("map");
	long long with;

	test("a pager that is cut gives back the list of its pages");
	EQUAL(map_set(fd, pages * PAGE, "pager"), 0);
	used = session(fd).bytes;
	with = kernel_has();
	EQUAL(map_set(fd, PAGE, "pager"), 0);
	BETWEEN(used - session(fd).bytes, 3 << 20, 5 << 20);
	CHECK(with - kernel_has() > 2 << 10);
	close(fd);
}

int main(void)
{
	held();
	starved();
	held_and_cut();
	full();
	file_refused();
	file_content();
	file_cut();
	charged();
	charged_by_class();
	list_cut();
	return tap_end();
}
