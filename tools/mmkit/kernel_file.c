// SPDX-License-Identifier: GPL-2.0-only
/* Files that are the kernel's ear and its mouth: settings and commands, its log. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kernel_file.h"

/* Returns 0 or -errno. */
int file_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;
	ssize_t len = strlen(text), put;

	if (fd < 0)
		return -errno;
	put = write(fd, text, len);
	if (put != len)
		err = put < 0 ? -errno : -EIO;
	close(fd);
	return err;
}

/* The kernel's log, from its first record that is kept. Returns a descriptor or -errno. */
int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Hands every record that there is to @take, which may write to it. */
void kmsg_each(int fd, void (*take)(void *data, char *record), void *data)
{
	char record[8192];
	ssize_t got;

	for (;;) {
		got = read(fd, record, sizeof(record) - 1);
		if (got < 0 && errno == EPIPE)	/* some were overwritten */
			continue;
		if (got <= 0)
			break;
		record[got] = '\0';
		take(data, record);
	}
}
