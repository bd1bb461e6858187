/* SPDX-License-Identifier: GPL-2.0-only */
/* What run, draw, watch and policies of mmkit map share: patterns and paging. */
#ifndef MMKIT_CLI_MAP_PAGER_H
#define MMKIT_CLI_MAP_PAGER_H

#include "map.h"
#include "touch.h"

/* How to page, for verbs that set a store. */
struct paging {
	uint32_t frames;	/* 0: as it is */
	uint32_t policy;
	uint32_t swap;
	bool exact;
};

struct map_policies_opts {
	const char *trace;
	const char *pattern;
	uint64_t pages;
	uint64_t touches;
	uint32_t frames;
	uint32_t curve;
	uint64_t seed;
	const char *svg;
};

struct map_draw_opts {
	const char *strategy;
	uint64_t bytes;
	struct paging paging;
	const char *pattern;
	uint64_t touches;
	bool write;
	uint32_t threads;
	const char *svg;
};

struct map_watch_opts {
	uint32_t seconds;
	uint64_t count;
	uint32_t room;
};

extern const char *const policy_names[];
extern const char *const swap_names[];
extern const char *const pattern_names[];

/* map_pattern.c: pages in the order in which they are touched */
int pattern_make(const char *pattern, size_t pages, size_t touches,
		 struct touch_set *set);

/* map_paging.c */
int paging_apply(struct cli *cli, int fd, const struct paging *paging);
struct json_object *paging_json(int fd);
void paging_show(struct json_object *paged);

/* map_events.c */
struct json_object *event_json(const struct mmkit_event *event);
void event_show(const struct mmkit_event *event, uint64_t from);
void event_head(void);
struct json_object *events_json(struct mmkit_events *events,
				const char *record);
void events_show(struct cli *cli, struct json_object *events);
int events_failed(struct cli *cli, int err);

/* map_timeline.c */
void timeline_show(struct cli *cli, struct json_object *events);
int timeline_svg(const char *path, struct json_object *events);

int map_policies_run(struct cli *cli, void *opts, int argc, char **argv);
int map_draw_run(struct cli *cli, void *opts, int argc, char **argv);
int map_watch_run(struct cli *cli, void *opts, int argc, char **argv);

#endif
