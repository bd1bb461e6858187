/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs of mmkit map, and what they share. */
#ifndef MMKIT_CLI_MAP_H
#define MMKIT_CLI_MAP_H

#include "page.h"

struct map_set_opts {
	const char *strategy;
	uint64_t bytes;
};

struct map_describe_opts {
	uint64_t first;
	uint32_t nr;
};

struct map_run_opts {
	const char *strategy;
	uint64_t bytes;
	uint64_t offset;
	uint64_t length;
	const char *touch;
	bool write;
	bool private;
	bool readonly;
	bool fork;
	uint32_t threads;
	uint64_t shrink;
	uint32_t hold;
	const char *pattern;
	uint64_t touches;
	uint32_t frames;
	uint32_t policy;
	uint32_t swap;
	bool exact;
	bool events;
	const char *svg;	/* for the events over time */
	const char *record;
};

struct map_matrix_opts {
	const char *strategy;
	const char *operation;
	const char *disk;
};

extern const struct reason map_set_reasons[];

int map_matrix_run(struct cli *cli, void *opts, int argc, char **argv);
int map_run_run(struct cli *cli, void *opts, int argc, char **argv);
int map_set_failed(struct cli *cli, int fd, int err, uint64_t bytes);
void map_verify_page(struct cli *cli, int fd, uint64_t index);
struct json_object *map_get_json(const struct mmkit_map_get *get);

#endif
