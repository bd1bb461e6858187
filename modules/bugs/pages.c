// SPDX-License-Identifier: GPL-2.0-only
/* Pages that are freed when somebody still has them. */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include "bugs.h"

/*
 * The bug itself. A page that goes into a page table is a reference, which the
 * handler has to take: "get_page(page);" is missing before it is returned.
 */
static vm_fault_t fault(struct vm_fault *vmf)
{
	vmf->page = vmf->vma->vm_private_data;
	return 0;
}

static const struct vm_operations_struct bug_vm_ops = {
	.fault = fault,
};

static int bug_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &bug_vm_ops;
	vma->vm_private_data = file->private_data;
	return 0;
}

static const struct file_operations bug_fops = {
	.owner = THIS_MODULE,
	.mmap = bug_mmap,
};

/* Maps the page and has it faulted in, while this lasts. */
static unsigned long map_page(struct page *page)
{
	unsigned long addr;
	struct file *file;

	file = anon_inode_getfile("mmkit_bug", &bug_fops, page, O_RDWR);
	if (IS_ERR(file))
		return 0;
	addr = vm_mmap(file, 0, PAGE_SIZE, PROT_READ, MAP_SHARED, 0);
	fput(file);
	if (IS_ERR_VALUE(addr))
		return 0;
	if (!fault_in_readable((const char __user *)addr, 1))
		return addr;
	vm_munmap(addr, PAGE_SIZE);
	return 0;
}

/**
 * mmkit_bug_mapped_page() - Free a page that a process has mapped.
 *
 * The page allocator sees it: free_pages_prepare() looks whether a page that is
 * freed is mapped, has a mapping or has flags that only a page in use has, and says
 * "Bad page state". It then keeps the page out of its lists. Debian's kernels check
 * this too. Where nothing checks, the process reads and writes a page that is
 * somebody else's by now.
 *
 * What was broken is put back before the page is unmapped, or that would find a
 * page without references and stop at a BUG() while the address space is locked.
 *
 * Context: Process, with an address space.
 */
void mmkit_bug_mapped_page(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	unsigned long addr;

	if (!page)
		return;
	addr = map_page(page);
	__free_page(page);
	if (!addr)
		return;
	init_page_count(page);
	atomic_set(&page->_mapcount, 0);
	vm_munmap(addr, PAGE_SIZE);
}

/**
 * mmkit_bug_page_twice() - Free a page that is free.
 *
 * DEBUG_VM sees it: VM_BUG_ON_PAGE() in put_page_testzero() finds that there is no
 * reference to drop. Without it the count goes below zero, and the next to allocate
 * the page gets "Bad page state", or shares it.
 *
 * Interrupts are off so that the page is not given to somebody else in between.
 *
 * Context: A thread that may die: it ends at a BUG().
 */
void mmkit_bug_page_twice(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	local_irq_disable();
	__free_page(page);
	__free_page(page);
	local_irq_enable();
}
