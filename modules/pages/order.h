/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_PAGES_ORDER_H
#define _MMKIT_PAGES_ORDER_H

#include <linux/types.h>

/* Pure. */
int mmkit_order_bytes(u32 order, u32 count, unsigned int page_shift,
		      u64 *bytes);
u64 mmkit_order_buddy(u64 pfn, unsigned int order);

#endif
