/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drawings. A caller fills in what is to be seen, once; it is then shown as text,
 * as wide and as colourful as where it goes allows, or written as SVG, from the
 * same figures. Nothing here reads anything, and nothing knows what is drawn.
 *
 * Strings and arrays belong to the caller and must outlive the call.
 */
#ifndef MMKIT_DRAW_H
#define MMKIT_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum draw_color {
	DRAW_GREY, DRAW_BLUE, DRAW_RED, DRAW_YELLOW, DRAW_GREEN, DRAW_PURPLE,
	DRAW_ORANGE, DRAW_CYAN, DRAW_BROWN, DRAW_PINK, DRAW_OLIVE, DRAW_BLACK,
	DRAW_WHITE,	/* nothing is there */
	DRAW_COLORS
};

/* Where text goes to, and what it may use. */
struct draw_text {
	FILE *file;
	unsigned int columns;
	bool utf8;
	bool color;
	bool svg;	/* between DRAW_SVG_BEGIN and _END, instead of text */
};

/* Shift out and shift in: no text has them. */
#define DRAW_SVG_BEGIN	'\016'
#define DRAW_SVG_END	'\017'

struct draw_text draw_text_to(FILE *file, bool color);

/* Writes a number as the axis wants it read; returns @buf. */
typedef const char *(*draw_number_fn)(double value, char *buf, size_t len);

const char *draw_decimal(double value, char *buf, size_t len);
const char *draw_hex(double value, char *buf, size_t len);
const char *draw_bytes(double value, char *buf, size_t len);
const char *draw_percent(double value, char *buf, size_t len);

/* A kind of cell or band, as the legend names it. */
struct draw_class {
	const char *name;
	char glyph;	/* stands for it in text; ' ' for nothing there */
	enum draw_color color;
};

struct draw_classes {
	const struct draw_class *class;
	unsigned int nr;
};

/*
 * Many small things of a few kinds, in rows: blocks of memory, slots of a slab,
 * pages of a mapping, references against policies.
 */
struct draw_cells {
	const char *title;
	struct draw_classes classes;
	const uint8_t *cell;		/* index of its class */
	size_t nr;
	unsigned int per_row;		/* 0: as many as fit */
	/* What stands before the row that begins at cell @first; or NULL. */
	const char *(*label)(void *data, size_t first, char *buf, size_t len);
	/* More about one cell, for the tool tip; or NULL. */
	const char *(*tip)(void *data, size_t cell, char *buf, size_t len);
	void *data;
};

/* A range of something linear: addresses, page frames, time. */
struct draw_band {
	uint64_t start;
	uint64_t end;		/* exclusive */
	const char *name;
	uint8_t class;
};

/* Ranges to scale, in ascending order; what lies between them is a gap. */
struct draw_bands {
	const char *title;
	struct draw_classes classes;
	const struct draw_band *band;
	size_t nr;
	draw_number_fn number;	/* of starts and ends; NULL for draw_hex() */
	bool squeeze;		/* gaps are drawn short, and marked as such */
	bool sizes;		/* starts and ends mean nothing and are not told */
	bool all;		/* bands too small to be seen are seen all the same */
};

/* Several, each to its own scale, below each other. */
struct draw_stack {
	const struct draw_bands *bands;
	size_t nr;
};

struct draw_curve {
	const char *name;
	const double *x;
	const double *y;
	size_t nr;
};

/* Curves over one axis; y begins at 0. */
struct draw_curves {
	const char *title;
	const struct draw_curve *curve;
	size_t nr;
	bool log_x;		/* base 2; x is 1 or more */
	double y_max;		/* 0: the largest there is */
	draw_number_fn x_number;	/* NULL for draw_decimal() */
	draw_number_fn y_number;
};

struct draw_bar {
	const char *name;
	double value;
	const char *text;	/* after the bar, or NULL for the value */
	enum draw_color color;
};

/* Amounts beside each other: histograms, fill levels, costs. */
struct draw_bars {
	const char *title;
	const struct draw_bar *bar;
	size_t nr;
	double max;		/* 0: the largest there is */
	draw_number_fn number;
};

struct draw_node {
	unsigned int depth;	/* 0 for a root; at most one more than before */
	const char *text;
	enum draw_color color;
};

/* Nodes in the order of a walk that visits a parent before its children. */
struct draw_tree {
	const char *title;
	const struct draw_node *node;
	size_t nr;
};

void draw_cells_text(const struct draw_text *out, const struct draw_cells *cells);
void draw_bands_text(const struct draw_text *out, const struct draw_bands *bands);
void draw_curves_text(const struct draw_text *out, const struct draw_curves *curves);
void draw_bars_text(const struct draw_text *out, const struct draw_bars *bars);
void draw_tree_text(const struct draw_text *out, const struct draw_tree *tree);

/* As what it goes to takes it: text, or SVG. */
void draw_cells(const struct draw_text *out, const struct draw_cells *cells);
void draw_bands(const struct draw_text *out, const struct draw_bands *bands);
void draw_curves(const struct draw_text *out, const struct draw_curves *curves);
void draw_bars(const struct draw_text *out, const struct draw_bars *bars);
void draw_tree(const struct draw_text *out, const struct draw_tree *tree);

/* One <svg> element each; several make a page. */
void draw_cells_svg(FILE *file, const struct draw_cells *cells);
void draw_bands_svg(FILE *file, const struct draw_bands *bands);
void draw_stack_svg(FILE *file, const struct draw_stack *stack);
void draw_curves_svg(FILE *file, const struct draw_curves *curves);
void draw_bars_svg(FILE *file, const struct draw_bars *bars);
void draw_tree_svg(FILE *file, const struct draw_tree *tree);

/*
 * draw_file(): one drawing into a file of its own, by any of the above.
 * Returns 0 or -errno of the file.
 */
#define draw_file(path, draw, what) __extension__ ({			\
	FILE *_file = draw_file_open(path);				\
	if (_file)							\
		draw(_file, what);					\
	draw_file_close(_file);						\
})
/* Text as XML and HTML want it, in an element or an attribute. */
void draw_escape(FILE *file, const char *text);

FILE *draw_file_open(const char *path);
int draw_file_close(FILE *file);

#endif
