// SPDX-License-Identifier: GPL-2.0-only
/* What text drawings share: what the terminal can, blocks, colours, legends. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "parts.h"

/* By what the terminal was announced as: a small system has no locale files. */
static bool is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "UTF-8") ||
			       strcasestr(value, "UTF8");
	}
	return false;
}

struct draw_text draw_text_to(FILE *file, bool color)
{
	struct draw_text out = {
		.file = file, .columns = 80, .utf8 = is_utf8(), .color = color,
	};
	struct winsize size;

	if (isatty(fileno(file)) && !ioctl(fileno(file), TIOCGWINSZ, &size) &&
	    size.ws_col >= 40)
		out.columns = size.ws_col < 200 ? size.ws_col : 200;
	return out;
}

/* A character filled from below, or from the left. */
const char *text_fill_up(const struct draw_text *out, int eighths)
{
	static const char *const blocks[] = {
		" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█",
	};
	static const char *const ascii[] = {
		" ", ".", ".", ":", ":", "+", "+", "#", "#",
	};

	return (out->utf8 ? blocks : ascii)[eighths];
}

const char *text_fill_right(const struct draw_text *out, int eighths)
{
	static const char *const blocks[] = {
		"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█",
	};

	if (!out->utf8)
		return eighths * 2 >= DRAW_EIGHTHS ? "#" : "";
	return blocks[eighths];
}

void text_color(const struct draw_text *out, enum draw_color color)
{
	static const unsigned char codes[DRAW_COLORS] = {
		[DRAW_GREY] = 90, [DRAW_BLUE] = 34, [DRAW_RED] = 31,
		[DRAW_YELLOW] = 33, [DRAW_GREEN] = 32, [DRAW_PURPLE] = 35,
		[DRAW_ORANGE] = 91, [DRAW_CYAN] = 36, [DRAW_BROWN] = 93,
		[DRAW_PINK] = 95, [DRAW_OLIVE] = 92, [DRAW_BLACK] = 39,
		[DRAW_WHITE] = 37,
	};

	if (out->color)
		fprintf(out->file, "\033[%um", codes[color]);
}

void text_plain(const struct draw_text *out)
{
	if (out->color)
		fputs("\033[0m", out->file);
}

void text_title(const struct draw_text *out, const char *title)
{
	if (title)
		fprintf(out->file, "%s\n", title);
}

void text_glyph(const struct draw_text *out, const struct draw_class *class)
{
	text_color(out, class->color);
	putc(class->glyph, out->file);
	text_plain(out);
}

/* Characters, not bytes. */
unsigned int text_width(const char *text)
{
	unsigned int width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

void text_pad(const struct draw_text *out, const char *text, unsigned int width)
{
	unsigned int has = text_width(text);

	fprintf(out->file, "%s%*s", text, has < width ? (int)(width - has) : 0, "");
}

/* What each glyph means, and how many there are; those that are not, left out. */
void text_legend(const struct draw_text *out, const struct draw_classes *classes,
		 const uint64_t *counts)
{
	unsigned int i, at = 0, width;
	char buf[96];

	for (i = 0; i < classes->nr; i++) {
		if (!counts[i])
			continue;
		snprintf(buf, sizeof(buf), " %s %llu", classes->class[i].name,
			 (unsigned long long)counts[i]);
		width = text_width(buf) + 3;
		if (at && at + width > out->columns) {
			putc('\n', out->file);
			at = 0;
		}
		if (at)
			fputs("  ", out->file);
		text_glyph(out, &classes->class[i]);
		fputs(buf, out->file);
		at += width;
	}
	if (at)
		putc('\n', out->file);
}
