/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries of page tables that map a page: what differs between machines. */
#ifndef _MMKIT_COMPAT_LEAF_H
#define _MMKIT_COMPAT_LEAF_H

#include <linux/mm.h>
#include <linux/pgtable.h>

/* Of an entry that pud_leaf() is true of: elsewhere there is none. */
static inline unsigned long mmkit_pud_pfn(pud_t pud)
{
#ifdef HAVE_PUD_PFN
	return pud_pfn(pud);
#else
	return 0;
#endif
}

#endif
