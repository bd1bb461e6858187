/* SPDX-License-Identifier: GPL-2.0-only */
/* What the drawings are made of. */
#ifndef MMKIT_DRAW_PARTS_H
#define MMKIT_DRAW_PARTS_H

#include "draw.h"

/* text.c */
#define DRAW_EIGHTHS	8	/* what a character can be filled in */

const char *text_fill_up(const struct draw_text *out, int eighths);
const char *text_fill_right(const struct draw_text *out, int eighths);
void text_color(const struct draw_text *out, enum draw_color color);
void text_plain(const struct draw_text *out);
void text_title(const struct draw_text *out, const char *title);
void text_glyph(const struct draw_text *out, const struct draw_class *class);
void text_legend(const struct draw_text *out, const struct draw_classes *classes,
		 const uint64_t *counts);
unsigned int text_width(const char *text);
void text_pad(const struct draw_text *out, const char *text, unsigned int width);

/* svg.c */
#define SVG_TEXT	14.0	/* from one line of text to the next */
#define SVG_MARGIN	20.0

void svg_open(FILE *file, double width, double height, const char *title);
void svg_close(FILE *file);
void svg_text(FILE *file, double x, double y, const char *anchor,
	      const char *text);
const char *svg_color(enum draw_color color);
double svg_legend(FILE *file, double y, const struct draw_classes *classes,
		  const uint64_t *counts);
double svg_legend_height(const struct draw_classes *classes);

/* number.c */
double draw_log2(double value);

#endif
