// SPDX-License-Identifier: GPL-2.0-only
/*
 * Saved figures: a file holds runs, each with the key of what it was measured
 * on. Saving replaces the run with the same key and keeps the others.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define SCHEMA	"mmkit-bench/1"

static bool is_key(struct json_object *a, struct json_object *b)
{
	return json_object_equal(a, b);
}

static bool is_figures(struct json_object *doc)
{
	const char *schema = json_object_get_string(j_get(doc, "schema"));

	return schema && !strcmp(schema, SCHEMA) &&
	       json_object_is_type(j_get(doc, "runs"), json_type_array) &&
	       json_object_array_length(j_get(doc, "runs"));
}

/* A file of figures, or NULL with *status. */
struct json_object *bench_load(struct cli *cli, const char *path, int *status)
{
	static const struct j_kind kind = {
		is_figures, "file of figures that mmkit bench has saved",
		"mmkit bench all --save FILE makes one",
	};

	return j_load(cli, path, &kind, status);
}

struct json_object *bench_last_run(struct json_object *doc)
{
	struct json_object *runs = j_get(doc, "runs");

	return json_object_array_get_idx(runs,
					 json_object_array_length(runs) - 1);
}

/* The run with that key; else the last one, and *same is false. */
struct json_object *bench_run_like(struct json_object *doc,
				   struct json_object *key, bool *same)
{
	struct json_object *runs = j_get(doc, "runs"), *run;
	size_t i;

	*same = true;
	for (i = 0; i < json_object_array_length(runs); i++) {
		run = json_object_array_get_idx(runs, i);
		if (is_key(j_get(run, "key"), key))
			return run;
	}
	*same = false;
	return bench_last_run(doc);
}

/* What a comparison needs, without the single rounds. */
static struct json_object *brief(struct json_object *row)
{
	static const char *const keys[] = {
		"id", "ours", "base", "cost", "low", "high", "threads",
	};
	struct json_object *obj = j_obj();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		j_add(obj, keys[i], json_object_get(j_get(row, keys[i])));
	return obj;
}

static struct json_object *run_of(struct json_object *obj)
{
	struct json_object *run = j_obj(), *rows = j_arr(), *row;
	size_t i, nr = json_object_array_length(j_get(obj, "rows"));

	for (i = 0; i < nr; i++) {
		row = json_object_array_get_idx(j_get(obj, "rows"), i);
		if (!j_get(row, "skipped"))
			json_object_array_add(rows, brief(row));
	}
	j_add(run, "key", json_object_get(j_get(obj, "key")));
	j_add(run, "config", json_object_get(j_get(obj, "config")));
	j_add(run, "rows", rows);
	return run;
}

static void put_run(struct json_object *doc, struct json_object *run)
{
	struct json_object *runs = j_get(doc, "runs"), *old;
	size_t i = 0;

	while (i < json_object_array_length(runs)) {
		old = json_object_array_get_idx(runs, i);
		if (is_key(j_get(old, "key"), j_get(run, "key")))
			json_object_array_del_idx(runs, i, 1);
		else
			i++;
	}
	json_object_array_add(runs, run);
}

static struct json_object *new_doc(void)
{
	struct json_object *doc = j_obj();

	j_str(doc, "schema", SCHEMA);
	j_add(doc, "runs", j_arr());
	return doc;
}

/* Returns an exit status. */
int bench_save(struct cli *cli, const char *path, struct json_object *obj)
{
	struct json_object *doc;
	int status = EXIT_OK;

	doc = access(path, F_OK) ? new_doc() : bench_load(cli, path, &status);
	if (!doc)
		return status;
	put_run(doc, run_of(obj));
	if (json_object_to_file_ext(path, doc, JSON_C_TO_STRING_PRETTY |
				    JSON_C_TO_STRING_SPACED |
				    JSON_C_TO_STRING_NOSLASHESCAPE))
		status = unwritable(cli, path, errno ? errno : EIO);
	json_object_put(doc);
	return status;
}
