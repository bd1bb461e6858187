// SPDX-License-Identifier: GPL-2.0-only
/* Curves over one axis. */
#include "parts.h"

#define COLS	64
#define ROWS	8
#define LEFT	70.0
#define TOP	40.0
#define WIDTH	760.0
#define HEIGHT	320.0
#define TICKS	8

struct axis {
	double x_min;
	double x_max;
	double y_max;
};

static double along(const struct draw_curves *curves, double x)
{
	return curves->log_x ? draw_log2(x) : x;
}

static struct axis axis_of(const struct draw_curves *curves)
{
	struct axis axis = { .y_max = curves->y_max };
	const struct draw_curve *curve;
	bool first = true;
	size_t i, j;

	for (i = 0; i < curves->nr; i++) {
		curve = &curves->curve[i];
		for (j = 0; j < curve->nr; j++) {
			double x = along(curves, curve->x[j]);

			if (first || x < axis.x_min)
				axis.x_min = x;
			if (first || x > axis.x_max)
				axis.x_max = x;
			if (!curves->y_max && curve->y[j] > axis.y_max)
				axis.y_max = curve->y[j];
			first = false;
		}
	}
	if (axis.x_max <= axis.x_min)
		axis.x_max = axis.x_min + 1;
	if (axis.y_max <= 0)
		axis.y_max = 1;
	return axis;
}

/* 0 to 1 */
static double share(const struct draw_curves *curves, const struct axis *axis,
		    double x)
{
	return (along(curves, x) - axis->x_min) / (axis->x_max - axis->x_min);
}

/* The largest of each column; where there is none, the one before stands. */
static void measure(const struct draw_curves *curves, const struct axis *axis,
		    const struct draw_curve *curve, double *of)
{
	unsigned int col;
	size_t i;

	for (col = 0; col < COLS; col++)
		of[col] = -1;
	for (i = 0; i < curve->nr; i++) {
		col = share(curves, axis, curve->x[i]) * (COLS - 1) + 0.5;
		if (curve->y[i] / axis->y_max > of[col])
			of[col] = curve->y[i] / axis->y_max;
	}
	for (col = 1; col < COLS; col++)
		if (of[col] < 0)
			of[col] = of[col - 1];
}

/* How much of row @row of @rows is full, the lowest being 0. */
static int fill_of(double value, int row, int rows)
{
	double fill = value * rows * DRAW_EIGHTHS - row * DRAW_EIGHTHS;

	if (fill <= 0)
		return 0;
	return fill >= DRAW_EIGHTHS ? DRAW_EIGHTHS : (int)(fill + 0.999);
}

static void draw_row(const struct draw_text *out, const double *of, int row,
		     int rows)
{
	unsigned int col;

	for (col = 0; col < COLS; col++)
		fputs(text_fill_up(out, fill_of(of[col], row, rows)), out->file);
	putc('\n', out->file);
}

static void text_tall(const struct draw_text *out,
		      const struct draw_curves *curves, const struct axis *axis)
{
	draw_number_fn x_number = curves->x_number ?: draw_decimal;
	draw_number_fn y_number = curves->y_number ?: draw_decimal;
	const struct draw_curve *curve = &curves->curve[0];
	char low[32], high[32];
	double of[COLS];
	int row;

	measure(curves, axis, curve, of);
	for (row = ROWS - 1; row >= 0; row--) {
		y_number(axis->y_max * (row + 1) / ROWS, high, sizeof(high));
		fprintf(out->file, "%9s|", high);
		draw_row(out, of, row, ROWS);
	}
	fprintf(out->file, "%9s+", "");
	for (row = 0; row < COLS; row++)
		putc('-', out->file);
	x_number(curve->nr ? curve->x[0] : 0, low, sizeof(low));
	x_number(curve->nr ? curve->x[curve->nr - 1] : 0, high, sizeof(high));
	fprintf(out->file, "\n%10s%s%*s\n", "", low,
		(int)(COLS - text_width(low)), high);
}

/* One curve is drawn tall with its axes, several a line each. */
void draw_curves_text(const struct draw_text *out,
		      const struct draw_curves *curves)
{
	struct axis axis = axis_of(curves);
	unsigned int width = 0, has;
	double of[COLS];
	size_t i;

	text_title(out, curves->title);
	if (curves->nr == 1) {
		text_tall(out, curves, &axis);
		return;
	}
	for (i = 0; i < curves->nr; i++) {
		has = text_width(curves->curve[i].name);
		width = has > width ? has : width;
	}
	for (i = 0; i < curves->nr; i++) {
		measure(curves, &axis, &curves->curve[i], of);
		text_pad(out, curves->curve[i].name, width);
		putc('|', out->file);
		draw_row(out, of, 0, 1);
	}
}

/* Where a tick stands: on a log scale at whole powers of two. */
static double tick(const struct draw_curves *curves, const struct axis *axis,
		   unsigned int i)
{
	double span = axis->x_max - axis->x_min, value = 1;
	unsigned int octave, step;

	if (!curves->log_x)
		return axis->x_min + span * i / TICKS;
	step = (unsigned int)span / TICKS + 1;
	octave = (unsigned int)axis->x_min + (axis->x_min > (unsigned int)axis->x_min);
	for (octave += i * step; octave; octave--)
		value *= 2;
	return value;
}

static void svg_ticks(FILE *file, const struct draw_curves *curves,
		      const struct axis *axis)
{
	draw_number_fn number = curves->x_number ?: draw_decimal;
	double x, at;
	char buf[32];
	unsigned int i;

	for (i = 0; i <= TICKS; i++) {
		x = tick(curves, axis, i);
		at = LEFT + WIDTH * share(curves, axis, x);
		if (at > LEFT + WIDTH + 0.1)
			return;
		fprintf(file, "<path class=\"grid\" d=\"M%.1f %.1fV%.1f\"/>", at,
			TOP, TOP + HEIGHT);
		svg_text(file, at, TOP + HEIGHT + 18, "middle",
			 number(x, buf, sizeof(buf)));
	}
}

static void svg_axes(FILE *file, const struct draw_curves *curves,
		     const struct axis *axis)
{
	draw_number_fn number = curves->y_number ?: draw_decimal;
	char buf[32];
	unsigned int i;
	double at;

	svg_ticks(file, curves, axis);
	for (i = 0; i <= 4; i++) {
		number(axis->y_max * i / 4, buf, sizeof(buf));
		at = TOP + HEIGHT * (4 - i) / 4;
		fprintf(file, "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>", LEFT,
			at, LEFT + WIDTH);
		svg_text(file, LEFT - 6, at + 4, "end", buf);
	}
}

static void svg_curve(FILE *file, const struct draw_curves *curves,
		      const struct axis *axis, size_t nr)
{
	const struct draw_curve *curve = &curves->curve[nr];
	const char *color = svg_color(DRAW_BLUE + nr % (DRAW_BLACK - DRAW_BLUE));
	size_t i;

	fprintf(file, "<polyline stroke=\"%s\" points=\"", color);
	for (i = 0; i < curve->nr; i++)
		fprintf(file, "%.1f,%.1f ",
			LEFT + WIDTH * share(curves, axis, curve->x[i]),
			TOP + HEIGHT * (1 - curve->y[i] / axis->y_max));
	fprintf(file, "\"/>\n<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" fill=\"%s\"/>\n",
		LEFT + WIDTH + 14, TOP + 3 + 18.0 * nr, color);
	svg_text(file, LEFT + WIDTH + 30, TOP + 12 + 18.0 * nr, "start",
		 curve->name);
}

void draw_curves_svg(FILE *file, const struct draw_curves *curves)
{
	struct axis axis = axis_of(curves);
	double names = TOP + 18.0 * curves->nr;
	double height = TOP + HEIGHT + 40;
	size_t i;

	svg_open(file, LEFT + WIDTH + 180, names > height ? names : height,
		 curves->title);
	svg_axes(file, curves, &axis);
	for (i = 0; i < curves->nr; i++)
		svg_curve(file, curves, &axis, i);
	svg_close(file);
}
