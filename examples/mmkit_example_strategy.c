// SPDX-License-Identifier: GPL-2.0-only
/* A mapping strategy of one's own: every page of the area is the first. */
#include <linux/module.h>
#include <mmkit/store.h>

static vm_fault_t first_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr)
		ret = mmkit_store_give_page(vmf, store->page[0]);
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

static const struct vm_operations_struct first_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = first_fault,
};

static struct mmkit_strategy strategy = {
	.entry = {
		.name = "example-first",
		.help = "every page of the area is the first",
		.owner = THIS_MODULE,
	},
	.vm_ops = &first_vm_ops,
};

static int __init example_init(void)
{
	return mmkit_strategy_register(&strategy);
}

static void __exit example_exit(void)
{
	mmkit_strategy_unregister(&strategy);
}

module_init(example_init);
module_exit(example_exit);

MODULE_DESCRIPTION("mmkit: a mapping strategy of one's own");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
