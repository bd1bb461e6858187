// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every strategy of /dev/mmkit/map through the same tests. What differs between
 * strategies is in struct way, with the reason; "bug N" in a test's name is what
 * drivers got wrong, as docs/map.md counts it.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib.h"

#define RW		(PROT_READ | PROT_WRITE)
#define MAX_MAPS	"/sys/module/mmkit_map/parameters/max_maps"
#define N		12u	/* pages of most stores */

/* A strategy, as the module lists it. */
struct way {
	struct mmkit_map_strategy is;
	bool pfn;	/* page frames: nothing is counted, no private writes */
	bool whole;	/* one piece of memory: its size is fixed while mapped */
	bool grows;	/* while it is mapped */
	bool fixed;	/* nothing of it can be taken away while it is mapped */
	bool refault;	/* what was unmapped comes back when it is touched */
	bool holes;	/* every fourth page is one */
	bool counted;	/* a mapping shows in the page's counts */
	bool lazy;	/* a page comes when it is touched */
};

static struct mmkit_map_strategy list[MMKIT_MAP_STRATEGIES_MAX];

static struct way way_of(const struct mmkit_map_strategy *is)
{
	struct way w = { .is = *is };

	w.pfn = is->flags & MMKIT_STRATEGY_PFN;
	w.whole = !strcmp(is->backing, "vmalloc") ||
		  !strcmp(is->backing, "kmalloc") ||
		  !strcmp(is->backing, "coherent");
	/* iohuge: entries of 1 GiB are not made where one grows. */
	w.grows = !w.whole && strcmp(is->name, "iohuge");
	w.fixed = !strcmp(is->name, "remap") || !strcmp(is->name, "io") ||
		  !strcmp(is->name, "dma") || !strcmp(is->name, "kmalloc");
	w.holes = !strcmp(is->name, "sigbus");
	w.lazy = !strcmp(is->backing, "on-write") ||
		 !strcmp(is->backing, "tmpfs") || !strcmp(is->name, "pager");
	/* tmpfs serves its own faults, though it maps nothing at mmap(). */
	w.refault = is->flags & MMKIT_STRATEGY_FAULT;
	/* vmf_insert_mixed() maps a frame as one without a page. */
	w.counted = !w.pfn && strcmp(is->name, "mixed") && !w.lazy;
	return w;
}

static bool hole(const struct way *w, u64 index)
{
	return w->holes && index % 4 == 3;
}

static int store(const struct way *w, u64 pages)
{
	int fd = dev_open("map");

	EQUAL(map_set(fd, pages * PAGE, w->is.name), 0);
	return fd;
}

static void drop(int fd, u8 *map, u64 pages)
{
	if (map)
		EQUAL(munmap(map, pages * PAGE), 0);
	EQUAL(map_get(fd).maps, 0);
	close(fd);
}

static void mark(const struct way *w, volatile u8 *map, u64 first, u64 pages,
		 u8 seed)
{
	u64 i;

	for (i = first; i < first + pages; i++, map += PAGE) {
		if (hole(w, i))
			continue;
		map[0] = seed + i;
		map[PAGE - 1] = seed - i;
	}
}

static void marked(const struct way *w, const volatile u8 *map, u64 first,
		   u64 pages, u8 seed)
{
	u64 i;

	for (i = first; i < first + pages; i++, map += PAGE) {
		if (hole(w, i))
			continue;
		EQUAL(map[0], (u8)(seed + i));
		EQUAL(map[PAGE - 1], (u8)(seed - i));
	}
}

static bool zero(const struct way *w, const u8 *map, u64 first, u64 pages)
{
	u64 i, j;

	for (i = first; i < first + pages; i++, map += PAGE)
		for (j = 0; !hole(w, i) && j < PAGE; j++)
			if (map[j])
				return false;
	return true;
}

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

/* --- areas */

static void not_expanded(const struct way *w)
{
	int fd = store(w, N);
	u8 *map = map_at(fd, 0, 4, RW, MAP_SHARED);

	test("%s: bug 3: mremap does not grow a mapping", w->is.name);
	CHECK(mremap(map, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED);
	EQUAL(errno, EFAULT);
	CHECK(mremap(map, 4 * PAGE, 5 * PAGE, 0) == MAP_FAILED);
	EQUAL(errno, EFAULT);
	drop(fd, map, 4);
}

static void moved(const struct way *w)
{
	int fd = store(w, N);
	u8 *map = map_shared(fd, N), *now;
	u8 *to = mmap(NULL, N * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);

	test("%s: bug 4: mremap moves and shrinks, and both can be unmapped",
	     w->is.name);
	mark(w, map, 0, N, 60);
	now = mremap(map, N * PAGE, N * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		     to);
	CHECK(now == to);
	marked(w, now, 0, N, 60);
	EQUAL(map_get(fd).maps, 1);
	CHECK(mremap(now, N * PAGE, 5 * PAGE, 0) == now);
	marked(w, now, 0, 5, 60);
	EQUAL(munmap(map, N * PAGE), 0);
	marked(w, now, 0, 5, 60);
	drop(fd, now, 5);
}

static void split(const struct way *w)
{
	int fd = store(w, N);
	u8 *map = map_shared(fd, N);

	test("%s: bug 5: splitting by munmap and mprotect keeps count and content",
	     w->is.name);
	mark(w, map, 0, N, 7);
	EQUAL(munmap(map + 2 * PAGE, PAGE), 0);
	EQUAL(map_get(fd).maps, 2);
	marked(w, map, 0, 2, 7);
	marked(w, map + 4 * PAGE, 4, 3, 7);
	EQUAL(mprotect(map + 4 * PAGE, PAGE, PROT_READ), 0);
	EQUAL(map_get(fd).maps, 4);
	marked(w, map + 3 * PAGE, 3, N - 3, 7);
	map[5 * PAGE] = 1;
	EQUAL(mprotect(map + 4 * PAGE, PAGE, RW), 0);
	map[4 * PAGE] = 1;
	drop(fd, map, N);
}

static void protection(const struct way *w)
{
	int fd = dev_open_flags("map", O_RDONLY);
	u8 *map;

	test("%s: bug 6: a file opened read-only gives no way to write",
	     w->is.name);
	EQUAL(map_set(fd, 2 * PAGE, w->is.name), 0);
	CHECK(map_at(fd, 0, 2, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EACCES);
	map = map_at(fd, 0, 2, PROT_READ, MAP_SHARED);
	CHECK(map != MAP_FAILED);
	EQUAL(map[0], 0);
	EQUAL(mprotect(map, 2 * PAGE, RW) ? errno : 0, EACCES);
	drop(fd, map, 2);
}

static void private_write(const struct way *w)
{
	int fd = store(w, 2);
	u8 *shared = map_shared(fd, 2), *own;

	test("%s: bug 7: a private write is copied or refused", w->is.name);
	mark(w, shared, 0, 2, 20);
	own = map_at(fd, 0, 2, RW, MAP_PRIVATE);
	if (w->pfn) {
		CHECK(own == MAP_FAILED);
		EQUAL(errno, EINVAL);
		own = map_at(fd, 0, 2, PROT_READ, MAP_PRIVATE);
		if (CHECK(own != MAP_FAILED))
			marked(w, own, 0, 2, 20);
		EQUAL(mprotect(own, 2 * PAGE, RW) ? errno : 0, EACCES);
	} else if (CHECK(own != MAP_FAILED)) {
		marked(w, own, 0, 2, 20);
		own[0] = 1;
		EQUAL(shared[0], 20);
		EQUAL(own[0], 1);
		shared[PAGE + 1] = 4;
		EQUAL(own[PAGE + 1], 4);
	}
	munmap(own, 2 * PAGE);
	drop(fd, shared, 2);
}

static void too_many(const struct way *w)
{
	long long normal = file_number(MAX_MAPS);
	int fd = store(w, 4), i;
	char text[32];
	u8 *map[3];

	test("%s: bug 13: one mapping more than max_maps is EDQUOT",
	     w->is.name);
	EQUAL(file_write(MAX_MAPS, "3"), 0);
	for (i = 0; i < 3; i++)
		map[i] = map_shared(fd, 4);
	CHECK(map_at(fd, 0, 4, RW, MAP_SHARED) == MAP_FAILED);
	EQUAL(errno, EDQUOT);
	EQUAL(munmap(map[0] + PAGE, PAGE) ? errno : 0, EDQUOT);
	snprintf(text, sizeof(text), "%lld", normal);
	EQUAL(file_write(MAX_MAPS, text), 0);
	for (i = 0; i < 3; i++)
		EQUAL(munmap(map[i], 4 * PAGE), 0);
	drop(fd, NULL, 0);
}

/* --- processes and files that go */

static void forked(const struct way *w)
{
	u64 used = info().used_bytes;
	int fd = store(w, 5), go[2], up[2], status;
	u8 *map = map_shared(fd, 5);
	char byte = 0;
	pid_t pid;

	test("%s: bug 14, bug 15: a child has what its parent unmapped and closed",
	     w->is.name);
	mark(w, map, 0, 2, 3);
	EQUAL(pipe(go) | pipe(up), 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		EQUAL(map_get(fd).maps, 2);
		close(fd);
		EQUAL(write(up[1], &byte, 1), 1);
		EQUAL(read(go[0], &byte, 1), 1);
		marked(w, map, 0, 2, 3);
		EQUAL(touch_write(map + 4 * PAGE, 1), 0);
		_exit(0);
	}
	EQUAL(read(up[0], &byte, 1), 1);
	munmap(map, 5 * PAGE);
	close(fd);
	EQUAL(write(go[1], &byte, 1), 1);
	EQUAL(waitpid(pid, &status, 0), pid);
	EQUAL(status, 0);
	EQUAL(info().used_bytes, used);
	close(go[0]);
	close(go[1]);
	close(up[0]);
	close(up[1]);
}

static void unload(const struct way *w)
{
	int fd = store(w, 3);
	u8 *map = map_shared(fd, 3);

	test("%s: bug 17: the module stays while it is mapped, its file closed",
	     w->is.name);
	close(fd);
	EQUAL(syscall(SYS_delete_module, "mmkit_map", O_NONBLOCK) ? errno : 0,
	      EAGAIN);
	mark(w, map, 0, 3, 5);
	marked(w, map, 0, 3, 5);
	EQUAL(munmap(map, 3 * PAGE), 0);
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

/* --- copies */

static void into_itself(const struct way *w)
{
	int fd = store(w, 3);
	u8 *map = map_shared(fd, 3);
	struct mmkit_map_get *get = (void *)(map + 2 * PAGE);

	test("%s: bug 22: an answer may go into the mapping that it is about",
	     w->is.name);
	get->size = sizeof(*get);
	EQUAL(call(fd, MMKIT_MAP_GET, get), 0);
	EQUAL(get->bytes, 3 * PAGE);
	drop(fd, map, 3);
}

/* Which ones answer at all: counted pages, and frames with .access. */
static bool peekable(const struct way *w)
{
	return w->counted || !strcmp(w->is.backing, "tmpfs") ||
	       !strcmp(w->is.name, "pager") ||
	       !strcmp(w->is.name, "access") ||
	       !strcmp(w->is.backing, "carve-out");
}

static void proc_mem(const struct way *w)
{
	int fd = store(w, 3), mem = open("/proc/self/mem", O_RDWR);
	u8 *around = mmap(NULL, 5 * PAGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	u8 *map = mmap(around + PAGE, 3 * PAGE, RW, MAP_SHARED | MAP_FIXED, fd,
		       0);
	int one = peekable(w) ? 1 : -1;
	u8 text[16];

	test("%s: bug 33: /proc/PID/mem up to both edges and not past them",
	     w->is.name);
	mark(w, map, 0, 3, 44);
	munmap(around, PAGE);
	munmap(around + 4 * PAGE, PAGE);
	EQUAL(pread(mem, text, 1, (long)map), one);
	if (one == 1)
		EQUAL(text[0], 44);
	EQUAL(pread(mem, text, 16, (long)(map + 3 * PAGE - 1)), one);
	EQUAL(pread(mem, text, 1, (long)(map + 3 * PAGE)), -1);
	EQUAL(pread(mem, text, 1, (long)(map - 1)), -1);
	EQUAL(pwrite(mem, "x", 1, (long)map), one);
	EQUAL(map[0], one == 1 ? 'x' : 44);
	close(mem);
	drop(fd, map, 3);
}

/* --- core dumps; the words are masked, so that they stand in no program */

static const char secret[] = "MMKIT-NOT-IN-A-DUMP";
static const char plain[] = "MMKIT-BELONGS-IN-A-DUMP";

static void write_masked(u8 *to, const char *word)
{
	size_t i, len = strlen(word);

	for (i = 0; i < len; i++)
		to[i] = word[i] ^ 0x20;
}

struct dump {
	const struct way *w;
	u64 tune;
};

static void dump_core(void *data)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	const struct dump *dump = data;
	struct mmkit_map_set set = {
		.size = sizeof(set), .bytes = 4 * PAGE, .tune = dump->tune,
	};
	int fd = dev_open("map");
	u8 *map, *own;

	strcpy(set.strategy, dump->w->is.name);
	EQUAL(call(fd, MMKIT_MAP_SET, &set), 0);
	map = map_shared(fd, 4);
	write_masked(map, secret);
	write_masked(map + 2 * PAGE, secret);
	own = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	write_masked(own, plain);
	EQUAL(setrlimit(RLIMIT_CORE, &limit), 0);
	EQUAL(file_write("/proc/self/coredump_filter", "0x1ff"), 0);
	abort();
}

static bool found_in(const char *path, const char *word)
{
	int fd = open(path, O_RDONLY);
	off_t size = lseek(fd, 0, SEEK_END);
	u8 masked[64] = { 0 };
	u8 *core = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	bool found;

	if (!CHECK(fd >= 0 && size > 0 && core != MAP_FAILED))
		return false;
	write_masked(masked, word);
	found = memmem(core, size, masked, strlen(word));
	munmap(core, size);
	close(fd);
	return found;
}

static bool in_dump(const struct way *w, u64 tune)
{
	struct dump dump = { w, tune };
	char before[128];
	bool found;
	int status;

	CHECK(file_read("/proc/sys/kernel/core_pattern", before,
			sizeof(before)));
	EQUAL(file_write("/proc/sys/kernel/core_pattern", "/tmp/mmkit-core"),
	      0);
	status = in_child(dump_core, &dump);
	CHECK(WIFSIGNALED(status) && WCOREDUMP(status));
	CHECK(found_in("/tmp/mmkit-core", plain));
	found = found_in("/tmp/mmkit-core", secret);
	EQUAL(file_write("/proc/sys/kernel/core_pattern", before), 0);
	unlink("/tmp/mmkit-core");
	return found;
}

static void core_dump(const struct way *w)
{
	test("%s: bug 9: a core dump holds no byte of the store", w->is.name);
	CHECK(!in_dump(w, 0));
	if (strcmp(w->is.name, "vmalloc"))
		return;
	test("vmalloc: a .name puts the store into core dumps after all");
	CHECK(in_dump(w, 1));
}

/* --- at the same time */

struct closing {
	const struct way *w;
	atomic_bool stop;
};

/* What is cut off is sprayed by another session, which must stay alone in it. */
static void resize(struct map_race *race)
{
	int other = dev_open("map");
	u8 *map;
	u32 i, j;

	for (i = 0; i < 150; i++) {
		map_set(race->fd, i % N * PAGE, "");
		EQUAL(map_set(other, 64 * PAGE, "page"), 0);
		map = map_shared(other, 64);
		for (j = 0; j < 64; j++)
			race->wrong += map[j * PAGE + RACE_BYTE] != 0;
		munmap(map, 64 * PAGE);
		EQUAL(map_set(other, 0, ""), 0);
		map_set(race->fd, N * PAGE, "");
	}
	close(other);
}

static void evict(const struct way *w, const char *what,
		  void *(*other)(void *arg))
{
	struct map_race race = { .fd = store(w, N), .pages = N };
	pthread_t thread;

	test("%s: bug 20: %s against resizing shows no other's page",
	     w->is.name, what);
	race.map = map_shared(race.fd, N);
	pthread_create(&thread, NULL, other, &race);
	resize(&race);
	race.stop = true;
	pthread_join(thread, NULL);
	EQUAL(race.wrong, 0);
	drop(race.fd, race.map, N);
}

static void *unmap_and_map(void *arg)
{
	struct closing *closing = arg;

	while (!closing->stop) {
		int fd = store(closing->w, 3);
		u8 *map = map_shared(fd, 3);

		close(fd);
		map[0] = 1;
		munmap(map, 3 * PAGE);
	}
	return NULL;
}

static void close_and_unmap(const struct way *w)
{
	struct closing closing = { .w = w };
	u64 used = info().used_bytes;
	pthread_t thread;
	u32 i;

	test("%s: bug 16: close against munmap", w->is.name);
	if (!strcmp(w->is.backing, "carve-out")) {
		skip("one session at a time has the carve-out");
		return;
	}
	pthread_create(&thread, NULL, unmap_and_map, &closing);
	for (i = 0; i < 100; i++) {
		int fd = store(w, 3);
		u8 *map = map_shared(fd, 3);

		munmap(map + PAGE, PAGE);
		close(fd);
		munmap(map, 3 * PAGE);
	}
	closing.stop = true;
	pthread_join(thread, NULL);
	EQUAL(info().used_bytes, used);
}

/* --- every allocation of mmap() fails once */

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

static void set_fault(const char *point, const char *field, const char *value)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", point, field);
	EQUAL(file_write(path, value), 0);
}

/*
 * Allocations that may wait fail too, and single pages; and a stack for each of
 * them takes minutes on a serial line.
 */
static void fail_everything(void)
{
	set_fault("failslab", "ignore-gfp-wait", "N");
	set_fault("fail_page_alloc", "ignore-gfp-wait", "N");
	set_fault("fail_page_alloc", "min-order", "0");
	set_fault("failslab", "verbose", "0");
	set_fault("fail_page_alloc", "verbose", "0");
	set_fault("fail_usercopy", "verbose", "0");
}

/*
 * kmemleak allocates as well, and fails for good where that fails: it has its last
 * word first. It trusts no block that is younger than five seconds.
 */
static void last_scan(void)
{
	static char text[4096];

	if (file_write(KMEMLEAK, "scan"))
		return;
	test("nothing of what came before was leaked");
	sleep(6);
	EQUAL(file_write(KMEMLEAK, "scan"), 0);
	CHECK(file_read(KMEMLEAK, text, sizeof(text)));
	if (!EQUAL(text[0], 0))
		diag("%s", text);
	EQUAL(file_write(KMEMLEAK, "off"), 0);
}

static void fail_nth(const struct way *w)
{
	u64 used = info().used_bytes;
	int fd = store(w, N), n, left = 0;
	char text[16];
	u8 *map;

	test("%s: bug 21: an mmap that fails half way leaves nothing",
	     w->is.name);
	for (n = 1; n < 200; n++) {
		snprintf(text, sizeof(text), "%d", n);
		file_write(FAIL_NTH, text);
		map = map_at(fd, 0, N, RW, MAP_SHARED);
		left = file_number(FAIL_NTH);
		file_write(FAIL_NTH, "0");
		if (map == MAP_FAILED) {
			EQUAL(map_get(fd).maps, 0);
			continue;
		}
		EQUAL(munmap(map, N * PAGE), 0);
		if (left)
			break;
	}
	CHECK(n > 1);
	drop(fd, NULL, 0);
	EQUAL(info().used_bytes, used);
}

/* --- of single strategies */

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

static void (*const tests[])(const struct way *w) = {
	content, bounds, shrunk, grown, after_free, not_expanded, moved, split,
	protection, private_write, too_many, forked, unload, counts,
	into_itself, proc_mem, core_dump, close_and_unmap,
	split_pages, huge, logged, holes, on_write,
};

static void conform(const struct mmkit_map_strategy *is)
{
	struct way w = way_of(is);
	size_t i;

	if (is->flags & MMKIT_STRATEGY_ABSENT) {
		int fd = dev_open("map");

		test("%s: absent: %s", is->name, is->note);
		EQUAL(map_set(fd, PAGE, is->name), -EOPNOTSUPP);
		CHECK(is->note[0]);
		close(fd);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		tests[i](&w);
	evict(&w, "touching", map_race_touch);
	evict(&w, "mapping", map_race_map);
}

/* mmkit's own, or one; "typed" are those of mmkit_typed, "fail" is bug 21 of all. */
static bool wanted(const struct mmkit_map_strategy *is, const char *name)
{
	if (name)
		return !strcmp(is->name, name);
	return !strcmp(is->module, "mmkit_map") ||
	       is->flags & MMKIT_STRATEGY_ABSENT;
}

/* Last of all: kmemleak is off afterwards. */
static void fail_all(u32 nr)
{
	u32 i;

	if (access(FAIL_NTH, W_OK)) {
		test("bug 21: an mmap that fails half way leaves nothing");
		skip("the kernel has no fault injection");
		return;
	}
	last_scan();
	fail_everything();
	for (i = 0; i < nr; i++)
		if (!strcmp(list[i].module, "mmkit_map") &&
		    !(list[i].flags & MMKIT_STRATEGY_ABSENT)) {
			struct way w = way_of(&list[i]);

			fail_nth(&w);
		}
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	struct mmkit_map_strategies ask = {
		.size = sizeof(ask), .nr = MMKIT_MAP_STRATEGIES_MAX,
		.strategies = PTR(list),
	};
	int fd = dev_open("map");
	u32 i;

	EQUAL(call(fd, MMKIT_MAP_STRATEGIES, &ask), 0);
	close(fd);
	for (i = 0; i < ask.nr; i++)
		if (wanted(&list[i], name))
			conform(&list[i]);
	for (i = 0; i < ask.nr && (!name || !strcmp(name, "typed")); i++)
		if (!strcmp(list[i].module, "mmkit_typed"))
			typed(&list[i]);
	if (!name || !strcmp(name, "fail"))
		fail_all(ask.nr);
	return tap_end();
}
