// SPDX-License-Identifier: GPL-2.0-only
/* Many small things of a few kinds, in rows. */
#include <stdlib.h>

#include "parts.h"

#define CELL		10.0
#define LABEL		130.0
#define SVG_PER_ROW	64

struct row {
	size_t first;
	size_t end;
	char label[64];
};

static uint64_t *count(const struct draw_cells *cells)
{
	uint64_t *counts = calloc(cells->classes.nr, sizeof(*counts));
	size_t i;

	for (i = 0; counts && i < cells->nr; i++)
		counts[cells->cell[i]]++;
	return counts;
}

static bool next_row(const struct draw_cells *cells, unsigned int per_row,
		     struct row *row)
{
	row->first = row->end;
	if (row->first >= cells->nr)
		return false;
	row->end = row->first + per_row;
	if (row->end > cells->nr)
		row->end = cells->nr;
	row->label[0] = '\0';
	if (cells->label)
		cells->label(cells->data, row->first, row->label,
			     sizeof(row->label));
	return true;
}

/* Power of two that fits beside labels as wide as the last one's. */
static unsigned int fitting(const struct draw_cells *cells, unsigned int columns)
{
	struct row last = { .end = cells->nr ? cells->nr - 1 : 0 };
	unsigned int per_row = 8;

	if (cells->per_row)
		return cells->per_row;
	next_row(cells, 1, &last);
	while (per_row * 2 + text_width(last.label) + 1 <= columns)
		per_row *= 2;
	return per_row;
}

static unsigned int label_width(const struct draw_cells *cells,
				unsigned int per_row)
{
	struct row row = { .end = 0 };
	unsigned int width = 0, has;

	while (next_row(cells, per_row, &row)) {
		has = text_width(row.label);
		if (has > width)
			width = has;
	}
	return width;
}

void draw_cells_text(const struct draw_text *out, const struct draw_cells *cells)
{
	unsigned int per_row = fitting(cells, out->columns);
	unsigned int width = label_width(cells, per_row);
	uint64_t *counts = count(cells);
	struct row row = { .end = 0 };
	size_t i;

	text_title(out, cells->title);
	while (next_row(cells, per_row, &row)) {
		if (width) {
			text_pad(out, row.label, width);
			putc(' ', out->file);
		}
		for (i = row.first; i < row.end; i++)
			text_glyph(out, &cells->classes.class[cells->cell[i]]);
		putc('\n', out->file);
	}
	if (counts)
		text_legend(out, &cells->classes, counts);
	free(counts);
}

/* Neighbours of one kind are one shape, unless each has something to say. */
static size_t run_end(const struct draw_cells *cells, size_t at, size_t end)
{
	size_t i = at + 1;

	while (!cells->tip && i < end && cells->cell[i] == cells->cell[at])
		i++;
	return i;
}

static void svg_run(FILE *file, const struct draw_cells *cells, size_t at,
		    size_t end, double x, double y)
{
	const struct draw_class *class = &cells->classes.class[cells->cell[at]];
	char tip[128];

	fprintf(file, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>",
		x, y, (end - at) * CELL - 1, CELL - 1, svg_color(class->color));
	draw_escape(file, class->name);
	if (cells->tip) {
		fputs(": ", file);
		draw_escape(file, cells->tip(cells->data, at, tip, sizeof(tip)));
	}
	fputs("</title></rect>\n", file);
}

void draw_cells_svg(FILE *file, const struct draw_cells *cells)
{
	unsigned int per_row = cells->per_row ?: SVG_PER_ROW;
	double rows = (cells->nr + per_row - 1) / per_row;
	double left = SVG_MARGIN + (cells->label ? LABEL : 0), y = 32;
	double width = left + per_row * CELL + SVG_MARGIN;
	uint64_t *counts = count(cells);
	struct row row = { .end = 0 };
	size_t i, end;

	svg_open(file, width < 840 ? 840 : width,
		 y + rows * CELL + svg_legend_height(&cells->classes) + 8,
		 cells->title);
	while (next_row(cells, per_row, &row)) {
		if (cells->label)
			svg_text(file, left - 6, y + CELL - 1, "end", row.label);
		for (i = row.first; i < row.end; i = end) {
			end = run_end(cells, i, row.end);
			svg_run(file, cells, i, end,
				left + (i - row.first) * CELL, y);
		}
		y += CELL;
	}
	if (counts)
		svg_legend(file, y, &cells->classes, counts);
	free(counts);
	svg_close(file);
}
