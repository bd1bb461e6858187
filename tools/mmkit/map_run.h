/* SPDX-License-Identifier: GPL-2.0-only */
/* mmkit map run: what its parts share. */
#ifndef MMKIT_CLI_MAP_RUN_H
#define MMKIT_CLI_MAP_RUN_H

#include "map_pager.h"

/* One run, from the store to the figures. */
struct run {
	const struct map_run_opts *opts;
	int fd;
	uint64_t bytes;			/* of the store */
	uint8_t *addr;
	size_t length;
	struct touch_set set;
	struct touched touched;
	struct mmkit_map_get before;
	struct mmkit_map_get after;
	struct mmkit_page *pages;	/* of the mapped part of the store */
	uint64_t *pagemap;
	uint64_t *store;		/* every page of the store, ascending */
	size_t nr_store;
	struct mmkit_events *events;
	struct json_object *paged;	/* of the pager; else NULL */
	bool by_index;			/* the strategy maps page N at place N */
	uint32_t flags;			/* MMKIT_STRATEGY_x */
	size_t nr;
	uint64_t rss;
	int areas;
};

/* map_look.c: every page from both sides. */
int map_look_page_order(const void *a, const void *b);
bool map_look_is_mapped(const struct run *r, size_t page);
int map_look(struct cli *cli, struct run *r);
void map_look_verify(struct cli *cli, const struct run *r);
struct json_object *map_look_json(const struct run *r);

/* map_later.c: what changes under the mapping. */
struct json_object *map_signal_json(const struct touched *t, size_t page);
int map_later_fork(struct cli *cli, struct run *r, struct json_object *obj);
int map_later_shrink(struct cli *cli, struct run *r, struct json_object *obj);

#endif
