// SPDX-License-Identifier: GPL-2.0-only
/* mmkit aspace regions: what an address space is made of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aspace.h"
#include "page.h"

/* The columns of counts, from pages to bytes, where the table looks for them. */
static void add_bytes(struct json_object *region)
{
	static const struct {
		const char *to;
		const char *from;
	} keys[] = {
		{ "_anon", "anon" }, { "_file", "file" }, { "_shmem", "shmem" },
		{ "_swap", "swap" }, { "_huge", "huge" }, { "_dirty", "dirty" },
	};
	struct json_object *counts = j_get(region, "counts");
	size_t i;

	for (i = 0; counts && i < ARRAY_SIZE(keys); i++)
		j_u64(region, keys[i].to,
		      j_get_u64(counts, keys[i].from) * page_size());
}

static void show_regions(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "START", "start", F_HEX, C_RIGHT, 0 },
		{ "SIZE", "bytes", F_SIZE, C_RIGHT, 0 },
		{ "KIND", "kind", F_TEXT, 0, 0 },
		{ "PERM", "perms", F_TEXT, 0, 0 },
		{ "NAME", "name", F_TEXT, 0, 0 },
	};
	static const struct column counted[] = {
		{ "START", "start", F_HEX, C_RIGHT, 0 },
		{ "SIZE", "bytes", F_SIZE, C_RIGHT, 0 },
		{ "KIND", "kind", F_TEXT, 0, 0 },
		{ "PERM", "perms", F_TEXT, 0, 0 },
		{ "ANON", "_anon", F_SIZE, C_RIGHT, 0 },
		{ "FILE", "_file", F_SIZE, C_RIGHT, 0 },
		{ "SHMEM", "_shmem", F_SIZE, C_RIGHT, 0 },
		{ "SWAP", "_swap", F_SIZE, C_RIGHT, 0 },
		{ "HUGE", "_huge", F_SIZE, C_RIGHT, 0 },
		{ "DIRTY", "_dirty", F_SIZE, C_RIGHT, 0 },
	};
	struct json_object *regions = j_get(obj, "regions"), *first;
	size_t i, nr = json_object_array_length(regions);

	first = nr ? json_object_array_get_idx(regions, 0) : NULL;
	out_line("process %llu: %zu regions",
		 (unsigned long long)j_get_u64(obj, "pid"), nr);
	if (!first || !j_get(first, "counts")) {
		out_table(cli, regions, cols, ARRAY_SIZE(cols));
		return;
	}
	for (i = 0; i < nr; i++)
		add_bytes(json_object_array_get_idx(regions, i));
	out_table(cli, regions, counted, ARRAY_SIZE(counted));
}

int aspace_regions_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct aspace_regions_opts *opts = data;
	struct mmkit_aspace_region *regions;
	struct json_object *obj;
	int fd, nr;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "aspace");
	if (fd < 0)
		return -fd;
	if (cli->opt.verify)
		nr = regions_verified(cli, fd, opts->pid, opts->rss, &regions);
	else
		nr = mmkit_aspace_regions(fd, opts->pid,
					  opts->rss ? MMKIT_ASPACE_COUNT : 0,
					  &regions);
	if (nr < 0)
		return aspace_failed(cli, nr, "regions");
	obj = j_obj();
	j_u64(obj, "pid", opts->pid);
	j_add(obj, "regions", regions_json(regions, nr, opts->rss));
	free(regions);
	return result(cli, obj, show_regions);
}
