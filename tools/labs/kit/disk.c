// SPDX-License-Identifier: GPL-2.0-only
/*
 * A disk for a lab: a loop device over a file in memory. What is read from it
 * goes through the page cache as from any other; its file has no blocks, so that
 * it may be larger than memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kernel_file.h"
#include "run.h"

#define CONTROL	"/dev/loop-control"

static void load_driver(struct lab_run *run)
{
	if (!access("/sys/module/loop", F_OK))
		return;
	undo_module(run, "loop");
	if (!probe_module("loop") || access(CONTROL, F_OK))
		skip(run, "the kernel has no loop devices (CONFIG_BLK_DEV_LOOP)");
}

static int free_loop(struct lab_run *run, char *path, size_t len)
{
	int fd = open(CONTROL, O_RDWR | O_CLOEXEC);
	int number = fd < 0 ? -1 : ioctl(fd, LOOP_CTL_GET_FREE);

	if (number < 0)
		stop(run, "there is no free loop device (%s)", errno_name(errno));
	close(fd);
	snprintf(path, len, "/dev/loop%d", number);
	return open(path, O_RDWR | O_CLOEXEC);
}

/* It is gone with the last descriptor of it. */
int disk_open(struct lab_run *run, uint64_t bytes)
{
	struct loop_config config = { .info.lo_flags = LO_FLAGS_AUTOCLEAR };
	int back = memfd_create("mmkit-lab", MFD_CLOEXEC), fd;
	char path[32];

	load_driver(run);
	fd = free_loop(run, path, sizeof(path));
	config.fd = back;
	if (fd < 0 || back < 0 || ftruncate(back, bytes) ||
	    ioctl(fd, LOOP_CONFIGURE, &config))
		stop(run, "%s cannot be made a disk (%s)", path,
		     errno_name(errno));
	close(back);
	return fd;
}

static void path_of(struct lab_run *run, int fd, const char *file, char *path,
		    size_t len)
{
	struct stat stat;

	if (fstat(fd, &stat))
		stop(run, "a disk is gone (%s)", errno_name(errno));
	snprintf(path, len, "/sys/dev/block/%u:%u/%s", major(stat.st_rdev),
		 minor(stat.st_rdev), file);
}

/* So much is read ahead of a reader, at most. */
void disk_readahead(struct lab_run *run, int fd, uint64_t bytes)
{
	char path[64], text[24];

	path_of(run, fd, "queue/read_ahead_kb", path, sizeof(path));
	snprintf(text, sizeof(text), "%llu", (unsigned long long)bytes / 1024);
	set_text(run, path, text);
}

/* What the device itself has read and written. */
struct disk_use disk_use(struct lab_run *run, int fd)
{
	unsigned long long got = 0, put = 0;
	char path[64], text[256];

	path_of(run, fd, "stat", path, sizeof(path));
	read_text(run, path, text, sizeof(text));
	if (sscanf(text, "%*u %*u %llu %*u %*u %*u %llu", &got, &put) != 2)
		stop(run, "%s has no two numbers", path);
	return (struct disk_use){ got * 512, put * 512 };
}

/*
 * Changes how many requests there may be. The kernel says EBUSY while somebody else
 * does such a thing.
 */
static void set_requests(struct lab_run *run, const char *path, int64_t nr)
{
	char text[24];
	int err;

	snprintf(text, sizeof(text), "%lld", (long long)nr);
	do {
		err = file_put(path, text);
	} while (err == -EBUSY);
	if (err)
		stop(run, "%s does not take '%s' (%s)", path, text,
		     errno_name(-err));
}

/*
 * What was asked of it has come. Another number of requests waits until none is left
 * (queue_requests_store() in block/blk-sysfs.c), and one is left until its last page is
 * up to date. It is not among those "inflight" that long: its first page wakes the
 * reader.
 */
void disk_wait(struct lab_run *run, int fd)
{
	char path[64];
	int64_t nr;

	path_of(run, fd, "queue/nr_requests", path, sizeof(path));
	nr = read_number(run, path);
	set_requests(run, path, nr - 1);
	set_requests(run, path, nr);
}
