// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/aspace: every refusal, who may look, regions against /proc/self/maps,
 * walks, page tables, the layout.
 */
#include <linux/kernel-page-flags.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "aspace_lib.h"

static char in_data[2 * PAGE] = { 1 };
static char in_bss[2 * PAGE];
static const char in_rodata[2 * PAGE] = { 1 };

/* --- refusals */

static void refuse_regions(void)
{
	struct mmkit_aspace_region one;
	struct mmkit_aspace_regions arg = { .size = sizeof(arg) };

	test("regions refuses no room, too much of it, unknown flags, bad pointers");
	EQUAL(call(as_fd, MMKIT_ASPACE_REGIONS, &arg), -EINVAL);
	arg.nr = MMKIT_ASPACE_REGIONS_MAX + 1;
	EQUAL(call(as_fd, MMKIT_ASPACE_REGIONS, &arg), -EINVAL);
	arg.nr = 1;
	arg.flags = MMKIT_ASPACE_CLEAR;
	EQUAL(call(as_fd, MMKIT_ASPACE_REGIONS, &arg), -EINVAL);
	arg.flags = 1u << 31;
	EQUAL(call(as_fd, MMKIT_ASPACE_REGIONS, &arg), -EINVAL);
	arg.flags = 0;
	arg.regions = PTR(unmapped());
	EQUAL(call(as_fd, MMKIT_ASPACE_REGIONS, &arg), -EFAULT);
	arg.regions = PTR(&one);
	arg.start = ~0ull;
	EQUAL(call(as_fd, MMKIT_ASPACE_REGIONS, &arg), 0);
	EQUAL(arg.nr, 0);
	EQUAL(arg.next, 0);
	EQUAL(call(as_fd, MMKIT_ASPACE_REGIONS, unmapped()), -EFAULT);
}

static void refuse_walk(void)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	const u64 wrong[] = {
		1ull << 63, 1ull << 62, 1ull << 57, 1ull << 56 | 1ull << 63,
		0x8000000000000000ull - 1,
	};
	struct mmkit_aspace_walk walk;
	size_t i;

	test("walk refuses what is no address, no area, no offset in it");
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		if (!EQUAL(as_walk(&walk, wrong[i], levels), -EINVAL))
			diag("%#llx", wrong[i]);
	walk = (struct mmkit_aspace_walk){ .area = MMKIT_AREA_NR };
	EQUAL(as_walk_of(&walk, levels), -EINVAL);
	walk = (struct mmkit_aspace_walk){ .area = ~0u };
	EQUAL(as_walk_of(&walk, levels), -EINVAL);
	walk = (struct mmkit_aspace_walk){ .area = MMKIT_AREA_DIRECT,
					   .address = ~0ull };
	EQUAL(as_walk_of(&walk, levels), -EINVAL);
	walk = (struct mmkit_aspace_walk){ .area = MMKIT_AREA_FIXMAP,
					   .address = 1ull << 40 };
	EQUAL(as_walk_of(&walk, levels), -EINVAL);
	walk = (struct mmkit_aspace_walk){ .size = sizeof(walk), .nr = 5,
					   .address = PTR(in_data),
					   .levels = PTR(unmapped()) };
	EQUAL(call(as_fd, MMKIT_ASPACE_WALK, &walk), -EFAULT);
}

static void refuse_range(void)
{
	static struct mmkit_aspace_counts counts[16];
	const struct {
		const char *name;
		u64 start, end;
		u32 nr, flags;
	} rows[] = {
		{ "empty", PAGE, PAGE, 1, 0 },
		{ "backwards", 2 * PAGE, PAGE, 1, 0 },
		{ "half a page", 1, PAGE, 1, 0 },
		{ "up to half a page", 0, PAGE + 1, 1, 0 },
		{ "to the very end", 0, ~0ull - 4095, 1, 0 },
		{ "the kernel's half", 1ull << 63, ~0ull - 4095, 1, 0 },
		{ "no part", 0, PAGE, 0, 0 },
		{ "more parts than pages", 0, 2 * PAGE, 3, 0 },
		{ "too many parts", 0, 1ull << 32,
		  MMKIT_ASPACE_PARTS_MAX + 1, 0 },
		{ "COUNT", 0, PAGE, 1, MMKIT_ASPACE_COUNT },
		{ "an unknown flag", 0, PAGE, 1, 1u << 31 },
	};
	struct mmkit_aspace_range arg;
	size_t i;

	test("range refuses what is no range");
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		arg = (struct mmkit_aspace_range){
			.size = sizeof(arg), .start = rows[i].start,
			.end = rows[i].end, .nr = rows[i].nr,
			.flags = rows[i].flags, .counts = PTR(counts),
		};
		if (!EQUAL(call(as_fd, MMKIT_ASPACE_RANGE, &arg), -EINVAL))
			diag("%s", rows[i].name);
	}
	arg = (struct mmkit_aspace_range){
		.size = sizeof(arg), .end = PAGE, .nr = 1,
		.counts = PTR(unmapped()),
	};
	EQUAL(call(as_fd, MMKIT_ASPACE_RANGE, &arg), -EFAULT);
}

static void refuse_pages(void)
{
	struct mmkit_aspace_layout layout = as_layout();
	u64 words[4];

	test("pages refuses what is no page of the user half, and ends with it");
	EQUAL(as_words(1, 1, 0, words), -EINVAL);
	EQUAL(as_words(0, 0, 0, words), -EINVAL);
	EQUAL(as_words(0, MMKIT_ASPACE_PAGES_MAX + 1, 0, words), -EINVAL);
	EQUAL(as_words(0, 1, MMKIT_ASPACE_COUNT, words), -EINVAL);
	EQUAL(as_words(layout.user_end, 1, 0, words), -EINVAL);
	EQUAL(as_words(~0ull - 4095, 1, 0, words), -EINVAL);
	EQUAL(as_words(layout.user_end - 2 * PAGE, 4, 0, words), 2);
	EQUAL(as_words(0, 1, 0, unmapped()), -EFAULT);
}

static void refuse_tables(void)
{
	struct mmkit_aspace_tables arg = { .size = sizeof(arg) };
	struct mmkit_aspace_layout layout = { .size = sizeof(layout) };

	test("tables and layout refuse what is no range, too much room");
	arg.nr = MMKIT_ASPACE_TABLES_MAX + 1;
	EQUAL(call(as_fd, MMKIT_ASPACE_TABLES, &arg), -EINVAL);
	arg.nr = 0;
	arg.start = arg.end = PAGE;
	EQUAL(call(as_fd, MMKIT_ASPACE_TABLES, &arg), -EINVAL);
	arg.end = ~0ull;
	EQUAL(call(as_fd, MMKIT_ASPACE_TABLES, &arg), -EINVAL);
	arg = (struct mmkit_aspace_tables){ .size = sizeof(arg), .nr = 4,
					    .tables = PTR(unmapped()) };
	EQUAL(call(as_fd, MMKIT_ASPACE_TABLES, &arg), -EFAULT);
	layout.reserved = 1;
	EQUAL(call(as_fd, MMKIT_ASPACE_LAYOUT, &layout), -EINVAL);
}

static int all_of(s32 pid)
{
	static struct mmkit_aspace_counts counts;
	static struct mmkit_aspace_region region;
	static struct mmkit_aspace_level levels[MMKIT_LEVELS];
	static u64 word;
	struct mmkit_aspace_regions regions = { .size = sizeof(regions),
		.pid = pid, .nr = 1, .regions = PTR(&region) };
	struct mmkit_aspace_walk walk = { .size = sizeof(walk), .pid = pid,
		.nr = MMKIT_LEVELS, .levels = PTR(levels) };
	struct mmkit_aspace_range range = { .size = sizeof(range), .pid = pid,
		.end = PAGE, .nr = 1, .counts = PTR(&counts) };
	struct mmkit_aspace_pages pages = { .size = sizeof(pages), .pid = pid,
		.nr = 1, .words = PTR(&word) };
	struct mmkit_aspace_tables tables = { .size = sizeof(tables),
		.pid = pid };
	struct mmkit_aspace_layout layout = { .size = sizeof(layout),
		.pid = pid };
	int err = call(as_fd, MMKIT_ASPACE_REGIONS, &regions);

	EQUAL(call(as_fd, MMKIT_ASPACE_WALK, &walk), err);
	EQUAL(call(as_fd, MMKIT_ASPACE_RANGE, &range), err);
	EQUAL(call(as_fd, MMKIT_ASPACE_PAGES, &pages), err);
	EQUAL(call(as_fd, MMKIT_ASPACE_TABLES, &tables), err);
	EQUAL(call(as_fd, MMKIT_ASPACE_LAYOUT, &layout), err);
	return err;
}

static void no_such_process(void)
{
	pid_t child;

	test("no process, a kernel thread, a zombie: ESRCH");
	child = fork();
	if (!child)
		_exit(0);
	EQUAL(all_of(-1), -ESRCH);
	EQUAL(all_of((s32)0x80000000), -ESRCH);
	EQUAL(all_of(0x3ffffff), -ESRCH);
	EQUAL(all_of(2), -ESRCH);
	waitid(P_PID, child, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
	EQUAL(all_of(child), -ESRCH);
	waitpid(child, NULL, 0);
	EQUAL(all_of(0), 0);
	EQUAL(all_of(getpid()), 0);
	EQUAL(all_of(1), 0);
}

/* An area of the map device's holds its file for as long as the address space. */
static void nothing_held(void)
{
	struct mmkit_aspace_context context = { .size = sizeof(context) };
	u32 sessions = info().sessions;
	int go[2], fd = dev_open("map");
	pid_t child;

	test("a process that was looked at leaves nothing when it ends");
	EQUAL(map_set(fd, PAGE, ""), 0);
	EQUAL(pipe(go), 0);
	child = fork();
	if (!child) {
		map_shared(fd, 1);
		close(go[1]);
		/* Until the other end is closed. */
		_exit(read(go[0], &child, 1));
	}
	close(fd);
	close(go[0]);
	EQUAL(all_of(child), 0);
	context.pid = child;
	call(as_fd, MMKIT_ASPACE_CONTEXT, &context);
	close(go[1]);
	waitpid(child, NULL, 0);
	EQUAL(info().sessions, sessions);
}

/* --- who may look */

static void drop_all(void)
{
	if (setgid(NOBODY) || setuid(NOBODY))
		bail("setuid: %s", strerror(errno));
}

static void as_nobody(void *data)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_table tables[16];
	struct mmkit_aspace_walk walk;
	struct mmkit_aspace_tables arg = { .size = sizeof(arg), .nr = 16,
					   .tables = PTR(tables) };
	u64 word;
	int i;

	(void)data;
	in_data[0]++;
	drop_all();
	EQUAL(all_of(0), 0);
	EQUAL(all_of(getpid()), 0);
	EQUAL(all_of(1), -EPERM);
	EQUAL(all_of(getppid()), -EPERM);

	EQUAL(as_walk(&walk, PTR(in_data), levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_PAGE);
	CHECK(walk.state & MMKIT_WALK_NOPFN);
	EQUAL(walk.pfn, 0);
	EQUAL(walk.page.pfn, 0);
	EQUAL(walk.page.buddy, 0);
	for (i = 0; i < (int)walk.nr; i++)
		EQUAL(levels[i].entry | levels[i].table, 0);
	EQUAL(as_words(PTR(in_data) & ~(PAGE - 1), 1, 0, &word), 1);
	EQUAL(word & MMKIT_WORD_PFN, 0);
	EQUAL(MMKIT_WORD_KIND(word), MMKIT_ASPACE_ANON);
	EQUAL(call(as_fd, MMKIT_ASPACE_TABLES, &arg), 0);
	for (i = 0; i < (int)arg.nr && i < 16; i++)
		EQUAL(tables[i].pfn, 0);

	EQUAL(as_walk(&walk, ~0ull - 4095, levels), -EPERM);
	walk = (struct mmkit_aspace_walk){ .area = MMKIT_AREA_DIRECT };
	EQUAL(as_walk_of(&walk, levels), -EPERM);
}

static void privilege(void)
{
	test("nobody sees itself, without page frames, nobody else, no kernel");
	EQUAL(in_child(as_nobody, NULL), 0);
}

static void in_namespace(void *data)
{
	s32 outside = *(s32 *)data;
	int status = 0;
	pid_t child;

	if (unshare(CLONE_NEWPID)) {
		skip("no PID namespace: %s", strerror(errno));
		return;
	}
	child = fork();
	if (!child) {
		/* Here 1 is this process, and nobody is outside. */
		struct mmkit_aspace_level levels[MMKIT_LEVELS];
		struct mmkit_aspace_walk walk = { .pid = 1,
						  .address = PTR(in_bss) };
		int bad;

		in_bss[0] = 42;
		bad = as_walk_of(&walk, levels) != 0;
		bad |= (walk.pfn != (pagemap(in_bss) & ((1ull << 55) - 1))) << 1;
		walk.pid = outside;
		bad |= (as_walk_of(&walk, levels) != -ESRCH) << 2;
		_exit(bad);
	}
	waitpid(child, &status, 0);
	EQUAL(WEXITSTATUS(status), 0);
}

static void namespaces(void)
{
	s32 self = getpid();

	test("a PID is the caller's own namespace's");
	EQUAL(in_child(in_namespace, &self), 0);
}

/* --- regions */

static void kind_is(const char *what, const void *address, u32 kind)
{
	struct mmkit_aspace_region region = region_at(address);

	if (!EQUAL(region.kind, kind) ||
	    !CHECK(region.start <= PTR(address) && PTR(address) < region.end))
		diag("%s at %p", what, address);
}

static void kinds(void)
{
	int local = 0, fd, memfd = memfd_create("mmkit-test", 0);
	u8 *heap = sbrk(4 * PAGE), *map;

	test("each kind of region is told from the others");
	kind_is("a function", (void *)in_child, MMKIT_REGION_TEXT);
	kind_is("a constant", in_rodata + PAGE, MMKIT_REGION_RODATA);
	kind_is("a variable", in_data + PAGE, MMKIT_REGION_DATA);
	kind_is("one of zeros", in_bss + PAGE, MMKIT_REGION_BSS);
	heap[0] = 1;
	kind_is("sbrk()", heap, MMKIT_REGION_HEAP);
	kind_is("a local variable", &local, MMKIT_REGION_STACK);
	kind_is("anonymous", mmap(NULL, PAGE, RW, ANON, -1, 0),
		MMKIT_REGION_ANON);
	kind_is("shared anonymous", mmap(NULL, PAGE, RW, MAP_SHARED |
		MAP_ANONYMOUS, -1, 0), MMKIT_REGION_SHARED);
	EQUAL(ftruncate(memfd, PAGE), 0);
	kind_is("memfd", mmap(NULL, PAGE, RW, MAP_SHARED, memfd, 0),
		MMKIT_REGION_SHARED);
	kind_is("a file", map_file("/tmp/as", RW, MAP_PRIVATE, PAGE),
		MMKIT_REGION_FILE);
	fd = dev_open("map");
	EQUAL(map_set(fd, PAGE, ""), 0);
	map = map_shared(fd, 1);
	kind_is("a device", map, MMKIT_REGION_DEVICE);
	munmap(map, PAGE);
	close(fd);
	close(memfd);
}

static void *map_readonly(const char *path, size_t bytes)
{
	int fd = open(path, O_RDONLY);
	void *map = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, fd, 0);

	if (map == MAP_FAILED)
		bail("mmap of %s: %s", path, strerror(errno));
	close(fd);
	return map;
}

/* A line of the file, as far as it is of a region of this process. */
static bool next_line(FILE *maps, unsigned long long *v, char *perms,
		      char *name)
{
	char line[8192];
	int at = 0;

	if (!fgets(line, sizeof(line), maps))
		return false;
	sscanf(line, "%llx-%llx %4s %llx %llx:%llx %llu %n", &v[0], &v[1],
	       perms, &v[2], &v[3], &v[4], &v[5], &at);
	line[strcspn(line, "\n")] = '\0';
	snprintf(name, MMKIT_REGION_NAME_LEN, "%.255s", line + at);
	return strcmp(name, "[vsyscall]") != 0;
}

static void same_as_line(const struct mmkit_aspace_region *region,
			 const unsigned long long *v, const char *perms,
			 const char *name)
{
	EQUAL(region->start, v[0]);
	EQUAL(region->end, v[1]);
	EQUAL(region->offset, v[2]);
	EQUAL(region->major, v[3]);
	EQUAL(region->minor, v[4]);
	EQUAL(region->ino, v[5]);
	EQUAL(!!(region->flags & MMKIT_VMA_READ), perms[0] == 'r');
	EQUAL(!!(region->flags & MMKIT_VMA_WRITE), perms[1] == 'w');
	EQUAL(!!(region->flags & MMKIT_VMA_EXEC), perms[2] == 'x');
	EQUAL(!!(region->flags & MMKIT_VMA_MAYSHARE), perms[3] == 's');
	/* Before 6.6 what ends where the heap begins is called heap, too. */
	if (strcmp(name, "[heap]") && !CHECK(!strcmp(region->name, name)))
		diag("'%s' is not '%s'", region->name, name);
}

static void compare_maps(void)
{
	static struct mmkit_aspace_region regions[64];
	struct mmkit_aspace_regions arg = { .size = sizeof(arg), .nr = 3,
					    .regions = PTR(regions) };
	char perms[8], name[MMKIT_REGION_NAME_LEN];
	unsigned long long v[6];
	u32 nr = 0, i = 0;
	FILE *maps;

	do {
		arg.regions = PTR(&regions[nr]);
		if (!EQUAL(call(as_fd, MMKIT_ASPACE_REGIONS, &arg), 0))
			return;
		nr += arg.nr;
		arg.start = arg.next;
	} while (arg.next && nr < 60);
	maps = fopen("/proc/self/maps", "r");
	/* Its buffer is made now, and is no new region: the heap grew before. */
	for (i = 0; next_line(maps, v, perms, name); i++)
		same_as_line(&regions[i], v, perms, name);
	fclose(maps);
	EQUAL(nr, i);
}

static void like_maps(void)
{
	test("regions are those of /proc/self/maps, in pieces of three");
	compare_maps();
}

#define OVER	"/tmp/over"

/* What is mapped of it is the file below, from 6.7 on by that one's own name. */
static void like_maps_overlay(void)
{
	void *map;

	test("so are regions of a file on overlayfs");
	EQUAL(mkdir(OVER, 0700) | mkdir(OVER "/a", 0700) |
	      mkdir(OVER "/b", 0700) | mkdir(OVER "/all", 0700), 0);
	munmap(map_file(OVER "/a/file", RW, MAP_PRIVATE, PAGE), PAGE);
	if (mount("overlay", OVER "/all", "overlay", MS_RDONLY,
		  "lowerdir=" OVER "/a:" OVER "/b")) {
		skip("no overlayfs: %s", strerror(errno));
		return;
	}
	map = map_readonly(OVER "/all/file", PAGE);
	compare_maps();
	CHECK(!strcmp(region_at(map).name, OVER "/all/file"));
	munmap(map, PAGE);
	EQUAL(umount(OVER "/all"), 0);
}

static void odd_names(void)
{
	char path[512] = "/tmp/";
	struct mmkit_aspace_region region;
	void *map;

	test("a name may be long, and hold a newline");
	memset(path + 5, 'x', 250);
	strcpy(path + 255, "\n.end");
	map = map_file(path, RW, MAP_PRIVATE, PAGE);
	region = region_at(map);
	EQUAL(strlen(region.name), MMKIT_REGION_NAME_LEN - 1);
	CHECK(!strcmp(region.name + strlen(region.name) - 6, "x\n.end"));
	munmap(map, PAGE);
	unlink(path);
}

/* --- walks */

static void walk_kinds(void)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	u8 *map = fresh(8, RW, ANON);
	struct mmkit_aspace_walk walk;

	test("a walk: indices, flags, and each thing that it can end at");
	touch_all(map, 4);
	touch_read(map + 5 * PAGE);
	EQUAL(as_walk(&walk, PTR(map) + 123, levels), 0);
	EQUAL(walk.nr, as_layout().levels);
	as_indices(PTR(map), levels, walk.nr);
	EQUAL(walk.kind, MMKIT_ENTRY_PAGE);
	EQUAL(walk.pfn, pagemap(map) & ((1ull << 55) - 1));
	/* Nobody merged it, whatever 6.12's file says of anonymous pages (truth.c). */
	EQUAL(walk.page.flags, kpage("flags", walk.pfn) & ~(1ull << KPF_KSM));
	EQUAL(walk.state, MMKIT_WALK_REGION);
	EQUAL(levels[walk.nr - 1].flags &
	      (MMKIT_ENTRY_PRESENT | MMKIT_ENTRY_WRITE | MMKIT_ENTRY_USER |
	       MMKIT_ENTRY_DIRTY | MMKIT_ENTRY_NX | MMKIT_ENTRY_PROTNONE),
	      MMKIT_ENTRY_PRESENT | MMKIT_ENTRY_WRITE | MMKIT_ENTRY_USER |
	      MMKIT_ENTRY_DIRTY | MMKIT_ENTRY_NX);
	EQUAL(levels[walk.nr - 1].entry >> 12 & ((1ull << 40) - 1), walk.pfn);

	mprotect(map + PAGE, PAGE, PROT_NONE);
	EQUAL(as_walk(&walk, PTR(map) + PAGE, levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_PROTNONE_PAGE);
	EQUAL(walk.pfn, pagemap(map + PAGE) & ((1ull << 55) - 1));
	EQUAL(as_walk(&walk, PTR(map) + 5 * PAGE, levels), 0);
	CHECK(walk.state & MMKIT_WALK_ZERO);
	EQUAL(as_walk(&walk, PTR(map) + 6 * PAGE, levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_NONE);
	EQUAL(walk.nr, as_layout().levels);
	munmap(map + 6 * PAGE, PAGE);
	EQUAL(as_walk(&walk, PTR(map) + 6 * PAGE, levels), 0);
	EQUAL(walk.state, 0);
	EQUAL(as_walk(&walk, 1ull << 40, levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_NONE);
	EQUAL(walk.state, 0);
	as_indices(1ull << 40, levels, walk.nr);
}

static void walk_huge(void)
{
	static const size_t pages[] = { 0, 1, 8, HUGE / PAGE - 1 };
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	int pages_fd = dev_open("pages");
	struct mmkit_aspace_walk walk;
	struct mmkit_page hole;
	u8 *map = huge_map();
	u64 pfn = pagemap(map) & ((1ull << 55) - 1);
	size_t i;

	test("a page of a huge one is mapped as often as /proc/kpagecount says");
	if (!(kpage("flags", pfn) & 1ull << KPF_THP)) {
		skip("no huge page");
		return;
	}
	EQUAL(as_walk(&walk, PTR(map), levels), 0);
	EQUAL(walk.page.mapcount, kpage("count", pfn));
	/* By many entries now, but each page by one, and one page by none. */
	EQUAL(mprotect(map + PAGE, PAGE, PROT_READ), 0);
	EQUAL(munmap(map + 7 * PAGE, PAGE), 0);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		EQUAL(as_walk(&walk, PTR(map + pages[i] * PAGE), levels), 0);
		EQUAL(walk.pfn, pfn + pages[i]);
		EQUAL(walk.page.mapcount, kpage("count", walk.pfn));
	}
	EQUAL(pages_describe(pages_fd, 0, pfn + 7, 1, &hole), 1);
	EQUAL(hole.mapcount, kpage("count", pfn + 7));
	close(pages_fd);
	munmap(map, HUGE);
}

static void walk_kernel(void)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk = { .area = MMKIT_AREA_DIRECT };
	u64 pfn;
	u32 i;

	test("the kernel's half: a page of ours in the direct map");
	in_data[0]++;
	pfn = pagemap(in_data) & ((1ull << 55) - 1);
	walk.address = pfn * PAGE + 77;
	EQUAL(as_walk_of(&walk, levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_PAGE);
	EQUAL(walk.pfn, pfn);
	EQUAL(walk.state, MMKIT_WALK_KERNEL | MMKIT_WALK_NOINDEX);
	EQUAL(levels[walk.nr - 1].flags &
	      (MMKIT_ENTRY_PRESENT | MMKIT_ENTRY_USER), MMKIT_ENTRY_PRESENT);
	for (i = 0; i < walk.nr; i++)
		EQUAL(levels[i].index, 0);
	walk = (struct mmkit_aspace_walk){ .area = MMKIT_AREA_VMEMMAP };
	EQUAL(as_walk_of(&walk, levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_PAGE);
	walk = (struct mmkit_aspace_walk){ .area = MMKIT_AREA_MODULES };
	EQUAL(as_walk_of(&walk, levels), 0);
}

static u64 symbol(const char *name)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	char line[512], type, found[256];
	unsigned long long at, address = 0;

	while (!address && fgets(line, sizeof(line), file))
		if (sscanf(line, "%llx %c %255s", &at, &type, found) == 3 &&
		    !strcmp(found, name))
			address = at;
	fclose(file);
	return address;
}

static void walk_symbol(void)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk;
	u64 text = symbol("_text"), module = symbol("mmkit_object_find");

	test("the kernel's half: its text is huge, a module's is not");
	if (!CHECK(text && module))
		return;
	EQUAL(as_walk(&walk, text, levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_PAGE);
	EQUAL(walk.state, MMKIT_WALK_KERNEL);
	EQUAL(levels[walk.nr - 1].flags &
	      (MMKIT_ENTRY_PRESENT | MMKIT_ENTRY_USER | MMKIT_ENTRY_NX),
	      MMKIT_ENTRY_PRESENT);
	if (walk.shift == 21)
		CHECK(levels[walk.nr - 1].flags & MMKIT_ENTRY_HUGE);
	as_indices(text, levels, walk.nr);
	EQUAL(as_walk(&walk, module, levels), 0);
	EQUAL(walk.kind, MMKIT_ENTRY_PAGE);
	as_indices(module, levels, walk.nr);
}

/* --- page tables */

static long long status_kb(const char *field)
{
	char text[8192], *at;

	if (!file_read("/proc/self/status", text, sizeof(text)))
		return -1;
	at = strstr(text, field);
	return at ? strtoll(at + strlen(field) + 1, NULL, 10) : -1;
}

/* The root is not charged, nor is the P4D. */
static void tables_weigh(void)
{
	u8 *map = huge_map();
	struct mmkit_aspace_tables arg = as_tables(0, 0);
	u64 charged = arg.table[0] + arg.table[1] + arg.table[2];

	test("page tables weigh what VmPTE says, reserves for huge pages included");
	EQUAL((charged + arg.deposited) * PAGE, arg.pgtables_bytes);
	EQUAL(arg.pgtables_bytes, status_kb("VmPTE:") * 1024);
	EQUAL(arg.levels, as_layout().levels);
	CHECK(arg.deposited <= 1);
	munmap(map, HUGE);
}

/* --- the layout */

static void layout(void)
{
	struct mmkit_aspace_layout now = as_layout();
	u64 kernel = 0;
	u32 i;

	test("the layout: marks of this process, areas of the kernel's half");
	BETWEEN(now.levels, 4, 5);
	CHECK(PTR(in_child) >= now.start_code && PTR(in_child) < now.end_code);
	CHECK(PTR(in_data) >= now.start_data && PTR(in_data) < now.end_data);
	EQUAL(now.brk, PTR(sbrk(0)));
	CHECK(now.start_brk <= now.brk);
	CHECK(PTR(&now) < now.start_stack);
	CHECK(now.mmap_base > 0 && now.mmap_base < now.user_end);
	EQUAL(now.user_end, (now.levels == 5 ? 1ull << 56 : 1ull << 47) - PAGE);
	EQUAL(now.kernel_bytes, now.levels == 5 ? 1ull << 56 : 1ull << 47);
	EQUAL(now.nr, 6);
	for (i = 0; i < now.nr; i++) {
		EQUAL(as_areas[i].id, i + 1);
		kernel += as_areas[i].bytes;
	}
	CHECK(as_areas[0].bytes >= (u64)meminfo("MemTotal") * 1024);
	CHECK(kernel < now.kernel_bytes);
}

int main(void)
{
	as_fd = dev_open("aspace");
	refuse_regions();
	refuse_walk();
	refuse_range();
	refuse_pages();
	refuse_tables();
	no_such_process();
	nothing_held();
	privilege();
	namespaces();
	kinds();
	like_maps();
	like_maps_overlay();
	odd_names();
	walk_kinds();
	walk_huge();
	walk_kernel();
	walk_symbol();
	tables_weigh();
	layout();
	return tap_end();
}
