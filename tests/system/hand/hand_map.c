// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three devices that serve a mapping of 32 MiB with as little as will do: the
 * page of a fault, everything at mmap() by the kernel's own call for pages, and
 * by that for page frames. What the map device's strategies cost is held against
 * them: mmkit bench map shows them as peer-bare-page, -insert, -remap.
 *
 * Nothing here may be copied: the size never changes, nothing is counted, and
 * nobody is told of a fault.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define ORDER	9
#define BLOCK	BIT(ORDER)
#define PAGES	((32UL << 20) >> PAGE_SHIFT)

static struct page *pages[PAGES];

static vm_fault_t bare_fault(struct vm_fault *vmf)
{
	if (vmf->pgoff >= PAGES)
		return VM_FAULT_SIGBUS;
	vmf->page = pages[vmf->pgoff];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct page_vm_ops = {
	.fault = bare_fault,
};

static const struct vm_operations_struct no_vm_ops = { };

static bool fits(struct vm_area_struct *vma)
{
	return vma->vm_pgoff < PAGES && vma_pages(vma) <= PAGES - vma->vm_pgoff;
}

static int page_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &page_vm_ops;
	return fits(vma) ? 0 : -EINVAL;
}

static int insert_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long nr = vma_pages(vma);

	if (!fits(vma))
		return -EINVAL;
	vma->vm_ops = &no_vm_ops;
	return vm_insert_pages(vma, vma->vm_start, pages + vma->vm_pgoff, &nr);
}

/* A block at a time: they do not follow each other. */
static int remap_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long i;
	int err = 0;

	if (vma->vm_pgoff || vma_pages(vma) != PAGES)
		return -EINVAL;
	vma->vm_ops = &no_vm_ops;
	for (i = 0; i < PAGES && !err; i += BLOCK)
		err = remap_pfn_range(vma, vma->vm_start + (i << PAGE_SHIFT),
				      page_to_pfn(pages[i]),
				      BLOCK << PAGE_SHIFT, vma->vm_page_prot);
	return err;
}

#define BARE(_name)							\
	static const struct file_operations _name##_fops = {		\
		.owner = THIS_MODULE,					\
		.mmap = _name##_mmap,					\
	};								\
	static struct miscdevice _name##_device = {			\
		.minor = MISC_DYNAMIC_MINOR,				\
		.name = "mmkit-bare-" #_name,				\
		.fops = &_name##_fops,					\
		.mode = 0600,						\
	}

BARE(page);
BARE(insert);
BARE(remap);

static struct miscdevice *const devices[] = {
	&page_device, &insert_device, &remap_device,
};

static void free_all(void)
{
	unsigned long i;

	for (i = 0; i < PAGES && pages[i]; i++)
		put_page(pages[i]);
}

static int alloc_all(void)
{
	unsigned long i, k;

	for (i = 0; i < PAGES; i += BLOCK) {
		struct page *first = alloc_pages(GFP_KERNEL | __GFP_ZERO, ORDER);

		if (!first)
			return -ENOMEM;
		split_page(first, ORDER);
		for (k = 0; k < BLOCK; k++)
			pages[i + k] = first + k;
	}
	return 0;
}

static int __init bare_init(void)
{
	int err = alloc_all();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(devices) && !err; i++) {
		err = misc_register(devices[i]);
		if (err)
			while (i--)
				misc_deregister(devices[i]);
	}
	if (err)
		free_all();
	return err;
}

static void __exit bare_exit(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(devices); i++)
		misc_deregister(devices[i]);
	free_all();
}

module_init(bare_init);
module_exit(bare_exit);

MODULE_DESCRIPTION("mmkit: mappings served by hand, for comparison");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
