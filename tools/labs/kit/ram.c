// SPDX-License-Identifier: GPL-2.0-only
/* All of the machine's memory: its zones, and each page frame of it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "run.h"

#define AT_ONCE	4096

/* What the zones of a node say together, of all nodes with -1. */
struct zone_sum zones_sum(struct lab_run *run, int node)
{
	struct zone_sum sum = { 0 };
	struct mmkit_proc_zone *zones;
	int nr = mmkit_proc_zoneinfo(&zones), i;

	if (nr < 0)
		stop(run, "/proc/zoneinfo cannot be read");
	for (i = 0; i < nr; i++) {
		if (node >= 0 && zones[i].node != node)
			continue;
		sum.free += zones[i].free;
		sum.min += zones[i].min;
		sum.low += zones[i].low;
		sum.high += zones[i].high;
		sum.present += zones[i].present;
		sum.managed += zones[i].managed;
		sum.batched += zones[i].pcp_pages;
		if (zones[i].spanned && zones[i].start_pfn + zones[i].spanned > sum.end)
			sum.end = zones[i].start_pfn + zones[i].spanned;
	}
	free(zones);
	return sum;
}

/* The CPUs count by themselves and add it up some time; now, all of them. */
void fold_counters(struct lab_run *run)
{
	write_text(run, "/proc/sys/vm/stat_refresh", "1");
}

static void each_in(struct lab_run *run, uint64_t from, uint64_t to,
		    frame_fn fn, void *data)
{
	uint64_t flags[AT_ONCE];
	size_t nr, i;

	while (from < to) {
		nr = to - from < AT_ONCE ? to - from : AT_ONCE;
		if (mmkit_proc_kpageflags(from, flags, nr) != (int)nr)
			stop(run, "/proc/kpageflags cannot be read");
		for (i = 0; i < nr; i++)
			fn(data, from + i, flags[i]);
		from += nr;
	}
}

/* Calls @fn for each page frame that /proc/iomem calls System RAM. */
void each_frame(struct lab_run *run, frame_fn fn, void *data)
{
	FILE *file = fopen("/proc/iomem", "re");
	uint64_t from, to, size = page_size();
	char line[128];
	int end;

	if (!file)
		stop(run, "/proc/iomem cannot be read (%s)", errno_name(errno));
	while (fgets(line, sizeof(line), file)) {
		end = 0;
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " : System RAM%n", &from,
			   &to, &end) == 2 && end)
			each_in(run, (from + size - 1) / size, (to + 1) / size,
				fn, data);
	}
	fclose(file);
}
