// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite memblock: an allocation in the sandbox and its free, while so many other
 * regions are reserved. What the model alone costs, without the ioctls, is held
 * against the kernel's own mm/memblock.c by tests/host/memblock.sh.
 */
#include <errno.h>
#include <fcntl.h>

#include "bench.h"

#define PAGE	4096ull
#define MEMORY	(1ull << 30)

static int change(struct bench_loop *loop, uint32_t verb, uint64_t base,
		  uint64_t bytes)
{
	struct mmkit_memblock_change req = {
		.verb = verb, .base = base, .bytes = bytes,
	};

	return mmkit_memblock_change(loop->fd, &req);
}

/* A page is reserved, the next is free, and so on. */
static int begin_sandbox(struct bench_loop *loop)
{
	struct mmkit_memblock_set set = {
		.flags = MMKIT_MEMBLOCK_RESET | MMKIT_MEMBLOCK_RESIZE,
		.limit = MMKIT_MEMBLOCK_ANYWHERE,
	};
	uint64_t i;
	int err;

	loop->fd = mmkit_open("memblock", O_RDWR);
	if (loop->fd < 0)
		return loop->fd;
	err = mmkit_memblock_set(loop->fd, &set);
	if (!err)
		err = change(loop, MMKIT_MEMBLOCK_ADD, 0, MEMORY);
	for (i = 0; i < loop->x && !err; i++)
		err = change(loop, MMKIT_MEMBLOCK_RESERVE, 2 * i * PAGE, PAGE);
	return err;
}

static void end_sandbox(struct bench_loop *loop)
{
	mmkit_close(loop->fd);
}

static int alloc_op(struct bench_loop *loop)
{
	struct mmkit_memblock_alloc req = {
		.how = MMKIT_MEMBLOCK_PHYS_RANGE, .bytes = PAGE, .align = PAGE,
		.max = MEMORY / 2, .node = MMKIT_MEMBLOCK_ANY_NODE,
	};
	int err = mmkit_memblock_alloc(loop->fd, &req);

	return err ? err : change(loop, MMKIT_MEMBLOCK_PHYS_FREE, req.addr,
				  PAGE);
}

const struct bench_row bench_memblock_rows[] = {
	{
		.name = "memblock/alloc", .axis = "regions",
		.help = "alloc and free of a page in the sandbox, beside so many",
		.x = { 1, 16, 256, 4096 },
		.begin = begin_sandbox, .end = end_sandbox, .op = alloc_op,
		.ours = true, .base = "ioctl/getppid",
	},
	{ 0 }
};
