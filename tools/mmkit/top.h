/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of mmkit top. */
#ifndef MMKIT_CLI_TOP_H
#define MMKIT_CLI_TOP_H

#include <time.h>

#include "out.h"

enum top_counter {
	TOP_FAULTS, TOP_MAJOR, TOP_ALLOCATED, TOP_FREED, TOP_SWAP_IN,
	TOP_SWAP_OUT, TOP_SCANNED, TOP_RECLAIMED, TOP_STALLS, TOP_COMPACTIONS,
	TOP_COUNTERS
};

enum top_amount {
	TOP_TOTAL, TOP_FREE, TOP_AVAILABLE, TOP_CACHED, TOP_ANON, TOP_SLAB,
	TOP_PAGETABLES, TOP_SWAP_TOTAL, TOP_SWAP_FREE, TOP_AMOUNTS
};

extern const char *const top_counter_names[];	/* as in the document */
extern const char *const top_amount_names[];

struct top_session {
	unsigned long long id;
	char area[MMKIT_NAME_LEN];
	long long handles;
	long long bytes;
	char comm[20];
	int pid;
};

/* What was read at one moment. */
struct top_sample {
	struct timespec at;
	uint64_t amounts[TOP_AMOUNTS];		/* bytes */
	uint64_t counters[TOP_COUNTERS];	/* since the boot */
	int some_milli;		/* of PSI, avg10 in thousandths of a percent; -1 */
	int full_milli;
	struct mmkit_proc_zone *zones;
	int nr_zones;
	struct mmkit_zone *indices;	/* of the module, 0 when it is not loaded */
	int nr_indices;
	struct mmkit_proc_cache *caches;
	int nr_caches;
	struct top_session *sessions;
	int nr_sessions;
	uint64_t orders[MMKIT_NR_ORDERS];	/* allocations seen so far */
};

int top_sample_read(struct top_sample *sample, int pages_fd);
void top_sample_free(struct top_sample *sample);

/* top_trace.c: how many blocks of each order were allocated */
struct top_trace;
struct top_trace *top_trace_begin(const char **why);
int top_trace_read(struct top_trace *trace, uint64_t *orders);
void top_trace_end(struct top_trace *trace);

/* top_json.c: the document, from two samples */
struct json_object *top_json(const struct top_sample *before,
			     const struct top_sample *now,
			     const struct top_trace *trace, const char *untraced);

/* top_screen.c */
struct top_screen;
struct top_screen *top_screen_begin(struct cli *cli);
bool top_screen_run(struct top_screen *screen, struct json_object *doc,
		    unsigned int ms);
void top_screen_end(struct top_screen *screen);

/* top_view.c: lists, each with its columns */
struct top_column {
	const char *head;
	const char *key;
	enum format format;	/* F_TEXT, F_SIZE or F_MILLI */
	int width;		/* negative: to the left */
};

struct top_view {
	int key;		/* that switches to it */
	const char *name;
	const char *list;	/* in the document */
	const char *title;	/* what a row is called by: keys, NULL-terminated */
	const struct top_column *columns;
	unsigned int nr_columns;
	void (*detail)(struct json_object *row, void (*line)(const char *text));
};

extern const struct top_view top_views[];
extern const unsigned int top_nr_views;

void top_cell(char *text, size_t len, struct json_object *row,
	      const struct top_column *column);
int top_compare(struct json_object *a, struct json_object *b, const char *key);

/* top_head.c: what stands above the lists */
#define TOP_HEAD_LINES	4
void top_head(struct json_object *doc, char lines[TOP_HEAD_LINES][200]);

#endif
