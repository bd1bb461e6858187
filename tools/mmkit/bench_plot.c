// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cost against order, size, batch or threads: a curve of each row that has an
 * axis. Both scales are logarithmic; an order is drawn as its pages.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "draw.h"
#include "report.h"

struct plot {
	struct draw_curves curves;
	struct draw_curve *curve;
	char (*names)[96];
	double *x;
	double *y;
	char title[96];
};

/* Without libm: the octave, and linear inside it; from 1 on. */
static double log2_of(double value)
{
	uint64_t whole = value < 1 ? 1 : (uint64_t)value;
	unsigned int octave = 63 - __builtin_clzll(whole);

	return value < 1 ? 0 : octave + value / (double)(1ull << octave) - 1;
}

/* A cost is drawn as the logarithm of its thousandths, and read back here. */
static const char *cost_number(double value, char *buf, size_t len)
{
	unsigned int octave = value > 0 ? (unsigned int)value : 0;
	double milli = (double)(1ull << octave) * (1 + value - octave);

	snprintf(buf, len, "%.0f", milli / 1000);
	return buf;
}

static double x_of(struct json_object *row)
{
	uint64_t x = j_get_u64(row, "x");

	if (!strcmp(json_object_get_string(j_get(row, "axis")), "order"))
		return (double)(1ull << x);
	return x ? (double)x : 1;
}

static void name_of(struct json_object *row, char *name, size_t len)
{
	struct json_object *subject = j_get(row, "subject");
	const char *id = json_object_get_string(j_get(row, "id"));

	/* Of a series over threads each row has a curve. */
	if (!strcmp(json_object_get_string(j_get(row, "axis")), "threads")) {
		snprintf(name, len, "%.*s", (int)strcspn(id, "@"), id);
		return;
	}
	snprintf(name, len, "%s%s%s", json_object_get_string(j_get(row, "row")),
		 subject ? "/" : "",
		 subject ? json_object_get_string(subject) : "");
}

/* The points of a curve follow each other. */
static void add_point(struct plot *plot, struct json_object *row, size_t at)
{
	size_t *nr = &plot->curves.nr;
	char name[96];

	name_of(row, name, sizeof(name));
	if (!*nr || strcmp(plot->names[*nr - 1], name)) {
		strcpy(plot->names[*nr], name);
		plot->curve[*nr] = (struct draw_curve){
			.name = plot->names[*nr],
			.x = &plot->x[at], .y = &plot->y[at],
		};
		++*nr;
	}
	plot->x[at] = x_of(row);
	plot->y[at] = log2_of(j_get_u64(row, "cost"));
	plot->curve[*nr - 1].nr++;
}

static void plot_free(struct plot *plot)
{
	free(plot->curve);
	free(plot->names);
	free(plot->x);
	free(plot->y);
}

static int plot_make(struct plot *plot, struct json_object *obj)
{
	struct json_object *rows = j_get(obj, "rows"), *row;
	size_t i, nr = json_object_array_length(rows), at = 0;

	*plot = (struct plot){
		.curve = calloc(nr ?: 1, sizeof(*plot->curve)),
		.names = calloc(nr ?: 1, sizeof(*plot->names)),
		.x = calloc(nr ?: 1, sizeof(double)),
		.y = calloc(nr ?: 1, sizeof(double)),
	};
	if (!plot->curve || !plot->names || !plot->x || !plot->y) {
		plot_free(plot);
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++) {
		row = json_object_array_get_idx(rows, i);
		if (j_get(row, "axis") && !j_get(row, "skipped"))
			add_point(plot, row, at++);
	}
	snprintf(plot->title, sizeof(plot->title),
		 "%s for each operation (log scale), by order in pages, size, batch, threads",
		 json_object_get_string(j_get(j_get(obj, "key"), "unit")));
	plot->curves.title = plot->title;
	plot->curves.curve = plot->curve;
	plot->curves.log_x = true;
	plot->curves.y_number = cost_number;
	return 0;
}

void bench_chart(struct cli *cli, struct json_object *obj)
{
	struct draw_text out = out_drawing(cli);
	struct plot plot;

	if (plot_make(&plot, obj))
		return;
	if (plot.curves.nr)
		draw_curves(&out, &plot.curves);
	plot_free(&plot);
}

/* The figures and their curves. */
void bench_page_show(struct cli *cli, struct json_object *obj)
{
	bench_show(cli, obj);
	bench_chart(cli, obj);
}

/* Returns 0 or -errno. */
int bench_svg(const char *path, struct json_object *obj)
{
	struct plot plot;
	int err = plot_make(&plot, obj);

	if (err)
		return err;
	err = draw_file(path, draw_curves_svg, &plot.curves);
	plot_free(&plot);
	return err;
}
