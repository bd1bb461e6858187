/* SPDX-License-Identifier: GPL-2.0-only */
/* Arithmetic on virtual addresses. Pure. */
#ifndef _MMKIT_ASPACE_GEOMETRY_H
#define _MMKIT_ASPACE_GEOMETRY_H

#include <linux/types.h>
#include <asm/page.h>

enum mmkit_half {
	MMKIT_HALF_USER,
	MMKIT_HALF_KERNEL,
	MMKIT_HALF_NEITHER,	/* not canonical */
};

/* Of an entry in its table, which is a page of 8-byte entries. */
#define MMKIT_INDEX_BITS	(PAGE_SHIFT - 3)

u32 mmkit_index(u64 address, u32 shift);
u64 mmkit_next_entry(u64 address, u32 shift);
u64 mmkit_table_start(u64 address, u32 shift);
enum mmkit_half mmkit_half_of(u64 address, u32 bits);
u64 mmkit_part_start(u64 start, u64 pages, u32 nr, u32 part, u32 page_shift);
int mmkit_range_check(u64 start, u64 end, u64 limit, u32 page_shift);

#endif
