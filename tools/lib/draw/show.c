// SPDX-License-Identifier: GPL-2.0-only
/* A drawing as what it goes to takes it: text, or SVG with a mark on either side. */
#include "draw.h"

#define DRAW(kind)							\
void draw_##kind(const struct draw_text *out, const struct draw_##kind *what) \
{									\
	if (!out->svg) {						\
		draw_##kind##_text(out, what);				\
		return;							\
	}								\
	putc(DRAW_SVG_BEGIN, out->file);				\
	draw_##kind##_svg(out->file, what);				\
	putc(DRAW_SVG_END, out->file);					\
}

DRAW(cells)
DRAW(bands)
DRAW(curves)
DRAW(bars)
DRAW(tree)
