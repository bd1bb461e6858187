// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pieces of 1 GiB of /dev/mmkit/map, strategy "iohuge". What was mapped how shows in
 * the number of faults: one for each piece, however much of it is touched.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib.h"

#define RW	(PROT_READ | PROT_WRITE)
#define MIB2	(1ul << 21)
#define GIB	(1ul << 30)
#define PAGES	(GIB / PAGE)

static int store(void)
{
	int fd = dev_open("map");

	EQUAL(map_set(fd, GIB, "iohuge"), 0);
	return fd;
}

static u64 faults(int fd)
{
	return map_get(fd).faults;
}

/* A word in each 2 MiB, some way in. */
static volatile u64 *word(u8 *map, u64 piece)
{
	return (u64 *)(map + piece * MIB2 + (piece * PAGE) % MIB2 + 8);
}

static void mark(u8 *map, u64 first, u64 nr)
{
	u64 i;

	for (i = first; i < first + nr; i++)
		*word(map, i) = ~i;
}

/* @map begins where piece @first does. */
static void marked(u8 *map, u64 first, u64 nr)
{
	u64 i;

	for (i = first; i < first + nr; i++)
		if (!EQUAL(*word(map - first * MIB2, i), ~i))
			break;
}

static u8 *mapped(int fd)
{
	u8 *map = map_shared(fd, PAGES);

	mark(map, 0, GIB / MIB2);
	return map;
}

static void drop(int fd, u8 *map)
{
	EQUAL(munmap(map, GIB), 0);
	EQUAL(map_get(fd).maps, 0);
	close(fd);
}

static void one_fault(void)
{
	int fd = store();
	u8 *map = mapped(fd), *other;

	test("one fault maps 1 GiB, wherever mmap() puts it");
	EQUAL(faults(fd), 1);
	EQUAL((unsigned long)map % GIB, 0);
	marked(map, 0, GIB / MIB2);
	test("bug 10: from where no large entry fits, small ones show the same");
	other = map_at(fd, 3, PAGES - 3, RW, MAP_SHARED);
	EQUAL(*(volatile u64 *)((u8 *)word(map, 7) - map + other - 3 * PAGE),
	      ~7ull);
	munmap(other, GIB - 3 * PAGE);
	drop(fd, map);
}

static void parts(void)
{
	int fd = store();
	u8 *map = map_at(fd, 0, PAGES / 2, RW, MAP_SHARED);

	test("half a GiB is mapped by 2 MiB");
	mark(map, 0, GIB / MIB2 / 2);
	EQUAL(faults(fd), GIB / MIB2 / 2);
	munmap(map, GIB / 2);
	close(fd);
}

static void readonly(void)
{
	int fd = store();
	u8 *map = map_shared(fd, PAGES);

	test("read first, then written: two faults");
	EQUAL(*word(map, 5), 0);
	EQUAL(faults(fd), 1);
	*word(map, 5) = 1;
	BETWEEN(faults(fd), 1, 2);
	EQUAL(*word(map, 5), 1);
	drop(fd, map);
}

static void forked(void)
{
	int fd = store(), status;
	u8 *map = mapped(fd);
	pid_t pid;

	test("a child has it by fork, without a fault");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		*word(map, 3) = 33;
		_exit(*word(map, 4) == ~4ull ? 0 : 1);
	}
	EQUAL(waitpid(pid, &status, 0), pid);
	EQUAL(status, 0);
	EQUAL(*word(map, 3), 33);
	EQUAL(faults(fd), 1);
	drop(fd, map);
}

static void split(void)
{
	int fd = store();
	u8 *map = mapped(fd);

	test("bug 5: unmapping and protecting a page in the middle keeps the rest");
	EQUAL(mprotect(map + 9 * MIB2 + PAGE, PAGE, PROT_READ), 0);
	EQUAL(munmap(map + 100 * MIB2, PAGE), 0);
	EQUAL(map_get(fd).maps, 4);
	marked(map, 0, 100);
	marked(map + 101 * MIB2, 101, GIB / MIB2 - 101);
	mark(map, 10, 20);
	CHECK(faults(fd) > 1);
	drop(fd, map);
}

static void moved_part(void)
{
	int fd = store();
	u8 *map = mapped(fd);
	u8 *to = mmap(NULL, 2 * MIB2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);

	test("bug 4: mremap takes a part out of the middle");
	CHECK(mremap(map + 40 * MIB2, 2 * MIB2, 2 * MIB2,
		     MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	marked(to, 40, 2);
	marked(map, 0, 40);
	marked(map + 42 * MIB2, 42, GIB / MIB2 - 42);
	munmap(to, 2 * MIB2);
	drop(fd, map);
}

static void moved(void)
{
	int fd = store();
	u8 *map = mapped(fd), *now;
	u8 *room = mmap(NULL, 4 * GIB, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	u8 *fits = (u8 *)(((unsigned long)room + GIB - 1) & ~(GIB - 1));

	test("bug 4: mremap moves all of it, where it fits and where not");
	now = mremap(map, GIB, GIB, MREMAP_MAYMOVE | MREMAP_FIXED,
		     fits + MIB2);
	CHECK(now == fits + MIB2);
	marked(now, 0, GIB / MIB2);
	now = mremap(now, GIB, GIB, MREMAP_MAYMOVE | MREMAP_FIXED,
		     fits + 2 * GIB);
	CHECK(now == fits + 2 * GIB);
	marked(now, 0, GIB / MIB2);
	munmap(room, 4 * GIB);
	close(fd);
}

/*
 * Read against what another mapping has written: of an entry that is not aligned the
 * kernel drops the bits that do not fit, and what is mapped is what lies before.
 */
static void fixed(void)
{
	int fd = store();
	u8 *map = mapped(fd);
	u8 *room = mmap(NULL, 3 * GIB, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	u8 *fits = (u8 *)(((unsigned long)room + GIB - 1) & ~(GIB - 1));
	u64 before = faults(fd);

	test("bug 10: at an address that the caller insists on, what fits there");
	CHECK(mmap(fits + PAGE, GIB, RW, MAP_SHARED | MAP_FIXED, fd, 0) ==
	      fits + PAGE);
	marked(fits + PAGE, 0, 4);
	EQUAL(faults(fd) - before, 4);
	CHECK(mmap(fits, GIB, RW, MAP_SHARED | MAP_FIXED, fd, 0) == fits);
	marked(fits, 0, 4);
	EQUAL(faults(fd) - before, 5);
	munmap(room, 3 * GIB);
	drop(fd, map);
}

static void shrunk(void)
{
	int fd = store();
	u8 *map = mapped(fd);

	test("bug 2, bug 11: what is cut off in the middle of it answers SIGBUS");
	EQUAL(map_set(fd, GIB / 2 + PAGE, ""), 0);
	marked(map, 0, GIB / MIB2 / 2);
	EQUAL(touch_write(map + GIB / 2, 1), 0);
	EQUAL(touch_read(map + GIB / 2 + PAGE), BUS_ADRERR);
	EQUAL(touch_write(map + GIB - 1, 1), BUS_ADRERR);
	EQUAL(map_set(fd, GIB, ""), -EBUSY);
	marked(map, 0, GIB / MIB2 / 2);
	munmap(map, GIB);
	EQUAL(map_set(fd, GIB, ""), 0);
	map = map_shared(fd, PAGES);
	EQUAL(*word(map, GIB / MIB2 - 1), 0);
	marked(map, 0, GIB / MIB2 / 2);
	drop(fd, map);
}

int main(void)
{
	one_fault();
	parts();
	readonly();
	forked();
	split();
	moved_part();
	moved();
	fixed();
	shrunk();
	return tap_end();
}
