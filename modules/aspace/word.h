/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a page-table entry to a word. The lock of the table that holds the entry
 * is held: what is mapped cannot be freed meanwhile, nor split, nor collapsed.
 */
#ifndef _MMKIT_ASPACE_WORD_H
#define _MMKIT_ASPACE_WORD_H

#include <linux/mm.h>
#include <linux/page_idle.h>
#include "compat/mapcount.h"
#include "compat/swap.h"
#include "pte.h"

#define WORD_KIND(kind)		((u64)(kind) << MMKIT_WORD_KIND_SHIFT)
#define WORD_LEVEL(level)	((u64)(level) << MMKIT_WORD_LEVEL_SHIFT)

static inline u64 word_of_bits(pte_t pte)
{
	u64 word = 0;

	if (pte_young(pte))
		word |= MMKIT_WORD_YOUNG;
	if (pte_dirty(pte))
		word |= MMKIT_WORD_DIRTY;
	if (pte_write(pte))
		word |= MMKIT_WORD_WRITE;
	if (pte_soft_dirty(pte))
		word |= MMKIT_WORD_SOFT_DIRTY;
	if (mmkit_pte_uffd_wp(pte))
		word |= MMKIT_WORD_UFFD_WP;
	if (mmkit_pte_protnone(pte))
		word |= MMKIT_WORD_PROTNONE;
	return word;
}

static inline u64 word_of_anon(struct folio *folio, u64 word)
{
	if (!folio_test_swapbacked(folio) && !folio_test_dirty(folio) &&
	    !(word & MMKIT_WORD_DIRTY))
		word |= MMKIT_WORD_LAZYFREE;
	return word | WORD_KIND(MMKIT_ASPACE_ANON);
}

/* As smaps_account() and pte_to_pagemap_entry() in fs/proc/task_mmu.c ask. */
static inline u64 word_of_page(struct page *page, u64 word)
{
	struct folio *folio = page_folio(page);

	if (folio_test_anon(folio))
		word = word_of_anon(folio, word);
	else if (folio_test_hugetlb(folio))
		word |= WORD_KIND(MMKIT_ASPACE_HUGETLB);
	else if (folio_test_swapbacked(folio))
		word |= WORD_KIND(MMKIT_ASPACE_SHMEM);
	else
		word |= WORD_KIND(MMKIT_ASPACE_FILE);
	if (folio_test_dirty(folio))
		word |= MMKIT_WORD_PAGE_DIRTY;
	if (word & MMKIT_WORD_YOUNG || folio_test_referenced(folio) ||
	    folio_test_young(folio))
		word |= MMKIT_WORD_REFERENCED;
	if (mmkit_page_shared(folio, page))
		word |= MMKIT_WORD_SHARED;
	return word;
}

static inline u64 word_of_away(const struct mmkit_away *away)
{
	static const u8 kinds[MMKIT_ENTRY_KIND_NR] = {
		[MMKIT_ENTRY_SWAP] = MMKIT_ASPACE_SWAP,
		[MMKIT_ENTRY_MIGRATION] = MMKIT_ASPACE_MIGRATION,
		[MMKIT_ENTRY_HWPOISON] = MMKIT_ASPACE_HWPOISON,
		[MMKIT_ENTRY_DEVICE] = MMKIT_ASPACE_DEVICE,
		[MMKIT_ENTRY_MARKER] = MMKIT_ASPACE_MARKER,
	};
	u64 word = WORD_KIND(kinds[away->kind]);

	if (away->kind == MMKIT_ENTRY_SWAP)
		word |= (away->type | away->offset << MMKIT_WORD_SWAP_SHIFT) &
			MMKIT_WORD_PFN;
	else if (away->kind != MMKIT_ENTRY_MARKER)
		word |= away->offset & MMKIT_WORD_PFN;
	return word;
}

static inline u64 word_of_special(pte_t pte, unsigned long pfn)
{
	return word_of_bits(pte) | pfn |
	       WORD_KIND(is_zero_pfn(pfn) ? MMKIT_ASPACE_ZERO :
					    MMKIT_ASPACE_SPECIAL);
}

static inline u64 word_of_pte(pte_t pte)
{
	struct mmkit_away away;
	unsigned long pfn;

	if (pte_none(pte))
		return WORD_KIND(MMKIT_ASPACE_NONE);
	if (!pte_present(pte)) {
		mmkit_away_pte(&away, pte);
		return word_of_away(&away) |
		       (mmkit_away_uffd_wp(pte) ? MMKIT_WORD_UFFD_WP : 0);
	}
	pfn = pte_pfn(pte);
	if (unlikely(mmkit_pte_special(pte)))
		return word_of_special(pte, pfn);
	return word_of_page(pfn_to_page(pfn), word_of_bits(pte) | pfn);
}

/* Of an area that maps page frames as they are, or of one that maps a device's. */
static inline bool maps_frames(const struct vm_area_struct *vma)
{
	return vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP);
}

static inline u64 word_of_huge(struct vm_area_struct *vma, pte_t pte,
			       unsigned long pfn)
{
	u64 word = word_of_bits(pte) | pfn;
	bool special = mmkit_pte_special(pte) || maps_frames(vma);

	/* The huge page of zeros: special from 6.18 on, and never anonymous. */
	if (vma_is_anonymous(vma) &&
	    (special || !folio_test_anon(page_folio(pfn_to_page(pfn)))))
		return word | WORD_KIND(MMKIT_ASPACE_ZERO);
	if (special)
		return word | WORD_KIND(MMKIT_ASPACE_SPECIAL);
	return word_of_page(pfn_to_page(pfn), word);
}

static inline u64 word_of_pmd(struct vm_area_struct *vma, pmd_t pmd)
{
	struct mmkit_away away;

	if (pmd_present(pmd))
		return word_of_huge(vma, __pte(pmd_val(pmd)), pmd_pfn(pmd)) |
		       WORD_LEVEL(1);
	mmkit_away_pmd(&away, pmd);
	return word_of_away(&away) | WORD_LEVEL(1);
}

#endif
