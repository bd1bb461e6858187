/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages counted by what they are. Pure. */
#ifndef _MMKIT_ASPACE_COUNT_H
#define _MMKIT_ASPACE_COUNT_H

#include <mmkit/aspace.h>
#include <linux/types.h>

/**
 * struct mmkit_counter - counts words, those that are alike together
 * @counts: what was counted, but for the last that are alike
 * @alike: what they have in common: the word without its page frame
 * @nr: how many they are
 *
 * Neighbours are most often of the same kind, and a comparison costs less than
 * looking at each flag.
 */
struct mmkit_counter {
	struct mmkit_aspace_counts *counts;
	u64 alike;
	u64 nr;
};

void mmkit_counter_flush(struct mmkit_counter *counter);

static inline void mmkit_counter_add(struct mmkit_counter *counter, u64 word,
				     u64 nr)
{
	word &= ~MMKIT_WORD_PFN;
	if (word != counter->alike) {
		mmkit_counter_flush(counter);
		counter->alike = word;
	}
	counter->nr += nr;
}

#endif
