// SPDX-License-Identifier: GPL-2.0-only
/* mmkit slab create, describe, destroy and shrink. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "pages.h"
#include "slab.h"

const struct reason slab_reasons[] = {
	{ EINVAL, "no driver could ask for this: a value out of range, or one that does not go with another",
	  "mmkit help slab VERB names what goes with what", EXIT_FAILED },
	{ ENOENT, "no such handle in this session, or the object is free already",
	  "a one-shot mmkit starts without handles, so use mmkit shell or mmkit run",
	  EXIT_FAILED },
	{ EBUSY, "all counted constructors are in use",
	  "destroy a cache that has one", EXIT_FAILED },
	{ EDEADLK, "it would wait for ever: only this session could give an element back",
	  "-g NOWAIT, or no more than is in the reserve", EXIT_FAILED },
	{ EOPNOTSUPP, "this kernel has no SLAB_NO_MERGE",
	  "-x ctor keeps a cache apart as well", EXIT_ABSENT },
	{ EPERM, "ATOMIC is for CAP_SYS_RESOURCE only", "run it as root",
	  EXIT_FAILED },
	{ 0 },
};

int slab_failed(struct cli *cli, int fd, int err, uint64_t bytes,
		const char *doing)
{
	if (err == -EDQUOT)
		return explain_quota(cli, fd, bytes, doing);
	return explain(cli, slab_reasons, err, doing);
}

/* Returns 0, or the exit status after it was reported why not. */
int slab_make(struct cli *cli, int fd, const char *name,
	      const struct slab_shape *shape, uint32_t *handle)
{
	struct mmkit_slab_create req = {
		.flags = shape->flags | (shape->ctor ? MMKIT_SLAB_CTOR : 0),
		.bytes = shape->bytes, .align = shape->align,
		.useroffset = shape->useroffset, .usersize = shape->usersize,
	};
	int err;

	if (!shape->bytes || shape->bytes > MMKIT_SLAB_BYTES_MAX)
		return usage(cli, "--size is missing, or not from 1 to 1M");
	if (strlen(name) >= sizeof(req.name))
		return usage(cli, "%s: a name has at most %zu characters", name,
			     sizeof(req.name) - 1);
	snprintf(req.name, sizeof(req.name), "%s", name);
	err = mmkit_slab_create(fd, &req);
	if (err)
		return slab_failed(cli, fd, err, 0, "creating a cache");
	*handle = req.handle;
	return 0;
}

static struct json_object *flags_json(uint32_t flags)
{
	struct json_object *arr = j_arr();
	unsigned int i;

	for (i = 0; mmkit_slab_flag_name(i); i++)
		if (flags & 1u << i)
			json_object_array_add(arr, json_object_new_string(
						mmkit_slab_flag_name(i)));
	return arr;
}

/* Where the bytes of a slot go: these add up to the stride. */
static struct json_object *slot_json(const struct mmkit_slab_describe *cache)
{
	uint32_t pointer = cache->state & MMKIT_SLAB_FREEPTR_OUTSIDE ?
			   sizeof(void *) : 0;
	struct json_object *obj = j_obj();

	j_num(obj, "left_red_zone", cache->left);
	j_num(obj, "object", cache->bytes);
	j_num(obj, "gap", (int64_t)cache->inuse - cache->bytes);
	j_num(obj, "free_pointer", pointer);
	j_num(obj, "tail", (int64_t)cache->stride - cache->left -
			   cache->inuse - pointer);
	return obj;
}

static void add_merged(struct json_object *obj,
		       const struct slab_kernel *kernel, const char *name)
{
	bool own = slab_kernel_own(kernel, name);

	if (kernel->err)
		j_null(obj, "merged");
	else
		j_bool(obj, "merged", !own);
	j_str(obj, "merged_with", !own && kernel->in_slabinfo &&
				  strcmp(kernel->line.name, name) ?
				  kernel->line.name : NULL);
}

static struct json_object *cache_json(const struct mmkit_slab_describe *cache,
				      const struct slab_kernel *kernel)
{
	uint64_t slab = page_size() << cache->order;
	struct json_object *obj = j_obj();

	j_num(obj, "handle", cache->handle);
	j_str(obj, "name", cache->name);
	j_num(obj, "bytes", cache->bytes);
	j_num(obj, "align", cache->align);
	j_add(obj, "flags", flags_json(cache->flags));
	j_num(obj, "useroffset", cache->useroffset);
	j_num(obj, "usersize", cache->usersize);
	j_num(obj, "object_size", cache->object_size);
	j_num(obj, "real_align", cache->real_align);
	j_num(obj, "stride", cache->stride);
	j_num(obj, "overhead", cache->stride - cache->bytes);
	j_add(obj, "slot", slot_json(cache));
	j_num(obj, "freeptr", cache->freeptr);
	j_num(obj, "order", cache->order);
	j_u64(obj, "slab_bytes", slab);
	j_num(obj, "slots", cache->slots);
	j_u64(obj, "left_over", slab - (uint64_t)cache->slots * cache->stride);
	j_num(obj, "users", cache->users);
	j_u64(obj, "live", cache->live);
	if (cache->flags & MMKIT_SLAB_CTOR)
		j_u64(obj, "ctor_calls", cache->ctor_calls);
	else
		j_null(obj, "ctor_calls");
	add_merged(obj, kernel, cache->name);
	j_add(obj, "kernel", slab_kernel_json(kernel));
	return obj;
}

/* NULL when it was reported why not. */
struct json_object *slab_cache_json(struct cli *cli, int fd, uint32_t handle,
				    int *status)
{
	struct mmkit_slab_describe cache;
	struct slab_kernel kernel;
	int err = mmkit_slab_describe(fd, handle, &cache);

	if (err) {
		*status = slab_failed(cli, fd, err, 0, "describing");
		return NULL;
	}
	slab_kernel_read(cache.name, &kernel);
	if (cli->opt.verify)
		slab_kernel_verify(cli, &kernel, &cache);
	return cache_json(&cache, &kernel);
}

static const char *merged_text(struct json_object *cache)
{
	static char text[128];
	struct json_object *merged = j_get(cache, "merged");

	if (!merged)
		return "not known: no /sys/kernel/slab";
	if (!json_object_get_boolean(merged))
		return "no";
	if (!j_get(cache, "merged_with"))
		return "yes, others with this one";
	snprintf(text, sizeof(text), "yes, with %s",
		 json_object_get_string(j_get(cache, "merged_with")));
	return text;
}

static void show_counts(struct json_object *cache)
{
	struct json_object *sysfs = j_get(j_get(cache, "kernel"), "sysfs");

	out_line("users %llu, live objects %llu",
		 (unsigned long long)j_get_u64(cache, "users"),
		 (unsigned long long)j_get_u64(cache, "live"));
	if (j_get(cache, "ctor_calls"))
		out_line("constructor called %llu times",
			 (unsigned long long)j_get_u64(cache, "ctor_calls"));
	if (sysfs)
		out_line("the kernel has %llu slabs of it, %llu of them partial; %llu of %llu objects in use",
			 (unsigned long long)j_get_u64(sysfs, "slabs"),
			 (unsigned long long)j_get_u64(sysfs, "partial"),
			 (unsigned long long)j_get_u64(sysfs, "objects"),
			 (unsigned long long)j_get_u64(sysfs, "total_objects"));
}

void slab_cache_show(struct cli *cli, struct json_object *cache)
{
	static const struct column cols[] = {
		{ "name", "name", F_TEXT, 0, 0 },
		{ "object asked for", "bytes", F_TEXT, 0, 0 },
		{ "object size", "object_size", F_TEXT, 0, 0 },
		{ "alignment", "real_align", F_TEXT, 0, 0 },
		{ "flags", "flags", F_LIST, 0, 0 },
		{ "bytes of a slot", "stride", F_TEXT, 0, 0 },
		{ "overhead per object", "overhead", F_TEXT, 0, 0 },
		{ "slab", "slab_bytes", F_TEXT, 0, 0 },
		{ "order", "order", F_TEXT, 0, 0 },
		{ "objects per slab", "slots", F_TEXT, 0, 0 },
		{ "left over per slab", "left_over", F_TEXT, 0, 0 },
	};

	out_pairs(cli, cache, cols, ARRAY_SIZE(cols));
	out_line("merged: %s", merged_text(cache));
	show_counts(cache);
}

static void show_create(struct cli *cli, struct json_object *obj)
{
	out_line("handle %llu",
		 (unsigned long long)j_get_u64(j_get(obj, "cache"), "handle"));
	slab_cache_show(cli, j_get(obj, "cache"));
	session_show(obj);
}

int slab_create_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_create_opts *opts = data;
	struct json_object *obj, *cache;
	uint32_t handle;
	int fd, status;

	(void)argc;
	fd = area_open(cli, "slab");
	if (fd < 0)
		return -fd;
	status = slab_make(cli, fd, argv[0], &opts->shape, &handle);
	if (status)
		return status;
	cache = slab_cache_json(cli, fd, handle, &status);
	if (!cache)
		return status;
	obj = j_obj();
	j_add(obj, "cache", cache);
	j_add(obj, "session", session_json(fd));
	status = result(cli, obj, show_create);
	pages_hold(cli, opts->hold, "cache");
	return status;
}

static struct json_object *users_json(const struct mmkit_slab_user *users,
				      int nr)
{
	struct json_object *arr = j_arr(), *obj;
	int i;

	for (i = 0; i < nr; i++) {
		obj = j_obj();
		j_num(obj, "handle", users[i].handle);
		j_str(obj, "kind", mmkit_slab_kind_name(users[i].kind));
		j_u64(obj, "live", users[i].live);
		json_object_array_add(arr, obj);
	}
	return arr;
}

static void show_describe(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "HANDLE", "handle", F_TEXT, C_RIGHT, 0 },
		{ "KIND", "kind", F_TEXT, 0, 0 },
		{ "LIVE", "live", F_TEXT, C_RIGHT, 0 },
	};
	struct json_object *users = j_get(obj, "users");

	slab_cache_show(cli, j_get(obj, "cache"));
	if (json_object_array_length(users))
		out_table(cli, users, cols, ARRAY_SIZE(cols));
}

int slab_describe_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct mmkit_slab_user *users;
	struct json_object *obj, *cache;
	uint32_t handle;
	int fd, nr, status;

	(void)data;
	(void)argc;
	status = handle_open(cli, "slab", argv[0], &handle, &fd);
	if (status)
		return status;
	cache = slab_cache_json(cli, fd, handle, &status);
	if (!cache)
		return status;
	obj = j_obj();
	j_add(obj, "cache", cache);
	nr = mmkit_slab_users(fd, handle, &users);
	j_add(obj, "users", users_json(users, nr));
	free(users);
	return result(cli, obj, show_describe);
}

/* Destroying a cache with objects in it would be a bug; these are in the way. */
static int refuse_destroy(struct cli *cli, int fd, uint32_t handle)
{
	struct mmkit_slab_user *users;
	int nr = mmkit_slab_users(fd, handle, &users), i, shown;
	char text[256] = "";
	size_t at = 0;

	shown = nr < 8 ? nr : 8;
	for (i = 0; i < shown && at < sizeof(text); i++)
		at += snprintf(text + at, sizeof(text) - at,
			       "%shandle %u (%s, %llu live)", i ? ", " : "",
			       users[i].handle,
			       mmkit_slab_kind_name(users[i].kind),
			       (unsigned long long)users[i].live);
	if (nr > shown && at < sizeof(text))
		snprintf(text + at, sizeof(text) - at, " and %d more",
			 nr - shown);
	free(users);
	return fail(cli, EXIT_FAILED, EBUSY, "mmkit slab free HANDLE of each",
		    "destroying: the cache is used by %s (EBUSY)", text);
}

static void show_destroy(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("handle %llu: destroyed",
		 (unsigned long long)j_get_u64(obj, "handle"));
	session_show(obj);
}

int slab_destroy_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct json_object *obj;
	uint32_t handle;
	int fd, err, status;

	(void)data;
	(void)argc;
	status = handle_open(cli, "slab", argv[0], &handle, &fd);
	if (status)
		return status;
	err = mmkit_slab_destroy(fd, handle);
	if (err == -EBUSY)
		return refuse_destroy(cli, fd, handle);
	if (err)
		return slab_failed(cli, fd, err, 0, "destroying");
	obj = j_obj();
	j_num(obj, "handle", handle);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_destroy);
}

static void show_shrink(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("slabs: %llu before, %llu now, %llu of them hold objects of this session",
		 (unsigned long long)j_get_u64(obj, "slabs_before"),
		 (unsigned long long)j_get_u64(obj, "slabs"),
		 (unsigned long long)j_get_u64(obj, "held"));
	out_line("objects in use: %llu, of this session %llu",
		 (unsigned long long)j_get_u64(obj, "objects"),
		 (unsigned long long)j_get_u64(obj, "live"));
}

/* Nothing is at a CPU's hand now: what the kernel counts is what there is. */
static void verify_shrink(struct cli *cli, const struct slab_kernel *kernel,
			  const struct mmkit_slab_describe *cache,
			  const struct mmkit_slab_slabs *sums)
{
	if (!slab_kernel_own(kernel, cache->name)) {
		verify_skip(cli, "objects in use", "/sys/kernel/slab", ENOENT);
		return;
	}
	verify_field(cli, "objects in use", "/sys/kernel/slab", cache->name,
		     cache->live, kernel->objects);
	/* What pools and LRUs hold is in no set that was looked at. */
	if (sums->used == cache->live)
		verify_field(cli, "slabs", "/sys/kernel/slab", cache->name,
			     sums->held, kernel->slabs);
}

int slab_shrink_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct mmkit_slab_describe cache;
	struct slab_kernel before, after;
	struct mmkit_slab_slabs sums;
	struct json_object *obj;
	uint32_t handle;
	int fd, err, status;

	(void)data;
	(void)argc;
	status = handle_open(cli, "slab", argv[0], &handle, &fd);
	if (status)
		return status;
	err = mmkit_slab_describe(fd, handle, &cache);
	if (err)
		return slab_failed(cli, fd, err, 0, "shrinking");
	slab_kernel_read(cache.name, &before);
	err = mmkit_slab_shrink(fd, handle);
	if (!err)
		err = mmkit_slab_slabs(fd, handle, &sums, NULL);
	if (err)
		return slab_failed(cli, fd, err, 0, "shrinking");
	slab_kernel_read(cache.name, &after);
	if (cli->opt.verify)
		verify_shrink(cli, &after, &cache, &sums);
	obj = j_obj();
	j_num(obj, "handle", handle);
	j_u64(obj, "slabs_before", before.slabs);
	j_u64(obj, "slabs", after.slabs);
	j_u64(obj, "objects", after.objects);
	j_u64(obj, "held", sums.held);
	j_u64(obj, "live", cache.live);
	return result(cli, obj, show_shrink);
}
