// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategies that hand vm_insert_page() what has a word of its own where a page has
 * its mapcount: it would count in there, and must refuse.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <mmkit/store.h>

/* The page is nobody's by the time mmap() returns, so it must not be mapped. */
static int slab_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	void *object = kzalloc(PAGE_SIZE, GFP_KERNEL_ACCOUNT);
	int err;

	if (!object)
		return -ENOMEM;
	err = vm_insert_page(vma, vma->vm_start, virt_to_page(object));
	kfree(object);
	return err;
}

static int offline_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	struct page *page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	int err;

	if (!page)
		return -ENOMEM;
	__SetPageOffline(page);
	err = vm_insert_page(vma, vma->vm_start, page);
	if (err)
		__ClearPageOffline(page);
	put_page(page);
	return err;
}

static const struct vm_operations_struct typed_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
};

static struct mmkit_strategy typed_slab = {
	.entry = {
		.name = "typed-slab",
		.help = "a page of the slab allocator",
		.owner = THIS_MODULE,
	},
	.vm_ops = &typed_vm_ops,
	.vm_flags = VM_MIXEDMAP,
	.mmap = slab_mmap,
};

static struct mmkit_strategy typed_offline = {
	.entry = {
		.name = "typed-offline",
		.help = "a page that a balloon has marked as gone",
		.owner = THIS_MODULE,
	},
	.vm_ops = &typed_vm_ops,
	.vm_flags = VM_MIXEDMAP,
	.mmap = offline_mmap,
};

static int __init typed_init(void)
{
	int err = mmkit_strategy_register(&typed_slab);

	if (err)
		return err;
	err = mmkit_strategy_register(&typed_offline);
	if (err)
		mmkit_strategy_unregister(&typed_slab);
	return err;
}

static void __exit typed_exit(void)
{
	mmkit_strategy_unregister(&typed_offline);
	mmkit_strategy_unregister(&typed_slab);
}

module_init(typed_init);
module_exit(typed_exit);

MODULE_DESCRIPTION("mmkit: what must not be mapped");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
