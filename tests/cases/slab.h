/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of modules/slab/layout.c. */
#ifndef _MMKIT_CASES_SLAB_H
#define _MMKIT_CASES_SLAB_H

struct slab_create_row {
	const char *name;
	struct mmkit_slab_create create;
	int err;
};

#define SLAB_OF(_bytes)	.name = "a", .bytes = (_bytes)

static const struct slab_create_row slab_create_rows[] = {
	{ "a byte", { SLAB_OF(1) }, 0 },
	{ "the largest", { SLAB_OF(1 << 20) }, 0 },
	{ "a byte more", { SLAB_OF((1 << 20) + 1) }, -EINVAL },
	{ "nothing", { SLAB_OF(0) }, -EINVAL },
	{ "all flags", { SLAB_OF(8), .flags = MMKIT_SLAB_FLAGS_ALL }, 0 },
	{ "a flag more", { SLAB_OF(8), .flags = 1 << 9 }, -EINVAL },
	{ "reserved", { SLAB_OF(8), .reserved = 1 }, -EINVAL },
	{ "no name", { .bytes = 8 }, -EINVAL },
	{ "every sort of character", { .name = "aZ09-_.", .bytes = 8 }, 0 },
	{ "a blank", { .name = "a b", .bytes = 8 }, -EINVAL },
	{ "a slash", { .name = "a/b", .bytes = 8 }, -EINVAL },
	{ "a colon", { .name = ":a", .bytes = 8 }, -EINVAL },
	{ "31 characters",
	  { .name = "0123456789abcdef0123456789abcde", .bytes = 8 }, 0 },
	{ "no end", { .name = { [0 ... MMKIT_NAME_LEN - 1] = 'a' }, .bytes = 8 },
	  -EINVAL },
	{ "aligned to 1", { SLAB_OF(8), .align = 1 }, 0 },
	{ "aligned to 4096", { SLAB_OF(8), .align = 4096 }, 0 },
	{ "aligned to 8192", { SLAB_OF(8), .align = 8192 }, -EINVAL },
	{ "aligned to 24", { SLAB_OF(8), .align = 24 }, -EINVAL },
	{ "all of it for users", { SLAB_OF(8), .usersize = 8 }, 0 },
	{ "its end for users", { SLAB_OF(8), .useroffset = 7, .usersize = 1 },
	  0 },
	{ "past its end", { SLAB_OF(8), .useroffset = 8, .usersize = 1 },
	  -EINVAL },
	{ "more than all", { SLAB_OF(8), .usersize = 9 }, -EINVAL },
	{ "a sum that wraps",
	  { SLAB_OF(8), .useroffset = U32_MAX, .usersize = 2 }, -EINVAL },
	{ "an offset to nothing", { SLAB_OF(8), .useroffset = 1 }, -EINVAL },
};

static void slab_create_case(struct kunit *test,
			     const struct slab_create_row *row)
{
	CASE_EQ(test, mmkit_slab_create_check(&row->create), row->err);
}

struct slab_alloc_row {
	const char *name;
	struct mmkit_slab_alloc alloc;
	int err;
};

#define SLAB_ASK(_gfp, _flags) \
	.count = 1, .node = -1, .gfp = (_gfp), .flags = (_flags)

static const struct slab_alloc_row slab_alloc_rows[] = {
	{ "one", { SLAB_ASK(0, 0) }, 0 },
	{ "none", { .node = -1 }, -EINVAL },
	{ "in bulk", { SLAB_ASK(0, MMKIT_SLAB_BULK) }, 0 },
	{ "in bulk from a node", { .count = 1, .flags = MMKIT_SLAB_BULK },
	  -EINVAL },
	{ "from a node", { .count = 1 }, 0 },
	{ "from a node alone", { .count = 1, .gfp = MMKIT_GFP_THISNODE }, 0 },
	{ "from this node", { SLAB_ASK(MMKIT_GFP_THISNODE, 0) }, -EINVAL },
	{ "under a spinlock",
	  { SLAB_ASK(MMKIT_GFP_NOWAIT, MMKIT_SLAB_IN_ATOMIC) }, 0 },
	{ "sleeping there", { SLAB_ASK(0, MMKIT_SLAB_IN_ATOMIC) }, -EINVAL },
	{ "in bulk there",
	  { SLAB_ASK(MMKIT_GFP_ATOMIC, MMKIT_SLAB_IN_ATOMIC | MMKIT_SLAB_BULK) },
	  -EINVAL },
	{ "zeroed", { SLAB_ASK(MMKIT_GFP_ZERO, 0) }, 0 },
	{ "DMA", { SLAB_ASK(MMKIT_GFP_DMA, 0) }, -EINVAL },
	{ "DMA32", { SLAB_ASK(MMKIT_GFP_DMA32, 0) }, -EINVAL },
	{ "highmem", { SLAB_ASK(MMKIT_GFP_HIGHUSER_MOVABLE, 0) }, -EINVAL },
	{ "compound", { SLAB_ASK(MMKIT_GFP_COMP, 0) }, -EINVAL },
	{ "two contexts", { SLAB_ASK(MMKIT_GFP_KERNEL | MMKIT_GFP_ATOMIC, 0) },
	  -EINVAL },
	{ "an unknown flag", { SLAB_ASK(0, 4) }, -EINVAL },
	{ "reserved", { SLAB_ASK(0, 0), .reserved = 1 }, -EINVAL },
};

static void slab_alloc_case(struct kunit *test,
			    const struct slab_alloc_row *row)
{
	CASE_EQ(test, mmkit_slab_alloc_check(&row->alloc), row->err);
}

struct slab_pool_row {
	const char *name;
	struct mmkit_slab_pool pool;
	int err;
};

#define SLAB_POOL(_over) .over = MMKIT_SLAB_OVER_##_over, .reserve = 1, .room = 1

static const struct slab_pool_row slab_pool_rows[] = {
	{ "over a cache", { SLAB_POOL(CACHE), .cache = 1 }, 0 },
	{ "over a cache of bytes", { SLAB_POOL(CACHE), .bytes = 1 }, -EINVAL },
	{ "over a cache of order", { SLAB_POOL(CACHE), .order = 1 }, -EINVAL },
	{ "over kmalloc", { SLAB_POOL(KMALLOC), .bytes = 1 }, 0 },
	{ "over kmalloc of nothing", { SLAB_POOL(KMALLOC) }, -EINVAL },
	{ "over kmalloc of too much",
	  { SLAB_POOL(KMALLOC), .bytes = (1 << 20) + 1 }, -EINVAL },
	{ "over kmalloc of a cache",
	  { SLAB_POOL(KMALLOC), .bytes = 1, .cache = 1 }, -EINVAL },
	{ "over pages", { SLAB_POOL(PAGES) }, 0 },
	{ "over the largest pages", { SLAB_POOL(PAGES), .order = 4 }, 0 },
	{ "over larger pages", { SLAB_POOL(PAGES), .order = 5 }, -EINVAL },
	{ "over pages of bytes", { SLAB_POOL(PAGES), .bytes = 1 }, -EINVAL },
	{ "over what is not there", { SLAB_POOL(NR) }, -EINVAL },
	{ "without a reserve", { .over = MMKIT_SLAB_OVER_PAGES, .room = 1 },
	  -EINVAL },
	{ "without room", { .over = MMKIT_SLAB_OVER_PAGES, .reserve = 1 },
	  -EINVAL },
};

static void slab_pool_case(struct kunit *test, const struct slab_pool_row *row)
{
	CASE_EQ(test, mmkit_slab_pool_check(&row->pool), row->err);
}

/* x86-64 without KASAN. */
static const struct mmkit_slab_machine slab_case_machine = {
	.word = 8,
	.cache_line = 64,
	.min_align = 8,
};

struct slab_layout_row {
	const char *name;
	u32 bytes;
	u32 align;
	u32 flags;
	struct mmkit_slab_layout want;
};

#define SLAB_LAYOUT(_align, _left, _inuse, _freeptr, _outside, _least) \
	{ .align = (_align), .left = (_left), .inuse = (_inuse), \
	  .freeptr = (_freeptr), .outside = (_outside), .least = (_least) }

/* Each was looked up in /sys/kernel/slab of a 6.1 kernel. */
static const struct slab_layout_row slab_layout_rows[] = {
	{ "300 bytes", 300, 0, 0, SLAB_LAYOUT(8, 0, 304, 144, false, 304) },
	{ "300 at 64", 300, 64, 0, SLAB_LAYOUT(64, 0, 304, 144, false, 320) },
	{ "300 constructed", 300, 64, MMKIT_SLAB_CTOR,
	  SLAB_LAYOUT(64, 0, 304, 304, true, 320) },
	{ "64 for readers under RCU", 64, 0, MMKIT_SLAB_TYPESAFE_BY_RCU,
	  SLAB_LAYOUT(8, 0, 64, 64, true, 72) },
	{ "20 in red zones", 20, 0, MMKIT_SLAB_RED_ZONE,
	  SLAB_LAYOUT(8, 8, 24, 8, false, 40) },
	{ "24 in red zones", 24, 0, MMKIT_SLAB_RED_ZONE,
	  SLAB_LAYOUT(8, 8, 32, 8, false, 48) },
	{ "4 in red zones", 4, 0, MMKIT_SLAB_RED_ZONE,
	  SLAB_LAYOUT(8, 8, 8, 8, true, 32) },
	{ "8 poisoned", 8, 0, MMKIT_SLAB_POISON,
	  SLAB_LAYOUT(8, 0, 8, 8, true, 16) },
	{ "300 in red zones of lines", 300, 0,
	  MMKIT_SLAB_RED_ZONE | MMKIT_SLAB_HWCACHE_ALIGN,
	  SLAB_LAYOUT(64, 64, 304, 144, false, 384) },
	{ "20 in lines", 20, 0, MMKIT_SLAB_HWCACHE_ALIGN,
	  SLAB_LAYOUT(32, 0, 24, 8, false, 32) },
	{ "8 in lines", 8, 0, MMKIT_SLAB_HWCACHE_ALIGN,
	  SLAB_LAYOUT(8, 0, 8, 0, false, 8) },
	{ "8 in lines at 4096", 8, 4096, MMKIT_SLAB_HWCACHE_ALIGN,
	  SLAB_LAYOUT(4096, 0, 8, 0, false, 4096) },
	{ "a byte", 1, 0, 0, SLAB_LAYOUT(8, 0, 8, 0, false, 8) },
};

static void slab_layout_case(struct kunit *test,
			     const struct slab_layout_row *row)
{
	const struct mmkit_slab_create create = {
		.bytes = row->bytes, .align = row->align, .flags = row->flags,
	};
	struct mmkit_slab_layout got;

	mmkit_slab_layout(&create, &slab_case_machine, &got);
	CASE_EQ(test, got.align, row->want.align);
	CASE_EQ(test, got.left, row->want.left);
	CASE_EQ(test, got.inuse, row->want.inuse);
	CASE_EQ(test, got.freeptr, row->want.freeptr);
	CASE_EQ(test, got.outside, row->want.outside);
	CASE_EQ(test, got.least, row->want.least);
}

struct slab_measure_row {
	const char *name;
	u32 offsets[6];
	u32 nr;
	u32 slab_bytes;
	struct mmkit_slab_grid want;
};

static const struct slab_measure_row slab_measure_rows[] = {
	{ "in order", { 0, 320, 640 }, 3, 4096, { 320, 0, 12 } },
	{ "in disorder", { 3520, 2240, 2560, 640 }, 4, 4096, { 320, 0, 12 } },
	{ "behind red zones", { 120, 8, 232, 904 }, 4, 4096, { 112, 8, 36 } },
	{ "of two slabs", { 0, 24, 0, 48, 24 }, 5, 4096, { 24, 0, 170 } },
	{ "one in each slab", { 0, 0, 0 }, 3, 8192, { 8192, 0, 1 } },
	{ "one in each, behind a red zone", { 64, 64 }, 2, 8192, { 8192, 64, 1 } },
	{ "only one", { 2048 }, 1, 4096, { 4096, 2048, 1 } },
};

static void slab_measure_case(struct kunit *test,
			      const struct slab_measure_row *row)
{
	struct mmkit_slab_grid got;
	u32 i, slot;

	mmkit_slab_measure(row->offsets, row->nr, row->slab_bytes, &got);
	CASE_EQ(test, got.stride, row->want.stride);
	CASE_EQ(test, got.left, row->want.left);
	CASE_EQ(test, got.slots, row->want.slots);
	for (i = 0; i < row->nr; i++) {
		slot = mmkit_slab_slot(&got, row->offsets[i]);
		CASE_EQ(test, got.left + slot * got.stride, row->offsets[i]);
	}
}

#endif
