/* SPDX-License-Identifier: GPL-2.0-only */
/* MMKIT_GFP_x: checked, read from text, turned into the kernel's. */
#ifndef _MMKIT_GFP_H
#define _MMKIT_GFP_H

#include <linux/types.h>
#include <mmkit/mmkit.h>

/* Pure. */
int mmkit_gfp_check(u32 gfp);
int mmkit_gfp_parse(const char *text, u32 *gfp);

#ifdef __KERNEL__
#include <linux/gfp.h>
#include <linux/mm.h>

/*
 * For what mmkit itself needs in proportion to what a caller asks for: charged
 * to the caller, and a failure rather than an OOM kill.
 */
#define MMKIT_GFP_BOOKKEEPING \
	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/*
 * vmalloc_user() and vmalloc_32() ask with GFP_KERNEL alone: what there is not
 * would end in a stack trace, or with the OOM killer. Not from here.
 */
static inline bool mmkit_is_there(u64 bytes)
{
	return bytes >> PAGE_SHIFT < (u64)si_mem_available();
}

int mmkit_gfp_admit(u32 gfp);
gfp_t mmkit_gfp_kernel(u32 gfp);
int mmkit_node_check(s32 node);
#endif

#endif
