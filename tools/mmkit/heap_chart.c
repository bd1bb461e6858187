// SPDX-License-Identifier: GPL-2.0-only
/* Waste over size, as columns of a terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"

#define COLS	64
#define ROWS	8
#define LEVELS	8	/* of one character */

/* By what the terminal was announced as: a small system has no locale files. */
static bool is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "UTF-8") ||
			       strcasestr(value, "UTF8");
	}
	return false;
}

/* Quarters of an octave from one byte on, without floating point. */
static unsigned int quarters(uint64_t bytes)
{
	unsigned int octave = 63 - __builtin_clzll(bytes);
	uint64_t part = bytes << (63 - octave) >> 61 & 3;

	return 4 * octave + part;
}

/* Waste in thousandths of what was usable, the worst of each column. */
static void measure(struct json_object *api, int *milli)
{
	struct json_object *points = j_get(api, "points"), *point;
	uint64_t end = quarters(j_get_u64(api, "largest")) + 1, usable;
	size_t i, nr = json_object_array_length(points);
	unsigned int col;
	int value;

	for (col = 0; col < COLS; col++)
		milli[col] = -1;
	for (i = 0; i < nr; i++) {
		point = json_object_array_get_idx(points, i);
		usable = j_get_u64(point, "usable");
		value = usable ? j_get_u64(point, "waste") * 1000 / usable : 0;
		col = quarters(j_get_u64(point, "bytes")) * COLS / end;
		if (value > milli[col])
			milli[col] = value;
	}
	/* Where no size was tried, the one before stands. */
	for (col = 1; col < COLS; col++)
		if (milli[col] < 0)
			milli[col] = milli[col - 1];
}

/* How much of a character @level of @ROWS is full: 0 to LEVELS. */
static int fill_of(int milli, int row, int rows)
{
	int fill = (milli * rows * LEVELS + 999) / 1000 - row * LEVELS;

	if (fill < 0)
		return 0;
	return fill > LEVELS ? LEVELS : fill;
}

static void draw_row(const int *milli, int row, int rows, bool utf8)
{
	static const char *const blocks[] = {
		" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█",
	};
	static const char ascii[] = " ..::++##";
	unsigned int col;
	int fill;

	for (col = 0; col < COLS; col++) {
		fill = fill_of(milli[col], row, rows);
		if (utf8)
			fputs(blocks[fill], stdout);
		else
			putchar(ascii[fill]);
	}
	putchar('\n');
}

static void draw_tall(const int *milli, bool utf8, struct json_object *api)
{
	int row;

	out_line("Waste, in percent of what the kernel gives:");
	for (row = ROWS - 1; row >= 0; row--) {
		printf("%4d %%|", (row + 1) * 100 / ROWS);
		draw_row(milli, row, ROWS, utf8);
	}
	printf("      +");
	for (row = 0; row < COLS; row++)
		putchar('-');
	printf("\n       1 byte%*llu bytes\n", COLS - 12,
	       (unsigned long long)j_get_u64(api, "largest"));
}

/* @tall: by itself, with axes; else a line among others. */
void heap_chart(struct json_object *api, bool tall)
{
	bool utf8 = is_utf8();
	int milli[COLS];

	measure(api, milli);
	if (tall) {
		draw_tall(milli, utf8, api);
		return;
	}
	printf("%-13s|", json_object_get_string(j_get(api, "api")));
	draw_row(milli, 0, 1, utf8);
}
