/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of mmkit exercise share. */
#ifndef MMKIT_CLI_EXERCISE_H
#define MMKIT_CLI_EXERCISE_H

#include "out.h"

struct exercise_opts {
	uint32_t pattern;
	uint32_t dist;
	const char *sizes;
	const char *trace;
	uint32_t threads;
	uint32_t live;
	uint64_t count;
	uint32_t duration_ms;
	uint32_t pause_us;
	uint32_t gfp;
	int32_t node;
	bool touch;
	bool check;
	uint32_t seed;
	uint32_t first_cpu;
	bool watch;
	bool chart;
	const char *svg;
};

/* Zones as /proc/zoneinfo has them. */
struct zones_now {
	struct mmkit_proc_zone *zone;
	int nr;
};

/* One run, from its begin to its end. */
struct exercise {
	struct cli *cli;
	const struct exercise_opts *opts;
	int fd;
	struct mmkit_bench_info info;
	struct mmkit_bench_start req;
	struct zones_now before, during, after;
	struct mmkit_bench_status status;
	struct mmkit_bench_hist hists[2];
};

/* exercise_sizes.c */
int exercise_sizes(struct exercise *ex);

/* exercise_show.c */
struct json_object *exercise_json(const struct exercise *ex);
void exercise_show(struct cli *cli, struct json_object *obj);
void exercise_show_chart(struct cli *cli, struct json_object *obj);
int exercise_svg(const char *path, struct json_object *obj);
void exercise_watch(const struct exercise *ex,
		    const struct mmkit_bench_status *last,
		    const struct mmkit_bench_status *now);

#endif
