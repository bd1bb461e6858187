// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes blocks of the largest order until there is none, without __GFP_NOWARN, so
 * that the kernel tells of the last one; gives all back and does not stay.
 */
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>

#define ORDER	10

static int __init complain_init(void)
{
	struct page *page, *next;
	LIST_HEAD(taken);

	while ((page = alloc_pages(GFP_KERNEL | __GFP_NORETRY, ORDER)))
		list_add(&page->lru, &taken);
	list_for_each_entry_safe(page, next, &taken, lru)
		__free_pages(page, ORDER);
	return -ENODEV;
}
module_init(complain_init);

MODULE_DESCRIPTION("Fails to allocate, aloud");
MODULE_LICENSE("GPL");
