/* SPDX-License-Identifier: GPL-2.0-only */
/* The time-stamp counter, and loops whose instructions can be counted. */
#ifndef _MMKIT_COMPAT_TICKS_X86_H
#define _MMKIT_COMPAT_TICKS_X86_H

#include <asm/msr.h>
#include <asm/tsc.h>

static inline u64 mmkit_ticks(void)
{
	return rdtsc_ordered();
}

static inline u64 mmkit_ticks_khz(void)
{
	return tsc_khz;
}

/* Two instructions in each turn. */
static inline void mmkit_turns_of_2(unsigned long turns)
{
	asm volatile("1:	dec %0\n"
		     "	jnz 1b" : "+r" (turns) : : "cc");
}

/* Eighteen instructions in each turn. */
static inline void mmkit_turns_of_18(unsigned long turns)
{
	asm volatile("1:	.rept 16; nop; .endr\n"
		     "	dec %0\n"
		     "	jnz 1b" : "+r" (turns) : : "cc");
}

#define MMKIT_HAS_TURNS	1

#endif
