// SPDX-License-Identifier: GPL-2.0-only
/* Waste over size, as SVG: a curve per function, sizes on a log scale. */
#include <errno.h>
#include <stdio.h>

#include "heap.h"

#define LEFT	60.0
#define TOP	40.0
#define WIDTH	840.0
#define HEIGHT	360.0
#define OCTAVES	28

static const char *const colors[] = {
	"#1b6ca8", "#d1495b", "#edae49", "#00798c", "#6a4c93", "#2e8b57",
	"#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf", "#ff7f0e",
};

/* log2() without libm: the octave, and linear inside it. */
static double x_of(uint64_t bytes)
{
	unsigned int octave = 63 - __builtin_clzll(bytes);
	double part = (double)bytes / (double)(1ull << octave) - 1;

	return LEFT + (octave + part) * WIDTH / OCTAVES;
}

static double y_of(struct json_object *point)
{
	uint64_t usable = j_get_u64(point, "usable");
	double waste = usable ? (double)j_get_u64(point, "waste") / usable : 0;

	return TOP + HEIGHT * (1 - waste);
}

static void draw_axes(FILE *file)
{
	static const char *const sizes[] = {
		"1", "16", "256", "4 KiB", "64 KiB", "1 MiB", "16 MiB", "256 MiB",
	};
	unsigned int i;
	double at;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		at = LEFT + 4 * i * WIDTH / OCTAVES;
		fprintf(file, "<path class=\"grid\" d=\"M%.1f %.1fV%.1f\"/>"
			"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
			at, TOP, TOP + HEIGHT, at, TOP + HEIGHT + 18, sizes[i]);
	}
	for (i = 0; i <= 4; i++) {
		at = TOP + HEIGHT * (4 - i) / 4;
		fprintf(file, "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>"
			"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%u %%</text>\n",
			LEFT, at, LEFT + WIDTH, LEFT - 6, at + 4, 25 * i);
	}
}

static void draw_api(FILE *file, struct json_object *api, unsigned int nr)
{
	struct json_object *points = j_get(api, "points"), *point;
	size_t i, n = json_object_array_length(points);
	const char *color = colors[nr % ARRAY_SIZE(colors)];

	fprintf(file, "<polyline stroke=\"%s\" points=\"", color);
	for (i = 0; i < n; i++) {
		point = json_object_array_get_idx(points, i);
		fprintf(file, "%.1f,%.1f ", x_of(j_get_u64(point, "bytes")),
			y_of(point));
	}
	fprintf(file, "\"/>\n<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n",
		LEFT + WIDTH + 14, TOP + 12 + 18.0 * nr, color,
		json_object_get_string(j_get(api, "api")));
}

/* Returns 0, or -errno of the file. */
int heap_svg(const char *path, struct json_object *apis)
{
	FILE *file = fopen(path, "we");
	unsigned int i, nr = json_object_array_length(apis);

	if (!file)
		return -errno;
	fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1020 440\">\n"
	      "<style>text{font:12px sans-serif}.grid{stroke:#ddd}"
	      "polyline{fill:none;stroke-width:1.5}</style>\n"
	      "<rect width=\"1020\" height=\"440\" fill=\"#fff\"/>\n"
	      "<text x=\"60\" y=\"22\">Waste in percent of what the kernel gives, by size asked for</text>\n",
	      file);
	draw_axes(file);
	for (i = 0; i < nr; i++)
		draw_api(file, json_object_array_get_idx(apis, i), i);
	fputs("</svg>\n", file);
	return fclose(file) ? -errno : 0;
}
