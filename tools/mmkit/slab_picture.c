// SPDX-License-Identifier: GPL-2.0-only
/* Pictures of slabs: the bytes of a slot, the slots of slabs. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <draw.h>

#include "slab.h"

/* Parts of a slot, in the order in which they lie, and a free slot's object. */
enum { LEFT, OBJECT, GAP, POINTER, TAIL, PARTS, FREE = PARTS, CLASSES };

static const struct draw_class classes[CLASSES] = {
	[LEFT] = { "red zone before it", 'r', DRAW_RED },
	[OBJECT] = { "object", 'O', DRAW_BLUE },
	[GAP] = { "rounding or red zone behind it", '-', DRAW_YELLOW },
	[POINTER] = { "pointer to the next free one", 'p', DRAW_PURPLE },
	[TAIL] = { "alignment, red zone, owners", '.', DRAW_GREY },
	[FREE] = { "free object", 'f', DRAW_CYAN },
};

static const char *const keys[PARTS] = {
	"left_red_zone", "object", "gap", "free_pointer", "tail",
};

static void draw_slot(const struct draw_text *out, struct json_object *cache)
{
	struct json_object *slot = j_get(cache, "slot");
	struct draw_band band[PARTS];
	struct draw_bands bands = {
		.title = "The bytes of a slot",
		.classes = { classes, PARTS },
		.band = band, .number = draw_decimal,
	};
	uint64_t at = 0, bytes;
	unsigned int part;

	for (part = 0; part < PARTS; part++) {
		bytes = j_get_u64(slot, keys[part]);
		if (!bytes)
			continue;
		band[bands.nr++] = (struct draw_band) {
			.start = at, .end = at + bytes,
			.name = classes[part].name, .class = part,
		};
		at += bytes;
	}
	draw_bands(out, &bands);
}

/* Every slot of every slab, one after the other. */
struct slots {
	uint8_t *cell;
	size_t nr;
	size_t per_slab;
	struct json_object *slabs;
};

static const char *slab_label(void *data, size_t first, char *buf, size_t len)
{
	const struct slots *slots = data;
	struct json_object *slab;

	buf[0] = '\0';
	if (first % slots->per_slab)
		return buf;
	slab = json_object_array_get_idx(slots->slabs, first / slots->per_slab);
	snprintf(buf, len, "0x%llx", (unsigned long long)j_get_u64(slab, "pfn"));
	return buf;
}

static int slots_make(struct slots *slots, struct json_object *draw)
{
	struct json_object *slabs = j_get(draw, "slabs");
	size_t i, k, nr = json_object_array_length(slabs);
	const char *text;

	slots->slabs = slabs;
	slots->per_slab = j_get_u64(j_get(draw, "cache"), "slots");
	slots->cell = calloc(nr * slots->per_slab + 1, 1);
	if (!slots->cell)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		text = json_object_get_string(j_get(
			json_object_array_get_idx(slabs, i), "slots"));
		for (k = 0; text[k] && k < slots->per_slab; k++)
			slots->cell[slots->nr++] = text[k] == '#' ? 0 : 1;
	}
	return 0;
}

/* A slab begins a row; one of many slots takes several. */
static void draw_slots(const struct draw_text *out, struct json_object *draw)
{
	bool merged = json_object_get_boolean(j_get(j_get(draw, "cache"),
						    "merged"));
	const struct draw_class used[] = {
		{ "object of this session", '#', DRAW_BLUE },
		{ merged ? "free, or of a cache merged with it" : "free",
		  merged ? '?' : '.', DRAW_CYAN },
	};
	struct slots slots = { 0 };
	struct draw_cells cells;

	if (slots_make(&slots, draw))
		return;
	cells = (struct draw_cells) {
		.title = "The slots of the slabs",
		.classes = { used, ARRAY_SIZE(used) },
		.cell = slots.cell, .nr = slots.nr,
		.per_row = slots.per_slab < 64 ? slots.per_slab : 64,
		.label = slots.per_slab % 64 && slots.per_slab > 64 ?
			 NULL : slab_label,
		.data = &slots,
	};
	draw_cells(out, &cells);
	free(slots.cell);
}

void slab_picture(struct cli *cli, struct json_object *draw)
{
	struct draw_text out = out_drawing(cli);

	draw_slot(&out, j_get(draw, "cache"));
	out_blank();
	draw_slots(&out, draw);
	out_line("%llu bytes are left over at the end of each.",
		 (unsigned long long)j_get_u64(j_get(draw, "cache"),
					       "left_over"));
}

/* What lies at @byte of a slot. */
static unsigned int part_at(struct json_object *slot, uint64_t byte)
{
	unsigned int part;
	uint64_t end = 0;

	for (part = 0; part < PARTS - 1; part++) {
		end += j_get_u64(slot, keys[part]);
		if (byte < end)
			break;
	}
	return part;
}

#define ACROSS	64	/* cells of a slot, at most */
#define DOWN	64	/* slots, at most */

static const char *slot_label(void *data, size_t first, char *buf, size_t len)
{
	snprintf(buf, len, "%zu", first / *(unsigned int *)data);
	return buf;
}

/* The first slab: a row for each slot, a cell for a word or more. */
int slab_picture_svg(const char *path, struct json_object *draw)
{
	struct json_object *cache = j_get(draw, "cache"),
		*slot = j_get(cache, "slot"),
		*slab = json_object_array_get_idx(j_get(draw, "slabs"), 0);
	const char *used = json_object_get_string(j_get(slab, "slots"));
	uint64_t stride = j_get_u64(cache, "stride");
	unsigned int across = stride < 8 * ACROSS ? stride / 8 : ACROSS, part;
	uint8_t cell[ACROSS * DOWN];
	struct draw_cells cells = {
		.title = "A slab: a row for each slot, bytes from left to right",
		.classes = { classes, CLASSES },
		.cell = cell, .per_row = across ? across : 1,
		.label = slot_label, .data = &across,
	};
	size_t i, k;

	for (i = 0; used && used[i] && i < DOWN; i++)
		for (k = 0; k < cells.per_row; k++) {
			part = part_at(slot, k * stride / cells.per_row);
			if (part == OBJECT && used[i] != '#')
				part = FREE;
			cell[cells.nr++] = part;
		}
	return draw_file(path, draw_cells_svg, &cells);
}
