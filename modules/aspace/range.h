/* SPDX-License-Identifier: GPL-2.0-only */
/* All pages of a range, as words. */
#ifndef _MMKIT_ASPACE_RANGE_H
#define _MMKIT_ASPACE_RANGE_H

#include <linux/types.h>

struct mm_struct;

/**
 * struct mmkit_range_walk - a walk over a range
 * @mm: whose; the caller holds it by mm_users
 * @clear: clear accessed bits once they are read
 * @words: takes the words of @nr neighbours
 * @run: takes a word for @nr neighbours; the page frame, if it has one, is of
 *	the first
 * @data: for these two
 * @buffer: room for the words of one page table
 */
struct mmkit_range_walk {
	struct mm_struct *mm;
	bool clear;
	void (*words)(void *data, const u64 *words, unsigned int nr);
	void (*run)(void *data, u64 word, unsigned long nr);
	void *data;
	u64 *buffer;
};

int mmkit_range_walk(struct mmkit_range_walk *walk, unsigned long start,
		     unsigned long end);

#endif
