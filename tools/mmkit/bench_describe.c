// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite describe: what it costs to learn the facts of a page, from mmkit and
 * from the kernel's own files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

static size_t page_bytes(void)
{
	return sysconf(_SC_PAGESIZE);
}

static uint64_t x_ops(const struct bench_loop *loop)
{
	return loop->x;
}

static int begin_ioctl(struct bench_loop *loop)
{
	struct mmkit_pages_alloc req = { .count = loop->x, .node = -1 };
	int err;

	loop->buffer = calloc(loop->x, sizeof(struct mmkit_page));
	loop->fd = mmkit_open("pages", O_RDWR);
	if (!loop->buffer || loop->fd < 0)
		return loop->buffer ? loop->fd : -ENOMEM;
	err = mmkit_pages_alloc(loop->fd, &req);
	loop->handle = req.handle;
	return err;
}

static void end_ioctl(struct bench_loop *loop)
{
	mmkit_close(loop->fd);
	free(loop->buffer);
}

static int ioctl_op(struct bench_loop *loop)
{
	return mmkit_pages_describe(loop->fd, loop->handle, 0, loop->x,
				    loop->buffer) != (int)loop->x;
}

/* pagemap, kpageflags, kpagecount, in the order that page-types reads them. */
static int begin_files(struct bench_loop *loop)
{
	static const char *const paths[] = {
		"/proc/self/pagemap", "/proc/kpageflags", "/proc/kpagecount",
	};
	size_t i;
	int err;

	loop->buffer = calloc(2 * loop->x, sizeof(uint64_t));
	err = loop->buffer ? bench_place_pages(loop, loop->x) : -ENOMEM;
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		loop->files[i] = open(paths[i], O_RDONLY | O_CLOEXEC);
		if (loop->files[i] < 0)
			return -errno;
	}
	return 0;
}

static void end_files(struct bench_loop *loop)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(loop->files); i++)
		if (loop->files[i] >= 0)
			close(loop->files[i]);
	if (loop->addr)
		munmap(loop->addr, loop->bytes);
	free(loop->buffer);
}

static bool words(int fd, uint64_t first, uint64_t *to, uint64_t nr)
{
	return pread(fd, to, nr * sizeof(*to), first * sizeof(*to)) ==
	       (ssize_t)(nr * sizeof(*to));
}

/* As walk_vma() and walk_pfn() of page-types.c: a page at a time. */
static int page_types_op(struct bench_loop *loop)
{
	uint64_t *entry = loop->buffer, *flags = entry + loop->x, count, i, pfn;

	if (!words(loop->files[0], (uintptr_t)loop->addr / page_bytes(), entry,
		   loop->x))
		return 1;
	for (i = 0; i < loop->x; i++) {
		pfn = entry[i] & MMKIT_PAGEMAP_PFN;
		if (!pfn || !words(loop->files[1], pfn, &flags[i], 1) ||
		    !words(loop->files[2], pfn, &count, 1))
			return 1;
	}
	return 0;
}

/* The files at their best: neighbouring page frames, one read of each. */
static int ranges_op(struct bench_loop *loop)
{
	uint64_t *to = loop->buffer;

	return !words(loop->files[0], (uintptr_t)loop->addr / page_bytes(), to,
		      loop->x) ||
	       !words(loop->files[1], 0x1000, to, loop->x) ||
	       !words(loop->files[2], 0x1000, to, loop->x);
}

const struct bench_row bench_describe_rows[] = {
	{
		.name = "describe/ioctl", .axis = "pages",
		.help = "mmkit pages describe of so many; cost of a page",
		.x = { 1, 64, 4096 },
		.begin = begin_ioctl, .end = end_ioctl, .op = ioctl_op,
		.ops = x_ops, .ours = true, .base = "describe/page-types/4096",
	}, {
		.name = "describe/page-types", .axis = "pages",
		.help = "kpageflags, kpagecount, pagemap, read as page-types reads",
		.x = { 1, 64, 4096 },
		.begin = begin_files, .end = end_files, .op = page_types_op,
		.ops = x_ops,
	}, {
		.name = "describe/ranges", .axis = "pages",
		.help = "the same files, of neighbouring page frames in one read",
		.x = { 1, 64, 4096 },
		.begin = begin_files, .end = end_files, .op = ranges_op,
		.ops = x_ops,
	},
	{ 0 }
};
