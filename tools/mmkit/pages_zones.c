// SPDX-License-Identifier: GPL-2.0-only
/* mmkit pages zones, buddy and frag. */
#include "pages.h"

/* Keeps of each zone its place and the arrays under @keys. */
static struct json_object *pick(struct json_object *zones,
				const char *const *keys)
{
	struct json_object *arr = j_arr(), *from, *row;
	size_t i, nr = json_object_array_length(zones);
	const char *const *key;

	for (i = 0; i < nr; i++) {
		from = json_object_array_get_idx(zones, i);
		row = j_obj();
		j_add(row, "node", json_object_get(j_get(from, "node")));
		j_add(row, "zone", json_object_get(j_get(from, "zone")));
		for (key = keys; *key; key++)
			j_add(row, *key, json_object_get(j_get(from, *key)));
		json_object_array_add(arr, row);
	}
	return arr;
}

static int show_zones_of(struct cli *cli, unsigned int against,
			 const char *const *keys, show_fn show)
{
	struct json_object *zones, *obj;
	int fd, status;

	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	zones = zones_sample(cli, fd, against, &status);
	if (!zones)
		return status;
	obj = j_obj();
	if (keys) {
		j_add(obj, "zones", pick(zones, keys));
		json_object_put(zones);
	} else {
		j_add(obj, "zones", zones);
	}
	return result(cli, obj, show);
}

static void show_zones(struct cli *cli, struct json_object *obj)
{
	zones_show(cli, j_get(obj, "zones"));
}

static void show_buddy(struct cli *cli, struct json_object *obj)
{
	out_line("Free blocks per order:");
	zones_show_per_order(cli, j_get(obj, "zones"), "nr_free", F_TEXT);
}

static void show_frag(struct cli *cli, struct json_object *obj)
{
	zones_show_frag(cli, j_get(obj, "zones"));
}

int pages_zones_run(struct cli *cli, void *opts, int argc, char **argv)
{
	(void)opts;
	(void)argc;
	(void)argv;
	return show_zones_of(cli, ZONE_ZONEINFO | ZONE_BUDDYINFO, NULL,
			     show_zones);
}

int pages_buddy_run(struct cli *cli, void *opts, int argc, char **argv)
{
	static const char *const keys[] = { "nr_free", NULL };

	(void)opts;
	(void)argc;
	(void)argv;
	return show_zones_of(cli, ZONE_BUDDYINFO, keys, show_buddy);
}

int pages_frag_run(struct cli *cli, void *opts, int argc, char **argv)
{
	static const char *const keys[] = { "unusable", "fragmentation", NULL };

	(void)opts;
	(void)argc;
	(void)argv;
	return show_zones_of(cli, ZONE_EXTFRAG | ZONE_BUDDYINFO, keys, show_frag);
}
