// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zones against /proc. Free pages move all the time, so mmkit is asked before
 * and after the kernel's files are read: where both answers are equal the files
 * show the same moment, and only then is a difference a difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "zone_verify.h"

#define TRIES	300

/* The kernel's files as they were read once. */
struct files {
	struct mmkit_proc_zone *buddy;
	struct mmkit_proc_zone *info;
	struct mmkit_proc_zone *unusable;
	struct mmkit_proc_zone *extfrag;
	int nr_buddy;
	int nr_info;
	int nr_unusable;
	int nr_extfrag;
};

static void files_read(struct files *f, unsigned int against)
{
	memset(f, 0, sizeof(*f));
	if (against & ZONE_BUDDYINFO)
		f->nr_buddy = mmkit_proc_buddyinfo(&f->buddy);
	if (against & ZONE_ZONEINFO)
		f->nr_info = mmkit_proc_zoneinfo(&f->info);
	if (!(against & ZONE_EXTFRAG))
		return;
	f->nr_unusable = mmkit_proc_unusable(&f->unusable);
	f->nr_extfrag = mmkit_proc_extfrag(&f->extfrag);
}

static void files_free(struct files *f)
{
	free(f->buddy);
	free(f->info);
	free(f->unusable);
	free(f->extfrag);
}

static const struct mmkit_proc_zone *
find(const struct mmkit_proc_zone *zones, int nr, const struct mmkit_zone *zone)
{
	int i;

	for (i = 0; i < nr; i++)
		if (zones[i].node == zone->node &&
		    !strcmp(zones[i].name, zone->name))
			return &zones[i];
	return NULL;
}

static int64_t ours(const struct mmkit_zone *zone, const char *what,
		    unsigned int order)
{
	if (!strcmp(what, "nr_free"))
		return zone->nr_free[order];
	return !strcmp(what, "unusable") ? zone->unusable[order] :
					   zone->fragmentation[order];
}

static void compare_orders(struct cli *cli, const struct mmkit_zone *zone,
			   const struct mmkit_proc_zone *zones, int nr,
			   const char *what, const char *source)
{
	const struct mmkit_proc_zone *theirs;
	unsigned int order;
	char where[64];

	if (nr < 0) {
		verify_skip(cli, what, source, nr);
		return;
	}
	if (!nr)
		return;
	theirs = find(zones, nr, zone);
	snprintf(where, sizeof(where), "node %d %s", zone->node, zone->name);
	verify_field(cli, "orders", source, where, zone->orders,
		     theirs ? theirs->orders : 0);
	for (order = 0; theirs && order < theirs->orders; order++) {
		snprintf(where, sizeof(where), "node %d %s order %u",
			 zone->node, zone->name, order);
		verify_field(cli, what, source, where, ours(zone, what, order),
			     theirs->per_order[order]);
	}
}

static void compare_info(struct cli *cli, const struct mmkit_zone *zone,
			 const struct files *f)
{
	const char *source = "/proc/zoneinfo";
	const struct mmkit_proc_zone *theirs;
	char where[64];

	if (f->nr_info < 0)
		verify_skip(cli, "zone", source, f->nr_info);
	theirs = f->nr_info > 0 ? find(f->info, f->nr_info, zone) : NULL;
	if (!theirs)
		return;
	snprintf(where, sizeof(where), "node %d %s", zone->node, zone->name);
#define FIELD(name) \
	verify_field(cli, #name, source, where, zone->name, theirs->name)
	FIELD(free);
	FIELD(min);
	FIELD(low);
	FIELD(high);
	FIELD(spanned);
	FIELD(present);
	FIELD(managed);
	if (zone->start_pfn)
		FIELD(start_pfn);
	if (theirs->cpus) {
		FIELD(pcp_pages);
		FIELD(pcp_high);
		FIELD(pcp_batch);
	}
#undef FIELD
}

static void compare(struct cli *cli, const struct mmkit_zone *zones, int nr,
		    const struct files *f)
{
	int i;

	verify_reset(cli);
	for (i = 0; i < nr; i++) {
		compare_orders(cli, &zones[i], f->buddy, f->nr_buddy, "nr_free",
			       "/proc/buddyinfo");
		compare_info(cli, &zones[i], f);
		compare_orders(cli, &zones[i], f->unusable, f->nr_unusable,
			       "unusable", "extfrag/unusable_index");
		compare_orders(cli, &zones[i], f->extfrag, f->nr_extfrag,
			       "fragmentation", "extfrag/extfrag_index");
	}
}

static bool same(const struct mmkit_zone *a, int nr_a,
		 const struct mmkit_zone *b, int nr_b)
{
	return nr_a == nr_b && !memcmp(a, b, nr_a * sizeof(*a));
}

/* Fills cli->checks; returns the zones that were compared, or -errno. */
int zones_verified(struct cli *cli, int fd, unsigned int against,
		   struct mmkit_zone **zones)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	struct mmkit_zone *again;
	struct files files;
	int try, nr, nr_again = 0;
	bool quiet;

	for (try = 0;; try++) {
		nr = mmkit_pages_zones(fd, zones);
		if (nr < 0)
			return nr;
		files_read(&files, against);
		nr_again = mmkit_pages_zones(fd, &again);
		quiet = nr_again >= 0 && same(*zones, nr, again, nr_again);
		compare(cli, *zones, nr, &files);
		files_free(&files);
		free(again);
		if ((quiet && !verify_failed(cli)) || try == TRIES ||
		    interrupted())
			return nr;
		free(*zones);
		nanosleep(&pause, NULL);
	}
}
