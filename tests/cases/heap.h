/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of modules/heap/size.c. As every file here: the runner that includes it
 * brings CASE_EQ() and CASE_STREQ(), and the first member is the name.
 */
#ifndef _MMKIT_CASES_HEAP_H
#define _MMKIT_CASES_HEAP_H

/* Those of x86-64 with two CPUs, as far as it matters. */
static const struct mmkit_heap_limits heap_case_limits = {
	.cpus = 2,
	.kmalloc_cache = 8192,
	.kmalloc_max = 4 << 20,
	.percpu_max = 32768,
	.vmalloc_total = 1ULL << 45,
};

struct heap_check_row {
	const char *name;
	struct mmkit_heap_alloc alloc;
	int err;
};

#define HEAP_ASK(_api, _gfp) \
	.api = (_api), .bytes = 1, .count = 1, .gfp = (_gfp), .node = -1
#define HEAP_ARRAY \
	.api = MMKIT_HEAP_KMALLOC_ARRAY, .bytes = 8, .count = 1, .node = -1

static const struct heap_check_row heap_check_rows[] = {
	{ "kmalloc", { HEAP_ASK(MMKIT_HEAP_KMALLOC, 0) }, 0 },
	{ "alloc_percpu", { HEAP_ASK(MMKIT_HEAP_ALLOC_PERCPU, 0) }, 0 },
	{ "the function after the last", { HEAP_ASK(MMKIT_HEAP_API_NR, 0) },
	  -EINVAL },
	{ "the largest function", { HEAP_ASK(U32_MAX, 0) }, -EINVAL },
	{ "reserved", { HEAP_ASK(0, 0), .reserved = 1 }, -EINVAL },
	{ "an unknown flag", { HEAP_ASK(0, 0), .flags = 2 }, -EINVAL },
	{ "no object", { .bytes = 1, .node = -1 }, -EINVAL },
	{ "no byte", { .count = 1, .node = -1 }, -EINVAL },
	{ "an array", { HEAP_ARRAY, .elements = 1 }, 0 },
	{ "an array of nothing", { HEAP_ARRAY }, -EINVAL },
	{ "elements of no array", { HEAP_ASK(0, 0), .elements = 1 }, -EINVAL },
	{ "a node for kmalloc_node",
	  { .api = MMKIT_HEAP_KMALLOC_NODE, .bytes = 1, .count = 1 }, 0 },
	{ "a node for kvmalloc",
	  { .api = MMKIT_HEAP_KVMALLOC, .bytes = 1, .count = 1 }, 0 },
	{ "a node for kmalloc", { .bytes = 1, .count = 1 }, -EINVAL },
	{ "a node for vmalloc",
	  { .api = MMKIT_HEAP_VMALLOC, .bytes = 1, .count = 1 }, -EINVAL },
	{ "compound kmalloc", { HEAP_ASK(0, MMKIT_GFP_COMP) }, -EINVAL },
	{ "DMA kmalloc", { HEAP_ASK(0, MMKIT_GFP_DMA) }, 0 },
	{ "DMA32 kmalloc", { HEAP_ASK(0, MMKIT_GFP_DMA32) }, -EINVAL },
	{ "DMA32 vmalloc", { HEAP_ASK(MMKIT_HEAP_VMALLOC, MMKIT_GFP_DMA32) },
	  -EINVAL },
	{ "DMA vzalloc", { HEAP_ASK(MMKIT_HEAP_VZALLOC, MMKIT_GFP_DMA) },
	  -EINVAL },
	{ "movable vmalloc_huge",
	  { HEAP_ASK(MMKIT_HEAP_VMALLOC_HUGE, MMKIT_GFP_HIGHUSER_MOVABLE) },
	  -EINVAL },
	{ "vmalloc of this node alone",
	  { HEAP_ASK(MMKIT_HEAP_VMALLOC, MMKIT_GFP_THISNODE) }, -EINVAL },
	{ "zeroed vmalloc without a retry",
	  { HEAP_ASK(MMKIT_HEAP_VMALLOC, MMKIT_GFP_ZERO | MMKIT_GFP_NORETRY) },
	  0 },
	{ "movable vmap",
	  { HEAP_ASK(MMKIT_HEAP_VMAP, MMKIT_GFP_HIGHUSER_MOVABLE) }, 0 },
	{ "highmem kvmalloc",
	  { HEAP_ASK(MMKIT_HEAP_KVMALLOC, MMKIT_GFP_HIGHUSER_MOVABLE) },
	  -EINVAL },
	{ "atomic kmalloc", { HEAP_ASK(0, MMKIT_GFP_ATOMIC) }, 0 },
	{ "atomic vmalloc", { HEAP_ASK(MMKIT_HEAP_VMALLOC, MMKIT_GFP_ATOMIC) },
	  -EINVAL },
	{ "vmap without waiting",
	  { HEAP_ASK(MMKIT_HEAP_VMAP, MMKIT_GFP_NOWAIT) }, -EINVAL },
	{ "KERNEL vmalloc_user",
	  { HEAP_ASK(MMKIT_HEAP_VMALLOC_USER, MMKIT_GFP_KERNEL) }, 0 },
	{ "zeroed vmalloc_32",
	  { HEAP_ASK(MMKIT_HEAP_VMALLOC_32, MMKIT_GFP_ZERO) }, -EINVAL },
	{ "under a spinlock, atomic",
	  { HEAP_ASK(0, MMKIT_GFP_ATOMIC), .flags = MMKIT_HEAP_IN_ATOMIC }, 0 },
	{ "under a spinlock, sleeping",
	  { HEAP_ASK(0, MMKIT_GFP_KERNEL), .flags = MMKIT_HEAP_IN_ATOMIC },
	  -EINVAL },
	{ "under a spinlock, by default",
	  { HEAP_ASK(0, 0), .flags = MMKIT_HEAP_IN_ATOMIC }, -EINVAL },
	{ "under a spinlock, vmalloc",
	  { HEAP_ASK(MMKIT_HEAP_VMALLOC, MMKIT_GFP_ATOMIC),
	    .flags = MMKIT_HEAP_IN_ATOMIC }, -EINVAL },
};

static void heap_check_case(struct kunit *test,
			    const struct heap_check_row *row)
{
	CASE_EQ(test, mmkit_heap_check(&row->alloc), row->err);
}

struct heap_size_row {
	const char *name;
	u32 api;
	u64 bytes;
	u64 elements;
	u32 count;
	int total_err;
	int range_err;
	int charge_err;
	u64 charge;
};

static const struct heap_size_row heap_size_rows[] = {
	{ "one byte", MMKIT_HEAP_KMALLOC, 1, 0, 1, .charge = 1 },
	{ "four of 300", MMKIT_HEAP_KMALLOC, 300, 0, 4, .charge = 1200 },
	{ "the largest kmalloc", MMKIT_HEAP_KMALLOC, 4 << 20, 0, 1,
	  .charge = 4 << 20 },
	{ "one byte more", MMKIT_HEAP_KMALLOC, (4 << 20) + 1, 0, 1,
	  .range_err = -ERANGE },
	{ "SIZE_MAX", MMKIT_HEAP_KZALLOC, U64_MAX, 0, 1,
	  .range_err = -ERANGE },
	{ "25 elements of 12", MMKIT_HEAP_KMALLOC_ARRAY, 12, 25, 2,
	  .charge = 600 },
	{ "elements that wrap", MMKIT_HEAP_KMALLOC_ARRAY, (1ULL << 61) + 1, 8, 1,
	  .total_err = -EOVERFLOW },
	{ "2^32 times 2^32", MMKIT_HEAP_KMALLOC_ARRAY, 1ULL << 32, 1ULL << 32,
	  1, .total_err = -EOVERFLOW },
	{ "2^64-1 once", MMKIT_HEAP_KMALLOC_ARRAY, U64_MAX, 1, 1,
	  .range_err = -ERANGE },
	{ "kvmalloc above kmalloc", MMKIT_HEAP_KVMALLOC, 5 << 20, 0, 1,
	  .charge = 5 << 20 },
	{ "kvmalloc of INT_MAX", MMKIT_HEAP_KVMALLOC, 0x7fffffff, 0, 1,
	  .charge = 0x7fffffff },
	{ "kvmalloc of one more", MMKIT_HEAP_KVMALLOC, 0x80000000, 0, 1,
	  .range_err = -ERANGE },
	{ "a byte of vmalloc", MMKIT_HEAP_VMALLOC, 1, 0, 3,
	  .charge = 3 * 4096 },
	{ "a page of vmap", MMKIT_HEAP_VMAP, 4096, 0, 1, .charge = 4096 },
	{ "a page and a byte", MMKIT_HEAP_VMALLOC_USER, 4097, 0, 1,
	  .charge = 8192 },
	{ "all of the vmalloc area", MMKIT_HEAP_VMALLOC, 1ULL << 45, 0, 1,
	  .charge = 1ULL << 45 },
	{ "more than all of it", MMKIT_HEAP_VMALLOC, (1ULL << 45) + 1, 0, 1,
	  .range_err = -ERANGE },
	{ "the vmalloc area 2^24 times", MMKIT_HEAP_VMALLOC, 1ULL << 45, 0,
	  1 << 24, .charge_err = -EOVERFLOW },
	{ "a copy for each CPU", MMKIT_HEAP_ALLOC_PERCPU, 50, 0, 3,
	  .charge = 3 * 56 * (2 + 2) },
	{ "the largest unit", MMKIT_HEAP_ALLOC_PERCPU, 32768, 0, 1,
	  .charge = 32768 * (2 + 2) },
	{ "more than a unit", MMKIT_HEAP_ALLOC_PERCPU, 32769, 0, 1,
	  .range_err = -ERANGE },
};

static void heap_size_case(struct kunit *test, const struct heap_size_row *row)
{
	u64 total = 0, charge = 0;

	CASE_EQ(test, mmkit_heap_total(row->api, row->bytes, row->elements,
				       &total), row->total_err);
	if (row->total_err)
		return;
	CASE_EQ(test, mmkit_heap_range(row->api, total, &heap_case_limits),
		row->range_err);
	if (row->range_err)
		return;
	CASE_EQ(test, mmkit_heap_charge(row->api, total, row->count,
					&heap_case_limits, 4096, &charge),
		row->charge_err);
	if (!row->charge_err)
		CASE_EQ(test, charge, row->charge);
}

#endif
