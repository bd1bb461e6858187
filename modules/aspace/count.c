// SPDX-License-Identifier: GPL-2.0-only
/* Pages counted by what they are. Pure. */
#include "count.h"

#define DIRTY	(MMKIT_WORD_DIRTY | MMKIT_WORD_PAGE_DIRTY)

/* What smaps leaves out of its figures: page frames that mm does not count. */
static bool is_counted(u64 word)
{
	u32 kind = MMKIT_WORD_KIND(word);

	return kind != MMKIT_ASPACE_ZERO && kind != MMKIT_ASPACE_SPECIAL;
}

/**
 * mmkit_counter_flush() - Count what was alike so far.
 * @counter: to be read from now on
 */
void mmkit_counter_flush(struct mmkit_counter *counter)
{
	struct mmkit_aspace_counts *counts = counter->counts;
	u64 word = counter->alike, nr = counter->nr;
	bool dirty = word & DIRTY && is_counted(word);

	counter->nr = 0;
	counts->pages += nr;
	counts->kind[MMKIT_WORD_KIND(word)] += nr;
	counts->huge += MMKIT_WORD_LEVEL(word) ? nr : 0;
	counts->shared += word & MMKIT_WORD_SHARED ? nr : 0;
	counts->dirty += dirty ? nr : 0;
	counts->shared_dirty += dirty && word & MMKIT_WORD_SHARED ? nr : 0;
	counts->young += word & MMKIT_WORD_YOUNG ? nr : 0;
	counts->referenced += word & MMKIT_WORD_REFERENCED ? nr : 0;
	counts->write += word & MMKIT_WORD_WRITE ? nr : 0;
	counts->protnone += word & MMKIT_WORD_PROTNONE ? nr : 0;
	counts->soft_dirty += word & MMKIT_WORD_SOFT_DIRTY ? nr : 0;
	counts->uffd_wp += word & MMKIT_WORD_UFFD_WP ? nr : 0;
	counts->lazyfree += word & MMKIT_WORD_LAZYFREE ? nr : 0;
}
