// SPDX-License-Identifier: GPL-2.0-only
/* An allocator of one's own: the exerciser and the benchmark will find it. */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <mmkit/registry.h>

static void *example_alloc(size_t size, gfp_t gfp, int nid)
{
	return kmalloc_node(size, gfp, nid);
}

static void example_free(void *object, size_t size)
{
	kfree(object);
}

static unsigned long example_pfn(const void *object)
{
	return page_to_pfn(virt_to_page(object));
}

/* What a session is charged: the size class, not what was asked for. */
static u64 example_footprint(size_t size)
{
	return kmalloc_size_roundup(size);
}

static struct mmkit_allocator allocator = {
	.entry = {
		.name = "example-kmalloc",
		.help = "kmalloc_node()",
		.owner = THIS_MODULE,
	},
	.alloc = example_alloc,
	.free = example_free,
	.pfn = example_pfn,
	.footprint = example_footprint,
};

static int __init example_init(void)
{
	return mmkit_allocator_register(&allocator);
}

static void __exit example_exit(void)
{
	mmkit_allocator_unregister(&allocator);
}

module_init(example_init);
module_exit(example_exit);

MODULE_DESCRIPTION("mmkit: an allocator of one's own");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
