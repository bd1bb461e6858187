// SPDX-License-Identifier: GPL-2.0-only
/* Zones: read, as JSON and as text. */
#include <stdlib.h>
#include <string.h>

#include "zone.h"
#include "zone_verify.h"

static struct json_object *u64_array(const uint64_t *values, unsigned int nr)
{
	struct json_object *arr = j_arr();
	unsigned int i;

	for (i = 0; i < nr; i++)
		json_object_array_add(arr, json_object_new_uint64(values[i]));
	return arr;
}

static struct json_object *s32_array(const int32_t *values, unsigned int nr)
{
	struct json_object *arr = j_arr();
	unsigned int i;

	for (i = 0; i < nr; i++)
		json_object_array_add(arr, json_object_new_int(values[i]));
	return arr;
}

static struct json_object *zone_json(const struct mmkit_zone *zone)
{
	unsigned int orders = zone->orders;
	struct json_object *obj = j_obj();

	if (orders > MMKIT_NR_ORDERS)
		orders = MMKIT_NR_ORDERS;
	j_num(obj, "node", zone->node);
	j_str(obj, "zone", zone->name);
	j_u64(obj, "start_pfn", zone->start_pfn);
	j_u64(obj, "spanned", zone->spanned);
	j_u64(obj, "present", zone->present);
	j_u64(obj, "managed", zone->managed);
	j_u64(obj, "free", zone->free);
	j_u64(obj, "min", zone->min);
	j_u64(obj, "low", zone->low);
	j_u64(obj, "high", zone->high);
	j_u64(obj, "pcp_pages", zone->pcp_pages);
	j_u64(obj, "pcp_high", zone->pcp_high);
	j_u64(obj, "pcp_batch", zone->pcp_batch);
	j_add(obj, "nr_free", u64_array((const uint64_t *)zone->nr_free, orders));
	j_add(obj, "unusable", s32_array(zone->unusable, orders));
	j_add(obj, "fragmentation", s32_array(zone->fragmentation, orders));
	return obj;
}

struct json_object *zones_json(const struct mmkit_zone *zones, int nr)
{
	struct json_object *arr = j_arr();
	int i;

	for (i = 0; i < nr; i++)
		json_object_array_add(arr, zone_json(&zones[i]));
	return arr;
}

/*
 * Reads the zones; with --verify, at a moment when they equal the files that
 * @against names. NULL when that failed, with the exit status in @status.
 */
struct json_object *zones_sample(struct cli *cli, int fd, unsigned int against,
				 int *status)
{
	struct json_object *arr;
	struct mmkit_zone *zones;
	int nr;

	if (cli->opt.verify && against)
		nr = zones_verified(cli, fd, against, &zones);
	else
		nr = mmkit_pages_zones(fd, &zones);
	if (nr < 0) {
		*status = explain(cli, NULL, nr, "reading the zones");
		return NULL;
	}
	arr = zones_json(zones, nr);
	free(zones);
	return arr;
}

void zones_show(struct cli *cli, struct json_object *zones)
{
	static const struct column pages[] = {
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "ZONE", "zone", F_TEXT, 0, 0 },
		{ "START", "start_pfn", F_HEX, C_RIGHT, 0 },
		{ "SPANNED", "spanned", F_TEXT, C_RIGHT, 0 },
		{ "PRESENT", "present", F_TEXT, C_RIGHT, 0 },
		{ "MANAGED", "managed", F_TEXT, C_RIGHT, 0 },
		{ "FREE", "free", F_TEXT, C_RIGHT, 0 },
	};
	static const struct column marks[] = {
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "ZONE", "zone", F_TEXT, 0, 0 },
		{ "MIN", "min", F_TEXT, C_RIGHT, 0 },
		{ "LOW", "low", F_TEXT, C_RIGHT, 0 },
		{ "HIGH", "high", F_TEXT, C_RIGHT, 0 },
		{ "PCP-PAGES", "pcp_pages", F_TEXT, C_RIGHT, 0 },
		{ "PCP-HIGH", "pcp_high", F_TEXT, C_RIGHT, 0 },
		{ "PCP-BATCH", "pcp_batch", F_TEXT, C_RIGHT, 0 },
	};

	out_table(cli, zones, pages, ARRAY_SIZE(pages));
	out_line("\nWatermarks and per-cpu lists, in pages:");
	out_table(cli, zones, marks, ARRAY_SIZE(marks));
}

/* One column per order of the array under @key. */
void zones_show_per_order(struct cli *cli, struct json_object *zones,
			  const char *key, enum format format)
{
	static const char *const heads[MMKIT_NR_ORDERS] = {
		"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11",
		"12", "13", "14", "15",
	};
	struct column cols[MMKIT_NR_ORDERS + 2] = {
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "ZONE", "zone", F_TEXT, 0, 0 },
	};
	struct json_object *first = json_object_array_get_idx(zones, 0);
	unsigned int i, orders;

	if (!first)
		return;
	orders = json_object_array_length(j_get(first, key));
	for (i = 0; i < orders; i++)
		cols[i + 2] = (struct column){ heads[i], key, format,
					       C_RIGHT | C_ELEM, i };
	out_table(cli, zones, cols, orders + 2);
}

void zones_show_frag(struct cli *cli, struct json_object *zones)
{
	out_line("Unusable free space index per order: what part of the free memory an\n"
		 "allocation of that order cannot use.");
	zones_show_per_order(cli, zones, "unusable", F_MILLI);
	out_line("\nFragmentation index per order: would fail for lack of memory (0) or by\n"
		 "fragmentation (1); - where an allocation would succeed.");
	zones_show_per_order(cli, zones, "fragmentation", F_INDEX);
}
