// SPDX-License-Identifier: GPL-2.0-only
/* Tables by libsmartcols, documents by json-c, both from one object. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <libsmartcols.h>

#include "out.h"

#define WIDTH		80
#define DEFAULT_ROWS	40
#define CELL		512

bool out_color(const struct cli *cli, int fd)
{
	const char *no = getenv("NO_COLOR");

	return !cli->opt.no_color && !(no && *no) && isatty(fd);
}

/* What a verb draws on: standard output, or the page that it becomes part of. */
struct draw_text out_drawing(const struct cli *cli)
{
	struct draw_text out = draw_text_to(stdout, out_color(cli, STDOUT_FILENO));

	out.svg = cli->capture;
	return out;
}

void out_line(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

/* Breaks between words before the 80th column; @rest begins the other lines. */
void out_paragraph(const char *first, const char *rest, const char *text)
{
	size_t len, room = 79 - strlen(rest);

	fputs(first, stdout);
	while (*text) {
		len = strlen(text);
		if (len > room) {
			for (len = room; len && text[len] != ' '; len--)
				;
			if (!len)
				len = strcspn(text, " ");
		}
		printf("%.*s\n", (int)len, text);
		text += len;
		text += strspn(text, " ");
		if (*text)
			fputs(rest, stdout);
	}
}

void out_blank(void)
{
	putchar('\n');
}

/* A remark for the person at the terminal; a pipe never sees it. */
void out_note(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	if (cli->opt.quiet || cli->opt.json || !isatty(STDERR_FILENO))
		return;
	fflush(stdout);
	fputs("mmkit: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

struct json_object *out_envelope(const struct cli *cli)
{
	struct json_object *doc = j_obj();
	struct utsname name;

	j_str(doc, "schema", "mmkit/1");
	j_str(doc, "command", cli->name);
	j_str(doc, "kernel", uname(&name) ? "unknown" : name.release);
	return doc;
}

/* json-c breaks the line even inside an empty array. */
static void close_empty(struct json_object *obj)
{
	size_t i, nr;

	if (json_object_is_type(obj, json_type_object)) {
		json_object_object_foreach(obj, key, value) {
			(void)key;
			close_empty(value);
		}
	} else if (json_object_is_type(obj, json_type_array)) {
		nr = json_object_array_length(obj);
		if (!nr)
			json_object_set_serializer(obj,
				json_object_userdata_to_json_string,
				(void *)"[]", NULL);
		for (i = 0; i < nr; i++)
			close_empty(json_object_array_get_idx(obj, i));
	}
}

/* One document a line where several follow each other, else indented. */
void out_document(struct cli *cli, struct json_object *doc)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;

	if (cli->capture) {
		cli->capture->doc = doc;
		return;
	}
	if (!cli->interactive)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	close_empty(doc);
	puts(json_object_to_json_string_ext(doc, flags));
	fflush(stdout);
	json_object_put(doc);
}

static int verify_status(struct cli *cli)
{
	if (!cli->opt.verify || !verify_failed(cli))
		return EXIT_OK;
	cli->last_errno = 0;
	return EXIT_FAILED;
}

/* Prints what a verb found, and returns the exit status. Takes @obj over. */
int result(struct cli *cli, struct json_object *obj, show_fn show)
{
	const char *why, *remedy;
	struct json_object *doc;

	if (cli->capture) {
		capture_result(cli, obj, show);
		return verify_status(cli);
	}
	if (cli->opt.json) {
		doc = out_envelope(cli);
		j_add(doc, "result", obj);
		if (cli->opt.verify)
			j_add(doc, "verified", verify_json(cli));
		out_document(cli, doc);
		return verify_status(cli);
	}
	if (!cli->opt.quiet) {
		if (show)
			show(cli, obj);
		if (cli->opt.verify)
			verify_show(cli);
	}
	json_object_put(obj);
	fflush(stdout);
	why = verify_status(cli) ? verify_impossible(cli, &remedy) : NULL;
	if (why && cli->opt.quiet)
		return fail(cli, EXIT_FAILED, 0, remedy,
			    "cannot be verified: %s", why);
	if (verify_status(cli) && cli->opt.quiet)
		return fail(cli, EXIT_FAILED, 0, "the same without --quiet",
			    "what mmkit read and what the kernel's files say differ");
	return verify_status(cli);
}

/* "1 page" but "2 pages". */
const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

void format_size(char *text, size_t len, uint64_t bytes)
{
	static const char units[] = "BKMGT";
	unsigned int i = 0;

	while (bytes >= 1024 && !(bytes % 1024) && units[i + 1]) {
		bytes /= 1024;
		i++;
	}
	snprintf(text, len, "%llu%c", (unsigned long long)bytes, units[i]);
}

static void format_milli(char *text, size_t len, int64_t milli)
{
	snprintf(text, len, "%s%lld.%03lld", milli < 0 ? "-" : "",
		 (long long)llabs(milli) / 1000, (long long)llabs(milli) % 1000);
}

static void format_list(char *text, size_t len, struct json_object *list)
{
	size_t i, at = 0, nr = json_object_array_length(list);

	snprintf(text, len, "-");
	for (i = 0; i < nr && at < len; i++)
		at += snprintf(text + at, len - at, "%s%s", i ? ", " : "",
			       json_object_get_string(
					json_object_array_get_idx(list, i)));
}

static void format_cell(char *text, size_t len, enum format format,
			struct json_object *value)
{
	int64_t n = json_object_get_int64(value);

	if (!value)
		snprintf(text, len, "-");
	else if (format == F_HEX)
		snprintf(text, len, "0x%llx", (unsigned long long)n);
	else if (format == F_SIZE)
		format_size(text, len, n);
	else if (format == F_LIST)
		format_list(text, len, value);
	else if (format == F_INDEX && n == -1000)
		snprintf(text, len, "-");
	else if (format == F_MILLI || format == F_INDEX)
		format_milli(text, len, n);
	else if (json_object_is_type(value, json_type_boolean))
		snprintf(text, len, "%s",
			 json_object_get_boolean(value) ? "yes" : "no");
	else
		snprintf(text, len, "%s", json_object_get_string(value));
}

/*
 * Breaks @text between words: smartcols by itself would break inside them. A
 * word that is longer than a line stays whole.
 */
static void wrap(char *text, size_t width)
{
	size_t from = 0, space = 0, i;

	for (i = 0; text[i]; i++) {
		if (text[i] == ' ')
			space = i;
		if (i - from >= width && space > from) {
			text[space] = '\n';
			from = space + 1;
		}
	}
}

static struct json_object *cell_value(struct json_object *row,
				      const struct column *col)
{
	struct json_object *value = j_get(row, col->key);

	if (!value || !(col->flags & C_ELEM))
		return value;
	return json_object_array_get_idx(value, col->arg);
}

void out_cell(char *text, size_t len, struct json_object *row,
	      const struct column *col)
{
	format_cell(text, len, col->format, cell_value(row, col));
}

static const char *status_color(const char *text)
{
	if (!strcmp(text, "ok"))
		return "green";
	return strcmp(text, "bad") ? NULL : "red";
}

static void add_row(struct libscols_table *tb, struct json_object *row,
		    const struct column *cols, unsigned int nr)
{
	struct libscols_line *line = scols_table_new_line(tb, NULL);
	char text[CELL];
	unsigned int i;

	for (i = 0; line && i < nr; i++) {
		out_cell(text, sizeof(text), row, &cols[i]);
		if (cols[i].flags & C_WRAP && cols[i].arg)
			wrap(text, cols[i].arg);
		scols_line_set_data(line, i, text);
		if (cols[i].format == F_STATUS && status_color(text))
			scols_cell_set_color(scols_line_get_cell(line, i),
					     status_color(text));
	}
}

static struct libscols_table *new_table(struct cli *cli)
{
	struct libscols_table *tb = scols_new_table();

	if (!tb)
		return NULL;
	scols_table_set_termforce(tb, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(tb, WIDTH);
	scols_table_enable_colors(tb, out_color(cli, STDOUT_FILENO));
	return tb;
}

static void wrap_at_newlines(struct libscols_column *col)
{
	scols_column_set_safechars(col, "\n");
	scols_column_set_wrapfunc(col, scols_wrapnl_chunksize,
				  scols_wrapnl_nextchunk, NULL);
}

static void add_columns(struct libscols_table *tb, const struct column *cols,
			unsigned int nr)
{
	struct libscols_column *col;
	unsigned int i;
	int flags;

	for (i = 0; i < nr; i++) {
		flags = 0;
		if (cols[i].flags & C_RIGHT)
			flags |= SCOLS_FL_RIGHT;
		if (cols[i].flags & C_WRAP)
			flags |= SCOLS_FL_WRAP;
		col = scols_table_new_column(tb, cols[i].head, 0, flags);
		if (col && cols[i].flags & C_WRAP)
			wrap_at_newlines(col);
	}
}

/* One row per element of @rows, as many as --rows allows. */
void out_table(struct cli *cli, struct json_object *rows,
	       const struct column *cols, unsigned int nr)
{
	size_t i, all = json_object_array_length(rows), show;
	struct libscols_table *tb;

	show = cli->opt.rows_set ? cli->opt.rows : DEFAULT_ROWS;
	if (!show || show > all)
		show = all;
	if (cli->capture) {
		html_table(rows, cols, nr, show);
		return;
	}
	tb = new_table(cli);
	if (!tb)
		return;
	add_columns(tb, cols, nr);
	for (i = 0; i < show; i++)
		add_row(tb, json_object_array_get_idx(rows, i), cols, nr);
	fflush(stdout);
	scols_print_table(tb);
	scols_unref_table(tb);
	if (show < all)
		out_line("... and %zu more (--rows 0 shows all)", all - show);
}

/* One line per column: its heading, then its value. */
void out_pairs(struct cli *cli, struct json_object *obj,
	       const struct column *cols, unsigned int nr)
{
	struct libscols_table *tb = cli->capture ? NULL : new_table(cli);
	struct libscols_column *value;
	struct libscols_line *line;
	char text[CELL];
	unsigned int i;

	if (cli->capture)
		html_pairs(obj, cols, nr);
	if (!tb)
		return;
	scols_table_enable_noheadings(tb, 1);
	scols_table_new_column(tb, "what", 0, 0);
	value = scols_table_new_column(tb, "value", 0, SCOLS_FL_WRAP);
	wrap_at_newlines(value);
	for (i = 0; i < nr; i++) {
		line = scols_table_new_line(tb, NULL);
		out_cell(text, sizeof(text), obj, &cols[i]);
		wrap(text, WIDTH - 24);
		scols_line_set_data(line, 0, cols[i].head);
		scols_line_set_data(line, 1, text);
	}
	fflush(stdout);
	scols_print_table(tb);
	scols_unref_table(tb);
}
