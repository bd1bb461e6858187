// SPDX-License-Identifier: GPL-2.0-only
/* Core dumps of a process that maps a store, by every strategy. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "map_ways.h"

/* The words are masked, so that they stand in no program. */
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

static const way_test tests[] = {
	core_dump,
};

int main(int argc, char **argv)
{
	way_each(argc > 1 ? argv[1] : NULL, tests, ARRAY_SIZE(tests));
	return tap_end();
}
