// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling page tables in one pass. vmf_insert_pfn() walks to the entry, takes
 * the lock and returns for each page; apply_to_page_range() does so once for each
 * page table, and calls back for each entry (drivers/gpu/drm/i915/i915_mm.c). Here
 * it is asked for the first entry of each table only: the others follow it in
 * memory, and are under the same lock.
 */
#include <linux/mm.h>
#include "map.h"

struct fill {
	struct vm_area_struct *vma;
	struct page **page;
	unsigned long nr;
};

/* An entry that another fault filled meanwhile stays. */
static int fill_table(pte_t *pte, unsigned long addr, void *data)
{
	struct fill *fill = data;
	struct mm_struct *mm = fill->vma->vm_mm;
	pgprot_t prot = fill->vma->vm_page_prot;
	unsigned long i;

	for (i = 0; i < fill->nr; i++, pte++, addr += PAGE_SIZE)
		if (pte_none(*pte))
			set_pte_at(mm, addr, pte,
				   pte_mkspecial(pfn_pte(page_to_pfn(fill->page[i]),
							 prot)));
	return 0;
}

/**
 * mmkit_fill_ptes() - Map frames of pages that follow each other in an array.
 * @vma: an area with VM_PFNMAP and not VM_MAYWRITE if private
 * @addr: where the first goes, inside the area
 * @page: the pages, which stay until they are unmapped
 * @nr: how many, not zero
 *
 * Context: of mmap() or a fault handler; store->lock is held for read.
 * Return: 0, -ENOMEM no page table.
 */
int mmkit_fill_ptes(struct vm_area_struct *vma, unsigned long addr,
		    struct page **page, unsigned long nr)
{
	struct fill fill = { .vma = vma, .page = page };
	unsigned long end = addr + (nr << PAGE_SHIFT), next;
	int err = 0;

	for (; addr < end && !err; addr = next) {
		next = pmd_addr_end(addr, end);
		fill.nr = (next - addr) >> PAGE_SHIFT;
		err = apply_to_page_range(vma->vm_mm, addr, PAGE_SIZE,
					  fill_table, &fill);
		fill.page += fill.nr;
	}
	return err;
}
