// SPDX-License-Identifier: GPL-2.0-only
/* Amounts beside each other. */
#include "parts.h"

#define BAR		16.0
#define WIDTH		480.0

struct layout {
	double max;
	unsigned int name;	/* characters */
	unsigned int text;
};

static const char *text_of(const struct draw_bars *bars,
			   const struct draw_bar *bar, char *buf, size_t len)
{
	return bar->text ?: (bars->number ?: draw_decimal)(bar->value, buf, len);
}

static struct layout layout_of(const struct draw_bars *bars)
{
	struct layout layout = { .max = bars->max };
	const struct draw_bar *bar;
	unsigned int has;
	char buf[32];
	size_t i;

	for (i = 0; i < bars->nr; i++) {
		bar = &bars->bar[i];
		if (!bars->max && bar->value > layout.max)
			layout.max = bar->value;
		has = text_width(bar->name);
		layout.name = has > layout.name ? has : layout.name;
		has = text_width(text_of(bars, bar, buf, sizeof(buf)));
		layout.text = has > layout.text ? has : layout.text;
	}
	if (layout.max <= 0)
		layout.max = 1;
	return layout;
}

static double share(const struct layout *layout, double value)
{
	double of = value / layout->max;

	return of < 0 ? 0 : of > 1 ? 1 : of;
}

void draw_bars_text(const struct draw_text *out, const struct draw_bars *bars)
{
	struct layout layout = layout_of(bars);
	unsigned int room = 10, eighths;
	char buf[32];
	size_t i;

	if (out->columns > layout.name + layout.text + room + 3)
		room = out->columns - layout.name - layout.text - 3;
	text_title(out, bars->title);
	for (i = 0; i < bars->nr; i++) {
		const struct draw_bar *bar = &bars->bar[i];

		text_pad(out, bar->name, layout.name);
		putc('|', out->file);
		eighths = share(&layout, bar->value) * room * DRAW_EIGHTHS;
		/* What there is shows, be it ever so little. */
		if (!eighths && bar->value > 0)
			eighths = 1;
		text_color(out, bar->color);
		for (; eighths >= DRAW_EIGHTHS; eighths -= DRAW_EIGHTHS)
			fputs(text_fill_right(out, DRAW_EIGHTHS), out->file);
		fputs(text_fill_right(out, eighths), out->file);
		text_plain(out);
		fprintf(out->file, " %s\n", text_of(bars, bar, buf, sizeof(buf)));
	}
}

void draw_bars_svg(FILE *file, const struct draw_bars *bars)
{
	struct layout layout = layout_of(bars);
	double left = SVG_MARGIN + 7.0 * layout.name + 8, y = 34;
	char buf[32];
	size_t i;

	svg_open(file, left + WIDTH + 8.0 * layout.text + SVG_MARGIN,
		 y + bars->nr * BAR + SVG_MARGIN, bars->title);
	for (i = 0; i < bars->nr; i++) {
		const struct draw_bar *bar = &bars->bar[i];
		double wide = share(&layout, bar->value) * WIDTH;

		svg_text(file, left - 6, y + BAR - 5, "end", bar->name);
		fprintf(file, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
			left, y + 1, wide, BAR - 3, svg_color(bar->color));
		svg_text(file, left + wide + 5, y + BAR - 5, "start",
			 text_of(bars, bar, buf, sizeof(buf)));
		y += BAR;
	}
	svg_close(file);
}
