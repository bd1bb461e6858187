/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of mmkit report. */
#ifndef MMKIT_CLI_REPORT_H
#define MMKIT_CLI_REPORT_H

#include "out.h"

struct report_opts {
	const char *file;
	const char *labs;
	bool quick;
	bool diff;
};

/* What a command found, in the document and on the page. */
struct report_part {
	const char *section;	/* its id */
	char id[48];
	char title[96];
	char typed[160];
	const char *says;	/* what is to be seen, or NULL */
	bool choice;		/* one of several, of which one is looked at */
	struct capture capture;
};

struct report {
	struct report_part *part;
	size_t nr;
	char made[32];		/* UTC, as ISO 8601 has it */
	char host[65];
};

struct report_section {
	const char *id;
	const char *title;
	const char *says;
};

extern const struct report_section report_sections[];

/* report_parts.c: the commands, run one after the other */
int report_gather(struct cli *cli, const struct report_opts *opts,
		  struct report *report);
int report_with(struct cli *cli, struct report *report, int argc, char **argv);
void report_free(struct report *report);
struct json_object *report_result(const struct report *report, const char *id);
struct json_object *report_json(const struct report *report);

/* report_page.c: as HTML, with the document in it */
int report_write(struct cli *cli, const struct report *report,
		 struct json_object *doc, const char *path);

/* report_answers.c: what stands at the top of the page */
void report_answers(FILE *file, const struct report *report);
void report_caches(FILE *file, const struct report *report);

/* report_diff.c */
int report_diff(struct cli *cli, const char *before, const char *after);

/* report_assets.c: tools/page, as it was when this was built */
extern const char report_css[], report_js[];

/* Shows what a command found, of a document that came from a file. */
show_fn report_show_of(const char *command);

/* Elsewhere, for that. */
void lab_runs_show(struct cli *cli, struct json_object *obj);
void map_matrix_show(struct cli *cli, struct json_object *obj);
void bench_page_show(struct cli *cli, struct json_object *obj);
void exercise_show_chart(struct cli *cli, struct json_object *obj);

#endif
