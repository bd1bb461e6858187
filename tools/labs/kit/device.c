// SPDX-License-Identifier: GPL-2.0-only
/* mmkit's own devices. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "run.h"

/* A session that ends with the lab, if not before. */
int lab_open(struct lab_run *run, const char *area)
{
	int fd = mmkit_open(area, O_RDWR);

	if (fd < 0)
		stop(run, "/dev/mmkit/%s cannot be opened (%s)", area,
		     errno_name(fd));
	return fd;
}

/* Every zone that has memory; free() them. */
int zones_read(struct lab_run *run, int fd, struct mmkit_zone **zones)
{
	int nr = mmkit_pages_zones(fd, zones);

	if (nr <= 0)
		stop(run, "the zones cannot be read (%s)", errno_name(nr));
	return nr;
}

/* Free blocks of one order, in all zones. */
int64_t free_blocks(struct lab_run *run, int fd, unsigned int order)
{
	struct mmkit_zone *zones;
	int nr = zones_read(run, fd, &zones), i;
	int64_t blocks = 0;

	for (i = 0; i < nr; i++)
		blocks += zones[i].nr_free[order];
	free(zones);
	return blocks;
}

/* Pages in free blocks of that order and larger ones, in all zones. */
int64_t free_from(struct lab_run *run, int fd, unsigned int order)
{
	struct mmkit_zone *zones;
	int nr = zones_read(run, fd, &zones), i;
	int64_t pages = 0;
	unsigned int o;

	for (i = 0; i < nr; i++)
		for (o = order; o < zones[i].orders; o++)
			pages += zones[i].nr_free[o] << o;
	free(zones);
	return pages;
}

/* Free pages that wait on lists of CPUs, where free_from() does not see them. */
int64_t pages_waiting(struct lab_run *run, int fd)
{
	struct mmkit_zone *zones;
	int nr = zones_read(run, fd, &zones), i;
	int64_t pages = 0;

	for (i = 0; i < nr; i++)
		pages += zones[i].pcp_pages;
	free(zones);
	return pages;
}

/* Returns a handle. */
uint32_t pages_take(struct lab_run *run, int fd, unsigned int order,
		    uint32_t count, uint32_t gfp)
{
	struct mmkit_pages_alloc req = {
		.how = MMKIT_PAGES_BUDDY, .order = order, .count = count,
		.gfp = gfp, .node = -1,
	};
	int err = mmkit_pages_alloc(fd, &req);

	if (err)
		stop(run, "%u blocks of order %u cannot be had (%s)", count,
		     order, errno_name(err));
	return req.handle;
}

/* Gives @nr blocks from @first on back, 0: all that are left. */
void pages_give(struct lab_run *run, int fd, uint32_t handle, uint32_t first,
		uint32_t nr)
{
	int err = mmkit_pages_free(fd, handle, first, nr, 1);

	if (err)
		stop(run, "blocks cannot be given back (%s)", errno_name(err));
}

void pages_look(struct lab_run *run, int fd, uint32_t handle, uint32_t nr,
		struct mmkit_page *pages)
{
	if (mmkit_pages_describe(fd, handle, 0, nr, pages) != (int)nr)
		stop(run, "blocks cannot be described");
}

/*
 * The kernel's pages that were freed on this CPU wait on its list, the newest
 * on top. Take them and many more, and give them back in that order: what the
 * list may not keep, and gives to the buddy allocator, is what was on top.
 */
void flush_kernel_pages(struct lab_run *run, int fd)
{
	set_text(run, "/proc/sys/vm/percpu_pagelist_high_fraction", "1000000");
	pages_give(run, fd, pages_take(run, fd, 0, 2048, MMKIT_GFP_KERNEL), 0, 0);
}

/*
 * The page-table walk of an address: the entries from the root on, in room for
 * MMKIT_LEVELS. Returns how many there are.
 */
unsigned int walk_at(struct lab_run *run, struct mmkit_aspace_walk *walk,
		     struct mmkit_aspace_level *levels)
{
	int fd = lab_open(run, "aspace");
	int nr = mmkit_aspace_walk(fd, walk, levels);

	if (nr == -EOPNOTSUPP)
		skip(run, "mmkit does not walk like that on this kind of machine");
	if (nr < 1)
		stop(run, "/dev/mmkit/aspace walks no page tables (%s)",
		     errno_name(nr));
	mmkit_close(fd);
	return nr;
}

/* The same of one in the calling process. */
unsigned int walk_to(struct lab_run *run, const volatile void *addr,
		     struct mmkit_aspace_level *levels)
{
	struct mmkit_aspace_walk walk = { .address = (uintptr_t)addr };

	return walk_at(run, &walk, levels);
}

/* Page frame that the page tables of the calling process lead to. */
uint64_t walk_pfn(struct lab_run *run, const volatile void *addr)
{
	struct mmkit_aspace_walk walk = { .address = (uintptr_t)addr };
	struct mmkit_aspace_level levels[MMKIT_LEVELS];

	walk_at(run, &walk, levels);
	return walk.pfn;
}
