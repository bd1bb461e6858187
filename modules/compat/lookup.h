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
#include "lookup_x86.h"
#else
static inline bool mmkit_lookup(unsigned long addr, struct mmkit_lookup *found)
{
	return false;
}
#endif

#endif
