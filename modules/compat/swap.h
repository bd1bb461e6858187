/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries that are not present, and bits of those that are. */
#ifndef _MMKIT_COMPAT_SWAP_H
#define _MMKIT_COMPAT_SWAP_H

#include <linux/mm.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/userfaultfd_k.h>
#ifdef HAVE_SOFTLEAF
#include <linux/leafops.h>
#endif
#include <mmkit/aspace.h>

/**
 * struct mmkit_away - what an entry that is not present says
 * @kind: enum mmkit_entry_kind_id
 * @type: of the swap device
 * @offset: in it, or the page frame where the kind has one
 */
struct mmkit_away {
	u32 kind;
	u32 type;
	u64 offset;
};

#ifdef HAVE_SOFTLEAF
static inline void mmkit_away_entry(struct mmkit_away *away, softleaf_t entry)
{
	away->type = swp_type(entry);
	away->offset = softleaf_has_pfn(entry) ? softleaf_to_pfn(entry) :
						 swp_offset(entry);
	if (softleaf_is_swap(entry))
		away->kind = MMKIT_ENTRY_SWAP;
	else if (softleaf_is_migration(entry))
		away->kind = MMKIT_ENTRY_MIGRATION;
	else if (softleaf_is_hwpoison(entry))
		away->kind = MMKIT_ENTRY_HWPOISON;
	else if (softleaf_is_marker(entry))
		away->kind = MMKIT_ENTRY_MARKER;
	else
		away->kind = MMKIT_ENTRY_DEVICE;
}

static inline void mmkit_away_pte(struct mmkit_away *away, pte_t pte)
{
	mmkit_away_entry(away, softleaf_from_pte(pte));
}

static inline void mmkit_away_pmd(struct mmkit_away *away, pmd_t pmd)
{
	mmkit_away_entry(away, softleaf_from_pmd(pmd));
}
#else
static inline void mmkit_away_entry(struct mmkit_away *away, swp_entry_t entry)
{
	away->type = swp_type(entry);
	away->offset = is_pfn_swap_entry(entry) ? swp_offset_pfn(entry) :
						  swp_offset(entry);
	if (!non_swap_entry(entry))
		away->kind = MMKIT_ENTRY_SWAP;
	else if (is_migration_entry(entry))
		away->kind = MMKIT_ENTRY_MIGRATION;
	else if (is_hwpoison_entry(entry))
		away->kind = MMKIT_ENTRY_HWPOISON;
	else if (is_pte_marker_entry(entry))
		away->kind = MMKIT_ENTRY_MARKER;
	else
		away->kind = MMKIT_ENTRY_DEVICE;
}

static inline void mmkit_away_pte(struct mmkit_away *away, pte_t pte)
{
	mmkit_away_entry(away, pte_to_swp_entry(pte));
}

static inline void mmkit_away_pmd(struct mmkit_away *away, pmd_t pmd)
{
	mmkit_away_entry(away, pmd_to_swp_entry(pmd));
}
#endif

static inline bool mmkit_pte_uffd_wp(pte_t pte)
{
#ifdef HAVE_PTE_UFFD
	return pte_uffd(pte);
#else
	return pte_uffd_wp(pte);
#endif
}

/* Of one that is not present: a marker of it, or what a page in swap keeps. */
static inline bool mmkit_away_uffd_wp(pte_t pte)
{
#ifdef HAVE_PTE_UFFD
	return pte_swp_uffd_any(pte);
#else
	return pte_swp_uffd_wp_any(pte);
#endif
}

/* Its page is not one that mm counts: fs/proc leaves it out, too. */
static inline bool mmkit_pte_special(pte_t pte)
{
#ifdef HAVE_PTE_DEVMAP
	return pte_special(pte) || pte_devmap(pte);
#else
	return pte_special(pte);
#endif
}

#endif
