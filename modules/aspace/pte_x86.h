/* SPDX-License-Identifier: GPL-2.0-only */
/* What of page-table entries is x86-64's own. */
#ifndef _MMKIT_ASPACE_PTE_X86_H
#define _MMKIT_ASPACE_PTE_X86_H

#include <linux/bitops.h>
#include <linux/pgtable.h>
#include "entry_x86.h"

#define MMKIT_HAS_CLEAR_YOUNG	1

/* There for mm, and not for the machine: mprotect(PROT_NONE), NUMA hints. */
static inline bool mmkit_pte_protnone(pte_t pte)
{
	return (pte_flags(pte) & (_PAGE_PROTNONE | _PAGE_PRESENT)) ==
	       _PAGE_PROTNONE;
}

/*
 * ptep_test_and_clear_young() and its sister for a PMD are this
 * (arch/x86/mm/pgtable.c) and are not exported. The bit has its place at all
 * levels. The machine sets it, so it is cleared atomically.
 */
static inline void mmkit_clear_young(void *entry)
{
	clear_bit(_PAGE_BIT_ACCESSED, entry);
}

static inline u32 mmkit_entry_flags(pte_t pte, u32 level)
{
	return mmkit_x86_entry_flags(pte_val(pte), level);
}

#endif
