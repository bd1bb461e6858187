// SPDX-License-Identifier: GPL-2.0-only
/* huge_fault is told an order, and the word it was told before is free: 6.6. */
#include <linux/mm.h>
enum page_entry_size { PROBE };
