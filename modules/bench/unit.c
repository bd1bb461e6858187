// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a tick of the clock is. Two loops, whose instructions are known, are
 * timed: only a clock that counts instructions gives exactly their number for
 * both. On hardware the longer turn takes a few times as long as the shorter,
 * not nine times.
 */
#include <linux/irqflags.h>
#include <linux/math64.h>
#include "compat/ticks.h"
#include "measure.h"

#define TURNS	4096

static u64 time_turns(void (*turns)(unsigned long n))
{
	u64 begin, end, best = U64_MAX;
	unsigned long flags;
	int i;

	for (i = 0; i < 3; i++) {
		local_irq_save(flags);
		begin = mmkit_ticks();
		turns(TURNS);
		end = mmkit_ticks();
		local_irq_restore(flags);
		best = min(best, end - begin);
	}
	return best;
}

/* A few instructions are around the loop. */
static bool is_count(u64 ticks, u64 instructions)
{
	return ticks >= instructions && ticks - instructions < 64;
}

/**
 * mmkit_unit() - Find out what a tick is.
 *
 * Context: Any.
 * Return: enum mmkit_bench_unit.
 */
u32 mmkit_unit(void)
{
	if (MMKIT_HAS_TURNS &&
	    is_count(time_turns(mmkit_turns_of_2), 2 * TURNS) &&
	    is_count(time_turns(mmkit_turns_of_18), 18 * TURNS))
		return MMKIT_BENCH_UNIT_INSTRUCTION;
	return MMKIT_BENCH_UNIT_TICK;
}
