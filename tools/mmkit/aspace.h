/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs of mmkit aspace, and what they share. */
#ifndef MMKIT_CLI_ASPACE_H
#define MMKIT_CLI_ASPACE_H

#include "out.h"

extern const char *const aspace_areas[];

struct aspace_regions_opts {
	uint32_t pid;
	bool rss;
};

struct aspace_map_opts {
	uint32_t pid;
	const char *svg;
};

struct aspace_walk_opts {
	uint32_t pid;
	uint32_t area;
	const char *svg;
};

struct aspace_range_opts {
	uint32_t pid;
	uint32_t parts;
	bool clear;
	uint32_t interval;
};

struct aspace_pages_opts {
	uint32_t pid;
};

struct aspace_who_opts {
	uint32_t most;
};

struct aspace_tables_opts {
	uint32_t pid;
	bool list;
	bool tree;
	const char *svg;
};

int aspace_regions_run(struct cli *cli, void *opts, int argc, char **argv);
int aspace_map_run(struct cli *cli, void *opts, int argc, char **argv);
int aspace_walk_run(struct cli *cli, void *opts, int argc, char **argv);
int aspace_range_run(struct cli *cli, void *opts, int argc, char **argv);
int aspace_pages_run(struct cli *cli, void *opts, int argc, char **argv);
int aspace_context_run(struct cli *cli, void *opts, int argc, char **argv);
int aspace_who_run(struct cli *cli, void *opts, int argc, char **argv);
int aspace_tables_run(struct cli *cli, void *opts, int argc, char **argv);

/* aspace_place.c: addresses and ranges as people write them */
struct place {
	uint64_t start;
	uint64_t end;
};

int place_parse(struct cli *cli, int fd, uint32_t pid, const char *text,
		struct place *place);
int range_parse(struct cli *cli, int fd, uint32_t pid, const char *text,
		struct place *place);
int aspace_failed(struct cli *cli, int err, const char *doing);

/*
 * Draws @what into the file that --svg names, if it does, and notes it in @obj,
 * which is freed when that fails. Returns 0, or the status of the failure.
 */
#define aspace_svg(cli, obj, path, draw, what)				\
	svg_done(cli, obj, path, (path) ? draw_file(path, draw, what) : 0)
int svg_done(struct cli *cli, struct json_object *obj, const char *path,
	     int err);
void aspace_drawn(struct json_object *obj);

/* aspace_json.c */
struct json_object *region_json(const struct mmkit_aspace_region *region,
				bool counted);
struct json_object *regions_json(const struct mmkit_aspace_region *regions,
				 int nr, bool counted);
struct json_object *counts_json(const struct mmkit_aspace_counts *counts);
uint64_t counts_present(const struct mmkit_aspace_counts *counts);

/* aspace_verify.c: against /proc/PID */
int regions_verified(struct cli *cli, int fd, uint32_t pid, bool counted,
		     struct mmkit_aspace_region **regions);
void walk_verify(struct cli *cli, const struct mmkit_aspace_walk *walk);
int words_verified(struct cli *cli, int fd, uint32_t pid, uint64_t start,
		   uint32_t nr, uint64_t *words);
void counts_verify(struct cli *cli, uint32_t pid, const struct place *place,
		   const struct mmkit_aspace_counts *counts);

#endif
