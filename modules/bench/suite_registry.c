// SPDX-License-Identifier: GPL-2.0-only
/* Whatever allocators are registered, called as the exerciser calls them. */
#include <linux/gfp.h>
#include <linux/numa.h>
#include <mmkit/registry.h>
#include "measure.h"

static bool registry_alloc(struct mmkit_loop *loop, u64 n)
{
	const struct mmkit_allocator *allocator = loop->allocator;
	size_t bytes = loop->x;
	void *p;
	u64 i;

	for (i = 0; i < n; i++) {
		p = allocator->alloc(bytes, GFP_KERNEL | __GFP_NOWARN |
				     __GFP_RETRY_MAYFAIL, NUMA_NO_NODE);
		if (!p)
			return false;
		allocator->free(p, bytes);
	}
	return true;
}

const struct mmkit_suite_row mmkit_suite_registry[] = {
	{
		.name = "registry/alloc", .axis = "bytes",
		.help = "alloc and free of a registered allocator",
		.flags = MMKIT_BENCH_ALLOCATOR,
		.x = { 64, 4096, 65536 },
		.run = registry_alloc, .holds = mmkit_holds_bytes,
	},
	{ }
};
