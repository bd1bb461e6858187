/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_PAGES_FRAG_H
#define _MMKIT_PAGES_FRAG_H

#include <linux/types.h>

/* Pure. */
int mmkit_frag_unusable(const u64 *nr_free, unsigned int orders,
			unsigned int order);
int mmkit_frag_index(const u64 *nr_free, unsigned int orders,
		     unsigned int order);

#endif
