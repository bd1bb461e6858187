// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocator "kmem_cache" of the registry: a cache for each power of two. Where
 * nothing debugs it, SLUB merges them with kmalloc()'s own.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <mmkit/registry.h>
#include "slab.h"

#define SMALLEST	6	/* 64 bytes */
#define LARGEST		12	/* 4096 */

static struct kmem_cache *caches[LARGEST - SMALLEST + 1];

/* A size that no cache serves has none. */
static struct kmem_cache *cache_for(size_t size)
{
	unsigned int order = size > 1 ? ilog2(size - 1) + 1 : 0;

	if (order > LARGEST)
		return NULL;
	return caches[max_t(unsigned int, order, SMALLEST) - SMALLEST];
}

static void *cache_alloc(size_t size, gfp_t gfp, int nid)
{
	struct kmem_cache *cache = cache_for(size);

	return cache ? kmem_cache_alloc_node(cache, gfp, nid) : NULL;
}

static void cache_free(void *object, size_t size)
{
	kmem_cache_free(cache_for(size), object);
}

static unsigned long cache_pfn(const void *object)
{
	return page_to_pfn(virt_to_page(object));
}

static u64 cache_footprint(size_t size)
{
	struct kmem_cache *cache = cache_for(size);

	return cache ? kmem_cache_size(cache) : size;
}

static struct mmkit_allocator allocator = {
	.entry = {
		.name = "kmem_cache",
		.help = "a slab cache for each power of two, 64 to 4096 bytes",
		.owner = THIS_MODULE,
	},
	.alloc = cache_alloc,
	.free = cache_free,
	.pfn = cache_pfn,
	.footprint = cache_footprint,
};

static void destroy_caches(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(caches); i++)
		kmem_cache_destroy(caches[i]);
}

static int create_caches(void)
{
	unsigned int i;
	char name[32];

	for (i = 0; i < ARRAY_SIZE(caches); i++) {
		snprintf(name, sizeof(name), "mmkit_slab-%u",
			 1u << (SMALLEST + i));
		caches[i] = kmem_cache_create(name, 1u << (SMALLEST + i), 0, 0,
					      NULL);
		if (!caches[i])
			return -ENOMEM;
	}
	return 0;
}

int __init mmkit_slab_allocator_init(void)
{
	int err = create_caches();

	if (!err)
		err = mmkit_allocator_register(&allocator);
	if (err)
		destroy_caches();
	return err;
}

void mmkit_slab_allocator_exit(void)
{
	mmkit_allocator_unregister(&allocator);
	destroy_caches();
}
