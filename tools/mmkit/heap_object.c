// SPDX-License-Identifier: GPL-2.0-only
/* Descriptions of objects, and what the kernel's files say of the same. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heap.h"
#include "page.h"

#define KPF_SLAB	7
#define SLABINFO	"/proc/slabinfo"
#define VMALLOCINFO	"/proc/vmallocinfo"

const char *heap_where(const struct mmkit_heap_object *object)
{
	if (object->state & MMKIT_HEAP_PERCPU)
		return "percpu";
	if (object->state & MMKIT_HEAP_MAPPED)
		return "vmalloc";
	return object->state & MMKIT_HEAP_SLAB ? "slab" : "pages";
}

/* Caches that were found already: many objects are of one size. */
struct found {
	uint64_t usable;
	struct heap_cache cache;
};

struct finder {
	const struct heap_kind *kind;
	struct found found[16];
	unsigned int nr;
	struct mmkit_proc_vmap *vmaps;
	int nr_vmaps;
};

/* Any function of the family uses the same caches; krealloc() too. */
static const struct heap_cache *find_cache(struct finder *finder,
					   uint64_t usable)
{
	struct found *found = finder->found;
	unsigned int i;

	for (i = 0; i < finder->nr; i++)
		if (found[i].usable == usable)
			return &found[i].cache;
	if (finder->nr == ARRAY_SIZE(finder->found))
		return NULL;
	found += finder->nr++;
	found->usable = usable;
	heap_cache_find(MMKIT_HEAP_KMALLOC, finder->kind->gfp, usable,
			&found->cache);
	return &found->cache;
}

static void add_cache(struct json_object *obj, struct finder *finder,
		      const struct mmkit_heap_object *object)
{
	const struct heap_cache *cache = NULL;

	if (finder->kind->cache && object->state & MMKIT_HEAP_SLAB)
		cache = find_cache(finder, object->usable);
	j_str(obj, "cache", cache && cache->known ? cache->line.name : NULL);
}

/* Of equal size, as many as there are: the file has no handles. */
static struct json_object *vmap_json(const struct finder *finder,
				     const struct mmkit_heap_object *object)
{
	const struct mmkit_proc_vmap *vmap, *found = NULL;
	uint64_t guard = page_size();
	struct json_object *obj;
	int i, entries = 0;

	for (i = 0; i < finder->nr_vmaps; i++) {
		vmap = &finder->vmaps[i];
		if (strcmp(vmap->module, "mmkit_heap") ||
		    vmap->bytes != object->usable + guard)
			continue;
		found = vmap;
		entries++;
	}
	if (!found)
		return NULL;
	obj = j_obj();
	j_u64(obj, "bytes", found->bytes);
	j_u64(obj, "pages", found->pages);
	j_str(obj, "kind", found->kind);
	j_bool(obj, "vpages", found->vpages);
	j_num(obj, "entries", entries);
	return obj;
}

static void add_area(struct json_object *obj, const struct finder *finder,
		     const struct mmkit_heap_object *object)
{
	if (strcmp(heap_where(object), "vmalloc")) {
		j_null(obj, "guard");
		j_null(obj, "vmallocinfo");
		return;
	}
	j_bool(obj, "guard", object->state & MMKIT_HEAP_GUARD);
	j_add(obj, "vmallocinfo", vmap_json(finder, object));
}

static void add_nulls(struct json_object *obj)
{
	static const char *const keys[] = {
		"bytes", "usable", "waste", "where", "cache", "pfn", "offset",
		"pages", "runs", "contiguous", "node", "fell_back", "guard",
		"vmallocinfo",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		j_null(obj, keys[i]);
}

static struct json_object *object_json(struct finder *finder, uint32_t index,
				       const struct mmkit_heap_object *object)
{
	struct json_object *obj = j_obj();
	bool there = !(object->state & MMKIT_HEAP_FREED);

	j_num(obj, "index", index);
	j_bool(obj, "present", there);
	if (!there) {
		add_nulls(obj);
		return obj;
	}
	j_u64(obj, "bytes", object->bytes);
	j_u64(obj, "usable", object->usable);
	j_u64(obj, "waste", object->usable - object->bytes);
	j_str(obj, "where", heap_where(object));
	add_cache(obj, finder, object);
	if (object->state & MMKIT_HEAP_NOPFN)
		j_null(obj, "pfn");
	else
		j_u64(obj, "pfn", object->pfn);
	j_num(obj, "offset", object->offset);
	j_num(obj, "pages", object->pages);
	j_num(obj, "runs", object->runs);
	j_bool(obj, "contiguous", object->state & MMKIT_HEAP_CONTIGUOUS);
	j_num(obj, "node", object->node);
	if (finder->kind->api == MMKIT_HEAP_KVMALLOC)
		j_bool(obj, "fell_back", object->state & MMKIT_HEAP_FELL_BACK);
	else
		j_null(obj, "fell_back");
	add_area(obj, finder, object);
	return obj;
}

struct json_object *heap_objects_json(struct cli *cli, int fd,
				      const struct heap_kind *kind,
				      uint32_t first,
				      const struct mmkit_heap_object *objects,
				      unsigned int nr)
{
	struct finder finder = { .kind = kind };
	struct json_object *arr = j_arr();
	unsigned int i;

	(void)cli;
	(void)fd;
	finder.nr_vmaps = mmkit_proc_vmallocinfo(&finder.vmaps);
	for (i = 0; i < nr; i++)
		json_object_array_add(arr, object_json(&finder, first + i,
						       &objects[i]));
	if (finder.nr_vmaps >= 0)
		free(finder.vmaps);
	return arr;
}

void heap_objects_show(struct cli *cli, struct json_object *objects)
{
	static const struct column cols[] = {
		{ "OBJ", "index", F_TEXT, C_RIGHT, 0 },
		{ "ASKED", "bytes", F_TEXT, C_RIGHT, 0 },
		{ "USABLE", "usable", F_TEXT, C_RIGHT, 0 },
		{ "WASTE", "waste", F_TEXT, C_RIGHT, 0 },
		{ "IN", "where", F_TEXT, 0, 0 },
		{ "CACHE", "cache", F_TEXT, 0, 0 },
		{ "PFN", "pfn", F_HEX, C_RIGHT, 0 },
		{ "PAGES", "pages", F_TEXT, C_RIGHT, 0 },
		{ "RUNS", "runs", F_TEXT, C_RIGHT, 0 },
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "GUARD", "guard", F_TEXT, 0, 0 },
	};

	out_table(cli, objects, cols, ARRAY_SIZE(cols));
}

static const char *get_str(struct json_object *obj, const char *key)
{
	return json_object_get_string(j_get(obj, key));
}

static void verify_slab(struct cli *cli, struct json_object *obj,
			const char *where)
{
	const char *cache = get_str(obj, "cache");
	struct mmkit_proc_cache *caches;
	uint64_t bytes;
	int nr, i, err;

	if (!cache) {
		verify_skip(cli, "slab cache", SLABINFO, ENOENT);
		return;
	}
	err = mmkit_sys_slab(cache, "object_size", &bytes);
	if (err)
		verify_skip(cli, "usable", "/sys/kernel/slab", err);
	else
		verify_field(cli, "usable", "/sys/kernel/slab", where,
			     j_get_u64(obj, "usable"), bytes);
	nr = mmkit_proc_slabinfo(&caches);
	for (i = 0; i < nr; i++)
		if (!strcmp(caches[i].name, cache))
			verify_field(cli, "slab pages", SLABINFO, where,
				     j_get_u64(obj, "pages"),
				     caches[i].pages_per_slab);
	if (nr >= 0)
		free(caches);
}

static void verify_area(struct cli *cli, struct json_object *obj,
			const char *where)
{
	struct json_object *vmap = j_get(obj, "vmallocinfo");

	/* No entry of that size is a difference in itself. */
	verify_field(cli, "pages", VMALLOCINFO, where, j_get_u64(obj, "pages"),
		     vmap ? (int64_t)j_get_u64(vmap, "pages") : -1);
}

static void verify_page(struct cli *cli, struct json_object *obj,
			const char *where)
{
	uint64_t flags = 0;
	int ret = -EPERM;

	if (j_get(obj, "pfn"))
		ret = mmkit_proc_kpageflags(j_get_u64(obj, "pfn"), &flags, 1);
	if (ret < 0)
		verify_skip(cli, "in a slab", "/proc/kpageflags", ret);
	else
		verify_field(cli, "in a slab", "/proc/kpageflags", where,
			     !strcmp(get_str(obj, "where"), "slab"),
			     !!(flags & 1ull << KPF_SLAB));
}

void heap_objects_verify(struct cli *cli, struct json_object *objects)
{
	size_t i, nr = json_object_array_length(objects);
	struct json_object *obj;
	const char *in;
	char where[32];

	for (i = 0; i < nr; i++) {
		obj = json_object_array_get_idx(objects, i);
		in = get_str(obj, "where");
		if (!in)
			continue;
		snprintf(where, sizeof(where), "object %llu",
			 (unsigned long long)j_get_u64(obj, "index"));
		if (!strcmp(in, "slab"))
			verify_slab(cli, obj, where);
		else if (!strcmp(in, "vmalloc"))
			verify_area(cli, obj, where);
		verify_page(cli, obj, where);
	}
}
