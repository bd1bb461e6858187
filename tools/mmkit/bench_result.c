// SPDX-License-Identifier: GPL-2.0-only
/* What came of benchmarks, as JSON and as text. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "bench.h"

/* Thousandths of the unit for each operation, without overflow. */
uint64_t bench_milli(const struct mmkit_bench_info *info, uint64_t ticks,
		     uint64_t operations)
{
	__extension__ typedef unsigned __int128 u128;
	u128 milli = (u128)ticks * 1000;

	if (!operations || !info->khz)
		return 0;
	if (info->unit == MMKIT_BENCH_UNIT_TICK)
		milli = milli * 1000000 / info->khz;
	return milli / operations;
}

const char *bench_unit(const struct mmkit_bench_info *info)
{
	return info->unit == MMKIT_BENCH_UNIT_INSTRUCTION ? "instructions" :
							    "ns";
}

static struct json_object *config_json(uint32_t config)
{
	struct json_object *arr = j_arr();
	unsigned int bit;

	for (bit = 0; bit < 32; bit++)
		if (config & 1u << bit && mmkit_bench_config_name(bit))
			json_object_array_add(arr, json_object_new_string(
						mmkit_bench_config_name(bit)));
	return arr;
}

/* Two runs with the same key differ by nothing but mmkit itself. */
static struct json_object *key_json(const struct bench_session *session)
{
	struct json_object *key = j_obj();
	struct utsname name;

	uname(&name);
	j_str(key, "release", name.release);
	j_str(key, "build", name.version);
	j_str(key, "machine", name.machine);
	j_str(key, "compiler", session->info.compiler);
	j_str(key, "unit", bench_unit(&session->info));
	j_bool(key, "brief", session->opts->brief);
	return key;
}

static struct json_object *words_json(uint32_t flags)
{
	static const struct {
		uint32_t bit;
		const char *word;
	} words[] = {
		{ MMKIT_BENCH_TICKED, "tick" },
		{ MMKIT_BENCH_SWITCHED, "switch" },
		{ MMKIT_BENCH_MOVED, "moved" },
		{ MMKIT_BENCH_FAILED, "failed" },
	};
	struct json_object *arr = j_arr();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (flags & words[i].bit)
			json_object_array_add(arr,
				json_object_new_string(words[i].word));
	return arr;
}

static struct json_object *rounds_json(const struct bench_item *item)
{
	struct json_object *arr = j_arr(), *obj;
	unsigned int i;

	for (i = 0; i < item->nr_rounds; i++) {
		obj = j_obj();
		j_num(obj, "thread", item->rounds[i].thread);
		j_u64(obj, "ticks", item->rounds[i].ticks);
		j_u64(obj, "empty", item->rounds[i].empty);
		j_add(obj, "disturbed", words_json(item->rounds[i].flags));
		json_object_array_add(arr, obj);
	}
	return arr;
}

static unsigned int count_flags(const struct bench_item *item, uint32_t flags)
{
	unsigned int i, nr = 0;

	for (i = 0; i < item->nr_rounds; i++)
		nr += !!(item->rounds[i].flags & flags);
	return nr;
}

static void add_stats(struct json_object *obj, const struct bench_item *item)
{
	static const char *const keys[] = { "cost", "low", "high", "min", "max" };
	const uint64_t values[] = {
		item->stats.median, item->stats.low, item->stats.high,
		item->stats.min, item->stats.max,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (item->skipped[0])
			j_null(obj, keys[i]);
		else
			j_u64(obj, keys[i], values[i]);
	}
}

static struct json_object *item_json(const struct bench_item *item)
{
	struct json_object *obj = j_obj();

	j_str(obj, "id", item->id);
	j_str(obj, "row", item->name);
	j_str(obj, "subject", item->subject[0] ? item->subject : NULL);
	j_str(obj, "axis", item->scaled ? "threads" :
			   item->has_x ? item->axis : NULL);
	if (item->scaled || item->has_x)
		j_u64(obj, "x", item->scaled ? item->threads : item->x);
	else
		j_null(obj, "x");
	j_num(obj, "threads", item->threads);
	j_bool(obj, "irqs_off", item->irqs_off);
	j_bool(obj, "ours", item->ours);
	j_str(obj, "base", item->base[0] ? item->base : NULL);
	add_stats(obj, item);
	j_u64(obj, "operations", item->operations);
	j_num(obj, "disturbed", count_flags(item, MMKIT_BENCH_TICKED |
					    MMKIT_BENCH_SWITCHED |
					    MMKIT_BENCH_MOVED));
	j_num(obj, "failed", count_flags(item, MMKIT_BENCH_FAILED));
	j_str(obj, "skipped", item->skipped[0] ? item->skipped : NULL);
	j_add(obj, "rounds", rounds_json(item));
	return obj;
}

struct json_object *bench_json(const struct bench_session *session,
			       const struct bench_items *items)
{
	struct json_object *obj = j_obj(), *rows = j_arr();
	unsigned int i;

	for (i = 0; i < items->nr; i++)
		json_object_array_add(rows, item_json(&items->item[i]));
	j_add(obj, "key", key_json(session));
	j_add(obj, "config", config_json(session->info.config));
	j_bool(obj, "debug", session->info.config & MMKIT_BENCH_DEBUG);
	j_u64(obj, "khz", session->info.khz);
	j_add(obj, "rows", rows);
	j_null(obj, "saved");
	j_null(obj, "svg");
	return obj;
}

void bench_show_config(struct json_object *obj)
{
	struct json_object *key = j_get(obj, "key"), *config;
	size_t i;

	config = j_get(obj, "config");
	printf("unit: %s for each operation; kernel %s, gcc %s,",
	       json_object_get_string(j_get(key, "unit")),
	       json_object_get_string(j_get(key, "release")),
	       json_object_get_string(j_get(key, "compiler")));
	printf("\n%s; config:",
	       json_object_get_string(j_get(key, "build")));
	for (i = 0; i < json_object_array_length(config); i++)
		printf(" %s", json_object_get_string(
				json_object_array_get_idx(config, i)));
	putchar('\n');
	if (json_object_get_boolean(j_get(obj, "debug")))
		out_line("This kernel debugs itself: its figures say nothing about another.");
}

static void show_skipped(struct json_object *rows)
{
	size_t i, nr = json_object_array_length(rows);
	struct json_object *row;

	for (i = 0; i < nr; i++) {
		row = json_object_array_get_idx(rows, i);
		if (j_get(row, "skipped"))
			out_line("%s: not run, %s",
				 json_object_get_string(j_get(row, "id")),
				 json_object_get_string(j_get(row, "skipped")));
	}
}

/* Those that have a cost. */
static struct json_object *measured(struct json_object *rows)
{
	struct json_object *arr = j_arr(), *row;
	size_t i, nr = json_object_array_length(rows);

	for (i = 0; i < nr; i++) {
		row = json_object_array_get_idx(rows, i);
		if (!j_get(row, "skipped"))
			json_object_array_add(arr, json_object_get(row));
	}
	return arr;
}

/* What was not run, and where the rest is. */
void bench_show_end(struct json_object *obj)
{
	show_skipped(j_get(obj, "rows"));
	if (j_get(obj, "svg"))
		out_line("drawn into %s",
			 json_object_get_string(j_get(obj, "svg")));
	if (j_get(obj, "saved"))
		out_line("saved in %s",
			 json_object_get_string(j_get(obj, "saved")));
}

void bench_show(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "BENCHMARK", "id", F_TEXT, 0, 0 },
		{ "COST", "cost", F_MILLI, C_RIGHT, 0 },
		{ "LOW", "low", F_MILLI, C_RIGHT, 0 },
		{ "HIGH", "high", F_MILLI, C_RIGHT, 0 },
		{ "OPS", "operations", F_TEXT, C_RIGHT, 0 },
		{ "DISTURBED", "disturbed", F_TEXT, C_RIGHT, 0 },
	};
	struct json_object *rows = measured(j_get(obj, "rows"));

	if (!cli->opt.rows_set) {
		cli->opt.rows_set = true;
		cli->opt.rows = 0;
	}
	bench_show_config(obj);
	out_table(cli, rows, cols, ARRAY_SIZE(cols));
	json_object_put(rows);
	bench_show_end(obj);
}
