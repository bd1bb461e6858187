// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suite map, with 1 GiB: what it costs to unmap it, and to fork with it mapped.
 * A store so large would need a machine of 4 GiB; the same 64 MiB are mapped
 * sixteen times, side by side. So it is sixteen areas, which neither notices.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_map.h"

#define PART	(64ul << 20)
#define PARTS	16

static const char *const ways[] = {
	"page", "insert", "remap", "around", "populate", "huge",
	"peer-memfd-filled",
};

static unsigned int subjects(struct cli *cli, char (*names)[MMKIT_NAME_LEN],
			     unsigned int room)
{
	unsigned int i;

	(void)cli;
	for (i = 0; i < ARRAY_SIZE(ways) && i < room; i++)
		snprintf(names[i], MMKIT_NAME_LEN, "%s", ways[i]);
	return i;
}

/*
 * Touched, but without a fault for each page where the mapping allows that. Not for
 * pages that an unmapping frees: they are marked as accessed, and cost more then.
 */
static void fill(void *addr, size_t bytes)
{
	madvise(addr, bytes, MADV_POPULATE_WRITE);
	bench_map_touch(addr, bytes);
}

static int map_all(struct bench_loop *loop)
{
	unsigned int i;
	void *got;
	int err;

	for (i = 0; i < PARTS; i++) {
		err = bench_map_at(loop, (char *)loop->place + i * PART, &got);
		if (err) {
			/* From here on it may be somebody else's. */
			munmap(loop->place, i * PART);
			return err;
		}
		fill(got, loop->bytes);
	}
	loop->addr = loop->place;
	return 0;
}

static int unmap_all(struct bench_loop *loop)
{
	int err = loop->addr ? munmap(loop->addr, PART * PARTS) : 0;

	loop->addr = NULL;
	return err ? -errno : 0;
}

static int begin_unmap(struct bench_loop *loop)
{
	loop->bytes = PART;
	return bench_map_open(loop, PART * PARTS);
}

static int begin_fork(struct bench_loop *loop)
{
	int err = begin_unmap(loop);

	return err ? err : map_all(loop);
}

static void end_all(struct bench_loop *loop)
{
	unmap_all(loop);
	if (loop->fd >= 0)
		close(loop->fd);
}

/* The child of the round before is gone before the next begins. */
static int reap(struct bench_loop *loop)
{
	(void)loop;
	while (waitpid(-1, NULL, 0) > 0)
		;
	return 0;
}

static int fork_op(struct bench_loop *loop)
{
	pid_t pid = fork();

	(void)loop;
	if (!pid)
		_exit(0);
	return pid < 0;
}

static uint64_t page_ops(const struct bench_loop *loop)
{
	return PARTS * loop->bytes / sysconf(_SC_PAGESIZE);
}

static void end_fork(struct bench_loop *loop)
{
	reap(loop);
	end_all(loop);
}

const struct bench_row bench_gib_rows[] = {
	{
		.name = "map/unmap-1G", .axis = "none", .slow = true,
		.help = "munmap() of 1 GiB, all of it touched; cost of a page",
		.subjects = subjects, .is_ours = bench_map_is_strategy,
		.base = "map/unmap-1G/peer-memfd-filled",
		.begin = begin_unmap, .end = end_all,
		.ready = map_all, .op = unmap_all, .ops = page_ops,
	}, {
		.name = "map/fork-1G", .axis = "none", .slow = true,
		.help = "fork() with 1 GiB mapped, touched; cost of a page",
		.subjects = subjects, .is_ours = bench_map_is_strategy,
		.base = "map/fork-1G/peer-memfd-filled",
		.begin = begin_fork, .end = end_fork,
		.ready = reap, .op = fork_op, .ops = page_ops,
	},
	{ 0 }
};
