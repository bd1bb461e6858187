// SPDX-License-Identifier: GPL-2.0-only
/* mmkit_pages: alloc_pages() and its family. */
#include <linux/mm.h>
#include <linux/module.h>
#include "pages.h"

static const struct file_operations pages_fops = { MMKIT_FOPS };

static struct mmkit_area pages_area = {
	.entry = {
		.name = "pages",
		.help = "alloc_pages() and its family, zones, free lists",
		.owner = THIS_MODULE,
	},
	.fops = &pages_fops,
	.ioctls = mmkit_pages_ioctls,
	.verbs = mmkit_pages_verbs,
	.shows = mmkit_pages_shows,
};

static void *pages_object_alloc(size_t size, gfp_t gfp, int nid)
{
	return alloc_pages_node(nid, gfp, get_order(size));
}

static void pages_object_free(void *object, size_t size)
{
	__free_pages(object, get_order(size));
}

static unsigned long pages_object_pfn(const void *object)
{
	return page_to_pfn((const struct page *)object);
}

static void *pages_object_address(void *object)
{
	return page_address(object);
}

static u64 pages_object_footprint(size_t size)
{
	return (u64)PAGE_SIZE << get_order(size);
}

static struct mmkit_allocator pages_allocator = {
	.entry = {
		.name = "alloc_pages",
		.help = "blocks of 2^order pages from the buddy allocator",
		.owner = THIS_MODULE,
	},
	.alloc = pages_object_alloc,
	.free = pages_object_free,
	.pfn = pages_object_pfn,
	.address = pages_object_address,
	.footprint = pages_object_footprint,
};

static int __init mmkit_pages_init(void)
{
	int err;

	err = mmkit_allocator_register(&pages_allocator);
	if (err)
		return err;
	pages_area.nr_ioctls = mmkit_pages_nr_ioctls;
	err = mmkit_area_register(&pages_area);
	if (err)
		mmkit_allocator_unregister(&pages_allocator);
	return err;
}

static void __exit mmkit_pages_exit(void)
{
	mmkit_area_unregister(&pages_area);
	mmkit_allocator_unregister(&pages_allocator);
}

module_init(mmkit_pages_init);
module_exit(mmkit_pages_exit);

MODULE_DESCRIPTION("mmkit: alloc_pages() and its family");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
