// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/map: what user space sees of a store through its mappings. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include "map_lib.h"

/* --- MMKIT_MAP_SET, MMKIT_MAP_DESCRIBE and mmap() refuse */

static const struct {
	const char *name;
	u64 bytes;
	u32 flags;
	char strategy[MMKIT_NAME_LEN];
	int want;
} refusals[] = {
	{ "one byte", 1, 0, "", -EINVAL },
	{ "a page and a byte", PAGE + 1, 0, "", -EINVAL },
	{ "2^64-1 bytes", ~0ull, 0, "", -EINVAL },
	{ "over 1 TiB", (1ull << 40) + PAGE, 0, "", -EINVAL },
	{ "1 TiB", 1ull << 40, 0, "", -EDQUOT },
	{ "flags", PAGE, 1, "", -EINVAL },
	{ "flags 2^31", PAGE, 1u << 31, "", -EINVAL },
	{ "no such strategy", PAGE, 0, "nosuch", -ENOENT },
	{ "the name of an area", PAGE, 0, "map", -ENOENT },
	{ "a name without an end", PAGE, 0,
	  "0123456789012345678901234567890", -ENOENT },
};

static void refuse(size_t i)
{
	struct mmkit_map_set set = {
		.size = sizeof(set),
		.flags = refusals[i].flags,
		.bytes = refusals[i].bytes,
	};
	int fd = store(2);

	test("set refuses %s, and the store stays as it was",
	     refusals[i].name);
	memcpy(set.strategy, refusals[i].strategy, MMKIT_NAME_LEN);
	EQUAL(call(fd, MMKIT_MAP_SET, &set), refusals[i].want);
	EQUAL(map_get(fd).bytes, 2 * PAGE);
	EQUAL(session(fd).bytes, 2 * PAGE);
	CHECK(!strcmp(map_get(fd).strategy, "page"));
	close(fd);
}

static void refuse_name(void)
{
	struct mmkit_map_set set = { .size = sizeof(set), .bytes = PAGE };
	int fd = dev_open("map");

	test("set refuses a name of 32 letters");
	memset(set.strategy, 'p', MMKIT_NAME_LEN);
	EQUAL(call(fd, MMKIT_MAP_SET, &set), -EINVAL);
	EQUAL(map_get(fd).strategy[0], 0);
	close(fd);
}

static void describe(void)
{
	static struct mmkit_page page[MMKIT_MAP_DESCRIBE_MAX];
	int fd = store(3);

	test("describe refuses what is outside, and ends at the end");
	EQUAL(map_describe(fd, 0, 0, page), -EINVAL);
	EQUAL(map_describe(fd, 0, MMKIT_MAP_DESCRIBE_MAX + 1, page), -EINVAL);
	EQUAL(map_describe(fd, 0, ~0u, page), -EINVAL);
	EQUAL(map_describe(fd, 3, 1, page), -EINVAL);
	EQUAL(map_describe(fd, ~0ull, 1, page), -EINVAL);
	EQUAL(map_describe(fd, 1ull << 32, 1, page), -EINVAL);
	EQUAL(map_describe(fd, 0, MMKIT_MAP_DESCRIBE_MAX, page), 3);
	EQUAL(map_describe(fd, 2, 1, page), 1);
	EQUAL(page[0].refcount, 1);
	EQUAL(page[0].mapcount, 0);
	EQUAL(map_set(fd, 0, ""), 0);
	EQUAL(map_describe(fd, 0, 1, page), -EINVAL);
	close(fd);
}

/* Offsets at and past the end, with lengths that end inside, at and past it. */
static void bounds(void)
{
	const u64 n = 8, far = -1ul >> 12;
	const u64 offsets[] = { 0, 1, n - 1, n, n + 1, far - n, far };
	const u64 lengths[] = { 1, 2, n - 1, n, n + 1, 1 << 20 };
	int fd = store(n);
	size_t i, j;

	test("mmap takes what lies inside the store and EINVAL is the rest");
	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		for (j = 0; j < ARRAY_SIZE(lengths); j++) {
			bool inside = offsets[i] < n &&
				      lengths[j] <= n - offsets[i];
			u8 *map = map_at(fd, offsets[i], lengths[j], RW,
					 MAP_SHARED);

			if (!EQUAL(map != MAP_FAILED, inside))
				diag("offset %llu length %llu",
				     (unsigned long long)offsets[i],
				     (unsigned long long)lengths[j]);
			if (map != MAP_FAILED)
				munmap(map, lengths[j] * PAGE);
			else
				CHECK(errno == EINVAL || errno == EOVERFLOW);
		}
	EQUAL(map_get(fd).maps, 0);
	close(fd);
}

static void no_store(void)
{
	int fd = dev_open("map");

	test("without a store mmap is EINVAL");
	CHECK(map_at(fd, 0, 1, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EINVAL);
	EQUAL(map_get(fd).strategy[0], 0);
	EQUAL(map_set(fd, PAGE, "page"), 0);
	EQUAL(map_set(fd, 0, ""), 0);
	CHECK(map_at(fd, 0, 1, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EINVAL);
	close(fd);
}

/* --- content */

static void zeroed(void)
{
	int fd = store(64);
	u8 *map = map_shared(fd, 64);

	test("a store is zeroed, also one made of pages that were written");
	CHECK(is_zero(map, 64));
	memset(map, 0xa5, 64 * PAGE);
	drop(fd, map, 64);
	fd = store(64);
	map = map_shared(fd, 64);
	CHECK(is_zero(map, 64));
	drop(fd, map, 64);
}

static void two_views(void)
{
	int fd = store(16);
	u8 *all = map_shared(fd, 16);
	u8 *part = map_at(fd, 5, 4, RW, MAP_SHARED);
	u8 *once = map_at(fd, 15, 1, PROT_READ, MAP_SHARED);

	test("mappings at several offsets show the same pages");
	mark(all, 16, 40);
	marked(part, 5, 4, 40);
	marked(once, 15, 1, 40);
	part[PAGE + 7] = 99;
	EQUAL(all[6 * PAGE + 7], 99);
	EQUAL(map_get(fd).maps, 3);
	munmap(all, 16 * PAGE);
	munmap(part, 4 * PAGE);
	munmap(once, PAGE);
	all = map_shared(fd, 16);
	marked(all, 0, 16, 40);
	drop(fd, all, 16);
}

static void counted(void)
{
	int fd = store(8);
	u8 *map = map_shared(fd, 8);
	struct mmkit_map_get get = map_get(fd);

	test("maps, opens, faults and refused faults are counted exactly");
	EQUAL(get.maps, 1);
	EQUAL(get.opens, 1);
	EQUAL(get.faults, 0);
	map[0] = 1;
	EQUAL(map_get(fd).faults, 1);
	map[1] = 1;
	EQUAL(map_get(fd).faults, 1);
	touch_read(map + PAGE);
	EQUAL(map_get(fd).faults, 2);
	EQUAL(map_set(fd, 4 * PAGE, ""), 0);
	EQUAL(touch_read(map + 4 * PAGE), BUS_ADRERR);
	EQUAL(map_get(fd).sigbus, 1);
	EQUAL(map_get(fd).faults, 2);
	EQUAL(munmap(map + 2 * PAGE, PAGE), 0);
	EQUAL(map_get(fd).maps, 2);
	/* The page in the middle was an area of its own for a moment. */
	EQUAL(map_get(fd).opens, 3);
	EQUAL(munmap(map, 8 * PAGE), 0);
	EQUAL(map_get(fd).maps, 0);
	EQUAL(map_get(fd).opens, 3);
	drop(fd, NULL, 0);
}

/* --- size */

static void shrunk(void)
{
	int fd = store(8);
	u8 *map = map_shared(fd, 8);
	u64 i;

	test("what is cut off answers SIGBUS with BUS_ADRERR, read or written");
	mark(map, 8, 10);
	EQUAL(map_set(fd, 3 * PAGE, ""), 0);
	EQUAL(session(fd).bytes, 3 * PAGE);
	for (i = 3; i < 8; i++) {
		EQUAL(touch_read(map + i * PAGE), BUS_ADRERR);
		EQUAL(touch_write(map + i * PAGE + 9, 1), BUS_ADRERR);
	}
	marked(map, 0, 3, 10);
	EQUAL(map_get(fd).sigbus, 10);
	EQUAL(map_set(fd, 0, ""), 0);
	EQUAL(touch_read(map), BUS_ADRERR);
	EQUAL(session(fd).bytes, 0);
	drop(fd, map, 8);
}

static void grown(void)
{
	int fd = store(4);
	u8 *map = map_shared(fd, 4);

	test("growing keeps the content, and what is added is zero");
	mark(map, 4, 10);
	EQUAL(map_set(fd, 2 * PAGE, ""), 0);
	EQUAL(map_set(fd, 12 * PAGE, ""), 0);
	marked(map, 0, 2, 10);
	CHECK(is_zero(map + 2 * PAGE, 2));
	EQUAL(munmap(map, 4 * PAGE), 0);
	map = map_shared(fd, 12);
	marked(map, 0, 2, 10);
	CHECK(is_zero(map + 2 * PAGE, 10));
	drop(fd, map, 12);
}

/* The pages that went are others' now; whoever mapped them must not see it. */
static void not_after_free(void)
{
	int fd = store(64), other = dev_open("map");
	u8 *map = map_shared(fd, 64);
	u8 *spray;

	test("a mapping never shows pages that were given back");
	memset(map, 0x11, 64 * PAGE);
	EQUAL(map_set(fd, 0, ""), 0);
	EQUAL(map_set(other, 256 * PAGE, ""), 0);
	spray = map_shared(other, 256);
	memset(spray, 0x77, 256 * PAGE);
	EQUAL(touch_write(map, 0x11), BUS_ADRERR);
	EQUAL(map_set(fd, 64 * PAGE, ""), 0);
	CHECK(is_zero(map, 64));
	EQUAL(spray[0], 0x77);
	munmap(spray, 256 * PAGE);
	close(other);
	drop(fd, map, 64);
}

/* Sessions share the device's inode, but not each other's unmapping. */
static void only_own(void)
{
	int one = store(4), two = store(4);
	u8 *a = map_shared(one, 4), *b = map_shared(two, 4);

	test("one session's shrinking leaves another's mappings alone");
	mark(a, 4, 1);
	mark(b, 4, 2);
	EQUAL(map_set(one, 0, ""), 0);
	marked(b, 0, 4, 2);
	EQUAL(map_get(two).faults, 4);
	drop(one, a, 4);
	drop(two, b, 4);
}

static void busy(void)
{
	struct mmkit_entry_info entry[8];
	struct mmkit_info_list list = {
		.size = sizeof(list), .kind = MMKIT_KIND_STRATEGY,
		.nr = 8, .entries = PTR(entry),
	};
	const char *other = NULL;
	int fd = dev_open("info");
	u8 *map;
	u32 i;

	test("another strategy while pages are mapped is EBUSY");
	EQUAL(call(fd, MMKIT_INFO_LIST, &list), 0);
	close(fd);
	for (i = 0; i < list.nr && i < 8; i++)
		if (strcmp(entry[i].name, "page"))
			other = entry[i].name;
	if (!other) {
		skip("one strategy only");
		return;
	}
	fd = store(2);
	map = map_shared(fd, 2);
	mark(map, 2, 5);
	EQUAL(map_set(fd, 2 * PAGE, other), -EBUSY);
	EQUAL(map_set(fd, 4 * PAGE, other), -EBUSY);
	EQUAL(map_set(fd, PAGE, other), -EBUSY);
	EQUAL(map_get(fd).bytes, 2 * PAGE);
	EQUAL(session(fd).bytes, 2 * PAGE);
	marked(map, 0, 2, 5);
	munmap(map, 2 * PAGE);
	EQUAL(map_set(fd, 2 * PAGE, other), 0);
	CHECK(!strcmp(map_get(fd).strategy, other));
	EQUAL(map_set(fd, 2 * PAGE, ""), 0);
	CHECK(!strcmp(map_get(fd).strategy, other));
	drop(fd, NULL, 0);
}

/* --- fork, private copies, read-only files */

struct family {
	int fd;
	u8 *map;
};

static void child_writes(void *data)
{
	struct family *f = data;

	EQUAL(map_get(f->fd).maps, 2);
	marked(f->map, 0, 2, 30);
	f->map[PAGE] = 77;
}

static void forked(void)
{
	struct family f = { .fd = store(2) };

	test("a forked child shares the pages and is counted");
	f.map = map_shared(f.fd, 2);
	mark(f.map, 2, 30);
	EQUAL(in_child(child_writes, &f), 0);
	EQUAL(f.map[PAGE], 77);
	EQUAL(map_get(f.fd).maps, 1);
	EQUAL(map_get(f.fd).opens, 2);
	drop(f.fd, f.map, 2);
}

/* The child is alone with the mapping: the parent has let go of everything. */
static void orphan(void)
{
	u64 used = info().used_bytes;
	int fd = store(4), go[2], status;
	u8 *map = map_shared(fd, 4);
	pid_t pid;
	char byte = 0;

	test("a child can touch what its parent unmapped and closed");
	mark(map, 2, 3);
	EQUAL(pipe(go), 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(fd);
		EQUAL(read(go[0], &byte, 1), 1);
		marked(map, 0, 2, 3);
		EQUAL(touch_write(map + 3 * PAGE, 1), 0);
		_exit(0);
	}
	munmap(map, 4 * PAGE);
	close(fd);
	EQUAL(info().used_bytes, used + 4 * PAGE);
	EQUAL(write(go[1], &byte, 1), 1);
	EQUAL(waitpid(pid, &status, 0), pid);
	EQUAL(status, 0);
	EQUAL(info().used_bytes, used);
	close(go[0]);
	close(go[1]);
}

static void closed(void)
{
	u64 used = info().used_bytes;
	int fd = store(4);
	u8 *map = map_shared(fd, 4);

	test("a mapping keeps the store alive after the close of its file");
	mark(map, 2, 8);
	close(fd);
	marked(map, 0, 2, 8);
	mark(map, 4, 9);
	EQUAL(munmap(map, PAGE), 0);
	marked(map + PAGE, 1, 3, 9);
	EQUAL(info().used_bytes, used + 4 * PAGE);
	EQUAL(munmap(map + PAGE, 3 * PAGE), 0);
	EQUAL(info().used_bytes, used);
}

static void private_copy(void)
{
	int fd = store(2);
	u8 *shared = map_shared(fd, 2);
	u8 *own = map_at(fd, 0, 2, RW, MAP_PRIVATE);

	test("a private mapping sees the store until it writes, then its own");
	mark(shared, 2, 20);
	marked(own, 0, 2, 20);
	own[0] = 1;
	own[PAGE - 1] = 2;
	EQUAL(shared[0], 20);
	shared[1] = 3;
	EQUAL(own[1], 0);
	shared[PAGE + 1] = 4;
	EQUAL(own[PAGE + 1], 4);
	munmap(own, 2 * PAGE);
	EQUAL(shared[0], 20);
	drop(fd, shared, 2);
}

/* As truncate() does to a private mapping of a file. */
static void private_shrunk(void)
{
	int fd = store(2);
	u8 *own = map_at(fd, 0, 2, RW, MAP_PRIVATE);

	test("a private copy goes with the page that it was made of");
	own[0] = 41;
	own[PAGE] = 42;
	EQUAL(map_set(fd, PAGE, ""), 0);
	EQUAL(own[0], 41);
	EQUAL(touch_read(own + PAGE), BUS_ADRERR);
	drop(fd, own, 2);
}

static void readonly_file(void)
{
	int rw = store(2);
	char path[32];
	u8 *map;
	int fd;

	test("a file opened read-only gives no way to write");
	snprintf(path, sizeof(path), "/dev/mmkit/map");
	fd = open(path, O_RDONLY);
	EQUAL(map_set(fd, 2 * PAGE, ""), 0);
	CHECK(map_at(fd, 0, 2, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EACCES);
	map = map_at(fd, 0, 2, PROT_READ, MAP_SHARED);
	CHECK(map != MAP_FAILED);
	EQUAL(map[0], 0);
	EQUAL(mprotect(map, 2 * PAGE, RW) ? errno : 0, EACCES);
	munmap(map, 2 * PAGE);
	map = map_at(fd, 0, 2, RW, MAP_PRIVATE);
	CHECK(map != MAP_FAILED);
	map[0] = 1;
	munmap(map, 2 * PAGE);
	map = map_at(fd, 0, 1, PROT_READ, MAP_SHARED);
	EQUAL(map[0], 0);
	munmap(map, PAGE);
	close(fd);
	fd = open(path, O_WRONLY);
	EQUAL(map_set(fd, PAGE, ""), 0);
	CHECK(map_at(fd, 0, 1, PROT_READ, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EACCES);
	close(fd);
	close(rw);
}

static void refused(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		refuse(i);
	refuse_name();
	describe();
	bounds();
	no_store();
}

/* Of one piece there are two for a while, of single pages only those that are new. */
static void in_two_pieces(void)
{
	long long normal = file_number(QUOTA "session_bytes");
	u64 used = info().used_bytes;
	int piece = dev_open("map"), pages = dev_open("map");
	char text[32];

	test("a store is charged for both its pieces while it is resized");
	EQUAL(map_set(piece, 4 * PAGE, "vmalloc"), 0);
	EQUAL(map_set(pages, 4 * PAGE, "page"), 0);
	snprintf(text, sizeof(text), "%lu", 8 * PAGE);
	EQUAL(file_write(QUOTA "session_bytes", text), 0);
	EQUAL(map_set(piece, 5 * PAGE, ""), -EDQUOT);
	EQUAL(map_set(pages, 5 * PAGE, ""), 0);
	EQUAL(info().used_bytes, used + 9 * PAGE);
	/* As it is, it is the same piece. */
	EQUAL(map_set(piece, 4 * PAGE, ""), 0);
	EQUAL(map_set(piece, 3 * PAGE, ""), 0);
	EQUAL(info().used_bytes, used + 8 * PAGE);
	EQUAL(map_set(piece, 5 * PAGE, ""), 0);
	EQUAL(info().used_bytes, used + 10 * PAGE);
	snprintf(text, sizeof(text), "%lld", normal);
	EQUAL(file_write(QUOTA "session_bytes", text), 0);
	close(piece);
	close(pages);
	EQUAL(info().used_bytes, used);
}

static void sized(void)
{
	in_two_pieces();
	zeroed();
	two_views();
	counted();
	shrunk();
	grown();
	not_after_free();
	only_own();
	busy();
}

static void shared(void)
{
	forked();
	orphan();
	closed();
	private_copy();
	private_shrunk();
	readonly_file();
}

int main(void)
{
	refused();
	sized();
	shared();
	return tap_end();
}
