/* SPDX-License-Identifier: GPL-2.0-only */
/* What a walk over a range is made into. */
#ifndef _MMKIT_ASPACE_SUMMARY_H
#define _MMKIT_ASPACE_SUMMARY_H

#include <mmkit/aspace.h>
#include <linux/types.h>

struct mm_struct;

int mmkit_summary(struct mm_struct *mm, u64 start, u64 end, bool clear,
		  struct mmkit_aspace_counts *counts);
int mmkit_summary_words(struct mm_struct *mm, u64 start, u32 nr, bool clear,
			bool hide, u64 *words);

#endif
