/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* /dev/mmkit/map: one store of pages, mapped by a strategy of choice. */
#ifndef _UAPI_MMKIT_MAP_H
#define _UAPI_MMKIT_MAP_H

#include <mmkit/mmkit.h>

/**
 * struct mmkit_map_set - give the session a store and a strategy
 * @size: sizeof(struct mmkit_map_set)
 * @flags: zero
 * @bytes: of the store, a multiple of the page size, 0 gives it back
 * @strategy: name, see MMKIT_INFO_LIST; empty keeps the one that is set, or
 *	takes "page" when none is
 *
 * The first call makes the store, zeroed. A later one resizes it: what is cut
 * off is unmapped from every process and answers SIGBUS from then on, what is
 * added is zeroed. mmap() of the device then maps pages of the store at any
 * offset.
 *
 * Errors: EINVAL bytes no multiple of the page size or over 1 TiB, flags;
 * ENOENT no such strategy; EBUSY another strategy while pages are mapped;
 * EDQUOT; ENOMEM; EINTR.
 *
 * mmap() errors: EINVAL past the end of the store, or no store; EDQUOT too many
 * mappings; what the strategy refuses is in its help.
 */
struct mmkit_map_set {
	__u32 size;
	__u32 flags;
	__aligned_u64 bytes;
	char strategy[MMKIT_NAME_LEN];
};

/**
 * struct mmkit_map_get - the session's store and what happened to it
 * @size: sizeof(struct mmkit_map_get)
 * @maps: areas (VMAs) that map the store now
 * @bytes: of the store
 * @faults: faults served since the store was made
 * @sigbus: faults refused
 * @opens: mappings made, forks and splits included
 * @strategy: name, empty before the first MMKIT_MAP_SET
 */
struct mmkit_map_get {
	__u32 size;
	__u32 maps;
	__aligned_u64 bytes;
	__aligned_u64 faults;
	__aligned_u64 sigbus;
	__aligned_u64 opens;
	char strategy[MMKIT_NAME_LEN];
};

/**
 * struct mmkit_map_describe - describe pages of the store
 * @size: sizeof(struct mmkit_map_describe)
 * @nr: in: room at @pages, at most %MMKIT_MAP_DESCRIBE_MAX; out: described
 * @first: index of the first page
 * @pages: struct mmkit_page array
 *
 * Errors: EINVAL @first past the end, @nr 0 or too large; EFAULT; ENOMEM;
 * EINTR.
 */
struct mmkit_map_describe {
	__u32 size;
	__u32 nr;
	__aligned_u64 first;
	__aligned_u64 pages;
};

#define MMKIT_MAP_DESCRIBE_MAX	4096

#define MMKIT_MAP_SET		_IOW(MMKIT_IOC, MMKIT_IOC_MAP + 0, \
				     struct mmkit_map_set)
#define MMKIT_MAP_GET		_IOWR(MMKIT_IOC, MMKIT_IOC_MAP + 1, \
				      struct mmkit_map_get)
#define MMKIT_MAP_DESCRIBE	_IOWR(MMKIT_IOC, MMKIT_IOC_MAP + 2, \
				      struct mmkit_map_describe)

#endif
