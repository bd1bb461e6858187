// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ways to have memory in a process that a strategy of the map device is
 * measured beside: the kernel's own, and the devices of tests/system/hand.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench_map.h"

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

/* Of tests/system/hand/hand_map.c: where it is loaded. */
#define BARE	"peer-bare-"

static void bare_path(const char *name, char *path, size_t len)
{
	snprintf(path, len, "/dev/mmkit-bare-%s", name + strlen(BARE));
}

static int open_bare(struct bench_loop *loop)
{
	char path[64];

	bare_path(loop->subject, path, sizeof(path));
	loop->fd = open(path, O_RDWR | O_CLOEXEC);
	return loop->fd < 0 ? -errno : 0;
}

static const struct bench_peer peers[] = {
	{ "peer-memfd", open_memfd, MAP_SHARED, 0 },
	{ "peer-memfd-filled", open_filled, MAP_SHARED, 0 },
	{ "peer-anonymous", open_anonymous, MAP_PRIVATE | MAP_ANONYMOUS,
	  MADV_NOHUGEPAGE },
	{ "peer-anonymous-huge", open_anonymous, MAP_PRIVATE | MAP_ANONYMOUS,
	  MADV_HUGEPAGE },
	{ "peer-zero-shared", open_zero, MAP_SHARED, 0 },
	{ "peer-zero-private", open_zero, MAP_PRIVATE, MADV_NOHUGEPAGE },
	{ "peer-udmabuf", open_udmabuf, MAP_SHARED, 0 },
	{ BARE "page", open_bare, MAP_SHARED, 0 },
	{ BARE "insert", open_bare, MAP_SHARED, 0 },
	{ BARE "remap", open_bare, MAP_SHARED, 0 },
};

/* NULL for a strategy. */
const struct bench_peer *bench_peer_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(peers); i++)
		if (!strcmp(peers[i].name, name))
			return &peers[i];
	return NULL;
}

/* Is it one that is not even named where it is not? */
static bool is_absent(const struct bench_peer *peer)
{
	char path[64];

	if (peer->open != open_bare)
		return false;
	bare_path(peer->name, path, sizeof(path));
	return access(path, F_OK);
}

unsigned int bench_peer_names(char (*names)[MMKIT_NAME_LEN], unsigned int room)
{
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(peers) && nr < room; i++)
		if (!is_absent(&peers[i]))
			snprintf(names[nr++], MMKIT_NAME_LEN, "%s",
				 peers[i].name);
	return nr;
}
