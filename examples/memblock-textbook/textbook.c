// SPDX-License-Identifier: GPL-2.0-only
/*
 * The textbook's module: it compiles and does not link, because nothing of
 * memblock is exported. mmkit memblock why tells what to call instead.
 */
#include <linux/memblock.h>
#include <linux/module.h>

static void *block;

static int __init textbook_init(void)
{
	block = memblock_alloc(PAGE_SIZE, SMP_CACHE_BYTES);
	return block ? 0 : -ENOMEM;
}

static void __exit textbook_exit(void)
{
	memblock_free(block, PAGE_SIZE);
}

module_init(textbook_init);
module_exit(textbook_exit);

MODULE_DESCRIPTION("mmkit: a module that cannot be linked");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
