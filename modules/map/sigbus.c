// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "sigbus": a mapping with holes.
 *
 * A range of registers often has gaps. The handler answers VM_FAULT_SIGBUS for
 * those, and whoever touches one gets the signal with BUS_ADRERR; the kernel's
 * own accesses get EFAULT. Every page whose index is the last of so many is a
 * hole.
 */
#include <linux/math64.h>
#include <linux/mm.h>
#include "map.h"

static bool is_hole(const struct mmkit_store *store, unsigned long index)
{
	u64 rest;

	div64_u64_rem(index, store->tune, &rest);
	return rest == store->tune - 1;
}

static vm_fault_t sigbus_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr && !is_hole(store, vmf->pgoff))
		ret = mmkit_store_give_page(vmf, store->page[vmf->pgoff]);
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

static const struct vm_operations_struct sigbus_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = sigbus_fault,
};

struct mmkit_strategy mmkit_strategy_sigbus = {
	.entry = {
		.name = "sigbus",
		.help = "a mapping with holes, which answer SIGBUS",
		.owner = THIS_MODULE,
	},
	.vm_ops = &sigbus_vm_ops,
	.tune = "one page of so many is a hole, the last",
	.tune_default = 4,
	.tune_max = 1 << 20,
};
