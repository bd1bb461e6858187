// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which slab cache serves a request. The kernel does not say, and its choice
 * depends on size, flags and cgroup: so allocate a burst, and see which cache
 * of /proc/slabinfo grew by it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"

/*
 * What a CPU has at hand counts as in use already, and its next objects come
 * from there. A burst that is many times larger shows all the same; how many
 * times depends on what was freed before, so a larger one is tried then.
 */
#define TRIES	3
#define TIMES	4

static uint32_t burst_of(uint64_t bytes)
{
	uint64_t nr = (64 << 10) / (bytes < 8 ? 8 : bytes);

	return nr < 96 ? 96 : nr;
}

static const struct mmkit_proc_cache *
find_name(const struct mmkit_proc_cache *caches, int nr, const char *name)
{
	int i;

	for (i = 0; i < nr; i++)
		if (!strcmp(caches[i].name, name))
			return &caches[i];
	return NULL;
}

static long growth(const struct mmkit_proc_cache *before, int nr_before,
		   const struct mmkit_proc_cache *now)
{
	const struct mmkit_proc_cache *old;

	old = find_name(before, nr_before, now->name);
	return old ? (long)now->active - (long)old->active : 0;
}

/* The only one that grew by half of the burst or more, if there is just one. */
static void pick(const struct mmkit_proc_cache *before, int nr_before,
		 const struct mmkit_proc_cache *after, int nr_after,
		 uint32_t burst, struct heap_cache *cache)
{
	unsigned int found = 0;
	int i;

	for (i = 0; i < nr_after; i++) {
		if (growth(before, nr_before, &after[i]) < (long)burst / 2 ||
		    !strstr(after[i].name, "kmalloc"))
			continue;
		cache->line = after[i];
		found++;
	}
	cache->known = found == 1;
}

static int alloc_burst(int fd, uint32_t api, uint32_t gfp, uint64_t bytes,
		       uint32_t burst)
{
	struct mmkit_heap_alloc req = {
		.api = api,
		.bytes = bytes,
		.elements = api == MMKIT_HEAP_KMALLOC_ARRAY,
		.count = burst,
		.gfp = gfp,
		.node = -1,
	};

	return mmkit_heap_alloc(fd, &req);
}

static int compare(int fd, uint32_t api, uint32_t gfp, uint64_t bytes,
		   uint32_t burst, struct heap_cache *cache)
{
	struct mmkit_proc_cache *before, *after;
	int nr_before, nr_after, err;

	nr_before = mmkit_proc_slabinfo(&before);
	if (nr_before < 0)
		return nr_before;
	err = alloc_burst(fd, api, gfp, bytes, burst);
	nr_after = err ? err : mmkit_proc_slabinfo(&after);
	if (nr_after >= 0) {
		pick(before, nr_before, after, nr_after, burst, cache);
		free(after);
	}
	free(before);
	return nr_after < 0 ? nr_after : 0;
}

/*
 * Finds the cache that serves @bytes with @gfp, in sessions of its own.
 * Returns 0 also when it stays unknown, -errno when nothing could be compared.
 */
int heap_cache_find(uint32_t api, uint32_t gfp, uint64_t bytes,
		    struct heap_cache *cache)
{
	uint32_t burst = burst_of(bytes);
	int fd, err = 0, i;

	memset(cache, 0, sizeof(*cache));
	for (i = 0; i < TRIES && !err && !cache->known; i++, burst *= TIMES) {
		fd = mmkit_open("heap", O_RDWR);
		if (fd < 0)
			return fd;
		err = compare(fd, api, gfp, bytes, burst, cache);
		mmkit_close(fd);
	}
	return err;
}

/* The size in the name of a kmalloc cache: 8192 for kmalloc-cg-8k. 0: none. */
uint64_t heap_cache_class(const char *name)
{
	const char *dash = strrchr(name, '-');
	uint64_t bytes;

	if (!strstr(name, "kmalloc-") || !dash || parse_size(dash + 1, &bytes))
		return 0;
	return bytes;
}
