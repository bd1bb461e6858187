// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling page tables in one pass. vmf_insert_pfn() walks to the entry, takes
 * the lock and returns for each page; apply_to_page_range() does so once for each
 * page table, and calls back for each entry. drivers/gpu/drm/i915/i915_mm.c does
 * the same.
 */
#include <linux/mm.h>
#include "map.h"

struct fill {
	struct mm_struct *mm;
	struct page **next;
	pgprot_t prot;
};

/* Entries come in order. One that another fault filled meanwhile stays. */
static int fill_pte(pte_t *pte, unsigned long addr, void *data)
{
	struct fill *fill = data;
	struct page *page = *fill->next++;

	if (pte_none(*pte))
		set_pte_at(fill->mm, addr, pte,
			   pte_mkspecial(pfn_pte(page_to_pfn(page),
						 fill->prot)));
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
	struct fill fill = {
		.mm = vma->vm_mm,
		.next = page,
		.prot = vma->vm_page_prot,
	};

	return apply_to_page_range(vma->vm_mm, addr, nr << PAGE_SHIFT,
				   fill_pte, &fill);
}
