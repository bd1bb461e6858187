// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes one of three mistakes that no test of mmkit's looks for, because the
 * kernel's own checkers tell of them wherever they are made; what= says which. It
 * does not stay.
 */
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

static char *what = "";
module_param(what, charp, 0);
MODULE_PARM_DESC(what, "lookup, sleep or copy");

/* What get_user_pages() begins with, without mmap_lock. */
static void lookup(unsigned long addr)
{
	find_vma(current->mm, addr);
}

/* An allocation that may wait, under a lock that must not be waited with. */
static void sleep(unsigned long addr)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	kfree(kmalloc(8, GFP_KERNEL));
	spin_unlock(&lock);
}

/* An object of a cache without a part for user space; no constant size is checked. */
static void copy(unsigned long addr)
{
	struct kmem_cache *cache = kmem_cache_create("mmkit_watched", 200, 0, 0,
						     NULL);
	void *object = cache ? kmem_cache_zalloc(cache, GFP_KERNEL) : NULL;

	if (object && copy_to_user((void __user *)addr, object, strlen(what)))
		pr_info("not copied\n");
	if (object)
		kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

static int __init watched_init(void)
{
	unsigned long addr = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, 0);

	if (IS_ERR_VALUE(addr))
		return -ENOMEM;
	if (!strcmp(what, "lookup"))
		lookup(addr);
	if (!strcmp(what, "sleep"))
		sleep(addr);
	if (!strcmp(what, "copy"))
		copy(addr);
	return -ENODEV;
}
module_init(watched_init);

MODULE_DESCRIPTION("mmkit: mistakes that the kernel tells of");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
