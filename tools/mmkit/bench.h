/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs of mmkit bench, and what they share. */
#ifndef MMKIT_CLI_BENCH_H
#define MMKIT_CLI_BENCH_H

#include "bench/stats.h"
#include "out.h"

struct bench_opts {
	uint32_t rounds;	/* 0: as many as fit what it is */
	uint32_t threads;
	int32_t cpu;
	const char *save;
	const char *svg;
	bool force;
	bool chart;
	bool brief;
	bool scale;		/* 1, 2, 4, ... threads up to that many */
	bool ways;		/* a line for each way to map, not for each row */
};

struct bench_compare_opts {
	uint32_t percent;
	bool ours;
};

int bench_run_run(struct cli *cli, void *opts, int argc, char **argv);
int bench_all_run(struct cli *cli, void *opts, int argc, char **argv);
int bench_map_run(struct cli *cli, void *opts, int argc, char **argv);
int bench_list_run(struct cli *cli, void *opts, int argc, char **argv);
int bench_compare_run(struct cli *cli, void *opts, int argc, char **argv);
int bench_targets_run(struct cli *cli, void *opts, int argc, char **argv);

struct bench_row;

/* One benchmark with one x, about to be run or run. */
struct bench_item {
	char id[120];		/* NAME[/SUBJECT][/X][@THREADS] */
	char name[MMKIT_NAME_LEN];
	char subject[MMKIT_NAME_LEN];	/* allocator, strategy or peer, or "" */
	char axis[16];
	bool has_x;
	uint64_t x;
	char help[80];
	uint32_t threads;
	bool scaled;		/* one of a series over threads */
	bool irqs_off;
	bool ours;		/* mmkit's own cost, not the kernel's */
	char base[112];		/* what to hold it against elsewhere, or "" */
	bool slow;		/* left out of --brief */
	const struct bench_row *user;	/* NULL: it runs in the kernel */
	/* What came of it. */
	uint64_t operations;	/* in each round */
	struct mmkit_bench_round *rounds;
	unsigned int nr_rounds;
	struct mmkit_stats stats;	/* of an operation, in thousandths */
	char skipped[96];	/* why it was not run, or "" */
};

struct bench_items {
	struct bench_item *item;
	unsigned int nr;
};

/* What the figures are in; one for a whole command. */
struct bench_session {
	struct cli *cli;
	int fd;
	const struct bench_opts *opts;
	struct mmkit_bench_info info;
};

/* bench_items.c */
int bench_session_open(struct cli *cli, const struct bench_opts *opts,
		       struct bench_session *session);
int bench_items_find(struct bench_session *session, int argc, char **argv,
		     struct bench_items *items);
void bench_items_free(struct bench_items *items);

/* bench_measure.c */
int bench_check(struct cli *cli, const struct bench_session *session);
uint32_t bench_rounds(const struct bench_session *session,
		      const struct bench_item *item);
int bench_measure(struct bench_session *session, struct bench_items *items);

/*
 * --- benchmarks that run in user space ---
 */

/* What an operation works on. */
struct bench_loop {
	struct cli *cli;
	uint64_t x;
	bool brief;		/* less will do */
	const char *subject;
	int fd;
	uint32_t handle;
	void *place;		/* where to map */
	void *addr;		/* where it is mapped, or NULL */
	size_t bytes;
	void *buffer;
	int files[3];
	int *live;
	char why[96];		/* why it cannot be run here */
};

/*
 * begin, end: around all rounds; begin says -errno, or sets why. ready: before
 * each round, after which one call of op is all that is timed. op: the
 * operation, or as many as ops says.
 */
struct bench_row {
	const char *name;
	const char *axis;
	const char *help;
	bool ours;
	const char *base;
	bool slow;
	uint64_t slow_from;	/* so is an x of this and more */
	uint64_t x[12];
	unsigned int (*subjects)(struct cli *cli, char (*names)[MMKIT_NAME_LEN],
				 unsigned int room);
	bool (*is_ours)(const char *subject);
	int (*begin)(struct bench_loop *loop);
	void (*end)(struct bench_loop *loop);
	int (*ready)(struct bench_loop *loop);
	int (*op)(struct bench_loop *loop);
	uint64_t (*ops)(const struct bench_loop *loop);
};

#define BENCH_SUBJECTS	48

extern const struct bench_row bench_ioctl_rows[], bench_map_rows[],
	bench_gib_rows[], bench_describe_rows[], bench_aspace_rows[],
	bench_memblock_rows[];
extern const struct bench_row *const bench_user_suites[];

/* bench_user.c */
int bench_user_measure(struct bench_session *session, struct bench_item *item);

/* bench_place.c */
void *bench_place(size_t bytes);
int bench_place_pages(struct bench_loop *loop, size_t pages);

/* bench_result.c */
uint64_t bench_milli(const struct mmkit_bench_info *info, uint64_t ticks,
		     uint64_t operations);
const char *bench_unit(const struct mmkit_bench_info *info);
struct json_object *bench_json(const struct bench_session *session,
			       const struct bench_items *items);
void bench_show(struct cli *cli, struct json_object *obj);
void bench_show_config(struct json_object *obj);
void bench_show_end(struct json_object *obj);

/* bench_ways.c */
void bench_show_ways(struct cli *cli, struct json_object *obj);

/* bench_plot.c */
void bench_chart(struct cli *cli, struct json_object *obj);
int bench_svg(const char *path, struct json_object *obj);

/* bench_file.c */
int bench_save(struct cli *cli, const char *path, struct json_object *obj);
struct json_object *bench_load(struct cli *cli, const char *path, int *status);
struct json_object *bench_run_like(struct json_object *doc,
				   struct json_object *key, bool *same);
struct json_object *bench_last_run(struct json_object *doc);

#endif
