// SPDX-License-Identifier: GPL-2.0-only
/* mmkit pages tree: the buddy tree of the block around a page. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "page_state.h"
#include "pages.h"

#define TITLE	"A block of the buddy allocator"

struct tree {
	uint64_t first;
	unsigned int order;
	enum page_state *state;	/* of each page */
	uint8_t *free_order;	/* of the free block that begins here, plus 1 */
	struct json_object *nodes;
};

static int read_states(struct cli *cli, int fd, struct tree *tree)
{
	uint32_t i, nr = 1u << tree->order;
	struct mmkit_page *pages = calloc(nr, sizeof(*pages));
	struct page_walk walk;
	int err, got = 0;

	tree->state = calloc(nr, sizeof(*tree->state));
	tree->free_order = calloc(nr, 1);
	err = pages && tree->state && tree->free_order ?
	      page_walk_begin(&walk, cli, fd) : -ENOMEM;
	if (err)
		goto free_pages;
	/* One call: the block is seen as it was at about one moment. */
	got = mmkit_pages_describe_pfn(fd, tree->first, nr, 1, pages);
	for (i = 0; got > 0 && i < (uint32_t)got; i++) {
		tree->state[i] = page_state(&walk, tree->first + i, &pages[i]);
		if (pages[i].state & MMKIT_PAGE_FREE)
			tree->free_order[i] = pages[i].order + 1;
	}
	for (; i < nr; i++)
		tree->state[i] = STATE_HOLE;
	page_walk_end(&walk);
free_pages:
	free(pages);
	return err ?: got < 0 ? got : 0;
}

static bool is_free(enum page_state state)
{
	return state <= STATE_FREE_LARGE;
}

/* Whether a node says all there is to say: one free block, or one use. */
static bool is_leaf(const struct tree *tree, uint32_t at, unsigned int order)
{
	uint32_t i, nr = 1u << order;

	if (!order || tree->free_order[at] == order + 1)
		return true;
	for (i = 0; i < nr; i++)
		if (is_free(tree->state[at + i]) ||
		    tree->state[at + i] != tree->state[at])
			return false;
	return true;
}

static void add_node(struct tree *tree, uint32_t at, unsigned int order,
		     const char *state)
{
	struct json_object *node = j_obj();

	j_num(node, "depth", tree->order - order);
	j_u64(node, "pfn", tree->first + at);
	j_num(node, "order", order);
	j_str(node, "state", state);
	json_object_array_add(tree->nodes, node);
}

/* As deep as there are orders. */
static void walk_tree(struct tree *tree, uint32_t at, unsigned int order)
{
	enum page_state state = tree->state[at];

	if (!is_leaf(tree, at, order)) {
		add_node(tree, at, order, "split");
		walk_tree(tree, at, order - 1);
		walk_tree(tree, at + (1u << (order - 1)), order - 1);
	} else if (is_free(state)) {
		add_node(tree, at, order, "free");
	} else {
		add_node(tree, at, order, page_states.class[state].name);
	}
}

struct drawing {
	struct draw_node *nodes;
	char (*text)[64];
	struct draw_tree draw;
};

static enum draw_color color_of(const char *state)
{
	size_t i;

	for (i = STATE_ANON; i < PAGE_STATES; i++)
		if (!strcmp(page_states.class[i].name, state))
			return page_states.class[i].color;
	return !strcmp(state, "free") ? DRAW_GREEN : DRAW_BLACK;
}

static bool draw_begin(struct drawing *drawing, struct json_object *obj)
{
	struct json_object *nodes = j_get(obj, "nodes"), *node;
	size_t i, nr = json_object_array_length(nodes);
	const char *state;

	drawing->nodes = calloc(nr ?: 1, sizeof(*drawing->nodes));
	drawing->text = calloc(nr ?: 1, sizeof(*drawing->text));
	if (!drawing->nodes || !drawing->text)
		return false;
	for (i = 0; i < nr; i++) {
		node = json_object_array_get_idx(nodes, i);
		state = json_object_get_string(j_get(node, "state"));
		snprintf(drawing->text[i], sizeof(drawing->text[i]),
			 "%#llx order %llu: %s",
			 (unsigned long long)j_get_u64(node, "pfn"),
			 (unsigned long long)j_get_u64(node, "order"), state);
		drawing->nodes[i] = (struct draw_node) {
			j_get_u64(node, "depth"), drawing->text[i],
			color_of(state),
		};
	}
	drawing->draw = (struct draw_tree){ NULL, drawing->nodes, nr };
	return true;
}

static void draw_end(struct drawing *drawing)
{
	free(drawing->nodes);
	free(drawing->text);
}

static void show_tree(struct cli *cli, struct json_object *obj)
{
	struct draw_text out = out_drawing(cli);
	size_t nr = json_object_array_length(j_get(obj, "nodes"));
	struct drawing drawing = { NULL };

	if (draw_begin(&drawing, obj)) {
		if (out.svg)
			drawing.draw.title = TITLE;
		if (cli->opt.rows && cli->opt.rows < nr)
			drawing.draw.nr = cli->opt.rows;
		draw_tree(&out, &drawing.draw);
		if (drawing.draw.nr < nr)
			out_line("... and %zu more (--rows 0 shows all)",
				 nr - drawing.draw.nr);
	}
	draw_end(&drawing);
	if (j_get(obj, "svg"))
		out_line("drawn into %s", json_object_get_string(j_get(obj, "svg")));
}

static int write_svg(const char *path, struct json_object *obj)
{
	struct drawing drawing = { NULL };
	int err = -ENOMEM;

	if (draw_begin(&drawing, obj)) {
		drawing.draw.title = TITLE;
		err = draw_file(path, draw_tree_svg, &drawing.draw);
	}
	draw_end(&drawing);
	return err;
}

static int max_order_of(int fd)
{
	struct mmkit_zone *zones;
	int nr = mmkit_pages_zones(fd, &zones), order = -ENOENT;

	if (nr < 0)
		return nr;
	if (nr)
		order = zones[0].orders - 1;
	free(zones);
	return order;
}

static int tree_of(struct cli *cli, int fd, uint64_t pfn, struct tree *tree)
{
	int max = max_order_of(fd), err;

	if (max < 0)
		return explain(cli, NULL, max, "reading the zones");
	if (tree->order > (unsigned int)max && tree->order != UINT32_MAX)
		return usage(cli, "--order %u: the largest here is %d",
			     tree->order, max);
	if (tree->order == UINT32_MAX)
		tree->order = max;
	tree->first = pfn & ~((1ull << tree->order) - 1);
	err = read_states(cli, fd, tree);
	return err ? explain(cli, NULL, err, "describing the block") : EXIT_OK;
}

int pages_tree_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct tree_opts *opts = data;
	struct tree tree = { .order = opts->order };
	struct json_object *obj;
	int fd, status, err = 0;
	uint64_t pfn;

	(void)argc;
	if (parse_u64(argv[0], UINT64_MAX >> 12, &pfn))
		return usage(cli, "'%s' is no page frame number", argv[0]);
	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	status = tree_of(cli, fd, pfn, &tree);
	if (!status) {
		tree.nodes = j_arr();
		walk_tree(&tree, 0, tree.order);
	}
	free(tree.state);
	free(tree.free_order);
	if (status)
		return status;
	obj = j_obj();
	j_u64(obj, "pfn", tree.first);
	j_num(obj, "order", tree.order);
	j_add(obj, "nodes", tree.nodes);
	if (opts->svg)
		err = write_svg(opts->svg, obj);
	if (err) {
		json_object_put(obj);
		return unwritable(cli, opts->svg, err);
	}
	j_str(obj, "svg", opts->svg);
	return result(cli, obj, show_tree);
}
