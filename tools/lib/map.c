// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/map */
#include <errno.h>
#include <stdlib.h>
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
	return mmkit_map_set_tuned(fd, strategy, bytes, 0);
}

/**
 * mmkit_map_set_tuned() - the same, with the number that a strategy takes
 * @fd: session of "map"
 * @strategy: name; NULL or "" keeps what is set
 * @bytes: size of the store, a multiple of the page size; 0 gives it back
 * @tune: see struct mmkit_map_strategy; 0 for its default
 *
 * Return: as mmkit_map_set(); -EINVAL also for @tune when it takes none or is
 * too large.
 */
int mmkit_map_set_tuned(int fd, const char *strategy, uint64_t bytes,
			uint64_t tune)
{
	struct mmkit_map_set req = {
		.size = sizeof(req), .bytes = bytes, .tune = tune,
	};

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

/**
 * mmkit_map_strategies() - list strategies, the absent ones too
 * @fd: session of "map"
 * @out: what there is; to be freed
 *
 * Return: how many, -ENOMEM, -EINTR.
 */
int mmkit_map_strategies(int fd, struct mmkit_map_strategy **out)
{
	struct mmkit_map_strategies req = {
		.size = sizeof(req), .nr = MMKIT_MAP_STRATEGIES_MAX,
	};
	int err;

	*out = calloc(req.nr, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	req.strategies = (uintptr_t)*out;
	err = lib_ioctl(fd, MMKIT_MAP_STRATEGIES, &req);
	if (err) {
		free(*out);
		*out = NULL;
		return err;
	}
	return req.nr < MMKIT_MAP_STRATEGIES_MAX ? req.nr :
						   MMKIT_MAP_STRATEGIES_MAX;
}

/**
 * mmkit_map_log() - what the strategy noted of pages of the store
 * @fd: session of "map"
 * @flags: %MMKIT_MAP_LOG_CLEAR to start anew
 * @first: index of the first page
 * @nr: pages, at most %MMKIT_MAP_LOG_MAX
 * @bits: out: room for @nr bits
 *
 * Return: how many are noted, -EOPNOTSUPP the strategy notes nothing, -EINVAL
 * @first or @nr, -ENOMEM, -EINTR.
 */
int mmkit_map_log(int fd, uint32_t flags, uint64_t first, uint32_t nr,
		  uint64_t *bits)
{
	struct mmkit_map_log req = {
		.size = sizeof(req), .flags = flags, .first = first, .nr = nr,
		.bits = (uintptr_t)bits,
	};
	int err = lib_ioctl(fd, MMKIT_MAP_LOG, &req);

	return err < 0 ? err : (int)req.set;
}
