// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page allocated and freed 64 times, written out by hand: no loop, no table,
 * nothing of mmkit's. What mmkit bench measures of it must be the same. For
 * a kernel whose clock counts instructions.
 */
#include <asm/msr.h>
#include <asm/tsc.h>
#include <linux/gfp.h>
#include <linux/module.h>

#define GFP	(GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)
#define ROUNDS	16

static unsigned long ticks;
module_param(ticks, ulong, 0444);
MODULE_PARM_DESC(ticks, "of the fastest of the rounds, 64 pages each");

#define ONE							\
	do {							\
		struct page *page = alloc_pages(GFP, 0);	\
								\
		if (page)					\
			__free_pages(page, 0);			\
	} while (0)
#define FOUR		do { ONE; ONE; ONE; ONE; } while (0)
#define SIXTEEN		do { FOUR; FOUR; FOUR; FOUR; } while (0)

static int __init hand_init(void)
{
	u64 begin, spent;
	int i;

	ticks = ULONG_MAX;
	for (i = 0; i < ROUNDS; i++) {
		begin = rdtsc_ordered();
		SIXTEEN;
		SIXTEEN;
		SIXTEEN;
		SIXTEEN;
		spent = rdtsc_ordered() - begin;
		ticks = min_t(unsigned long, ticks, spent);
	}
	return 0;
}

static void __exit hand_exit(void)
{
}

module_init(hand_init);
module_exit(hand_exit);

MODULE_DESCRIPTION("mmkit: a page allocated and freed by hand, for comparison");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
