// SPDX-License-Identifier: GPL-2.0-only
/* alloc_percpu(). */
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include "measure.h"

static bool percpu_alloc(struct mmkit_loop *loop, u64 n)
{
	size_t bytes = loop->x;
	void __percpu *p;
	u64 i;

	/* RETRY_MAYFAIL does not reach the page allocator: mm/percpu.c. */
	for (i = 0; i < n; i++) {
		p = __alloc_percpu_gfp(bytes, sizeof(u64), GFP_KERNEL |
				       __GFP_NOWARN | __GFP_NORETRY);
		if (!p)
			return false;
		free_percpu(p);
	}
	return true;
}

static u64 holds_percpu(u64 x)
{
	return x * num_possible_cpus();
}

const struct mmkit_suite_row mmkit_suite_percpu[] = {
	{
		.name = "percpu/alloc", .axis = "bytes",
		.help = "alloc_percpu() and free_percpu(), bytes on each CPU",
		.x = { 8, 64, 512, 4096, PCPU_MIN_UNIT_SIZE },
		.run = percpu_alloc, .holds = holds_percpu,
	},
	{ }
};
