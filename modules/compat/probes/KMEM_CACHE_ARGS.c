// SPDX-License-Identifier: GPL-2.0-only
/* What a cache is to be like, in one struct: 6.12. */
#include <linux/slab.h>
struct kmem_cache *probe(struct kmem_cache_args *args);
struct kmem_cache *probe(struct kmem_cache_args *args)
{
	return kmem_cache_create("name", 1, args, 0);
}
