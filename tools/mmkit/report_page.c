// SPDX-License-Identifier: GPL-2.0-only
/* A report as one page of HTML, with its document in it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <draw.h>

#include "report.h"

/*
 * Nothing is fetched: the policy would stop it. What the script makes lies in the
 * page itself.
 */
#define POLICY \
	"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

static void element(FILE *file, const char *name, const char *text)
{
	fprintf(file, "<%s>", name);
	draw_escape(file, text);
	fprintf(file, "</%s>\n", name);
}

static void head(FILE *file, struct cli *cli, const struct report *report)
{
	struct json_object *envelope = out_envelope(cli);
	char title[160];

	snprintf(title, sizeof(title), "Memory of %s", report->host);
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<meta name=\"generator\" content=\"mmkit " MMKIT_VERSION "\">\n", file);
	element(file, "title", title);
	fputs("<style>\n", file);
	fputs(report_css, file);
	fputs("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the content</a>\n<header>\n", file);
	element(file, "h1", title);
	fputs("<p>", file);
	draw_escape(file, json_object_get_string(j_get(envelope, "kernel")));
	fprintf(file, ", <time datetime=\"%s\">%s</time>. Made by <code>mmkit report</code>; each figure is also in the document at the end of this page.</p>\n</header>\n",
		report->made, report->made);
	json_object_put(envelope);
}

static bool has_parts(const struct report *report, const char *section)
{
	size_t i;

	for (i = 0; i < report->nr; i++)
		if (!strcmp(report->part[i].section, section))
			return true;
	return false;
}

static void navigation(FILE *file, const struct report *report)
{
	const struct report_section *section;

	fputs("<nav aria-label=\"Sections\"><ul>\n", file);
	for (section = report_sections; section->id; section++)
		if (has_parts(report, section->id))
			fprintf(file, "<li><a href=\"#%s\">%s</a></li>\n",
				section->id, section->title);
	fputs("</ul></nav>\n", file);
}

static void absent(FILE *file, struct json_object *error)
{
	struct json_object *remedy = j_get(error, "remedy");

	fputs("<p class=\"absent\">Not there: ", file);
	draw_escape(file, json_object_get_string(j_get(error, "message")));
	if (remedy) {
		fputs(" Try: ", file);
		draw_escape(file, json_object_get_string(remedy));
	}
	fputs("</p>\n", file);
}

static void content(FILE *file, const struct report_part *part)
{
	struct json_object *error = part->capture.doc ?
				    j_get(part->capture.doc, "error") : NULL;

	fputs("<p class=\"typed\"><code>mmkit ", file);
	draw_escape(file, part->typed);
	fputs("</code></p>\n", file);
	if (part->says)
		element(file, "p", part->says);
	if (error)
		absent(file, error);
	else if (part->capture.page)
		fputs(part->capture.page, file);
}

/* Parts that belong to one process follow each other under one title. */
static void choice(FILE *file, const struct report *report, size_t i)
{
	const struct report_part *part = &report->part[i];
	bool first = !i || !part[-1].choice;
	bool begins = first || strcmp(part[-1].title, part->title);
	bool last = i + 1 == report->nr || !part[1].choice;

	if (first)
		fputs("<div class=\"choices\" data-label=\"Process\">\n", file);
	if (begins) {
		fprintf(file, "<details class=\"choice\"%s><summary>",
			first ? " open" : "");
		draw_escape(file, part->title);
		fputs("</summary>\n", file);
	}
	fprintf(file, "<div id=\"part-%s\">\n", part->id);
	content(file, part);
	fputs("</div>\n", file);
	if (last || strcmp(part[1].title, part->title))
		fputs("</details>\n", file);
	if (last)
		fputs("</div>\n", file);
}

static void whole(FILE *file, const struct report_part *part)
{
	fprintf(file, "<article id=\"part-%s\">\n", part->id);
	element(file, "h3", part->title);
	content(file, part);
	fputs("</article>\n", file);
}

static void section(FILE *file, const struct report *report,
		    const struct report_section *which)
{
	size_t i;

	fprintf(file, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">%s</h2>\n",
		which->id, which->id, which->id, which->title);
	if (which->says)
		element(file, "p", which->says);
	if (!strcmp(which->id, "answers"))
		report_answers(file, report);
	if (!strcmp(which->id, "caches"))
		report_caches(file, report);
	for (i = 0; i < report->nr; i++) {
		if (strcmp(report->part[i].section, which->id) ||
		    !strcmp(which->id, "answers"))
			continue;
		if (report->part[i].choice)
			choice(file, report, i);
		else
			whole(file, &report->part[i]);
	}
	fputs("</section>\n", file);
}

/* In a script element nothing but its end has a meaning. */
static void data(FILE *file, struct cli *cli, struct json_object *obj)
{
	struct json_object *doc = out_envelope(cli);
	const char *at;

	j_add(doc, "result", json_object_get(obj));
	fputs("<script type=\"application/json\" id=\"mmkit-report\">\n", file);
	for (at = json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PLAIN |
						 JSON_C_TO_STRING_NOSLASHESCAPE);
	     *at; at++) {
		if (*at == '<')
			fputs("\\u003c", file);
		else
			putc(*at, file);
	}
	fputs("\n</script>\n", file);
	json_object_put(doc);
}

static void page(FILE *file, struct cli *cli, const struct report *report,
		 struct json_object *obj)
{
	const struct report_section *which;

	head(file, cli, report);
	navigation(file, report);
	fputs("<main id=\"main\">\n", file);
	for (which = report_sections; which->id; which++)
		if (has_parts(report, which->id))
			section(file, report, which);
	fputs("</main>\n", file);
	data(file, cli, obj);
	fputs("<script>\n", file);
	fputs(report_js, file);
	fputs("</script>\n</body>\n</html>\n", file);
}

/* Returns an exit status; notes in @obj where the page is, and how large. */
int report_write(struct cli *cli, const struct report *report,
		 struct json_object *obj, const char *path)
{
	bool standard = !strcmp(path, "-");
	FILE *file = standard ? stdout : draw_file_open(path);
	long bytes = 0;
	int err = 0;

	if (file) {
		page(file, cli, report, obj);
		bytes = standard ? 0 : ftell(file);
	}
	if (!standard)
		err = draw_file_close(file);
	if (err)
		return unwritable(cli, path, err);
	j_str(obj, "file", path);
	j_u64(obj, "bytes", bytes);
	return EXIT_OK;
}
