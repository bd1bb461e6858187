// SPDX-License-Identifier: GPL-2.0-only
/* Strategy "pager" of /dev/mmkit/map: what it refuses, counts and keeps. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pager.h"

#define RW	(PROT_READ | PROT_WRITE)

/* --- refused */

#define GOOD	.frames = 4, .fd = -1

static const struct {
	const char *name;
	struct mmkit_map_pager ask;
	int want;
} refusals[] = {
	{ "no frame", { .fd = -1 }, -EINVAL },
	{ "too many frames", { .frames = MMKIT_MAP_FRAMES_MAX + 1, .fd = -1 },
	  -EINVAL },
	{ "2^32-1 frames", { .frames = ~0u, .fd = -1 }, -EINVAL },
	{ "more than the quota", { .frames = MMKIT_MAP_FRAMES_MAX, .fd = -1 },
	  -EDQUOT },
	{ "an unknown flag", { GOOD, .flags = 2 }, -EINVAL },
	{ "flag 2^31", { GOOD, .flags = 1u << 31 }, -EINVAL },
	{ "OPT", { GOOD, .policy = MMKIT_MAP_OPT }, -EINVAL },
	{ "a policy that is none", { GOOD, .policy = MMKIT_MAP_POLICIES },
	  -EINVAL },
	{ "policy 2^32-1", { GOOD, .policy = ~0u }, -EINVAL },
	{ "a swap that is none", { GOOD, .swap = MMKIT_MAP_SWAPS }, -EINVAL },
	{ "swap 2^32-1", { GOOD, .swap = ~0u }, -EINVAL },
	{ "a file for no file", { .frames = 4, .fd = 0 }, -EINVAL },
	{ "a file that is not open",
	  { .frames = 4, .swap = MMKIT_MAP_FILE, .fd = 999 }, -EBADF },
	{ "file -1", { GOOD, .swap = MMKIT_MAP_FILE }, -EBADF },
};

static void refuse(size_t i)
{
	struct mmkit_map_pager ask = refusals[i].ask;
	int fd = pager_store(8);
	struct mmkit_map_paged paged;

	test("the pager refuses %s, and stays as it was", refusals[i].name);
	EQUAL(pager_set(fd, 3, MMKIT_MAP_LRU, MMKIT_MAP_LZO, 0), 0);
	ask.size = sizeof(ask);
	EQUAL(call(fd, MMKIT_MAP_PAGER, &ask), refusals[i].want);
	paged = pager_paged(fd);
	EQUAL(paged.frames, 3);
	EQUAL(paged.policy, MMKIT_MAP_LRU);
	EQUAL(paged.swap, MMKIT_MAP_LZO);
	close(fd);
}

static void refuse_others(void)
{
	struct mmkit_map_paged paged = { .size = sizeof(paged) };
	int fd = dev_open("map");
	u8 states[8];

	test("without the pager its commands are ENOENT");
	EQUAL(pager_set(fd, 4, 0, 0, 0), -ENOENT);
	EQUAL(call(fd, MMKIT_MAP_PAGED, &paged), -ENOENT);
	EQUAL(pager_states(fd, 0, 8, states), -ENOENT);
	EQUAL(map_set(fd, PAGE, "page"), 0);
	EQUAL(pager_set(fd, 4, 0, 0, 0), -ENOENT);
	EQUAL(call(fd, MMKIT_MAP_PAGED, &paged), -ENOENT);
	EQUAL(map_set(fd, PAGE, "pager"), 0);
	EQUAL(pager_set(fd, 4, 0, 0, 0), 0);
	EQUAL(map_set(fd, 0, ""), 0);
	EQUAL(pager_set(fd, 4, 0, 0, 0), -ENOENT);
	close(fd);
}

static void refuse_states(void)
{
	u8 states[8];
	int fd = pager_store(8);

	test("states refuses what is outside, and ends at the end");
	EQUAL(pager_states(fd, 0, 0, states), -EINVAL);
	EQUAL(pager_states(fd, 0, MMKIT_MAP_STATES_MAX + 1, states), -EINVAL);
	EQUAL(pager_states(fd, 8, 1, states), -EINVAL);
	EQUAL(pager_states(fd, ~0ull, 1, states), -EINVAL);
	EQUAL(pager_states(fd, 1ull << 32, 1, states), -EINVAL);
	EQUAL(pager_states(fd, 5, 8, states), 3);
	EQUAL(pager_states(fd, 0, 8, unmapped()), -EFAULT);
	close(fd);
}

/* --- what is written is there, whatever went meanwhile */

static void kept_in(const char *name, int fd)
{
	u8 *map = map_shared(fd, 64);
	struct mmkit_map_paged paged;

	test("64 pages in 4 frames and %s keep what is written", name);
	mark(map, 0, 64, 10);
	marked(map, 0, 64, 10);
	paged = pager_paged(fd);
	EQUAL(paged.frames, 4);
	EQUAL(paged.resident, 4);
	EQUAL(paged.zero, 64);
	EQUAL(paged.major, 128);
	EQUAL(paged.refaults, 64);
	EQUAL(paged.evictions, 124);
	EQUAL(paged.writebacks, 64);
	EQUAL(paged.readbacks, 64);
	EQUAL(paged.protects, 64);
	EQUAL(paged.stored, 64);
	EQUAL(paged.failed + paged.starved, 0);
	CHECK(paged.dirty == 0);
	munmap(map, 64 * PAGE);
	close(fd);
}

static void kept(void)
{
	int fd = pager_store(64);

	EQUAL(pager_set(fd, 4, 0, MMKIT_MAP_LZO, 0), 0);
	kept_in("compressed memory", fd);
	fd = pager_store(64);
	EQUAL(pager_set(fd, 4, 0, MMKIT_MAP_SHMEM, 0), 0);
	kept_in("a tmpfs file", fd);
	fd = pager_store(64);
	EQUAL(pager_file(fd, 4, pager_memfd(64)), 0);
	kept_in("a memfd", fd);
}

/* What does not compress, and what compresses to nothing. */
static void compressed(void)
{
	int fd = pager_store(8), i;
	u8 *map = map_shared(fd, 8);
	struct mmkit_map_paged paged;
	u32 seed = 1;

	test("noise is kept as it is, zeroes not at all");
	EQUAL(pager_set(fd, 1, 0, MMKIT_MAP_LZO, 0), 0);
	for (i = 0; i < (int)PAGE; i++)
		map[i] = (seed = seed * 1103515245 + 12345) >> 16;
	map[PAGE] = 1;
	map[PAGE] = 0;
	map[2 * PAGE] = 1;
	touch_read(map + 3 * PAGE);
	paged = pager_paged(fd);
	EQUAL(paged.writebacks, 3);
	EQUAL(paged.stored, 2);
	BETWEEN(paged.stored_bytes, PAGE, PAGE + 200);
	CHECK(state(fd, 0) & MMKIT_MAP_STORED);
	CHECK(!(state(fd, 1) & MMKIT_MAP_STORED));
	for (i = 0, seed = 1; i < (int)PAGE; i++)
		if (map[i] != (u8)((seed = seed * 1103515245 + 12345) >> 16))
			break;
	EQUAL(i, PAGE);
	EQUAL(map[PAGE], 0);
	EQUAL(map[2 * PAGE], 1);
	munmap(map, 8 * PAGE);
	close(fd);
}

static void zeroed(void)
{
	int fd = pager_store(32), i;
	u8 *map = map_shared(fd, 32);

	test("a frame that held another page shows nothing of it");
	EQUAL(pager_set(fd, 2, 0, MMKIT_MAP_SHMEM, 0), 0);
	memset(map, 0xa5, 16 * PAGE);
	for (i = 16 * PAGE; i < 32 * (int)PAGE; i++)
		if (map[i])
			break;
	EQUAL(i, 32 * PAGE);
	munmap(map, 32 * PAGE);
	close(fd);
}

/* --- what is counted */

static void counted_clean(void)
{
	int fd = pager_store(8);
	u8 *map = map_shared(fd, 8);
	struct mmkit_map_paged paged;

	test("what was only read is not written back; a hit is no fault");
	EQUAL(pager_set(fd, 2, 0, MMKIT_MAP_LZO, 0), 0);
	touch_read(map);
	touch_read(map + 1);
	touch_read(map + PAGE);
	touch_read(map + 2 * PAGE);
	paged = pager_paged(fd);
	EQUAL(paged.major, 3);
	EQUAL(paged.minor, 0);
	EQUAL(paged.evictions, 1);
	EQUAL(paged.writebacks, 0);
	EQUAL(paged.protects, 0);
	EQUAL(map_get(fd).faults, 3);
	munmap(map, 8 * PAGE);
	close(fd);
}

static void counted_minor(void)
{
	int fd = pager_store(4);
	u8 *map = map_shared(fd, 4), *again = map_shared(fd, 4);

	test("a page that is there and only not mapped is a minor fault");
	EQUAL(pager_set(fd, 4, 0, MMKIT_MAP_LZO, 0), 0);
	touch_write(map, 5);
	EQUAL(again[0], 5);
	EQUAL(pager_paged(fd).major, 1);
	EQUAL(pager_paged(fd).minor, 1);
	munmap(map, 4 * PAGE);
	munmap(again, 4 * PAGE);
	close(fd);
}

static void counted_dirty(void)
{
	int fd = pager_store(4);
	u8 *map = map_shared(fd, 4);

	test("a first write after a read is seen, the next one is not");
	EQUAL(pager_set(fd, 4, 0, MMKIT_MAP_LZO, 0), 0);
	touch_read(map);
	CHECK(!(state(fd, 0) & MMKIT_MAP_DIRTY));
	map[0] = 1;
	CHECK(state(fd, 0) & MMKIT_MAP_DIRTY);
	map[1] = 1;
	EQUAL(pager_paged(fd).protects, 1);
	EQUAL(pager_paged(fd).dirty, 1);
	EQUAL(map_get(fd).faults, 2);
	munmap(map, 4 * PAGE);
	close(fd);
}

static void states(void)
{
	int fd = pager_store(6);
	u8 *map = map_shared(fd, 6);
	struct mmkit_page page;

	test("states say where each page is, and describe agrees");
	EQUAL(pager_set(fd, 2, 0, MMKIT_MAP_LZO, 0), 0);
	map[0] = 1;
	touch_read(map + PAGE);
	touch_read(map + 2 * PAGE);
	EQUAL(state(fd, 0), MMKIT_MAP_STORED | MMKIT_MAP_SEEN);
	EQUAL(state(fd, 1), MMKIT_MAP_RESIDENT | MMKIT_MAP_MAPPED |
			    MMKIT_MAP_SEEN);
	EQUAL(state(fd, 3), 0);
	EQUAL(map_describe(fd, 0, 1, &page), 1);
	EQUAL(page.state, MMKIT_PAGE_NOPAGE);
	EQUAL(map_describe(fd, 1, 1, &page), 1);
	EQUAL(page.state & MMKIT_PAGE_NOPAGE, 0);
	EQUAL(page.mapcount, 1);
	munmap(map, 6 * PAGE);
	EQUAL(state(fd, 1), MMKIT_MAP_RESIDENT | MMKIT_MAP_SEEN);
	close(fd);
}

/* --- textbooks, by this kernel: every touch is seen */

#define BELADY		"123412512345"
#define SILBERSCHATZ	"70120304230321201701"
#define STALLINGS	"232152453252"

static const struct {
	const char *name;
	u32 policy;
	u32 frames;
	const char *string;
	u32 faults;
} books[] = {
	{ "Belady, FIFO in 3", MMKIT_MAP_FIFO, 3, BELADY, 9 },
	{ "Belady, FIFO in 4: the anomaly", MMKIT_MAP_FIFO, 4, BELADY, 10 },
	{ "Belady, LRU in 3", MMKIT_MAP_LRU, 3, BELADY, 10 },
	{ "Belady, LRU in 4", MMKIT_MAP_LRU, 4, BELADY, 8 },
	{ "Silberschatz, FIFO", MMKIT_MAP_FIFO, 3, SILBERSCHATZ, 15 },
	{ "Silberschatz, LRU", MMKIT_MAP_LRU, 3, SILBERSCHATZ, 12 },
	{ "Stallings, FIFO", MMKIT_MAP_FIFO, 3, STALLINGS, 9 },
	{ "Stallings, LRU", MMKIT_MAP_LRU, 3, STALLINGS, 7 },
	{ "Stallings, CLOCK", MMKIT_MAP_CLOCK, 3, STALLINGS, 8 },
	{ "Stallings, second chance", MMKIT_MAP_SECOND_CHANCE, 3, STALLINGS,
	  8 },
};

static void textbook(size_t i)
{
	int fd = pager_store(8);
	u8 *map = map_shared(fd, 8);
	const char *at;

	test("the textbook's faults: %s", books[i].name);
	EQUAL(pager_set(fd, books[i].frames, books[i].policy, MMKIT_MAP_LZO,
			MMKIT_MAP_EXACT), 0);
	for (at = books[i].string; *at; at++)
		touch_read(map + (*at - '0') * PAGE);
	EQUAL(pager_paged(fd).major, books[i].faults);
	munmap(map, 8 * PAGE);
	close(fd);
}

/* Not exact: what is used again and again is known to be, and stays. */
static void second_chances(u32 policy, const char *name, u64 faults)
{
	int fd = pager_store(64), i;
	u8 *map = map_shared(fd, 64);

	test("a page in use stays among 63 that pass by: %s", name);
	EQUAL(pager_set(fd, 8, policy, MMKIT_MAP_LZO, 0), 0);
	for (i = 1; i < 64; i++) {
		touch_read(map);
		touch_read(map + i * PAGE);
	}
	EQUAL(pager_paged(fd).major, faults);
	CHECK(pager_paged(fd).minor > 0);
	munmap(map, 64 * PAGE);
	close(fd);
}

/* --- at run time */

static void changed(void)
{
	int fd = pager_store(32), i;
	u8 *map = map_shared(fd, 32);

	test("frames and policy change under a mapping, and nothing is lost");
	mark(map, 0, 32, 50);
	for (i = 0; i < 10; i++) {
		EQUAL(pager_set(fd, 1 + i * 3, i % MMKIT_MAP_OPT,
				MMKIT_MAP_LZO, i % 2), 0);
		EQUAL(pager_paged(fd).major, 0);
		marked(map, 0, 32, 50);
		map[i * PAGE + 9] = i;
	}
	EQUAL(pager_set(fd, 4, 0, MMKIT_MAP_SHMEM, 0), -EBUSY);
	marked(map, 0, 32, 50);
	EQUAL(map[7 * PAGE + 9], 7);
	munmap(map, 32 * PAGE);
	close(fd);
}

static void resized(void)
{
	int fd = pager_store(16), i;
	u8 *map = map_shared(fd, 16);

	test("a pager's store shrinks and grows like any other");
	EQUAL(pager_set(fd, 3, 0, MMKIT_MAP_SHMEM, 0), 0);
	mark(map, 0, 16, 90);
	EQUAL(map_set(fd, 5 * PAGE, ""), 0);
	EQUAL(pager_paged(fd).stored <= 5, 1);
	marked(map, 0, 5, 90);
	EQUAL(touch_read(map + 5 * PAGE), BUS_ADRERR);
	EQUAL(touch_write(map + 15 * PAGE, 1), BUS_ADRERR);
	EQUAL(map_set(fd, 16 * PAGE, ""), 0);
	marked(map, 0, 5, 90);
	for (i = 5; i < 16; i++) {
		EQUAL(map[i * PAGE], 0);
		EQUAL(map[i * PAGE + PAGE - 1], 0);
	}
	munmap(map, 16 * PAGE);
	EQUAL(map_set(fd, 0, ""), 0);
	EQUAL(session(fd).bytes, 0);
	close(fd);
}

static void child_marks(void *data)
{
	u8 *map = data;

	marked(map, 0, 16, 20);
	mark(map, 0, 16, 21);
}

static void forked(void)
{
	int fd = pager_store(16);
	u8 *map = map_shared(fd, 16);

	test("parent and child see each other's writes through two frames");
	EQUAL(pager_set(fd, 2, MMKIT_MAP_CLOCK, MMKIT_MAP_LZO, 0), 0);
	mark(map, 0, 16, 20);
	EQUAL(in_child(child_marks, map), 0);
	marked(map, 0, 16, 21);
	munmap(map, 16 * PAGE);
	close(fd);
}

static void private_copies(void)
{
	int fd = pager_store(16);
	u8 *map = map_shared(fd, 16);
	u8 *own = map_at(fd, 0, 16, RW, MAP_PRIVATE);

	test("private copies outlive the page that they were made of");
	EQUAL(pager_set(fd, 2, 0, MMKIT_MAP_LZO, 0), 0);
	mark(map, 0, 16, 30);
	marked(own, 0, 16, 30);
	mark(own, 0, 16, 31);
	marked(own, 0, 16, 31);
	marked(map, 0, 16, 30);
	munmap(own, 16 * PAGE);
	munmap(map, 16 * PAGE);
	close(fd);
}

/* A number holds its struct's size; docs/ABI/ioctl.txt has the offsets. */
static void layout(void)
{
	struct mmkit_map_get get = { .size = sizeof(get) };
	int fd = pager_store(3);

	test("bug 32: commands and structs are the kernel's, however long a pointer");
	EQUAL(MMKIT_MAP_GET, 0xc048e631);
	EQUAL(MMKIT_MAP_PAGER, 0x4020e635);
	EQUAL(call(fd, MMKIT_MAP_GET, &get), 0);
	EQUAL(get.size, sizeof(get));
	EQUAL(get.bytes, 3 * PAGE);
	CHECK(!strcmp(get.strategy, "pager"));
	close(fd);
}

int main(void)
{
	size_t i;

	layout();

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		refuse(i);
	refuse_others();
	refuse_states();
	kept();
	compressed();
	zeroed();
	counted_clean();
	counted_minor();
	counted_dirty();
	states();
	for (i = 0; i < ARRAY_SIZE(books); i++)
		textbook(i);
	second_chances(MMKIT_MAP_LRU, "LRU", 64);
	/* At the first sweep all were accessed, and the oldest goes, once. */
	second_chances(MMKIT_MAP_CLOCK, "CLOCK", 65);
	second_chances(MMKIT_MAP_SECOND_CHANCE, "second chance", 65);
	changed();
	resized();
	forked();
	private_copies();
	return tap_end();
}
