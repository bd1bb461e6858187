// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit map policies: one trace of accesses under every replacement policy. The
 * policies are the module's own files, compiled into this program.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "map/policy.h"
#include "map/trace.h"

#include "draw.h"
#include "map_pager.h"
#include "out.h"

#define MAX_ACCESSES	(1u << 24)
#define MAX_CURVE	256
#define MAX_COURSE	64	/* accesses that are shown one by one */

/* Accesses, with pages numbered as they were first seen. */
struct accesses {
	uint32_t *access;
	uint64_t *number;	/* as the trace had it */
	size_t nr;
	size_t room;
	uint32_t pages;
};

/* --- reading a trace */

static int add(struct accesses *a, uint64_t number, bool write)
{
	if (a->nr == MAX_ACCESSES)
		return -E2BIG;
	if (a->nr == a->room) {
		size_t room = a->room ? 2 * a->room : 64;
		uint64_t *bigger = reallocarray(a->number, room,
						sizeof(*bigger));

		if (!bigger)
			return -ENOMEM;
		a->number = bigger;
		a->room = room;
	}
	a->number[a->nr++] = number << 1 | write;
	return 0;
}

/* Numbers between blanks or commas; "w" after one says that it is written. */
static int parse(struct accesses *a, const char *text)
{
	char *end;

	while (*(text += strspn(text, " \t\r\n,"))) {
		unsigned long long number;
		int err;

		if (!isdigit((unsigned char)*text))
			return -EINVAL;
		errno = 0;
		number = strtoull(text, &end, 10);
		if (errno || number >> 62)
			return -EINVAL;
		text = end + (*end == 'w');
		err = add(a, number, *end == 'w');
		if (err)
			return err;
	}
	return 0;
}

static int parse_file(struct accesses *a, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	if (!file)
		return -errno;
	while (!err && getline(&line, &room, file) >= 0)
		err = *line == '#' ? 0 : parse(a, line);
	if (!err && ferror(file))
		err = -errno;
	free(line);
	fclose(file);
	return err;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Any numbers become 0, 1, 2, ... in their order. */
static int number_pages(struct accesses *a)
{
	uint64_t *sorted = calloc(a->nr ? a->nr : 1, sizeof(*sorted)), *at;
	size_t i, nr = 0;

	a->access = calloc(a->nr ? a->nr : 1, sizeof(*a->access));
	if (!sorted || !a->access) {
		free(sorted);
		return -ENOMEM;
	}
	for (i = 0; i < a->nr; i++)
		sorted[i] = a->number[i] >> 1;
	if (a->nr)
		qsort(sorted, a->nr, sizeof(*sorted), by_number);
	for (i = 0; i < a->nr; i++)
		if (!nr || sorted[i] != sorted[nr - 1])
			sorted[nr++] = sorted[i];
	for (i = 0; i < a->nr; i++) {
		uint64_t key = a->number[i] >> 1;

		at = bsearch(&key, sorted, nr, sizeof(*sorted), by_number);
		a->access[i] = (at - sorted) |
			       (a->number[i] & 1 ? MMKIT_TRACE_WRITE : 0);
	}
	a->pages = nr;
	free(sorted);
	return 0;
}

static int from_pattern(struct accesses *a, const struct map_policies_opts *o)
{
	struct touch_set set;
	size_t i;
	int err = pattern_make(o->pattern, o->pages, o->touches, &set);

	for (i = 0; !err && i < set.nr; i++)
		err = add(a, set.pages[i], false);
	touch_set_free(&set);
	return err;
}

static int read_trace(struct cli *cli, const struct map_policies_opts *o,
		      struct accesses *a)
{
	int err;

	if (!o->trace == !o->pattern)
		return usage(cli, "give --trace or --pattern, one of them");
	if (o->pattern)
		err = from_pattern(a, o);
	else if (*o->trace == '@')
		err = parse_file(a, o->trace + 1);
	else
		err = parse(a, o->trace);
	if (!err)
		err = number_pages(a);
	if (err == -EINVAL)
		return usage(cli, o->pattern ?
			     "--pattern %s: not sequential, random, zipf, stride:N or loop:N" :
			     "--trace %s: not numbers between commas or blanks",
			     o->pattern ? o->pattern : o->trace);
	if (err == -E2BIG)
		return usage(cli, "a trace of more than %u accesses",
			     MAX_ACCESSES);
	if (err && !o->pattern && *o->trace == '@')
		return unreadable(cli, o->trace + 1, -err,
				  "--trace @FILE: page numbers between commas or blanks");
	return err ? explain(cli, NULL, err, "reading the trace") : EXIT_OK;
}

/* --- replaying it */

struct replay {
	struct mmkit_trace trace;
	struct mmkit_policy_frame *frame;
	uint64_t seed;
};

static int replay_make(struct replay *r, const struct accesses *a,
		       uint32_t frames, uint64_t seed)
{
	*r = (struct replay) {
		.trace = {
			.access = a->access,
			.nr = a->nr,
			.next_use = calloc(a->nr ? a->nr : 1, sizeof(u64)),
			.page = calloc(a->pages ? a->pages : 1,
				       sizeof(struct mmkit_trace_page)),
			.pages = a->pages,
		},
		.frame = calloc(frames, sizeof(struct mmkit_policy_frame)),
		.seed = seed,
	};
	r->trace.outcome = calloc(a->nr ? a->nr : 1, 1);
	return r->trace.next_use && r->trace.page && r->trace.outcome &&
	       r->frame ? 0 : -ENOMEM;
}

static void replay_free(struct replay *r)
{
	free(r->trace.next_use);
	free(r->trace.page);
	free(r->trace.outcome);
	free(r->frame);
}

static struct mmkit_trace_result replay(struct replay *r, uint32_t kind,
					uint32_t frames)
{
	struct mmkit_trace_result result;
	struct mmkit_policy policy;

	mmkit_policy_init(&policy, kind, r->frame, frames, r->seed);
	mmkit_trace_run(&r->trace, &policy, &result);
	return result;
}

/* What became of the first accesses, a letter each: hit, filled, evicted. */
static struct json_object *course_json(const struct mmkit_trace *trace)
{
	int i, nr = trace->nr < MAX_COURSE ? trace->nr : MAX_COURSE;
	char course[MAX_COURSE];

	for (i = 0; i < nr; i++)
		course[i] = "hfe"[trace->outcome[i]];
	return json_object_new_string_len(course, nr);
}

static struct json_object *policy_json(struct replay *r, uint32_t kind,
				       uint32_t frames)
{
	struct mmkit_trace_result result = replay(r, kind, frames);
	struct json_object *obj = j_obj();

	j_str(obj, "policy", mmkit_policy_name(kind));
	j_u64(obj, "hits", result.hits);
	j_u64(obj, "misses", result.misses);
	j_u64(obj, "refaults", result.refaults);
	j_u64(obj, "evictions", result.evictions);
	j_u64(obj, "writebacks", result.writebacks);
	j_add(obj, "course", course_json(&r->trace));
	return obj;
}

/* Misses in 1, 2, ... frames. A curve that rises shows Belady's anomaly. */
static struct json_object *curve_json(struct replay *r, uint32_t kind,
				      uint32_t most)
{
	struct json_object *obj = j_obj(), *misses = j_arr();
	uint64_t now, before = UINT64_MAX;
	bool rises = false;
	uint32_t frames;

	for (frames = 1; frames <= most; frames++) {
		now = replay(r, kind, frames).misses;
		rises |= now > before;
		before = now;
		json_object_array_add(misses, json_object_new_uint64(now));
	}
	j_str(obj, "policy", mmkit_policy_name(kind));
	j_bool(obj, "anomaly", rises);
	j_add(obj, "misses", misses);
	return obj;
}

static struct json_object *policies_json(const struct map_policies_opts *o,
					 const struct accesses *a,
					 struct replay *r)
{
	struct json_object *obj = j_obj(), *rows = j_arr(), *curves = NULL;
	uint32_t kind;

	for (kind = 0; kind < MMKIT_MAP_POLICIES; kind++)
		json_object_array_add(rows, policy_json(r, kind, o->frames));
	if (o->curve)
		curves = j_arr();
	for (kind = 0; curves && kind < MMKIT_MAP_POLICIES; kind++)
		json_object_array_add(curves, curve_json(r, kind, o->curve));
	j_u64(obj, "accesses", a->nr);
	j_num(obj, "pages", a->pages);
	j_num(obj, "frames", o->frames);
	j_add(obj, "policies", rows);
	j_add(obj, "curves", curves);
	return obj;
}

/* --- drawing it */

struct picture {
	struct draw_bar bars[MMKIT_MAP_POLICIES];
	struct draw_curve curves[MMKIT_MAP_POLICIES];
	double x[MAX_CURVE];
	double y[MMKIT_MAP_POLICIES][MAX_CURVE];
	uint8_t course[MMKIT_MAP_POLICIES * MAX_COURSE];
	struct draw_cells as_cells;
	struct draw_bars as_bars;
	struct draw_curves as_curves;
};

static void picture_bars(struct picture *p, struct json_object *rows)
{
	static const enum draw_color colors[] = {
		DRAW_BLUE, DRAW_RED, DRAW_YELLOW, DRAW_GREEN, DRAW_PURPLE,
		DRAW_GREY,
	};
	size_t i;

	for (i = 0; i < MMKIT_MAP_POLICIES; i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		p->bars[i] = (struct draw_bar) {
			.name = json_object_get_string(j_get(row, "policy")),
			.value = j_get_u64(row, "misses"),
			.color = colors[i],
		};
	}
	p->as_bars = (struct draw_bars) {
		.title = "Misses", .bar = p->bars, .nr = MMKIT_MAP_POLICIES,
	};
}

static const struct draw_class outcomes[] = {
	{ "hit", '.', DRAW_GREEN },
	{ "miss, frame was empty", 'f', DRAW_BLUE },
	{ "miss, page evicted", 'e', DRAW_RED },
};

static const char *policy_label(void *data, size_t first, char *buf, size_t len)
{
	const struct picture *p = data;

	snprintf(buf, len, "%s", p->bars[first / p->as_cells.per_row].name);
	return buf;
}

/* A row for each policy, a cell for each access. */
static void picture_cells(struct picture *p, struct json_object *rows)
{
	struct json_object *row;
	const char *course;
	size_t i, k, nr = 0;

	for (i = 0; i < MMKIT_MAP_POLICIES; i++) {
		row = json_object_array_get_idx(rows, i);
		course = json_object_get_string(j_get(row, "course"));
		for (k = 0; course[k]; k++)
			p->course[nr++] = course[k] == 'h' ? 0 :
					  course[k] == 'f' ? 1 : 2;
	}
	p->as_cells = (struct draw_cells) {
		.title = "The first references, one after the other",
		.classes = { outcomes, ARRAY_SIZE(outcomes) },
		.cell = p->course, .nr = nr, .per_row = nr / MMKIT_MAP_POLICIES,
		.label = policy_label, .data = p,
	};
}

static void picture_curves(struct picture *p, struct json_object *curves)
{
	size_t i, j;

	for (i = 0; i < MMKIT_MAP_POLICIES; i++) {
		struct json_object *c = json_object_array_get_idx(curves, i);
		struct json_object *misses = j_get(c, "misses");
		size_t nr = json_object_array_length(misses);

		for (j = 0; j < nr; j++) {
			p->x[j] = j + 1;
			p->y[i][j] = json_object_get_uint64(
				json_object_array_get_idx(misses, j));
		}
		p->curves[i] = (struct draw_curve) {
			.name = json_object_get_string(j_get(c, "policy")),
			.x = p->x, .y = p->y[i], .nr = nr,
		};
	}
	p->as_curves = (struct draw_curves) {
		.title = "Misses by the number of frames",
		.curve = p->curves, .nr = MMKIT_MAP_POLICIES,
	};
}

static void picture_make(struct picture *p, struct json_object *obj)
{
	picture_bars(p, j_get(obj, "policies"));
	picture_cells(p, j_get(obj, "policies"));
	if (j_get(obj, "curves"))
		picture_curves(p, j_get(obj, "curves"));
}

static int write_svg(const char *path, struct json_object *obj)
{
	struct picture p;

	picture_make(&p, obj);
	return p.as_curves.nr && j_get(obj, "curves") ?
	       draw_file(path, draw_curves_svg, &p.as_curves) :
	       draw_file(path, draw_bars_svg, &p.as_bars);
}

static void show_anomalies(struct json_object *curves)
{
	size_t i;

	for (i = 0; i < json_object_array_length(curves); i++) {
		struct json_object *c = json_object_array_get_idx(curves, i);

		if (json_object_get_boolean(j_get(c, "anomaly")))
			out_line("%s: more frames, more misses somewhere: Belady's anomaly",
				 json_object_get_string(j_get(c, "policy")));
	}
}

static void show_policies(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "POLICY", "policy", F_TEXT, 0, 0 },
		{ "HITS", "hits", F_TEXT, C_RIGHT, 0 },
		{ "MISSES", "misses", F_TEXT, C_RIGHT, 0 },
		{ "AGAIN", "refaults", F_TEXT, C_RIGHT, 0 },
		{ "EVICTED", "evictions", F_TEXT, C_RIGHT, 0 },
		{ "WRITTEN", "writebacks", F_TEXT, C_RIGHT, 0 },
	};
	struct draw_text out = out_drawing(cli);
	struct picture p;

	out_line("%llu accesses of %llu pages, in %llu frames",
		 (unsigned long long)j_get_u64(obj, "accesses"),
		 (unsigned long long)j_get_u64(obj, "pages"),
		 (unsigned long long)j_get_u64(obj, "frames"));
	out_table(cli, j_get(obj, "policies"), cols, ARRAY_SIZE(cols));
	out_blank();
	picture_make(&p, obj);
	draw_bars(&out, &p.as_bars);
	draw_cells(&out, &p.as_cells);
	if (!j_get(obj, "curves"))
		return;
	out_blank();
	draw_curves(&out, &p.as_curves);
	show_anomalies(j_get(obj, "curves"));
}

static int compare(struct cli *cli, const struct map_policies_opts *o,
		   const struct accesses *a)
{
	uint32_t most = o->curve > o->frames ? o->curve : o->frames;
	struct json_object *obj = NULL;
	struct replay r;
	int err = replay_make(&r, a, most, o->seed);

	if (!err)
		obj = policies_json(o, a, &r);
	replay_free(&r);
	if (err)
		return explain(cli, NULL, err, "replaying the trace");
	if (o->svg) {
		err = write_svg(o->svg, obj);
		if (err) {
			json_object_put(obj);
			return unwritable(cli, o->svg, err);
		}
	}
	return result(cli, obj, show_policies);
}

int map_policies_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct map_policies_opts *o = data;
	struct accesses a = { 0 };
	int status;

	(void)argc;
	(void)argv;
	if (!o->frames || o->frames > MMKIT_MAP_FRAMES_MAX)
		return usage(cli, "--frames from 1 to %u",
			     MMKIT_MAP_FRAMES_MAX);
	if (o->curve > MAX_CURVE)
		return usage(cli, "--curve up to %u", MAX_CURVE);
	status = read_trace(cli, o, &a);
	if (!status)
		status = compare(cli, o, &a);
	free(a.access);
	free(a.number);
	return status;
}
