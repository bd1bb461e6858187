/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_MEMBLOCK_CHECK_H
#define _MMKIT_MEMBLOCK_CHECK_H

#include <linux/types.h>
#include <mmkit/memblock.h>

/* Pure. */
int mmkit_memblock_check_change(const struct mmkit_memblock_change *change);
int mmkit_memblock_check_alloc(const struct mmkit_memblock_alloc *alloc);
int mmkit_memblock_check_regions(const struct mmkit_memblock_regions *regions);

#endif
