// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite map: what it costs to have a page in a process, by each strategy that is
 * registered, with the kernel's own ways beside: memfd, anonymous memory,
 * /dev/zero, udmabuf.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench_map.h"
#include "touch.h"

/* Of a mapping, 32 MiB: what happens once is no part. Less when it has to be quick. */
#define PAGES		8192
#define PAGES_BRIEF	1024

static size_t page_bytes(void)
{
	return sysconf(_SC_PAGESIZE);
}

bool bench_map_is_strategy(const char *subject)
{
	return !bench_peer_find(subject);
}

static unsigned int subjects(struct cli *cli, char (*names)[MMKIT_NAME_LEN],
			     unsigned int room)
{
	struct mmkit_entry_info *entries;
	unsigned int nr = 0;
	int fd, i, all;

	fd = area_open(cli, "info");
	all = fd < 0 ? 0 : mmkit_info_list(fd, MMKIT_KIND_STRATEGY, &entries);
	for (i = 0; i < all && nr < room; i++)
		snprintf(names[nr++], MMKIT_NAME_LEN, "%s", entries[i].name);
	if (all > 0)
		free(entries);
	return nr + bench_peer_names(names + nr, room - nr);
}

int bench_map_at(struct bench_loop *loop, void *at, void **addr)
{
	const struct bench_peer *peer = bench_peer_find(loop->subject);
	void *got = mmap(at, loop->bytes, PROT_READ | PROT_WRITE,
			 (peer ? peer->flags : MAP_SHARED) |
			 MAP_FIXED_NOREPLACE, loop->fd, 0);
	int err;

	if (got == MAP_FAILED)
		return -errno;
	/* EINVAL: this kernel has small pages only. */
	if (peer && peer->advice &&
	    madvise(got, loop->bytes, peer->advice) && errno != EINVAL) {
		err = -errno;
		munmap(got, loop->bytes);
		return err;
	}
	*addr = got;
	return 0;
}

static int map_it(struct bench_loop *loop)
{
	return bench_map_at(loop, loop->place, &loop->addr);
}

static int unmap_it(struct bench_loop *loop)
{
	int err = loop->addr ? munmap(loop->addr, loop->bytes) : 0;

	loop->addr = NULL;
	return err ? -errno : 0;
}

void bench_map_touch(void *addr, size_t bytes)
{
	size_t at, step = page_bytes();

	for (at = 0; at < bytes; at += step)
		*(volatile uint8_t *)((char *)addr + at) = 1;
}

/* In a child: a strategy may answer with a signal, or wait for somebody. */
static void try_child(struct bench_loop *loop)
{
	struct touch_set set = { 0 };
	struct touched touched;

	if (map_it(loop))
		_exit(1);
	if (touch_set_parse(&set, "all", loop->bytes / page_bytes()) ||
	    touch_pages(loop->addr, &set, true, 1, &touched) ||
	    touched.signals)
		_exit(2);
	_exit(0);
}

static int wait_for(pid_t pid, int *status)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	int i;

	/* Longer than the slowest machine takes for so many pages: half a minute. */
	for (i = 0; i < 3000; i++) {
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
			 "it refuses a shared mapping of %zu bytes",
			 loop->bytes);
	return loop->why[0] ? -EOPNOTSUPP : 0;
}

int bench_map_open(struct bench_loop *loop, size_t room)
{
	const struct bench_peer *peer = bench_peer_find(loop->subject);
	int err;

	loop->place = bench_place(room);
	if (!loop->place)
		return -errno;
	if (peer)
		return peer->open(loop);
	loop->fd = mmkit_open("map", O_RDWR);
	if (loop->fd < 0)
		return loop->fd;
	err = mmkit_map_set_tuned(loop->fd, loop->subject, loop->bytes,
				  loop->x);
	return err ? err : try_it(loop);
}

static int begin_map(struct bench_loop *loop)
{
	loop->bytes = (loop->brief ? PAGES_BRIEF : PAGES) * page_bytes();
	return bench_map_open(loop, loop->bytes);
}

static int begin_around(struct bench_loop *loop)
{
	loop->subject = "around";
	return begin_map(loop);
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
		bench_map_touch(loop->addr, loop->bytes);
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

static uint64_t page_ops(const struct bench_loop *loop)
{
	return loop->bytes / page_bytes();
}

const struct bench_row bench_map_rows[] = {
	{
		.name = "map/touch", .axis = "none",
		.help = "mmap() and a write to each of 8192 pages; cost of a page",
		.subjects = subjects, .is_ours = bench_map_is_strategy,
		.base = "map/touch/peer-memfd-filled",
		.begin = begin_map, .end = end_map,
		.ready = ready_map, .op = map_op, .ops = page_ops,
	}, {
		.name = "map/unmap", .axis = "none",
		.help = "munmap() of them; cost of a page",
		.subjects = subjects, .is_ours = bench_map_is_strategy,
		.base = "map/unmap/peer-memfd-filled",
		.begin = begin_map, .end = end_map,
		.ready = map_op, .op = unmap_it, .ops = page_ops,
	}, {
		.name = "map/around", .axis = "window",
		.help = "map/touch of strategy around, by pages of its window",
		.x = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096 },
		.ours = true, .base = "map/touch/peer-memfd-filled",
		.begin = begin_around, .end = end_map,
		.ready = ready_map, .op = map_op, .ops = page_ops,
	},
	{ 0 }
};
