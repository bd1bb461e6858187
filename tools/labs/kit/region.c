// SPDX-License-Identifier: GPL-2.0-only
/* The regions of the lab's own address space, from /proc/self/maps. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run.h"

/* Static: malloc() could make a region while they are being read. */
static char text[256 * 1024];

static void read_maps(struct lab_run *run)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;
	size_t have = 0;

	if (fd < 0)
		stop(run, "/proc/self/maps cannot be read (%s)",
		     errno_name(errno));
	while (got > 0 && have < sizeof(text) - 1) {
		got = read(fd, text + have, sizeof(text) - 1 - have);
		have += got > 0 ? got : 0;
	}
	close(fd);
	text[have] = '\0';
}

static bool parse(const char *line, struct region *region)
{
	memset(region, 0, sizeof(*region));
	return sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64
		      " %*s %" SCNu64 " %95[^\n]", &region->from, &region->to,
		      region->perms, &region->offset, &region->inode,
		      region->name) >= 5;
}

/* The kernel's own page that every process sees is in no address space. */
static bool is_ours(const struct region *region)
{
	return strcmp(region->name, "[vsyscall]");
}

/* All of them; free() them. */
size_t regions_read(struct lab_run *run, struct region **regions)
{
	struct region one, *more;
	char *line, *save;
	size_t nr = 0;

	read_maps(run);
	*regions = NULL;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!parse(line, &one) || !is_ours(&one))
			continue;
		more = reallocarray(*regions, nr + 1, sizeof(*more));
		if (!more)
			stop(run, "out of memory");
		*regions = more;
		more[nr++] = one;
	}
	return nr;
}

/* The region that an address is in. */
void region_at(struct lab_run *run, const void *addr, struct region *region)
{
	uint64_t at = (uintptr_t)addr;
	struct region *regions;
	size_t nr = regions_read(run, &regions), i;

	for (i = 0; i < nr; i++)
		if (regions[i].from <= at && at < regions[i].to)
			break;
	if (i == nr)
		stop(run, "an address of the lab is in no region");
	*region = regions[i];
	free(regions);
}

/* How many regions have a part in a range. */
size_t regions_in(struct lab_run *run, const void *mem, size_t bytes)
{
	uint64_t from = (uintptr_t)mem, to = from + bytes;
	struct region *regions;
	size_t nr = regions_read(run, &regions), found = 0, i;

	for (i = 0; i < nr; i++)
		found += regions[i].from < to && from < regions[i].to;
	free(regions);
	return found;
}

/* Does its region have these permissions, and that name (NULL: any)? */
bool region_is(struct lab_run *run, const void *addr, const char *perms,
	       const char *name)
{
	struct region region;

	region_at(run, addr, &region);
	detail(run, "%012" PRIx64 "-%012" PRIx64 " %s %s", region.from,
	       region.to, region.perms, region.name[0] ? region.name :
	       "(anonymous)");
	return !strcmp(region.perms, perms) &&
	       (!name || !strcmp(region.name, name));
}
