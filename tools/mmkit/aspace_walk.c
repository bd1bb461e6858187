// SPDX-License-Identifier: GPL-2.0-only
/* mmkit aspace walk: from the root of the page tables to an address. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aspace.h"
#include "draw.h"
#include "page.h"

#define TITLE	"The way to an address"

const char *const aspace_areas[] = {
	"none", "direct", "vmalloc", "vmemmap", "text", "modules", "fixmap", NULL
};

static struct json_object *flags_json(uint32_t flags)
{
	struct json_object *arr = j_arr();
	const char *name;
	unsigned int bit;

	for (bit = 0; (name = mmkit_pt_flag_name(bit)); bit++)
		if (flags >> bit & 1)
			json_object_array_add(arr, json_object_new_string(name));
	return arr;
}

static struct json_object *level_json(const struct mmkit_aspace_level *level,
				      uint32_t state)
{
	bool hidden = state & MMKIT_WALK_NOPFN;
	struct json_object *obj = j_obj();

	j_str(obj, "level", mmkit_level_name(level->level));
	if (state & MMKIT_WALK_NOINDEX)
		j_null(obj, "index");
	else
		j_num(obj, "index", level->index);
	j_str(obj, "kind", mmkit_pt_kind_name(level->kind));
	if (hidden) {
		j_null(obj, "entry");
		j_null(obj, "table_pfn");
	} else {
		j_u64(obj, "entry", level->entry);
		j_u64(obj, "table_pfn", level->table);
	}
	j_add(obj, "flags", flags_json(level->flags));
	j_num(obj, "pkey", level->flags >> MMKIT_ENTRY_PKEY_SHIFT);
	return obj;
}

/* The file has a line per device that is on, and no numbers: sure with one only. */
static void add_swap_device(struct json_object *obj)
{
	FILE *file = fopen("/proc/swaps", "re");
	char line[512], name[256], first[256] = "";
	int lines = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (*line != '/' || sscanf(line, "%255s", name) != 1)
			continue;
		memcpy(first, name, sizeof(first));
		lines++;
	}
	if (file)
		fclose(file);
	j_str(obj, "device", lines == 1 ? first : NULL);
}

static struct json_object *swap_json(const struct mmkit_aspace_walk *walk)
{
	struct json_object *obj;

	if (walk->kind != MMKIT_ENTRY_SWAP || walk->state & MMKIT_WALK_NOPFN)
		return NULL;
	obj = j_obj();
	j_num(obj, "type", walk->swap_type);
	j_u64(obj, "offset", walk->swap_offset);
	add_swap_device(obj);
	return obj;
}

static bool is_page(const struct mmkit_aspace_walk *walk)
{
	return walk->kind == MMKIT_ENTRY_PAGE ||
	       walk->kind == MMKIT_ENTRY_PROTNONE_PAGE;
}

static struct json_object *leaf_json(const struct mmkit_aspace_walk *walk)
{
	struct json_object *obj = j_obj();
	bool page = is_page(walk);

	j_str(obj, "kind", mmkit_pt_kind_name(walk->kind));
	j_u64(obj, "bytes", 1ull << walk->shift);
	j_bool(obj, "huge", page && 1ull << walk->shift > page_size());
	j_bool(obj, "zero", walk->state & MMKIT_WALK_ZERO);
	if (page && !(walk->state & MMKIT_WALK_NOPFN))
		j_u64(obj, "pfn", walk->pfn);
	else
		j_null(obj, "pfn");
	j_add(obj, "swap", swap_json(walk));
	j_add(obj, "page", page ? page_json(0, &walk->page) : NULL);
	return obj;
}

/* The region that the address is in, or nothing. */
static struct json_object *in_region(int fd, const struct mmkit_aspace_walk *walk)
{
	struct mmkit_aspace_region *regions;
	struct json_object *obj = NULL;
	int i, nr;

	if (!(walk->state & MMKIT_WALK_REGION))
		return NULL;
	nr = mmkit_aspace_regions(fd, walk->pid, 0, &regions);
	for (i = 0; i < nr; i++)
		if (regions[i].start <= walk->address &&
		    walk->address < regions[i].end)
			obj = region_json(&regions[i], false);
	if (nr >= 0)
		free(regions);
	return obj;
}

static struct json_object *walk_json(int fd,
				     const struct mmkit_aspace_walk *walk,
				     const struct mmkit_aspace_level *levels,
				     int nr)
{
	struct json_object *obj = j_obj(), *arr = j_arr();
	bool kernel = walk->state & MMKIT_WALK_KERNEL;
	int i;

	for (i = 0; i < nr; i++)
		json_object_array_add(arr, level_json(&levels[i],
						      walk->state));
	j_num(obj, "pid", walk->pid);
	j_str(obj, "half", kernel ? "kernel" : "user");
	j_str(obj, "area", mmkit_kernel_area_name(walk->area));
	/* An address of the kernel's is never shown; the caller has it. */
	if (kernel && !walk->area)
		j_null(obj, "address");
	else
		j_u64(obj, "address", walk->address);
	j_add(obj, "region", in_region(fd, walk));
	j_add(obj, "levels", arr);
	j_add(obj, "leaf", leaf_json(walk));
	return obj;
}

static const char *str(struct json_object *obj, const char *key)
{
	const char *text = json_object_get_string(j_get(obj, key));

	return text ? text : "-";
}

static void show_where(struct json_object *obj)
{
	struct json_object *region = j_get(obj, "region");

	if (!strcmp(str(obj, "half"), "kernel") && j_get(obj, "area"))
		out_line("offset 0x%llx of the kernel's %s area",
			 (unsigned long long)j_get_u64(obj, "address"),
			 str(obj, "area"));
	else if (!strcmp(str(obj, "half"), "kernel"))
		out_line("an address of the kernel's half");
	else if (region)
		out_line("0x%llx: %s %s %s",
			 (unsigned long long)j_get_u64(obj, "address"),
			 str(region, "kind"), str(region, "perms"),
			 j_get(region, "name") ? str(region, "name") : "");
	else
		out_line("0x%llx: in no region",
			 (unsigned long long)j_get_u64(obj, "address"));
}

/* A table or a page that is there needs no word for it: its flags follow. */
static void level_text(char *text, size_t len, struct json_object *level)
{
	struct json_object *flags = j_get(level, "flags");
	size_t i, at, nr = json_object_array_length(flags);
	const char *word;

	at = snprintf(text, len, "%s[%s]", str(level, "level"),
		      str(level, "index"));
	if (j_get(level, "entry") && at < len)
		at += snprintf(text + at, len - at, " %016llx",
			       (unsigned long long)j_get_u64(level, "entry"));
	if (!nr && at < len)
		at += snprintf(text + at, len - at, " %s", str(level, "kind"));
	for (i = 0; i < nr && at < len; i++) {
		word = json_object_get_string(json_object_array_get_idx(flags, i));
		if (strcmp(word, "present"))
			at += snprintf(text + at, len - at, " %s", word);
	}
}

/* The levels as nodes, each below the one before. */
struct walk_tree {
	struct draw_tree tree;
	struct draw_node node[MMKIT_LEVELS];
	char text[MMKIT_LEVELS][160];
};

static void make_tree(struct walk_tree *walk, struct json_object *obj)
{
	struct json_object *levels = j_get(obj, "levels");
	size_t i, nr = json_object_array_length(levels);

	for (i = 0; i < nr && i < MMKIT_LEVELS; i++) {
		level_text(walk->text[i], sizeof(walk->text[i]),
			   json_object_array_get_idx(levels, i));
		walk->node[i] = (struct draw_node){
			.depth = i,
			.text = walk->text[i],
			.color = i + 1 < nr ? DRAW_BLACK : DRAW_BLUE,
		};
	}
	walk->tree = (struct draw_tree){ .node = walk->node, .nr = i };
}

static void show_leaf(struct json_object *leaf)
{
	struct json_object *swap = j_get(leaf, "swap");
	char size[16];

	format_size(size, sizeof(size), j_get_u64(leaf, "bytes"));
	if (swap)
		out_line("swapped out to %s, page %llu of device %llu",
			 j_get(swap, "device") ? str(swap, "device") :
			 "a swap device",
			 (unsigned long long)j_get_u64(swap, "offset"),
			 (unsigned long long)j_get_u64(swap, "type"));
	else if (!j_get(leaf, "page"))
		out_line("%s: nothing is mapped in these %s", str(leaf, "kind"),
			 size);
	else
		out_line("a %s%s of %s%s",
			 json_object_get_boolean(j_get(leaf, "huge")) ?
			 "huge " : "", str(leaf, "kind"), size,
			 json_object_get_boolean(j_get(leaf, "zero")) ?
			 ", of zeros, shared by all" : "");
}

static void show_walk(struct cli *cli, struct json_object *obj)
{
	struct draw_text out = out_drawing(cli);
	struct json_object *leaf = j_get(obj, "leaf"), *pages;
	struct walk_tree walk;

	show_where(obj);
	make_tree(&walk, obj);
	walk.tree.title = out.svg ? TITLE : NULL;
	draw_tree(&out, &walk.tree);
	show_leaf(leaf);
	aspace_drawn(obj);
	if (!j_get(leaf, "page"))
		return;
	pages = j_arr();
	json_object_array_add(pages, json_object_get(j_get(leaf, "page")));
	pages_show(cli, pages, "PAGE");
	json_object_put(pages);
}

/* Which address is meant. Returns 0, or the status of a reported failure. */
static int find_address(struct cli *cli, int fd, const char *text,
			struct mmkit_aspace_walk *walk)
{
	struct place place;
	int status;

	if (walk->area) {
		if (parse_size(text, (uint64_t *)&walk->address))
			return usage(cli, "'%s' is no offset in an area", text);
		return EXIT_OK;
	}
	status = place_parse(cli, fd, walk->pid, text, &place);
	walk->address = place.start;
	/* A stack is in use at its upper end. */
	if (!status && !strcmp(text, "stack"))
		walk->address = place.end - page_size();
	return status;
}

int aspace_walk_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct aspace_walk_opts *opts = data;
	struct mmkit_aspace_walk walk = { .pid = opts->pid, .area = opts->area };
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct walk_tree tree;
	struct json_object *obj;
	int fd, nr, status;

	(void)argc;
	fd = area_open(cli, "aspace");
	if (fd < 0)
		return -fd;
	status = find_address(cli, fd, argv[0], &walk);
	if (status)
		return status;
	nr = mmkit_aspace_walk(fd, &walk, levels);
	if (nr < 0)
		return aspace_failed(cli, nr, "walking");
	if (cli->opt.verify)
		walk_verify(cli, &walk);
	obj = walk_json(fd, &walk, levels, nr);
	make_tree(&tree, obj);
	tree.tree.title = TITLE;
	status = aspace_svg(cli, obj, opts->svg, draw_tree_svg, &tree.tree);
	return status ? status : result(cli, obj, show_walk);
}
