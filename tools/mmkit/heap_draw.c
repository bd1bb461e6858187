// SPDX-License-Identifier: GPL-2.0-only
/* Waste over size, a curve for each function. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "heap.h"

struct wastes {
	struct draw_curves curves;
	struct draw_curve *curve;
	double *values;
};

static size_t points_of(struct json_object *api)
{
	return json_object_array_length(j_get(api, "points"));
}

static void fill_curve(struct draw_curve *curve, struct json_object *api,
		       double *values)
{
	struct json_object *points = j_get(api, "points"), *point;
	size_t i, nr = points_of(api);
	double *x = values, *y = values + nr;
	uint64_t usable;

	for (i = 0; i < nr; i++) {
		point = json_object_array_get_idx(points, i);
		usable = j_get_u64(point, "usable");
		x[i] = j_get_u64(point, "bytes");
		y[i] = usable ? (double)j_get_u64(point, "waste") / usable : 0;
	}
	*curve = (struct draw_curve) {
		.name = json_object_get_string(j_get(api, "api")),
		.x = x, .y = y, .nr = nr,
	};
}

static void wastes_free(struct wastes *wastes)
{
	free(wastes->curve);
	free(wastes->values);
}

static int wastes_make(struct wastes *wastes, struct json_object *apis)
{
	size_t i, nr = json_object_array_length(apis), total = 0;
	double *values;

	for (i = 0; i < nr; i++)
		total += 2 * points_of(json_object_array_get_idx(apis, i));
	wastes->curve = calloc(nr ?: 1, sizeof(*wastes->curve));
	wastes->values = values = calloc(total ?: 1, sizeof(*values));
	if (!wastes->curve || !values) {
		wastes_free(wastes);
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++) {
		struct json_object *api = json_object_array_get_idx(apis, i);

		fill_curve(&wastes->curve[i], api, values);
		values += 2 * points_of(api);
	}
	wastes->curves = (struct draw_curves) {
		.title = "Waste in percent of what the kernel gives, by size asked for",
		.curve = wastes->curve, .nr = nr, .log_x = true, .y_max = 1,
		.x_number = draw_bytes, .y_number = draw_percent,
	};
	return 0;
}

/* On stdout: one function by itself with axes, several as a line each. */
void heap_chart(struct cli *cli, struct json_object *apis)
{
	struct draw_text out = out_drawing(cli);
	struct wastes wastes;

	if (wastes_make(&wastes, apis))
		return;
	draw_curves(&out, &wastes.curves);
	wastes_free(&wastes);
}

/* Returns 0, or -errno of the file. */
int heap_svg(const char *path, struct json_object *apis)
{
	struct wastes wastes;
	int err = wastes_make(&wastes, apis);

	if (err)
		return err;
	err = draw_file(path, draw_curves_svg, &wastes.curves);
	wastes_free(&wastes);
	return err;
}
