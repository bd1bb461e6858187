// SPDX-License-Identifier: GPL-2.0-only
/* The pager of /dev/mmkit/map. */
#include <errno.h>

#include <mmkit.h>

#include "internal.h"

/**
 * mmkit_map_pager() - say how the session's pager pages
 * @fd: session of "map" with strategy "pager"
 * @req: all but @size filled in; @fd of it -1 where no file is meant
 *
 * Return: 0, -ENOENT another strategy, -EINVAL, -EBADF, -EPERM, -EBUSY,
 * -EOPNOTSUPP, -EDQUOT, -ENOMEM, -EINTR as struct mmkit_map_pager has them.
 */
int mmkit_map_pager(int fd, struct mmkit_map_pager *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MAP_PAGER, req);
}

/**
 * mmkit_map_paged() - what the session's pager has done
 * @fd: session of "map" with strategy "pager"
 * @paged: out; sizes in bytes, the rest counts
 *
 * Return: 0, -ENOENT another strategy.
 */
int mmkit_map_paged(int fd, struct mmkit_map_paged *paged)
{
	*paged = (struct mmkit_map_paged){ .size = sizeof(*paged) };
	return lib_ioctl(fd, MMKIT_MAP_PAGED, paged);
}

/**
 * mmkit_map_states() - where pages of the session's pager are
 * @fd: session of "map" with strategy "pager"
 * @first: index of the first page
 * @nr: how many; any number, asked for in pieces
 * @states: out: MMKIT_MAP_x of each
 *
 * Return: how many there were, -ENOENT another strategy, -EINVAL @first past
 * the end or @nr 0, -ENOMEM, -EINTR.
 */
int mmkit_map_states(int fd, uint64_t first, uint32_t nr, uint8_t *states)
{
	struct mmkit_map_states req;
	uint32_t done = 0;
	int err;

	do {
		req = (struct mmkit_map_states){
			.size = sizeof(req),
			.first = first + done,
			.nr = nr - done,
			.states = (uintptr_t)(states + done),
		};
		if (req.nr > MMKIT_MAP_STATES_MAX)
			req.nr = MMKIT_MAP_STATES_MAX;
		err = lib_ioctl(fd, MMKIT_MAP_STATES, &req);
		if (err)
			return done ? (int)done : err;
		done += req.nr;
	} while (done < nr && req.nr == MMKIT_MAP_STATES_MAX);
	return done;
}

static const char *const swaps[] = {
	[MMKIT_MAP_LZO] = "lzo",
	[MMKIT_MAP_SHMEM] = "shmem",
	[MMKIT_MAP_FILE] = "file",
};

static const char *const kinds[] = {
	[MMKIT_EVENT_READ] = "read",
	[MMKIT_EVENT_WRITE] = "write",
	[MMKIT_EVENT_MKWRITE] = "mkwrite",
	[MMKIT_EVENT_EVICT] = "evict",
	[MMKIT_EVENT_WRITEBACK] = "writeback",
};

/**
 * mmkit_swap_name() - what a kind of swap is called
 * @swap: enum mmkit_map_swap
 *
 * Return: one word, or NULL.
 */
const char *mmkit_swap_name(unsigned int swap)
{
	return swap < MMKIT_MAP_SWAPS ? swaps[swap] : NULL;
}

/**
 * mmkit_event_name() - what a kind of event is called
 * @kind: enum mmkit_event_kind
 *
 * Return: one word, or NULL.
 */
const char *mmkit_event_name(unsigned int kind)
{
	return kind < MMKIT_EVENT_KINDS ? kinds[kind] : NULL;
}
