// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit: what compiles on every kernel and means something else on some. Each case
 * fails where modules/compat takes the one meaning for the other.
 */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <kunit/test.h>
#include "compat/alloc.h"
#include "compat/insert.h"
#include "compat/page.h"
#include "compat/slab.h"

#define OBJECTS	5

/* An order since 6.6; before that 0, 1 and 2 for the levels. */
static void compat_huge_size(struct kunit *test)
{
#ifdef HAVE_HUGE_FAULT_ORDER
	KUNIT_EXPECT_FALSE(test, mmkit_is_pmd(0));
	KUNIT_EXPECT_FALSE(test, mmkit_is_pmd(1));
	KUNIT_EXPECT_TRUE(test, mmkit_is_pmd(PMD_SHIFT - PAGE_SHIFT));
#else
	KUNIT_EXPECT_FALSE(test, mmkit_is_pmd(PE_SIZE_PTE));
	KUNIT_EXPECT_TRUE(test, mmkit_is_pmd(PE_SIZE_PMD));
	KUNIT_EXPECT_FALSE(test, mmkit_is_pmd(PE_SIZE_PUD));
#endif
}

/* The function says how many on some kernels, and whether on others. */
static void compat_alloc_bulk(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("mmkit-kunit-compat", 64,
						     0, 0, NULL);
	void *p[OBJECTS] = { };
	size_t nr;

	KUNIT_ASSERT_TRUE(test, cache);
	for (nr = 1; nr <= OBJECTS; nr++) {
		KUNIT_EXPECT_EQ(test, true,
				mmkit_cache_alloc_bulk(cache, GFP_KERNEL, nr,
						       p));
		KUNIT_EXPECT_TRUE(test, p[nr - 1]);
		kmem_cache_free_bulk(cache, nr, p);
	}
	kmem_cache_destroy(cache);
}

/* With its bytes for user space and its constructor, whichever way it is told. */
static void fill(void *object)
{
	memset(object, 0x5a, 96);
}

static void compat_cache_create(struct kunit *test)
{
	struct kmem_cache_args args = {
		.align = 32,
		.useroffset = 16,
		.usersize = 8,
		.ctor = fill,
	};
	struct kmem_cache *cache = mmkit_cache_create("mmkit-kunit-args", 96,
						      &args, 0);
	u8 *p;

	KUNIT_ASSERT_TRUE(test, cache);
	KUNIT_EXPECT_EQ(test, kmem_cache_size(cache), 96U);
	p = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, p);
	if (p) {
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)p, 32));
		KUNIT_EXPECT_EQ(test, p[95], 0x5a);
		kmem_cache_free(cache, p);
	}
	kmem_cache_destroy(cache);
}

/* MAX_ORDER was exclusive, then inclusive, then had another name. */
static void compat_max_order(struct kunit *test)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_NOWARN;
	struct page *page = alloc_pages(gfp, MMKIT_MAX_ORDER);

	KUNIT_EXPECT_TRUE(test, page);
	if (page)
		__free_pages(page, MMKIT_MAX_ORDER);
	page = alloc_pages(gfp, MMKIT_MAX_ORDER + 1);
	KUNIT_EXPECT_FALSE(test, page);
	if (page)
		__free_pages(page, MMKIT_MAX_ORDER + 1);
}

/* The kind of pages to take from, or flags of which 1 means CMA alone. */
static void compat_alloc_contig(struct kunit *test)
{
	const unsigned long nr = 3;
	struct page *page;
	unsigned long i;

	if (!MMKIT_HAS_ALLOC_CONTIG)
		kunit_skip(test, "no alloc_contig_pages() that can be called");
	page = mmkit_alloc_contig(nr, GFP_KERNEL | __GFP_NOWARN, NUMA_NO_NODE);
	KUNIT_ASSERT_TRUE(test, page);
	for (i = 0; i < nr; i++)
		KUNIT_EXPECT_EQ(test, page_count(page + i), 1);
	mmkit_free_contig(page, nr);
}

static struct kunit_case compat_cases[] = {
	KUNIT_CASE(compat_huge_size),
	KUNIT_CASE(compat_alloc_bulk),
	KUNIT_CASE(compat_cache_create),
	KUNIT_CASE(compat_max_order),
	KUNIT_CASE(compat_alloc_contig),
	{ }
};

static struct kunit_suite compat_suite = {
	.name = "mmkit_compat",
	.test_cases = compat_cases,
};

kunit_test_suite(compat_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of what differs between kernels");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
