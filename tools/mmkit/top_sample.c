// SPDX-License-Identifier: GPL-2.0-only
/* One look at the machine: a handful of the kernel's files, each read once. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "top.h"

#define SESSIONS	"/sys/kernel/debug/mmkit/info/sessions"
#define ROOM		(64 * 1024)

/* The whole of a file; NULL when there is none. */
static char *slurp(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : malloc(ROOM);
	size_t at = 0;
	ssize_t got;

	while (text && at < ROOM - 1 &&
	       (got = read(fd, text + at, ROOM - 1 - at)) > 0)
		at += got;
	if (text)
		text[at] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

/* Calls @take with the name and the number of each line "NAME[:] NUMBER ...". */
static void each_pair(char *text, void (*take)(struct top_sample *sample,
					       const char *name, uint64_t value),
		      struct top_sample *sample)
{
	char *save, *line, name[64];
	unsigned long long value;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "%63[^: ]%*[: ]%llu", name, &value) == 2)
			take(sample, name, value);
}

/* By the names of /proc/vmstat; those that end in '*' are summed over zones. */
static const char *const vmstat_names[TOP_COUNTERS] = {
	[TOP_FAULTS] = "pgfault", [TOP_MAJOR] = "pgmajfault",
	[TOP_ALLOCATED] = "pgalloc_*", [TOP_FREED] = "pgfree",
	[TOP_SWAP_IN] = "pswpin", [TOP_SWAP_OUT] = "pswpout",
	[TOP_SCANNED] = "pgscan_direct", [TOP_RECLAIMED] = "pgsteal_kswapd",
	[TOP_STALLS] = "allocstall_*", [TOP_COMPACTIONS] = "compact_stall",
};

const char *const top_counter_names[] = {
	"faults", "major_faults", "allocated", "freed", "swapped_in",
	"swapped_out", "scanned", "reclaimed", "stalls", "compactions",
};

static void take_vmstat(struct top_sample *sample, const char *name,
			uint64_t value)
{
	const char *want;
	size_t len;
	int i;

	/* Both kinds of reclaim count as one. */
	if (!strcmp(name, "pgscan_kswapd"))
		name = "pgscan_direct";
	else if (!strcmp(name, "pgsteal_direct"))
		name = "pgsteal_kswapd";
	for (i = 0; i < TOP_COUNTERS; i++) {
		want = vmstat_names[i];
		len = strlen(want) - 1;
		if (want[len] == '*' ? !strncmp(name, want, len) :
				       !strcmp(name, want))
			sample->counters[i] += value;
	}
}

static const char *const meminfo_names[TOP_AMOUNTS] = {
	"MemTotal", "MemFree", "MemAvailable", "Cached", "AnonPages", "Slab",
	"PageTables", "SwapTotal", "SwapFree",
};

const char *const top_amount_names[] = {
	"total", "free", "available", "cached", "anonymous", "slab",
	"page_tables", "swap_total", "swap_free",
};

static void take_meminfo(struct top_sample *sample, const char *name,
			 uint64_t value)
{
	int i;

	for (i = 0; i < TOP_AMOUNTS; i++)
		if (!strcmp(name, meminfo_names[i]))
			sample->amounts[i] = value * 1024;
}

static int read_pairs(const char *path, struct top_sample *sample,
		      void (*take)(struct top_sample *sample, const char *name,
				   uint64_t value))
{
	char *text = slurp(path);

	if (!text)
		return -errno;
	each_pair(text, take, sample);
	free(text);
	return 0;
}

/* "some avg10=0.00 ...": not every kernel has it. */
static int pressure(const char *text, const char *which)
{
	const char *line = text ? strstr(text, which) : NULL;
	unsigned int whole, part;

	if (!line || sscanf(line + strlen(which), " avg10=%u.%2u", &whole, &part) != 2)
		return -1;
	return whole * 1000 + part * 10;
}

static void read_pressure(struct top_sample *sample)
{
	char *text = slurp("/proc/pressure/memory");

	sample->some_milli = pressure(text, "some");
	sample->full_milli = pressure(text, "full");
	free(text);
}

static int take_session(struct top_sample *sample, const char *line)
{
	struct top_session session, *more;

	if (sscanf(line, "%llu %31s %lld %lld %19[^(] (%d)", &session.id,
		   session.area, &session.handles, &session.bytes, session.comm,
		   &session.pid) != 6)
		return 0;
	session.comm[strcspn(session.comm, " ")] = '\0';
	more = reallocarray(sample->sessions, sample->nr_sessions + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	more[sample->nr_sessions++] = session;
	sample->sessions = more;
	return 0;
}

/* Nothing when mmkit is not loaded, which is no failure. */
static int read_sessions(struct top_sample *sample)
{
	char *text = slurp(SESSIONS), *save, *line;
	int err = 0;

	if (!text)
		return 0;
	for (line = strtok_r(text, "\n", &save); line && !err;
	     line = strtok_r(NULL, "\n", &save))
		err = take_session(sample, line);
	free(text);
	return err;
}

/* zoneinfo has no free lists, and buddyinfo has nothing else. */
static int read_zones(struct top_sample *sample)
{
	struct mmkit_proc_zone *free_lists;
	int i, j, nr;

	sample->nr_zones = mmkit_proc_zoneinfo(&sample->zones);
	if (sample->nr_zones < 0)
		return sample->nr_zones;
	nr = mmkit_proc_buddyinfo(&free_lists);
	if (nr < 0)
		return nr;
	for (i = 0; i < sample->nr_zones; i++) {
		struct mmkit_proc_zone *zone = &sample->zones[i];

		for (j = 0; j < nr; j++) {
			if (free_lists[j].node != zone->node ||
			    strcmp(free_lists[j].name, zone->name))
				continue;
			zone->orders = free_lists[j].orders;
			memcpy(zone->per_order, free_lists[j].per_order,
			       sizeof(zone->per_order));
		}
	}
	free(free_lists);
	return 0;
}

/* @pages_fd: of the pages area, or negative. Returns 0 or -errno. */
int top_sample_read(struct top_sample *sample, int pages_fd)
{
	int err;

	memset(sample, 0, sizeof(*sample));
	clock_gettime(CLOCK_MONOTONIC, &sample->at);
	err = read_pairs("/proc/vmstat", sample, take_vmstat);
	if (!err)
		err = read_pairs("/proc/meminfo", sample, take_meminfo);
	if (!err)
		err = read_zones(sample);
	if (!err)
		err = read_sessions(sample);
	if (err)
		return err;
	read_pressure(sample);
	/* Only root may read it. */
	sample->nr_caches = mmkit_proc_slabinfo(&sample->caches);
	if (pages_fd >= 0)
		sample->nr_indices = mmkit_pages_zones(pages_fd, &sample->indices);
	return 0;
}

void top_sample_free(struct top_sample *sample)
{
	if (sample->nr_zones > 0)
		free(sample->zones);
	if (sample->nr_caches > 0)
		free(sample->caches);
	if (sample->nr_indices > 0)
		free(sample->indices);
	free(sample->sessions);
	memset(sample, 0, sizeof(*sample));
}
