/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output: a verb builds one JSON object and says how to show it as text. The
 * text is made from that object, so the two can never tell different figures.
 */
#ifndef MMKIT_OUT_H
#define MMKIT_OUT_H

#include <draw.h>

#include "cli.h"

enum format {
	F_TEXT,		/* string, number or yes/no as it is */
	F_HEX,		/* page frame number */
	F_SIZE,		/* bytes for people */
	F_LIST,		/* array of strings */
	F_MILLI,	/* thousandths, as extfrag prints them */
	F_INDEX,	/* the same, with "-" for -1.000 */
	F_STATUS,	/* ok, bad, skipped: coloured */
};

enum {
	C_RIGHT = 1 << 0,
	C_WRAP = 1 << 1,
};

struct column {
	const char *head;
	const char *key;
	enum format format;
	unsigned int flags;
	int arg;	/* C_ELEM: element of the array; C_WRAP: width */
};

#define C_ELEM	(1 << 2)

typedef void (*show_fn)(struct cli *cli, struct json_object *result);

int result(struct cli *cli, struct json_object *obj, show_fn show);
void out_table(struct cli *cli, struct json_object *rows,
	       const struct column *cols, unsigned int nr);
void out_pairs(struct cli *cli, struct json_object *obj,
	       const struct column *cols, unsigned int nr);
struct draw_text out_drawing(const struct cli *cli);
void out_cell(char *text, size_t len, struct json_object *row,
	      const struct column *col);
void out_blank(void);
void out_paragraph(const char *first, const char *rest, const char *text);
void out_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void out_note(struct cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void out_document(struct cli *cli, struct json_object *doc);
struct json_object *out_envelope(const struct cli *cli);
void format_size(char *text, size_t len, uint64_t bytes);
const char *plural(uint64_t n);
bool out_color(const struct cli *cli, int fd);

/*
 * capture.c: a command run for another one. What it finds is kept, as --json and
 * as a page of HTML would have it, instead of printed.
 */
struct capture {
	struct json_object *doc;
	char *page;	/* NULL when it failed: the document says why */
};

int capture_command(struct cli *cli, struct capture *capture, const char *typed);
char *capture_page(struct cli *cli, struct json_object *obj, show_fn show);
void capture_result(struct cli *cli, struct json_object *obj, show_fn show);
void capture_free(struct capture *capture);

/* out_html.c */
void html_scroll(FILE *file, const char *label);
void html_table(struct json_object *rows, const struct column *cols,
		unsigned int nr, size_t show);
void html_pairs(struct json_object *obj, const struct column *cols,
		unsigned int nr);
void html_page(FILE *file, const char *text);

/* json.c: shorter names for what every verb does to build its object */
struct json_object *j_obj(void);
struct json_object *j_arr(void);
void j_str(struct json_object *obj, const char *key, const char *value);
void j_num(struct json_object *obj, const char *key, int64_t value);
void j_u64(struct json_object *obj, const char *key, uint64_t value);
void j_bool(struct json_object *obj, const char *key, bool value);
void j_null(struct json_object *obj, const char *key);
void j_add(struct json_object *obj, const char *key, struct json_object *value);
void j_gfp(struct json_object *obj, const char *key, uint32_t gfp);
struct json_object *j_get(struct json_object *obj, const char *key);

/* What a file that the user named has to hold. */
struct j_kind {
	bool (*is)(struct json_object *doc);
	const char *what;	/* it is no ... */
	const char *remedy;	/* how to make one */
};

struct json_object *j_load(struct cli *cli, const char *path,
			   const struct j_kind *kind, int *status);
uint64_t j_get_u64(struct json_object *obj, const char *key);

/* info.c */
struct json_object *entries_json(int fd, enum mmkit_entry_kind kind);

#endif
