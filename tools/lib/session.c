// SPDX-License-Identifier: GPL-2.0-only
/* A session is an open device file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <mmkit.h>

#include "internal.h"

int lib_ioctl(int fd, unsigned long cmd, void *arg)
{
	int ret = ioctl(fd, cmd, arg);

	return ret < 0 ? -errno : ret;
}

/**
 * mmkit_open() - open a session of an area
 * @area: name of the area, as in /dev/mmkit/<area>
 * @flags: of open(2): O_RDWR, or O_RDONLY; O_CLOEXEC is added
 *
 * Return: a file descriptor, or
 * -ENOENT or -ENODEV: the area's module is not loaded,
 * -EACCES: the device node is not the caller's to open,
 * -EINVAL: @area is no name of an area.
 */
int mmkit_open(const char *area, int flags)
{
	char path[sizeof("/dev/mmkit/") + MMKIT_NAME_LEN];
	int len, fd;

	len = snprintf(path, sizeof(path), "/dev/mmkit/%s", area);
	if (len < 0 || (size_t)len >= sizeof(path))
		return -EINVAL;

	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/**
 * mmkit_close() - end a session; everything it holds is freed
 * @fd: from mmkit_open()
 */
void mmkit_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

/**
 * mmkit_session_get() - what a session holds and may hold
 * @fd: from mmkit_open()
 * @info: out; bytes and handles
 *
 * Return: 0, or -ENOTTY when @fd is no session.
 */
int mmkit_session_get(int fd, struct mmkit_session_info *info)
{
	*info = (struct mmkit_session_info){ .size = sizeof(*info) };
	return lib_ioctl(fd, MMKIT_SESSION_INFO, info);
}
