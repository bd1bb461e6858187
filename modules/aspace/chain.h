/* SPDX-License-Identifier: GPL-2.0-only */
/* The entries on the way from the root of the page tables to an address. */
#ifndef _MMKIT_ASPACE_CHAIN_H
#define _MMKIT_ASPACE_CHAIN_H

#include <linux/mm_types.h>
#include <mmkit/aspace.h>
#include "compat/swap.h"

/**
 * struct mmkit_link - one entry
 * @value: as the kernel's pte_t; entries of all levels are as large
 * @table: page frame of the table that it is in
 * @pfn: that a leaf maps, from its beginning
 * @away: what an entry that is not present says
 * @index: in the table
 * @shift: of what it maps
 * @level: enum mmkit_level_id
 * @kind: enum mmkit_entry_kind_id
 */
struct mmkit_link {
	pte_t value;
	unsigned long table;
	unsigned long pfn;
	struct mmkit_away away;
	u16 index;
	u8 shift;
	u8 level;
	u8 kind;
};

/**
 * struct mmkit_chain - the entries on the way to an address
 * @nr: how many, at least one
 * @link: from the root on; the last is no table
 */
struct mmkit_chain {
	unsigned int nr;
	struct mmkit_link link[MMKIT_LEVELS];
};

void mmkit_chain_read(struct mm_struct *mm, unsigned long address,
		      struct mmkit_chain *chain);
int mmkit_chain_user(struct mm_struct *mm, unsigned long address,
		     struct mmkit_chain *chain, bool *region);
struct folio *mmkit_chain_hold(struct mm_struct *mm, unsigned long address,
			       struct mmkit_chain *chain);
bool mmkit_chain_table(struct mm_struct *mm, unsigned long address,
		       const struct mmkit_link *link, u64 *entries);

static inline const struct mmkit_link *
mmkit_chain_last(const struct mmkit_chain *chain)
{
	return &chain->link[chain->nr - 1];
}

#endif
