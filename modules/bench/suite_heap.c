// SPDX-License-Identifier: GPL-2.0-only
/* kmalloc(), kvmalloc(), vmalloc(), as a driver calls them. */
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "measure.h"

#define MMKIT_GFP_PLAIN	(GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

static bool heap_kmalloc(struct mmkit_loop *loop, u64 n)
{
	size_t bytes = loop->x;
	void *p;
	u64 i;

	for (i = 0; i < n; i++) {
		p = kmalloc(bytes, MMKIT_GFP_PLAIN);
		if (!p)
			return false;
		kfree(p);
	}
	return true;
}

static bool heap_kvmalloc(struct mmkit_loop *loop, u64 n)
{
	size_t bytes = loop->x;
	void *p;
	u64 i;

	/* Not RETRY_MAYFAIL, so that it gives up kmalloc() as it does. */
	for (i = 0; i < n; i++) {
		p = kvmalloc(bytes, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
		if (!p)
			return false;
		kvfree(p);
	}
	return true;
}

static bool heap_vmalloc(struct mmkit_loop *loop, u64 n)
{
	size_t bytes = loop->x << PAGE_SHIFT;
	void *p;
	u64 i;

	for (i = 0; i < n; i++) {
		p = __vmalloc(bytes, MMKIT_GFP_PLAIN);
		if (!p)
			return false;
		vfree(p);
	}
	return true;
}

static bool heap_huge(struct mmkit_loop *loop, u64 n)
{
	size_t bytes = loop->x << PAGE_SHIFT;
	void *p;
	u64 i;

	for (i = 0; i < n; i++) {
		p = vmalloc_huge(bytes, MMKIT_GFP_PLAIN);
		if (!p)
			return false;
		vfree(p);
	}
	return true;
}

static u64 holds_class(u64 x)
{
	return roundup_pow_of_two(x);
}

/* From one huge page on it takes whole ones. */
static u64 holds_huge(u64 x)
{
	return ALIGN(x << PAGE_SHIFT, PMD_SIZE);
}

const struct mmkit_suite_row mmkit_suite_heap[] = {
	{
		.name = "heap/kmalloc", .axis = "bytes",
		.help = "kmalloc() and kfree(), each size class and whole pages",
		.x = { 8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096,
		       8192, 16384, 65536, 1 << 20, 4 << 20 },
		.run = heap_kmalloc, .holds = holds_class,
	}, {
		.name = "heap/kvmalloc", .axis = "bytes",
		.help = "kvmalloc() and kvfree(), to both sides of the edge",
		.x = { 4096, 8192, 16384, 32768, 65536, 1 << 20, 4 << 20,
		       (4 << 20) + 4096, 8 << 20 },
		.run = heap_kvmalloc, .holds = holds_class,
	}, {
		.name = "heap/vmalloc", .axis = "pages",
		.help = "vmalloc() and vfree(); cost of an area",
		.x = { 1, 2, 4, 8, 16, 64, 256, 512 },
		.run = heap_vmalloc, .holds = mmkit_holds_pages,
	}, {
		.name = "heap/huge", .axis = "pages",
		.help = "vmalloc_huge() and vfree(); cost of an area",
		.x = { 256, 512, 1024 },
		.run = heap_huge, .holds = holds_huge,
	},
	{ }
};
