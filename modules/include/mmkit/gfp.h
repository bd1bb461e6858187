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

/*
 * For what mmkit itself needs in proportion to what a caller asks for: charged
 * to the caller, and a failure rather than an OOM kill.
 */
#define MMKIT_GFP_BOOKKEEPING \
	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

int mmkit_gfp_admit(u32 gfp);
gfp_t mmkit_gfp_kernel(u32 gfp);
int mmkit_node_check(s32 node);

bool mmkit_room_begin(u64 bytes, gfp_t gfp);
void mmkit_room_end(void);
#endif

#endif
