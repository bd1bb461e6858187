// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/info */
#include <errno.h>
#include <stdlib.h>

#include <mmkit.h>

#include "internal.h"

/* The list may grow between the call that counts and the call that fetches. */
#define SPARE	8

/**
 * mmkit_info_get() - ABI, limits, features and use of the loaded mmkit
 * @fd: session of "info"
 * @info: out; sizes in bytes
 *
 * Return: 0, -ENOTTY when @fd is no info session, -EINVAL or -E2BIG when the
 * module's struct is not this library's.
 */
int mmkit_info_get(int fd, struct mmkit_info *info)
{
	*info = (struct mmkit_info){ .size = sizeof(*info) };
	return lib_ioctl(fd, MMKIT_INFO_GET, info);
}

/**
 * mmkit_info_list() - what is registered with the core
 * @fd: session of "info"
 * @kind: areas, allocators or strategies
 * @entries: out; free() it
 *
 * Return: how many, -ENOMEM, -EINVAL for an unknown @kind, -ENOTTY.
 */
int mmkit_info_list(int fd, enum mmkit_entry_kind kind,
		    struct mmkit_entry_info **entries)
{
	struct mmkit_info_list req = { .size = sizeof(req), .kind = kind };
	uint32_t room;
	int ret;

	*entries = NULL;
	ret = lib_ioctl(fd, MMKIT_INFO_LIST, &req);
	if (ret < 0)
		return ret;

	room = req.nr + SPARE;
	*entries = calloc(room, sizeof(**entries));
	if (!*entries)
		return -ENOMEM;

	req.size = sizeof(req);
	req.nr = room;
	req.entries = (uintptr_t)*entries;
	ret = lib_ioctl(fd, MMKIT_INFO_LIST, &req);
	if (ret < 0) {
		free(*entries);
		*entries = NULL;
		return ret;
	}
	return req.nr < room ? req.nr : room;
}

/**
 * mmkit_info_leaks() - sessions that were closed while they held something
 * @fd: session of "info"
 * @leaks: out, newest first; free() it
 *
 * Return: how many the kernel still remembers, -ENOMEM, -ENOTTY.
 */
int mmkit_info_leaks(int fd, struct mmkit_leak **leaks)
{
	struct mmkit_info_leaks req = { .size = sizeof(req) };
	uint32_t room;
	int ret;

	*leaks = NULL;
	ret = lib_ioctl(fd, MMKIT_INFO_LEAKS, &req);
	if (ret < 0)
		return ret;

	room = req.nr + SPARE;
	*leaks = calloc(room, sizeof(**leaks));
	if (!*leaks)
		return -ENOMEM;

	req.size = sizeof(req);
	req.nr = room;
	req.leaks = (uintptr_t)*leaks;
	ret = lib_ioctl(fd, MMKIT_INFO_LEAKS, &req);
	if (ret < 0) {
		free(*leaks);
		*leaks = NULL;
		return ret;
	}
	return req.nr < room ? req.nr : room;
}
