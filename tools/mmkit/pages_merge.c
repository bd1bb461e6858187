// SPDX-License-Identifier: GPL-2.0-only
/* The blocks of pages drain as they merge: a row for each step, a cell for each block. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "pages.h"

#define BLOCKS	16	/* of a run, and so the steps */
#define ORDERS	6	/* a block's own and those above it; the last is all larger */
#define WIDE	4	/* cells of a block */

struct merges {
	struct draw_cells cells;
	struct draw_class class[1 + ORDERS];	/* held, then free by order */
	char name[ORDERS][32];
	uint8_t cell[(BLOCKS + 1) * BLOCKS * WIDE];
};

static void make_classes(struct merges *m, unsigned int order)
{
	static const enum draw_color colors[ORDERS] = {
		DRAW_OLIVE, DRAW_CYAN, DRAW_BLUE, DRAW_PURPLE, DRAW_GREEN,
		DRAW_GREEN,
	};
	unsigned int i;

	m->class[0] = (struct draw_class){ "held", '#', DRAW_RED };
	for (i = 0; i < ORDERS; i++) {
		snprintf(m->name[i], sizeof(m->name[i]), "free, of order %u%s",
			 order + i, i + 1 < ORDERS ? "" : " and up");
		m->class[1 + i] = (struct draw_class) {
			m->name[i], '0' + (order + i) % 10, colors[i],
		};
	}
}

/* After a step: what lies in the free block has its order. */
static void step_row(uint8_t *state, struct json_object *step, uint64_t first,
		     unsigned int order, size_t nr)
{
	uint64_t head = j_get_u64(step, "free_pfn"), pfn;
	unsigned int grown = j_get_u64(step, "free_order");
	size_t i;

	if (!j_get(step, "free_pfn") || grown < order)
		return;
	for (i = 0; i < nr; i++) {
		pfn = first + ((uint64_t)i << order);
		if (pfn >= head && pfn < head + (1ull << grown))
			state[i] = 1 + (grown - order < ORDERS ? grown - order :
								 ORDERS - 1);
	}
}

static void add_row(struct merges *m, const uint8_t *state, size_t nr)
{
	size_t i;

	for (i = 0; i < nr * WIDE; i++)
		m->cell[m->cells.nr++] = state[i / WIDE];
}

static const char *label(void *data, size_t first, char *buf, size_t len)
{
	const struct merges *m = data;

	snprintf(buf, len, "step %zu", first / m->cells.per_row);
	return buf;
}

static void merges_make(struct merges *m, struct json_object *obj)
{
	struct json_object *steps = j_get(obj, "steps");
	size_t i, nr = json_object_array_length(steps);
	unsigned int order = j_get_u64(obj, "order");
	uint8_t state[BLOCKS] = { 0 };

	make_classes(m, order);
	nr = nr < BLOCKS ? nr : BLOCKS;
	m->cells = (struct draw_cells) {
		.title = "Buddies that merge: neighbours freed one after the other",
		.classes = { m->class, 1 + ORDERS }, .cell = m->cell,
		.per_row = nr * WIDE, .label = label, .data = m,
	};
	add_row(m, state, nr);
	for (i = 0; i < nr; i++) {
		step_row(state, json_object_array_get_idx(steps, i),
			 j_get_u64(obj, "run_pfn"), order, nr);
		add_row(m, state, nr);
	}
}

void pages_merge_show(struct cli *cli, struct json_object *obj)
{
	struct draw_text out = out_drawing(cli);
	struct merges merges;

	merges_make(&merges, obj);
	draw_cells(&out, &merges.cells);
}

/* Returns 0 or -errno. */
int pages_merge_svg(const char *path, struct json_object *obj)
{
	struct merges merges;

	merges_make(&merges, obj);
	return draw_file(path, draw_cells_svg, &merges.cells);
}
