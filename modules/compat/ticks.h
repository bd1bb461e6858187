/* SPDX-License-Identifier: GPL-2.0-only */
/* The finest clock there is, in order with the instructions around it. */
#ifndef _MMKIT_COMPAT_TICKS_H
#define _MMKIT_COMPAT_TICKS_H

#include <linux/ktime.h>
#include <linux/types.h>

#ifdef CONFIG_X86
#include "ticks_x86.h"
#else
static inline u64 mmkit_ticks(void)
{
	return ktime_get_ns();
}

static inline u64 mmkit_ticks_khz(void)
{
	return 1000000;
}

static inline void mmkit_turns_of_2(unsigned long turns) { }
static inline void mmkit_turns_of_18(unsigned long turns) { }

#define MMKIT_HAS_TURNS	0
#endif

#endif
