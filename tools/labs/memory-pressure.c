// SPDX-License-Identifier: GPL-2.0-only
/* Memory gets short: watermarks, kswapd, direct reclaim, and time lost. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"

#define CHUNK	(4 << 20)
#define PLENTY	(16 << 20)
#define MARGIN	(32 << 20)	/* that may be read before kswapd is woken */
#define ENOUGH	(512 << 20)

#define LIMIT	(4 << 20)
#define LARGE	(8 << 20)

static void watermarks(struct lab_run *run)
{
	struct zone_sum zones = zones_sum(run, -1);

	tell(run, "Of %llu MiB are %llu free.",
	     (unsigned long long)PAGES(zones.managed) >> 20,
	     (unsigned long long)PAGES(zones.free) >> 20);
	detail(run, "watermarks in pages: min %llu, low %llu, high %llu",
	       (unsigned long long)zones.min, (unsigned long long)zones.low,
	       (unsigned long long)zones.high);
	claim(run, "kswapd is woken at the low watermark, before anybody has to wait at min",
	      zones.low, GT, zones.min, "pages");
	claim(run, "and works until more is free than when it was woken: high",
	      zones.high, GT, zones.low, "pages");
}

/*
 * The low watermark is put a little below what is free, and min 2% of memory
 * below that, so that nobody but kswapd has work.
 */
static void raise_watermarks(struct lab_run *run)
{
	struct zone_sum zones = zones_sum(run, -1);
	int64_t min = PAGES(zones.free) - PAGES(zones.managed) / 50 - MARGIN;
	char text[24];

	if (zones.free < zones.managed / 4)
		skip(run, "three quarters of memory are in use");
	snprintf(text, sizeof(text), "%lld", (long long)min / 1024);
	set_text(run, "/proc/sys/vm/watermark_scale_factor", "200");
	set_text(run, "/proc/sys/vm/min_free_kbytes", text);
}

static int64_t event(struct lab_run *run, const char *key)
{
	return read_key(run, "/proc/vmstat", key);
}

/* Reads on, from @at, until kswapd has taken something or enough was read. */
static size_t read_disk(struct lab_run *run, int fd, size_t at, size_t end)
{
	int64_t taken = event(run, "pgsteal_kswapd");
	char *buffer = malloc(CHUNK);

	for (; at < end && event(run, "pgsteal_kswapd") == taken; at += CHUNK)
		if (!buffer || pread(fd, buffer, CHUNK, at) != CHUNK)
			stop(run, "the disk cannot be read (%s)", errno_name(errno));
	free(buffer);
	return at;
}

static void background(struct lab_run *run)
{
	int fd = disk_open(run, ENOUGH);
	int64_t scanned = event(run, "pgscan_kswapd"), taken;
	size_t at = read_disk(run, fd, 0, PLENTY);

	tell(run, "%zu MiB of a disk are read, and the page cache grows.", at >> 20);
	claim(run, "with much more free than the high watermark kswapd sleeps",
	      event(run, "pgscan_kswapd") - scanned, EQ, 0, "pages");
	taken = event(run, "pgsteal_kswapd");
	raise_watermarks(run);
	at = read_disk(run, fd, at, ENOUGH);
	tell(run, "The watermarks are raised until low is just below what is free, and reading goes on, up to %zu MiB.",
	     at >> 20);
	claim(run, "kswapd has woken and looks for pages to take",
	      event(run, "pgscan_kswapd") - scanned, GT, 0, "pages");
	claim(run, "it takes pages of the cache, which can be read again",
	      event(run, "pgsteal_kswapd") - taken, GT, 0, "pages");
	close(fd);
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=1234", in microseconds */
static int64_t stalled(struct lab_run *run, const char *path)
{
	char text[256], *total;

	read_text(run, path, text, sizeof(text));
	total = strstr(text, "total=");
	return total ? strtoll(total + 6, NULL, 10) : 0;
}

static int64_t need_more(struct lab_run *run, void *data)
{
	char *mem = take_private(run, LARGE);

	(void)data;
	touch_write(mem, LARGE);
	touch_write(mem, LARGE);
	return present_in(run, mem, LARGE);
}

static void at_the_limit(struct lab_run *run)
{
	const char *group = cgroup_new(run, "pressure");
	char text[16], psi[160];
	int64_t there, all;

	snprintf(text, sizeof(text), "%d", LIMIT);
	snprintf(psi, sizeof(psi), "%s/memory.pressure", group);
	cgroup_set(run, group, "memory.max", text);
	cgroup_enter(run, group);
	all = access("/proc/pressure/memory", F_OK) ? -1 :
		stalled(run, "/proc/pressure/memory");
	there = in_child(run, need_more, NULL);
	tell(run, "In a cgroup that may use 4M a process writes 8M, twice. %lld pages of it are there at the end.",
	     (long long)there);
	claim(run, "it was at its limit again and again",
	      cgroup_key(run, group, "memory.events", "max"), GT, 0, "times");
	claim(run, "and had to take pages from itself: direct reclaim",
	      cgroup_key(run, group, "memory.stat", "pgsteal"), GE,
	      (2 * LARGE - LIMIT) / page_size() / 2, "pages");
	if (all < 0) {
		tell(run, "This kernel does not measure stalls (CONFIG_PSI, psi=1).");
		return;
	}
	claim(run, "the time that it waited for memory is measured: pressure stall information",
	      stalled(run, psi), GT, 0, "microseconds");
	claim(run, "of the cgroup, and of the machine",
	      stalled(run, "/proc/pressure/memory") - all, GT, 0, "microseconds");
}

static void run_lab(struct lab_run *run)
{
	watermarks(run);
	at_the_limit(run);
	background(run);
}

const struct lab memory_pressure_lab = {
	.name = "memory-pressure",
	.title = "watermarks, kswapd, direct reclaim, and the time it costs",
	.needs = LAB_ROOT | LAB_MEMCG | LAB_SWAP,
	.code = { "mm/page_alloc.c: __setup_per_zone_wmarks()",
		  "mm/page_alloc.c: __alloc_pages_slowpath()",
		  "mm/vmscan.c: balance_pgdat()", "kernel/sched/psi.c: psi_memstall_enter()" },
	.docs = { "Documentation/accounting/psi.rst",
		  "Documentation/admin-guide/sysctl/vm.rst" },
	.run = run_lab,
};
