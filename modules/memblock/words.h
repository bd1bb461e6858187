/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ABI's numbers as words, each list in the order of its enum: for the control
 * file and for the command, which take the same.
 */
#ifndef _MMKIT_MEMBLOCK_WORDS_H
#define _MMKIT_MEMBLOCK_WORDS_H

/* At the position of each set of flags its names. */
static const char *const memblock_flags[] = {
	"none", "hotplug", "mirror", "hotplug+mirror", "nomap",
	"hotplug+nomap", "mirror+nomap", "hotplug+mirror+nomap",
	"driver_managed", "hotplug+driver_managed", "mirror+driver_managed",
	"hotplug+mirror+driver_managed", "nomap+driver_managed",
	"hotplug+nomap+driver_managed", "mirror+nomap+driver_managed",
	"hotplug+mirror+nomap+driver_managed", "rsrv_noinit", NULL
};

static const char *const memblock_hows[] = {
	"try_nid", "exact_nid", "phys_range", "phys_try_nid", "find", NULL
};

static const char *const memblock_asks[] = {
	"is_memory", "is_map_memory", "is_reserved", "is_region_memory",
	"is_region_reserved", "overlaps_memory", "node_of", NULL
};

static const char *const memblock_lists[] = {
	"memory", "reserved", "free", "free_reverse", "mem_ranges",
	"pfn_ranges", NULL
};

#endif
