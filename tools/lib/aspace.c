// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/aspace */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mmkit.h>

#include "internal.h"

/**
 * mmkit_aspace_regions() - the regions of an address space
 * @fd: session of "aspace"
 * @pid: process, 0 for the caller
 * @flags: MMKIT_ASPACE_COUNT: look at each page, too
 * @regions: out: array, upwards; the caller's to free
 *
 * Return: how many, or
 * -ESRCH: no such process, or it has no address space,
 * -EPERM: another's, without CAP_SYS_PTRACE,
 * -ENOMEM, -EINTR.
 */
int mmkit_aspace_regions(int fd, int pid, uint32_t flags,
			 struct mmkit_aspace_region **regions)
{
	struct mmkit_aspace_regions req = { .pid = pid, .flags = flags };
	struct mmkit_aspace_region *more;
	int ret, nr = 0;

	*regions = NULL;
	do {
		more = reallocarray(*regions, nr + MMKIT_ASPACE_REGIONS_MAX,
				    sizeof(*more));
		if (!more) {
			ret = -ENOMEM;
			goto fail;
		}
		*regions = more;
		/* So that what is told of this very memory stays true. */
		memset(more + nr, 0, MMKIT_ASPACE_REGIONS_MAX * sizeof(*more));
		req.size = sizeof(req);
		req.nr = MMKIT_ASPACE_REGIONS_MAX;
		req.regions = (uintptr_t)(more + nr);
		ret = lib_ioctl(fd, MMKIT_ASPACE_REGIONS, &req);
		if (ret < 0)
			goto fail;
		nr += req.nr;
		req.start = req.next;
	} while (req.next);
	return nr;

fail:
	free(*regions);
	*regions = NULL;
	return ret;
}

/**
 * mmkit_aspace_walk() - the page-table walk of one address
 * @fd: session of "aspace"
 * @walk: which process, area and address; what is there comes back
 * @levels: out: room for %MMKIT_LEVELS, from the root on
 *
 * Return: how many levels there are, or
 * -EINVAL: not an address, or an offset outside of its area,
 * -ESRCH: no such process, or it has no address space,
 * -EPERM: another's, without CAP_SYS_PTRACE; the kernel's, without CAP_SYS_ADMIN,
 * -EOPNOTSUPP: the kernel's tables cannot be reached on this machine,
 * -ENOMEM, -EINTR.
 */
int mmkit_aspace_walk(int fd, struct mmkit_aspace_walk *walk,
		      struct mmkit_aspace_level *levels)
{
	int ret;

	walk->size = sizeof(*walk);
	walk->nr = MMKIT_LEVELS;
	walk->levels = (uintptr_t)levels;
	ret = lib_ioctl(fd, MMKIT_ASPACE_WALK, walk);
	return ret < 0 ? ret : (int)walk->nr;
}

/**
 * mmkit_aspace_range() - what the pages of a range are
 * @fd: session of "aspace"
 * @req: process, range, flags, and in how many parts to cut it (0 means 1)
 * @counts: out: room for that many parts
 *
 * Return: 0, or
 * -EINVAL: not a range of whole pages in the user half, or too many parts,
 * -ESRCH, -EPERM, -ENOMEM, -EINTR: as mmkit_aspace_regions(),
 * -EOPNOTSUPP: accessed bits cannot be cleared on this machine.
 */
int mmkit_aspace_range(int fd, struct mmkit_aspace_range *req,
		       struct mmkit_aspace_counts *counts)
{
	req->size = sizeof(*req);
	req->nr = req->nr ? req->nr : 1;
	req->counts = (uintptr_t)counts;
	return lib_ioctl(fd, MMKIT_ASPACE_RANGE, req);
}

/**
 * mmkit_aspace_pages() - a word for each page of a range
 * @fd: session of "aspace"
 * @pid: process, 0 for the caller
 * @start: first address, of a page
 * @nr: pages; any number, asked for in pieces
 * @flags: MMKIT_ASPACE_CLEAR
 * @words: out: room for @nr, see DOC: word in <mmkit/aspace.h>
 *
 * Return: how many, less at the end of the user half, or -errno as
 * mmkit_aspace_range().
 */
int mmkit_aspace_pages(int fd, int pid, uint64_t start, uint32_t nr,
		       uint32_t flags, uint64_t *words)
{
	struct mmkit_aspace_pages req = { .pid = pid, .flags = flags };
	uint32_t done = 0, want;
	int ret;

	do {
		want = nr - done;
		if (want > MMKIT_ASPACE_PAGES_MAX)
			want = MMKIT_ASPACE_PAGES_MAX;
		req.size = sizeof(req);
		req.start = start;
		req.nr = want;
		req.words = (uintptr_t)(words + done);
		ret = lib_ioctl(fd, MMKIT_ASPACE_PAGES, &req);
		if (ret < 0)
			return done && ret == -EINVAL ? (int)done : ret;
		done += req.nr;
		start += req.nr * (uint64_t)sysconf(_SC_PAGESIZE);
	} while (done < nr && req.nr == want);
	return done;
}

/**
 * mmkit_aspace_tables() - the page tables of a range
 * @fd: session of "aspace"
 * @req: process and range, 0 and 0 for the user half; the sums come back
 * @tables: out: array of each, the caller's to free; or NULL for the sums only
 *
 * Return: how many are in @tables, at most %MMKIT_ASPACE_TABLES_MAX of the
 * @req->nr that there are, or -errno as mmkit_aspace_range().
 */
int mmkit_aspace_tables(int fd, struct mmkit_aspace_tables *req,
			struct mmkit_aspace_table **tables)
{
	uint32_t room = tables ? MMKIT_ASPACE_TABLES_MAX : 0;
	struct mmkit_aspace_table *list = NULL;
	int ret;

	if (room) {
		list = calloc(room, sizeof(*list));
		if (!list)
			return -ENOMEM;
	}
	req->size = sizeof(*req);
	req->nr = room;
	req->tables = (uintptr_t)list;
	ret = lib_ioctl(fd, MMKIT_ASPACE_TABLES, req);
	if (ret < 0 || !room) {
		free(list);
		return ret;
	}
	*tables = list;
	return req->nr < room ? req->nr : room;
}

/**
 * mmkit_aspace_layout() - where things are in an address space
 * @fd: session of "aspace"
 * @pid: process, 0 for the caller
 * @layout: out
 * @areas: out: room for %MMKIT_AREA_NR areas of the kernel's half
 *
 * Return: how many areas there are, or -errno as mmkit_aspace_regions().
 */
int mmkit_aspace_layout(int fd, int pid, struct mmkit_aspace_layout *layout,
			struct mmkit_kernel_area *areas)
{
	int ret;

	*layout = (struct mmkit_aspace_layout){
		.size = sizeof(*layout),
		.pid = pid,
		.nr = MMKIT_AREA_NR,
		.areas = (uintptr_t)areas,
	};
	ret = lib_ioctl(fd, MMKIT_ASPACE_LAYOUT, layout);
	if (ret < 0)
		return ret;
	return layout->nr < MMKIT_AREA_NR ? layout->nr : MMKIT_AREA_NR;
}

/**
 * mmkit_aspace_context() - how a CPU finds an address space
 * @fd: session of "aspace"
 * @pid: process, 0 for the caller
 * @context: out
 *
 * Return: 0, or
 * -EPERM: without CAP_SYS_ADMIN,
 * -EOPNOTSUPP: the machine has no register for it,
 * -ESRCH, -EINTR: as mmkit_aspace_regions().
 */
int mmkit_aspace_context(int fd, int pid, struct mmkit_aspace_context *context)
{
	*context = (struct mmkit_aspace_context){
		.size = sizeof(*context),
		.pid = pid,
	};
	return lib_ioctl(fd, MMKIT_ASPACE_CONTEXT, context);
}
