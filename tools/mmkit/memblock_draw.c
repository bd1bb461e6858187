// SPDX-License-Identifier: GPL-2.0-only
/* Physical memory to scale, and the growth of what is reserved. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memblock.h"

/* Of two that overlap the later one is seen. */
static const struct draw_class classes[] = {
	{ "memory", '.', DRAW_GREEN },
	{ "reserved", '#', DRAW_RED },
	{ "struct pages", 'S', DRAW_PURPLE },
	{ "kernel image", 'K', DRAW_BLUE },
	{ "initrd", 'I', DRAW_YELLOW },
	{ "carve-out", 'C', DRAW_CYAN },
};

struct edges {
	uint64_t *at;
	size_t nr;
};

static int class_of(struct json_object *part)
{
	const char *what = json_object_get_string(j_get(part, "what"));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(classes) - 1; i++)
		if (!strcmp(classes[i].name, what))
			break;
	return i;
}

static uint64_t end_of(struct json_object *part)
{
	return j_get_u64(part, "base") + j_get_u64(part, "bytes");
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Every address where something begins or ends, in their order. */
static int edges_of(struct json_object *parts, struct edges *edges)
{
	size_t i, nr = json_object_array_length(parts);

	edges->nr = 2 * nr;
	edges->at = calloc(edges->nr ? edges->nr : 1, sizeof(*edges->at));
	if (!edges->at)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		struct json_object *part = json_object_array_get_idx(parts, i);

		edges->at[2 * i] = j_get_u64(part, "base");
		edges->at[2 * i + 1] = end_of(part);
	}
	qsort(edges->at, edges->nr, sizeof(*edges->at), compare_u64);
	return 0;
}

/* The class that is seen at an address, -1 where nothing is. */
static int seen_at(struct json_object *parts, uint64_t at)
{
	size_t i, nr = json_object_array_length(parts);
	int class, seen = -1;

	for (i = 0; i < nr; i++) {
		struct json_object *part = json_object_array_get_idx(parts, i);

		class = class_of(part);
		if (class > seen && j_get_u64(part, "base") <= at &&
		    at < end_of(part))
			seen = class;
	}
	return seen;
}

/* Less memory than a thousandth of all, between reservations, is not seen. */
static size_t fill_bands(struct json_object *parts, const struct edges *edges,
			 struct draw_band *band)
{
	uint64_t least = edges->nr ? edges->at[edges->nr - 1] / 1024 : 0;
	size_t i, nr = 0;
	int class;

	for (i = 0; i + 1 < edges->nr; i++) {
		if (edges->at[i] == edges->at[i + 1])
			continue;
		class = seen_at(parts, edges->at[i]);
		if (class < 0)
			continue;
		if (!class && nr && edges->at[i + 1] - edges->at[i] < least)
			class = 1;
		if (nr && band[nr - 1].class == class &&
		    band[nr - 1].end == edges->at[i]) {
			band[nr - 1].end = edges->at[i + 1];
			continue;
		}
		band[nr++] = (struct draw_band) {
			.start = edges->at[i], .end = edges->at[i + 1],
			.name = classes[class].name, .class = class,
		};
	}
	return nr;
}

/* To be freed: bands.band. Returns 0 or -ENOMEM. */
static int bands_make(struct draw_bands *bands, struct json_object *parts)
{
	struct draw_band *band;
	struct edges edges;
	int err = edges_of(parts, &edges);

	if (err)
		return err;
	band = calloc(edges.nr ? edges.nr : 1, sizeof(*band));
	if (!band) {
		free(edges.at);
		return -ENOMEM;
	}
	*bands = (struct draw_bands) {
		.title = "Physical memory",
		.classes = { classes, ARRAY_SIZE(classes) },
		.band = band,
		.nr = fill_bands(parts, &edges, band),
		.number = draw_hex,
	};
	free(edges.at);
	return 0;
}

/* @parts: each with base, bytes and what. */
void memblock_map_draw(struct cli *cli, struct json_object *parts)
{
	struct draw_text out = out_drawing(cli);
	struct draw_bands bands;

	if (bands_make(&bands, parts))
		return;
	draw_bands(&out, &bands);
	free((void *)bands.band);
}

/* Returns 0, or -errno of the file. */
int memblock_map_svg(const char *path, struct json_object *parts)
{
	struct draw_bands bands;
	int err = bands_make(&bands, parts);

	if (err)
		return err;
	err = draw_file(path, draw_bands_svg, &bands);
	free((void *)bands.band);
	return err;
}

/* To be freed: values. */
static double *growth_of(struct json_object *growth, struct draw_curve *curve)
{
	size_t i, nr = json_object_array_length(growth);
	double *values = calloc(2 * nr + 1, sizeof(*values));

	for (i = 0; values && i < nr; i++) {
		struct json_object *point = json_object_array_get_idx(growth, i);

		values[i] = j_get_u64(point, "request");
		values[nr + i] = j_get_u64(point, "reserved");
	}
	*curve = (struct draw_curve) {
		.name = "reserved", .x = values, .y = values + nr, .nr = nr,
	};
	return values;
}

static struct draw_curves curves_of(const struct draw_curve *curve)
{
	return (struct draw_curves) {
		.title = "What memblock has reserved, request by request",
		.curve = curve, .nr = 1, .y_number = draw_bytes,
	};
}

/* @growth: points with request and reserved, in their order. */
void memblock_growth_draw(struct cli *cli, struct json_object *growth)
{
	struct draw_text out = out_drawing(cli);
	struct draw_curve curve;
	double *values = growth_of(growth, &curve);
	struct draw_curves curves = curves_of(&curve);

	if (values)
		draw_curves(&out, &curves);
	free(values);
}

/* Returns 0, or -errno of the file. */
int memblock_growth_svg(const char *path, struct json_object *growth)
{
	struct draw_curve curve;
	double *values = growth_of(growth, &curve);
	struct draw_curves curves = curves_of(&curve);
	int err = values ? draw_file(path, draw_curves_svg, &curves) : -ENOMEM;

	free(values);
	return err;
}
