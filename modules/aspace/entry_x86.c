// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bits of a page-table entry of x86-64: the machine's, and those that it
 * leaves to the kernel (asm/pgtable_types.h). Pure.
 */
#include <linux/kernel.h>
#include <mmkit/aspace.h>
#include "entry_x86.h"

#define X86_PRESENT	0x0001
#define X86_PSE		0x0080	/* of a PTE it is PAT */
#define X86_GLOBAL	0x0100	/* of what is not present: PROTNONE */
#define X86_SPECIAL	0x0200
#define X86_UFFD_WP	0x0400
#define X86_SOFT_DIRTY	0x0800
#define X86_PAT_LARGE	0x1000
#define X86_PKEY_SHIFT	59

static const struct {
	u8 bit;
	u32 flag;
} same[] = {
	{ 0, MMKIT_ENTRY_PRESENT },
	{ 1, MMKIT_ENTRY_WRITE },
	{ 2, MMKIT_ENTRY_USER },
	{ 3, MMKIT_ENTRY_WRITETHROUGH },
	{ 4, MMKIT_ENTRY_UNCACHED },
	{ 5, MMKIT_ENTRY_ACCESSED },
	{ 6, MMKIT_ENTRY_DIRTY },
	{ 63, MMKIT_ENTRY_NX },
};

/* What only an entry that maps a page has. */
static u32 leaf_flags(u64 entry, u32 level)
{
	u64 pat = level == MMKIT_LEVEL_PTE ? X86_PSE : X86_PAT_LARGE;
	u32 flags = 0;

	if (level > MMKIT_LEVEL_PTE)
		flags |= MMKIT_ENTRY_HUGE;
	if (entry & pat)
		flags |= MMKIT_ENTRY_PAT;
	if (entry & X86_GLOBAL)
		flags |= entry & X86_PRESENT ? MMKIT_ENTRY_GLOBAL :
					       MMKIT_ENTRY_PROTNONE;
	if (entry & X86_SPECIAL)
		flags |= MMKIT_ENTRY_SPECIAL;
	if (entry & X86_UFFD_WP)
		flags |= MMKIT_ENTRY_UFFD_WP;
	if (entry & X86_SOFT_DIRTY)
		flags |= MMKIT_ENTRY_SOFT_DIRTY;
	return flags | (u32)(entry >> X86_PKEY_SHIFT & 15) <<
		       MMKIT_ENTRY_PKEY_SHIFT;
}

/**
 * mmkit_x86_entry_flags() - The flags of an entry that maps something.
 * @entry: as the machine has it; not one of a swap entry or the like
 * @level: enum mmkit_level_id
 *
 * Return: MMKIT_ENTRY_x.
 */
u32 mmkit_x86_entry_flags(u64 entry, u32 level)
{
	u32 flags = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(same); i++)
		if (entry >> same[i].bit & 1)
			flags |= same[i].flag;
	if (level == MMKIT_LEVEL_PTE || entry & X86_PSE)
		flags |= leaf_flags(entry, level);
	return flags;
}
