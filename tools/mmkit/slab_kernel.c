// SPDX-License-Identifier: GPL-2.0-only
/* What /proc/slabinfo and /sys/kernel/slab say of a cache. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slab.h"

#define SLABINFO	"/proc/slabinfo"
#define SYSFS		"/sys/kernel/slab"

/* Merged caches have one line, under the name of whichever was first. */
static void read_line(const char *name, struct slab_kernel *kernel)
{
	struct mmkit_proc_cache *caches;
	int nr = mmkit_proc_slabinfo(&caches), i;

	for (i = 0; i < nr && !kernel->in_slabinfo; i++) {
		if (strcmp(caches[i].name, name) &&
		    mmkit_sys_slab_same(name, caches[i].name) != 1)
			continue;
		kernel->line = caches[i];
		kernel->in_slabinfo = true;
	}
	if (nr >= 0)
		free(caches);
}

void slab_kernel_read(const char *name, struct slab_kernel *kernel)
{
	const struct {
		const char *file;
		uint64_t *value;
	} files[] = {
		{ "slab_size", &kernel->slab_size },
		{ "object_size", &kernel->object_size },
		{ "align", &kernel->align },
		{ "order", &kernel->order },
		{ "objs_per_slab", &kernel->objs_per_slab },
		{ "aliases", &kernel->aliases },
		{ "slabs", &kernel->slabs },
		{ "objects", &kernel->objects },
		{ "total_objects", &kernel->total_objects },
		{ "partial", &kernel->partial },
		{ "cpu_slabs", &kernel->cpu_slabs },
	};
	size_t i;
	int err;

	memset(kernel, 0, sizeof(*kernel));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		err = mmkit_sys_slab(name, files[i].file, files[i].value);
		/* Some go away: of a later kernel they are zero. */
		if (err && i < 5)
			kernel->err = err;
	}
	read_line(name, kernel);
}

/* Is the kernel's cache this one alone? */
bool slab_kernel_own(const struct slab_kernel *kernel, const char *name)
{
	return !kernel->err && !kernel->aliases &&
	       (!kernel->in_slabinfo || !strcmp(kernel->line.name, name));
}

static struct json_object *sysfs_json(const struct slab_kernel *kernel)
{
	struct json_object *obj;

	if (kernel->err)
		return NULL;
	obj = j_obj();
	j_u64(obj, "slab_size", kernel->slab_size);
	j_u64(obj, "object_size", kernel->object_size);
	j_u64(obj, "align", kernel->align);
	j_u64(obj, "order", kernel->order);
	j_u64(obj, "objs_per_slab", kernel->objs_per_slab);
	j_u64(obj, "aliases", kernel->aliases);
	j_u64(obj, "slabs", kernel->slabs);
	j_u64(obj, "partial", kernel->partial);
	j_u64(obj, "cpu_slabs", kernel->cpu_slabs);
	j_u64(obj, "objects", kernel->objects);
	j_u64(obj, "total_objects", kernel->total_objects);
	return obj;
}

static struct json_object *line_json(const struct slab_kernel *kernel)
{
	const struct mmkit_proc_cache *line = &kernel->line;
	struct json_object *obj;

	if (!kernel->in_slabinfo)
		return NULL;
	obj = j_obj();
	j_str(obj, "name", line->name);
	j_u64(obj, "active", line->active);
	j_u64(obj, "objects", line->objects);
	j_u64(obj, "object_bytes", line->object_bytes);
	j_u64(obj, "per_slab", line->per_slab);
	j_u64(obj, "pages_per_slab", line->pages_per_slab);
	return obj;
}

struct json_object *slab_kernel_json(const struct slab_kernel *kernel)
{
	struct json_object *obj = j_obj();

	j_add(obj, "sysfs", sysfs_json(kernel));
	j_add(obj, "slabinfo", line_json(kernel));
	return obj;
}

/* Flags that sysfs shows in files of their own. Of merged caches it shows others'. */
static void verify_flags(struct cli *cli,
			 const struct mmkit_slab_describe *cache)
{
	static const struct {
		const char *file;
		uint32_t flag;
	} files[] = {
		{ "hwcache_align", MMKIT_SLAB_HWCACHE_ALIGN },
		{ "reclaim_account", MMKIT_SLAB_RECLAIM_ACCOUNT },
		{ "destroy_by_rcu", MMKIT_SLAB_TYPESAFE_BY_RCU },
		{ "poison", MMKIT_SLAB_POISON },
		{ "red_zone", MMKIT_SLAB_RED_ZONE },
		{ "store_user", MMKIT_SLAB_STORE_USER },
	};
	uint64_t value;
	char text[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (!mmkit_sys_slab(cache->name, files[i].file, &value))
			verify_field(cli, "flags set", SYSFS, files[i].file,
				     !!(cache->flags & files[i].flag), value);
	if (!mmkit_sys_slab_text(cache->name, "ctor", text, sizeof(text)))
		verify_field(cli, "flags set", SYSFS, "ctor",
			     !!(cache->flags & MMKIT_SLAB_CTOR), !!text[0]);
	if (!mmkit_sys_slab(cache->name, "usersize", &value))
		verify_field(cli, "region for user copies", SYSFS, "usersize",
			     cache->usersize, value);
}

static void verify_line(struct cli *cli, const struct slab_kernel *kernel,
			const struct mmkit_slab_describe *cache)
{
	const struct mmkit_proc_cache *line = &kernel->line;

	if (!kernel->in_slabinfo) {
		verify_skip(cli, "objects in a slab", SLABINFO, ENOENT);
		return;
	}
	if (cache->slots > 1)
		verify_field(cli, "bytes of a slot", SLABINFO, cache->name,
			     cache->stride, line->object_bytes);
	verify_field(cli, "objects in a slab", SLABINFO, cache->name,
		     cache->slots, line->per_slab);
	verify_field(cli, "pages of a slab", SLABINFO, cache->name,
		     1ll << cache->order, line->pages_per_slab);
}

void slab_kernel_verify(struct cli *cli, const struct slab_kernel *kernel,
			const struct mmkit_slab_describe *cache)
{
	verify_line(cli, kernel, cache);
	if (kernel->err) {
		verify_skip(cli, "bytes of a slot", SYSFS, kernel->err);
		return;
	}
	/* Of slabs that hold one, what was measured is the whole slab. */
	if (cache->slots > 1)
		verify_field(cli, "bytes of a slot", SYSFS, cache->name,
			     cache->stride, kernel->slab_size);
	verify_field(cli, "objects in a slab", SYSFS, cache->name,
		     cache->slots, kernel->objs_per_slab);
	verify_field(cli, "order", SYSFS, cache->name, cache->order,
		     kernel->order);
	verify_field(cli, "object size", SYSFS, cache->name,
		     cache->object_size, kernel->object_size);
	if (!slab_kernel_own(kernel, cache->name))
		return;
	verify_field(cli, "alignment", SYSFS, cache->name, cache->real_align,
		     kernel->align);
	verify_flags(cli, cache);
}
