// SPDX-License-Identifier: GPL-2.0-only
/* What single strategies promise beyond what all of them do. */
#include <linux/mempolicy.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "map_ways.h"

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

/* Without those that KASAN keeps, which are counted too. */
static long long slab_objects(const char *cache)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	long long objects = -1;
	char line[256];
	size_t len = strlen(cache);

	slab_shrink(cache);
	while (file && objects < 0 && fgets(line, sizeof(line), file))
		if (!strncmp(line, cache, len) && line[len] == ' ')
			objects = strtoll(line + len, NULL, 10);
	if (file)
		fclose(file);
	return objects;
}

/* Those that map at mmap() note who does, as long as it may be under way. */
static void forgets_processes(const struct way *w)
{
	const int nr = 400;
	long long before;
	int fd, i;

	if (strcmp(w->is.name, "remap"))
		return;
	fd = store(w, 1);
	test("%s: a process that mapped and ended is not kept", w->is.name);
	before = slab_objects("mm_struct");
	CHECK(before > 0);
	for (i = 0; i < nr; i++) {
		pid_t pid = fork();

		if (!pid) {
			map_shared(fd, 1);
			_exit(0);
		}
		EQUAL(waitpid(pid, NULL, 0), pid);
	}
	CHECK(slab_objects("mm_struct") < before + nr / 2);
	drop(fd, NULL, 0);
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

/* Where an area's memory is to come from, for one without a policy of its own 0. */
static int policy_at(const u8 *at)
{
	int mode = -1;

	EQUAL(syscall(SYS_get_mempolicy, &mode, NULL, 0, at, MPOL_F_ADDR), 0);
	return mode;
}

/* mbind() asks .set_policy, and tmpfs keeps what it is told with the file. */
static void policy(const struct way *w)
{
	bool kept = !strcmp(w->is.name, "shmem");
	unsigned long node = 1;
	u8 *map, *other;
	int fd;

	if (!kept && strcmp(w->is.name, "page"))
		return;
	fd = store(w, 4);
	map = map_shared(fd, 4);
	other = map_shared(fd, 4);
	test("%s: a policy is the %s's", w->is.name, kept ? "store" : "area");
	if (syscall(SYS_mbind, map, 2 * PAGE, MPOL_BIND, &node, 64, 0) &&
	    errno == ENOSYS) {
		skip("no NUMA in this kernel");
	} else {
		EQUAL(policy_at(map), MPOL_BIND);
		EQUAL(policy_at(other), kept ? MPOL_BIND : MPOL_DEFAULT);
		EQUAL(policy_at(map + 2 * PAGE), MPOL_DEFAULT);
		EQUAL(policy_at(other + 2 * PAGE), MPOL_DEFAULT);
		EQUAL(touch_write(map, 1) + touch_write(other + PAGE, 1), 0);
	}
	munmap(other, 4 * PAGE);
	drop(fd, map, 4);
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

static void all_typed(void)
{
	static struct mmkit_map_strategy list[MMKIT_MAP_STRATEGIES_MAX];
	u32 i, nr = way_list(list);

	for (i = 0; i < nr; i++)
		if (!strcmp(list[i].module, "mmkit_typed"))
			typed(&list[i]);
}

static const way_test tests[] = {
	split_pages, logged, holes, on_write, policy, forgets_processes,
};

int main(int argc, char **argv)
{
	way_each(argc > 1 ? argv[1] : NULL, tests, ARRAY_SIZE(tests));
	all_typed();
	return tap_end();
}
