// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/mmkit/pages: every way to allocate, every way to refuse, and that what
 * was taken comes back.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib.h"

static u32 max_order;
static bool has_dma;
static int one_fd;	/* for what leaves nothing behind */

static int try(const struct mmkit_pages_alloc *request, u32 *handle)
{
	struct mmkit_pages_alloc alloc = *request;
	int err = call(one_fd, MMKIT_PAGES_ALLOC, &alloc);

	if (handle)
		*handle = alloc.handle;
	return err;
}

static void nothing_held(void)
{
	struct mmkit_session_info now = session(one_fd);

	EQUAL(now.handles, 0);
	EQUAL(now.bytes, 0);
}

/* --- refusals */

#define COMP	MMKIT_GFP_COMP
#define MOVABLE	MMKIT_GFP_HIGHUSER_MOVABLE
#define BIG	(1ull << 32)

static const struct {
	const char *name;
	struct mmkit_pages_alloc alloc;
	int want;
} refusals[] = {
	{ "an unknown function", { .how = MMKIT_PAGES_HOW_NR, .count = 1 },
	  -EINVAL },
	{ "function 2^32-1", { .how = ~0u, .count = 1 }, -EINVAL },
	{ "reserved", { .count = 1, .reserved = 1 }, -EINVAL },
	{ "an unknown flag", { .count = 1, .flags = 2 }, -EINVAL },
	{ "count 0", { .count = 0 }, -EINVAL },
	{ "count 2^26+1", { .count = (1 << 26) + 1 }, -EINVAL },
	{ "count 2^31", { .count = 1u << 31 }, -EINVAL },
	{ "count 2^32-1", { .count = ~0u }, -EINVAL },
	{ "count 2^26", { .count = 1 << 26 }, -EDQUOT },
	{ "count 2^26 of order 10", { .count = 1 << 26, .order = 10 },
	  -EDQUOT },
	{ "order 16", { .count = 1, .order = 16 }, -EINVAL },
	{ "order 63", { .count = 1, .order = 63 }, -EINVAL },
	{ "order 2^31", { .count = 1, .order = 1u << 31 }, -EINVAL },
	{ "order 2^32-1", { .count = 1, .order = ~0u }, -EINVAL },
	{ "bytes for the buddy", { .count = 1, .bytes = PAGE }, -EINVAL },
	{ "order for bulk",
	  { .how = MMKIT_PAGES_BULK, .count = 1, .order = 1 }, -EINVAL },
	{ "bytes for bulk",
	  { .how = MMKIT_PAGES_BULK, .count = 1, .bytes = 1 }, -EINVAL },
	{ "split in bulk",
	  { .how = MMKIT_PAGES_BULK, .count = 1, .flags = 1 }, -EINVAL },
	{ "split of compound pages",
	  { .count = 1, .order = 1, .gfp = COMP, .flags = 1 }, -EINVAL },
	{ "exact without bytes", { .how = MMKIT_PAGES_EXACT, .count = 1 },
	  -EINVAL },
	{ "exact with an order",
	  { .how = MMKIT_PAGES_EXACT, .count = 1, .bytes = 1, .order = 1 },
	  -EINVAL },
	{ "exact on a node",
	  { .how = MMKIT_PAGES_EXACT, .count = 1, .bytes = 1, .node = 0 },
	  -EINVAL },
	{ "exact and compound",
	  { .how = MMKIT_PAGES_EXACT, .count = 1, .bytes = 1, .gfp = COMP },
	  -EINVAL },
	{ "exact and movable",
	  { .how = MMKIT_PAGES_EXACT, .count = 1, .bytes = 1, .gfp = MOVABLE },
	  -EINVAL },
	{ "exact above the largest order",
	  { .how = MMKIT_PAGES_EXACT, .count = 1, .bytes = BIG },
	  -EOPNOTSUPP },
	{ "exact of 2^64-1 bytes",
	  { .how = MMKIT_PAGES_EXACT, .count = 1, .bytes = ~0ull },
	  -EOPNOTSUPP },
	{ "split and exact",
	  { .how = MMKIT_PAGES_EXACT, .count = 1, .bytes = 1, .flags = 1 },
	  -EINVAL },
	{ "contig without bytes", { .how = MMKIT_PAGES_CONTIG, .count = 1 },
	  -EINVAL },
	{ "contig and compound",
	  { .how = MMKIT_PAGES_CONTIG, .count = 1, .bytes = 1, .gfp = COMP },
	  -EINVAL },
	{ "contig that may not wait",
	  { .how = MMKIT_PAGES_CONTIG, .count = 1, .bytes = 1,
	    .gfp = MMKIT_GFP_ATOMIC }, -EINVAL },
	{ "contig that may not retry",
	  { .how = MMKIT_PAGES_CONTIG, .count = 1, .bytes = 1,
	    .gfp = MMKIT_GFP_NORETRY }, -EINVAL },
	{ "node -2", { .count = 1, .node = -2 }, -EINVAL },
	{ "node 1 where there is none", { .count = 1, .node = 1 }, -EINVAL },
	{ "node 2^31-1", { .count = 1, .node = 0x7fffffff }, -EINVAL },
	{ "node -2^31", { .count = 1, .node = -0x7fffffff - 1 }, -EINVAL },
	{ "an unknown gfp bit", { .count = 1, .gfp = 1u << 4 }, -EINVAL },
	{ "gfp 2^31", { .count = 1, .gfp = 1u << 31 }, -EINVAL },
	{ "gfp 2^32-1", { .count = 1, .gfp = ~0u }, -EINVAL },
	{ "two contexts",
	  { .count = 1, .gfp = MMKIT_GFP_KERNEL | MMKIT_GFP_ATOMIC },
	  -EINVAL },
	{ "two zones",
	  { .count = 1, .gfp = MMKIT_GFP_DMA | MMKIT_GFP_DMA32 }, -EINVAL },
	{ "a zone for movable pages",
	  { .count = 1, .gfp = MOVABLE | MMKIT_GFP_DMA32 }, -EINVAL },
	{ "to retry and not to",
	  { .count = 1,
	    .gfp = MMKIT_GFP_NORETRY | MMKIT_GFP_RETRY_MAYFAIL }, -EINVAL },
};

/* Rows that do not name a node mean the caller's. */
static void refuse(size_t i)
{
	struct mmkit_pages_alloc alloc = refusals[i].alloc;
	bool names_node = strstr(refusals[i].name, "node");

	test("alloc refuses %s", refusals[i].name);
	alloc.size = sizeof(alloc);
	if (!names_node)
		alloc.node = -1;
	EQUAL(try(&alloc, NULL), refusals[i].want);
	nothing_held();
}

static void refuse_order(void)
{
	struct mmkit_pages_alloc alloc = alloc_init(max_order + 1, 1);

	test("bug 27: alloc refuses one order above the largest");
	EQUAL(try(&alloc, NULL), -EINVAL);
	nothing_held();
}

static void no_memory(void)
{
	struct mmkit_pages_alloc alloc = alloc_init(max_order, 8);

	test("alloc says ENOMEM when a zone has no more, and keeps nothing");
	if (!has_small_dma(one_fd)) {
		skip("no ZONE_DMA that is small");
		return;
	}
	/* 16 MiB of ZONE_DMA are less than eight blocks and what is in use. */
	alloc.gfp = MMKIT_GFP_DMA | MMKIT_GFP_NORETRY;
	EQUAL(try(&alloc, NULL), -ENOMEM);
	nothing_held();
}

static void contig(void)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 1);
	bool can = info().features & MMKIT_FEATURE_CONTIG_ALLOC;
	u32 handle;
	int err;

	test("a contiguous range is had where the kernel exports a way");
	alloc.how = MMKIT_PAGES_CONTIG;
	alloc.bytes = (PAGE << max_order) + PAGE;
	err = try(&alloc, &handle);
	if (!can) {
		EQUAL(err, -EOPNOTSUPP);
	} else {
		EQUAL(err, 0);
		EQUAL(session(one_fd).bytes, alloc.bytes);
		EQUAL(pages_free(one_fd, handle), 0);
	}
	nothing_held();
}

/* --- every combination */

static const struct {
	const char *name;
	u32 gfp;
} contexts[] = {
	{ "no context", 0 },
	{ "KERNEL", MMKIT_GFP_KERNEL },
	{ "ATOMIC", MMKIT_GFP_ATOMIC },
	{ "NOWAIT", MMKIT_GFP_NOWAIT },
	{ "HIGHUSER_MOVABLE", MOVABLE },
	{ "DMA", MMKIT_GFP_DMA },
	{ "DMA32", MMKIT_GFP_DMA32 },
	{ "ATOMIC DMA32", MMKIT_GFP_ATOMIC | MMKIT_GFP_DMA32 },
};

static const u32 modifiers[] = {
	0, MMKIT_GFP_ZERO, MMKIT_GFP_NOWARN, MMKIT_GFP_NORETRY,
	MMKIT_GFP_RETRY_MAYFAIL, MMKIT_GFP_THISNODE, COMP,
	MMKIT_GFP_ZERO | COMP | MMKIT_GFP_NOWARN | MMKIT_GFP_THISNODE,
};

/* The bit of linux/kernel-page-flags.h. */
#define KPF_HEAD	(1ull << 15)

static void check_block(const struct mmkit_page *page, u32 order, u32 gfp)
{
	EQUAL(page->order, order);
	EQUAL(page->refcount, 1);
	EQUAL(page->mapcount, 0);
	EQUAL(page->node, 0);
	EQUAL(page->pfn % (1 << order), 0);
	EQUAL(page->buddy, page->pfn ^ (1 << order));
	EQUAL(!!(page->flags & KPF_HEAD), order && (gfp & COMP));
	EQUAL(page->state & ~(MMKIT_PAGE_BUDDY_FREE | MMKIT_PAGE_NOBUDDY), 0);
	if ((gfp & MMKIT_GFP_DMA) && has_dma)
		EQUAL(page->zone, MMKIT_ZONE_DMA);
	else if (gfp & MMKIT_GFP_DMA32)
		CHECK(page->zone <= MMKIT_ZONE_DMA32);
}

static void one_combination(u32 how, u32 order, u32 gfp)
{
	struct mmkit_pages_alloc alloc = alloc_init(order, 2);
	struct mmkit_page page[2];

	alloc.how = how;
	alloc.gfp = gfp;
	if (!EQUAL(call(one_fd, MMKIT_PAGES_ALLOC, &alloc), 0)) {
		diag("how %u order %u gfp 0x%x", how, order, gfp);
		return;
	}
	EQUAL(alloc.blocks, 2);
	EQUAL(session(one_fd).bytes, 2 * PAGE << order);
	EQUAL(pages_describe(one_fd, alloc.handle, 0, 2, page), 2);
	check_block(&page[0], order, gfp);
	check_block(&page[1], order, gfp);
	CHECK(page[0].pfn != page[1].pfn);
	EQUAL(pages_free(one_fd, alloc.handle), 0);
}

/* ZONE_DMA has few large blocks, and so have those who may not wait. */
static u32 order_limit(u32 gfp)
{
	return gfp & MMKIT_GFP_DMA ? 6 : max_order;
}

static void combinations(size_t i)
{
	u32 gfp = contexts[i].gfp;
	u32 order;
	size_t j;

	test("blocks of every order, %s with every modifier",
	     contexts[i].name);
	for (order = 0; order <= order_limit(gfp); order++)
		for (j = 0; j < ARRAY_SIZE(modifiers); j++)
			one_combination(MMKIT_PAGES_BUDDY, order,
					gfp | modifiers[j]);
	nothing_held();
	test("bulk, %s with every modifier", contexts[i].name);
	for (j = 0; j < ARRAY_SIZE(modifiers); j++)
		one_combination(MMKIT_PAGES_BULK, 0, gfp | modifiers[j]);
	nothing_held();
}

static void bulk(void)
{
	const u32 counts[] = { 1, 2, 511, 512, 513, 4096 };
	struct mmkit_pages_alloc alloc = alloc_init(0, 0);
	size_t i;

	test("bulk gives as many pages as were asked for");
	alloc.how = MMKIT_PAGES_BULK;
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		alloc.count = counts[i];
		EQUAL(call(one_fd, MMKIT_PAGES_ALLOC, &alloc), 0);
		EQUAL(alloc.blocks, counts[i]);
		EQUAL(session(one_fd).bytes, counts[i] * PAGE);
		EQUAL(pages_free(one_fd, alloc.handle), 0);
	}
	nothing_held();
}

static void exact(void)
{
	const u64 sizes[] = { 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE, 5 * PAGE,
			      33 * PAGE + 7, 1000 * PAGE, PAGE << max_order };
	struct mmkit_pages_alloc alloc = alloc_init(0, 2);
	struct mmkit_page page[2];
	size_t i;

	test("exact sizes, odd ones too, are charged by the page");
	alloc.how = MMKIT_PAGES_EXACT;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		alloc.bytes = sizes[i];
		EQUAL(call(one_fd, MMKIT_PAGES_ALLOC, &alloc), 0);
		EQUAL(alloc.blocks, 2);
		EQUAL(session(one_fd).bytes,
		      2 * ((sizes[i] + PAGE - 1) / PAGE * PAGE));
		EQUAL(pages_describe(one_fd, alloc.handle, 0, 2, page), 2);
		EQUAL(page[0].refcount, 1);
		EQUAL(pages_free(one_fd, alloc.handle), 0);
	}
	nothing_held();
}

/* The tail of an exact block went back: the page after it is someone else's. */
static void exact_tail(void)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 1);
	struct mmkit_page head, page;
	u32 i;

	test("every page of an exact block is in use, each by itself");
	alloc.how = MMKIT_PAGES_EXACT;
	alloc.bytes = 5 * PAGE;
	EQUAL(call(one_fd, MMKIT_PAGES_ALLOC, &alloc), 0);
	EQUAL(pages_describe(one_fd, alloc.handle, 0, 1, &head), 1);
	for (i = 0; i < 5; i++) {
		EQUAL(pages_describe(one_fd, 0, head.pfn + i, 1, &page), 1);
		EQUAL(page.refcount, 1);
	}
	EQUAL(pages_free(one_fd, alloc.handle), 0);
	nothing_held();
}

static void split(u32 order)
{
	struct mmkit_pages_alloc alloc = alloc_init(order, 3);
	struct mmkit_page page[3 << 6];
	u32 i, nr = 3u << order;

	alloc.flags = MMKIT_PAGES_SPLIT;
	EQUAL(call(one_fd, MMKIT_PAGES_ALLOC, &alloc), 0);
	EQUAL(alloc.blocks, nr);
	EQUAL(session(one_fd).bytes, nr * PAGE);
	EQUAL(pages_describe(one_fd, alloc.handle, 0, nr, page), nr);
	for (i = 0; i < nr; i++) {
		EQUAL(page[i].order, 0);
		EQUAL(page[i].refcount, 1);
		EQUAL(page[i].pfn, page[i >> order << order].pfn +
				   i % (1 << order));
	}
	EQUAL(pages_free(one_fd, alloc.handle), 0);
}

static void splits(void)
{
	u32 order;

	test("split blocks are single pages that lie side by side");
	for (order = 0; order <= 6; order++)
		split(order);
	nothing_held();
}

/* --- free */

static int free_some(u32 handle, u32 first, u32 nr, u32 stride)
{
	struct mmkit_pages_free free = {
		.size = sizeof(free),
		.handle = handle,
		.first = first,
		.nr = nr,
		.stride = stride,
	};

	return call(one_fd, MMKIT_PAGES_FREE, &free);
}

static void free_refused(void)
{
	u32 handle = pages_alloc(one_fd, 0, 10);
	static const struct {
		u32 first;
		u32 nr;
	} outside[] = {
		{ 10, 0 }, { 10, 1 }, { 0, 11 }, { 9, 2 }, { ~0u, 0 },
		{ ~0u, 1 }, { 1, ~0u }, { 1u << 31, 1u << 31 }, { 0, ~0u },
	};
	size_t i;

	test("free refuses what is outside, and frees nothing then");
	for (i = 0; i < ARRAY_SIZE(outside); i++)
		EQUAL(free_some(handle, outside[i].first, outside[i].nr, 0),
		      -EINVAL);
	EQUAL(free_some(handle + 1, 0, 0, 0), -ENOENT);
	EQUAL(free_some(0, 0, 0, 0), -ENOENT);
	EQUAL(free_some(~0u, 0, 0, 0), -ENOENT);
	EQUAL(free_some(1u << 31, 0, 0, 0), -ENOENT);
	EQUAL(session(one_fd).bytes, 10 * PAGE);
	EQUAL(free_some(handle, 0, 0, 0), 0);
	EQUAL(free_some(handle, 0, 0, 0), -ENOENT);
	nothing_held();
}

static void free_reserved(void)
{
	struct mmkit_pages_free free = {
		.size = sizeof(free),
		.handle = pages_alloc(one_fd, 0, 1),
		.reserved = 1,
	};

	test("free refuses reserved");
	EQUAL(call(one_fd, MMKIT_PAGES_FREE, &free), -EINVAL);
	free.reserved = 0;
	EQUAL(call(one_fd, MMKIT_PAGES_FREE, &free), 0);
	nothing_held();
}

static void free_twice(void)
{
	u32 handle = pages_alloc(one_fd, 1, 8);

	test("a block that is free already is ENOENT, and nothing is freed");
	EQUAL(free_some(handle, 3, 2, 0), 0);
	EQUAL(session(one_fd).bytes, 6 * 2 * PAGE);
	EQUAL(free_some(handle, 3, 1, 0), -ENOENT);
	EQUAL(free_some(handle, 0, 8, 0), -ENOENT);
	EQUAL(free_some(handle, 2, 2, 0), -ENOENT);
	EQUAL(free_some(handle, 4, 3, 2), -ENOENT);
	EQUAL(session(one_fd).bytes, 6 * 2 * PAGE);
	/* 5 and 7: the ones between do not matter. */
	EQUAL(free_some(handle, 5, 3, 2), 0);
	EQUAL(session(one_fd).bytes, 4 * 2 * PAGE);
	EQUAL(free_some(handle, 0, 0, 0), 0);
	nothing_held();
}

static void free_rest(void)
{
	u32 handle = pages_alloc(one_fd, 0, 9);

	test("with nr 0 free means what is left from first on");
	EQUAL(free_some(handle, 1, 3, 2), 0);	/* 1, 3 */
	EQUAL(free_some(handle, 6, 0, 0), 0);	/* 6 to 8 */
	EQUAL(session(one_fd).bytes, 4 * PAGE);
	EQUAL(free_some(handle, 6, 0, 0), -ENOENT);
	EQUAL(session(one_fd).handles, 1);
	EQUAL(free_some(handle, 0, 0, 0), 0);
	nothing_held();
}

static void free_strides(void)
{
	const u32 strides[] = { 0, 1, 2, 3, 7, 63, 64, 65, 1u << 31, ~0u };
	u32 handle, step;
	size_t i;

	test("free takes any stride");
	for (i = 0; i < ARRAY_SIZE(strides); i++) {
		handle = pages_alloc(one_fd, 0, 64);
		EQUAL(free_some(handle, 0, 64, strides[i]), 0);
		step = strides[i] ?: 1;
		EQUAL(session(one_fd).bytes,
		      (64 - (64 + (u64)step - 1) / step) * PAGE);
		if (session(one_fd).handles)
			EQUAL(free_some(handle, 0, 0, 0), 0);
	}
	nothing_held();
}

/* Every block by itself, in an order that visits each once. */
static void free_scattered(void)
{
	u32 handle = pages_alloc(one_fd, 2, 101);
	u32 i;

	test("blocks can be freed in any order; the handle goes with the last");
	for (i = 0; i < 101; i++) {
		EQUAL(session(one_fd).handles, 1);
		EQUAL(session(one_fd).bytes, (101 - i) * 4 * PAGE);
		EQUAL(free_some(handle, i * 37 % 101, 1, 0), 0);
	}
	EQUAL(free_some(handle, 0, 1, 0), -ENOENT);
	nothing_held();
}

static void handles_reused(void)
{
	u32 one = pages_alloc(one_fd, 0, 1);
	u32 two = pages_alloc(one_fd, 0, 1);

	test("handles start at 1 and come again once they are free");
	EQUAL(one, 1);
	EQUAL(two, 2);
	EQUAL(pages_free(one_fd, one), 0);
	EQUAL(pages_alloc(one_fd, 0, 1), one);
	EQUAL(pages_free(one_fd, one), 0);
	EQUAL(pages_free(one_fd, two), 0);
	nothing_held();
}

/* --- describe */

static int describe_raw(u32 handle, u64 first, u32 nr, u32 step,
			struct mmkit_page *page)
{
	struct mmkit_pages_describe describe = {
		.size = sizeof(describe),
		.handle = handle,
		.first = first,
		.nr = nr,
		.step = step,
		.pages = PTR(page),
	};
	int err = call(one_fd, MMKIT_PAGES_DESCRIBE, &describe);

	return err ?: (int)describe.nr;
}

static void describe_refused(void)
{
	static struct mmkit_page page[MMKIT_PAGES_DESCRIBE_MAX];
	u32 handle = pages_alloc(one_fd, 0, 10);

	test("describe refuses what is outside");
	EQUAL(describe_raw(handle, 0, 0, 0, page), -EINVAL);
	EQUAL(describe_raw(handle, 0, MMKIT_PAGES_DESCRIBE_MAX + 1, 0, page),
	      -EINVAL);
	EQUAL(describe_raw(handle, 0, ~0u, 0, page), -EINVAL);
	EQUAL(describe_raw(handle, 10, 1, 0, page), -EINVAL);
	EQUAL(describe_raw(handle, ~0ull, 1, 0, page), -EINVAL);
	EQUAL(describe_raw(handle, 1ull << 32, 1, 0, page), -EINVAL);
	EQUAL(describe_raw(handle, 0, 1, 1, page), -EINVAL);
	EQUAL(describe_raw(handle + 1, 0, 1, 0, page), -ENOENT);
	EQUAL(describe_raw(handle, 0, MMKIT_PAGES_DESCRIBE_MAX, 0, page), 10);
	EQUAL(describe_raw(handle, 9, 4, 0, page), 1);
	EQUAL(pages_free(one_fd, handle), 0);
	nothing_held();
}

static void describe_freed(void)
{
	struct mmkit_page page[3];
	u32 handle = pages_alloc(one_fd, 0, 3);

	test("a block that was freed is described as no page");
	EQUAL(free_some(handle, 1, 1, 0), 0);
	EQUAL(pages_describe(one_fd, handle, 0, 3, page), 3);
	CHECK(!(page[0].state & MMKIT_PAGE_NOPAGE));
	CHECK(page[1].state & MMKIT_PAGE_NOPAGE);
	EQUAL(page[1].pfn, 0);
	CHECK(!(page[2].state & MMKIT_PAGE_NOPAGE));
	EQUAL(pages_free(one_fd, handle), 0);
	nothing_held();
}

/* Frames far outside of memory, and arithmetic that wraps. */
static void describe_frames(void)
{
	const u64 frames[] = { 1ull << 40, 1ull << 52, ~0ull >> 12, ~0ull - 1,
			       1ull << 63 };
	struct mmkit_page page[64];
	size_t i;

	test("any page frame number can be asked for");
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		EQUAL(describe_raw(0, frames[i], 64, ~0u, page), 64);
		CHECK(page[0].state & MMKIT_PAGE_NOPAGE);
		EQUAL(page[0].pfn, frames[i]);
		EQUAL(page[0].zone, MMKIT_ZONE_UNKNOWN);
	}
	EQUAL(describe_raw(0, 512, 2, 16, page), 2);
	EQUAL(page[1].pfn, 528);
	nothing_held();
}

static void describe_lets_go(void)
{
	struct mmkit_pages_alloc alloc = alloc_init(1, 1);
	struct mmkit_page page, seen;
	u32 handle;
	int i;

	test("a page that was looked at by its frame is nobody's besides");
	/* One that is held meanwhile. */
	alloc.gfp = COMP;
	EQUAL(try(&alloc, &handle), 0);
	EQUAL(pages_describe(one_fd, handle, 0, 1, &page), 1);
	for (i = 0; i < 3; i++) {
		EQUAL(describe_raw(0, page.pfn, 1, 1, &seen), 1);
		EQUAL(seen.refcount, page.refcount);
	}
	EQUAL(pages_describe(one_fd, handle, 0, 1, &seen), 1);
	EQUAL(seen.refcount, page.refcount);
	EQUAL(pages_free(one_fd, handle), 0);
}

#define GROUP	"/sys/fs/cgroup/mmkit-looked-at"

/* What the kernel holds in the group's name. */
static s64 group_kernel_bytes(void)
{
	char text[16384];
	const char *at = NULL;

	if (file_read(GROUP "/memory.stat", text, sizeof(text)))
		at = strstr(text, "\nkernel ");
	return at ? strtoll(at + strlen("\nkernel "), NULL, 10) : -1;
}

struct looker {
	atomic_ulong pfn;	/* ~0: it ends */
	atomic_uint looks;
	atomic_uint wrong;	/* only one thread makes checks */
};

static void *look(void *data)
{
	struct looker *looker = data;
	struct mmkit_page page;
	unsigned long pfn;

	while ((pfn = looker->pfn) != ~0ul) {
		looker->wrong += describe_raw(0, pfn, 1, 0, &page) != 1;
		looker->looks++;
	}
	return NULL;
}

#define LOOK_ORDER	6
#define LOOK_ROUNDS	1000

/* Its own session, so that no lock keeps the two apart. */
static void free_looked_at(void *unused)
{
	struct looker looker = { .pfn = 0 };
	int fd = dev_open("pages"), i;
	struct mmkit_page page;
	pthread_t thread;
	char pid[16];

	(void)unused;
	snprintf(pid, sizeof(pid), "%d", getpid());
	EQUAL(file_write(GROUP "/cgroup.procs", pid), 0);
	if (pthread_create(&thread, NULL, look, &looker))
		bail("no thread");
	for (i = 0; i < LOOK_ROUNDS; i++) {
		u32 handle = pages_alloc(fd, LOOK_ORDER, 1), looks;

		EQUAL(pages_describe(fd, handle, 0, 1, &page), 1);
		looker.pfn = page.pfn;
		for (looks = looker.looks; looker.looks - looks < 2;)
			sched_yield();
		EQUAL(pages_free(fd, handle), 0);
	}
	looker.pfn = ~0ul;
	pthread_join(thread, NULL);
	EQUAL(looker.wrong, 0);
	close(fd);
}

/*
 * Who holds the first page of a block that is not compound while it is freed has the
 * others stay charged. The group's own few pages go later than its processes.
 */
static void describe_charges(void)
{
	int i;

	test("a block that was looked at while it was freed is charged to nobody");
	if (mkdir(GROUP, 0755) || group_kernel_bytes() < 0) {
		skip("no memory cgroup that tells of the kernel's memory");
		return;
	}
	EQUAL(in_child(free_looked_at, NULL), 0);
	for (i = 0; i < 50 && group_kernel_bytes() > 1 << 20; i++)
		usleep(100000);
	BETWEEN(group_kernel_bytes(), 0, 1 << 20);
	EQUAL(rmdir(GROUP), 0);
}

/* --- memory comes back */

static s64 free_pages(void)
{
	struct mmkit_zone zone[16];
	u32 i, nr = pages_zones(one_fd, zone, 16);
	s64 pages = 0;

	for (i = 0; i < nr && i < 16; i++)
		pages += zone[i].free + zone[i].pcp_pages;
	return pages;
}

/* What per-cpu batches and the kernel's own needs may move meanwhile. */
#define NOISE	1024

static void comes_back(void)
{
	s64 before, during, after;
	u32 handles[64];
	u32 i;

	test("64 MiB are missing while they are held, and come back");
	before = free_pages();
	for (i = 0; i < 64; i++)
		handles[i] = pages_alloc(one_fd, i % 9, 256 >> i % 9);
	during = free_pages();
	BETWEEN(before - during, 64 * 256 - NOISE, 64 * 256 + NOISE);
	for (i = 0; i < 64; i++)
		EQUAL(pages_free(one_fd, handles[i * 27 % 64]), 0);
	after = free_pages();
	BETWEEN(before - after, -NOISE, NOISE);
	nothing_held();
}

static void many_rounds(void)
{
	s64 before;
	u32 i, handle;

	test("2000 rounds of alloc, split, part free and free lose no page");
	before = free_pages();
	for (i = 0; i < 2000; i++) {
		struct mmkit_pages_alloc alloc = alloc_init(i % 4, 4);

		alloc.flags = i % 3 ? 0 : MMKIT_PAGES_SPLIT;
		EQUAL(try(&alloc, &handle), 0);
		EQUAL(free_some(handle, 1, 2, 0), 0);
		EQUAL(free_some(handle, 0, 0, 0), 0);
	}
	/* One page of a round lost would be twice as many. */
	BETWEEN(before - free_pages(), -NOISE, NOISE);
	nothing_held();
}

/* --- fragment */

static int fragment(u32 order, u64 bytes, u32 gfp, s32 node,
		    struct mmkit_pages_fragment *out)
{
	struct mmkit_pages_fragment arg = {
		.size = sizeof(arg),
		.order = order,
		.bytes = bytes,
		.gfp = gfp,
		.node = node,
	};
	int err = call(one_fd, MMKIT_PAGES_FRAGMENT, &arg);

	if (out)
		*out = arg;
	return err;
}

static void fragment_refused(void)
{
	test("fragment refuses what makes no sense");
	EQUAL(fragment(0, 1 << 20, 0, -1, NULL), -EINVAL);
	EQUAL(fragment(max_order + 1, 1 << 30, 0, -1, NULL), -EINVAL);
	EQUAL(fragment(~0u, 1 << 20, 0, -1, NULL), -EINVAL);
	EQUAL(fragment(2, 1 << 20, COMP, -1, NULL), -EINVAL);
	EQUAL(fragment(2, 1 << 20, 1u << 31, -1, NULL), -EINVAL);
	EQUAL(fragment(2, 1 << 20, 0, -2, NULL), -EINVAL);
	EQUAL(fragment(2, 0, 0, -1, NULL), -EINVAL);
	EQUAL(fragment(2, 4 * PAGE - 1, 0, -1, NULL), -EINVAL);
	EQUAL(fragment(2, ~0ull, 0, -1, NULL), -EDQUOT);
	EQUAL(fragment(2, 1ull << 40, 0, -1, NULL), -EDQUOT);
	nothing_held();
}

/* Blocks of an order that can be had in the zone that most memory is in. */
static struct mmkit_zone largest_zone(void)
{
	struct mmkit_zone zone[16];
	u32 i, best = 0, nr = pages_zones(one_fd, zone, 16);

	for (i = 1; i < nr && i < 16; i++)
		if (zone[i].managed > zone[best].managed)
			best = i;
	return zone[best];
}

#define PCP_LIMIT	"/proc/sys/vm/percpu_pagelist_high_fraction"

static void free_many(u32 cpu)
{
	(void)cpu;
	EQUAL(pages_free(one_fd, pages_alloc(one_fd, 0, 8192)), 0);
}

/*
 * Pages on per-cpu lists keep their neighbours from merging. A list above its
 * limit gives some back at each free: lower the limit, free much on each CPU.
 */
static void empty_lists(void)
{
	EQUAL(file_write(PCP_LIMIT, "1000000"), 0);
	on_each_cpu(free_many);
	EQUAL(file_write(PCP_LIMIT, "0"), 0);
	EQUAL(file_write("/proc/sys/vm/compact_memory", "1"), 0);
}

static void fragment_indices(void)
{
	struct mmkit_pages_fragment made = { 0 };
	struct mmkit_zone before, during, after;
	const u32 order = 9;

	test("fragment moves the indices, and freeing moves them back");
	empty_lists();
	before = largest_zone();
	EQUAL(fragment(order, 128 << 20, 0, -1, &made), 0);
	/* What was given back lies on the lists of the CPUs that it was given on. */
	empty_lists();
	during = largest_zone();
	EQUAL(made.blocks, 64);
	EQUAL(session(one_fd).bytes, 64 * PAGE);
	/* 64 blocks of 2 MiB of a machine of 1 GiB can never form again. */
	CHECK(during.unusable[order] >= before.unusable[order] + 80);
	CHECK(during.nr_free[8] >= before.nr_free[8] + 40);
	BETWEEN((s64)(before.free + before.pcp_pages) -
		(s64)(during.free + during.pcp_pages), -NOISE, NOISE);
	EQUAL(pages_free(one_fd, made.handle), 0);
	empty_lists();
	after = largest_zone();
	/* Some blocks have lost a page to others meanwhile: most come back. */
	CHECK(2 * (during.unusable[order] - after.unusable[order]) >
	      during.unusable[order] - before.unusable[order]);
	diag("unusable %d, then %d, then %d", before.unusable[order],
	     during.unusable[order], after.unusable[order]);
	nothing_held();
}

/* As much as the quota lets: it stops early and without an error. */
static void fragment_all(void)
{
	struct mmkit_pages_fragment made = { 0 };
	u64 max = session(one_fd).max_bytes;

	test("fragment within the quota ends well, over it is EDQUOT");
	EQUAL(fragment(3, max, 0, -1, &made), 0);
	BETWEEN(made.blocks, 1, max / (8 * PAGE));
	EQUAL(session(one_fd).bytes, made.blocks * PAGE);
	EQUAL(fragment(3, max, 0, -1, NULL), -EDQUOT);
	EQUAL(session(one_fd).bytes, made.blocks * PAGE);
	EQUAL(pages_free(one_fd, made.handle), 0);
	nothing_held();
}

/* --- zones */

static void zones(void)
{
	struct mmkit_zone zone[16];
	struct mmkit_pages_zones arg = { .size = sizeof(arg) };
	u32 nr;

	test("zones fills the room there is and says how many there are");
	nr = pages_zones(one_fd, zone, 16);
	BETWEEN(nr, 1, 16);
	memset(zone, 0xa5, sizeof(zone));
	EQUAL(pages_zones(one_fd, zone, 1), nr);
	EQUAL((u8)zone[1].name[0], 0xa5);
	EQUAL(zone[0].orders, max_order + 1);
	EQUAL(call(one_fd, MMKIT_PAGES_ZONES, &arg), 0);
	EQUAL(arg.nr, nr);
	arg.nr = ~0u;
	arg.zones = PTR(unmapped());
	EQUAL(call(one_fd, MMKIT_PAGES_ZONES, &arg), -EFAULT);
}

static void refused(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		refuse(i);
	refuse_order();
	no_memory();
	contig();
}

static void allocated(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(contexts); i++)
		combinations(i);
	bulk();
	exact();
	exact_tail();
	splits();
}

static void freed(void)
{
	free_refused();
	free_reserved();
	free_twice();
	free_rest();
	free_strides();
	free_scattered();
	handles_reused();
}

int main(void)
{
	max_order = info().max_order;
	one_fd = dev_open("pages");
	has_dma = has_zone(one_fd, MMKIT_ZONE_DMA);
	refused();
	allocated();
	freed();
	describe_refused();
	describe_freed();
	describe_frames();
	describe_lets_go();
	/*
	 * The 32-bit form is for the layout of structs, so once is enough of what not
	 * every kernel has for it, a futex. On 7.x the indices hold in the first program
	 * after boot, and not in a second one.
	 */
	if (sizeof(long) == 8)
		describe_charges();
	comes_back();
	many_rounds();
	fragment_refused();
	if (sizeof(long) == 8)
		fragment_indices();
	fragment_all();
	zones();
	return tap_end();
}
