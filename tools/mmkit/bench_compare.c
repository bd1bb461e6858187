// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit bench compare: what changed between two runs, and by more than their
 * noise? On different kernels, compilers or clocks, or where only one was brief,
 * costs cannot be compared; there each is first divided by the cost of the
 * kernel's own function.
 */
#include <stdio.h>
#include <string.h>

#include "bench.h"

struct compare {
	struct json_object *a;	/* runs */
	struct json_object *b;
	bool same;
	bool ours;
	uint32_t percent;
	unsigned int worse;
};

static struct json_object *find_row(struct json_object *run, const char *id)
{
	struct json_object *rows = j_get(run, "rows"), *row;
	size_t i;

	for (i = 0; i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		if (!strcmp(json_object_get_string(j_get(row, "id")), id))
			return row;
	}
	return NULL;
}

/*
 * In millionths of the unit, or of the cost of the row's base: some cost so little
 * beside it that a thousandth of the base is more than the threshold.
 */
static bool stats_of(struct json_object *run, struct json_object *row,
		     bool ratio, struct mmkit_stats *out)
{
	uint64_t scale = 1000000, by = 1000;
	struct json_object *base = NULL;

	if (ratio) {
		if (j_get(row, "base"))
			base = find_row(run, json_object_get_string(
						j_get(row, "base")));
		by = base ? j_get_u64(base, "cost") : 0;
	}
	if (!by)
		return false;
	*out = (struct mmkit_stats){
		.median = j_get_u64(row, "cost") * scale / by,
		.low = j_get_u64(row, "low") * scale / by,
		.high = j_get_u64(row, "high") * scale / by,
	};
	return true;
}

static void add_side(struct json_object *obj, const char *cost,
		     const char *noise, const struct mmkit_stats *stats)
{
	uint64_t spread = stats->high - stats->low;

	j_u64(obj, cost, stats->median / 1000);
	j_u64(obj, noise, stats->median ? spread * 1000 / stats->median : 0);
}

static const char *verdict_of(struct compare *c, bool counts,
			      const struct mmkit_stats *a,
			      const struct mmkit_stats *b)
{
	switch (mmkit_stats_compare(a, b, c->percent * 10)) {
	case MMKIT_VERDICT_WORSE:
		c->worse += counts;
		return "worse";
	case MMKIT_VERDICT_BETTER:
		return "better";
	default:
		return "same";
	}
}

static struct json_object *row_json(struct compare *c, struct json_object *row)
{
	const char *id = json_object_get_string(j_get(row, "id"));
	bool counts = !c->ours || json_object_get_boolean(j_get(row, "ours"));
	struct json_object *before = find_row(c->a, id), *obj;
	struct mmkit_stats a, b;

	if (!before || !stats_of(c->a, before, !c->same, &a) ||
	    !stats_of(c->b, row, !c->same, &b))
		return NULL;
	obj = j_obj();
	j_str(obj, "id", id);
	add_side(obj, "a", "a_noise", &a);
	add_side(obj, "b", "b_noise", &b);
	if (a.median)
		j_u64(obj, "ratio", b.median * 1000 / a.median);
	else
		j_null(obj, "ratio");
	j_str(obj, "verdict", verdict_of(c, counts, &a, &b));
	j_bool(obj, "counts", counts);
	return obj;
}

/* What only one of the two runs has. */
static void add_alone(struct json_object *alone, struct json_object *run,
		      struct json_object *other, const char *which)
{
	struct json_object *rows = j_get(run, "rows"), *row, *obj;
	const char *id;
	size_t i;

	for (i = 0; i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		id = json_object_get_string(j_get(row, "id"));
		if (find_row(other, id))
			continue;
		obj = j_obj();
		j_str(obj, "id", id);
		j_str(obj, "only", which);
		json_object_array_add(alone, obj);
	}
}

static struct json_object *compare_json(struct compare *c)
{
	struct json_object *obj = j_obj(), *rows = j_arr(), *alone = j_arr();
	struct json_object *list = j_get(c->b, "rows"), *row;
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++) {
		row = row_json(c, json_object_array_get_idx(list, i));
		if (row)
			json_object_array_add(rows, row);
	}
	add_alone(alone, c->a, c->b, "a");
	add_alone(alone, c->b, c->a, "b");
	j_bool(obj, "same_key", c->same);
	j_add(obj, "a", json_object_get(j_get(c->a, "key")));
	j_add(obj, "b", json_object_get(j_get(c->b, "key")));
	j_num(obj, "percent", c->percent);
	j_num(obj, "worse", c->worse);
	j_add(obj, "rows", rows);
	j_add(obj, "alone", alone);
	return obj;
}

static void show_compare(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "BENCHMARK", "id", F_TEXT, 0, 0 },
		{ "A", "a", F_MILLI, C_RIGHT, 0 },
		{ "NOISE", "a_noise", F_MILLI, C_RIGHT, 0 },
		{ "B", "b", F_MILLI, C_RIGHT, 0 },
		{ "NOISE", "b_noise", F_MILLI, C_RIGHT, 0 },
		{ "RATIO", "ratio", F_MILLI, C_RIGHT, 0 },
		{ "VERDICT", "verdict", F_TEXT, 0, 0 },
	};

	if (!cli->opt.rows_set) {
		cli->opt.rows_set = true;
		cli->opt.rows = 0;
	}
	if (!json_object_get_boolean(j_get(obj, "same_key")))
		out_line("Not the same kernel, compiler, clock or --brief: each cost is divided by that of\n"
			 "the kernel's own function.");
	out_table(cli, j_get(obj, "rows"), cols, ARRAY_SIZE(cols));
	out_line("%llu worse by more than %llu %% and than the noise; in one run only: %zu",
		 (unsigned long long)j_get_u64(obj, "worse"),
		 (unsigned long long)j_get_u64(obj, "percent"),
		 json_object_array_length(j_get(obj, "alone")));
}

static int compare_docs(struct cli *cli, const struct bench_compare_opts *opts,
			struct json_object *a, struct json_object *b)
{
	struct compare c = { .percent = opts->percent, .ours = opts->ours };
	struct json_object *obj;
	int status;

	c.b = bench_last_run(b);
	c.a = bench_run_like(a, j_get(c.b, "key"), &c.same);
	obj = compare_json(&c);
	if (!json_object_array_length(j_get(obj, "rows"))) {
		json_object_put(obj);
		return fail(cli, EXIT_FAILED, 0,
			    "measure the same benchmarks in both runs",
			    "the two have nothing that could be compared");
	}
	status = result(cli, obj, show_compare);
	return status ? status : c.worse ? EXIT_FAILED : EXIT_OK;
}

int bench_compare_run(struct cli *cli, void *opts, int argc, char **argv)
{
	struct json_object *a, *b;
	int status;

	(void)argc;
	a = bench_load(cli, argv[0], &status);
	if (!a)
		return status;
	b = bench_load(cli, argv[1], &status);
	if (b)
		status = compare_docs(cli, opts, a, b);
	json_object_put(b);
	json_object_put(a);
	return status;
}
