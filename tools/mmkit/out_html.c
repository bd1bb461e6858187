// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables as HTML, for what is captured. They stand in the stream of a verb's text
 * between the marks that drawings have; html_page() makes the text HTML as well.
 */
#include <stdlib.h>
#include <string.h>

#include "out.h"

#define CELL	512

/* Opens the element that a table, which may be wide, scrolls in. */
void html_scroll(FILE *file, const char *label)
{
	fputs("<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"", file);
	draw_escape(file, label);
	fputs("\">", file);
}

static void html_cell(struct json_object *row, const struct column *col)
{
	char text[CELL];

	out_cell(text, sizeof(text), row, col);
	draw_escape(stdout, text);
}

static void html_head(const struct column *cols, unsigned int nr)
{
	unsigned int i;

	fputs("<thead><tr>", stdout);
	for (i = 0; i < nr; i++) {
		fputs(cols[i].flags & C_RIGHT ? "<th scope=\"col\" class=\"n\">" :
		      "<th scope=\"col\">", stdout);
		draw_escape(stdout, cols[i].head);
		fputs("</th>", stdout);
	}
	fputs("</tr></thead>\n", stdout);
}

static void html_row(struct json_object *row, const struct column *cols,
		     unsigned int nr)
{
	unsigned int i;

	fputs("<tr>", stdout);
	for (i = 0; i < nr; i++) {
		fputs(cols[i].flags & C_RIGHT ? "<td class=\"n\">" : "<td>",
		      stdout);
		html_cell(row, &cols[i]);
		fputs("</td>", stdout);
	}
	fputs("</tr>\n", stdout);
}

/* The first @show of @rows. */
void html_table(struct json_object *rows, const struct column *cols,
		unsigned int nr, size_t show)
{
	size_t i, all = json_object_array_length(rows);
	char label[64];

	snprintf(label, sizeof(label), "table, %zu row%s", show, plural(show));
	putchar(DRAW_SVG_BEGIN);
	html_scroll(stdout, label);
	fputs("<table>", stdout);
	html_head(cols, nr);
	fputs("<tbody>\n", stdout);
	for (i = 0; i < show; i++)
		html_row(json_object_array_get_idx(rows, i), cols, nr);
	fputs("</tbody></table></div>\n", stdout);
	if (show < all)
		printf("<p class=\"note\">... and %zu more</p>\n", all - show);
	putchar(DRAW_SVG_END);
}

void html_pairs(struct json_object *obj, const struct column *cols,
		unsigned int nr)
{
	unsigned int i;

	printf("%c<dl>", DRAW_SVG_BEGIN);
	for (i = 0; i < nr; i++) {
		fputs("<dt>", stdout);
		draw_escape(stdout, cols[i].head);
		fputs("</dt><dd>", stdout);
		html_cell(obj, &cols[i]);
		fputs("</dd>\n", stdout);
	}
	printf("</dl>\n%c", DRAW_SVG_END);
}

static void html_text(FILE *file, char *text)
{
	size_t len;

	text += strspn(text, "\n");
	len = strlen(text);
	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	if (!len)
		return;
	fputs("<pre>", file);
	draw_escape(file, text);
	fputs("</pre>\n", file);
}

/* Text is escaped; what stands between two marks is HTML already. */
void html_page(FILE *file, const char *text)
{
	char *copy = strdup(text), *at = copy, *mark;

	while (at && *at) {
		mark = strchr(at, DRAW_SVG_BEGIN);
		if (mark)
			*mark++ = '\0';
		html_text(file, at);
		at = mark ? strchr(mark, DRAW_SVG_END) : NULL;
		if (at)
			*at++ = '\0';
		if (mark)
			fputs(mark, file);
	}
	free(copy);
}
