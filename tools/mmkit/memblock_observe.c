// SPDX-License-Identifier: GPL-2.0-only
/* mmkit memblock observe: what there was, what became of it, what is where. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memblock.h"
#include "page.h"

/* Of struct boot_params: Documentation/x86/zero-page. */
#define RAMDISK_IMAGE		0x218
#define RAMDISK_SIZE		0x21c
#define EXT_RAMDISK_IMAGE	0x0c0
#define EXT_RAMDISK_SIZE	0x0c4

/* What lies in memory by the kernel's files: for names and for the drawing. */
struct places {
	struct mmkit_range *iomem;
	int nr;
	uint64_t initrd;
	uint64_t initrd_bytes;
	uint64_t kernel;
	uint64_t kernel_end;
	struct json_object *carveouts;
};

static uint64_t boot_param(FILE *file, long low, long high)
{
	uint32_t part[2] = { 0, 0 };

	if (fseek(file, low, SEEK_SET) || fread(&part[0], 4, 1, file) != 1 ||
	    fseek(file, high, SEEK_SET) || fread(&part[1], 4, 1, file) != 1)
		return 0;
	return part[0] | (uint64_t)part[1] << 32;
}

static void find_initrd(struct places *places)
{
	FILE *file = fopen("/sys/kernel/boot_params/data", "re");

	if (!file)
		return;
	places->initrd = boot_param(file, RAMDISK_IMAGE, EXT_RAMDISK_IMAGE);
	places->initrd_bytes = boot_param(file, RAMDISK_SIZE, EXT_RAMDISK_SIZE);
	fclose(file);
}

static void find_kernel(struct places *places)
{
	const struct mmkit_range *range;
	int i;

	for (i = 0; i < places->nr; i++) {
		range = &places->iomem[i];
		if (strncmp(range->name, "Kernel ", 7))
			continue;
		if (!places->kernel)
			places->kernel = range->base;
		places->kernel_end = range->base + range->bytes;
	}
}

static void places_find(struct places *places, int fd)
{
	*places = (struct places){ 0 };
	places->nr = mmkit_proc_iomem(&places->iomem);
	find_initrd(places);
	find_kernel(places);
	places->carveouts = memblock_carveouts_json(fd);
}

static bool meets(const struct mmkit_memblock_region *region, uint64_t base,
		  uint64_t end)
{
	return base < end && region->base < end &&
	       base < region->base + region->bytes;
}

static void name(struct json_object *what, const char *fmt, uint64_t n)
{
	char text[64];

	snprintf(text, sizeof(text), fmt, (unsigned long long)n);
	json_object_array_add(what, json_object_new_string(text));
}

/* In the order in which one would tell it. */
static struct json_object *what_of(const struct places *places,
				   const struct mmkit_memblock_region *region,
				   const struct mmkit_memblock_fate *fate)
{
	struct json_object *what = j_arr();

	if (region->base < 1 << 20)
		name(what, "first MiB", 0);
	if (meets(region, places->kernel, places->kernel_end))
		name(what, "kernel image", 0);
	if (meets(region, places->initrd, places->initrd + places->initrd_bytes))
		name(what, "initrd", 0);
	if (fate->memmap)
		name(what, "%llu of struct pages", fate->memmap);
	if (fate->tables)
		name(what, "%llu page tables", fate->tables);
	if (fate->holes == fate->pages)
		name(what, "no pages of the kernel's", 0);
	else if (fate->given)
		name(what, "%llu freed since", fate->given);
	return what;
}

static struct json_object *zones_json(uint32_t zones)
{
	struct json_object *arr = j_arr();
	unsigned int i;

	for (i = 0; i < 32; i++)
		if (zones & 1u << i && mmkit_zone_name(i))
			json_object_array_add(arr, json_object_new_string(
							mmkit_zone_name(i)));
	return arr;
}

static struct json_object *fated_json(const struct places *places,
				      const struct mmkit_memblock_region *region,
				      const struct mmkit_memblock_fate *fate)
{
	struct json_object *obj = memblock_region_json(region);

	j_u64(obj, "pages", fate->pages);
	j_u64(obj, "kept", fate->kept);
	j_u64(obj, "given", fate->given);
	j_u64(obj, "holes", fate->holes);
	j_u64(obj, "memmap", fate->memmap);
	j_u64(obj, "tables", fate->tables);
	j_add(obj, "zones", zones_json(fate->zones));
	j_add(obj, "what", places ? what_of(places, region, fate) : j_arr());
	return obj;
}

/* Regions of one list with their fates, or NULL and @err. */
static struct json_object *list_json(int fd, uint32_t list,
				     const struct places *places, int *err)
{
	struct mmkit_memblock_fates req = { .list = list };
	struct mmkit_memblock_fate *fates;
	struct json_object *arr = NULL;
	struct memblock_list regions;
	uint32_t i;

	*err = memblock_list_get(fd, MMKIT_MEMBLOCK_OBSERVED, list, &regions);
	if (*err)
		return NULL;
	fates = calloc(regions.nr ? regions.nr : 1, sizeof(*fates));
	req.nr = regions.nr ? regions.nr : 1;
	req.fates = (uintptr_t)fates;
	*err = fates ? mmkit_memblock_fates(fd, &req) : -ENOMEM;
	if (!*err) {
		arr = j_arr();
		for (i = 0; i < regions.nr; i++)
			json_object_array_add(arr,
				fated_json(list == MMKIT_MEMBLOCK_RESERVED ?
					   places : NULL, &regions.region[i],
					   &fates[i]));
	}
	free(fates);
	free(regions.region);
	return arr;
}

static void add_part(struct json_object *parts, uint64_t base, uint64_t bytes,
		     const char *what)
{
	struct json_object *part = j_obj();

	j_u64(part, "base", base);
	j_u64(part, "bytes", bytes);
	j_str(part, "what", what);
	json_object_array_add(parts, part);
}

static void add_parts(struct json_object *parts, struct json_object *regions,
		      const char *what)
{
	size_t i, nr = json_object_array_length(regions);
	struct json_object *region;

	for (i = 0; i < nr; i++) {
		region = json_object_array_get_idx(regions, i);
		add_part(parts, j_get_u64(region, "base"),
			 j_get_u64(region, "bytes"), what);
		if (j_get_u64(region, "memmap") * 2 > j_get_u64(region, "pages"))
			add_part(parts, j_get_u64(region, "base"),
				 j_get_u64(region, "bytes"), "struct pages");
	}
}

/* What the drawing is made of: later ones lie over earlier ones. */
static struct json_object *map_json(struct json_object *memory,
				    struct json_object *reserved,
				    const struct places *places)
{
	struct json_object *parts = j_arr();

	add_parts(parts, memory, "memory");
	add_parts(parts, reserved, "reserved");
	if (places->kernel_end)
		add_part(parts, places->kernel,
			 places->kernel_end - places->kernel, "kernel image");
	if (places->initrd_bytes)
		add_part(parts, places->initrd, places->initrd_bytes, "initrd");
	add_parts(parts, places->carveouts, "carve-out");
	return parts;
}

static struct json_object *range_json(const struct mmkit_range *range)
{
	const struct mmkit_memblock_region region = {
		.base = range->base, .bytes = range->bytes,
		.node = MMKIT_MEMBLOCK_NO_NODE,
	};
	struct json_object *obj = memblock_region_json(&region);

	j_str(obj, "type", range->name);
	return obj;
}

/* What there is without the kernel's memblock: the firmware's map, and iomem. */
static void add_firmware(struct json_object *obj, const struct places *places)
{
	struct json_object *firmware = j_arr(), *iomem = j_arr(), *memory = j_arr();
	struct mmkit_range *ranges;
	int i, nr = mmkit_firmware_memmap(&ranges);

	for (i = 0; i < nr; i++) {
		json_object_array_add(firmware, range_json(&ranges[i]));
		if (!strcmp(ranges[i].name, "System RAM"))
			json_object_array_add(memory, range_json(&ranges[i]));
	}
	free(ranges);
	for (i = 0; i < places->nr; i++)
		if (!places->iomem[i].level)
			json_object_array_add(iomem,
					      range_json(&places->iomem[i]));
	j_add(obj, "firmware", firmware);
	j_add(obj, "iomem", iomem);
	j_add(obj, "map", map_json(memory, j_arr(), places));
	json_object_put(memory);
}

static int add_observed(struct json_object *obj, int fd,
			const struct places *places)
{
	struct json_object *memory, *reserved = NULL;
	int err;

	memory = list_json(fd, MMKIT_MEMBLOCK_MEMORY, places, &err);
	if (memory)
		reserved = list_json(fd, MMKIT_MEMBLOCK_RESERVED, places, &err);
	if (!reserved) {
		json_object_put(memory);
		return err;
	}
	j_add(obj, "map", map_json(memory, reserved, places));
	j_add(obj, "memory", memory);
	j_add(obj, "reserved", reserved);
	return 0;
}

static void show_ranges(struct cli *cli, struct json_object *rows)
{
	static const struct column cols[] = {
		{ "RANGE", "range", F_TEXT, 0, 0 },
		{ "SIZE", "bytes", F_SIZE, C_RIGHT, 0 },
		{ "TYPE", "type", F_TEXT, 0, 0 },
	};

	out_table(cli, rows, cols, ARRAY_SIZE(cols));
}

static void show_observed(struct cli *cli, struct json_object *obj)
{
	static const struct column memory[] = {
		{ "MEMORY", "range", F_TEXT, 0, 0 },
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "FLAGS", "flags", F_TEXT, 0, 0 },
		{ "ZONES", "zones", F_LIST, 0, 0 },
		{ "PAGES", "pages", F_TEXT, C_RIGHT, 0 },
		{ "RESERVED", "kept", F_TEXT, C_RIGHT, 0 },
		{ "BUDDY", "given", F_TEXT, C_RIGHT, 0 },
	};
	static const struct column reserved[] = {
		{ "RESERVED", "range", F_TEXT, 0, 0 },
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "PAGES", "pages", F_TEXT, C_RIGHT, 0 },
		{ "WHAT", "what", F_LIST, C_WRAP, 36 },
	};

	out_line("memblock, as it was handed over; layout from %s",
		 json_object_get_string(j_get(obj, "layout")));
	out_table(cli, j_get(obj, "memory"), memory, ARRAY_SIZE(memory));
	out_blank();
	out_table(cli, j_get(obj, "reserved"), reserved, ARRAY_SIZE(reserved));
}

static void show(struct cli *cli, struct json_object *obj)
{
	if (j_get(obj, "memory")) {
		show_observed(cli, obj);
	} else {
		out_line("memblock cannot be seen: %s.",
			 json_object_get_string(j_get(obj, "reason")));
		out_line("The firmware's map (not memblock's):");
		show_ranges(cli, j_get(obj, "firmware"));
		out_line("/proc/iomem (not memblock's):");
		show_ranges(cli, j_get(obj, "iomem"));
	}
	out_blank();
	memblock_map_draw(cli, j_get(obj, "map"));
}

/* Every region of memory is System RAM in the firmware's map, or part of it. */
static void verify(struct cli *cli, struct json_object *memory)
{
	struct mmkit_range *ranges;
	struct json_object *region;
	int nr = mmkit_firmware_memmap(&ranges), i;
	uint64_t base, end;
	const char *where;
	bool inside;
	size_t m;

	if (nr < 0) {
		verify_skip(cli, "memory", "/sys/firmware/memmap", nr);
		return;
	}
	for (m = 0; m < json_object_array_length(memory); m++) {
		region = json_object_array_get_idx(memory, m);
		where = json_object_get_string(j_get(region, "range"));
		base = j_get_u64(region, "base");
		end = base + j_get_u64(region, "bytes");
		for (i = 0, inside = false; i < nr; i++)
			inside |= !strcmp(ranges[i].name, "System RAM") &&
				  ranges[i].base <= base &&
				  end <= ranges[i].base + ranges[i].bytes;
		verify_field(cli, "memory is RAM", "/sys/firmware/memmap",
			     where, inside, 1);
	}
	free(ranges);
}

static void verify_iomem(struct cli *cli, struct json_object *memory,
			 const struct places *places)
{
	uint64_t ours = 0, kernels = 0, size = page_size(), base;
	struct json_object *region;
	size_t m;
	int i;

	if (places->nr < 0) {
		verify_skip(cli, "whole pages of memory", "/proc/iomem",
			    places->nr);
		return;
	}
	for (m = 0; m < json_object_array_length(memory); m++) {
		region = json_object_array_get_idx(memory, m);
		ours += j_get_u64(region, "bytes") / size;
	}
	for (i = 0; i < places->nr; i++) {
		if (places->iomem[i].level ||
		    strcmp(places->iomem[i].name, "System RAM"))
			continue;
		base = (places->iomem[i].base + size - 1) / size;
		kernels += (places->iomem[i].base + places->iomem[i].bytes) /
			   size - base;
	}
	verify_field(cli, "whole pages of memory", "/proc/iomem", "System RAM",
		     ours, kernels);
}

/* What is not reserved any more is what the zones manage. */
static void verify_zones(struct cli *cli, struct json_object *memory)
{
	struct mmkit_proc_zone *zones;
	uint64_t ours = 0, kernels = 0;
	int i, nr = mmkit_proc_zoneinfo(&zones);
	size_t m;

	if (nr < 0) {
		verify_skip(cli, "pages given to the buddy", "/proc/zoneinfo", nr);
		return;
	}
	for (i = 0; i < nr; i++)
		kernels += zones[i].managed;
	free(zones);
	for (m = 0; m < json_object_array_length(memory); m++)
		ours += j_get_u64(json_object_array_get_idx(memory, m), "given");
	verify_field(cli, "pages given to the buddy", "/proc/zoneinfo",
		     "all zones", ours, kernels);
}

int memblock_observe_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct memblock_svg_opts *opts = data;
	struct json_object *obj = j_obj();
	const char *layout = NULL;
	struct places places;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "memblock");
	if (fd < 0) {
		json_object_put(obj);
		return -fd;
	}
	places_find(&places, fd);
	err = memblock_observe(fd, &layout);
	if (!err)
		err = add_observed(obj, fd, &places);
	j_str(obj, "source", err ? "firmware" : "memblock");
	j_str(obj, "reason", err ? memblock_unobserved(err) : NULL);
	j_str(obj, "layout", err ? NULL : layout);
	if (err)
		add_firmware(obj, &places);
	if (!err && cli->opt.verify) {
		verify(cli, j_get(obj, "memory"));
		verify_iomem(cli, j_get(obj, "memory"), &places);
		verify_zones(cli, j_get(obj, "memory"));
	}
	j_add(obj, "carveouts", places.carveouts);
	free(places.iomem);
	err = opts->svg ? memblock_map_svg(opts->svg, j_get(obj, "map")) : 0;
	if (err) {
		json_object_put(obj);
		return unwritable(cli, opts->svg, err);
	}
	return result(cli, obj, show);
}
