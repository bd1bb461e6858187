/* SPDX-License-Identifier: GPL-2.0-only */
/* Page-table entries, where the kernel's own helpers do not do. */
#ifndef _MMKIT_ASPACE_PTE_H
#define _MMKIT_ASPACE_PTE_H

#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
#include "pte_x86.h"
#else
#include <linux/pgtable.h>
#include <mmkit/aspace.h>

#define MMKIT_HAS_CLEAR_YOUNG	0

static inline bool mmkit_pte_protnone(pte_t pte)
{
	return pte_protnone(pte);
}

static inline void mmkit_clear_young(void *entry)
{
}

/* What every machine has. */
static inline u32 mmkit_entry_flags(pte_t pte, u32 level)
{
	u32 flags = 0;

	if (pte_present(pte))
		flags |= MMKIT_ENTRY_PRESENT;
	if (level > MMKIT_LEVEL_PTE)
		return flags;
	if (pte_write(pte))
		flags |= MMKIT_ENTRY_WRITE;
	if (pte_young(pte))
		flags |= MMKIT_ENTRY_ACCESSED;
	if (pte_dirty(pte))
		flags |= MMKIT_ENTRY_DIRTY;
	if (pte_special(pte))
		flags |= MMKIT_ENTRY_SPECIAL;
	return flags;
}
#endif

#endif
