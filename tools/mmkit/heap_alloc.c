// SPDX-License-Identifier: GPL-2.0-only
/* mmkit heap alloc, realloc, free, describe, pfns and limits. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heap.h"
#include "page.h"
#include "pages.h"

static const struct reason alloc_reasons[] = {
	{ EINVAL, "no driver could make this request: bytes 0, flags that sleep under a spinlock, flags or elements that the function does not take",
	  "-x atomic goes with -g ATOMIC or NOWAIT and the kmalloc family; -e with kmalloc_array; -n with kmalloc_node and kvmalloc",
	  EXIT_FAILED },
	{ EOVERFLOW, "the array is larger than a 64-bit number can say",
	  "fewer or smaller elements", EXIT_FAILED },
	{ ERANGE, "the function never serves that much, on any machine",
	  "mmkit heap limits shows how much; mmkit heap choose what serves more",
	  EXIT_FAILED },
	{ ENOMEM, "the kernel has no such memory now",
	  "a smaller size; vmalloc needs no contiguous pages", EXIT_FAILED },
	{ 0 },
};

static const struct reason handle_reasons[] = {
	{ ENOENT, "no such handle in this session, or the object is free already",
	  "a one-shot mmkit starts without handles, so use mmkit shell or mmkit run",
	  EXIT_FAILED },
	{ EINVAL, "past the end of the handle, or bytes 0, or flags that it does not take",
	  "heap describe HANDLE shows its objects", EXIT_FAILED },
	{ EOPNOTSUPP, "the kernel has no such function for these objects",
	  "the kmalloc family and kvmalloc have it", EXIT_FAILED },
	{ ERANGE, "the function never serves that much, on any machine",
	  "mmkit heap limits shows how much", EXIT_FAILED },
	{ EPERM, "page frame numbers are shown to CAP_SYS_ADMIN only",
	  "run it as root", EXIT_FAILED },
	{ 0 },
};

int heap_failed(struct cli *cli, int fd, int err, uint64_t bytes,
		const char *doing)
{
	if (err == -EDQUOT)
		return explain_quota(cli, fd, bytes, doing);
	return explain(cli, alloc_reasons, err, doing);
}

/* What this process knows of a handle and the kernel does not tell. */
static struct heap_held *held_of(struct cli *cli, uint32_t handle)
{
	unsigned int i;

	for (i = 0; i < cli->nr_heaps; i++)
		if (cli->heaps[i].handle == handle)
			return &cli->heaps[i];
	return NULL;
}

static void hold(struct cli *cli, const struct mmkit_heap_alloc *req)
{
	struct heap_held *held = held_of(cli, req->handle);

	if (!held) {
		held = reallocarray(cli->heaps, cli->nr_heaps + 1,
				    sizeof(*held));
		if (!held)
			return;
		cli->heaps = held;
		held += cli->nr_heaps++;
	}
	*held = (struct heap_held){
		.handle = req->handle, .api = req->api, .gfp = req->gfp,
		.count = req->count,
	};
}

/* Describes @nr objects from @first on; NULL when it was reported why not. */
static struct json_object *describe(struct cli *cli, int fd, uint32_t handle,
				    uint32_t first, uint32_t nr, int *status)
{
	const struct heap_held *held = held_of(cli, handle);
	const struct heap_kind kind = {
		.api = held ? held->api : MMKIT_HEAP_API_NR,
		.gfp = held ? held->gfp : 0,
		.cache = held && !held->mixed,
	};
	struct mmkit_heap_object *objects;
	struct json_object *arr = NULL;
	int ret;

	objects = calloc(nr ? nr : 1, sizeof(*objects));
	ret = objects ? mmkit_heap_describe(fd, handle, first, nr, objects) :
			-ENOMEM;
	if (ret < 0)
		*status = explain(cli, handle_reasons, ret, "describing");
	else
		arr = heap_objects_json(cli, fd, &kind, first, objects, ret);
	if (arr && cli->opt.verify)
		heap_objects_verify(cli, arr);
	free(objects);
	return arr;
}

static void show_vmap(struct json_object *object)
{
	struct json_object *vmap = j_get(object, "vmallocinfo");

	if (vmap)
		out_line("/proc/vmallocinfo: %llu bytes with the guard page, pages=%llu %s%s (%llu such)",
			 (unsigned long long)j_get_u64(vmap, "bytes"),
			 (unsigned long long)j_get_u64(vmap, "pages"),
			 json_object_get_string(j_get(vmap, "kind")),
			 json_object_get_boolean(j_get(vmap, "vpages")) ?
				" vpages" : "",
			 (unsigned long long)j_get_u64(vmap, "entries"));
}

static void show_objects(struct cli *cli, struct json_object *obj)
{
	struct json_object *objects = j_get(obj, "objects"), *first;

	heap_objects_show(cli, objects);
	first = json_object_array_get_idx(objects, 0);
	if (!first)
		return;
	if (j_get(first, "fell_back"))
		out_line("kvmalloc() %s: %llu bytes, gfp %s",
			 json_object_get_boolean(j_get(first, "fell_back")) ?
				"fell back to vmalloc()" :
				"got it from kmalloc()",
			 (unsigned long long)j_get_u64(first, "bytes"),
			 j_get(obj, "gfp") ?
			 json_object_get_string(j_get(obj, "gfp")) :
			 "as it was allocated");
	if (j_get(first, "fell_back") || j_get(first, "vmallocinfo"))
		show_vmap(first);
}

static void show_alloc(struct cli *cli, struct json_object *obj)
{
	out_line("handle %llu: %llu object(s), %s, gfp %s",
		 (unsigned long long)j_get_u64(obj, "handle"),
		 (unsigned long long)j_get_u64(obj, "count"),
		 json_object_get_string(j_get(obj, "api")),
		 json_object_get_string(j_get(obj, "gfp")));
	show_objects(cli, obj);
	session_show(obj);
}

static struct json_object *alloc_json(const struct mmkit_heap_alloc *req)
{
	struct json_object *obj = j_obj();

	j_num(obj, "handle", req->handle);
	j_str(obj, "api", mmkit_heap_api_name(req->api));
	j_gfp(obj, "gfp", req->gfp);
	j_bool(obj, "atomic", req->flags & MMKIT_HEAP_IN_ATOMIC);
	j_num(obj, "count", req->count);
	return obj;
}

int heap_alloc_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct heap_alloc_opts *opts = data;
	struct mmkit_heap_alloc req = {
		.api = opts->api, .bytes = opts->bytes,
		.elements = opts->elements, .count = opts->count,
		.gfp = opts->gfp, .node = opts->node,
		.flags = opts->atomic ? MMKIT_HEAP_IN_ATOMIC : 0,
	};
	struct json_object *obj, *objects;
	int fd, err, status;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "heap");
	if (fd < 0)
		return -fd;
	err = mmkit_heap_alloc(fd, &req);
	if (err)
		return heap_failed(cli, fd, err, req.bytes * req.count,
				   "allocating");
	hold(cli, &req);
	objects = describe(cli, fd, req.handle, 0, req.count, &status);
	if (!objects)
		return status;
	obj = alloc_json(&req);
	j_add(obj, "objects", objects);
	j_add(obj, "session", session_json(fd));
	status = result(cli, obj, show_alloc);
	pages_hold(cli, opts->hold, "objects");
	return status;
}

static void show_realloc(struct cli *cli, struct json_object *obj)
{
	out_line("handle %llu: %s", (unsigned long long)j_get_u64(obj, "handle"),
		 json_object_get_boolean(j_get(obj, "moved")) ? "moved" :
								 "in place");
	heap_objects_show(cli, j_get(obj, "objects"));
	session_show(obj);
}

/* Objects of other flags may be in other caches: nothing is said of them then. */
static void note_gfp(struct cli *cli, uint32_t handle, uint32_t gfp)
{
	struct heap_held *held = held_of(cli, handle);

	if (held && (held->gfp ^ gfp) & ~(uint32_t)MMKIT_GFP_KERNEL)
		held->mixed = true;
}

int heap_realloc_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct heap_realloc_opts *opts = data;
	struct mmkit_heap_realloc req = {
		.index = opts->index, .bytes = opts->bytes, .gfp = opts->gfp,
	};
	struct json_object *obj, *objects;
	int fd, err, status;

	(void)argc;
	status = handle_open(cli, "heap", argv[0], &req.handle, &fd);
	if (status)
		return status;
	err = mmkit_heap_realloc(fd, &req);
	if (err == -EDQUOT)
		return explain_quota(cli, fd, req.bytes, "reallocating");
	if (err)
		return explain(cli, handle_reasons, err, "reallocating");
	note_gfp(cli, req.handle, req.gfp);
	objects = describe(cli, fd, req.handle, req.index, 1, &status);
	if (!objects)
		return status;
	obj = j_obj();
	j_num(obj, "handle", req.handle);
	j_bool(obj, "moved", req.moved);
	j_add(obj, "objects", objects);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_realloc);
}

static void show_free(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("handle %llu: freed", (unsigned long long)j_get_u64(obj, "handle"));
	session_show(obj);
}

int heap_free_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct heap_free_opts *opts = data;
	struct mmkit_heap_free req = {
		.first = opts->first, .nr = opts->nr, .stride = opts->stride,
		.flags = opts->sensitive ? MMKIT_HEAP_SENSITIVE : 0,
	};
	struct json_object *obj;
	int fd, err, status;

	(void)argc;
	status = handle_open(cli, "heap", argv[0], &req.handle, &fd);
	if (status)
		return status;
	err = mmkit_heap_free(fd, &req);
	if (err)
		return explain(cli, handle_reasons, err, "freeing");
	obj = j_obj();
	j_num(obj, "handle", req.handle);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_free);
}

int heap_describe_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct heap_describe_opts *opts = data;
	struct json_object *obj, *objects;
	uint32_t handle;
	int fd, status;

	(void)argc;
	status = handle_open(cli, "heap", argv[0], &handle, &fd);
	if (status)
		return status;
	objects = describe(cli, fd, handle, opts->first, opts->nr, &status);
	if (!objects)
		return status;
	obj = j_obj();
	j_num(obj, "handle", handle);
	j_add(obj, "objects", objects);
	return result(cli, obj, show_objects);
}

static struct json_object *runs_json(const uint64_t *pfns, int nr)
{
	struct json_object *arr = j_arr(), *run;
	int i, first = 0;

	for (i = 1; i <= nr; i++) {
		if (i < nr && pfns[i] == pfns[i - 1] + 1)
			continue;
		run = j_obj();
		j_num(run, "page", first);
		j_u64(run, "pfn", pfns[first]);
		j_num(run, "pages", i - first);
		json_object_array_add(arr, run);
		first = i;
	}
	return arr;
}

static void verify_pfns(struct cli *cli, const struct mmkit_heap_object *object,
			const uint64_t *pfns, int nr)
{
	bool slab = object->state & MMKIT_HEAP_SLAB;
	char where[32];
	uint64_t flags;
	int i, ret;

	for (i = 0; i < nr; i++) {
		ret = mmkit_proc_kpageflags(pfns[i], &flags, 1);
		if (ret < 0) {
			verify_skip(cli, "in a slab", "/proc/kpageflags", ret);
			return;
		}
		snprintf(where, sizeof(where), "pfn %#llx",
			 (unsigned long long)pfns[i]);
		verify_field(cli, "in a slab", "/proc/kpageflags", where, slab,
			     flags >> 7 & 1);
		/* KPF_BUDDY and KPF_NOPAGE */
		verify_field(cli, "free or absent", "/proc/kpageflags", where,
			     0, (flags >> 10 & 1) | (flags >> 20 & 1));
	}
}

static void show_pfns(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "PAGE", "page", F_TEXT, C_RIGHT, 0 },
		{ "PFN", "pfn", F_HEX, C_RIGHT, 0 },
		{ "PAGES", "pages", F_TEXT, C_RIGHT, 0 },
	};

	out_line("%llu pages in %zu contiguous run(s)",
		 (unsigned long long)j_get_u64(obj, "pages"),
		 json_object_array_length(j_get(obj, "runs")));
	out_table(cli, j_get(obj, "runs"), cols, ARRAY_SIZE(cols));
}

static int pfns_show(struct cli *cli, int fd, uint32_t handle, uint32_t index,
		     const struct mmkit_heap_object *object)
{
	uint64_t *pfns = calloc(object->pages, sizeof(*pfns));
	struct json_object *obj, *arr;
	int ret, i;

	ret = pfns ? mmkit_heap_pfns(fd, handle, index, 0, object->pages, pfns) :
		     -ENOMEM;
	if (ret < 0) {
		free(pfns);
		return explain(cli, handle_reasons, ret, "page frames");
	}
	if (cli->opt.verify)
		verify_pfns(cli, object, pfns, ret);
	obj = j_obj();
	arr = j_arr();
	j_num(obj, "handle", handle);
	j_num(obj, "index", index);
	j_num(obj, "pages", ret);
	for (i = 0; i < ret; i++)
		json_object_array_add(arr, json_object_new_uint64(pfns[i]));
	j_add(obj, "pfns", arr);
	j_add(obj, "runs", runs_json(pfns, ret));
	free(pfns);
	return result(cli, obj, show_pfns);
}

int heap_pfns_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct heap_pfns_opts *opts = data;
	struct mmkit_heap_object object;
	uint32_t handle;
	int fd, ret, status;

	(void)argc;
	status = handle_open(cli, "heap", argv[0], &handle, &fd);
	if (status)
		return status;
	ret = mmkit_heap_describe(fd, handle, opts->index, 1, &object);
	if (ret >= 0 && object.state & MMKIT_HEAP_FREED)
		ret = -ENOENT;
	if (ret < 0)
		return explain(cli, handle_reasons, ret, "page frames");
	return pfns_show(cli, fd, handle, opts->index, &object);
}

static void show_limits(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "kmalloc from slab caches up to", "kmalloc_cache", F_SIZE, 0, 0 },
		{ "kmalloc up to", "kmalloc_max", F_SIZE, 0, 0 },
		{ "alloc_percpu up to", "percpu_max", F_SIZE, 0, 0 },
		{ "vmalloc area", "vmalloc_total", F_SIZE, 0, 0 },
		{ "copies of a per-cpu object", "cpus", F_TEXT, 0, 0 },
	};

	out_pairs(cli, obj, cols, ARRAY_SIZE(cols));
	session_show(obj);
}

int heap_limits_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct mmkit_heap_limits limits;
	struct json_object *obj;
	int fd, err;

	(void)data;
	(void)argc;
	(void)argv;
	fd = area_open(cli, "heap");
	if (fd < 0)
		return -fd;
	err = mmkit_heap_limits(fd, &limits);
	if (err)
		return explain(cli, NULL, err, "limits");
	obj = j_obj();
	j_u64(obj, "kmalloc_cache", limits.kmalloc_cache);
	j_u64(obj, "kmalloc_max", limits.kmalloc_max);
	j_u64(obj, "percpu_max", limits.percpu_max);
	j_u64(obj, "vmalloc_total", limits.vmalloc_total);
	j_num(obj, "cpus", limits.cpus);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_limits);
}
