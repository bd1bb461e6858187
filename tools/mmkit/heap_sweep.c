// SPDX-License-Identifier: GPL-2.0-only
/* mmkit heap sweep: what each function gives at each size, and where it ends. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heap.h"
#include "page.h"
#include "progress.h"

/* Sizes double some 28 times for each function. */
#define OCTAVES	28

struct sweeping {
	struct progress progress;
	uint32_t first;
};

static unsigned int log2_of(uint64_t bytes)
{
	return bytes ? 63 - __builtin_clzll(bytes) : 0;
}

static void show_progress(void *data, uint32_t api, uint64_t bytes)
{
	struct sweeping *sweeping = data;
	unsigned int octaves = log2_of(bytes);

	progress_at(&sweeping->progress, (api - sweeping->first) * OCTAVES +
		    (octaves < OCTAVES ? octaves : OCTAVES),
		    mmkit_heap_api_name(api));
}

/* Why the function served no more. */
static const char *reason_of(uint32_t api, int err)
{
	if (err == EDQUOT)
		return "the quota of this session: a limit of mmkit's, not of the function";
	if (err == ENOMEM)
		return "the kernel had no such memory at that moment";
	if (err == ERANGE && api == MMKIT_HEAP_ALLOC_PERCPU)
		return "more than the smallest per-cpu unit (PCPU_MIN_UNIT_SIZE)";
	if (err == ERANGE && api == MMKIT_HEAP_KVMALLOC)
		return "kvmalloc() refuses more than INT_MAX";
	if (err == ERANGE && api > MMKIT_HEAP_KVMALLOC)
		return "more than the whole vmalloc area";
	if (err == ERANGE)
		return "more than the largest block of the page allocator (KMALLOC_MAX_SIZE)";
	return strerror(err);
}

static struct json_object *point_json(const struct heap_point *point)
{
	const struct mmkit_heap_object *object = &point->object;
	struct json_object *obj = j_obj();

	j_u64(obj, "bytes", object->bytes);
	j_u64(obj, "usable", object->usable);
	j_u64(obj, "waste", object->usable - object->bytes);
	j_str(obj, "where", heap_where(object));
	j_num(obj, "pages", object->pages);
	j_num(obj, "runs", object->runs);
	j_bool(obj, "contiguous", object->state & MMKIT_HEAP_CONTIGUOUS);
	j_bool(obj, "fell_back", object->state & MMKIT_HEAP_FELL_BACK);
	return obj;
}

static struct json_object *classes_json(const struct heap_sweep *sweep)
{
	struct json_object *arr = j_arr(), *obj;
	const struct heap_point *point;
	unsigned int i;

	for (i = 0; i < sweep->nr; i++) {
		point = &sweep->points[i];
		if (!point->is_class)
			continue;
		obj = j_obj();
		j_u64(obj, "bytes", point->object.bytes);
		j_str(obj, "cache",
		      point->cache.known ? point->cache.line.name : NULL);
		json_object_array_add(arr, obj);
	}
	return arr;
}

static void add_fall_back(struct json_object *obj,
			  const struct heap_sweep *sweep)
{
	unsigned int i;

	for (i = 0; i < sweep->nr; i++)
		if (sweep->points[i].object.state & MMKIT_HEAP_FELL_BACK) {
			j_u64(obj, "fell_back_at",
			      sweep->points[i].object.bytes);
			return;
		}
	j_null(obj, "fell_back_at");
}

/* Up to the largest size below which every one was contiguous. */
static uint64_t contiguous_to(const struct heap_sweep *sweep)
{
	uint64_t bytes = 0;
	unsigned int i;

	for (i = 0; i < sweep->nr; i++) {
		if (!(sweep->points[i].object.state & MMKIT_HEAP_CONTIGUOUS))
			break;
		bytes = sweep->points[i].object.bytes;
	}
	return bytes;
}

static struct json_object *sweep_json(const struct heap_sweep *sweep)
{
	struct json_object *obj = j_obj(), *points = j_arr(), *fail = j_obj();
	unsigned int i;

	for (i = 0; i < sweep->nr; i++)
		json_object_array_add(points, point_json(&sweep->points[i]));
	j_str(obj, "api", mmkit_heap_api_name(sweep->api));
	j_gfp(obj, "gfp", sweep->gfp);
	j_num(obj, "sizes", sweep->nr);
	j_u64(obj, "largest", sweep->points[sweep->nr - 1].object.bytes);
	j_u64(obj, "contiguous_to", contiguous_to(sweep));
	add_fall_back(obj, sweep);
	j_u64(fail, "bytes", sweep->fail_bytes);
	j_str(fail, "errno", errno_name(sweep->fail_errno));
	j_str(fail, "reason", reason_of(sweep->api, sweep->fail_errno));
	j_add(obj, "failure", fail);
	j_add(obj, "classes", classes_json(sweep));
	j_add(obj, "points", points);
	return obj;
}

/* The class that the kernel names the cache for, and what sysfs says of it. */
static void verify_class(struct cli *cli, const struct heap_point *point)
{
	const char *name = point->cache.line.name;
	uint64_t bytes;
	char where[32];
	int err;

	snprintf(where, sizeof(where), "%llu bytes",
		 (unsigned long long)point->object.bytes);
	/* No cache found is a difference in itself: its name is empty then. */
	verify_field(cli, "size class", "/proc/slabinfo", where,
		     point->object.usable, heap_cache_class(name));
	if (!point->cache.known)
		return;
	err = mmkit_sys_slab(name, "object_size", &bytes);
	if (err)
		verify_skip(cli, "usable", "/sys/kernel/slab", err);
	else
		verify_field(cli, "usable", "/sys/kernel/slab", where,
			     point->object.usable, bytes);
}

/* kmalloc-cg-8k is of the family kmalloc-cg-. */
static size_t family_len(const char *name)
{
	const char *dash = strrchr(name, '-');

	return dash ? dash - name + 1 : 0;
}

/* Every cache of the family was found, and none besides. */
static void verify_family(struct cli *cli, const struct heap_sweep *sweep)
{
	struct mmkit_proc_cache *caches;
	const char *name = NULL;
	unsigned int i, ours = 0;
	int nr, k, theirs = 0;

	for (i = 0; i < sweep->nr; i++) {
		if (!sweep->points[i].is_class)
			continue;
		ours++;
		if (sweep->points[i].cache.known)
			name = sweep->points[i].cache.line.name;
	}
	nr = name ? mmkit_proc_slabinfo(&caches) : -ENOENT;
	if (nr < 0) {
		verify_skip(cli, "how many classes", "/proc/slabinfo", nr);
		return;
	}
	for (k = 0; k < nr; k++)
		theirs += family_len(caches[k].name) == family_len(name) &&
			  !strncmp(caches[k].name, name, family_len(name));
	free(caches);
	verify_field(cli, "how many classes", "/proc/slabinfo",
		     mmkit_heap_api_name(sweep->api), ours, theirs);
}

static void verify_sweep(struct cli *cli, const struct heap_sweep *sweep)
{
	unsigned int i;

	for (i = 0; i < sweep->nr; i++)
		if (sweep->points[i].is_class)
			verify_class(cli, &sweep->points[i]);
	if (sweep->api <= MMKIT_HEAP_KVMALLOC)
		verify_family(cli, sweep);
}

static void show_classes(struct json_object *api)
{
	struct json_object *classes = j_get(api, "classes"), *class;
	size_t i, nr = json_object_array_length(classes);

	if (!nr)
		return;
	out_line("Size classes, each with the cache that grew when it was used:");
	for (i = 0; i < nr; i++) {
		class = json_object_array_get_idx(classes, i);
		out_line("  %5llu  %s",
			 (unsigned long long)j_get_u64(class, "bytes"),
			 j_get(class, "cache") ?
			 json_object_get_string(j_get(class, "cache")) :
			 "unknown");
	}
}

static void show_failure(struct json_object *api)
{
	struct json_object *fail = j_get(api, "failure");

	out_line("%s: up to %llu bytes; %llu is %s: %s",
		 json_object_get_string(j_get(api, "api")),
		 (unsigned long long)j_get_u64(api, "largest"),
		 (unsigned long long)j_get_u64(fail, "bytes"),
		 json_object_get_string(j_get(fail, "errno")),
		 json_object_get_string(j_get(fail, "reason")));
	if (j_get(api, "fell_back_at"))
		out_line("  fell back to vmalloc() from %llu bytes on, gfp %s",
			 (unsigned long long)j_get_u64(api, "fell_back_at"),
			 json_object_get_string(j_get(api, "gfp")));
}

static void show_sweep(struct cli *cli, struct json_object *obj)
{
	struct json_object *apis = j_get(obj, "apis");
	size_t i, nr = json_object_array_length(apis);

	if (nr == 1)
		show_classes(json_object_array_get_idx(apis, 0));
	heap_chart(cli, apis);
	for (i = 0; i < nr; i++)
		show_failure(json_object_array_get_idx(apis, i));
	if (j_get(obj, "svg"))
		out_line("drawn into %s",
			 json_object_get_string(j_get(obj, "svg")));
}

/* Adds one function to @apis; -errno when not even one byte could be had. */
static int sweep_one(struct cli *cli, int fd, uint32_t api, uint32_t gfp,
		     struct json_object *apis, struct sweeping *sweeping)
{
	struct heap_sweep sweep = { .api = api, .gfp = gfp };
	int err = heap_sweep_api(fd, &sweep, show_progress, sweeping);

	if (!err) {
		json_object_array_add(apis, sweep_json(&sweep));
		if (cli->opt.verify)
			verify_sweep(cli, &sweep);
	}
	free(sweep.points);
	return err;
}

static int sweep_all(struct cli *cli, int fd,
		     const struct heap_sweep_opts *opts,
		     struct json_object *apis)
{
	bool all = opts->api == MMKIT_HEAP_API_NR;
	uint32_t i, nr = all ? MMKIT_HEAP_API_NR : 1;
	struct sweeping sweeping = {
		.progress = progress_begin(cli, nr * OCTAVES),
		.first = all ? 0 : opts->api,
	};
	int err = 0;

	for (i = 0; i < nr && !err; i++)
		err = sweep_one(cli, fd, sweeping.first + i, opts->gfp, apis,
				&sweeping);
	progress_end(&sweeping.progress);
	return err;
}

int heap_sweep_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct heap_sweep_opts *opts = data;
	struct json_object *obj, *apis;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "heap");
	if (fd < 0)
		return -fd;
	apis = j_arr();
	err = sweep_all(cli, fd, opts, apis);
	if (err) {
		json_object_put(apis);
		return heap_failed(cli, fd, err, 0, "sweeping");
	}
	err = opts->svg ? heap_svg(opts->svg, apis) : 0;
	if (err) {
		json_object_put(apis);
		return unwritable(cli, opts->svg, err);
	}
	obj = j_obj();
	j_str(obj, "svg", opts->svg);
	j_add(obj, "apis", apis);
	return result(cli, obj, show_sweep);
}
