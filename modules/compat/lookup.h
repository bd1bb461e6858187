/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a kernel address is mapped, on machines that export a way to tell. */
#ifndef _MMKIT_COMPAT_LOOKUP_H
#define _MMKIT_COMPAT_LOOKUP_H

#include <linux/mm.h>
#include <linux/pgtable.h>

/**
 * struct mmkit_lookup - one entry of the page tables
 * @pfn: page frame that the address is in
 * @table_pfn: of the table that maps it
 * @end: first address after what this entry maps
 */
struct mmkit_lookup {
	unsigned long pfn;
	unsigned long table_pfn;
	unsigned long end;
};

#ifdef HAVE_LOOKUP_ADDRESS
static inline bool mmkit_lookup(unsigned long addr, struct mmkit_lookup *found)
{
	unsigned int level;
	pte_t *pte = lookup_address(addr, &level);
	unsigned long mask;

	if (!pte || pte_none(*pte))
		return false;
	mask = page_level_mask(level);
	found->table_pfn = __pa(pte) >> PAGE_SHIFT;
	found->end = (addr & mask) + page_level_size(level);
	/* The bits of a large entry that are no address are not pte_pfn()'s. */
	found->pfn = ((pte_pfn(*pte) << PAGE_SHIFT & mask) |
		      (addr & ~mask)) >> PAGE_SHIFT;
	return true;
}
#else
static inline bool mmkit_lookup(unsigned long addr, struct mmkit_lookup *found)
{
	return false;
}
#endif

#endif
