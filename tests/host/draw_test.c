// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drawings: the same figures as text, compared with what it must look like, and as
 * SVG, of which draw.sh checks that it is one. With a folder as its argument it
 * writes the SVGs there.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "draw.h"

static const struct draw_class kinds[] = {
	{ "free", '.', DRAW_GREEN },
	{ "used & <taken>", '#', DRAW_RED },
	{ "hole", ' ', DRAW_WHITE },
};

static const struct draw_classes classes = { kinds, 3 };

static const uint8_t cells_of[] = { 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1 };

static const char *row_label(void *data, size_t first, char *buf, size_t len)
{
	(void)data;
	snprintf(buf, len, "at %zu", first);
	return buf;
}

static const struct draw_cells cells = {
	.title = "cells", .classes = classes, .cell = cells_of, .nr = 11,
	.per_row = 4, .label = row_label,
};

static const struct draw_band band[] = {
	{ 0, 64, "low", 0 }, { 64, 128, "taken", 1 }, { 10000, 10128, "far", 0 },
};

static const struct draw_bands bands = {
	.title = "bands", .classes = classes, .band = band, .nr = 3,
	.squeeze = true,
};

static const double xs[] = { 1, 2, 4, 8, 16 };
static const double rising[] = { 0, 0.25, 0.5, 0.75, 1 };
static const double flat[] = { 0.5, 0.5, 0.5, 0.5, 0.5 };

static const struct draw_curve curve[] = {
	{ "rising", xs, rising, 5 }, { "flat", xs, flat, 5 },
};

static const struct draw_curves curves = {
	.title = "curves", .curve = curve, .nr = 2, .log_x = true, .y_max = 1,
};

static const struct draw_bar bar[] = {
	{ "one", 1, NULL, DRAW_BLUE }, { "four", 4, "of four", DRAW_RED },
	{ "none", 0, NULL, DRAW_BLUE }, { "little", 0.001, NULL, DRAW_BLUE },
};

static const struct draw_bars bars = { .title = "bars", .bar = bar, .nr = 4 };

static const struct draw_node node[] = {
	{ 0, "root", DRAW_BLUE }, { 1, "first", DRAW_BLUE },
	{ 2, "leaf", DRAW_GREEN }, { 1, "last", DRAW_BLUE },
	{ 2, "its leaf", DRAW_GREEN },
};

static const struct draw_tree tree = { .title = "tree", .node = node, .nr = 5 };

#define DRAWN(draw, what, utf8_, color_) __extension__ ({		\
	static char *_text;						\
	size_t _len;							\
	struct draw_text _out = {					\
		.columns = 40, .utf8 = utf8_, .color = color_,		\
	};								\
	free(_text);							\
	_out.file = open_memstream(&_text, &_len);			\
	draw(&_out, what);						\
	fclose(_out.file);						\
	_text;								\
})

static void test_cells(void **state)
{
	(void)state;
	assert_string_equal(DRAWN(draw_cells_text, &cells, false, false),
			    "cells\n"
			    "at 0 ..##\n"
			    "at 4 #..#\n"
			    "at 8 ###\n"
			    ". free 4  # used & <taken> 7\n");
}

static void test_color(void **state)
{
	struct draw_cells one = cells;

	(void)state;
	one.label = NULL;
	one.title = NULL;
	one.nr = 1;
	assert_string_equal(DRAWN(draw_cells_text, &one, false, true),
			    "\033[32m.\033[0m\n\033[32m.\033[0m free 1\n");
}

static void test_no_cells(void **state)
{
	struct draw_cells none = cells;

	(void)state;
	none.nr = 0;
	assert_string_equal(DRAWN(draw_cells_text, &none, false, false), "cells\n");
}

/* Both halves of what is there are as long as each other, the gap is short. */
static void test_bands(void **state)
{
	const char *text = DRAWN(draw_bands_text, &bands, false, false);
	size_t i, low = 0, taken = 0, gap = 0;

	(void)state;
	for (i = strlen("bands\n"); text[i] && strncmp(text + i, ". 0x0", 3); i++) {
		low += text[i] == '.';
		taken += text[i] == '#';
		gap += text[i] == '~';
		if (low + taken + gap == 4 * 38)
			break;
	}
	assert_int_equal(low + taken + gap, 4 * 38);
	assert_in_range(taken, 36, 39);
	assert_in_range(low, 3 * 36, 3 * 39);
	assert_in_range(gap, 1, 4);
	assert_non_null(strstr(text, "0x80             0x2710    9.6 KiB  -"));
	assert_non_null(strstr(text, ". free 2"));
}

/* One beside which the others are nothing: each of them has a cell, no more. */
static const struct draw_band uneven[] = {
	{ 0, 1, "first", 0 }, { 1, (1ull << 50) + 1, "large", 1 },
	{ (1ull << 50) + 1, (1ull << 50) + 2, "last", 0 },
};

static const struct draw_bands sizes = {
	.title = "sizes", .classes = classes, .band = uneven, .nr = 3,
	.sizes = true, .all = true,
};

static void test_sizes(void **state)
{
	const char *text = DRAWN(draw_bands_text, &sizes, false, false);
	struct draw_bands to_scale = sizes;

	(void)state;
	assert_memory_equal(text, "sizes\n.", 7);
	assert_non_null(strstr(text, "#.\n"));
	assert_non_null(strstr(text, "\n#      1 PiB  large\n"));
	assert_null(strstr(text, "0x"));
	to_scale.all = false;
	text = DRAWN(draw_bands_text, &to_scale, false, false);
	assert_memory_equal(text, "sizes\n#", 7);
}

static void test_curves(void **state)
{
	struct draw_curves one = curves;
	const char *text = DRAWN(draw_curves_text, &curves, false, false);

	(void)state;
	assert_non_null(strstr(text, "rising| "));
	assert_non_null(strstr(text, "#\nflat  |::"));
	one.nr = 1;
	text = DRAWN(draw_curves_text, &one, true, false);
	assert_non_null(strstr(text, "        1|"));
	assert_non_null(strstr(text, "█\n     0.88|"));
	assert_non_null(strstr(text, "          1  "));
}

static void test_bars(void **state)
{
	(void)state;
	assert_string_equal(DRAWN(draw_bars_text, &bars, false, false),
			    "bars\n"
			    "one   |###### 1\n"
			    "four  |######################## of four\n"
			    "none  | 0\n"
			    "little| 0.00\n");
}

static void test_tree(void **state)
{
	(void)state;
	assert_string_equal(DRAWN(draw_tree_text, &tree, true, false),
			    "tree\n"
			    "root\n"
			    "├─ first\n"
			    "│  └─ leaf\n"
			    "└─ last\n"
			    "   └─ its leaf\n");
}

static void test_numbers(void **state)
{
	char buf[32];

	(void)state;
	assert_string_equal(draw_bytes(1536, buf, sizeof(buf)), "1.5 KiB");
	assert_string_equal(draw_bytes(1 << 20, buf, sizeof(buf)), "1 MiB");
	assert_string_equal(draw_hex(255, buf, sizeof(buf)), "0xff");
	assert_string_equal(draw_percent(0.5, buf, sizeof(buf)), "50 %");
	assert_string_equal(draw_decimal(2.5, buf, sizeof(buf)), "2.50");
}

static void test_file(void **state)
{
	(void)state;
	assert_int_equal(draw_file("/dev/full", draw_tree_svg, &tree), -ENOSPC);
	assert_int_equal(draw_file("/nowhere/x.svg", draw_tree_svg, &tree), -ENOENT);
}

static const char *folder;

#define WRITE(name, draw, what) do {					\
	char _path[512];						\
	snprintf(_path, sizeof(_path), "%s/" name ".svg", folder);	\
	assert_int_equal(draw_file(_path, draw, what), 0);		\
} while (0)

static void test_svg(void **state)
{
	const struct draw_bands both[] = { bands, sizes };
	const struct draw_stack stack = { both, 2 };

	(void)state;
	WRITE("cells", draw_cells_svg, &cells);
	WRITE("bands", draw_bands_svg, &bands);
	WRITE("stack", draw_stack_svg, &stack);
	WRITE("curves", draw_curves_svg, &curves);
	WRITE("bars", draw_bars_svg, &bars);
	WRITE("tree", draw_tree_svg, &tree);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells), cmocka_unit_test(test_color),
		cmocka_unit_test(test_no_cells), cmocka_unit_test(test_bands),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_curves), cmocka_unit_test(test_bars),
		cmocka_unit_test(test_tree), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_file), cmocka_unit_test(test_svg),
	};

	folder = argc > 1 ? argv[1] : ".";
	return cmocka_run_group_tests(tests, NULL, NULL);
}
