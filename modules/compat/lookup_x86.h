/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a kernel address is mapped: lookup_address(), which x86 alone exports. */
#ifndef _MMKIT_COMPAT_LOOKUP_X86_H
#define _MMKIT_COMPAT_LOOKUP_X86_H

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

#endif
