// SPDX-License-Identifier: GPL-2.0-only
/* Zones as /proc/zoneinfo and /proc/buddyinfo show them. */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/vmstat.h>
#include <mmkit/describe.h>
#include "compat/page.h"
#include "frag.h"
#include "pages.h"

static void read_pcp(struct mmkit_zone *out, const struct zone *zone)
{
	const struct per_cpu_pages *pcp;
	int cpu;

	for_each_online_cpu(cpu) {
		pcp = per_cpu_ptr(zone->per_cpu_pageset, cpu);
		out->pcp_pages += READ_ONCE(pcp->count);
	}
	pcp = per_cpu_ptr(zone->per_cpu_pageset,
			  cpumask_first(cpu_online_mask));
	out->pcp_high = READ_ONCE(pcp->high);
	out->pcp_batch = READ_ONCE(pcp->batch);
}

static void read_free(struct mmkit_zone *out, const struct zone *zone)
{
	unsigned int order;

	BUILD_BUG_ON(MMKIT_MAX_ORDER >= MMKIT_NR_ORDERS);

	out->orders = MMKIT_MAX_ORDER + 1;
	for (order = 0; order < out->orders; order++)
		out->nr_free[order] = READ_ONCE(zone->free_area[order].nr_free);
	for (order = 0; order < out->orders; order++) {
		out->unusable[order] =
			mmkit_frag_unusable(out->nr_free, out->orders, order);
		out->fragmentation[order] =
			mmkit_frag_index(out->nr_free, out->orders, order);
	}
}

static void read_zone(struct mmkit_zone *out, struct zone *zone, bool admin)
{
	*out = (struct mmkit_zone) {
		.node = zone_to_nid(zone),
		.zone = mmkit_zone_id(zone_idx(zone)),
		.start_pfn = admin ? zone->zone_start_pfn : 0,
		.spanned = zone->spanned_pages,
		.present = zone->present_pages,
		.managed = zone_managed_pages(zone),
		.free = zone_page_state(zone, NR_FREE_PAGES),
		.min = min_wmark_pages(zone),
		.low = low_wmark_pages(zone),
		.high = high_wmark_pages(zone),
	};
	strscpy(out->name, zone->name, sizeof(out->name));
	read_free(out, zone);
	read_pcp(out, zone);
}

/**
 * mmkit_zones_read() - Read every populated zone of every online node.
 * @zones: zeroed room
 * @room: elements of it
 *
 * for_each_populated_zone() does not link in a module.
 *
 * Context: Process.
 * Return: how many zones there are; at most @room were read.
 */
u32 mmkit_zones_read(struct mmkit_zone *zones, u32 room)
{
	bool admin = capable(CAP_SYS_ADMIN);
	u32 nr = 0;
	int node, i;

	for_each_online_node(node) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			struct zone *zone = &NODE_DATA(node)->node_zones[i];

			if (!populated_zone(zone))
				continue;
			if (nr < room)
				read_zone(&zones[nr], zone, admin);
			nr++;
		}
	}
	return nr;
}

static void show_orders(struct seq_file *m, const char *title, const s32 *values,
			u32 orders)
{
	u32 order;

	seq_printf(m, "  %-14s", title);
	for (order = 0; order < orders; order++)
		seq_printf(m, " %6d", values[order]);
	seq_putc(m, '\n');
}

/**
 * mmkit_zone_show() - Print a zone.
 * @m: where to
 * @zone: what
 *
 * Context: Process.
 */
void mmkit_zone_show(struct seq_file *m, const struct mmkit_zone *zone)
{
	u32 order;

	seq_printf(m, "Node %d, zone %s\n", zone->node, zone->name);
	seq_printf(m, "  pages free %llu min %llu low %llu high %llu spanned %llu present %llu managed %llu\n",
		   zone->free, zone->min, zone->low, zone->high, zone->spanned,
		   zone->present, zone->managed);
	seq_printf(m, "  per-cpu pages %llu high %u batch %u\n",
		   zone->pcp_pages, zone->pcp_high, zone->pcp_batch);
	seq_puts(m, "  order         ");
	for (order = 0; order < zone->orders; order++)
		seq_printf(m, " %6u", order);
	seq_puts(m, "\n  free blocks   ");
	for (order = 0; order < zone->orders; order++)
		seq_printf(m, " %6llu", zone->nr_free[order]);
	seq_putc(m, '\n');
	show_orders(m, "unusable", zone->unusable, zone->orders);
	show_orders(m, "fragmentation", zone->fragmentation, zone->orders);
}
