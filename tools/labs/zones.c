// SPDX-License-Identifier: GPL-2.0-only
/* Page frames are in zones, by what can be done with them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lab.h"

#define MIB		(1l << 20)
#define DMA_END		((16 * MIB) / page_size())
#define DMA32_END	((4096 * MIB) / page_size())

/* Zones of a node that begin before the one below them ends. */
static int64_t overlaps(const struct mmkit_zone *zones, int nr)
{
	int64_t found = 0;
	int i;

	for (i = 1; i < nr; i++)
		found += zones[i].node == zones[i - 1].node &&
			 zones[i].start_pfn < zones[i - 1].start_pfn +
					      zones[i - 1].spanned;
	return found;
}

static void describe(struct lab_run *run, const struct mmkit_zone *zones, int nr)
{
	int64_t managed = 0, wrong = 0, high = 0, marks = 0;
	int i;

	for (i = 0; i < nr; i++) {
		tell(run, "node %d zone %s: from page frame %#" PRIx64 ", %" PRIu64 " MiB managed.",
		     zones[i].node, zones[i].name, (uint64_t)zones[i].start_pfn,
		     (uint64_t)(zones[i].managed * page_size() / MIB));
		managed += zones[i].managed;
		wrong += zones[i].managed > zones[i].present ||
			 zones[i].present > zones[i].spanned;
		high += zones[i].zone == MMKIT_ZONE_HIGHMEM;
		marks += zones[i].min <= zones[i].low &&
			 zones[i].low <= zones[i].high;
	}
	claim(run, "all zones together are all memory (MemTotal)",
	      managed * page_size(), EQ, read_key(run, "/proc/meminfo", "MemTotal"),
	      "bytes");
	claim(run, "on a node they follow each other", overlaps(zones, nr), EQ, 0,
	      "overlaps");
	claim(run, "managed pages are some of the present, those of the spanned",
	      wrong, EQ, 0, "zones where not");
	claim(run, "each zone has its watermarks: min, low, high", marks, EQ, nr,
	      "zones");
	claim(run, "no zone is HIGHMEM", high, EQ, 0, "zones");
}

/* HIGHMEM is memory that the kernel has no addresses for. */
static void no_highmem(struct lab_run *run)
{
	static const char *const keys[] = {
		"DirectMap4k", "DirectMap2M", "DirectMap1G",
	};
	int64_t mapped = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (key_present("/proc/meminfo", keys[i]))
			mapped += read_key(run, "/proc/meminfo", keys[i]);
	if (!mapped)
		return;
	tell(run, "HIGHMEM was for 32 bits: page frames that the kernel has no address for. With 64 bits there are addresses for all.");
	claim(run, "the kernel's direct map covers all memory", mapped, GE,
	      read_key(run, "/proc/meminfo", "MemTotal"), "bytes");
}

/* The page frame that such an allocation gets; its zone in @zone. */
static uint64_t get_one(struct lab_run *run, int fd, uint32_t gfp,
			unsigned int *zone)
{
	uint32_t handle = pages_take(run, fd, 0, 1, gfp);
	struct mmkit_page page;

	pages_look(run, fd, handle, 1, &page);
	pages_give(run, fd, handle, 0, 0);
	*zone = page.zone;
	return page.pfn;
}

/* The highest zone that serves what cannot be moved. */
static unsigned int ordinary_zone(const struct mmkit_zone *zones, int nr)
{
	unsigned int best = MMKIT_ZONE_DMA;
	int i;

	for (i = 0; i < nr; i++)
		if (zones[i].zone <= MMKIT_ZONE_NORMAL && zones[i].managed &&
		    zones[i].zone > best)
			best = zones[i].zone;
	return best;
}

static bool has_zone(const struct mmkit_zone *zones, int nr, unsigned int zone)
{
	int i;

	for (i = 0; i < nr; i++)
		if (zones[i].zone == zone && zones[i].managed)
			return true;
	return false;
}

/* As on x86; other machines call what their devices reach so. */
static bool has_isa_zone(const struct mmkit_zone *zones, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		if (zones[i].zone == MMKIT_ZONE_DMA && zones[i].managed)
			return zones[i].start_pfn + zones[i].spanned <= DMA_END;
	return false;
}

static void ask_for(struct lab_run *run, int fd, const struct mmkit_zone *zones,
		    int nr)
{
	unsigned int zone, movable;
	uint64_t pfn;

	tell(run, "A page is asked for in different ways.");
	if (has_isa_zone(zones, nr)) {
		pfn = get_one(run, fd, MMKIT_GFP_DMA, &zone);
		claim(run, "GFP_DMA gives one below 16 MiB, for devices with 24 address lines",
		      pfn, LT, DMA_END, "pfn");
	}
	pfn = get_one(run, fd, MMKIT_GFP_DMA32, &zone);
	claim(run, "GFP_DMA32 one below 4 GiB, for devices with 32", pfn, LT,
	      DMA32_END, "pfn");
	get_one(run, fd, MMKIT_GFP_KERNEL, &zone);
	claim(run, "GFP_KERNEL one of the highest zone that is not MOVABLE", zone,
	      EQ, ordinary_zone(zones, nr), "as zone number");
	get_one(run, fd, MMKIT_GFP_HIGHUSER_MOVABLE, &movable);
	if (has_zone(zones, nr, MMKIT_ZONE_MOVABLE))
		claim(run, "what can be moved goes to MOVABLE, where only such things are",
		      movable, EQ, MMKIT_ZONE_MOVABLE, "as zone number");
	else
		claim(run, "without a zone MOVABLE (movablecore=), a movable page is there too",
		      movable, EQ, zone, "as zone number");
}

static void run_lab(struct lab_run *run)
{
	int fd = lab_open(run, "pages"), nr;
	struct mmkit_zone *zones;

	nr = zones_read(run, fd, &zones);
	describe(run, zones, nr);
	no_highmem(run);
	ask_for(run, fd, zones, nr);
	free(zones);
}

const struct lab zones_lab = {
	.name = "zones",
	.title = "page frames by what can be done with them: DMA, DMA32, NORMAL, MOVABLE",
	.needs = LAB_ROOT | LAB_PAGES,
	.code = { "include/linux/mmzone.h: enum zone_type",
		  "include/linux/gfp.h: gfp_zone()",
		  "mm/page_alloc.c: get_page_from_freelist()",
		  "mm/page_alloc.c: __setup_per_zone_wmarks()" },
	.docs = { "Documentation/admin-guide/kernel-parameters.txt",
		  "Documentation/mm/highmem.rst" },
	.run = run_lab,
};
