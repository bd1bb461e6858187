// SPDX-License-Identifier: GPL-2.0-only
/* Modules that go: not while in use, and without a trace. Run this last. */
#include <dirent.h>
#include <sys/mman.h>
#include "modules.h"

#define ROUNDS		100
#define WARM_UP		20
/* KASAN keeps freed memory; kmemleak sees there what one round leaves. */
#define KASAN_ROUNDS	20

static void unload_all(void)
{
	int i;

	for (i = 0; i < nr_modules; i++)
		EQUAL(unload(modules[i]), 0);
}

static void load_all(void)
{
	int i;

	for (i = nr_modules; i--;)
		EQUAL(load(modules[i]), 0);
}

static void while_open(const char *area)
{
	char module[64];
	int fd = dev_open(area);

	test("mmkit_%s stays while its device is open", area);
	snprintf(module, sizeof(module), "mmkit_%s", area);
	EQUAL(unload(module), -EAGAIN);
	close(fd);
	EQUAL(unload(module), 0);
	EQUAL(load(module), 0);
}

static void while_mapped(void)
{
	int fd = dev_open("map");
	u8 *map;

	test("mmkit_map stays while it is mapped, its file closed");
	EQUAL(map_set(fd, 2 * PAGE, ""), 0);
	map = map_shared(fd, 2);
	close(fd);
	EQUAL(unload("mmkit_map"), -EAGAIN);
	map[PAGE] = 1;
	EQUAL(munmap(map, PAGE), 0);
	EQUAL(unload("mmkit_map"), -EAGAIN);
	EQUAL(munmap(map + PAGE, PAGE), 0);
	EQUAL(unload("mmkit_map"), 0);
	EQUAL(load("mmkit_map"), 0);
}

static void while_used(void)
{
	int fd = dev_open("info");

	test("mmkit_core stays while others use it or its device is open");
	EQUAL(unload("mmkit_core"), -EAGAIN);
	close(fd);
	EQUAL(unload("mmkit_core"), -EAGAIN);
}

static void with_control(void)
{
	test("what control files hold does not keep the modules");
	EQUAL(file_write(DEBUG "pages/control", "alloc -o 3 -c 4"), 0);
	EQUAL(file_write(DEBUG "map/control", "set -b 1M -s page"), 0);
	unload_all();
	load_all();
	EQUAL(info().used_handles, 0);
	EQUAL(info().used_bytes, 0);
}

static void no_order(void)
{
	test("without the core the others do not load");
	unload_all();
	EQUAL(load("mmkit_pages"), -ENOENT);
	EQUAL(load("mmkit_map"), -ENOENT);
	load_all();
}

/* What a module could leave, in KiB. */
static long long held(void)
{
	return meminfo("Slab") + meminfo("VmallocUsed") + meminfo("Percpu");
}

static void one_round(void)
{
	int pages, map;

	load_all();
	pages = dev_open("pages");
	map = dev_open("map");
	pages_alloc(pages, 1, 2);
	EQUAL(map_set(map, 4 * PAGE, ""), 0);
	map_shared(map, 4)[PAGE] = 1;
	/* The last mapping goes with this program, so undo it here. */
	close(pages);
	close(map);
}

static void round_in_child(void *unused)
{
	(void)unused;
	one_round();
}

static void rounds(void)
{
	bool kasan = info().features & MMKIT_FEATURE_KASAN;
	const int half = (ROUNDS - WARM_UP) / 2;
	long long warm = 0, middle = 0, end;
	const int nr = kasan ? KASAN_ROUNDS : ROUNDS;
	int i;

	test("%d rounds of loading, use and unloading", nr);
	unload_all();
	for (i = 0; i < nr; i++) {
		if (i == WARM_UP)
			warm = held();
		if (i == WARM_UP + half)
			middle = held();
		EQUAL(in_child(round_in_child, NULL), 0);
		unload_all();
	}
	test("leave no memory behind");
	if (kasan) {
		skip("KASAN keeps freed memory; kmemleak looks for leaks here");
		return;
	}
	/*
	 * What some cache of the kernel took once is in one half only. A page per
	 * round would be in both, and four times as much.
	 */
	end = held();
	BETWEEN(middle - warm < end - middle ? middle - warm : end - middle,
		-100000, half);
}

static bool empty(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool found = false;

	if (!dir)
		return true;
	while ((entry = readdir(dir)))
		found |= entry->d_name[0] != '.';
	closedir(dir);
	return !found;
}

static void nothing_left(void)
{
	test("nothing of them is left");
	EQUAL(lines_with("/proc/modules", "mmkit"), 0);
	EQUAL(lines_with("/proc/misc", "mmkit"), 0);
	EQUAL(lines_with("/proc/filesystems", "mmkit"), 0);
	EQUAL(lines_with("/proc/slabinfo", "mmkit"), 0);
	EQUAL(lines_with("/proc/vmallocinfo", "mmkit"), 0);
	EQUAL(lines_with("/proc/kallsyms", "[mmkit"), 0);
	CHECK(empty("/dev/mmkit"));
	CHECK(access(DEBUG, F_OK));
	CHECK(access("/sys/kernel/tracing/events/mmkit", F_OK));
	CHECK(access("/sys/module/mmkit_core", F_OK));
	CHECK(access("/sys/class/misc/mmkit_pages", F_OK));
}

int main(void)
{
	list_modules();
	while_open("pages");
	while_open("map");
	while_mapped();
	while_used();
	with_control();
	no_order();
	rounds();
	nothing_left();
	load_all();
	return tap_end();
}
