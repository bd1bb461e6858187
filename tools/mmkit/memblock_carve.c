// SPDX-License-Identifier: GPL-2.0-only
/* mmkit memblock carveouts: what was taken from the kernel at boot, and a test. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memblock.h"

/* Where it is, as numbers and as text. */
struct json_object *memblock_range_json(uint64_t base, uint64_t bytes)
{
	const struct mmkit_memblock_region region = {
		.base = base, .bytes = bytes, .node = MMKIT_MEMBLOCK_NO_NODE,
	};
	struct json_object *obj = j_obj();
	struct json_object *whole = memblock_region_json(&region);

	j_u64(obj, "base", base);
	j_u64(obj, "bytes", bytes);
	j_str(obj, "range", json_object_get_string(j_get(whole, "range")));
	json_object_put(whole);
	return obj;
}

static struct json_object *carve_json(uint64_t base, uint64_t bytes,
				      const char *from, const char *name)
{
	struct json_object *obj = memblock_range_json(base, bytes);

	j_str(obj, "from", from);
	j_str(obj, "name", name);
	return obj;
}

/* A size and, after the dollar, an address: "64M$0x20000000". */
static void add_memmap(struct json_object *arr, const char *value)
{
	const char *dollar = strchr(value, '$');
	char size[32];
	uint64_t bytes, base;

	if (!dollar)
		return;	/* @, # and ! carve nothing out of RAM for drivers */
	snprintf(size, sizeof(size), "%.*s", (int)(dollar - value), value);
	if (parse_size(size, &bytes) || parse_size(dollar + 1, &base) || !bytes)
		return;
	json_object_array_add(arr, carve_json(base, bytes, "memmap=", NULL));
}

/* "4M:64K:name": the kernel knows where it is. */
static void add_reserve_mem(struct json_object *arr, int fd, const char *value)
{
	const char *name = strrchr(value, ':');
	struct mmkit_memblock_named req = { 0 };

	if (!name)
		return;
	snprintf(req.name, sizeof(req.name), "%s", name + 1);
	if (!mmkit_memblock_named(fd, &req))
		json_object_array_add(arr, carve_json(req.base, req.bytes,
						      "reserve_mem=",
						      req.name));
}

/* memmap= takes several, with commas between them. */
static void add_each(struct json_object *arr, char *values)
{
	char *save, *value;

	for (value = strtok_r(values, ",", &save); value;
	     value = strtok_r(NULL, ",", &save))
		add_memmap(arr, value);
}

/* What the command line says was carved out. */
struct json_object *memblock_carveouts_json(int fd)
{
	FILE *file = fopen("/proc/cmdline", "re");
	struct json_object *arr = j_arr();
	char line[4096], *save, *word;

	if (!file)
		return arr;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	for (word = strtok_r(line, " \n", &save); word;
	     word = strtok_r(NULL, " \n", &save)) {
		if (!strncmp(word, "memmap=", 7))
			add_each(arr, word + 7);
		else if (!strncmp(word, "reserve_mem=", 12))
			add_reserve_mem(arr, fd, word + 12);
	}
	return arr;
}

/* The innermost line of /proc/iomem that is just this range, or holds it. */
static const char *iomem_name(const struct mmkit_range *iomem, int nr,
			      uint64_t base, uint64_t bytes)
{
	const char *name = NULL;
	int i;

	for (i = 0; i < nr; i++)
		if (iomem[i].base <= base &&
		    base + bytes <= iomem[i].base + iomem[i].bytes)
			name = iomem[i].name;
	return name;
}

/*
 * Claim, write, read, release: what a driver would do. What reserve_mem= took is
 * claimed by its name and not written to: it may hold what somebody wants to find
 * there, after a crash.
 */
static int test_one(int fd, struct json_object *carve)
{
	const char *name = json_object_get_string(j_get(carve, "name"));
	struct mmkit_memblock_claim claim = {
		.base = name ? 0 : j_get_u64(carve, "base"),
		.bytes = name ? 0 : j_get_u64(carve, "bytes"),
	};
	struct mmkit_memblock_probe probe = { 0 };
	int err;

	snprintf(claim.name, sizeof(claim.name), "%s", name ? name : "");
	err = mmkit_memblock_claim(fd, &claim);
	if (err)
		return err;
	probe.handle = claim.handle;
	err = name ? 0 : mmkit_memblock_probe(fd, &probe);
	if (!name)
		j_u64(carve, "good", probe.bytes);
	mmkit_memblock_release(fd, claim.handle);
	return err;
}

static int test_each(int fd, struct json_object *carves)
{
	size_t i, nr = json_object_array_length(carves);
	struct json_object *carve;
	int err, first = 0;

	for (i = 0; i < nr; i++) {
		carve = json_object_array_get_idx(carves, i);
		err = test_one(fd, carve);
		j_str(carve, "claimed", err ? errno_name(err) : "yes");
		if (err && !first)
			first = err;
	}
	return first;
}

static void show(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "RANGE", "range", F_TEXT, 0, 0 },
		{ "SIZE", "bytes", F_SIZE, C_RIGHT, 0 },
		{ "FROM", "from", F_TEXT, 0, 0 },
		{ "NAME", "name", F_TEXT, 0, 0 },
		{ "IOMEM", "iomem", F_TEXT, 0, 0 },
		{ "CLAIMED", "claimed", F_TEXT, 0, 0 },
		{ "GOOD", "good", F_SIZE, C_RIGHT, 0 },
	};

	if (!json_object_array_length(j_get(obj, "carveouts"))) {
		out_line("Nothing was carved out. Boot with memmap=64M$0x20000000 (in a shell '...'),");
		out_line("or from 6.12 on with reserve_mem=64M:2M:NAME.");
		return;
	}
	out_table(cli, j_get(obj, "carveouts"), cols, ARRAY_SIZE(cols));
}

int memblock_carveouts_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct json_object *obj, *carves, *carve;
	struct mmkit_range *iomem;
	int fd, err, nr;
	size_t i;

	(void)data;
	(void)argc;
	(void)argv;
	fd = area_open(cli, "memblock");
	if (fd < 0)
		return -fd;
	carves = memblock_carveouts_json(fd);
	nr = mmkit_proc_iomem(&iomem);
	for (i = 0; i < json_object_array_length(carves); i++) {
		carve = json_object_array_get_idx(carves, i);
		j_str(carve, "iomem",
		      iomem_name(iomem, nr, j_get_u64(carve, "base"),
				 j_get_u64(carve, "bytes")));
		j_null(carve, "good");
	}
	free(iomem);
	err = test_each(fd, carves);
	if (err) {
		json_object_put(carves);
		return explain(cli, memblock_claim_reasons, err,
			       "claiming a carve-out");
	}
	obj = j_obj();
	j_add(obj, "carveouts", carves);
	return result(cli, obj, show);
}
