// SPDX-License-Identifier: GPL-2.0-only
/* mmkit map draw: where each page of a store is: mapped, dirty, in the swap. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "draw.h"
#include "map_pager.h"
#include "out.h"

#define DEFAULT_BYTES	(1 << 20)
#define DEFAULT_PATTERN	"zipf"
#define KPF_DIRTY	4	/* linux/kernel-page-flags.h */

enum { UNTOUCHED, MAPPED, DIRTY, RESIDENT, RESIDENT_DIRTY, SWAPPED, ZERO, HELD };

/* The order of the enum above. */
static const struct draw_class classes[] = {
	{ "not touched", '.', DRAW_WHITE },
	{ "mapped", 'm', DRAW_GREEN },
	{ "mapped, dirty", 'M', DRAW_RED },
	{ "in memory", 'r', DRAW_BLUE },
	{ "in memory, dirty", 'R', DRAW_ORANGE },
	{ "evicted, in the swap", 's', DRAW_GREY },
	{ "evicted, all zero", 'z', DRAW_YELLOW },
	{ "held by somebody", 'H', DRAW_PURPLE },
};

static const char *const class_keys[] = {
	"untouched", "mapped", "mapped_dirty", "resident", "resident_dirty",
	"swapped", "zero", "held",
};

static uint8_t class_of_state(uint8_t state)
{
	bool dirty = state & MMKIT_MAP_DIRTY;

	if (state & MMKIT_MAP_HELD)
		return HELD;
	if (state & MMKIT_MAP_MAPPED)
		return dirty ? DIRTY : MAPPED;
	if (state & MMKIT_MAP_RESIDENT)
		return dirty ? RESIDENT_DIRTY : RESIDENT;
	if (state & MMKIT_MAP_STORED)
		return SWAPPED;
	return state & MMKIT_MAP_SEEN ? ZERO : UNTOUCHED;
}

/* Where no pager says more, the page itself does. */
static uint8_t class_of_page(const struct mmkit_page *page)
{
	bool dirty = page->flags >> KPF_DIRTY & 1;

	if (page->state & MMKIT_PAGE_NOPAGE)
		return UNTOUCHED;
	if (page->mapcount > 0)
		return dirty ? DIRTY : MAPPED;
	return dirty ? RESIDENT_DIRTY : RESIDENT;
}

static int classes_of_pages(int fd, uint32_t nr, uint8_t *class)
{
	struct mmkit_page *pages = calloc(nr, sizeof(*pages));
	int ret = pages ? mmkit_map_describe(fd, 0, nr, pages) : -ENOMEM, i;

	for (i = 0; i < ret; i++)
		class[i] = class_of_page(&pages[i]);
	free(pages);
	return ret;
}

/* Classes of all pages of the session's store. */
static int look(int fd, uint32_t nr, uint8_t *class)
{
	int ret = mmkit_map_states(fd, 0, nr, class), i;

	if (ret == -ENOENT)
		return classes_of_pages(fd, nr, class);
	for (i = 0; i < ret; i++)
		class[i] = class_of_state(class[i]);
	return ret;
}

static struct json_object *draw_json(const struct mmkit_map_get *get,
				     const uint8_t *class, uint32_t nr)
{
	struct json_object *obj = j_obj(), *counts = j_obj(), *cells = j_arr();
	uint64_t count[ARRAY_SIZE(classes)] = { 0 };
	uint32_t i;

	for (i = 0; i < nr; i++) {
		count[class[i]]++;
		json_object_array_add(cells, json_object_new_string(
						class_keys[class[i]]));
	}
	for (i = 0; i < ARRAY_SIZE(classes); i++)
		j_u64(counts, class_keys[i], count[i]);
	j_str(obj, "strategy", get->strategy);
	j_u64(obj, "bytes", get->bytes);
	j_add(obj, "counts", counts);
	j_add(obj, "pages", cells);
	return obj;
}

static const char *label(void *data, size_t first, char *buf, size_t len)
{
	(void)data;
	snprintf(buf, len, "%6zu", first);
	return buf;
}

static struct draw_cells cells_of(const uint8_t *class, uint32_t nr)
{
	return (struct draw_cells) {
		.title = "Pages of the store",
		.classes = { classes, ARRAY_SIZE(classes) },
		.cell = class, .nr = nr, .per_row = 64, .label = label,
	};
}

static uint8_t *cells_from(struct json_object *pages, uint32_t *nr)
{
	uint8_t *class;
	uint32_t i, k;

	*nr = json_object_array_length(pages);
	class = calloc(*nr ? *nr : 1, 1);
	for (i = 0; class && i < *nr; i++) {
		const char *key = json_object_get_string(
					json_object_array_get_idx(pages, i));

		for (k = 0; k < ARRAY_SIZE(class_keys); k++)
			if (!strcmp(key, class_keys[k]))
				class[i] = k;
	}
	return class;
}

static void show_draw(struct cli *cli, struct json_object *obj)
{
	struct draw_text out = out_drawing(cli);
	struct draw_cells cells;
	uint8_t *class;
	uint32_t nr;

	out_line("strategy %s, %llu bytes",
		 json_object_get_string(j_get(obj, "strategy")),
		 (unsigned long long)j_get_u64(obj, "bytes"));
	class = cells_from(j_get(obj, "pages"), &nr);
	if (!class)
		return;
	cells = cells_of(class, nr);
	draw_cells(&out, &cells);
	free(class);
	paging_show(j_get(obj, "pager"));
}

static int draw_store(struct cli *cli, const struct map_draw_opts *o, int fd,
		      const struct mmkit_map_get *get)
{
	uint32_t nr = get->bytes / page_size();
	uint8_t *class = calloc(nr ? nr : 1, 1);
	struct json_object *obj;
	struct draw_cells cells;
	int ret = class ? look(fd, nr, class) : -ENOMEM;

	if (ret < 0) {
		free(class);
		return explain(cli, NULL, ret, "looking at the store");
	}
	obj = draw_json(get, class, ret);
	j_add(obj, "pager", paging_json(fd));
	cells = cells_of(class, ret);
	ret = o->svg ? draw_file(o->svg, draw_cells_svg, &cells) : 0;
	free(class);
	if (ret) {
		json_object_put(obj);
		return unwritable(cli, o->svg, ret);
	}
	return result(cli, obj, show_draw);
}

/* Touches as the pattern says, and draws while it is mapped. */
static int touch_and_draw(struct cli *cli, const struct map_draw_opts *o,
			  int fd, struct mmkit_map_get *get)
{
	size_t pages = get->bytes / page_size();
	const char *pattern = o->pattern ? o->pattern : DEFAULT_PATTERN;
	struct touch_set set;
	struct touched touched;
	void *map;
	int err;

	err = pattern_make(pattern, pages,
			   o->touches ? o->touches : 2 * pages, &set);
	if (err == -EINVAL)
		return usage(cli, "--pattern %s: not sequential, random, zipf, stride:N or loop:N",
			     pattern);
	if (err)
		return explain(cli, NULL, err, "making the pattern");
	map = mmap(NULL, get->bytes, PROT_READ | (o->write ? PROT_WRITE : 0),
		   MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		touch_set_free(&set);
		return explain(cli, NULL, errno, "mapping");
	}
	err = touch_pages(map, &set, o->write, o->threads, &touched);
	err = err == -EINVAL ? usage(cli, "--threads from 1 to 256") :
	      err ? explain(cli, NULL, err, "touching") :
		    draw_store(cli, o, fd, get);
	munmap(map, get->bytes);
	touch_set_free(&set);
	return err;
}

/* A session that has a store shows it as it is, unless told otherwise. */
static bool as_it_is(const struct map_draw_opts *o,
		     const struct mmkit_map_get *get)
{
	return get->bytes && !o->strategy && o->bytes == UINT64_MAX &&
	       !o->pattern && !o->paging.frames;
}

int map_draw_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct map_draw_opts *o = data;
	struct mmkit_map_get get;
	uint64_t bytes;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "map");
	if (fd < 0)
		return -fd;
	err = mmkit_map_get(fd, &get);
	if (err)
		return explain(cli, NULL, err, "asking the module");
	if (as_it_is(o, &get))
		return draw_store(cli, o, fd, &get);
	bytes = o->bytes != UINT64_MAX ? o->bytes :
		get.bytes ? get.bytes : DEFAULT_BYTES;
	err = mmkit_map_set(fd, o->strategy, bytes);
	if (err)
		return map_set_failed(cli, fd, err, bytes);
	err = paging_apply(cli, fd, &o->paging);
	if (err)
		return err;
	err = mmkit_map_get(fd, &get);
	if (err)
		return explain(cli, NULL, err, "asking the module");
	return touch_and_draw(cli, o, fd, &get);
}
