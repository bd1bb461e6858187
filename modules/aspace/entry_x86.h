/* SPDX-License-Identifier: GPL-2.0-only */
/* The bits of a page-table entry of x86-64. Pure. */
#ifndef _MMKIT_ASPACE_ENTRY_X86_H
#define _MMKIT_ASPACE_ENTRY_X86_H

#include <linux/types.h>

u32 mmkit_x86_entry_flags(u64 entry, u32 level);

#endif
