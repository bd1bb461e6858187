// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's files, read in as few calls as the kernel lets one. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "internal.h"

#define ROOM	(64 * 1024)

/*
 * The whole of a file, or NULL with errno; to be freed. stdio would ask for as much
 * as the file calls a block, which is 1 KiB in /proc, where a read gives up to a page.
 */
char *lib_read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	size_t room = 0, at = 0;
	char *text = NULL, *more;
	ssize_t got = 1;

	if (fd < 0)
		return NULL;
	while (got > 0) {
		if (room - at < ROOM / 2) {
			more = realloc(text, room + ROOM);
			if (!more) {
				err = ENOMEM;
				break;
			}
			text = more;
			room += ROOM;
		}
		got = read(fd, text + at, room - at - 1);
		at += got > 0 ? got : 0;
	}
	if (got < 0)
		err = errno;
	close(fd);
	if (err) {
		free(text);
		errno = err;
		return NULL;
	}
	text[at] = '\0';
	return text;
}
