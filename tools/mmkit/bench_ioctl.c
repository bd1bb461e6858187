// SPDX-License-Identifier: GPL-2.0-only
/* Suite ioctl: a round trip, and what it carries. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"

static int open_area(struct bench_loop *loop, const char *area)
{
	loop->fd = mmkit_open(area, O_RDWR);
	if (loop->fd < 0)
		snprintf(loop->why, sizeof(loop->why),
			 "/dev/mmkit/%s cannot be opened (%s)", area,
			 errno_name(loop->fd));
	return loop->fd < 0 ? loop->fd : 0;
}

static int open_bench(struct bench_loop *loop)
{
	return open_area(loop, "bench");
}

static int open_pages(struct bench_loop *loop)
{
	return open_area(loop, "pages");
}

static int open_heap(struct bench_loop *loop)
{
	return open_area(loop, "heap");
}

static void close_area(struct bench_loop *loop)
{
	mmkit_close(loop->fd);
}

static int getppid_op(struct bench_loop *loop)
{
	(void)loop;
	return syscall(SYS_getppid) < 0;
}

/* Found in no table, and so at its end at once. */
static int refused_op(struct bench_loop *loop)
{
	return ioctl(loop->fd, _IO(MMKIT_IOC, 0xff), 0) != -1;
}

static int nothing_op(struct bench_loop *loop)
{
	return mmkit_bench_nothing(loop->fd);
}

static int page_op(struct bench_loop *loop)
{
	struct mmkit_pages_alloc req = { .count = loop->x, .node = -1 };
	int err = mmkit_pages_alloc(loop->fd, &req);

	return err ? err : mmkit_pages_free(loop->fd, req.handle, 0, 0, 1);
}

static uint64_t x_ops(const struct bench_loop *loop)
{
	return loop->x;
}

static const struct mmkit_heap_alloc small = {
	.api = MMKIT_HEAP_KMALLOC,
	.bytes = 8,
	.count = 1,
	.node = -1,
};

static int kmalloc_op(struct bench_loop *loop)
{
	struct mmkit_heap_free free_req = { 0 };
	struct mmkit_heap_alloc req = small;
	int err = mmkit_heap_alloc(loop->fd, &req);

	free_req.handle = req.handle;
	return err ? err : mmkit_heap_free(loop->fd, &free_req);
}

static int begin_handles(struct bench_loop *loop)
{
	struct mmkit_heap_alloc req;
	uint64_t i;
	int err = open_heap(loop);

	for (i = 0; i < loop->x && !err; i++) {
		req = small;
		err = interrupted() ? -EINTR : mmkit_heap_alloc(loop->fd, &req);
	}
	if (err == -EDQUOT || err == -ENOMEM)
		snprintf(loop->why, sizeof(loop->why),
			 "after %llu handles: %s (a VM with MEM=1G has room)",
			 (unsigned long long)i, errno_name(err));
	return err;
}

const struct bench_row bench_ioctl_rows[] = {
	{
		.name = "ioctl/getppid", .axis = "none",
		.help = "the cheapest system call, for comparison",
		.op = getppid_op,
	}, {
		.name = "ioctl/refused", .axis = "none",
		.help = "an ioctl that no table knows: there and back",
		.begin = open_bench, .end = close_area, .op = refused_op,
		.ours = true, .base = "ioctl/getppid",
	}, {
		.name = "ioctl/nothing", .axis = "none",
		.help = "a command that does nothing: copied in, locked, run",
		.begin = open_bench, .end = close_area, .op = nothing_op,
		.ours = true, .base = "ioctl/getppid",
	}, {
		.name = "ioctl/page", .axis = "pages",
		.help = "pages alloc and free of so many; cost of a page",
		.x = { 1, 8, 64, 512 },
		.begin = open_pages, .end = close_area, .op = page_op,
		.ops = x_ops, .ours = true, .base = "pages/order/0",
	}, {
		.name = "ioctl/kmalloc", .axis = "none",
		.help = "heap alloc and free of 8 bytes",
		.begin = open_heap, .end = close_area, .op = kmalloc_op,
		.ours = true, .base = "heap/kmalloc/8",
	}, {
		.name = "ioctl/handles", .axis = "handles",
		.help = "the same while so many handles are live",
		.x = { 1000, 100000, 1000000 }, .slow_from = 1000000,
		.begin = begin_handles, .end = close_area, .op = kmalloc_op,
		.ours = true, .base = "heap/kmalloc/8",
	},
	{ 0 }
};
