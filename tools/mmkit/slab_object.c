// SPDX-License-Identifier: GPL-2.0-only
/* mmkit slab alloc, free, objects and slabs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "slab.h"

/* Returns 0, or the exit status after it was reported why not. */
int slab_objects_get(struct cli *cli, int fd, uint32_t cache, uint32_t count,
		     uint32_t *handle)
{
	struct mmkit_slab_alloc req = {
		.cache = cache, .count = count, .node = -1,
		.flags = MMKIT_SLAB_BULK,
	};
	int err = mmkit_slab_alloc(fd, &req);

	if (err)
		return slab_failed(cli, fd, err, 0, "allocating");
	*handle = req.handle;
	return 0;
}

static void show_alloc(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("handle %llu: %llu object(s) of cache %llu, gfp %s",
		 (unsigned long long)j_get_u64(obj, "handle"),
		 (unsigned long long)j_get_u64(obj, "count"),
		 (unsigned long long)j_get_u64(obj, "cache"),
		 json_object_get_string(j_get(obj, "gfp")));
	out_line("the cache's objects lie in %llu slabs, %llu of them full; %llu of %llu slots are used",
		 (unsigned long long)j_get_u64(obj, "held"),
		 (unsigned long long)j_get_u64(obj, "full"),
		 (unsigned long long)j_get_u64(obj, "used"),
		 (unsigned long long)j_get_u64(obj, "room"));
	session_show(obj);
}

static void add_sums(struct json_object *obj,
		     const struct mmkit_slab_slabs *sums)
{
	j_u64(obj, "held", sums->held);
	j_u64(obj, "full", sums->full);
	j_u64(obj, "used", sums->used);
	j_u64(obj, "room", sums->room);
}

int slab_alloc_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_alloc_opts *opts = data;
	struct mmkit_slab_alloc req = {
		.count = opts->count, .gfp = opts->gfp, .node = opts->node,
		.flags = opts->flags,
	};
	struct mmkit_slab_slabs sums;
	struct json_object *obj;
	int fd, err, status;

	(void)argc;
	status = handle_open(cli, "slab", argv[0], &req.cache, &fd);
	if (status)
		return status;
	err = mmkit_slab_alloc(fd, &req);
	if (!err)
		err = mmkit_slab_slabs(fd, req.cache, &sums, NULL);
	if (err)
		return slab_failed(cli, fd, err, 0, "allocating");
	obj = j_obj();
	j_num(obj, "handle", req.handle);
	j_num(obj, "cache", req.cache);
	j_num(obj, "count", req.count);
	j_gfp(obj, "gfp", req.gfp);
	add_sums(obj, &sums);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_alloc);
}

static void show_free(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("handle %llu: freed",
		 (unsigned long long)j_get_u64(obj, "handle"));
	session_show(obj);
}

int slab_free_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_free_opts *opts = data;
	struct mmkit_slab_free req = {
		.first = opts->first, .nr = opts->nr, .stride = opts->stride,
		.flags = opts->flags,
	};
	struct json_object *obj;
	int fd, err, status;

	(void)argc;
	status = handle_open(cli, "slab", argv[0], &req.handle, &fd);
	if (status)
		return status;
	err = mmkit_slab_free(fd, &req);
	if (err)
		return slab_failed(cli, fd, err, 0, "freeing");
	obj = j_obj();
	j_num(obj, "handle", req.handle);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_free);
}

static struct json_object *object_json(uint32_t index,
				       const struct mmkit_slab_object *object)
{
	bool there = !(object->state & (MMKIT_SLAB_FREED | MMKIT_SLAB_KFENCE));
	static const char *const keys[] = {
		"pfn", "slot", "offset", "order", "node",
	};
	struct json_object *obj = j_obj();
	size_t i;

	j_num(obj, "index", index);
	j_bool(obj, "present", !(object->state & MMKIT_SLAB_FREED));
	j_bool(obj, "kfence", object->state & MMKIT_SLAB_KFENCE);
	if (!there) {
		for (i = 0; i < ARRAY_SIZE(keys); i++)
			j_null(obj, keys[i]);
		return obj;
	}
	if (object->state & MMKIT_SLAB_NOPFN)
		j_null(obj, "pfn");
	else
		j_u64(obj, "pfn", object->pfn);
	j_num(obj, "slot", object->slot);
	j_num(obj, "offset", object->offset);
	j_num(obj, "order", object->order);
	j_num(obj, "node", object->node);
	return obj;
}

/* KPF_SLAB */
static void verify_slab_page(struct cli *cli, uint64_t pfn)
{
	char where[32];
	uint64_t flags;
	int ret = pfn ? mmkit_proc_kpageflags(pfn, &flags, 1) : -EPERM;

	snprintf(where, sizeof(where), "pfn %#llx", (unsigned long long)pfn);
	if (ret < 0)
		verify_skip(cli, "in a slab", "/proc/kpageflags", ret);
	else
		verify_field(cli, "in a slab", "/proc/kpageflags", where, 1,
			     flags >> 7 & 1);
}

static void show_objects(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "OBJ", "index", F_TEXT, C_RIGHT, 0 },
		{ "SLAB-PFN", "pfn", F_HEX, C_RIGHT, 0 },
		{ "SLOT", "slot", F_TEXT, C_RIGHT, 0 },
		{ "OFFSET", "offset", F_TEXT, C_RIGHT, 0 },
		{ "ORD", "order", F_TEXT, C_RIGHT, 0 },
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "THERE", "present", F_TEXT, 0, 0 },
	};

	out_table(cli, j_get(obj, "objects"), cols, ARRAY_SIZE(cols));
}

int slab_objects_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_objects_opts *opts = data;
	struct mmkit_slab_object *objects;
	struct json_object *obj, *arr;
	uint32_t handle;
	int fd, ret, i, status;

	(void)argc;
	status = handle_open(cli, "slab", argv[0], &handle, &fd);
	if (status)
		return status;
	objects = calloc(opts->nr ? opts->nr : 1, sizeof(*objects));
	ret = objects ? mmkit_slab_objects(fd, handle, opts->first, opts->nr,
					   objects) : -ENOMEM;
	if (ret < 0) {
		free(objects);
		return slab_failed(cli, fd, ret, 0, "describing");
	}
	obj = j_obj();
	arr = j_arr();
	j_num(obj, "handle", handle);
	for (i = 0; i < ret; i++) {
		json_object_array_add(arr, object_json(opts->first + i,
						       &objects[i]));
		if (cli->opt.verify && !(objects[i].state &
		    (MMKIT_SLAB_FREED | MMKIT_SLAB_KFENCE)))
			verify_slab_page(cli, objects[i].pfn);
	}
	j_add(obj, "objects", arr);
	free(objects);
	return result(cli, obj, show_objects);
}

static struct json_object *slabs_json(struct cli *cli,
				      const struct mmkit_slab_slab *slabs,
				      int nr)
{
	struct json_object *arr = j_arr(), *obj;
	int i;

	for (i = 0; i < nr; i++) {
		obj = j_obj();
		if (slabs[i].pfn)
			j_u64(obj, "pfn", slabs[i].pfn);
		else
			j_null(obj, "pfn");
		j_num(obj, "order", slabs[i].order);
		j_num(obj, "used", slabs[i].used);
		j_num(obj, "slots", slabs[i].slots);
		j_num(obj, "node", slabs[i].node);
		json_object_array_add(arr, obj);
		if (cli->opt.verify)
			verify_slab_page(cli, slabs[i].pfn);
	}
	return arr;
}

static void show_slabs(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "SLAB-PFN", "pfn", F_HEX, C_RIGHT, 0 },
		{ "ORD", "order", F_TEXT, C_RIGHT, 0 },
		{ "USED", "used", F_TEXT, C_RIGHT, 0 },
		{ "SLOTS", "slots", F_TEXT, C_RIGHT, 0 },
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
	};

	out_line("%llu slabs, %llu of them full; %llu of %llu slots are used",
		 (unsigned long long)j_get_u64(obj, "held"),
		 (unsigned long long)j_get_u64(obj, "full"),
		 (unsigned long long)j_get_u64(obj, "used"),
		 (unsigned long long)j_get_u64(obj, "room"));
	out_table(cli, j_get(obj, "slabs"), cols, ARRAY_SIZE(cols));
}

int slab_slabs_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct mmkit_slab_slab *slabs;
	struct mmkit_slab_slabs sums;
	struct json_object *obj;
	uint32_t handle;
	int fd, ret, status;

	(void)data;
	(void)argc;
	status = handle_open(cli, "slab", argv[0], &handle, &fd);
	if (status)
		return status;
	ret = mmkit_slab_slabs(fd, handle, &sums, &slabs);
	if (ret < 0)
		return slab_failed(cli, fd, ret, 0, "slabs");
	obj = j_obj();
	j_num(obj, "handle", handle);
	add_sums(obj, &sums);
	j_add(obj, "slabs", slabs_json(cli, slabs, ret));
	free(slabs);
	return result(cli, obj, show_slabs);
}
