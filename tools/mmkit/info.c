// SPDX-License-Identifier: GPL-2.0-only
/* mmkit info: what this kernel and this mmkit offer. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "out.h"

struct info_opts {
	bool leaks;
};

static const struct opt info_opts[] = {
	{ 'l', "leaks", OPT_FLAG, offsetof(struct info_opts, leaks), NULL,
	  "what closed sessions still held", NULL },
	{ 0 },
};

static struct json_object *features_json(uint64_t features)
{
	struct json_object *arr = j_arr();
	char number[16];
	const char *name;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		if (!(features & (1ull << bit)))
			continue;
		name = mmkit_feature_name(bit);
		snprintf(number, sizeof(number), "bit_%u", bit);
		json_object_array_add(arr,
				      json_object_new_string(name ? name : number));
	}
	return arr;
}

static struct json_object *limits_json(const struct mmkit_info *info)
{
	struct json_object *obj = j_obj();

	j_u64(obj, "session_bytes", info->session_bytes);
	j_u64(obj, "session_handles", info->session_handles);
	j_u64(obj, "total_bytes", info->total_bytes);
	j_u64(obj, "total_handles", info->total_handles);
	return obj;
}

static struct json_object *use_json(const struct mmkit_info *info)
{
	struct json_object *obj = j_obj();

	j_u64(obj, "bytes", info->used_bytes);
	j_u64(obj, "handles", info->used_handles);
	j_u64(obj, "sessions", info->sessions);
	return obj;
}

static struct json_object *info_json(const struct mmkit_info *info)
{
	struct json_object *obj = j_obj();

	j_num(obj, "abi", info->abi);
	j_num(obj, "page_size", info->page_size);
	j_num(obj, "max_order", info->max_order);
	j_num(obj, "pageblock_order", info->block_order);
	j_num(obj, "nodes", info->nodes);
	j_add(obj, "features", features_json(info->features));
	j_add(obj, "limits", limits_json(info));
	j_add(obj, "use", use_json(info));
	return obj;
}

/* What is registered under @kind, or NULL when the module does not say. */
struct json_object *entries_json(int fd, enum mmkit_entry_kind kind)
{
	struct mmkit_entry_info *entries;
	struct json_object *arr, *row;
	int nr, i;

	nr = mmkit_info_list(fd, kind, &entries);
	if (nr < 0)
		return NULL;
	arr = j_arr();
	for (i = 0; i < nr; i++) {
		row = j_obj();
		j_str(row, "name", entries[i].name);
		j_str(row, "module", entries[i].module);
		j_str(row, "help", entries[i].help);
		json_object_array_add(arr, row);
	}
	free(entries);
	return arr;
}

static int add_lists(struct json_object *obj, int fd)
{
	static const char *const keys[MMKIT_KIND_NR] = {
		[MMKIT_KIND_AREA] = "areas",
		[MMKIT_KIND_ALLOCATOR] = "allocators",
		[MMKIT_KIND_STRATEGY] = "strategies",
		[MMKIT_KIND_CARVEOUTS] = "carveouts",
	};
	struct json_object *arr;
	int kind;

	for (kind = 0; kind < MMKIT_KIND_NR; kind++) {
		arr = entries_json(fd, kind);
		if (!arr)
			return -ENOTTY;
		j_add(obj, keys[kind], arr);
	}
	return 0;
}

static struct json_object *leak_json(const struct mmkit_leak *leak,
				     uint64_t now)
{
	struct json_object *obj = j_obj();

	j_u64(obj, "session", leak->session);
	j_str(obj, "area", leak->area);
	j_num(obj, "pid", leak->pid);
	j_str(obj, "comm", leak->comm);
	j_num(obj, "handles", leak->handles);
	j_u64(obj, "bytes", leak->bytes);
	j_u64(obj, "closed_ns", leak->when);
	j_u64(obj, "age_ms", now > leak->when ? (now - leak->when) / 1000000 : 0);
	return obj;
}

static int add_leaks(struct json_object *obj, int fd)
{
	struct mmkit_leak *leaks;
	struct json_object *arr;
	struct timespec ts;
	uint64_t now;
	int nr, i;

	nr = mmkit_info_leaks(fd, &leaks);
	if (nr < 0)
		return nr;
	clock_gettime(CLOCK_BOOTTIME, &ts);
	now = ts.tv_sec * 1000000000ull + ts.tv_nsec;
	arr = j_arr();
	for (i = 0; i < nr; i++)
		json_object_array_add(arr, leak_json(&leaks[i], now));
	free(leaks);
	j_add(obj, "leaks", arr);
	return 0;
}

static void verify_pageblock(struct cli *cli, const struct mmkit_info *info)
{
	const char *path = "/proc/pagetypeinfo";
	unsigned int order;
	char line[128];
	FILE *file;

	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Page block order: %u", &order) == 1)
			verify_field(cli, "pageblock_order", path, "kernel",
				     info->block_order, order);
	if (file)
		fclose(file);
}

static void verify_feature(struct cli *cli, const struct mmkit_info *info,
			   uint64_t bit, const char *what, const char *path)
{
	verify_field(cli, what, path, "features", !!(info->features & bit),
		     !access(path, F_OK));
}

static void verify_info(struct cli *cli, const struct mmkit_info *info)
{
	struct mmkit_proc_zone *zones;
	int nr = mmkit_proc_buddyinfo(&zones), i, nodes = 0;

	for (i = 0; i < nr; i++)
		if (zones[i].node >= nodes)
			nodes = zones[i].node + 1;
	if (nr > 0) {
		verify_field(cli, "max_order", "/proc/buddyinfo", "kernel",
			     info->max_order, zones[0].orders - 1);
		verify_field(cli, "nodes", "/proc/buddyinfo", "kernel",
			     info->nodes, nodes);
		free(zones);
	}
	verify_field(cli, "page_size", "sysconf", "kernel", info->page_size,
		     sysconf(_SC_PAGESIZE));
	verify_pageblock(cli, info);
	verify_feature(cli, info, MMKIT_FEATURE_COMPACTION, "COMPACTION",
		       "/proc/sys/vm/compact_memory");
	verify_feature(cli, info, MMKIT_FEATURE_THP, "THP",
		       "/sys/kernel/mm/transparent_hugepage");
	verify_feature(cli, info, MMKIT_FEATURE_SWAP, "SWAP", "/proc/swaps");
}

static void show_entries(struct cli *cli, struct json_object *obj,
			 const char *key, const char *head)
{
	const struct column cols[] = {
		{ head, "name", F_TEXT, 0, 0 },
		{ "MODULE", "module", F_TEXT, 0, 0 },
		{ "WHAT IT IS", "help", F_TEXT, C_WRAP, 52 },
	};

	if (!json_object_array_length(j_get(obj, key)))
		return;
	out_blank();
	out_table(cli, j_get(obj, key), cols, ARRAY_SIZE(cols));
}

static void show_info(struct cli *cli, struct json_object *obj)
{
	static const struct column top[] = {
		{ "ABI", "abi", F_TEXT, 0, 0 },
		{ "page size", "page_size", F_SIZE, 0, 0 },
		{ "largest order", "max_order", F_TEXT, 0, 0 },
		{ "pageblock order", "pageblock_order", F_TEXT, 0, 0 },
		{ "NUMA nodes", "nodes", F_TEXT, 0, 0 },
		{ "features", "features", F_LIST, 0, 0 },
	};
	static const struct column limits[] = {
		{ "bytes per session", "session_bytes", F_TEXT, 0, 0 },
		{ "handles per session", "session_handles", F_TEXT, 0, 0 },
		{ "bytes in all", "total_bytes", F_TEXT, 0, 0 },
		{ "handles in all", "total_handles", F_TEXT, 0, 0 },
	};
	static const struct column use[] = {
		{ "bytes now", "bytes", F_TEXT, 0, 0 },
		{ "handles now", "handles", F_TEXT, 0, 0 },
		{ "sessions now", "sessions", F_TEXT, 0, 0 },
	};

	out_pairs(cli, obj, top, ARRAY_SIZE(top));
	out_line("\nQuotas:");
	out_pairs(cli, j_get(obj, "limits"), limits, ARRAY_SIZE(limits));
	out_line("\nUse (this command's own session included):");
	out_pairs(cli, j_get(obj, "use"), use, ARRAY_SIZE(use));
	show_entries(cli, obj, "areas", "AREA");
	show_entries(cli, obj, "allocators", "ALLOCATOR");
	show_entries(cli, obj, "strategies", "STRATEGY");
}

static void show_leaks(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "SESSION", "session", F_TEXT, C_RIGHT, 0 },
		{ "AREA", "area", F_TEXT, 0, 0 },
		{ "PID", "pid", F_TEXT, C_RIGHT, 0 },
		{ "COMMAND", "comm", F_TEXT, 0, 0 },
		{ "HANDLES", "handles", F_TEXT, C_RIGHT, 0 },
		{ "BYTES", "bytes", F_TEXT, C_RIGHT, 0 },
		{ "MS-AGO", "age_ms", F_TEXT, C_RIGHT, 0 },
	};

	if (!json_object_array_length(j_get(obj, "leaks"))) {
		out_line("No session was closed while it held something.");
		return;
	}
	out_line("Sessions closed while they held something (the kernel freed it):");
	out_table(cli, j_get(obj, "leaks"), cols, ARRAY_SIZE(cols));
}

static int info_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct info_opts *opts = data;
	struct json_object *obj;
	struct mmkit_info info;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "info");
	if (fd < 0)
		return -fd;
	err = mmkit_info_get(fd, &info);
	if (err)
		return explain(cli, NULL, err, "asking the module");
	obj = info_json(&info);
	err = add_lists(obj, fd);
	if (!err && opts->leaks)
		err = add_leaks(obj, fd);
	if (err) {
		json_object_put(obj);
		return explain(cli, NULL, err, "reading a list");
	}
	if (cli->opt.verify)
		verify_info(cli, &info);
	return result(cli, obj, opts->leaks ? show_leaks : show_info);
}

static const struct verb info_verb = {
	.help = "ABI, features, limits, use, and what is registered",
	.example = "mmkit info --leaks",
	.opts = info_opts,
	.size = sizeof(struct info_opts),
	.run = info_run,
};

const struct command info_command = {
	.name = "info",
	.help = "what this kernel and this mmkit offer",
	.verbs = &info_verb,
	.nr_verbs = 1,
};
