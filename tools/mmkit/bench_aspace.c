// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite aspace: what it costs to learn what is behind an address of one's own,
 * from mmkit and from pagemap.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

/* Pages that are there, and room for a word about each. */
static int begin_pages(struct bench_loop *loop)
{
	loop->buffer = calloc(loop->x, sizeof(uint64_t));
	return loop->buffer ? bench_place_pages(loop, loop->x) : -ENOMEM;
}

static int begin_aspace(struct bench_loop *loop)
{
	int err = begin_pages(loop);

	if (err)
		return err;
	loop->fd = mmkit_open("aspace", O_RDWR);
	return loop->fd < 0 ? loop->fd : 0;
}

static int begin_pagemap(struct bench_loop *loop)
{
	int err = begin_pages(loop);

	if (err)
		return err;
	loop->fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	return loop->fd < 0 ? -errno : 0;
}

static void end_pages(struct bench_loop *loop)
{
	if (loop->fd >= 0)
		close(loop->fd);
	if (loop->addr)
		munmap(loop->addr, loop->bytes);
	free(loop->buffer);
}

static int pages_op(struct bench_loop *loop)
{
	return mmkit_aspace_pages(loop->fd, 0, (uintptr_t)loop->addr, loop->x,
				  0, loop->buffer) != (int)loop->x;
}

static int walk_op(struct bench_loop *loop)
{
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk walk = {
		.address = (uintptr_t)loop->addr, .nr = MMKIT_LEVELS,
	};

	return mmkit_aspace_walk(loop->fd, &walk, levels) < 0;
}

static int pagemap_op(struct bench_loop *loop)
{
	size_t bytes = loop->x * sizeof(uint64_t);
	off_t at = (uintptr_t)loop->addr / sysconf(_SC_PAGESIZE) *
		   sizeof(uint64_t);

	return pread(loop->fd, loop->buffer, bytes, at) != (ssize_t)bytes;
}

static uint64_t x_ops(const struct bench_loop *loop)
{
	return loop->x;
}

const struct bench_row bench_aspace_rows[] = {
	{
		.name = "aspace/walk", .axis = "pages", .x = { 1 },
		.help = "mmkit aspace walk: every level, and the page, of an address",
		.begin = begin_aspace, .end = end_pages, .op = walk_op,
		.ours = true, .base = "aspace/pagemap/1",
	}, {
		.name = "aspace/pages", .axis = "pages",
		.help = "the same of so many in one call: a word each; cost of a page",
		.x = { 1, 64, 4096 },
		.begin = begin_aspace, .end = end_pages, .op = pages_op,
		.ops = x_ops, .ours = true, .base = "aspace/pagemap/4096",
	}, {
		.name = "aspace/pagemap", .axis = "pages",
		.help = "/proc/self/pagemap of so many in one read; cost of a page",
		.x = { 1, 64, 4096 },
		.begin = begin_pagemap, .end = end_pages, .op = pagemap_op,
		.ops = x_ops,
	},
	{ 0 }
};
