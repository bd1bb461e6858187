// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: geometry by the rules and as measured, against the kernel's own. */
#include <linux/bitops.h>
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <mmkit/gfp.h>
#include "compat/slab.h"
#include "rows.h"

/* Internal to mmkit_slab: a module brings its own copy. */
#ifdef MODULE
#include "slab/layout.c"
#else
#include "slab/layout.h"
#endif

/*
 * Once the kernel's own struct was there to be looked into. The header's inline
 * functions want what is private to mm/; none of them is called.
 */
#if __has_include("linux/slub_def.h") && defined(CONFIG_SLUB)
struct slab {
	unsigned int objects;
};

static inline void *slab_address(const struct slab *slab)
{
	return NULL;
}

#include <linux/kasan.h>
#include <linux/kfence.h>
#include <linux/reciprocal_div.h>
#include <linux/slub_def.h>
#define HAVE_SLUB_DEF
#endif

#include "../cases/slab.h"

MMKIT_ROWS(slab_create, slab_create_rows);
MMKIT_ROWS(slab_alloc, slab_alloc_rows);
MMKIT_ROWS(slab_pool, slab_pool_rows);
MMKIT_ROWS(slab_layout, slab_layout_rows);
MMKIT_ROWS(slab_measure, slab_measure_rows);

static void nothing(void *p)
{
}

static const struct {
	u32 ours;
	slab_flags_t kernels;
} slab_flags[] = {
	{ MMKIT_SLAB_HWCACHE_ALIGN, SLAB_HWCACHE_ALIGN },
	{ MMKIT_SLAB_TYPESAFE_BY_RCU, SLAB_TYPESAFE_BY_RCU },
	{ MMKIT_SLAB_POISON, SLAB_POISON },
	{ MMKIT_SLAB_RED_ZONE, SLAB_RED_ZONE },
	{ MMKIT_SLAB_STORE_USER, SLAB_STORE_USER },
	{ MMKIT_SLAB_CTOR, 0 },
};

static struct kmem_cache *create(const struct mmkit_slab_create *ask)
{
	/* The caches of RCU leave sysfs late: each has a name of its own. */
	static unsigned int nr;
	struct kmem_cache_args args = {
		.align = ask->align,
		.ctor = ask->flags & MMKIT_SLAB_CTOR ? nothing : NULL,
	};
	/* Not merged with a cache alike, of whose slabs others hold a part. */
	slab_flags_t flags = SLAB_NOLEAKTRACE;
	char name[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(slab_flags); i++)
		if (ask->flags & slab_flags[i].ours)
			flags |= slab_flags[i].kernels;
	snprintf(name, sizeof(name), "mmkit-kunit-%u", nr++);
	return mmkit_cache_create(name, ask->bytes, &args, flags);
}

#define OBJECTS	64

static u32 offset_of(const void *p)
{
	return p - folio_address(virt_to_folio(p));
}

/* What was measured, against what /sys/kernel/slab prints. */
static void check_grid(struct kunit *test, struct kmem_cache *cache,
		       const struct mmkit_slab_layout *layout,
		       const struct mmkit_slab_grid *grid)
{
	KUNIT_EXPECT_EQ(test, grid->left, layout->left);
	KUNIT_EXPECT_EQ(test, grid->stride % layout->align, 0U);
	KUNIT_EXPECT_GE(test, grid->stride, layout->least);
#ifdef HAVE_SLUB_DEF
	if (grid->slots > 1)
		KUNIT_EXPECT_EQ(test, grid->stride, cache->size);
	KUNIT_EXPECT_EQ(test, grid->slots, cache->oo.x & 0xffff);
	KUNIT_EXPECT_EQ(test, layout->left, cache->red_left_pad);
	KUNIT_EXPECT_EQ(test, layout->align, cache->align);
	KUNIT_EXPECT_EQ(test, layout->inuse, cache->inuse);
	KUNIT_EXPECT_EQ(test, layout->freeptr, cache->offset);
	if (!IS_ENABLED(CONFIG_KASAN) && !(cache->flags & SLAB_STORE_USER))
		KUNIT_EXPECT_EQ(test, layout->least, cache->size);
#endif
}

static void check_cache(struct kunit *test, const struct mmkit_slab_create *ask)
{
	const struct mmkit_slab_machine machine = {
		.word = sizeof(void *),
		.cache_line = cache_line_size(),
		.min_align = ARCH_SLAB_MINALIGN,
	};
	struct kmem_cache *cache = create(ask);
	struct mmkit_slab_layout layout;
	struct mmkit_slab_grid grid;
	u32 offsets[OBJECTS], bytes = 0;
	void *p[OBJECTS];
	int i, nr;

	KUNIT_ASSERT_TRUE(test, cache);
	for (nr = 0; nr < OBJECTS; nr++) {
		p[nr] = kmem_cache_alloc(cache, GFP_KERNEL);
		if (!p[nr])
			break;
		offsets[nr] = offset_of(p[nr]);
		bytes = folio_size(virt_to_folio(p[nr]));
	}
	mmkit_slab_layout(ask, &machine, &layout);
	mmkit_slab_measure(offsets, nr, bytes, &grid);
	KUNIT_EXPECT_EQ(test, nr, OBJECTS);
	check_grid(test, cache, &layout, &grid);
	for (i = 0; i < nr; i++)
		kmem_cache_free(cache, p[i]);
	kmem_cache_destroy(cache);
}

struct slab_real_row {
	const char *name;
	u32 flags;
};

static const struct slab_real_row slab_real_rows[] = {
	{ "plain", 0 },
	{ "in lines", MMKIT_SLAB_HWCACHE_ALIGN },
	{ "for readers under RCU", MMKIT_SLAB_TYPESAFE_BY_RCU },
	{ "poisoned", MMKIT_SLAB_POISON },
	{ "in red zones", MMKIT_SLAB_RED_ZONE },
	{ "with owners", MMKIT_SLAB_STORE_USER },
	{ "constructed", MMKIT_SLAB_CTOR },
	{ "constructed, in red zones", MMKIT_SLAB_CTOR | MMKIT_SLAB_RED_ZONE },
	{ "with all of these", MMKIT_SLAB_HWCACHE_ALIGN | MMKIT_SLAB_POISON |
	  MMKIT_SLAB_TYPESAFE_BY_RCU | MMKIT_SLAB_RED_ZONE |
	  MMKIT_SLAB_STORE_USER | MMKIT_SLAB_CTOR },
};

static void slab_real_case(struct kunit *test, const struct slab_real_row *row)
{
	static const u32 sizes[] = { 1, 7, 8, 20, 24, 64, 300, 1000, 5000, 40000 };
	static const u32 aligns[] = { 0, 16, 256, 4096 };
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (k = 0; k < ARRAY_SIZE(aligns); k++) {
			const struct mmkit_slab_create ask = {
				.bytes = sizes[i], .align = aligns[k],
				.flags = row->flags,
			};

			check_cache(test, &ask);
		}
	}
}

MMKIT_ROWS(slab_real, slab_real_rows);

static struct kunit_case slab_cases[] = {
	MMKIT_ROWS_CASE(slab_create),
	MMKIT_ROWS_CASE(slab_alloc),
	MMKIT_ROWS_CASE(slab_pool),
	MMKIT_ROWS_CASE(slab_layout),
	MMKIT_ROWS_CASE(slab_measure),
	MMKIT_ROWS_CASE(slab_real),
	{ }
};

static struct kunit_suite slab_suite = {
	.name = "mmkit_slab",
	.test_cases = slab_cases,
};

kunit_test_suite(slab_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of slab geometry");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
