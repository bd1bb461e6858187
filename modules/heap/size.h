/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_HEAP_SIZE_H
#define _MMKIT_HEAP_SIZE_H

#include <linux/types.h>
#include <mmkit/heap.h>

/* Pure. */
bool mmkit_heap_maps(u32 api);
bool mmkit_heap_takes_gfp(u32 api);
int mmkit_heap_check(const struct mmkit_heap_alloc *alloc);
int mmkit_heap_total(u32 api, u64 bytes, u64 elements, u64 *total);
int mmkit_heap_charge(u32 api, u64 bytes, u32 count,
		      const struct mmkit_heap_limits *limits,
		      unsigned int page_size, u64 *charge);
int mmkit_heap_range(u32 api, u64 bytes,
		     const struct mmkit_heap_limits *limits);

#endif
