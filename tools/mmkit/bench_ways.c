// SPDX-License-Identifier: GPL-2.0-only
/* mmkit bench map: the suite as one table, a line for each way to map a page. */
#include <stdio.h>
#include <string.h>

#include "bench.h"

/* Of the suite, what has a column. */
static const struct column cols[] = {
	{ "WAY", "way", F_TEXT, 0, 0 },
	{ "MAP+TOUCH", "map/touch", F_MILLI, C_RIGHT, 0 },
	{ "UNMAP", "map/unmap", F_MILLI, C_RIGHT, 0 },
	{ "UNMAP 1G", "map/unmap-1G", F_MILLI, C_RIGHT, 0 },
	{ "FORK 1G", "map/fork-1G", F_MILLI, C_RIGHT, 0 },
};

static struct json_object *way_of(struct json_object *ways, const char *name)
{
	size_t i, nr = json_object_array_length(ways), k;
	struct json_object *way;

	for (i = 0; i < nr; i++) {
		way = json_object_array_get_idx(ways, i);
		if (!strcmp(json_object_get_string(j_get(way, "way")), name))
			return way;
	}
	way = j_obj();
	j_str(way, "way", name);
	for (k = 1; k < ARRAY_SIZE(cols); k++)
		j_null(way, cols[k].key);
	json_object_array_add(ways, way);
	return way;
}

static struct json_object *ways_json(struct json_object *rows)
{
	struct json_object *ways = j_arr(), *row, *way;
	size_t i, nr = json_object_array_length(rows);

	for (i = 0; i < nr; i++) {
		row = json_object_array_get_idx(rows, i);
		if (!j_get(row, "subject") || j_get(row, "skipped"))
			continue;
		way = way_of(ways, json_object_get_string(j_get(row, "subject")));
		j_add(way, json_object_get_string(j_get(row, "row")),
		      json_object_get(j_get(row, "cost")));
	}
	return ways;
}

void bench_show_ways(struct cli *cli, struct json_object *obj)
{
	struct json_object *ways = ways_json(j_get(obj, "rows"));

	if (!cli->opt.rows_set) {
		cli->opt.rows_set = true;
		cli->opt.rows = 0;
	}
	bench_show_config(obj);
	out_line("A page: mapped and written to once, of %d MiB; unmapped; and of 1 GiB\n"
		 "unmapped, and passed by fork().",
		 json_object_get_boolean(j_get(j_get(obj, "key"), "brief")) ?
		 4 : 32);
	out_table(cli, ways, cols, ARRAY_SIZE(cols));
	json_object_put(ways);
	bench_show_end(obj);
}
