// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables as HTML, for what is captured. They stand in the stream of a verb's text
 * between the marks that drawings have; html_page() makes the text HTML as well.
 */
#include <stdlib.h>
#include <string.h>

#include "out.h"

#define CELL	512

void html_escape(FILE *file, const char *text)
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

static void html_head(const struct column *cols, unsigned int nr)
{
	unsigned int i;

	fputs("<thead><tr>", stdout);
	for (i = 0; i < nr; i++) {
		fputs(cols[i].flags & C_RIGHT ? "<th scope=\"col\" class=\"n\">" :
		      "<th scope=\"col\">", stdout);
		html_escape(stdout, cols[i].head);
		fputs("</th>", stdout);
	}
	fputs("</tr></thead>\n", stdout);
}

static void html_row(struct json_object *row, const struct column *cols,
		     unsigned int nr)
{
	char text[CELL];
	unsigned int i;

	fputs("<tr>", stdout);
	for (i = 0; i < nr; i++) {
		out_cell(text, sizeof(text), row, &cols[i]);
		fputs(cols[i].flags & C_RIGHT ? "<td class=\"n\">" : "<td>",
		      stdout);
		html_escape(stdout, text);
		fputs("</td>", stdout);
	}
	fputs("</tr>\n", stdout);
}

/* The first @show of @rows. */
void html_table(struct json_object *rows, const struct column *cols,
		unsigned int nr, size_t show)
{
	size_t i, all = json_object_array_length(rows);

	printf("%c<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"table, %zu row%s\"><table>",
	       DRAW_SVG_BEGIN, show, plural(show));
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
	char text[CELL];
	unsigned int i;

	printf("%c<dl>", DRAW_SVG_BEGIN);
	for (i = 0; i < nr; i++) {
		out_cell(text, sizeof(text), obj, &cols[i]);
		fputs("<dt>", stdout);
		html_escape(stdout, cols[i].head);
		fputs("</dt><dd>", stdout);
		html_escape(stdout, text);
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
	html_escape(file, text);
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
