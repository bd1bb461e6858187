// SPDX-License-Identifier: GPL-2.0-only
/* Ranges of something linear, to scale. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

#define STRIP_ROWS	4
#define WIDTH		840.0
#define BAR_TOP		40.0
#define BAR_LEFT	200.0
#define BAR_WIDTH	90.0
#define BAR_HEIGHT	560.0

/* A band, or the gap before one, and how much of the drawing it gets. */
struct piece {
	uint64_t start;
	uint64_t end;
	const struct draw_band *band;	/* NULL: a gap */
	double share;			/* of 1 */
	bool squeezed;
};

struct pieces {
	struct piece *piece;
	size_t nr;
};

static void add(struct pieces *pieces, uint64_t start, uint64_t end,
		const struct draw_band *band)
{
	pieces->piece[pieces->nr++] = (struct piece) {
		.start = start, .end = end, .band = band,
	};
}

/* With this much of the drawing a band has most of some cell of the text. */
#define SEEN	(2.0 / (78 * STRIP_ROWS))

/* A gap that is squeezed gets as much as one in fifty of what is there. */
static void give_shares(struct pieces *pieces, bool squeeze, bool all)
{
	double total = 0, filled = 0, small = 0, large = 0;
	struct piece *piece;
	size_t i;

	for (i = 0; i < pieces->nr; i++) {
		piece = &pieces->piece[i];
		piece->share = piece->end - piece->start;
		filled += piece->band ? piece->share : 0;
	}
	for (i = 0; i < pieces->nr; i++) {
		piece = &pieces->piece[i];
		if (squeeze && !piece->band && piece->share > filled / 50) {
			piece->share = filled / 50;
			piece->squeezed = true;
		}
		total += piece->share;
	}
	for (i = 0; i < pieces->nr; i++) {
		piece = &pieces->piece[i];
		piece->share /= total > 0 ? total : 1;
		if (piece->share < SEEN)
			small += SEEN;
		else
			large += piece->share;
	}
	/* What the small ones get beyond their due the others give up. */
	for (i = 0; all && small < 1 && i < pieces->nr; i++) {
		piece = &pieces->piece[i];
		if (piece->share < SEEN)
			piece->share = SEEN;
		else
			piece->share *= (1 - small) / large;
	}
}

static struct pieces pieces_of(const struct draw_bands *bands)
{
	struct pieces pieces = { calloc(2 * bands->nr + 1, sizeof(struct piece)), 0 };
	uint64_t at = bands->nr ? bands->band[0].start : 0;
	size_t i;

	for (i = 0; pieces.piece && i < bands->nr; i++) {
		if (bands->band[i].start > at)
			add(&pieces, at, bands->band[i].start, NULL);
		add(&pieces, bands->band[i].start, bands->band[i].end,
		    &bands->band[i]);
		at = bands->band[i].end;
	}
	if (pieces.piece)
		give_shares(&pieces, bands->squeeze, bands->all);
	return pieces;
}

static void sizes(const struct draw_bands *bands, uint64_t *counts)
{
	size_t i;

	memset(counts, 0, bands->classes.nr * sizeof(*counts));
	for (i = 0; i < bands->nr; i++)
		counts[bands->band[i].class]++;
}

/* The piece that has most of a cell of the strip. */
static const struct piece *at_cell(const struct pieces *pieces, double from,
				   double to)
{
	const struct piece *best = NULL;
	double begin = 0, most = 0, low, high;
	size_t i;

	for (i = 0; i < pieces->nr; i++) {
		low = begin > from ? begin : from;
		begin += pieces->piece[i].share;
		high = begin < to ? begin : to;
		if (high - low > most) {
			most = high - low;
			best = &pieces->piece[i];
		}
	}
	return best;
}

static void text_strip(const struct draw_text *out,
		       const struct draw_bands *bands,
		       const struct pieces *pieces)
{
	unsigned int width = out->columns < 80 ? out->columns - 2 : 78;
	unsigned int cells = width * STRIP_ROWS, i;
	const struct piece *piece;

	for (i = 0; i < cells; i++) {
		piece = at_cell(pieces, (double)i / cells, (i + 1.0) / cells);
		if (piece && piece->band)
			text_glyph(out, &bands->classes.class[piece->band->class]);
		else
			putc(piece && piece->squeezed ? '~' : ' ', out->file);
		if ((i + 1) % width == 0)
			putc('\n', out->file);
	}
}

static void text_list(const struct draw_text *out, const struct draw_bands *bands,
		      const struct pieces *pieces)
{
	draw_number_fn number = bands->number ?: draw_hex;
	char start[32], end[32], size[32];
	const struct piece *piece;
	size_t i;

	for (i = 0; i < pieces->nr; i++) {
		piece = &pieces->piece[i];
		number(piece->start, start, sizeof(start));
		number(piece->end, end, sizeof(end));
		if (bands->sizes)
			start[0] = end[0] = '\0';
		number(piece->end - piece->start, size, sizeof(size));
		if (bands->number != draw_decimal)
			draw_bytes(piece->end - piece->start, size, sizeof(size));
		if (piece->band)
			text_glyph(out, &bands->classes.class[piece->band->class]);
		else
			putc(piece->squeezed ? '~' : ' ', out->file);
		fprintf(out->file, bands->sizes ? "%s%s %10s  %s\n" :
			" %18s %18s %10s  %s\n", start, end, size,
			piece->band ? piece->band->name : "-");
	}
}

void draw_bands_text(const struct draw_text *out, const struct draw_bands *bands)
{
	struct pieces pieces = pieces_of(bands);
	uint64_t counts[bands->classes.nr];

	text_title(out, bands->title);
	if (pieces.piece) {
		text_strip(out, bands, &pieces);
		text_list(out, bands, &pieces);
	}
	sizes(bands, counts);
	text_legend(out, &bands->classes, counts);
	free(pieces.piece);
}

static void svg_piece(FILE *file, const struct draw_bands *bands,
		      const struct piece *piece, double y)
{
	const struct draw_class *class;
	char buf[32];

	if (!piece->band) {
		if (piece->squeezed)
			fprintf(file, "<path class=\"grid\" stroke-dasharray=\"2 3\" d=\"M%.1f %.1fv%.1f\"/>\n",
				BAR_LEFT + BAR_WIDTH / 2, y,
				piece->share * BAR_HEIGHT);
		return;
	}
	class = &bands->classes.class[piece->band->class];
	fprintf(file, "<rect x=\"%.1f\" y=\"%.2f\" width=\"%.1f\" height=\"%.2f\" fill=\"%s\" stroke=\"#8888\" stroke-width=\"0.3\"><title>",
		BAR_LEFT, y, BAR_WIDTH, piece->share * BAR_HEIGHT,
		svg_color(class->color));
	draw_escape(file, class->name);
	fputs(" ", file);
	draw_escape(file, piece->band->name);
	fprintf(file, " %s</title></rect>\n",
		draw_bytes(piece->end - piece->start, buf, sizeof(buf)));
}

/* Where there are more than lines beside the bar, small ones have a tool tip only. */
#define NAMES	((size_t)(BAR_HEIGHT / SVG_TEXT))

static bool is_named(const struct draw_bands *bands, const struct piece *piece)
{
	return piece->band && (bands->nr <= NAMES ||
			       piece->share * BAR_HEIGHT >= SVG_TEXT / 2);
}

/*
 * The name beside it, lower when the one before needs the place. Without a file only
 * where the next one may stand.
 */
static double svg_name(FILE *file, const struct draw_bands *bands,
		       const struct piece *piece, double y, double free_from)
{
	double middle = y + piece->share * BAR_HEIGHT / 2 + 4;
	double at = middle > free_from ? middle : free_from;
	char start[32], buf[160];

	if (!is_named(bands, piece))
		return free_from;
	if (!file)
		return at + SVG_TEXT;
	if (bands->sizes)
		draw_bytes(piece->end - piece->start, start, sizeof(start));
	else
		(bands->number ?: draw_hex)(piece->start, start, sizeof(start));
	fprintf(file, "<path class=\"grid\" fill=\"none\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n",
		BAR_LEFT + BAR_WIDTH, middle - 4, BAR_LEFT + BAR_WIDTH + 26, at - 4);
	snprintf(buf, sizeof(buf), "%s  %s", start, piece->band->name);
	svg_text(file, BAR_LEFT + BAR_WIDTH + 30, at, "start", buf);
	return at + SVG_TEXT;
}

/* Names that were moved down may end below the last band. */
static double svg_height(const struct draw_bands *bands)
{
	struct pieces pieces = pieces_of(bands);
	double y = BAR_TOP, end = BAR_TOP + 10;
	size_t i;

	for (i = 0; i < pieces.nr; i++) {
		end = svg_name(NULL, bands, &pieces.piece[i], y, end);
		y += pieces.piece[i].share * BAR_HEIGHT;
	}
	free(pieces.piece);
	return (end > y ? end : y) + SVG_TEXT;
}

static double svg_whole_height(const struct draw_bands *bands)
{
	return svg_height(bands) + svg_legend_height(&bands->classes) + 8;
}

static void svg_bands(FILE *file, const struct draw_bands *bands)
{
	struct pieces pieces = pieces_of(bands);
	double y = BAR_TOP, free_from = BAR_TOP + 10;
	uint64_t counts[bands->classes.nr];
	size_t i;

	for (i = 0; i < pieces.nr; i++) {
		svg_piece(file, bands, &pieces.piece[i], y);
		free_from = svg_name(file, bands, &pieces.piece[i], y, free_from);
		y += pieces.piece[i].share * BAR_HEIGHT;
	}
	sizes(bands, counts);
	svg_legend(file, svg_height(bands), &bands->classes, counts);
	free(pieces.piece);
}

void draw_bands_svg(FILE *file, const struct draw_bands *bands)
{
	svg_open(file, WIDTH, svg_whole_height(bands), bands->title);
	svg_bands(file, bands);
	svg_close(file);
}

void draw_stack_svg(FILE *file, const struct draw_stack *stack)
{
	double height = 0;
	size_t i;

	for (i = 0; i < stack->nr; i++)
		height += svg_whole_height(&stack->bands[i]);
	svg_open(file, WIDTH, height, NULL);
	for (i = 0, height = 0; i < stack->nr; i++) {
		fprintf(file, "<g transform=\"translate(0 %.1f)\">\n", height);
		if (stack->bands[i].title)
			svg_text(file, SVG_MARGIN, SVG_MARGIN + 2, "start",
				 stack->bands[i].title);
		svg_bands(file, &stack->bands[i]);
		fputs("</g>\n", file);
		height += svg_whole_height(&stack->bands[i]);
	}
	svg_close(file);
}
