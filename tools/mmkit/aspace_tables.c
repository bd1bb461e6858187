// SPDX-License-Identifier: GPL-2.0-only
/* mmkit aspace tables: which page tables there are, and what they weigh. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aspace.h"
#include "draw.h"
#include "page.h"

static struct json_object *per_level(const struct mmkit_aspace_tables *tables)
{
	struct json_object *arr = j_arr(), *obj;
	int i;

	for (i = MMKIT_LEVELS - 1; i >= 0; i--) {
		if (!tables->table[i])
			continue;
		obj = j_obj();
		j_str(obj, "level", mmkit_level_name(i + 1));
		j_u64(obj, "tables", tables->table[i]);
		j_u64(obj, "bytes", tables->table[i] * page_size());
		j_u64(obj, "used", tables->used[i]);
		j_u64(obj, "leaves", tables->leaves[i]);
		json_object_array_add(arr, obj);
	}
	return arr;
}

static struct json_object *table_json(const struct mmkit_aspace_table *table)
{
	struct json_object *obj = j_obj();

	j_str(obj, "level", mmkit_level_name(table->level));
	j_u64(obj, "start", table->start);
	if (table->pfn)
		j_u64(obj, "pfn", table->pfn);
	else
		j_null(obj, "pfn");
	j_num(obj, "used", table->used);
	j_num(obj, "leaves", table->leaves);
	return obj;
}

static struct json_object *tables_json(const struct mmkit_aspace_tables *req,
				       const struct mmkit_aspace_table *tables,
				       int nr)
{
	struct json_object *obj = j_obj(), *list = j_arr();
	int i;

	for (i = 0; i < nr; i++)
		json_object_array_add(list, table_json(&tables[i]));
	j_num(obj, "pid", req->pid);
	j_u64(obj, "start", req->start);
	j_u64(obj, "end", req->end);
	j_num(obj, "levels", req->levels);
	j_num(obj, "tables", req->nr);
	j_u64(obj, "bytes", req->bytes);
	j_u64(obj, "deposited", req->deposited);
	j_u64(obj, "pgtables_bytes", req->pgtables_bytes);
	j_add(obj, "per_level", per_level(req));
	j_add(obj, "list", list);
	return obj;
}

/* Tables come as they are met on the way up: each below the one it hangs from. */
struct forest {
	struct draw_tree tree;
	struct draw_node *node;
	char (*text)[96];
};

static void fill_node(struct draw_node *node, char *text,
		      const struct mmkit_aspace_table *table)
{
	unsigned int depth = MMKIT_LEVEL_PGD - table->level;

	snprintf(text, 96, "%s %#llx: %u used, %u pages",
		 mmkit_level_name(table->level),
		 (unsigned long long)table->start, table->used, table->leaves);
	*node = (struct draw_node){
		.depth = depth,
		.text = text,
		.color = table->leaves ? DRAW_BLUE : DRAW_BLACK,
	};
}

/* With four levels there is no P4D, and what is below it is one step nearer. */
static int forest_make(struct forest *forest, unsigned int levels,
		       const struct mmkit_aspace_table *tables, int nr)
{
	unsigned int folded = MMKIT_LEVELS - levels;
	int i;

	forest->node = calloc(nr ? nr : 1, sizeof(*forest->node));
	forest->text = calloc(nr ? nr : 1, sizeof(*forest->text));
	if (!forest->node || !forest->text)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		fill_node(&forest->node[i], forest->text[i], &tables[i]);
		if (forest->node[i].depth)
			forest->node[i].depth -= folded;
	}
	forest->tree = (struct draw_tree){
		.title = "Page tables, by the first address that each can map",
		.node = forest->node, .nr = nr,
	};
	return 0;
}

static void forest_free(struct forest *forest)
{
	free(forest->node);
	free(forest->text);
}

static void show_tables(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "LEVEL", "level", F_TEXT, 0, 0 },
		{ "TABLES", "tables", F_TEXT, C_RIGHT, 0 },
		{ "WEIGH", "bytes", F_SIZE, C_RIGHT, 0 },
		{ "ENTRIES", "used", F_TEXT, C_RIGHT, 0 },
		{ "PAGES", "leaves", F_TEXT, C_RIGHT, 0 },
	};
	char size[24], charged[24];

	out_table(cli, j_get(obj, "per_level"), cols, ARRAY_SIZE(cols));
	format_size(size, sizeof(size), j_get_u64(obj, "bytes"));
	format_size(charged, sizeof(charged), j_get_u64(obj, "pgtables_bytes"));
	out_line("%llu tables weigh %s, %llu more are in reserve behind huge pages",
		 (unsigned long long)j_get_u64(obj, "tables"), size,
		 (unsigned long long)j_get_u64(obj, "deposited"));
	out_line("the kernel has charged the whole address space %s, without the root",
		 charged);
}

static void show_list(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "LEVEL", "level", F_TEXT, 0, 0 },
		{ "FROM", "start", F_HEX, C_RIGHT, 0 },
		{ "PFN", "pfn", F_HEX, C_RIGHT, 0 },
		{ "ENTRIES", "used", F_TEXT, C_RIGHT, 0 },
		{ "PAGES", "leaves", F_TEXT, C_RIGHT, 0 },
	};

	show_tables(cli, obj);
	out_table(cli, j_get(obj, "list"), cols, ARRAY_SIZE(cols));
}

/* Of the whole address space, so nothing is compared for a part of it. */
static void verify_tables(struct cli *cli,
			  const struct mmkit_aspace_tables *req, bool whole)
{
	uint64_t tables = req->table[0] + req->table[1] + req->table[2];
	uint64_t bytes;
	int err = whole ? mmkit_proc_status(req->pid, "VmPTE", &bytes) : -EDOM;

	if (err)
		verify_skip(cli, "bytes", "/proc/PID/status", err);
	else
		verify_field(cli, "bytes", "/proc/PID/status", "VmPTE",
			     (tables + req->deposited) * page_size(), bytes);
}

static int run(struct cli *cli, const struct aspace_tables_opts *opts,
	       const struct mmkit_aspace_tables *req,
	       const struct mmkit_aspace_table *tables, int nr)
{
	struct json_object *obj = tables_json(req, tables, nr);
	struct forest forest = { 0 };
	int status = EXIT_OK;

	if (forest_make(&forest, req->levels, tables, nr)) {
		json_object_put(obj);
		status = fail(cli, EXIT_FAILED, ENOMEM, NULL, "out of memory");
	} else {
		status = aspace_svg(cli, obj, opts->svg, draw_tree_svg,
				    &forest.tree);
	}
	if (!status && opts->tree && !cli->opt.json && !cli->opt.quiet) {
		struct draw_text out = out_drawing(cli);

		draw_tree(&out, &forest.tree);
	}
	forest_free(&forest);
	return status ? status :
	       result(cli, obj, opts->list ? show_list : show_tables);
}

int aspace_tables_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct aspace_tables_opts *opts = data;
	struct mmkit_aspace_tables req = { .pid = opts->pid };
	struct mmkit_aspace_table *tables;
	struct place place;
	int fd, nr, status;

	fd = area_open(cli, "aspace");
	if (fd < 0)
		return -fd;
	if (argc) {
		status = range_parse(cli, fd, opts->pid, argv[0], &place);
		if (status)
			return status;
		req.start = place.start;
		req.end = place.end;
	}
	nr = mmkit_aspace_tables(fd, &req, &tables);
	if (nr < 0)
		return aspace_failed(cli, nr, "page tables");
	if (cli->opt.verify)
		verify_tables(cli, &req, !argc);
	status = run(cli, opts, &req, tables, nr);
	free(tables);
	return status;
}
