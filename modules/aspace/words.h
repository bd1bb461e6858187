/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of a page of a range, as words: for debugfs and for the command. */
#ifndef _MMKIT_ASPACE_WORDS_H
#define _MMKIT_ASPACE_WORDS_H

#include <mmkit/aspace.h>

static const struct {
	__u64 bit;
	const char *name;
} mmkit_aspace_flags[] = {
	{ MMKIT_WORD_YOUNG, "young" },
	{ MMKIT_WORD_DIRTY, "dirty" },
	{ MMKIT_WORD_WRITE, "write" },
	{ MMKIT_WORD_SHARED, "shared" },
	{ MMKIT_WORD_PAGE_DIRTY, "page-dirty" },
	{ MMKIT_WORD_REFERENCED, "referenced" },
	{ MMKIT_WORD_PROTNONE, "protnone" },
	{ MMKIT_WORD_SOFT_DIRTY, "soft-dirty" },
	{ MMKIT_WORD_UFFD_WP, "uffd-wp" },
	{ MMKIT_WORD_LAZYFREE, "lazyfree" },
};

#endif
