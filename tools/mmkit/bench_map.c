// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite map: what it costs to have a page in a process, by each strategy that is
 * registered, with the kernel's own ways beside: memfd, anonymous memory,
 * /dev/zero, udmabuf.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "touch.h"

#define PAGES	1024	/* of a mapping: what happens once is a thousandth */

static size_t page_bytes(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* A way of the kernel's own: makes loop->fd, -1 for anonymous memory. */
struct peer {
	const char *name;
	int (*open)(struct bench_loop *loop);
	int flags;
};

static int open_memfd(struct bench_loop *loop)
{
	loop->fd = memfd_create("mmkit-bench", MFD_CLOEXEC |
				MFD_ALLOW_SEALING);
	if (loop->fd < 0 || ftruncate(loop->fd, loop->bytes))
		return -errno;
	return 0;
}

/* Its pages are there before they are touched, as a store's are. */
static int open_filled(struct bench_loop *loop)
{
	int err = open_memfd(loop);

	if (!err && fallocate(loop->fd, 0, 0, loop->bytes))
		err = -errno;
	return err;
}

static int open_anonymous(struct bench_loop *loop)
{
	loop->fd = -1;
	return 0;
}

static int open_zero(struct bench_loop *loop)
{
	loop->fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
	return loop->fd < 0 ? -errno : 0;
}

static int open_udmabuf(struct bench_loop *loop)
{
	struct udmabuf_create create = { .size = loop->bytes };
	int dev, buf, err;

	dev = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	if (dev < 0) {
		snprintf(loop->why, sizeof(loop->why),
			 "this kernel has no /dev/udmabuf");
		return -errno;
	}
	err = open_filled(loop);
	if (!err && fcntl(loop->fd, F_ADD_SEALS, F_SEAL_SHRINK))
		err = -errno;
	create.memfd = loop->fd;
	buf = err ? -1 : ioctl(dev, UDMABUF_CREATE, &create);
	if (!err && buf < 0)
		err = -errno;
	close(dev);
	if (err)
		return err;
	close(loop->fd);
	loop->fd = buf;
	return 0;
}

static const struct peer peers[] = {
	{ "peer-memfd", open_memfd, MAP_SHARED },
	{ "peer-memfd-filled", open_filled, MAP_SHARED },
	{ "peer-anonymous", open_anonymous, MAP_PRIVATE | MAP_ANONYMOUS },
	{ "peer-zero-shared", open_zero, MAP_SHARED },
	{ "peer-zero-private", open_zero, MAP_PRIVATE },
	{ "peer-udmabuf", open_udmabuf, MAP_SHARED },
};

static const struct peer *find_peer(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(peers); i++)
		if (!strcmp(peers[i].name, name))
			return &peers[i];
	return NULL;
}

static bool is_strategy(const char *subject)
{
	return !find_peer(subject);
}

static unsigned int subjects(struct cli *cli, char (*names)[MMKIT_NAME_LEN],
			     unsigned int room)
{
	struct mmkit_entry_info *entries;
	unsigned int nr = 0;
	size_t k;
	int fd, i, all;

	fd = area_open(cli, "info");
	all = fd < 0 ? 0 : mmkit_info_list(fd, MMKIT_KIND_STRATEGY, &entries);
	for (i = 0; i < all && nr < room; i++)
		snprintf(names[nr++], MMKIT_NAME_LEN, "%s", entries[i].name);
	if (all > 0)
		free(entries);
	for (k = 0; k < ARRAY_SIZE(peers) && nr < room; k++)
		snprintf(names[nr++], MMKIT_NAME_LEN, "%s", peers[k].name);
	return nr;
}

static int map_it(struct bench_loop *loop)
{
	const struct peer *peer = find_peer(loop->subject);

	loop->addr = mmap(NULL, loop->bytes, PROT_READ | PROT_WRITE,
			  peer ? peer->flags : MAP_SHARED, loop->fd, 0);
	if (loop->addr != MAP_FAILED)
		return 0;
	loop->addr = NULL;
	return -errno;
}

static int unmap_it(struct bench_loop *loop)
{
	int err = loop->addr ? munmap(loop->addr, loop->bytes) : 0;

	loop->addr = NULL;
	return err ? -errno : 0;
}

static void touch_it(struct bench_loop *loop)
{
	size_t at, step = page_bytes();

	for (at = 0; at < loop->bytes; at += step)
		*(volatile uint8_t *)((char *)loop->addr + at) = 1;
}

/* In a child: a strategy may answer with a signal, or wait for somebody. */
static void try_child(struct bench_loop *loop)
{
	struct touch_set set = { 0 };
	struct touched touched;

	if (map_it(loop))
		_exit(1);
	if (touch_set_parse(&set, "all", PAGES) ||
	    touch_pages(loop->addr, &set, true, 1, &touched) ||
	    touched.signals)
		_exit(2);
	_exit(0);
}

static int wait_for(pid_t pid, int *status)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	int i;

	for (i = 0; i < 200; i++) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return 0;
		nanosleep(&pause, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, status, 0);
	return -ETIMEDOUT;
}

/* Can every page be written to, without anybody's help? */
static int try_it(struct bench_loop *loop)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (!pid)
		try_child(loop);
	if (wait_for(pid, &status))
		snprintf(loop->why, sizeof(loop->why),
			 "its pages do not come by themselves");
	else if (!WIFEXITED(status) || WEXITSTATUS(status) == 2)
		snprintf(loop->why, sizeof(loop->why),
			 "writing to every page raises a signal");
	else if (WEXITSTATUS(status))
		snprintf(loop->why, sizeof(loop->why),
			 "it refuses a shared mapping of %u pages", PAGES);
	return loop->why[0] ? -EOPNOTSUPP : 0;
}

static int begin_map(struct bench_loop *loop)
{
	const struct peer *peer = find_peer(loop->subject);
	int err;

	loop->bytes = PAGES * page_bytes();
	if (peer)
		return peer->open(loop);
	loop->fd = mmkit_open("map", O_RDWR);
	if (loop->fd < 0)
		return loop->fd;
	err = mmkit_map_set(loop->fd, loop->subject, loop->bytes);
	return err ? err : try_it(loop);
}

static void end_map(struct bench_loop *loop)
{
	unmap_it(loop);
	if (loop->fd >= 0)
		close(loop->fd);
}

static int map_op(struct bench_loop *loop)
{
	int err = map_it(loop);

	if (!err)
		touch_it(loop);
	return err;
}

/* A memfd would keep its pages: they are taken out of it again. */
static int ready_map(struct bench_loop *loop)
{
	int err = unmap_it(loop);

	if (!err && !strcmp(loop->subject, "peer-memfd") &&
	    (ftruncate(loop->fd, 0) || ftruncate(loop->fd, loop->bytes)))
		err = -errno;
	return err;
}

static int ready_unmap(struct bench_loop *loop)
{
	return map_op(loop);
}

static uint64_t page_ops(const struct bench_loop *loop)
{
	(void)loop;
	return PAGES;
}

const struct bench_row bench_map_rows[] = {
	{
		.name = "map/touch", .axis = "none",
		.help = "mmap() and a write to each of 1024 pages; cost of a page",
		.subjects = subjects, .is_ours = is_strategy,
		.base = "map/touch/peer-memfd-filled",
		.begin = begin_map, .end = end_map,
		.ready = ready_map, .op = map_op, .ops = page_ops,
	}, {
		.name = "map/unmap", .axis = "none",
		.help = "munmap() of them; cost of a page",
		.subjects = subjects, .is_ours = is_strategy,
		.base = "map/unmap/peer-memfd-filled",
		.begin = begin_map, .end = end_map,
		.ready = ready_unmap, .op = unmap_it, .ops = page_ops,
	},
	{ 0 }
};
