// SPDX-License-Identifier: GPL-2.0-only
/* What SVG drawings share. They fit a light and a dark page. */
#include <errno.h>

#include "parts.h"

const char *svg_color(enum draw_color color)
{
	static const char *const colors[DRAW_COLORS] = {
		[DRAW_GREY] = "#8a8f98", [DRAW_BLUE] = "#1b6ca8",
		[DRAW_RED] = "#d1495b", [DRAW_YELLOW] = "#edae49",
		[DRAW_GREEN] = "#2e8b57", [DRAW_PURPLE] = "#6a4c93",
		[DRAW_ORANGE] = "#e07a1f", [DRAW_CYAN] = "#17a2b8",
		[DRAW_BROWN] = "#8c564b", [DRAW_PINK] = "#d977b8",
		[DRAW_OLIVE] = "#9a9b2f", [DRAW_BLACK] = "#333333",
		[DRAW_WHITE] = "none",
	};

	return colors[color];
}

void draw_escape(FILE *file, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<': fputs("&lt;", file); break;
		case '>': fputs("&gt;", file); break;
		case '&': fputs("&amp;", file); break;
		case '"': fputs("&quot;", file); break;
		default:
			/* A control character would end the document. */
			putc((unsigned char)*text < ' ' && *text != '\n' &&
			     *text != '\t' ? '?' : *text, file);
		}
	}
}

void svg_text(FILE *file, double x, double y, const char *anchor,
	      const char *text)
{
	fprintf(file, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y,
		anchor);
	draw_escape(file, text);
	fputs("</text>\n", file);
}

void svg_open(FILE *file, double width, double height, const char *title)
{
	fprintf(file, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n",
		width, height, width, height);
	if (title) {
		fputs("<title>", file);
		draw_escape(file, title);
		fputs("</title>\n", file);
	}
	fputs("<style>text{font:12px sans-serif;fill:#222}.grid{stroke:#8886}"
	      "polyline{fill:none;stroke-width:1.5}.back{fill:#fff}"
	      "@media(prefers-color-scheme:dark){text{fill:#ddd}.back{fill:#1b1d21}}"
	      "</style>\n<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n",
	      file);
	if (title)
		svg_text(file, SVG_MARGIN, SVG_MARGIN + 2, "start", title);
}

void svg_close(FILE *file)
{
	fputs("</svg>\n", file);
}

#define LEGEND_EACH	200.0
#define LEGEND_ROW	4

double svg_legend_height(const struct draw_classes *classes)
{
	return ((classes->nr + LEGEND_ROW - 1) / LEGEND_ROW) * (SVG_TEXT + 4) + 8;
}

/* Returns where it ends. */
double svg_legend(FILE *file, double y, const struct draw_classes *classes,
		  const uint64_t *counts)
{
	unsigned int i, shown = 0;
	char buf[96];
	double x, at;

	for (i = 0; i < classes->nr; i++) {
		if (!counts[i])
			continue;
		x = SVG_MARGIN + shown % LEGEND_ROW * LEGEND_EACH;
		at = y + 8 + shown / LEGEND_ROW * (SVG_TEXT + 4);
		fprintf(file, "<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" fill=\"%s\" stroke=\"#8888\"/>\n",
			x, at, svg_color(classes->class[i].color));
		snprintf(buf, sizeof(buf), "%s %llu", classes->class[i].name,
			 (unsigned long long)counts[i]);
		svg_text(file, x + 15, at + 9, "start", buf);
		shown++;
	}
	return y + svg_legend_height(classes);
}

FILE *draw_file_open(const char *path)
{
	return fopen(path, "we");
}

/* What could not be written is known at the end. */
int draw_file_close(FILE *file)
{
	bool bad;

	if (!file)
		return -errno;
	errno = 0;
	bad = ferror(file);
	if (fclose(file) || bad)
		return errno ? -errno : -EIO;
	return 0;
}
