// SPDX-License-Identifier: GPL-2.0-only
/* Small objects of one size share pages: slabs of a cache. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lab.h"

#define NR	1024
#define BYTES	300	/* no size class is that large */
#define TRIES	32
#define SLAB	(1ull << 7)	/* KPF_SLAB */

static uint32_t objects_take(struct lab_run *run, int fd, uint64_t bytes,
			     uint32_t count)
{
	struct mmkit_heap_alloc req = {
		.api = MMKIT_HEAP_KMALLOC, .bytes = bytes, .count = count,
		.gfp = MMKIT_GFP_KERNEL, .node = -1,
	};
	int err = mmkit_heap_alloc(fd, &req);

	if (err)
		stop(run, "%u objects cannot be had (%s)", count,
		     errno_name(err));
	return req.handle;
}

static void objects_give(struct lab_run *run, int fd, uint32_t handle)
{
	struct mmkit_heap_free req = { .handle = handle };

	if (mmkit_heap_free(fd, &req))
		stop(run, "objects cannot be given back");
}

static void objects_look(struct lab_run *run, int fd, uint32_t handle,
			 uint32_t nr, struct mmkit_heap_object *objects)
{
	if (mmkit_heap_describe(fd, handle, 0, nr, objects) != (int)nr)
		stop(run, "objects cannot be described");
}

/* kmalloc()'s cache that has grown most between two looks at /proc/slabinfo. */
static long most_grown(const struct mmkit_proc_cache *before, int nr_before,
		       const struct mmkit_proc_cache *after, int nr_after,
		       int *which)
{
	long best = 0, grown;
	int i, j;

	for (i = 0; i < nr_after; i++) {
		if (strncmp(after[i].name, "kmalloc-", 8))
			continue;
		for (j = 0; j < nr_before; j++)
			if (!strcmp(before[j].name, after[i].name))
				break;
		grown = after[i].active - (j < nr_before ? before[j].active : 0);
		if (grown > best) {
			best = grown;
			*which = i;
		}
	}
	return best;
}

static int caches_read(struct lab_run *run, struct mmkit_proc_cache **caches)
{
	int nr = mmkit_proc_slabinfo(caches);

	if (nr == -ENOENT)
		skip(run, "the kernel has no /proc/slabinfo (CONFIG_SLUB_DEBUG)");
	if (nr < 0)
		stop(run, "/proc/slabinfo cannot be read (%s)", errno_name(nr));
	return nr;
}

static void places(struct lab_run *run, const struct mmkit_heap_object *objects,
		   const struct mmkit_proc_cache *cache)
{
	int64_t in_slabs = 0, inside = 0, i;
	static uint64_t pages[NR];
	int64_t slabs, fit;

	for (i = 0; i < NR; i++) {
		in_slabs += !!(pfn_flags(run, objects[i].pfn) & SLAB);
		inside += objects[i].pages == cache->pages_per_slab;
		pages[i] = objects[i].pfn / cache->pages_per_slab;
	}
	slabs = distinct(pages, NR);
	fit = (NR + cache->per_slab - 1) / cache->per_slab;
	tell(run, "A slab of this cache is %lu pages with room for %lu objects.",
	     cache->pages_per_slab, cache->per_slab);
	claim(run, "all objects are in page frames marked as slab", in_slabs, EQ,
	      NR, "objects");
	claim(run, "each slab as large as /proc/slabinfo says", inside, EQ, NR,
	      "objects");
	claim(run, "so many objects need at least so many slabs", slabs, GE, fit,
	      "slabs");
	claim(run, "and far fewer than objects: they share them", slabs, LT,
	      NR / 2, "slabs");
}

static void one_cache(struct lab_run *run, int fd)
{
	static struct mmkit_heap_object objects[NR];
	struct mmkit_proc_cache *before, *after;
	int nr_before = caches_read(run, &before), nr_after, which = 0;
	uint32_t handle = objects_take(run, fd, BYTES, NR);
	uint64_t size = 0;
	long grown;

	nr_after = caches_read(run, &after);
	objects_look(run, fd, handle, NR, objects);
	grown = most_grown(before, nr_before, after, nr_after, &which);
	mmkit_sys_slab(after[which].name, "object_size", &size);
	tell(run, "kmalloc() is asked for %d objects of %d bytes. One cache has grown: %s.",
	     NR, BYTES, after[which].name);
	claim(run, "nearly all objects are its", grown, GE, NR / 2, "objects");
	claim(run, "its objects have one size, and that is what one gets",
	      objects[0].usable, EQ, size, "bytes");
	claim(run, "which is more than was asked for", size, GT, BYTES, "bytes");
	places(run, objects, &after[which]);
	objects_give(run, fd, handle);
	free(before);
	free(after);
}

/* How often an object that was freed is the next one to be had. */
static int64_t same_again(struct lab_run *run, int fd)
{
	struct mmkit_heap_object first, second;
	int64_t same = 0;
	uint32_t handle;
	int try;

	for (try = 0; try < TRIES; try++) {
		handle = objects_take(run, fd, BYTES, 1);
		objects_look(run, fd, handle, 1, &first);
		objects_give(run, fd, handle);
		handle = objects_take(run, fd, BYTES, 1);
		objects_look(run, fd, handle, 1, &second);
		objects_give(run, fd, handle);
		same += first.pfn == second.pfn && first.offset == second.offset;
	}
	return same;
}

static bool has_kasan(struct lab_run *run)
{
	int fd = lab_open(run, "info");
	struct mmkit_info info;

	if (mmkit_info_get(fd, &info))
		stop(run, "/dev/mmkit/info does not answer");
	mmkit_close(fd);
	return info.features & MMKIT_FEATURE_KASAN;
}

static void reuse(struct lab_run *run, int fd)
{
	stay_on(run, 0);
	tell(run, "An object is freed, and the next one asked for.");
	if (has_kasan(run))
		claim(run, "KASAN keeps it back, to catch who uses it still",
		      same_again(run, fd), LT, TRIES / 2, "times in 32");
	else
		claim(run, "it is the same one, still in the CPU's cache",
		      same_again(run, fd), GT, TRIES / 2, "times in 32");
}

static void cache_of(struct lab_run *run, int fd, uint32_t handle,
		     struct mmkit_slab_describe *cache)
{
	if (mmkit_slab_describe(fd, handle, cache))
		stop(run, "the cache cannot be described");
}

/* Returns a handle of objects. */
static uint32_t cache_take(struct lab_run *run, int fd, uint32_t cache,
			   uint32_t count)
{
	struct mmkit_slab_alloc req = {
		.cache = cache, .count = count, .gfp = MMKIT_GFP_KERNEL,
		.node = -1,
	};
	int err = mmkit_slab_alloc(fd, &req);

	if (err)
		stop(run, "%u objects cannot be had (%s)", count,
		     errno_name(err));
	return req.handle;
}

static void cache_give(struct lab_run *run, int fd, uint32_t handle)
{
	struct mmkit_slab_free req = { .handle = handle };

	if (mmkit_slab_free(fd, &req))
		stop(run, "objects cannot be given back");
}

static void constructed(struct lab_run *run, int fd, uint32_t cache,
			const struct mmkit_slab_describe *full)
{
	struct mmkit_slab_describe again;

	claim(run, "the constructor was called for each slot of a slab, not for each object taken",
	      full->ctor_calls % full->slots, EQ, 0, "slots beyond whole slabs");
	cache_give(run, fd, cache_take(run, fd, cache, full->slots));
	cache_of(run, fd, cache, &again);
	if (!has_kasan(run))
		claim(run, "an object that is taken again was not constructed again",
		      again.ctor_calls, EQ, full->ctor_calls,
		      "calls of the constructor");
}

static void own_cache(struct lab_run *run)
{
	struct mmkit_slab_create req = {
		.name = "lab", .bytes = BYTES, .flags = MMKIT_SLAB_CTOR,
	};
	int fd = lab_open(run, "slab"), err = mmkit_slab_create(fd, &req);
	struct mmkit_slab_describe cache;
	uint32_t objects;

	if (err)
		stop(run, "no cache can be created (%s)", errno_name(err));
	cache_of(run, fd, req.handle, &cache);
	objects = cache_take(run, fd, req.handle, cache.slots);
	cache_of(run, fd, req.handle, &cache);
	tell(run, "A cache is made for objects of %d bytes and nothing else (kmem_cache_create), with a constructor. As many objects as fit into a slab are taken.",
	     BYTES);
	if (!has_kasan(run))
		claim(run, "its objects lie closer than those of kmalloc()",
		      cache.stride, LT, 512, "bytes apart");
	claim(run, "but not closer than they are large", cache.stride, GE, BYTES,
	      "bytes apart");
	claim(run, "a cache in use is not destroyed",
	      mmkit_slab_destroy(fd, req.handle), EQ, -EBUSY, "as errno");
	cache_give(run, fd, objects);
	constructed(run, fd, req.handle, &cache);
	claim(run, "a cache that is empty is destroyed", mmkit_slab_destroy(fd, req.handle),
	      EQ, 0, "as errno");
}

static void too_large(struct lab_run *run, int fd)
{
	struct mmkit_heap_limits limits;
	struct mmkit_heap_object object;
	uint32_t handle;

	if (mmkit_heap_limits(fd, &limits))
		stop(run, "the limits cannot be read");
	handle = objects_take(run, fd, limits.kmalloc_cache, 1);
	objects_look(run, fd, handle, 1, &object);
	tell(run, "The largest cache of kmalloc() has objects of %llu bytes.",
	     (unsigned long long)limits.kmalloc_cache);
	claim(run, "that size still comes from a slab",
	      object.state & MMKIT_HEAP_SLAB, EQ, MMKIT_HEAP_SLAB, "flags");
	objects_give(run, fd, handle);
	handle = objects_take(run, fd, limits.kmalloc_cache + 1, 1);
	objects_look(run, fd, handle, 1, &object);
	claim(run, "one byte more gets whole pages of its own",
	      object.state & MMKIT_HEAP_LARGE, EQ, MMKIT_HEAP_LARGE, "flags");
	objects_give(run, fd, handle);
}

static void run_lab(struct lab_run *run)
{
	int fd = lab_open(run, "heap");

	one_cache(run, fd);
	reuse(run, fd);
	too_large(run, fd);
	own_cache(run);
}

const struct lab slab_cache_lab = {
	.name = "slab-cache",
	.title = "small objects of one size share pages: slabs of a cache",
	.needs = LAB_ROOT | LAB_HEAP | LAB_SLAB,
	.code = { "mm/slub.c: ___slab_alloc()", "mm/slub.c: new_slab()",
		  "mm/slab_common.c: kmalloc_slab()", "mm/slub.c: do_slab_free()" },
	.docs = { "Documentation/mm/slub.rst",
		  "Documentation/core-api/memory-allocation.rst" },
	.run = run_lab,
};
