// SPDX-License-Identifier: GPL-2.0-only
/* mmkit aspace range: what the pages of a range are, and which are in use. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aspace.h"
#include "draw.h"
#include "page.h"

#define PARTS	512	/* cells of the drawing */

/* A range, in how many parts, and what is in each of them. */
struct survey {
	struct mmkit_aspace_range req;
	struct mmkit_aspace_counts *parts;
	struct mmkit_aspace_counts total;
};

static void add_counts(struct mmkit_aspace_counts *to,
		       const struct mmkit_aspace_counts *from)
{
	const __u64 *x = (const __u64 *)from;
	__u64 *sum = (__u64 *)to;
	size_t i;

	for (i = 0; i < sizeof(*to) / sizeof(*sum); i++)
		sum[i] += x[i];
}

static int survey_make(int fd, struct survey *survey)
{
	uint32_t i;
	int err;

	free(survey->parts);
	survey->parts = calloc(survey->req.nr, sizeof(*survey->parts));
	if (!survey->parts)
		return -ENOMEM;
	err = mmkit_aspace_range(fd, &survey->req, survey->parts);
	memset(&survey->total, 0, sizeof(survey->total));
	for (i = 0; !err && i < survey->req.nr; i++)
		add_counts(&survey->total, &survey->parts[i]);
	return err;
}

static struct json_object *parts_json(const struct survey *survey)
{
	struct json_object *arr = j_arr(), *obj;
	uint64_t at = survey->req.start;
	uint32_t i;

	for (i = 0; i < survey->req.nr; i++) {
		obj = j_obj();
		j_u64(obj, "start", at);
		at += survey->parts[i].pages * page_size();
		j_u64(obj, "end", at);
		j_add(obj, "counts", counts_json(&survey->parts[i]));
		json_object_array_add(arr, obj);
	}
	return arr;
}

/* What was used in the interval, and what was there and was not. */
static struct json_object *working_set_json(const struct survey *survey,
					    uint32_t seconds)
{
	struct json_object *obj;
	uint64_t young = survey->total.young;

	if (!seconds)
		return NULL;
	obj = j_obj();
	j_u64(obj, "seconds", seconds);
	j_u64(obj, "young", young);
	j_u64(obj, "old", counts_present(&survey->total) - young);
	j_u64(obj, "bytes", young * page_size());
	return obj;
}

/* --- drawing: a cell for each part, of what most of it is */

enum { CELL_HOLE, CELL_NONE, CELL_ANON, CELL_FILE, CELL_SHMEM, CELL_HUGE,
       CELL_ZERO, CELL_SWAP, CELL_OTHER };

static const struct draw_class classes[] = {
	[CELL_HOLE] = { "no region", ' ', DRAW_WHITE },
	[CELL_NONE] = { "nothing mapped", '.', DRAW_GREY },
	[CELL_ANON] = { "anonymous", 'a', DRAW_BLUE },
	[CELL_FILE] = { "of a file", 'f', DRAW_GREEN },
	[CELL_SHMEM] = { "shared memory", 's', DRAW_PURPLE },
	[CELL_HUGE] = { "huge", 'H', DRAW_ORANGE },
	[CELL_ZERO] = { "zeros", '0', DRAW_YELLOW },
	[CELL_SWAP] = { "swapped out", 'w', DRAW_RED },
	[CELL_OTHER] = { "other", '?', DRAW_BROWN },
};

static uint64_t count_of(struct json_object *counts, unsigned int cell)
{
	static const char *const keys[] = {
		[CELL_HOLE] = "hole", [CELL_NONE] = "none",
		[CELL_ANON] = "anon", [CELL_FILE] = "file",
		[CELL_SHMEM] = "shmem", [CELL_HUGE] = "huge",
		[CELL_ZERO] = "zero", [CELL_SWAP] = "swap",
		[CELL_OTHER] = "special",
	};

	return j_get_u64(counts, keys[cell]);
}

/* What is there is shown before what is not, and huge pages as such. */
static uint8_t cell_of(struct json_object *counts)
{
	unsigned int cell, best = CELL_HOLE;
	uint64_t most = 0, nr;

	if (count_of(counts, CELL_HUGE))
		return CELL_HUGE;
	for (cell = CELL_ANON; cell <= CELL_OTHER; cell++) {
		nr = count_of(counts, cell);
		if (nr <= most)
			continue;
		most = nr;
		best = cell;
	}
	if (most)
		return best;
	return count_of(counts, CELL_NONE) ? CELL_NONE : CELL_HOLE;
}

static const char *label(void *data, size_t first, char *buf, size_t len)
{
	struct json_object *part = json_object_array_get_idx(data, first);

	snprintf(buf, len, "%#llx",
		 (unsigned long long)j_get_u64(part, "start"));
	return buf;
}

static void draw_parts(struct cli *cli, struct json_object *parts)
{
	struct draw_text out = out_drawing(cli);
	size_t i, nr = json_object_array_length(parts);
	uint8_t *cells = calloc(nr, 1);
	struct draw_cells draw = {
		.classes = { classes, ARRAY_SIZE(classes) },
		.cell = cells, .nr = nr, .label = label, .data = parts,
	};

	for (i = 0; cells && i < nr; i++)
		cells[i] = cell_of(j_get(json_object_array_get_idx(parts, i),
					 "counts"));
	if (cells)
		draw_cells(&out, &draw);
	free(cells);
}

static void show_counts(struct json_object *counts)
{
	static const char *const not_shown[] = { "pages", "present" };
	char line[80] = "";
	size_t at = 0;

	out_line("%llu pages, %llu present:",
		 (unsigned long long)j_get_u64(counts, "pages"),
		 (unsigned long long)j_get_u64(counts, "present"));
	json_object_object_foreach(counts, key, value) {
		uint64_t nr = json_object_get_uint64(value);

		if (!nr || !strcmp(key, not_shown[0]) || !strcmp(key, not_shown[1]))
			continue;
		if (at > 56) {
			out_line(" %s", line);
			at = 0;
		}
		at += snprintf(line + at, sizeof(line) - at, " %s %llu", key,
			       (unsigned long long)nr);
	}
	if (at)
		out_line(" %s", line);
}

static void show_range(struct cli *cli, struct json_object *obj)
{
	struct json_object *set = j_get(obj, "working_set");
	struct json_object *parts = j_get(obj, "parts");
	char size[24];

	show_counts(j_get(obj, "total"));
	if (json_object_array_length(parts) > 1)
		draw_parts(cli, parts);
	if (!set)
		return;
	format_size(size, sizeof(size), j_get_u64(set, "bytes"));
	out_line("used within %llu second%s: %llu pages (%s); there and not used: %llu",
		 (unsigned long long)j_get_u64(set, "seconds"),
		 plural(j_get_u64(set, "seconds")),
		 (unsigned long long)j_get_u64(set, "young"), size,
		 (unsigned long long)j_get_u64(set, "old"));
}

/* Clears the accessed bits and waits, so that those that are set tell of it. */
static int wait_interval(int fd, struct survey *survey, uint32_t seconds)
{
	uint32_t i;
	int err;

	survey->req.flags = MMKIT_ASPACE_CLEAR;
	err = survey_make(fd, survey);
	survey->req.flags = 0;
	for (i = 0; !err && i < seconds && !interrupted(); i++)
		sleep(1);
	return err;
}

static int make(int fd, const struct aspace_range_opts *opts,
		struct survey *survey)
{
	uint64_t pages = (survey->req.end - survey->req.start) / page_size();
	int err = 0;

	survey->req.nr = opts->parts ? opts->parts : PARTS;
	if (survey->req.nr > pages)
		survey->req.nr = pages;
	if (opts->interval)
		err = wait_interval(fd, survey, opts->interval);
	if (opts->clear)
		survey->req.flags = MMKIT_ASPACE_CLEAR;
	return err ? err : survey_make(fd, survey);
}

int aspace_range_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct aspace_range_opts *opts = data;
	struct survey survey = { .req.pid = opts->pid };
	struct json_object *obj;
	struct place place;
	int fd, err, status;

	(void)argc;
	if (opts->parts > MMKIT_ASPACE_PARTS_MAX)
		return usage(cli, "--parts: at most %u", MMKIT_ASPACE_PARTS_MAX);
	fd = area_open(cli, "aspace");
	if (fd < 0)
		return -fd;
	status = range_parse(cli, fd, opts->pid, argv[0], &place);
	if (status)
		return status;
	survey.req.start = place.start;
	survey.req.end = place.end;
	err = make(fd, opts, &survey);
	if (err) {
		free(survey.parts);
		return aspace_failed(cli, err, "looking at the range");
	}
	if (cli->opt.verify)
		counts_verify(cli, opts->pid, &place, &survey.total);
	obj = j_obj();
	j_u64(obj, "pid", opts->pid);
	j_u64(obj, "start", place.start);
	j_u64(obj, "end", place.end);
	j_bool(obj, "cleared", opts->clear || opts->interval);
	j_add(obj, "total", counts_json(&survey.total));
	j_add(obj, "parts", parts_json(&survey));
	j_add(obj, "working_set", working_set_json(&survey, opts->interval));
	free(survey.parts);
	return result(cli, obj, show_range);
}
