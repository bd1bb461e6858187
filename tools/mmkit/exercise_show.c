// SPDX-License-Identifier: GPL-2.0-only
/* What came of a run of the exerciser, as JSON, text and curves. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/hist.h"

#include "bench.h"
#include "draw.h"
#include "exercise.h"
#include "report.h"

static const char *const sides[] = { "alloc", "free" };

/* Ticks as the unit of this clock. */
static uint64_t in_unit(const struct exercise *ex, uint64_t ticks)
{
	return bench_milli(&ex->info, ticks, 1) / 1000;
}

static struct json_object *buckets_json(const struct exercise *ex,
					const struct mmkit_bench_hist *hist)
{
	struct json_object *arr = j_arr(), *obj;
	unsigned int i;

	for (i = 0; i < MMKIT_BENCH_BUCKETS; i++) {
		if (!hist->bucket[i])
			continue;
		obj = j_obj();
		j_u64(obj, "from", in_unit(ex, mmkit_hist_low(i)));
		j_u64(obj, "to", in_unit(ex, mmkit_hist_high(i)));
		j_u64(obj, "count", hist->bucket[i]);
		json_object_array_add(arr, obj);
	}
	return arr;
}

static struct json_object *hist_json(const struct exercise *ex,
				     const char *side,
				     const struct mmkit_bench_hist *hist)
{
	static const struct {
		const char *key;
		unsigned int permyriad;
	} parts[] = {
		{ "p50", 5000 }, { "p90", 9000 }, { "p99", 9900 },
		{ "p999", 9990 },
	};
	struct json_object *obj = j_obj();
	size_t i;

	j_str(obj, "of", side);
	j_u64(obj, "count", hist->total);
	j_u64(obj, "min", in_unit(ex, hist->min));
	j_u64(obj, "mean", hist->total ?
	      bench_milli(&ex->info, hist->sum, hist->total) / 1000 : 0);
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		j_u64(obj, parts[i].key, in_unit(ex,
		      mmkit_hist_percentile(hist, parts[i].permyriad)));
	j_u64(obj, "max", in_unit(ex, hist->max));
	j_add(obj, "buckets", buckets_json(ex, hist));
	return obj;
}

static struct json_object *failures_json(const struct mmkit_bench_status *s)
{
	struct json_object *obj = j_obj();

	j_u64(obj, "ENOMEM", s->enomem);
	j_u64(obj, "EDQUOT", s->edquot);
	return obj;
}

/* The zone of that name and node at another time. */
static const struct mmkit_proc_zone *
zone_like(const struct zones_now *now, const struct mmkit_proc_zone *like)
{
	int i;

	for (i = 0; i < now->nr; i++)
		if (now->zone[i].node == like->node &&
		    !strcmp(now->zone[i].name, like->name))
			return &now->zone[i];
	return NULL;
}

static void add_zone(struct json_object *obj, const char *when,
		     const struct mmkit_proc_zone *zone)
{
	char key[32];

	snprintf(key, sizeof(key), "free_%s", when);
	if (zone)
		j_u64(obj, key, zone->free);
	else
		j_null(obj, key);
	snprintf(key, sizeof(key), "pcp_%s", when);
	if (zone)
		j_u64(obj, key, zone->pcp_pages);
	else
		j_null(obj, key);
}

/* Zones that have memory: its pages, free and on the per-cpu lists. */
static struct json_object *zones_json(const struct exercise *ex)
{
	struct json_object *arr = j_arr(), *obj;
	int i;

	for (i = 0; i < ex->before.nr; i++) {
		const struct mmkit_proc_zone *zone = &ex->before.zone[i];

		if (!zone->managed)
			continue;
		obj = j_obj();
		j_num(obj, "node", zone->node);
		j_str(obj, "zone", zone->name);
		add_zone(obj, "before", zone);
		add_zone(obj, "during", zone_like(&ex->during, zone));
		add_zone(obj, "after", zone_like(&ex->after, zone));
		json_object_array_add(arr, obj);
	}
	return arr;
}

struct json_object *exercise_json(const struct exercise *ex)
{
	const struct mmkit_bench_status *s = &ex->status;
	struct json_object *obj = j_obj(), *hists = j_arr();
	uint64_t ns = s->elapsed_ns ? s->elapsed_ns : 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sides); i++)
		json_object_array_add(hists, hist_json(ex, sides[i],
						       &ex->hists[i]));
	j_str(obj, "allocator", ex->req.allocator);
	j_str(obj, "pattern", mmkit_bench_pattern_name(ex->req.pattern));
	j_str(obj, "dist", mmkit_bench_dist_name(ex->req.dist));
	j_num(obj, "threads", ex->req.threads);
	j_num(obj, "live", ex->req.live);
	j_gfp(obj, "gfp", ex->req.gfp);
	j_str(obj, "unit", bench_unit(&ex->info));
	j_bool(obj, "debug", ex->info.config & MMKIT_BENCH_DEBUG);
	j_u64(obj, "elapsed_ns", s->elapsed_ns);
	j_u64(obj, "allocs", s->allocs);
	j_u64(obj, "frees", s->frees);
	j_u64(obj, "per_second", (double)s->allocs * 1e9 / ns);
	j_u64(obj, "asked_bytes", s->asked);
	j_u64(obj, "peak_bytes", s->peak);
	j_u64(obj, "held_bytes", s->bytes);
	j_add(obj, "failures", failures_json(s));
	j_u64(obj, "corrupt", s->corrupt);
	j_num(obj, "moved", s->moved);
	j_bool(obj, "interrupted", interrupted());
	j_add(obj, "latency", hists);
	j_add(obj, "zones", zones_json(ex));
	j_str(obj, "svg", ex->opts->svg);
	return obj;
}

/* How many of those that counted did as they should. */
static void show_counts(struct json_object *obj)
{
	struct json_object *failures = j_get(obj, "failures");

	out_line("%s, %s, sizes %s: %llu thread%s, %llu allocations, %llu frees",
		 json_object_get_string(j_get(obj, "allocator")),
		 json_object_get_string(j_get(obj, "pattern")),
		 json_object_get_string(j_get(obj, "dist")),
		 (unsigned long long)j_get_u64(obj, "threads"),
		 plural(j_get_u64(obj, "threads")),
		 (unsigned long long)j_get_u64(obj, "allocs"),
		 (unsigned long long)j_get_u64(obj, "frees"));
	out_line("%llu a second; %llu bytes held at most, %llu now",
		 (unsigned long long)j_get_u64(obj, "per_second"),
		 (unsigned long long)j_get_u64(obj, "peak_bytes"),
		 (unsigned long long)j_get_u64(obj, "held_bytes"));
	out_line("failed: %llu ENOMEM, %llu EDQUOT; %llu corrupt; threads moved off their CPU: %llu",
		 (unsigned long long)j_get_u64(failures, "ENOMEM"),
		 (unsigned long long)j_get_u64(failures, "EDQUOT"),
		 (unsigned long long)j_get_u64(obj, "corrupt"),
		 (unsigned long long)j_get_u64(obj, "moved"));
}

void exercise_show(struct cli *cli, struct json_object *obj)
{
	static const struct column latency[] = {
		{ "OF", "of", F_TEXT, 0, 0 },
		{ "MIN", "min", F_TEXT, C_RIGHT, 0 },
		{ "MEAN", "mean", F_TEXT, C_RIGHT, 0 },
		{ "P50", "p50", F_TEXT, C_RIGHT, 0 },
		{ "P90", "p90", F_TEXT, C_RIGHT, 0 },
		{ "P99", "p99", F_TEXT, C_RIGHT, 0 },
		{ "P99.9", "p999", F_TEXT, C_RIGHT, 0 },
		{ "MAX", "max", F_TEXT, C_RIGHT, 0 },
	};
	static const struct column zones[] = {
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "ZONE", "zone", F_TEXT, 0, 0 },
		{ "FREE", "free_before", F_TEXT, C_RIGHT, 0 },
		{ "DURING", "free_during", F_TEXT, C_RIGHT, 0 },
		{ "AFTER", "free_after", F_TEXT, C_RIGHT, 0 },
		{ "PCP", "pcp_before", F_TEXT, C_RIGHT, 0 },
		{ "DURING", "pcp_during", F_TEXT, C_RIGHT, 0 },
		{ "AFTER", "pcp_after", F_TEXT, C_RIGHT, 0 },
	};

	show_counts(obj);
	out_line("Latencies in %s%s:", json_object_get_string(j_get(obj, "unit")),
		 json_object_get_boolean(j_get(obj, "debug")) ?
		 ", of a kernel that debugs itself" : "");
	out_table(cli, j_get(obj, "latency"), latency, ARRAY_SIZE(latency));
	out_line("Pages free and on per-cpu lists:");
	out_table(cli, j_get(obj, "zones"), zones, ARRAY_SIZE(zones));
	if (j_get(obj, "svg"))
		out_line("drawn into %s",
			 json_object_get_string(j_get(obj, "svg")));
}

/* --- curves ------------------------------------------------------------ */

/* How many calls took how long: a curve of each side. */
struct latencies {
	struct draw_curves curves;
	struct draw_curve curve[ARRAY_SIZE(sides)];
	double *values;
};

static size_t buckets_of(struct json_object *side)
{
	return json_object_array_length(j_get(side, "buckets"));
}

static void fill_curve(struct draw_curve *curve, struct json_object *side,
		       double *values)
{
	struct json_object *buckets = j_get(side, "buckets"), *bucket;
	size_t i, nr = buckets_of(side);
	double *x = values, *y = values + nr;

	for (i = 0; i < nr; i++) {
		bucket = json_object_array_get_idx(buckets, i);
		x[i] = j_get_u64(bucket, "from");
		if (x[i] < 1)	/* a log scale has no 0 */
			x[i] = 1;
		y[i] = j_get_u64(bucket, "count");
	}
	*curve = (struct draw_curve){
		.name = json_object_get_string(j_get(side, "of")),
		.x = x, .y = y, .nr = nr,
	};
}

static int latencies_make(struct latencies *l, struct json_object *obj)
{
	struct json_object *arr = j_get(obj, "latency");
	size_t i, total = 0;
	double *values;

	for (i = 0; i < ARRAY_SIZE(sides); i++)
		total += 2 * buckets_of(json_object_array_get_idx(arr, i));
	l->values = values = calloc(total ?: 1, sizeof(*values));
	if (!values)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(sides); i++) {
		struct json_object *side = json_object_array_get_idx(arr, i);

		fill_curve(&l->curve[i], side, values);
		values += 2 * buckets_of(side);
	}
	l->curves = (struct draw_curves){
		.title = "Calls, by how long they took",
		.curve = l->curve, .nr = ARRAY_SIZE(sides), .log_x = true,
	};
	return 0;
}

void exercise_show_chart(struct cli *cli, struct json_object *obj)
{
	struct draw_text out = out_drawing(cli);
	struct latencies latencies;

	exercise_show(cli, obj);
	if (latencies_make(&latencies, obj))
		return;
	draw_curves(&out, &latencies.curves);
	free(latencies.values);
}

/* Returns 0 or -errno. */
int exercise_svg(const char *path, struct json_object *obj)
{
	struct latencies latencies;
	int err = latencies_make(&latencies, obj);

	if (err)
		return err;
	err = draw_file(path, draw_curves_svg, &latencies.curves);
	free(latencies.values);
	return err;
}

/* A line a second, on stderr, so that what stdout gets stays the result. */
void exercise_watch(const struct exercise *ex,
		    const struct mmkit_bench_status *last,
		    const struct mmkit_bench_status *now)
{
	uint64_t ns = now->elapsed_ns - last->elapsed_ns;

	if (ex->cli->opt.quiet)
		return;
	fprintf(stderr, "%6.1f s %10.0f allocs/s %8llu live %12llu bytes %6llu ENOMEM %6llu EDQUOT\n",
		now->elapsed_ns / 1e9,
		ns ? (now->allocs - last->allocs) * 1e9 / ns : 0,
		(unsigned long long)now->live, (unsigned long long)now->bytes,
		(unsigned long long)now->enomem,
		(unsigned long long)now->edquot);
}
