// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/map */
#include <errno.h>
#include <string.h>

#include <mmkit.h>

#include "internal.h"

/**
 * mmkit_map_set() - make, resize or give back the session's store
 * @fd: session of "map"
 * @strategy: name; NULL or "" keeps what is set
 * @bytes: size of the store, a multiple of the page size; 0 gives it back
 *
 * Return: 0, -EINVAL size, -ENOENT no such strategy, -EBUSY another strategy
 * while pages are mapped, -EDQUOT, -ENOMEM, -EINTR,
 * -ENAMETOOLONG @strategy is no name.
 */
int mmkit_map_set(int fd, const char *strategy, uint64_t bytes)
{
	struct mmkit_map_set req = { .size = sizeof(req), .bytes = bytes };

	if (strategy) {
		if (strlen(strategy) >= sizeof(req.strategy))
			return -ENAMETOOLONG;
		strcpy(req.strategy, strategy);
	}
	return lib_ioctl(fd, MMKIT_MAP_SET, &req);
}

/**
 * mmkit_map_get() - the session's store and what happened to it
 * @fd: session of "map"
 * @get: out; size in bytes, the rest counts
 *
 * Return: 0 or -ENOTTY when @fd is no map session.
 */
int mmkit_map_get(int fd, struct mmkit_map_get *get)
{
	*get = (struct mmkit_map_get){ .size = sizeof(*get) };
	return lib_ioctl(fd, MMKIT_MAP_GET, get);
}

/**
 * mmkit_map_describe() - describe pages of the store
 * @fd: session of "map"
 * @first: index of the first page
 * @nr: pages to describe; any number, asked for in pieces
 * @pages: out: room for @nr
 *
 * Return: how many were described, -EINVAL @first past the end or @nr 0,
 * -ENOMEM, -EINTR.
 */
int mmkit_map_describe(int fd, uint64_t first, uint32_t nr,
		       struct mmkit_page *pages)
{
	struct mmkit_map_describe req;
	uint32_t done = 0;
	int ret;

	while (done < nr) {
		req = (struct mmkit_map_describe){
			.size = sizeof(req),
			.first = first + done,
			.nr = nr - done,
			.pages = (uintptr_t)(pages + done),
		};
		if (req.nr > MMKIT_MAP_DESCRIBE_MAX)
			req.nr = MMKIT_MAP_DESCRIBE_MAX;
		ret = lib_ioctl(fd, MMKIT_MAP_DESCRIBE, &req);
		if (ret < 0)
			return ret;
		if (!req.nr)
			break;
		done += req.nr;
	}
	return done;
}
