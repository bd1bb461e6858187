/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sequences of calls and what the kernel's memblock makes of them, named after
 * its own test cases in tools/testing/memblock, where there is one.
 */
#ifndef _MMKIT_CASES_MEMBLOCK_H
#define _MMKIT_CASES_MEMBLOCK_H

#define K	1024ull
#define M	(1024 * K)
#define NONE	MMKIT_MEMBLOCK_NO_NODE
#define ANY	MMKIT_MEMBLOCK_ANY_NODE
#define END	MMKIT_ADDR_MAX

enum memblock_case_op {
	CASE_END, CASE_ADD, CASE_REMOVE, CASE_RESERVE, CASE_FREE, CASE_FLAG,
	CASE_TRIM, CASE_CAP, CASE_LIMIT, CASE_BOTTOM_UP, CASE_ALLOC, CASE_EXACT,
};

/* One call; of an allocation @base is the alignment. */
struct memblock_case_step {
	u32 op;
	u64 base;
	u64 bytes;
	u64 want;	/* what it returns */
	u64 min;
	u64 max;
	s32 node;
	u32 flags;
};

struct memblock_row {
	const char *name;
	struct memblock_case_step steps[7];
	struct mmkit_memblock_region memory[4];
	struct mmkit_memblock_region reserved[4];
};

#define ADD(b, n)	{ CASE_ADD, b, n, .node = NONE }
#define ADD_NODE(b, n, nid, f) \
	{ CASE_ADD, b, n, .node = nid, .flags = f }
#define REMOVE(b, n)	{ CASE_REMOVE, b, n }
#define RESERVE(b, n)	{ CASE_RESERVE, b, n }
#define FREE(b, n)	{ CASE_FREE, b, n }
#define MARK(b, n, f)	{ CASE_FLAG, b, n, .flags = f }
#define TRIM(a)		{ CASE_TRIM, a }
#define CAP(b, n)	{ CASE_CAP, b, n }
#define LIMIT(n)	{ CASE_LIMIT, 0, n }
#define BOTTOM_UP	{ CASE_BOTTOM_UP }
#define ALLOC(n, a, addr) \
	{ CASE_ALLOC, a, n, addr, .node = ANY }
#define ALLOC_IN(n, a, lo, hi, addr) \
	{ CASE_ALLOC, a, n, addr, lo, hi, ANY }
#define ALLOC_NID(n, a, nid, addr) \
	{ CASE_ALLOC, a, n, addr, .node = nid }
#define EXACT(n, a, nid, addr) \
	{ CASE_EXACT, a, n, addr, .node = nid }
#define IS(b, n)	{ b, n, 0, NONE }
#define IS_NODE(b, n, nid, f) { b, n, f, nid }

static const struct memblock_row memblock_rows[] = {
	/* add */
	{ "add_simple", { ADD(1 * M, 4 * M) }, { IS(1 * M, 4 * M) } },
	{ "add_node_simple", { ADD_NODE(1 * M, 16 * M, 1, 1) },
	  { IS_NODE(1 * M, 16 * M, 1, 1) } },
	{ "add_disjoint", { ADD(1 * M, 8 * K), ADD(4 * M, 8 * K) },
	  { IS(1 * M, 8 * K), IS(4 * M, 8 * K) } },
	{ "add_overlap_top", { ADD(512 * M, 512 * M), ADD(256 * M, 512 * M) },
	  { IS(256 * M, 768 * M) } },
	{ "add_overlap_bottom", { ADD(128 * M, 512 * M), ADD(256 * M, 1024 * M) },
	  { IS(128 * M, 1152 * M) } },
	{ "add_within", { ADD(8 * M, 32 * M), ADD(10 * M, 1 * M) },
	  { IS(8 * M, 32 * M) } },
	{ "add_twice", { ADD(16 * K, 2 * M), ADD(16 * K, 2 * M) },
	  { IS(16 * K, 2 * M) } },
	{ "add_between", { ADD(16 * M, 8 * K), ADD(32 * M, 8 * K),
	  ADD(16 * M + 8 * K, 16 * M - 8 * K) }, { IS(16 * M, 16 * M + 8 * K) } },
	{ "add_near_max", { ADD(END - 1 * M, 2 * M) }, { IS(END - 1 * M, 1 * M) } },
	{ "add: other nodes are not merged", { ADD_NODE(0, 1 * M, 0, 0),
	  ADD_NODE(1 * M, 1 * M, 1, 0) },
	  { IS_NODE(0, 1 * M, 0, 0), IS_NODE(1 * M, 1 * M, 1, 0) } },
	{ "add: nothing", { ADD(1 * M, 0) } },
	/* reserve */
	{ "reserve_simple", { RESERVE(2 * M, 128 * M) }, .reserved = { IS(2 * M, 128 * M) } },
	{ "reserve_disjoint", { RESERVE(256 * M, 16 * M), RESERVE(512 * M, 512 * M) },
	  .reserved = { IS(256 * M, 16 * M), IS(512 * M, 512 * M) } },
	{ "reserve_overlap_top", { RESERVE(1024 * M, 1024 * M), RESERVE(128 * M, 1024 * M) },
	  .reserved = { IS(128 * M, 1920 * M) } },
	{ "reserve_overlap_bottom", { RESERVE(2 * K, 128 * K), RESERVE(128 * K, 128 * K) },
	  .reserved = { IS(2 * K, 254 * K) } },
	{ "reserve_within", { RESERVE(1 * M, 8 * M), RESERVE(2 * M, 64 * K) },
	  .reserved = { IS(1 * M, 8 * M) } },
	{ "reserve_between", { RESERVE(16 * M, 8 * K), RESERVE(32 * M, 8 * K),
	  RESERVE(16 * M + 8 * K, 16 * M - 8 * K) },
	  .reserved = { IS(16 * M, 16 * M + 8 * K) } },
	{ "reserve_near_max", { RESERVE(END - 1 * M, 2 * M) },
	  .reserved = { IS(END - 1 * M, 1 * M) } },
	/* remove */
	{ "remove_simple", { ADD(2 * K, 4 * M), ADD(128 * M, 4 * M), REMOVE(2 * K, 4 * M) },
	  { IS(128 * M, 4 * M) } },
	{ "remove_absent", { ADD(512 * K, 4 * M), REMOVE(64 * M, 1024 * M) },
	  { IS(512 * K, 4 * M) } },
	{ "remove_overlap_top", { ADD(32 * M, 32 * M), REMOVE(16 * M, 32 * M) },
	  { IS(48 * M, 16 * M) } },
	{ "remove_overlap_bottom", { ADD(2 * M, 64 * M), REMOVE(32 * M, 256 * M) },
	  { IS(2 * M, 30 * M) } },
	{ "remove_within", { ADD(1 * M, 4 * M), REMOVE(2 * M, 1 * M) },
	  { IS(1 * M, 1 * M), IS(3 * M, 2 * M) } },
	{ "remove_only_region", { ADD(2 * K, 4 * K), REMOVE(2 * K, 4 * K) } },
	{ "remove_near_max", { ADD(END - 2 * M, 2 * M), REMOVE(END - 1 * M, 2 * M) },
	  { IS(END - 2 * M, 1 * M) } },
	{ "remove_overlap_two", { ADD(16 * M, 32 * M), ADD(64 * M, 64 * M),
	  REMOVE(32 * M, 64 * M) }, { IS(16 * M, 16 * M), IS(96 * M, 32 * M) } },
	/* free */
	{ "free_simple", { RESERVE(4 * M, 1 * M), RESERVE(8 * M, 1 * M), FREE(4 * M, 1 * M) },
	  .reserved = { IS(8 * M, 1 * M) } },
	{ "free_absent", { RESERVE(2 * M, 8 * K), FREE(16 * M, 128 * M) },
	  .reserved = { IS(2 * M, 8 * K) } },
	{ "free_within", { RESERVE(1 * M, 8 * M), FREE(4 * M, 1 * M) },
	  .reserved = { IS(1 * M, 3 * M), IS(5 * M, 4 * M) } },
	{ "free_only_region", { RESERVE(2 * K, 4 * K), FREE(2 * K, 4 * K) } },
	{ "free_overlap_two", { RESERVE(16 * M, 32 * M), RESERVE(64 * M, 64 * M),
	  FREE(32 * M, 64 * M) }, .reserved = { IS(16 * M, 16 * M), IS(96 * M, 32 * M) } },
	/* trim, cap, limit */
	{ "trim_memory_aligned", { ADD(64 * K, 64 * K), ADD(192 * K, 64 * K), TRIM(64 * K) },
	  { IS(64 * K, 64 * K), IS(192 * K, 64 * K) } },
	{ "trim_memory_too_small", { ADD(64 * K, 64 * K), ADD(200 * K, 16 * K), TRIM(64 * K) },
	  { IS(64 * K, 64 * K) } },
	{ "trim_memory_unaligned_base", { ADD(64 * K, 64 * K), ADD(194 * K, 190 * K), TRIM(64 * K) },
	  { IS(64 * K, 64 * K), IS(256 * K, 128 * K) } },
	{ "trim_memory_unaligned_end", { ADD(64 * K, 64 * K), ADD(192 * K, 126 * K), TRIM(64 * K) },
	  { IS(64 * K, 64 * K), IS(192 * K, 64 * K) } },
	{ "trim: no power of two", { ADD(64 * K, 64 * K), { CASE_TRIM, 3, .want = -EINVAL } },
	  { IS(64 * K, 64 * K) } },
	{ "trim: beyond the end", { ADD(END - 4 * K, 2 * K), { CASE_TRIM, 1 * M, .want = -EOVERFLOW } },
	  { IS(END - 4 * K, 2 * K) } },
	{ "cap", { ADD(1 * M, 8 * M), RESERVE(1 * M, 8 * M), CAP(3 * M, 2 * M) },
	  { IS(3 * M, 2 * M) }, { IS(3 * M, 2 * M) } },
	{ "cap: nomap stays", { ADD(1 * M, 8 * M), MARK(1 * M, 1 * M, 4), CAP(3 * M, 2 * M) },
	  { IS_NODE(1 * M, 1 * M, NONE, 4), IS(3 * M, 2 * M) } },
	{ "limit", { ADD(1 * M, 8 * M), RESERVE(4 * M, 8 * M), LIMIT(4 * M) },
	  { IS(1 * M, 4 * M) }, { IS(4 * M, 1 * M) } },
	/* flags */
	{ "mark: the middle", { ADD(1 * M, 8 * M), MARK(2 * M, 1 * M, 1) },
	  { IS(1 * M, 1 * M), IS_NODE(2 * M, 1 * M, NONE, 1), IS(3 * M, 6 * M) } },
	{ "mark: noinit is of reserved ones", { RESERVE(1 * M, 2 * M), MARK(2 * M, 1 * M, 16) },
	  .reserved = { IS(1 * M, 1 * M), IS_NODE(2 * M, 1 * M, NONE, 16) } },
	/* alloc */
	{ "alloc_top_down_simple", { ADD(1 * M, 16 * K), ALLOC(2, 64, 1 * M + 16 * K - 64) },
	  { IS(1 * M, 16 * K) }, { IS(1 * M + 16 * K - 64, 2) } },
	{ "alloc_bottom_up_simple", { ADD(1 * M, 16 * K), BOTTOM_UP, ALLOC(2, 64, 1 * M) },
	  { IS(1 * M, 16 * K) }, { IS(1 * M, 2) } },
	{ "alloc_top_down_before", { ADD(1 * M, 16 * K), RESERVE(1 * M + 15 * K, 1 * K),
	  ALLOC(1 * K, 64, 1 * M + 14 * K) }, { IS(1 * M, 16 * K) },
	  { IS(1 * M + 14 * K, 2 * K) } },
	{ "alloc_in_between", { ADD(1 * M, 16 * K), RESERVE(1 * M, 4 * K), RESERVE(1 * M + 8 * K, 8 * K),
	  ALLOC(4 * K, 64, 1 * M + 4 * K) }, { IS(1 * M, 16 * K) }, { IS(1 * M, 16 * K) } },
	{ "alloc_small_gaps", { ADD(1 * M, 16 * K), RESERVE(1 * M + 4 * K, 2 * K),
	  RESERVE(1 * M + 10 * K, 2 * K), ALLOC(8 * K, 64, 0) }, { IS(1 * M, 16 * K) },
	  { IS(1 * M + 4 * K, 2 * K), IS(1 * M + 10 * K, 2 * K) } },
	{ "alloc_all_reserved", { ADD(1 * M, 16 * K), RESERVE(1 * M, 16 * K), ALLOC(1, 64, 0) },
	  { IS(1 * M, 16 * K) }, { IS(1 * M, 16 * K) } },
	{ "alloc_no_memory", { ALLOC(1, 64, 0) } },
	{ "alloc_too_large", { ADD(1 * M, 16 * K), ALLOC(17 * K, 64, 0) }, { IS(1 * M, 16 * K) } },
	{ "alloc: never the first page", { ADD(0, 8 * K), ALLOC(4 * K, 1, 4 * K), ALLOC(1, 1, 0) },
	  { IS(0, 8 * K) }, { IS(4 * K, 4 * K) } },
	{ "alloc: a cache line without alignment", { ADD(1 * M, 4 * K), ALLOC(1, 0, 1 * M + 4 * K - 64) },
	  { IS(1 * M, 4 * K) }, { IS(1 * M + 4 * K - 64, 1) } },
	{ "alloc_try_nid_top_down_cap_min", { ADD(1 * M, 16 * K),
	  ALLOC_IN(1 * K, 64, 2 * M, END, 1 * M + 15 * K) }, { IS(1 * M, 16 * K) },
	  { IS(1 * M + 15 * K, 1 * K) } },
	{ "alloc_try_nid_exact_address", { ADD(1 * M, 16 * K),
	  ALLOC_IN(1 * K, 64, 1 * M + 4 * K, 1 * M + 5 * K, 1 * M + 4 * K) },
	  { IS(1 * M, 16 * K) }, { IS(1 * M + 4 * K, 1 * K) } },
	{ "alloc_nid_numa_simple", { ADD_NODE(1 * M, 1 * M, 0, 0), ADD_NODE(2 * M, 1 * M, 1, 0),
	  ALLOC_NID(4 * K, 64, 0, 2 * M - 4 * K) },
	  { IS_NODE(1 * M, 1 * M, 0, 0), IS_NODE(2 * M, 1 * M, 1, 0) },
	  { IS(2 * M - 4 * K, 4 * K) } },
	{ "alloc_nid_numa_node_reserved", { ADD_NODE(1 * M, 1 * M, 0, 0), ADD_NODE(2 * M, 1 * M, 1, 0),
	  RESERVE(1 * M, 1 * M), ALLOC_NID(4 * K, 64, 0, 3 * M - 4 * K) },
	  { IS_NODE(1 * M, 1 * M, 0, 0), IS_NODE(2 * M, 1 * M, 1, 0) },
	  { IS(1 * M, 1 * M), IS(3 * M - 4 * K, 4 * K) } },
	{ "alloc_exact_nid_numa_node_reserved", { ADD_NODE(1 * M, 1 * M, 0, 0),
	  ADD_NODE(2 * M, 1 * M, 1, 0), RESERVE(1 * M, 1 * M), EXACT(4 * K, 64, 0, 0) },
	  { IS_NODE(1 * M, 1 * M, 0, 0), IS_NODE(2 * M, 1 * M, 1, 0) },
	  { IS(1 * M, 1 * M) } },
	{ "alloc: not from nomap", { ADD(1 * M, 2 * M), MARK(2 * M, 1 * M, 4),
	  ALLOC(4 * K, 64, 2 * M - 4 * K) },
	  { IS(1 * M, 1 * M), IS_NODE(2 * M, 1 * M, NONE, 4) }, { IS(2 * M - 4 * K, 4 * K) } },
};

static u64 memblock_case_step(struct mmkit_model *model,
			      const struct memblock_case_step *step)
{
	switch (step->op) {
	case CASE_ADD:
		return mmkit_model_add(model, step->base, step->bytes,
				       step->node, step->flags);
	case CASE_REMOVE:
		return mmkit_model_remove(model, step->base, step->bytes);
	case CASE_RESERVE:
		return mmkit_model_reserve(model, step->base, step->bytes);
	case CASE_FREE:
		return mmkit_model_phys_free(model, step->base, step->bytes);
	case CASE_FLAG:
		return mmkit_model_flag(model, step->base, step->bytes,
					step->flags, true);
	case CASE_TRIM:
		return mmkit_regions_trim(&model->memory, step->base);
	case CASE_CAP:
		mmkit_model_cap(model, step->base, step->bytes);
		return 0;
	case CASE_LIMIT:
		mmkit_model_enforce_limit(model, step->bytes);
		return 0;
	case CASE_BOTTOM_UP:
		model->bottom_up = true;
		return 0;
	default:
		return mmkit_model_alloc(model, step->bytes, step->base,
					 step->min, step->max, step->node,
					 step->op == CASE_EXACT);
	}
}

static void memblock_case_regions(struct kunit *test,
				  const struct mmkit_regions *have,
				  const struct mmkit_memblock_region *want)
{
	u64 i, nr = 0;

	while (nr < 4 && want[nr].bytes)
		nr++;
	CASE_EQ(test, have->region[0].bytes ? have->cnt : 0, nr);
	if (have->cnt != nr)
		return;
	for (i = 0; i < nr; i++) {
		CASE_EQ(test, have->region[i].base, want[i].base);
		CASE_EQ(test, have->region[i].bytes, want[i].bytes);
		CASE_EQ(test, have->region[i].node, want[i].node);
		CASE_EQ(test, have->region[i].flags, want[i].flags);
	}
}

static void memblock_case(struct kunit *test, const struct memblock_row *row)
{
	static struct mmkit_memblock_region memory[MMKIT_REGIONS_INIT];
	static struct mmkit_memblock_region reserved[MMKIT_REGIONS_INIT];
	struct mmkit_model model;
	int i;

	mmkit_model_init(&model, memory, reserved);
	for (i = 0; i < 7 && row->steps[i].op; i++)
		CASE_EQ(test, memblock_case_step(&model, &row->steps[i]),
			row->steps[i].want);
	memblock_case_regions(test, &model.memory, row->memory);
	memblock_case_regions(test, &model.reserved, row->reserved);
}

struct memblock_check_row {
	const char *name;
	struct mmkit_memblock_change change;
	int err;
};

static const struct memblock_check_row memblock_check_rows[] = {
	{ "add", { .verb = MMKIT_MEMBLOCK_ADD, .node = NONE } },
	{ "add: no such node", { .verb = MMKIT_MEMBLOCK_ADD, .node = -1 }, -EINVAL },
	{ "add: no such flag", { .verb = MMKIT_MEMBLOCK_ADD, .flags = 32 }, -EINVAL },
	{ "add: a flag of reserved ones", { .verb = MMKIT_MEMBLOCK_ADD, .flags = 16 }, -EINVAL },
	{ "reserve", { .verb = MMKIT_MEMBLOCK_RESERVE, .base = 1, .bytes = END } },
	{ "reserve: no node", { .verb = MMKIT_MEMBLOCK_RESERVE, .node = 1 }, -EINVAL },
	{ "mark: one flag", { .verb = MMKIT_MEMBLOCK_MARK, .flags = 4 } },
	{ "mark: no flag", { .verb = MMKIT_MEMBLOCK_MARK }, -EINVAL },
	{ "mark: two flags", { .verb = MMKIT_MEMBLOCK_MARK, .flags = 3 }, -EINVAL },
	{ "trim: no base", { .verb = MMKIT_MEMBLOCK_TRIM, .base = 1 }, -EINVAL },
	{ "no such verb", { .verb = MMKIT_MEMBLOCK_VERB_NR }, -EINVAL },
	{ "reserved field", { .verb = MMKIT_MEMBLOCK_RESERVE, .reserved = 1 }, -EINVAL },
};

static void memblock_check_case(struct kunit *test,
				const struct memblock_check_row *row)
{
	CASE_EQ(test, mmkit_memblock_check_change(&row->change), row->err);
}

#undef K
#undef M
#undef NONE
#undef ANY
#undef END

#endif
