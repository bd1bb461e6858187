// SPDX-License-Identifier: GPL-2.0-only
/*
 * As much as there may be of everything: sessions, mappings, handles; and what the
 * limits of a process say. At the edge there is an error, behind it nothing is left.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "modules.h"

#define RW		(PROT_READ | PROT_WRITE)
#define SESSIONS	10000
#define MAX_MAPS	"/sys/module/mmkit_map/parameters/max_maps"
#define MAX_AREAS	"/proc/sys/vm/max_map_count"

static int fds[SESSIONS];

static void write_number(const char *path, u64 value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	EQUAL(file_write(path, text), 0);
}

static void quota(const char *name, u64 value)
{
	char path[80];

	snprintf(path, sizeof(path), QUOTA "%s", name);
	write_number(path, value);
}

static u64 quota_of(const char *name)
{
	char path[80];

	snprintf(path, sizeof(path), QUOTA "%s", name);
	return file_number(path);
}

static void limit(int resource, rlim_t value)
{
	struct rlimit both = { value, value };

	EQUAL(setrlimit(resource, &both), 0);
}

/* --- sessions */

static void many_sessions(void *unused)
{
	struct mmkit_info before = info(), now;
	int i, nr;

	(void)unused;
	limit(RLIMIT_NOFILE, SESSIONS + 64);
	for (nr = 0; nr < SESSIONS; nr++) {
		fds[nr] = dev_open_flags("pages", O_RDWR);
		if (fds[nr] < 0)
			break;
		if (nr % 100 == 0)
			pages_alloc(fds[nr], 0, 1);
	}
	EQUAL(nr, SESSIONS);
	now = info();
	EQUAL(now.sessions - before.sessions, nr);
	EQUAL(now.used_handles - before.used_handles, SESSIONS / 100);
	EQUAL(session(fds[SESSIONS - 1]).handles, 0);
	EQUAL(session(fds[SESSIONS - 100]).handles, 1);
	for (i = 0; i < nr; i++)
		close(fds[i]);
	now = info();
	EQUAL(now.sessions, before.sessions);
	EQUAL(now.used_handles, before.used_handles);
	EQUAL(now.used_bytes, before.used_bytes);
}

static void too_many_files(void *unused)
{
	struct mmkit_info before = info();
	int nr, err = 0;

	(void)unused;
	limit(RLIMIT_NOFILE, 64);
	for (nr = 0; nr < 100 && err >= 0; nr++)
		fds[nr] = err = dev_open_flags("map", O_RDWR);
	EQUAL(err, -EMFILE);
	BETWEEN(nr, 32, 64);
	while (--nr)
		close(fds[nr - 1]);
	EQUAL(info().sessions, before.sessions);
}

static void sessions(void)
{
	test("%d sessions at a time, and none of them is left", SESSIONS);
	EQUAL(in_child(many_sessions, NULL), 0);
	test("RLIMIT_NOFILE: EMFILE, and no session is left of the one too many");
	EQUAL(in_child(too_many_files, NULL), 0);
}

/* --- mappings: every second page, so that none of them merge */

static u32 map_many(int fd, u8 **at, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		at[i] = map_at(fd, i % 2, 1, RW, MAP_SHARED);
		if (at[i] == MAP_FAILED)
			break;
	}
	return i;
}

static void unmap_many(u8 **at, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		munmap(at[i], PAGE);
}

/* All of them at once: what is cut off is gone from each. */
static void cut_off_many(int fd, u8 **at, u32 nr)
{
	at[0][0] = 7;
	EQUAL(at[nr - 2][0], 7);
	EQUAL(map_set(fd, 2 * PAGE, "pfn"), -EBUSY);
	EQUAL(map_set(fd, PAGE, ""), 0);
	EQUAL(touch_read(at[1]), BUS_ADRERR);
	EQUAL(touch_read(at[nr - 2]), 0);
}

static void one_map_more(int fd, u8 **at)
{
	long long maps = file_number(MAX_MAPS);

	test("one mapping more than max_maps is EDQUOT, and counts for nothing");
	EQUAL(map_set(fd, 2 * PAGE, ""), 0);
	EQUAL(file_write(MAX_MAPS, "100"), 0);
	EQUAL(map_many(fd, at, 101), 100);
	EQUAL(errno, EDQUOT);
	EQUAL(map_get(fd).maps, 100);
	write_number(MAX_MAPS, maps);
	unmap_many(at, 100);
	EQUAL(map_get(fd).maps, 0);
}

static void many_maps(u32 wanted)
{
	u8 **at = calloc(wanted, sizeof(*at));
	long long areas = file_number(MAX_AREAS);
	int fd = dev_open("map");
	u32 nr;

	test("%u mappings of one store", wanted);
	EQUAL(file_write(MAX_AREAS, "131072"), 0);
	EQUAL(map_set(fd, 2 * PAGE, "page"), 0);
	nr = map_many(fd, at, wanted);
	EQUAL(map_get(fd).maps, nr);
	if (EQUAL(nr, wanted))
		cut_off_many(fd, at, nr);
	unmap_many(at, nr);
	EQUAL(map_get(fd).maps, 0);

	one_map_more(fd, at);
	close(fd);
	free(at);
	write_number(MAX_AREAS, areas);
}

/* The kernel's own limit strikes after our mmap() was asked. */
static void kernels_limit(void *unused)
{
	static u8 *at[4096];
	int fd = dev_open("map");
	u32 nr;

	(void)unused;
	EQUAL(map_set(fd, 2 * PAGE, "page"), 0);
	nr = map_many(fd, at, ARRAY_SIZE(at));
	CHECK(nr < ARRAY_SIZE(at));
	EQUAL(errno, ENOMEM);
	EQUAL(map_get(fd).maps, nr);
	unmap_many(at, nr);
	EQUAL(map_get(fd).maps, 0);
	close(fd);
}

static void address_space(void *unused)
{
	int fd = dev_open("map");
	u8 *map;

	(void)unused;
	EQUAL(map_set(fd, 16 << 20, "page"), 0);
	limit(RLIMIT_AS, file_number("/proc/self/statm") * PAGE + (8 << 20));
	map = map_at(fd, 0, (16 << 20) / PAGE, RW, MAP_SHARED);
	CHECK(map == MAP_FAILED);
	EQUAL(errno, ENOMEM);
	EQUAL(map_get(fd).maps, 0);
}

static void locked_memory(void *unused)
{
	int fd = dev_open("map");
	u8 *map;

	(void)unused;
	EQUAL(map_set(fd, 64 * PAGE, "page"), 0);
	map = map_shared(fd, 64);
	limit(RLIMIT_MEMLOCK, 32 * PAGE);
	if (setgid(NOBODY) || setuid(NOBODY))
		_exit(1);
	EQUAL(mlock(map, 64 * PAGE) ? errno : 0, ENOMEM);
	EQUAL(mlock(map, 32 * PAGE), 0);
	munmap(map, 64 * PAGE);
}

static void limits_of_a_process(void)
{
	long long areas = file_number(MAX_AREAS);

	test("vm.max_map_count: ENOMEM, and no mapping is counted that is none");
	EQUAL(file_write(MAX_AREAS, "2000"), 0);
	EQUAL(in_child(kernels_limit, NULL), 0);
	write_number(MAX_AREAS, areas);
	test("RLIMIT_AS: a mapping that does not fit is ENOMEM");
	EQUAL(in_child(address_space, NULL), 0);
	test("RLIMIT_MEMLOCK holds for our mappings as for others");
	EQUAL(in_child(locked_memory, NULL), 0);
}

/* --- handles */

static u32 heap_one(int fd)
{
	struct mmkit_heap_alloc alloc = {
		.size = sizeof(alloc), .bytes = 8, .count = 1, .node = -1,
	};

	return call(fd, MMKIT_HEAP_ALLOC, &alloc) ? 0 : alloc.handle;
}

static int heap_free(int fd, u32 handle)
{
	struct mmkit_heap_free arg = { .size = sizeof(arg), .handle = handle };

	return call(fd, MMKIT_HEAP_FREE, &arg);
}

static void many_handles(u32 wanted)
{
	u64 session_handles = quota_of("session_handles");
	u64 total_handles = quota_of("total_handles");
	struct mmkit_info before = info();
	int fd = dev_open("heap");
	u32 nr, last = 0, first;

	test("%u handles of one session, and one more is EDQUOT", wanted);
	quota("total_handles", total_handles + wanted);
	quota("session_handles", wanted);
	first = heap_one(fd);
	for (nr = 1; nr < wanted; nr++) {
		last = heap_one(fd);
		if (!last)
			break;
	}
	EQUAL(nr, wanted);
	EQUAL(heap_one(fd), 0);
	EQUAL(errno, EDQUOT);
	EQUAL(session(fd).handles, wanted);
	EQUAL(heap_free(fd, first), 0);
	EQUAL(heap_free(fd, first), -ENOENT);
	EQUAL(heap_free(fd, last), 0);
	CHECK(heap_one(fd));
	EQUAL(session(fd).handles, wanted - 1);
	close(fd);
	EQUAL(info().used_handles, before.used_handles);
	EQUAL(info().used_bytes, before.used_bytes);
	quota("session_handles", session_handles);
	quota("total_handles", total_handles);
}

/* --- unloading under load */

static atomic_bool stop;
static atomic_ulong served;

static void *use(void *unused)
{
	(void)unused;
	while (!atomic_load(&stop)) {
		int fd = dev_open_flags("heap", O_RDWR);

		/* It may be away just now. */
		if (fd < 0)
			continue;
		if (heap_one(fd))
			served++;
		close(fd);
	}
	return NULL;
}

/* There is seldom a moment in which none of them has it. */
#define UNLOADS	5

static void unload_under_load(void)
{
	u32 unloaded = 0, busy = 0, tries;
	pthread_t users[3];
	size_t i;

	test("a module that is used all the time: unloaded %d times, or EAGAIN",
	     UNLOADS);
	for (i = 0; i < ARRAY_SIZE(users); i++)
		pthread_create(&users[i], NULL, use, NULL);
	while (!atomic_load(&served))
		sched_yield();
	for (tries = 0; tries < 1000000 && (unloaded < UNLOADS || !busy);
	     tries++) {
		int err = unload("mmkit_heap");

		if (err) {
			EQUAL(err, -EAGAIN);
			busy++;
			continue;
		}
		unloaded++;
		EQUAL(load("mmkit_heap"), 0);
	}
	atomic_store(&stop, true);
	for (i = 0; i < ARRAY_SIZE(users); i++)
		pthread_join(users[i], NULL);
	CHECK(unloaded >= UNLOADS && busy);
	EQUAL(info().used_handles, 0);
	printf("# %u times unloaded, %u times busy, %lu handles made\n",
	       unloaded, busy, served);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		bail("usage: limits HANDLES MAPPINGS");
	sessions();
	many_maps(strtoul(argv[2], NULL, 0));
	limits_of_a_process();
	many_handles(strtoul(argv[1], NULL, 0));
	unload_under_load();
	return tap_end();
}
