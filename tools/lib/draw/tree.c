// SPDX-License-Identifier: GPL-2.0-only
/* Nodes under nodes. */
#include "parts.h"

#define STEP	24.0
#define LINE	20.0

/* Whether another node of this depth comes before its parent's ends. */
static bool has_next(const struct draw_tree *tree, size_t at, unsigned int depth)
{
	size_t i;

	for (i = at + 1; i < tree->nr; i++) {
		if (tree->node[i].depth < depth)
			return false;
		if (tree->node[i].depth == depth)
			return true;
	}
	return false;
}

static const char *branch(const struct draw_text *out, bool here, bool more)
{
	if (here && more)
		return out->utf8 ? "├─ " : "+- ";
	if (here)
		return out->utf8 ? "└─ " : "`- ";
	if (more)
		return out->utf8 ? "│  " : "|  ";
	return "   ";
}

void draw_tree_text(const struct draw_text *out, const struct draw_tree *tree)
{
	unsigned int depth;
	size_t i;

	text_title(out, tree->title);
	for (i = 0; i < tree->nr; i++) {
		const struct draw_node *node = &tree->node[i];

		for (depth = 1; depth <= node->depth; depth++)
			fputs(branch(out, depth == node->depth,
				     has_next(tree, i, depth)), out->file);
		text_color(out, node->color);
		fputs(node->text, out->file);
		text_plain(out);
		putc('\n', out->file);
	}
}

/* From a node to its parent above. */
static void svg_branch(FILE *file, const struct draw_tree *tree, size_t at,
		       double top)
{
	const struct draw_node *node = &tree->node[at];
	double x = SVG_MARGIN + (node->depth - 1) * STEP + 6;
	double y = top + at * LINE + LINE / 2;
	size_t parent = at;

	while (parent && tree->node[parent].depth >= node->depth)
		parent--;
	fprintf(file, "<path class=\"grid\" fill=\"none\" d=\"M%.1f %.1fV%.1fH%.1f\"/>\n",
		x, top + parent * LINE + LINE - 4, y, x + STEP - 10);
}

void draw_tree_svg(FILE *file, const struct draw_tree *tree)
{
	double top = 34, width = 0, has;
	size_t i;

	for (i = 0; i < tree->nr; i++) {
		has = tree->node[i].depth * STEP + 7.0 * text_width(tree->node[i].text);
		width = has > width ? has : width;
	}
	svg_open(file, width + 3 * SVG_MARGIN, top + tree->nr * LINE + SVG_MARGIN,
		 tree->title);
	for (i = 0; i < tree->nr; i++) {
		const struct draw_node *node = &tree->node[i];
		double x = SVG_MARGIN + node->depth * STEP;
		double y = top + i * LINE;

		if (node->depth)
			svg_branch(file, tree, i, top);
		fprintf(file, "<rect x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\" rx=\"2\" fill=\"%s\"/>\n",
			x, y + 4, svg_color(node->color));
		svg_text(file, x + 16, y + 14, "start", node->text);
	}
	svg_close(file);
}
