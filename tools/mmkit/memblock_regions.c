// SPDX-License-Identifier: GPL-2.0-only
/* mmkit memblock regions, dump: lists, as tables and in the kernel's own words. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memblock.h"
#include "memblock/words.h"

/* Asks until the room is enough. Returns 0 or -errno. */
static int get(int fd, struct mmkit_memblock_regions *req,
	       struct memblock_list *out)
{
	uint32_t room = 256;
	void *more;
	int err;

	out->region = NULL;
	for (;;) {
		more = realloc(out->region, room * sizeof(*out->region));
		err = more ? 0 : -ENOMEM;
		if (!err) {
			out->region = more;
			req->nr = room;
			req->regions = (uintptr_t)out->region;
			err = mmkit_memblock_regions(fd, req);
		}
		if (err) {
			free(out->region);
			out->region = NULL;
			return err;
		}
		if (req->nr == req->all || room == MMKIT_MEMBLOCK_REGIONS_MAX)
			break;
		room = req->all < MMKIT_MEMBLOCK_REGIONS_MAX ?
		       req->all : MMKIT_MEMBLOCK_REGIONS_MAX;
	}
	out->nr = req->nr;
	out->max = req->max;
	out->total = req->total;
	out->array = req->array;
	return 0;
}

/* A whole list of the sandbox or of what was observed. Returns 0 or -errno. */
int memblock_list_get(int fd, uint32_t source, uint32_t list,
		      struct memblock_list *out)
{
	struct mmkit_memblock_regions req = {
		.source = source,
		.list = list,
		.node = MMKIT_MEMBLOCK_ANY_NODE,
	};

	return get(fd, &req, out);
}

struct json_object *memblock_region_json(
				const struct mmkit_memblock_region *region)
{
	uint32_t flags = region->flags & MMKIT_MEMBLOCK_FLAGS;
	struct json_object *obj = j_obj();
	char range[48];

	snprintf(range, sizeof(range), "%#llx-%#llx",
		 (unsigned long long)region->base,
		 (unsigned long long)(region->base + region->bytes - 1));
	j_u64(obj, "base", region->base);
	j_u64(obj, "bytes", region->bytes);
	j_str(obj, "range", range);
	if (region->node == MMKIT_MEMBLOCK_NO_NODE)
		j_null(obj, "node");
	else
		j_num(obj, "node", region->node);
	j_str(obj, "flags", !flags ? NULL : flags <= MMKIT_MEMBLOCK_RSRV_NOINIT ?
	      memblock_flags[flags] : "other");
	return obj;
}

/* Neighbours become one, whatever their nodes and flags. Returns how many. */
uint32_t memblock_coalesce(struct mmkit_memblock_region *region, uint32_t nr)
{
	uint32_t i, to = 0;

	for (i = 1; i < nr; i++) {
		if (region[to].base + region[to].bytes == region[i].base)
			region[to].bytes += region[i].bytes;
		else
			region[++to] = region[i];
	}
	return nr ? to + 1 : 0;
}

static void show_regions(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "RANGE", "range", F_TEXT, 0, 0 },
		{ "SIZE", "bytes", F_SIZE, C_RIGHT, 0 },
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "FLAGS", "flags", F_TEXT, 0, 0 },
	};

	if (!json_object_array_length(j_get(obj, "regions")))
		out_line("none");
	else
		out_table(cli, j_get(obj, "regions"), cols, ARRAY_SIZE(cols));
}

int memblock_regions_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct memblock_regions_opts *opts = data;
	struct mmkit_memblock_regions req = {
		.list = opts->list,
		.node = opts->node,
		.flags = opts->flags,
	};
	struct json_object *obj, *arr;
	struct memblock_list list;
	uint32_t i;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "memblock");
	if (fd < 0)
		return -fd;
	err = get(fd, &req, &list);
	if (err)
		return explain(cli, NULL, err, "regions");
	obj = j_obj();
	arr = j_arr();
	for (i = 0; i < list.nr; i++)
		json_object_array_add(arr,
				      memblock_region_json(&list.region[i]));
	free(list.region);
	j_u64(obj, "max", list.max);
	j_u64(obj, "total", list.total);
	j_u64(obj, "array", list.array);
	j_add(obj, "regions", arr);
	return result(cli, obj, show_regions);
}

/* As memblock_dump() in mm/memblock.c prints one. */
static void add_dump(struct json_object *lines, const char *name,
		     const struct memblock_list *list)
{
	char line[160], node[24];
	uint32_t i;

	snprintf(line, sizeof(line), " %s.cnt  = 0x%x", name,
		 list->nr ? list->nr : 1);
	json_object_array_add(lines, json_object_new_string(line));
	for (i = 0; i < list->nr; i++) {
		const struct mmkit_memblock_region *r = &list->region[i];

		snprintf(node, sizeof(node), " on node %d", r->node);
		snprintf(line, sizeof(line),
			 " %s[0x%x]\t[0x%016llx-0x%016llx], 0x%016llx bytes%s flags: 0x%x",
			 name, i, (unsigned long long)r->base,
			 (unsigned long long)(r->base + r->bytes - 1),
			 (unsigned long long)r->bytes,
			 r->node == MMKIT_MEMBLOCK_NO_NODE ? "" : node, r->flags);
		json_object_array_add(lines, json_object_new_string(line));
	}
}

static void show_dump(struct cli *cli, struct json_object *obj)
{
	struct json_object *lines = j_get(obj, "lines");
	size_t i;

	(void)cli;
	for (i = 0; i < json_object_array_length(lines); i++)
		out_line("%s", json_object_get_string(
					json_object_array_get_idx(lines, i)));
}

int memblock_dump_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct memblock_list memory, reserved;
	struct json_object *obj, *lines;
	char line[128];
	int fd, err;

	(void)data;
	(void)argc;
	(void)argv;
	fd = area_open(cli, "memblock");
	if (fd < 0)
		return -fd;
	err = memblock_list_get(fd, MMKIT_MEMBLOCK_SANDBOX,
				MMKIT_MEMBLOCK_MEMORY, &memory);
	if (err)
		return explain(cli, NULL, err, "dump");
	err = memblock_list_get(fd, MMKIT_MEMBLOCK_SANDBOX,
				MMKIT_MEMBLOCK_RESERVED, &reserved);
	if (err) {
		free(memory.region);
		return explain(cli, NULL, err, "dump");
	}
	obj = j_obj();
	lines = j_arr();
	json_object_array_add(lines,
			json_object_new_string("MEMBLOCK configuration:"));
	snprintf(line, sizeof(line),
		 " memory size = 0x%016llx reserved size = 0x%016llx",
		 (unsigned long long)memory.total,
		 (unsigned long long)reserved.total);
	json_object_array_add(lines, json_object_new_string(line));
	add_dump(lines, "memory", &memory);
	add_dump(lines, "reserved", &reserved);
	free(memory.region);
	free(reserved.region);
	j_add(obj, "lines", lines);
	return result(cli, obj, show_dump);
}
