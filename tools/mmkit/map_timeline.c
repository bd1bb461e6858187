// SPDX-License-Identifier: GPL-2.0-only
/* The events of a mapping over time: pages downwards, time to the right. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "map_pager.h"
#include "out.h"

#define ACROSS	64
#define DOWN	32

enum { NOTHING, READ, WRITE, MKWRITE, EVICT, WRITEBACK, CLASSES };

static const struct draw_class classes[CLASSES] = {
	[NOTHING] = { "nothing", '.', DRAW_WHITE },
	[READ] = { "read", 'r', DRAW_BLUE },
	[WRITE] = { "write", 'w', DRAW_RED },
	[MKWRITE] = { "mkwrite", 'm', DRAW_ORANGE },
	[EVICT] = { "evict", 'e', DRAW_GREY },
	[WRITEBACK] = { "writeback", 'b', DRAW_PURPLE },
};

struct timeline {
	struct draw_cells cells;
	uint8_t cell[ACROSS * DOWN];
	uint64_t pages_each;	/* of a row */
	char title[96];
};

static uint8_t class_of(struct json_object *event)
{
	const char *kind = json_object_get_string(j_get(event, "kind"));
	uint8_t class;

	for (class = CLASSES - 1; class > READ; class--)
		if (!strcmp(classes[class].name, kind))
			break;
	return class;
}

static const char *label(void *data, size_t first, char *buf, size_t len)
{
	const struct timeline *t = data;

	snprintf(buf, len, "page %llu", (unsigned long long)
		 (first / ACROSS * t->pages_each));
	return buf;
}

struct bounds {
	uint64_t from;
	uint64_t ns;
	uint64_t pages;
};

static struct bounds bounds_of(struct json_object *records)
{
	size_t i, nr = json_object_array_length(records);
	struct bounds bounds = { .from = UINT64_MAX };
	uint64_t end = 0, at, page;

	for (i = 0; i < nr; i++) {
		struct json_object *event = json_object_array_get_idx(records, i);

		at = j_get_u64(event, "ns");
		page = j_get_u64(event, "page");
		bounds.from = at < bounds.from ? at : bounds.from;
		end = at > end ? at : end;
		bounds.pages = page >= bounds.pages ? page + 1 : bounds.pages;
	}
	bounds.ns = end - bounds.from + 1;
	return bounds;
}

/* Of several events in one cell the last is seen. False when there are none. */
static bool timeline_make(struct timeline *t, struct json_object *events)
{
	struct json_object *records = j_get(events, "records"), *event;
	size_t i, nr = json_object_array_length(records);
	struct bounds bounds = bounds_of(records);
	uint64_t row, column;

	memset(t, 0, sizeof(*t));
	if (!nr)
		return false;
	t->pages_each = (bounds.pages + DOWN - 1) / DOWN;
	for (i = 0; i < nr; i++) {
		event = json_object_array_get_idx(records, i);
		row = j_get_u64(event, "page") / t->pages_each;
		column = (double)(j_get_u64(event, "ns") - bounds.from) * ACROSS /
			 bounds.ns;
		t->cell[row * ACROSS + column] = class_of(event);
	}
	snprintf(t->title, sizeof(t->title),
		 "Events over %llu us: pages downwards, time to the right",
		 (unsigned long long)bounds.ns / 1000);
	t->cells = (struct draw_cells) {
		.title = t->title, .classes = { classes, CLASSES },
		.cell = t->cell, .per_row = ACROSS,
		.nr = (bounds.pages + t->pages_each - 1) / t->pages_each * ACROSS,
		.label = label, .data = t,
	};
	return true;
}

void timeline_show(struct cli *cli, struct json_object *events)
{
	struct draw_text out = out_drawing(cli);
	struct timeline timeline;

	if (timeline_make(&timeline, events))
		draw_cells(&out, &timeline.cells);
}

/* Returns 0 or -errno: -ENODATA when nothing was recorded. */
int timeline_svg(const char *path, struct json_object *events)
{
	struct timeline timeline;

	if (!timeline_make(&timeline, events))
		return -ENODATA;
	return draw_file(path, draw_cells_svg, &timeline.cells);
}
