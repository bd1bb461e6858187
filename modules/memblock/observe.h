/* SPDX-License-Identifier: GPL-2.0-only */
/* What the real boot allocator left behind, and what became of it. */
#ifndef _MMKIT_MEMBLOCK_OBSERVE_H
#define _MMKIT_MEMBLOCK_OBSERVE_H

#include "sandbox.h"

int mmkit_observe(struct mmkit_sandbox *into,
		  const struct mmkit_memblock_observe *ask);
int mmkit_fates(const struct mmkit_model *observed,
		const struct mmkit_regions *of,
		struct mmkit_memblock_fate *fates, u32 nr);
void mmkit_count_pages(u64 base, u64 bytes, struct mmkit_memblock_fate *fate);

#endif
