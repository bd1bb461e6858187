// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit bench targets: what mmkit promises of its own cost, each against a
 * figure of the kernel's that was measured in the same run.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static char *rows[] = {
	"pages/order/0", "pages/outstanding/64", "ioctl/refused",
	"ioctl/nothing", "ioctl/page/1", "ioctl/page/64",
	"describe/ioctl/4096", "describe/page-types/4096", "core/tracepoint",
	"ioctl/handles/1000", "ioctl/handles/1000000",
	"map/touch/page", "map/touch/insert", "map/touch/remap",
	"map/touch/around", "map/touch/populate", "map/touch/huge",
	"map/touch/peer-bare-page", "map/touch/peer-bare-insert",
	"map/touch/peer-bare-remap",
};

static const struct bench_item *find(const struct bench_items *items,
				     const char *id)
{
	unsigned int i;

	for (i = 0; i < items->nr; i++)
		if (!strcmp(items->item[i].id, id) &&
		    !items->item[i].skipped[0])
			return &items->item[i];
	return NULL;
}

static uint64_t cost(const struct bench_items *items, const char *id)
{
	const struct bench_item *item = find(items, id);

	return item ? item->stats.median : 0;
}

/* In thousandths; a figure that is missing is no promise kept. */
static void add_target(struct json_object *arr, const char *what,
		       uint64_t value, uint64_t bound, const char *unit)
{
	struct json_object *obj = j_obj();
	bool known = value && bound;

	j_str(obj, "target", what);
	j_u64(obj, "value", value);
	j_u64(obj, "bound", bound);
	j_str(obj, "unit", unit);
	j_str(obj, "status", !known ? "skipped" : value <= bound ? "ok" : "bad");
	json_object_array_add(arr, obj);
}

/* Code and data of all modules, from /proc/modules. */
static uint64_t module_bytes(void)
{
	FILE *file = fopen("/proc/modules", "re");
	unsigned long bytes, sum = 0;
	char line[256], name[64];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%63s %lu", name, &bytes) == 2 &&
		    !strncmp(name, "mmkit_", 6) &&
		    strncmp(name, "mmkit_example", 13))
			sum += bytes;
	if (file)
		fclose(file);
	return sum;
}

/* Kernel threads of ours: idle modules have none, and so no CPU time. */
static unsigned int module_threads(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	char path[300], comm[32];
	unsigned int nr = 0;
	FILE *file;

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = fopen(path, "re");
		if (file && fgets(comm, sizeof(comm), file))
			nr += !strncmp(comm, "mmkit_", 6);
		if (file)
			fclose(file);
	}
	if (dir)
		closedir(dir);
	return nr;
}

/* Does this kernel ask a device for huge pages? */
static bool has_huge_fault(struct cli *cli)
{
	struct mmkit_map_strategy *list = NULL;
	int fd = area_open(cli, "map"), i, nr;
	bool has = false;

	nr = fd < 0 ? 0 : mmkit_map_strategies(fd, &list);
	for (i = 0; i < nr; i++)
		if (!strcmp(list[i].name, "huge"))
			has = !list[i].note[0];
	free(list);
	if (fd >= 0)
		mmkit_close(fd);
	return has;
}

/* Beside the devices of tests/system/hand, where they are. */
static void add_bare(struct json_object *arr, const struct bench_items *items,
		     const char *strategy, const char *unit)
{
	char peer[64], ours[64], what[96];

	snprintf(peer, sizeof(peer), "map/touch/peer-bare-%s", strategy);
	snprintf(ours, sizeof(ours), "map/touch/%s", strategy);
	snprintf(what, sizeof(what),
		 "a touched page, %s: 1.02 x the same by hand", strategy);
	if (find(items, peer))
		add_target(arr, what, cost(items, ours),
			   cost(items, peer) * 102 / 100, unit);
}

static void add_map(struct cli *cli, struct json_object *arr,
		    const struct bench_items *items, const char *unit)
{
	add_target(arr, "a touched page, around: 100",
		   cost(items, "map/touch/around"), 100000, unit);
	add_target(arr, "a touched page, populate: 60",
		   cost(items, "map/touch/populate"), 60000, unit);
	if (has_huge_fault(cli))
		add_target(arr, "a touched page, huge: 10",
			   cost(items, "map/touch/huge"), 10000, unit);
	add_bare(arr, items, "page", unit);
	add_bare(arr, items, "insert", unit);
	add_bare(arr, items, "remap", unit);
}

static struct json_object *targets_json(struct cli *cli,
					const struct bench_items *items,
					const char *unit)
{
	uint64_t raw = cost(items, "pages/order/0");
	uint64_t empty = cost(items, "ioctl/refused");
	struct json_object *obj = j_obj(), *arr = j_arr();

	add_target(arr, "page by ioctl, alloc and free: raw + 2 x (empty ioctl + 250)",
		   cost(items, "ioctl/page/1"), raw + 2 * (empty + 250000),
		   unit);
	add_target(arr, "page by ioctl in a batch of 64: 1.15 x raw",
		   cost(items, "ioctl/page/64"),
		   cost(items, "pages/outstanding/64") * 115 / 100, unit);
	add_target(arr, "describing a page: a quarter of page-types",
		   cost(items, "describe/ioctl/4096"),
		   cost(items, "describe/page-types/4096") / 4, unit);
	add_target(arr, "a tracepoint that is off: 2",
		   cost(items, "core/tracepoint"), 2000, unit);
	add_target(arr, "with 1000000 live handles: 1.3 x that with 1000",
		   cost(items, "ioctl/handles/1000000"),
		   cost(items, "ioctl/handles/1000") * 13 / 10, unit);
	add_map(cli, arr, items, unit);
	add_target(arr, "all modules, loaded and idle: 256 KiB",
		   module_bytes() * 1000, 256ull * 1024 * 1000, "bytes");
	j_add(obj, "targets", arr);
	j_num(obj, "threads", module_threads());
	return obj;
}

static void show_targets(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "TARGET", "target", F_TEXT, C_WRAP, 36 },
		{ "MEASURED", "value", F_MILLI, C_RIGHT, 0 },
		{ "AT MOST", "bound", F_MILLI, C_RIGHT, 0 },
		{ "UNIT", "unit", F_TEXT, 0, 0 },
		{ "", "status", F_STATUS, 0, 0 },
	};

	out_table(cli, j_get(obj, "targets"), cols, ARRAY_SIZE(cols));
	out_line("kernel threads of idle modules: %llu",
		 (unsigned long long)j_get_u64(obj, "threads"));
}

static bool all_met(struct json_object *obj)
{
	struct json_object *arr = j_get(obj, "targets"), *target;
	size_t i;

	for (i = 0; i < json_object_array_length(arr); i++) {
		target = json_object_array_get_idx(arr, i);
		if (strcmp(json_object_get_string(j_get(target, "status")),
			   "ok"))
			return false;
	}
	return !j_get_u64(obj, "threads");
}

int bench_targets_run(struct cli *cli, void *opts, int argc, char **argv)
{
	struct bench_session session;
	struct bench_items items;
	struct json_object *obj;
	bool met;
	int err, status;

	(void)argc;
	(void)argv;
	status = bench_session_open(cli, opts, &session);
	if (!status)
		status = bench_check(cli, &session);
	if (status)
		return status;
	err = bench_items_find(&session, ARRAY_SIZE(rows), rows, &items);
	if (!err)
		err = bench_measure(&session, &items);
	obj = err ? NULL : targets_json(cli, &items, bench_unit(&session.info));
	bench_items_free(&items);
	if (err)
		return explain(cli, NULL, err, "measuring");
	met = all_met(obj);
	status = result(cli, obj, show_targets);
	return status ? status : met ? EXIT_OK : EXIT_FAILED;
}
