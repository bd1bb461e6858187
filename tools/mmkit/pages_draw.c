// SPDX-License-Identifier: GPL-2.0-only
/* mmkit pages draw: physical memory as a map, one cell for each block of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/kernel-page-flags.h>

#include "page_state.h"
#include "pages.h"
#include "progress.h"

#define BATCH		4096u		/* MMKIT_PAGES_DESCRIBE_MAX */
#define LOOK_MAX	(1u << 20)	/* pages that are looked at, in all */

struct map {
	uint64_t from;
	uint64_t to;
	uint64_t block;		/* pages in a cell */
	uint64_t look;		/* of which the first so many are looked at */
	size_t nr;
	uint64_t (*counts)[PAGE_STATES];	/* of each cell */
	uint64_t total[PAGE_STATES];
	uint64_t reserved;	/* for --verify */
	uint8_t *states;	/* of every page, for --runs, or NULL */
};

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

/* The smallest blocks of which @cells are enough, and how far into each to look. */
static void choose_blocks(struct map *map, uint32_t cells)
{
	map->block = 1;
	while (round_up(map->to - map->from, map->block) / map->block > cells)
		map->block *= 2;
	map->from -= map->from % map->block;
	map->nr = (map->to - map->from + map->block - 1) / map->block;
	map->look = map->block;
	while (map->look > 1 && map->look * map->nr > LOOK_MAX)
		map->look /= 2;
}

/* From the first zone's first page to the last one's end. */
static int whole_memory(int fd, uint64_t *from, uint64_t *to)
{
	struct mmkit_zone *zones;
	int i, nr = mmkit_pages_zones(fd, &zones);

	*from = UINT64_MAX;
	*to = 0;
	for (i = 0; i < nr; i++) {
		uint64_t end = zones[i].start_pfn + zones[i].spanned;

		if (zones[i].start_pfn < *from)
			*from = zones[i].start_pfn;
		if (end > *to)
			*to = end;
	}
	if (nr >= 0)
		free(zones);
	return nr < 0 ? nr : 0;
}

static void count_page(struct map *map, struct page_walk *walk, size_t cell,
		       uint64_t pfn, const struct mmkit_page *page)
{
	enum page_state state = page_state(walk, pfn, page);

	map->counts[cell][state]++;
	if (map->states)
		map->states[pfn - map->from] = state;
	map->total[state]++;
	map->reserved += page->flags >> KPF_RESERVED & 1;
}

/* Looks at @nr pages from @pfn on, all of them of one cell. */
static int look_at(struct map *map, struct page_walk *walk, size_t cell,
		   uint64_t pfn, uint64_t nr, struct mmkit_page *pages)
{
	uint64_t done = 0;
	int i, got;

	while (done < nr) {
		got = nr - done < BATCH ? nr - done : BATCH;
		got = mmkit_pages_describe_pfn(walk->fd, pfn + done, got, 1, pages);
		if (got <= 0)
			return got;
		for (i = 0; i < got; i++)
			count_page(map, walk, cell, pfn + done + i, &pages[i]);
		done += got;
	}
	return 0;
}

static int look(struct cli *cli, struct map *map, int fd)
{
	struct mmkit_page *pages = calloc(BATCH, sizeof(*pages));
	struct progress progress = progress_begin(cli, map->nr);
	struct page_walk walk;
	uint64_t pfn, nr;
	size_t cell;
	int err;

	map->counts = calloc(map->nr, sizeof(*map->counts));
	err = pages && map->counts ? page_walk_begin(&walk, cli, fd) : -ENOMEM;
	if (err)
		goto free_pages;
	for (cell = 0; cell < map->nr && !err && !interrupted(); cell++) {
		progress_at(&progress, cell, "cells");
		pfn = map->from + cell * map->block;
		nr = map->to - pfn < map->look ? map->to - pfn : map->look;
		err = look_at(map, &walk, cell, pfn, nr, pages);
	}
	if (!err && interrupted())
		err = -EINTR;
	progress_end(&progress);
	page_walk_end(&walk);
free_pages:
	free(pages);
	return err;
}

/* What most of a cell is; holes only when there is nothing else. */
static enum page_state most(const uint64_t *counts)
{
	enum page_state state, best = STATE_HOLE;

	for (state = 0; state < STATE_HOLE; state++)
		if (counts[state] && (best == STATE_HOLE ||
				      counts[state] > counts[best]))
			best = state;
	return best;
}

static struct json_object *cells_json(const struct map *map)
{
	struct json_object *cells = j_arr(), *row;
	size_t i;

	for (i = 0; i < map->nr; i++) {
		row = j_obj();
		j_u64(row, "pfn", map->from + i * map->block);
		j_str(row, "state", page_states.class[most(map->counts[i])].name);
		json_object_array_add(cells, row);
	}
	return cells;
}

/* Those that there are. */
static struct json_object *states_json(const struct map *map)
{
	struct json_object *states = j_arr(), *row;
	enum page_state state;

	for (state = 0; state < PAGE_STATES; state++) {
		if (!map->total[state])
			continue;
		row = j_obj();
		j_str(row, "state", page_states.class[state].name);
		j_u64(row, "pages", map->total[state]);
		j_u64(row, "bytes", map->total[state] * page_size());
		json_object_array_add(states, row);
	}
	return states;
}

static struct json_object *map_json(const struct map *map, uint32_t runs)
{
	struct json_object *obj = j_obj();

	j_u64(obj, "from", map->from);
	j_u64(obj, "to", map->to);
	j_u64(obj, "pages_per_cell", map->block);
	j_u64(obj, "pages_looked_at", map->look);
	j_add(obj, "states", states_json(map));
	j_add(obj, "cells", cells_json(map));
	j_add(obj, "runs", map->states ?
	      pages_runs_json(map->states, map->to - map->from, runs) : NULL);
	return obj;
}

/* The drawing, made from the document. */
struct drawing {
	struct json_object *cells;
	uint8_t *states;
	struct draw_cells draw;
	char title[128];
};

static const char *label(void *data, size_t first, char *buf, size_t len)
{
	struct drawing *drawing = data;
	struct json_object *cell = json_object_array_get_idx(drawing->cells, first);

	snprintf(buf, len, "%#10llx", (unsigned long long)j_get_u64(cell, "pfn"));
	return buf;
}

static uint8_t state_named(const char *name)
{
	uint8_t state = 0;

	while (state < STATE_HOLE && strcmp(page_states.class[state].name, name))
		state++;
	return state;
}

static bool draw_begin(struct drawing *drawing, struct json_object *obj)
{
	struct json_object *cells = j_get(obj, "cells"), *cell;
	size_t i, nr = json_object_array_length(cells);
	uint64_t per = j_get_u64(obj, "pages_per_cell");
	char size[32];

	drawing->cells = cells;
	drawing->states = calloc(nr ?: 1, 1);
	if (!drawing->states)
		return false;
	for (i = 0; i < nr; i++) {
		cell = json_object_array_get_idx(cells, i);
		drawing->states[i] = state_named(
			json_object_get_string(j_get(cell, "state")));
	}
	format_size(size, sizeof(size), per * page_size());
	snprintf(drawing->title, sizeof(drawing->title),
		 "Physical memory by page frame number, %llu page%s (%s) a cell",
		 (unsigned long long)per, plural(per), size);
	drawing->draw = (struct draw_cells) {
		.title = drawing->title, .classes = page_states,
		.cell = drawing->states, .nr = nr, .label = label,
		.data = drawing,
	};
	return true;
}

static void show_pages(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "STATE", "state", F_TEXT, 0, 0 },
		{ "PAGES", "pages", F_TEXT, C_RIGHT, 0 },
		{ "SIZE", "bytes", F_SIZE, C_RIGHT, 0 },
	};

	out_table(cli, j_get(obj, "states"), cols, ARRAY_SIZE(cols));
	if (j_get_u64(obj, "pages_looked_at") < j_get_u64(obj, "pages_per_cell"))
		out_line("of the first %llu pages of each cell: the others were not looked at",
			 (unsigned long long)j_get_u64(obj, "pages_looked_at"));
}

static void show_map(struct cli *cli, struct json_object *obj)
{
	struct draw_text out = out_drawing(cli);
	struct drawing drawing;

	if (draw_begin(&drawing, obj)) {
		draw_cells(&out, &drawing.draw);
		free(drawing.states);
	}
	show_pages(cli, obj);
	if (j_get(obj, "svg"))
		out_line("drawn into %s", json_object_get_string(j_get(obj, "svg")));
}

static int write_svg(const char *path, struct json_object *obj)
{
	struct drawing drawing;
	int err = -ENOMEM;

	if (draw_begin(&drawing, obj)) {
		err = draw_file(path, draw_cells_svg, &drawing.draw);
		free(drawing.states);
	}
	return err;
}

/* Of all the states these two do not change while one looks. */
static void verify_map(struct cli *cli, const struct map *map)
{
	uint64_t reserved = 0, holes = 0, pfn, end;
	size_t cell;
	int err;

	for (cell = 0; cell < map->nr; cell++) {
		pfn = map->from + cell * map->block;
		end = pfn + map->look < map->to ? pfn + map->look : map->to;
		err = page_states_count(pfn, end, &reserved, &holes);
		if (err) {
			verify_skip(cli, "reserved", "/proc/kpageflags", err);
			return;
		}
	}
	verify_field(cli, "reserved", "/proc/kpageflags", "pages", map->reserved,
		     reserved);
	verify_field(cli, "hole", "/proc/kpageflags", "pages",
		     map->total[STATE_HOLE], holes);
}

static int draw_range(struct cli *cli, int fd, const struct draw_opts *opts,
		      struct map *map)
{
	int err = whole_memory(fd, &map->from, &map->to);

	if (err)
		return explain(cli, NULL, err, "reading the zones");
	if (opts->from)
		map->from = opts->from;
	if (opts->to && opts->to < map->to)
		map->to = opts->to;
	if (map->from >= map->to)
		return usage(cli, "no memory from %#llx to %#llx",
			     (unsigned long long)map->from,
			     (unsigned long long)map->to);
	choose_blocks(map, opts->cells);
	/* Of pages that are not looked at nothing can be said. */
	if (opts->runs && map->look == map->block)
		map->states = calloc(map->to - map->from, 1);
	err = look(cli, map, fd);
	return err ? explain(cli, NULL, err, "looking at pages") : EXIT_OK;
}

int pages_draw_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct draw_opts *opts = data;
	struct json_object *obj;
	struct map map = { .nr = 0 };
	int fd, status, err = 0;

	(void)argc;
	(void)argv;
	if (!opts->cells || opts->cells > 65536)
		return usage(cli, "--cells %u: 1 to 65536 can be drawn", opts->cells);
	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	status = draw_range(cli, fd, opts, &map);
	if (status) {
		free(map.counts);
		free(map.states);
		return status;
	}
	if (cli->opt.verify)
		verify_map(cli, &map);
	obj = map_json(&map, opts->runs);
	free(map.counts);
	free(map.states);
	if (opts->svg)
		err = write_svg(opts->svg, obj);
	if (err) {
		json_object_put(obj);
		return unwritable(cli, opts->svg, err);
	}
	j_str(obj, "svg", opts->svg);
	return result(cli, obj, show_map);
}
