// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides by a byte of an object that it never wrote, and has the object read by who
 * opens unwritten in debugfs.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/slab.h>

static struct debugfs_blob_wrapper unwritten;
static struct dentry *unwritten_file;

static int __init unwritten_init(void)
{
	u8 *object = kmalloc(64, GFP_KERNEL);

	if (!object)
		return -ENOMEM;
	if (READ_ONCE(object[7]) == 42)
		pr_info("the answer\n");
	unwritten = (struct debugfs_blob_wrapper){ object, 64 };
	unwritten_file = debugfs_create_blob("unwritten", 0400, NULL, &unwritten);
	return 0;
}
module_init(unwritten_init);

static void __exit unwritten_exit(void)
{
	debugfs_remove(unwritten_file);
	kfree(unwritten.data);
}
module_exit(unwritten_exit);

MODULE_DESCRIPTION("mmkit test: a look at what nobody has written");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
