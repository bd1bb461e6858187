// SPDX-License-Identifier: GPL-2.0-only
/* A swap area for a lab: memory, compressed by zram. */
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

#include "run.h"

#define ZRAM_SIZE	(64l << 20)
#define CONTROL		"/sys/class/zram-control"

static int64_t zram = -1;	/* number of the lab's own */

int64_t swap_free(struct lab_run *run)
{
	return read_key(run, "/proc/meminfo", "SwapFree");
}

bool probe_module(const char *name)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);
	struct kmod_module *module;
	bool ok = false;

	if (ctx && !kmod_module_new_from_name(ctx, name, &module)) {
		ok = !kmod_module_probe_insert_module(module, 0, NULL, NULL,
						      NULL, NULL);
		kmod_module_unref(module);
	}
	if (ctx)
		kmod_unref(ctx);
	return ok;
}

/* What a module brings along is to go again, if it was not there before. */
static void undo_needed(struct lab_run *run, const char *name)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);
	struct kmod_list *needed, *entry;
	struct kmod_module *module;

	if (ctx && !kmod_module_new_from_name(ctx, name, &module)) {
		/* Those that others of them need come first, and so go last. */
		needed = kmod_module_get_dependencies(module);
		kmod_list_foreach(entry, needed) {
			struct kmod_module *one = kmod_module_get_module(entry);

			if (kmod_module_get_initstate(one) == -ENOENT)
				undo_module(run, kmod_module_get_name(one));
			kmod_module_unref(one);
		}
		kmod_module_unref_list(needed);
		kmod_module_unref(module);
	}
	if (ctx)
		kmod_unref(ctx);
}

/* What mkswap(8) writes: a header that ends with the first page. */
static void write_header(struct lab_run *run, const char *device)
{
	struct {
		char boot[1024];
		uint32_t version;
		uint32_t last_page;
		uint32_t bad_pages;
	} head = { .version = 1, .last_page = ZRAM_SIZE / page_size() - 1 };
	char *page = calloc(1, page_size());
	int fd = open(device, O_WRONLY | O_CLOEXEC);

	if (!page || fd < 0)
		stop(run, "%s cannot be written (%s)", device, errno_name(errno));
	memcpy(page, &head, sizeof(head));
	memcpy(page + page_size() - 10, "SWAPSPACE2", 10);
	if (write(fd, page, page_size()) != (ssize_t)page_size())
		stop(run, "%s cannot be written (%s)", device, errno_name(errno));
	close(fd);
	free(page);
}

/* The number of a disk that nobody uses. */
static int64_t free_disk(struct lab_run *run)
{
	char size[8] = "";

	if (!access("/sys/block/zram0", F_OK))
		read_text(run, "/sys/block/zram0/disksize", size, sizeof(size));
	if (!strcmp(size, "0"))
		return 0;
	return read_number(run, CONTROL "/hot_add");
}

static void make_zram(struct lab_run *run)
{
	char path[64], device[32], size[32];
	bool loaded = !access(CONTROL, F_OK);
	int64_t disk;

	if (!loaded) {
		undo_needed(run, "zram");
		undo_module(run, "zram");
	}
	if (!loaded && (!probe_module("zram") || access(CONTROL, F_OK)))
		skip(run, "the kernel has no zram to swap to (CONFIG_ZRAM)");
	disk = free_disk(run);
	zram = disk;
	snprintf(path, sizeof(path), "/sys/block/zram%d/reset", (int)disk);
	undo_by_write(run, path, "1");
	snprintf(path, sizeof(path), "/sys/block/zram%d/disksize", (int)disk);
	snprintf(size, sizeof(size), "%ld", ZRAM_SIZE);
	write_text(run, path, size);
	snprintf(device, sizeof(device), "/dev/zram%d", (int)disk);
	write_header(run, device);
	undo_swapon(run, device);
	if (swapon(device, SWAP_FLAG_PREFER | SWAP_FLAG_PRIO_MASK))
		stop(run, "%s cannot be used for swap (%s)", device,
		     errno_name(errno));
}

/* Of the area that LAB_SWAP made. */
struct swap_use swap_use(struct lab_run *run)
{
	long long held = 0, taken = 0;
	char path[64], text[256];

	snprintf(path, sizeof(path), "/sys/block/zram%d/mm_stat", (int)zram);
	read_text(run, path, text, sizeof(text));
	if (sscanf(text, "%lld %*d %lld", &held, &taken) != 2)
		stop(run, "%s has no three numbers", path);
	return (struct swap_use){ held, taken };
}

/*
 * Made even where there is swap, and preferred to it: what zram is given it has
 * at once, where a page on its way to a disk stays in memory for some time.
 */
void swap_prepare(struct lab_run *run)
{
	if (access("/proc/swaps", F_OK))
		skip(run, "the kernel has no swap (CONFIG_SWAP)");
	make_zram(run);
}
