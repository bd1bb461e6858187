// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: sizes and limits, and real objects of every function. */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <mmkit/gfp.h>
#include "rows.h"

/* Internal to mmkit_heap: a module brings its own copy. */
#ifdef MODULE
#include "heap/item.c"
#include "heap/size.c"
#else
#include "heap/item.h"
#include "heap/size.h"
#endif

#include "../cases/heap.h"

MMKIT_ROWS(heap_check, heap_check_rows);
MMKIT_ROWS(heap_size, heap_size_rows);

struct heap_api_row {
	const char *name;
	u32 api;
	bool zeroed;	/* by the function itself */
};

static const struct heap_api_row heap_api_rows[] = {
	{ "kmalloc", MMKIT_HEAP_KMALLOC },
	{ "kzalloc", MMKIT_HEAP_KZALLOC, true },
	{ "kmalloc_array", MMKIT_HEAP_KMALLOC_ARRAY },
	{ "kmalloc_node", MMKIT_HEAP_KMALLOC_NODE },
	{ "kvmalloc", MMKIT_HEAP_KVMALLOC },
	{ "vmalloc", MMKIT_HEAP_VMALLOC },
	{ "vzalloc", MMKIT_HEAP_VZALLOC, true },
	{ "vmalloc_user", MMKIT_HEAP_VMALLOC_USER, true },
	{ "vmalloc_32", MMKIT_HEAP_VMALLOC_32 },
	{ "vmalloc_huge", MMKIT_HEAP_VMALLOC_HUGE },
	{ "vmap", MMKIT_HEAP_VMAP },
	{ "alloc_percpu", MMKIT_HEAP_ALLOC_PERCPU, true },
};

static struct mmkit_heap_ask ask_of(u32 api, u32 gfp)
{
	return (struct mmkit_heap_ask) {
		.api = api,
		.elements = 1,
		.gfp = mmkit_gfp_kernel(gfp),
		.node = NUMA_NO_NODE,
	};
}

static struct mmkit_heap_item get(struct kunit *test, u32 api, u32 gfp,
				  u64 bytes)
{
	const struct mmkit_heap_ask ask = ask_of(api, gfp);
	struct mmkit_heap_item item = { .bytes = bytes };

	item.p = mmkit_heap_item_alloc(&ask, bytes);
	KUNIT_ASSERT_TRUE(test, item.p);
	return item;
}

/* What a CPU of this machine sees of it. */
static void *bytes_of(u32 api, const struct mmkit_heap_item *item)
{
	if (api == MMKIT_HEAP_ALLOC_PERCPU)
		return per_cpu_ptr((void __percpu *)(__force unsigned long)
				   item->p, cpumask_first(cpu_online_mask));
	return item->p;
}

/* Each byte can be written and read, and the description is of this object. */
static void heap_api_case(struct kunit *test, const struct heap_api_row *row)
{
	static const u32 sizes[] = { 1, 8, 300, 4096, 5000, 20000 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct mmkit_heap_item item = get(test, row->api, 0, sizes[i]);
		struct mmkit_heap_object out = { };
		u8 *p = bytes_of(row->api, &item);

		mmkit_heap_item_describe(row->api, &item, &out);
		KUNIT_EXPECT_EQ(test, out.bytes, (u64)sizes[i]);
		KUNIT_EXPECT_GE(test, out.usable, (u64)sizes[i]);
		KUNIT_EXPECT_EQ(test, out.offset, offset_in_page(p));
		KUNIT_EXPECT_EQ(test, out.pfn,
				(u64)(is_vmalloc_addr(p) ? vmalloc_to_pfn(p) :
				 page_to_pfn(virt_to_page(p))));
		memset(p, 0x5a, sizes[i]);
		KUNIT_EXPECT_NULL(test, memchr_inv(p, 0x5a, sizes[i]));
		mmkit_heap_item_free(row->api, &item, false);
	}
}

/* After what was dirty has been freed: poison would be seen, too. */
static void heap_zero_case(struct kunit *test, const struct heap_api_row *row)
{
	bool flag = mmkit_heap_takes_gfp(row->api);
	struct mmkit_heap_item item;
	int i;

	for (i = 0; i < 32; i++) {
		item = get(test, row->api, 0, 5000);
		memset(bytes_of(row->api, &item), 0xa5, 5000);
		mmkit_heap_item_free(row->api, &item, false);
		if (!row->zeroed && !flag)
			continue;
		item = get(test, row->api, row->zeroed ? 0 : MMKIT_GFP_ZERO,
			   5000);
		KUNIT_EXPECT_NULL(test, memchr_inv(bytes_of(row->api, &item), 0,
						   5000));
		mmkit_heap_item_free(row->api, &item, false);
	}
}

static void fill(u8 *p, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		p[i] = i * 7 + 1;
}

static u32 kept(const u8 *p, u32 nr)
{
	u32 i;

	for (i = 0; i < nr && p[i] == (u8)(i * 7 + 1); i++)
		;
	return i;
}

/* In place and moved, larger and smaller: what fits in both is still there. */
static void heap_realloc_case(struct kunit *test,
			      const struct heap_api_row *row)
{
	static const u32 sizes[] = { 512, 513, 4096, 20000, 100, 100000, 300 };
	struct mmkit_heap_item item;
	u32 least = 300;
	size_t i;
	void *p;

	if (!mmkit_heap_has_realloc(row->api))
		kunit_skip(test, "the kernel has none for it");
	item = get(test, row->api, 0, 300);
	fill(item.p, 300);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = mmkit_heap_item_realloc(row->api, &item, sizes[i],
					    mmkit_gfp_kernel(0));
		KUNIT_ASSERT_TRUE(test, p);
		item.p = p;
		item.bytes = sizes[i];
		least = min(least, sizes[i]);
		KUNIT_EXPECT_EQ(test, kept(p, least), least);
	}
	mmkit_heap_item_free(row->api, &item, true);
}

#define heap_zero_row		heap_api_row
#define heap_realloc_row	heap_api_row
MMKIT_ROWS(heap_api, heap_api_rows);
MMKIT_ROWS(heap_zero, heap_api_rows);
MMKIT_ROWS(heap_realloc, heap_api_rows);

/* The class is the one that the kernel says it rounds to, at every size. */
static void heap_classes(struct kunit *test)
{
	struct mmkit_heap_object out = { };
	struct mmkit_heap_item item;
	u64 bytes;

	for (bytes = 1; bytes <= KMALLOC_MAX_SIZE;
	     bytes = bytes < 600 ? bytes + 1 : bytes + bytes / 8) {
		item = get(test, MMKIT_HEAP_KMALLOC, 0, bytes);
		mmkit_heap_item_describe(MMKIT_HEAP_KMALLOC, &item, &out);
		KUNIT_EXPECT_EQ(test, out.usable,
				(u64)kmalloc_size_roundup(bytes));
		KUNIT_EXPECT_EQ(test, !!(out.state & MMKIT_HEAP_SLAB),
				bytes <= KMALLOC_MAX_CACHE_SIZE);
		mmkit_heap_item_free(MMKIT_HEAP_KMALLOC, &item, false);
	}
}

/* Larger than a huge page: what is usable ends where nothing is mapped. */
static void heap_guard(struct kunit *test)
{
	static const u32 apis[] = {
		MMKIT_HEAP_VMALLOC, MMKIT_HEAP_VMALLOC_HUGE, MMKIT_HEAP_VMAP,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(apis); i++) {
		struct mmkit_heap_object out = { };
		struct mmkit_heap_item item = get(test, apis[i], 0,
						  PMD_SIZE + PAGE_SIZE);

		mmkit_heap_item_describe(apis[i], &item, &out);
		KUNIT_EXPECT_TRUE(test, out.state & MMKIT_HEAP_GUARD);
		KUNIT_EXPECT_TRUE(test, vmalloc_to_page(item.p + out.usable -
							PAGE_SIZE));
		KUNIT_EXPECT_NULL(test, vmalloc_to_page(item.p + out.usable));
		mmkit_heap_item_free(apis[i], &item, false);
	}
}

static struct kunit_case heap_cases[] = {
	MMKIT_ROWS_CASE(heap_check),
	MMKIT_ROWS_CASE(heap_size),
	MMKIT_ROWS_CASE(heap_api),
	MMKIT_ROWS_CASE(heap_zero),
	MMKIT_ROWS_CASE(heap_realloc),
	KUNIT_CASE(heap_classes),
	KUNIT_CASE(heap_guard),
	{ }
};

static struct kunit_suite heap_suite = {
	.name = "mmkit_heap",
	.test_cases = heap_cases,
};

kunit_test_suite(heap_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of kmalloc(), vmalloc() and their families");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
