// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "access": page frames that a debugger can read and write.
 *
 * ptrace() and /proc/PID/mem go through get_user_pages(), which refuses page
 * frames; then they ask .access. It gets an address inside of the area and a
 * length that may end past it: i915 once trusted the length (CVE-2023-28410).
 *
 * For memory outside of the kernel's there is generic_access_phys(); io.c has it
 * mapped and needs none.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "map.h"

static vm_fault_t access_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&store->lock);
	if (vmf->pgoff < store->nr)
		ret = vmf_insert_pfn(vmf->vma, vmf->address,
				     page_to_pfn(store->page[vmf->pgoff]));
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

static void copy(struct page *page, size_t offset, void *buf, size_t len,
		 bool write)
{
	if (write)
		memcpy_to_page(page, offset, buf, len);
	else
		memcpy_from_page(buf, page, offset, len);
}

/* Up to the end of the area or of the store, whichever comes first. */
static int access_access(struct vm_area_struct *vma, unsigned long addr,
			 void *buf, int len, int write)
{
	struct mmkit_store *store = vma->vm_private_data;
	unsigned long end = addr + min_t(unsigned long, len, vma->vm_end - addr);
	unsigned long index, part, at = addr;

	/* A poke goes where the owner may write, and nowhere else. */
	if (write && !(vma->vm_flags & VM_WRITE))
		return -EACCES;
	down_read(&store->lock);
	for (; at < end; at += part) {
		index = linear_page_index(vma, at);
		if (index >= store->nr)
			break;
		part = min(end - at, PAGE_SIZE - offset_in_page(at));
		copy(store->page[index], offset_in_page(at), buf + (at - addr),
		     part, write);
	}
	up_read(&store->lock);
	return at - addr ?: -EFAULT;
}

static const struct vm_operations_struct access_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
	.fault = access_fault,
	.access = access_access,
};

struct mmkit_strategy mmkit_strategy_access = {
	.entry = {
		.name = "access",
		.help = "page frames that ptrace reaches by .access",
		.owner = THIS_MODULE,
	},
	.vm_ops = &access_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
};
