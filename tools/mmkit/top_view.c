// SPDX-License-Identifier: GPL-2.0-only
/* The lists of mmkit top: their columns, and what one row is in full. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"

#define BAR	24

static const struct top_column zone_columns[] = {
	{ "NODE", "node", F_TEXT, 4 },
	{ "ZONE", "zone", F_TEXT, -8 },
	{ "FREE", "free", F_TEXT, 9 },
	{ "MIN", "min", F_TEXT, 7 },
	{ "LOW", "low", F_TEXT, 7 },
	{ "HIGH", "high", F_TEXT, 7 },
	{ "MANAGED", "managed", F_TEXT, 9 },
	{ "PCP", "pcp_pages", F_TEXT, 7 },
	{ "LARGEST", "largest_free_order", F_TEXT, 7 },
};

static const struct top_column cache_columns[] = {
	{ "CACHE", "cache", F_TEXT, -21 },
	{ "ACTIVE", "active", F_TEXT, 8 },
	{ "OBJECTS", "objects", F_TEXT, 8 },
	{ "SIZE", "object_bytes", F_TEXT, 7 },
	{ "SLABS", "slabs", F_TEXT, 6 },
	{ "MEMORY", "bytes", F_SIZE, 8 },
	{ "UNUSED", "unused", F_SIZE, 8 },
	{ "FILL", "fill", F_MILLI, 5 },
};

static const struct top_column session_columns[] = {
	{ "SESSION", "session", F_TEXT, 8 },
	{ "AREA", "area", F_TEXT, -10 },
	{ "HANDLES", "handles", F_TEXT, 9 },
	{ "BYTES", "bytes", F_SIZE, 9 },
	{ "PID", "pid", F_TEXT, 8 },
	{ "COMMAND", "command", F_TEXT, -16 },
};

static const struct top_column order_columns[] = {
	{ "ORDER", "order", F_TEXT, 6 },
	{ "PER-SECOND", "per_second", F_TEXT, 11 },
	{ "SINCE-START", "blocks", F_TEXT, 12 },
};

static const char *bar(char text[BAR + 3], uint64_t value, uint64_t max)
{
	unsigned int i, full = max ? (value < max ? value : max) * BAR / max : 0;

	text[0] = '[';
	for (i = 0; i < BAR; i++)
		text[1 + i] = i < full ? '|' : ' ';
	text[BAR + 1] = ']';
	text[BAR + 2] = '\0';
	return text;
}

static int64_t element(struct json_object *row, const char *key, size_t i)
{
	return json_object_get_int64(json_object_array_get_idx(j_get(row, key), i));
}

/* Free lists as bars: what part of the zone's free pages each order holds. */
static void zone_detail(struct json_object *row, void (*line)(const char *text))
{
	size_t i, nr = json_object_array_length(j_get(row, "nr_free"));
	bool indices = j_get(row, "unusable");
	uint64_t free = j_get_u64(row, "free");
	char text[200], drawn[BAR + 3];

	snprintf(text, sizeof(text), "free of managed %s %llu of %llu pages",
		 bar(drawn, free, j_get_u64(row, "managed")),
		 (unsigned long long)free,
		 (unsigned long long)j_get_u64(row, "managed"));
	line(text);
	line(indices ? "ORDER   BLOCKS  PART OF WHAT IS FREE       UNUSABLE  FRAGMENTED" :
		       "ORDER   BLOCKS  PART OF WHAT IS FREE       (indices: mmkit load)");
	for (i = 0; i < nr; i++) {
		uint64_t blocks = element(row, "nr_free", i);

		snprintf(text, sizeof(text), "%5zu %8llu  %s", i,
			 (unsigned long long)blocks,
			 bar(drawn, blocks << i, free));
		if (indices)
			snprintf(text + strlen(text), sizeof(text) - strlen(text),
				 "%8.3f %11.3f",
				 element(row, "unusable", i) / 1000.0,
				 element(row, "fragmentation", i) / 1000.0);
		line(text);
	}
}

static void cache_detail(struct json_object *row, void (*line)(const char *text))
{
	static const char *const files[] = {
		"object_size", "slab_size", "align", "order", "objs_per_slab",
		"min_partial", "cpu_partial", "aliases", "usersize",
	};
	const char *cache = json_object_get_string(j_get(row, "cache"));
	char text[200], drawn[BAR + 3];
	uint64_t value;
	size_t i;

	snprintf(text, sizeof(text), "filled %s %llu of %llu objects in use",
		 bar(drawn, j_get_u64(row, "fill"), 1000),
		 (unsigned long long)j_get_u64(row, "active"),
		 (unsigned long long)j_get_u64(row, "objects"));
	line(text);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		if (mmkit_sys_slab(cache, files[i], &value))
			continue;
		snprintf(text, sizeof(text), "%-14s %llu", files[i],
			 (unsigned long long)value);
		line(text);
	}
}

/* What it holds: the lines of its area's own file that name it. */
static void session_detail(struct json_object *row, void (*line)(const char *text))
{
	unsigned long long id = j_get_u64(row, "session"), of;
	char path[96], text[200];
	bool ours = false;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/mmkit/%s/objects",
		 json_object_get_string(j_get(row, "area")));
	file = fopen(path, "re");
	line(file ? path : "its area shows no objects");
	while (file && fgets(text, sizeof(text), file)) {
		text[strcspn(text, "\n")] = '\0';
		if (sscanf(text, "session %llu", &of) == 1)
			ours = of == id;
		if (ours)
			line(text);
	}
	if (file)
		fclose(file);
}

const struct top_view top_views[] = {
	{ 'z', "zones", "zones", "zone", zone_columns, ARRAY_SIZE(zone_columns),
	  zone_detail },
	{ 'c', "slab caches", "caches", "cache", cache_columns,
	  ARRAY_SIZE(cache_columns), cache_detail },
	{ 'm', "mmkit sessions", "sessions", "command", session_columns,
	  ARRAY_SIZE(session_columns), session_detail },
	{ 'a', "allocations", "allocations", "order", order_columns,
	  ARRAY_SIZE(order_columns), NULL },
};

const unsigned int top_nr_views = ARRAY_SIZE(top_views);

void top_cell(char *text, size_t len, struct json_object *row,
	      const struct top_column *column)
{
	struct json_object *value = j_get(row, column->key);
	char cell[64];

	switch (column->format) {
	case F_SIZE:
		format_size(cell, sizeof(cell), json_object_get_uint64(value));
		break;
	case F_MILLI:
		snprintf(cell, sizeof(cell), "%lld%%",
			 (long long)json_object_get_int64(value) / 10);
		break;
	default:
		snprintf(cell, sizeof(cell), "%s", json_object_get_string(value));
	}
	snprintf(text, len, "%*.*s ", column->width, abs(column->width), cell);
}

/* Numbers from the largest on, words by the alphabet. */
int top_compare(struct json_object *a, struct json_object *b, const char *key)
{
	struct json_object *x = j_get(a, key), *y = j_get(b, key);
	int64_t m, n;

	if (json_object_is_type(x, json_type_string))
		return strcmp(json_object_get_string(x), json_object_get_string(y));
	m = json_object_get_int64(x);
	n = json_object_get_int64(y);
	return m > n ? -1 : m < n;
}
