// SPDX-License-Identifier: GPL-2.0-only
/* mmkit report --diff: what changed from one report to another. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define DATA	"id=\"mmkit-report\">"
#define KEYS	3

/* A list of the documents, what a row is known by, and the figures to compare. */
static const struct compared {
	const char *part;
	const char *list;
	const char *what;
	const char *name[KEYS];
	const char *figure[8];
} lists[] = {
	{ "now", "zones", "zone", { "node", "zone" },
	  { "free", "pcp_pages", "largest_free_order", "nr_free", "unusable" } },
	{ "now", "caches", "cache", { "cache" }, { "bytes", "active", "unused" } },
	{ "now", "sessions", "session", { "session", "area" }, { "handles", "bytes" } },
	{ "map", "states", "pages", { "state" }, { "pages" } },
	{ "why", "zones", "verdict", { "node", "zone" }, { "verdict", "blocks" } },
	{ "matrix", "cells", "matrix", { "strategy", "operation" }, { "shown" } },
	{ "labs-run", "labs", "lab", { "name" }, { "verdict" } },
};

/* The text of a file; NULL with errno. To be freed. */
static char *slurp(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	if (!file)
		return NULL;
	if (getdelim(&text, &room, '\0', file) < 0) {
		free(text);
		text = NULL;
		errno = ENODATA;
	}
	fclose(file);
	return text;
}

/* The document in a page, or that is the file. */
static struct json_object *parse(const char *text)
{
	struct json_tokener *tokener = json_tokener_new();
	const char *data = strstr(text, DATA);
	struct json_object *doc = NULL;

	if (data)
		data += strlen(DATA);
	if (tokener)
		doc = json_tokener_parse_ex(tokener, data ? data : text,
					    strlen(data ? data : text));
	json_tokener_free(tokener);
	return doc;
}

static bool is_report(struct json_object *doc)
{
	struct json_object *command = doc ? j_get(doc, "command") : NULL;

	return command && !strcmp(json_object_get_string(command), "report") &&
	       j_get(doc, "result") && j_get(j_get(doc, "result"), "parts");
}

static struct json_object *load(struct cli *cli, const char *path, int *status)
{
	char *text = slurp(path);
	struct json_object *doc;

	if (!text) {
		*status = unreadable(cli, path, errno, "mmkit report -o FILE");
		return NULL;
	}
	doc = parse(text);
	free(text);
	if (is_report(doc))
		return doc;
	json_object_put(doc);
	*status = fail(cli, EXIT_FAILED, 0, "mmkit report -o FILE",
		       "%s is no report of mmkit's", path);
	return NULL;
}

static struct json_object *part_of(struct json_object *doc, const char *id)
{
	struct json_object *parts = j_get(j_get(doc, "result"), "parts"), *part;
	size_t i;

	for (i = 0; i < json_object_array_length(parts); i++) {
		part = json_object_array_get_idx(parts, i);
		if (!strcmp(json_object_get_string(j_get(part, "id")), id) &&
		    j_get(part, "document"))
			return j_get(j_get(part, "document"), "result");
	}
	return NULL;
}

static void name_of(struct json_object *row, const struct compared *how,
		    char *name, size_t len)
{
	size_t i, at = 0;

	name[0] = '\0';
	for (i = 0; i < KEYS && how->name[i] && at < len; i++)
		at += snprintf(name + at, len - at, "%s%s", i ? " " : "",
			       json_object_get_string(j_get(row, how->name[i])));
}

static struct json_object *find(struct json_object *list,
				const struct compared *how, const char *name)
{
	size_t i, nr = list ? json_object_array_length(list) : 0;
	struct json_object *row;
	char has[128];

	for (i = 0; i < nr; i++) {
		row = json_object_array_get_idx(list, i);
		name_of(row, how, has, sizeof(has));
		if (!strcmp(has, name))
			return row;
	}
	return NULL;
}

struct diff {
	struct json_object *changes;
	uint64_t compared;
};

static void compare(struct diff *diff, const char *what, const char *name,
		    const char *figure, struct json_object *before,
		    struct json_object *after)
{
	struct json_object *obj;

	diff->compared++;
	if (json_object_equal(before, after))
		return;
	obj = j_obj();
	j_str(obj, "what", what);
	j_str(obj, "name", name);
	j_str(obj, "figure", figure);
	j_add(obj, "before", json_object_get(before));
	j_add(obj, "after", json_object_get(after));
	if (json_object_is_type(before, json_type_int) &&
	    json_object_is_type(after, json_type_int))
		j_num(obj, "change", json_object_get_int64(after) -
				     json_object_get_int64(before));
	else
		j_null(obj, "change");
	json_object_array_add(diff->changes, obj);
}

/* A figure, or each of several. */
static void compare_figure(struct diff *diff, const struct compared *how,
			   const char *name, const char *figure,
			   struct json_object *before, struct json_object *after)
{
	struct json_object *x = before ? j_get(before, figure) : NULL;
	struct json_object *y = after ? j_get(after, figure) : NULL;
	size_t i, nr, more;
	char element[48];

	if (!json_object_is_type(x ? x : y, json_type_array)) {
		compare(diff, how->what, name, figure, x, y);
		return;
	}
	nr = x ? json_object_array_length(x) : 0;
	more = y ? json_object_array_length(y) : 0;
	for (i = 0; i < nr || i < more; i++) {
		snprintf(element, sizeof(element), "%s[%zu]", figure, i);
		compare(diff, how->what, name, element,
			i < nr ? json_object_array_get_idx(x, i) : NULL,
			i < more ? json_object_array_get_idx(y, i) : NULL);
	}
}

static void compare_row(struct diff *diff, const struct compared *how,
			const char *name, struct json_object *before,
			struct json_object *after)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(how->figure) && how->figure[i]; i++)
		compare_figure(diff, how, name, how->figure[i], before, after);
}

static void compare_list(struct diff *diff, const struct compared *how,
			 struct json_object *a, struct json_object *b)
{
	struct json_object *before = part_of(a, how->part), *row;
	struct json_object *after = part_of(b, how->part);
	char name[128];
	size_t i;

	before = before ? j_get(before, how->list) : NULL;
	after = after ? j_get(after, how->list) : NULL;
	/* What only one of them has says nothing. */
	if (!before || !after)
		return;
	for (i = 0; i < json_object_array_length(before); i++) {
		row = json_object_array_get_idx(before, i);
		name_of(row, how, name, sizeof(name));
		compare_row(diff, how, name, row, find(after, how, name));
	}
	for (i = 0; i < json_object_array_length(after); i++) {
		row = json_object_array_get_idx(after, i);
		name_of(row, how, name, sizeof(name));
		if (!find(before, how, name))
			compare_row(diff, how, name, NULL, row);
	}
}

static void compare_memory(struct diff *diff, struct json_object *a,
			   struct json_object *b)
{
	struct json_object *before = part_of(a, "now"), *after = part_of(b, "now");

	before = before ? j_get(before, "memory") : NULL;
	after = after ? j_get(after, "memory") : NULL;
	if (!before || !after)
		return;
	json_object_object_foreach(before, key, value)
		compare(diff, "memory", "all", key, value, j_get(after, key));
}

static struct json_object *side(struct json_object *doc, const char *path)
{
	struct json_object *obj = j_obj();

	j_str(obj, "file", path);
	j_add(obj, "made", json_object_get(j_get(j_get(doc, "result"), "made")));
	j_add(obj, "host", json_object_get(j_get(j_get(doc, "result"), "host")));
	j_add(obj, "kernel", json_object_get(j_get(doc, "kernel")));
	return obj;
}

static void show_diff(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "WHAT", "what", F_TEXT, 0, 0 },
		{ "NAME", "name", F_TEXT, 0, 0 },
		{ "FIGURE", "figure", F_TEXT, 0, 0 },
		{ "BEFORE", "before", F_TEXT, C_RIGHT, 0 },
		{ "AFTER", "after", F_TEXT, C_RIGHT, 0 },
		{ "CHANGE", "change", F_TEXT, C_RIGHT, 0 },
	};
	struct json_object *changes = j_get(obj, "changes");

	out_line("%llu figures of both compared, %zu changed",
		 (unsigned long long)j_get_u64(obj, "compared"),
		 json_object_array_length(changes));
	if (json_object_array_length(changes))
		out_table(cli, changes, cols, ARRAY_SIZE(cols));
}

int report_diff(struct cli *cli, const char *before, const char *after)
{
	struct json_object *obj, *a, *b = NULL;
	struct diff diff = { NULL, 0 };
	int status = EXIT_OK;
	size_t i;

	a = load(cli, before, &status);
	if (a)
		b = load(cli, after, &status);
	if (!b) {
		json_object_put(a);
		return status;
	}
	diff.changes = j_arr();
	compare_memory(&diff, a, b);
	for (i = 0; i < ARRAY_SIZE(lists); i++)
		compare_list(&diff, &lists[i], a, b);
	obj = j_obj();
	j_add(obj, "before", side(a, before));
	j_add(obj, "after", side(b, after));
	j_u64(obj, "compared", diff.compared);
	j_add(obj, "changes", diff.changes);
	json_object_put(a);
	json_object_put(b);
	return result(cli, obj, show_diff);
}
