/* SPDX-License-Identifier: GPL-2.0-only */
/* MMKIT_GFP_x as words: for the control files and for the command. */
#ifndef _MMKIT_GFP_NAMES_H
#define _MMKIT_GFP_NAMES_H

#include <mmkit/mmkit.h>

static const struct {
	const char *name;
	__u32 bit;
} mmkit_gfp_names[] = {
	{ "KERNEL", MMKIT_GFP_KERNEL },
	{ "ATOMIC", MMKIT_GFP_ATOMIC },
	{ "NOWAIT", MMKIT_GFP_NOWAIT },
	{ "HIGHUSER_MOVABLE", MMKIT_GFP_HIGHUSER_MOVABLE },
	{ "DMA", MMKIT_GFP_DMA },
	{ "DMA32", MMKIT_GFP_DMA32 },
	{ "ZERO", MMKIT_GFP_ZERO },
	{ "NOWARN", MMKIT_GFP_NOWARN },
	{ "NORETRY", MMKIT_GFP_NORETRY },
	{ "RETRY_MAYFAIL", MMKIT_GFP_RETRY_MAYFAIL },
	{ "THISNODE", MMKIT_GFP_THISNODE },
	{ "COMP", MMKIT_GFP_COMP },
};

#endif
