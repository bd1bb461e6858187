// SPDX-License-Identifier: GPL-2.0-only
/* mmkit bench run, all, list. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"

static const struct reason reasons[] = {
	{ ENXIO, "that CPU is not online", "cat /sys/devices/system/cpu/online",
	  EXIT_FAILED },
	{ EINVAL, "a number is out of range",
	  "at most 64 rounds and 64 threads", EXIT_USAGE },
	{ 0 },
};

static void show_ways_with_charts(struct cli *cli, struct json_object *obj)
{
	bench_show_ways(cli, obj);
	bench_chart(cli, obj);
}

static void show_with_charts(struct cli *cli, struct json_object *obj)
{
	bench_show(cli, obj);
	bench_chart(cli, obj);
}

/* Draws and saves what was asked for; takes @obj over. */
static int finish(struct cli *cli, const struct bench_opts *opts,
		  struct json_object *obj)
{
	int err, status;

	if (opts->svg) {
		err = bench_svg(opts->svg, obj);
		if (err) {
			json_object_put(obj);
			return unwritable(cli, opts->svg, err);
		}
		j_str(obj, "svg", opts->svg);
	}
	if (opts->save) {
		status = bench_save(cli, opts->save, obj);
		if (status) {
			json_object_put(obj);
			return status;
		}
		j_str(obj, "saved", opts->save);
	}
	if (opts->ways)
		return result(cli, obj, opts->chart ? show_ways_with_charts :
						      bench_show_ways);
	return result(cli, obj, opts->chart ? show_with_charts : bench_show);
}

static int measure(struct cli *cli, const struct bench_opts *opts, int argc,
		   char **argv)
{
	struct bench_session session;
	struct bench_items items;
	struct json_object *obj;
	int err, status;

	status = bench_session_open(cli, opts, &session);
	if (!status)
		status = bench_check(cli, &session);
	if (status)
		return status;
	err = bench_items_find(&session, argc, argv, &items);
	if (!err && !items.nr)
		return fail(cli, EXIT_FAILED, ENOENT, "mmkit bench list",
			    "no benchmark is called so");
	if (!err)
		err = bench_measure(&session, &items);
	obj = err ? NULL : bench_json(&session, &items);
	bench_items_free(&items);
	if (err)
		return explain(cli, reasons, err, "measuring");
	return finish(cli, opts, obj);
}

int bench_run_run(struct cli *cli, void *opts, int argc, char **argv)
{
	return measure(cli, opts, argc, argv);
}

int bench_all_run(struct cli *cli, void *opts, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return measure(cli, opts, 0, NULL);
}

int bench_map_run(struct cli *cli, void *data, int argc, char **argv)
{
	static char *suite[] = { "map" };
	struct bench_opts *opts = data;

	(void)argc;
	(void)argv;
	opts->ways = true;
	return measure(cli, opts, ARRAY_SIZE(suite), suite);
}

static struct json_object *list_json(const struct bench_items *items)
{
	struct json_object *obj = j_obj(), *arr = j_arr(), *row;
	unsigned int i;

	for (i = 0; i < items->nr; i++) {
		row = j_obj();
		j_str(row, "id", items->item[i].id);
		j_str(row, "where", items->item[i].user ? "user" : "kernel");
		j_str(row, "help", items->item[i].help);
		json_object_array_add(arr, row);
	}
	j_add(obj, "benchmarks", arr);
	return obj;
}

static void show_list(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "BENCHMARK", "id", F_TEXT, 0, 0 },
		{ "IN", "where", F_TEXT, 0, 0 },
		{ "WHAT", "help", F_TEXT, C_WRAP, 36 },
	};

	if (!cli->opt.rows_set) {
		cli->opt.rows_set = true;
		cli->opt.rows = 0;
	}
	out_table(cli, j_get(obj, "benchmarks"), cols, ARRAY_SIZE(cols));
}

int bench_list_run(struct cli *cli, void *data, int argc, char **argv)
{
	static const struct bench_opts opts = { .threads = 1 };
	struct bench_session session;
	struct bench_items items;
	struct json_object *obj;
	int err, status;

	(void)data;
	status = bench_session_open(cli, &opts, &session);
	if (status)
		return status;
	err = bench_items_find(&session, argc, argv, &items);
	obj = err ? NULL : list_json(&items);
	bench_items_free(&items);
	if (err)
		return explain(cli, NULL, err, "listing");
	return result(cli, obj, show_list);
}
