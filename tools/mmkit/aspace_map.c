// SPDX-License-Identifier: GPL-2.0-only
/* mmkit aspace map: an address space drawn to scale, both halves. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aspace.h"
#include "draw.h"

/* By enum mmkit_region_kind. */
static const struct draw_class kinds[] = {
	[MMKIT_REGION_ANON] = { "anon", 'a', DRAW_BLUE },
	[MMKIT_REGION_FILE] = { "file", 'f', DRAW_GREEN },
	[MMKIT_REGION_TEXT] = { "text", 'x', DRAW_RED },
	[MMKIT_REGION_RODATA] = { "rodata", 'r', DRAW_BROWN },
	[MMKIT_REGION_DATA] = { "data", 'd', DRAW_ORANGE },
	[MMKIT_REGION_BSS] = { "bss", 'b', DRAW_YELLOW },
	[MMKIT_REGION_HEAP] = { "heap", 'h', DRAW_PURPLE },
	[MMKIT_REGION_STACK] = { "stack", 's', DRAW_PINK },
	[MMKIT_REGION_SHARED] = { "shared", 'm', DRAW_CYAN },
	[MMKIT_REGION_HUGETLB] = { "hugetlb", 'H', DRAW_OLIVE },
	[MMKIT_REGION_VDSO] = { "vdso", 'v', DRAW_BLACK },
	[MMKIT_REGION_VVAR] = { "vvar", 'w', DRAW_BLACK },
	[MMKIT_REGION_DEVICE] = { "device", 'D', DRAW_BLACK },
	[MMKIT_REGION_SPECIAL] = { "special", '?', DRAW_BLACK },
};

/* By enum mmkit_kernel_area_id; the first is what lies between them. */
static const struct draw_class areas[] = {
	[MMKIT_AREA_ABSOLUTE] = { "between them", '.', DRAW_WHITE },
	[MMKIT_AREA_DIRECT] = { "direct", 'd', DRAW_BLUE },
	[MMKIT_AREA_VMALLOC] = { "vmalloc", 'v', DRAW_GREEN },
	[MMKIT_AREA_VMEMMAP] = { "vmemmap", 'p', DRAW_PURPLE },
	[MMKIT_AREA_TEXT] = { "text", 't', DRAW_RED },
	[MMKIT_AREA_MODULES] = { "modules", 'm', DRAW_ORANGE },
	[MMKIT_AREA_FIXMAP] = { "fixmap", 'f', DRAW_CYAN },
};

#define USER	0
#define KERNEL	1

/* Both halves. */
struct whole_map {
	struct draw_bands half[2];
	struct draw_band *band;
	struct draw_band area[MMKIT_AREA_NR + 1];
};

static unsigned int kind_of(struct json_object *region)
{
	const char *kind = json_object_get_string(j_get(region, "kind"));
	unsigned int i;

	for (i = 0; i + 1 < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, kind))
			break;
	return i;
}

/* Neighbours of one kind are one band: a library has many small regions. */
static int user_make(struct whole_map *map, struct json_object *regions)
{
	size_t i, nr = json_object_array_length(regions), bands = 0;
	struct draw_band *band;

	map->band = calloc(nr ? nr : 1, sizeof(*map->band));
	if (!map->band)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		struct json_object *region = json_object_array_get_idx(regions, i);
		uint64_t start = j_get_u64(region, "start");
		unsigned int kind = kind_of(region);

		band = bands ? &map->band[bands - 1] : NULL;
		if (band && band->end == start && band->class == kind) {
			band->end = j_get_u64(region, "end");
			continue;
		}
		map->band[bands++] = (struct draw_band){
			.start = start, .end = j_get_u64(region, "end"),
			.name = kinds[kind].name, .class = kind,
		};
	}
	map->half[USER] = (struct draw_bands){
		.title = "User half",
		.classes = { kinds, ARRAY_SIZE(kinds) },
		.band = map->band, .nr = bands, .squeeze = true,
	};
	return 0;
}

static unsigned int area_of(struct json_object *area)
{
	const char *name = json_object_get_string(j_get(area, "area"));
	unsigned int i;

	for (i = 1; name && i < ARRAY_SIZE(areas); i++)
		if (!strcmp(areas[i].name, name))
			return i;
	return MMKIT_AREA_ABSOLUTE;
}

/*
 * Where the areas begin is random, and not told: they are drawn one after the
 * other, and what lies between them in one piece after the last.
 */
static void kernel_make(struct whole_map *map, struct json_object *list,
			uint64_t all)
{
	size_t i, nr = json_object_array_length(list);
	struct json_object *area;
	uint64_t at = 0, end;

	for (i = 0; i < nr && i < MMKIT_AREA_NR; i++) {
		area = json_object_array_get_idx(list, i);
		end = at + j_get_u64(area, "bytes");
		map->area[i] = (struct draw_band){
			.start = at, .end = end, .class = area_of(area),
			.name = areas[area_of(area)].name,
		};
		at = end;
	}
	if (i && at < all)
		map->area[i++] = (struct draw_band){
			.start = at, .end = all,
			.name = areas[MMKIT_AREA_ABSOLUTE].name,
		};
	map->half[KERNEL] = (struct draw_bands){
		.title = "Kernel half, upwards; the smallest are drawn larger than they are",
		.classes = { areas, ARRAY_SIZE(areas) },
		.band = map->area, .nr = i, .sizes = true, .all = true,
	};
}

static int map_make(struct whole_map *map, struct json_object *obj)
{
	kernel_make(map, j_get(obj, "areas"), j_get_u64(obj, "kernel_bytes"));
	return user_make(map, j_get(obj, "regions"));
}

static void show_map(struct cli *cli, struct json_object *obj)
{
	struct draw_text out = out_drawing(cli);
	struct whole_map map;

	out_line("%llu levels of page tables; user half up to 0x%llx",
		 (unsigned long long)j_get_u64(obj, "levels"),
		 (unsigned long long)j_get_u64(obj, "user_end"));
	if (!map_make(&map, obj)) {
		draw_bands(&out, &map.half[USER]);
		draw_bands(&out, &map.half[KERNEL]);
		free(map.band);
	}
	aspace_drawn(obj);
}

static struct json_object *map_json(const struct mmkit_aspace_layout *layout,
				    const struct mmkit_kernel_area *kernel, int nr)
{
	struct json_object *obj = j_obj(), *arr = j_arr(), *area;
	int i;

	for (i = 0; i < nr; i++) {
		area = j_obj();
		j_str(area, "area", mmkit_kernel_area_name(kernel[i].id));
		j_u64(area, "bytes", kernel[i].bytes);
		json_object_array_add(arr, area);
	}
	j_num(obj, "pid", layout->pid);
	j_num(obj, "levels", layout->levels);
	j_u64(obj, "user_end", layout->user_end);
	j_u64(obj, "kernel_bytes", layout->kernel_bytes);
	j_u64(obj, "start_code", layout->start_code);
	j_u64(obj, "end_code", layout->end_code);
	j_u64(obj, "start_data", layout->start_data);
	j_u64(obj, "end_data", layout->end_data);
	j_u64(obj, "start_brk", layout->start_brk);
	j_u64(obj, "brk", layout->brk);
	j_u64(obj, "start_stack", layout->start_stack);
	j_u64(obj, "mmap_base", layout->mmap_base);
	j_add(obj, "areas", arr);
	return obj;
}

static int draw_into(struct cli *cli, struct json_object *obj, const char *svg)
{
	struct whole_map map;
	struct draw_stack stack = { map.half, ARRAY_SIZE(map.half) };
	int status, err = map_make(&map, obj);

	if (err)
		return svg_done(cli, obj, svg, err);
	status = aspace_svg(cli, obj, svg, draw_stack_svg, &stack);
	free(map.band);
	return status;
}

int aspace_map_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct aspace_map_opts *opts = data;
	struct mmkit_kernel_area kernel[MMKIT_AREA_NR];
	struct mmkit_aspace_region *regions;
	struct mmkit_aspace_layout layout;
	struct json_object *obj;
	int fd, nr_areas, nr, status;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "aspace");
	if (fd < 0)
		return -fd;
	nr_areas = mmkit_aspace_layout(fd, opts->pid, &layout, kernel);
	if (nr_areas < 0)
		return aspace_failed(cli, nr_areas, "layout");
	if (cli->opt.verify)
		nr = regions_verified(cli, fd, opts->pid, false, &regions);
	else
		nr = mmkit_aspace_regions(fd, opts->pid, 0, &regions);
	if (nr < 0)
		return aspace_failed(cli, nr, "regions");
	obj = map_json(&layout, kernel, nr_areas);
	j_add(obj, "regions", regions_json(regions, nr, false));
	free(regions);
	status = draw_into(cli, obj, opts->svg);
	return status ? status : result(cli, obj, show_map);
}
