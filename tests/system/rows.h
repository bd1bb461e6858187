/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every command of every device, with a request that works: for the programs that
 * hold each of them to the same rules.
 */
#ifndef _MMKIT_TEST_ROWS_H
#define _MMKIT_TEST_ROWS_H

#include "rows_make.h"

/*
 * Every command there is. @min: the shortest struct that is taken. @array: where
 * the pointer to its array stands, if it has one. @make: a request that works.
 */
#define ROW_NAMED(_area, _name, _cmd, _type, _last, _array, _make, ...)	\
	{								\
		.area = _area,						\
		.name = _name,						\
		.cmd = _cmd,						\
		.size = sizeof(_type),					\
		.min = offsetof(_type, _last) +				\
		       sizeof(((_type *)0)->_last),			\
		.array = _array,					\
		.make = _make,						\
		__VA_ARGS__						\
	}
/* Each takes the command as it is written: passed on, it would be expanded. */
#define ROW(_area, _cmd, ...)	ROW_NAMED(_area, #_cmd, _cmd, __VA_ARGS__)
/* That works on some machines, or as some were booted. */
#define ROW_IF(_area, _cmd, ...)					\
	ROW_NAMED(_area, #_cmd, _cmd, __VA_ARGS__, .optional = true)
/* That stays done when its answer is lost: what it made is no handle. */
#define ROW_KEEPS(_area, _cmd, ...)					\
	ROW_NAMED(_area, #_cmd, _cmd, __VA_ARGS__, .keeps = true)
#define AT(type, field)	offsetof(type, field)

static const struct row {
	const char *area;
	const char *name;
	u32 cmd;
	u32 size;
	u32 min;
	size_t array;
	void (*make)(int fd, void *arg);
	bool optional;
	bool keeps;
	bool busy;	/* EBUSY for want of memory too: __request_region() */
} rows[] = {
	ROW("info", MMKIT_SESSION_INFO, struct mmkit_session_info, size, 0,
	    NULL),
	ROW("pages", MMKIT_SESSION_INFO, struct mmkit_session_info, size, 0,
	    NULL),
	ROW("map", MMKIT_SESSION_INFO, struct mmkit_session_info, size, 0,
	    NULL),
	ROW("info", MMKIT_INFO_GET, struct mmkit_info, size, 0, NULL),
	ROW("info", MMKIT_INFO_LIST, struct mmkit_info_list, entries,
	    AT(struct mmkit_info_list, entries), make_list),
	ROW("info", MMKIT_INFO_LEAKS, struct mmkit_info_leaks, leaks,
	    AT(struct mmkit_info_leaks, leaks), make_leaks),
	ROW("pages", MMKIT_PAGES_ALLOC, struct mmkit_pages_alloc, reserved, 0,
	    make_alloc),
	ROW("pages", MMKIT_PAGES_FREE, struct mmkit_pages_free, reserved, 0,
	    make_free),
	ROW("pages", MMKIT_PAGES_DESCRIBE, struct mmkit_pages_describe, pages,
	    AT(struct mmkit_pages_describe, pages), make_describe),
	ROW("pages", MMKIT_PAGES_ZONES, struct mmkit_pages_zones, zones,
	    AT(struct mmkit_pages_zones, zones), make_zones),
	ROW("pages", MMKIT_PAGES_FRAGMENT, struct mmkit_pages_fragment, blocks,
	    0, make_fragment),
	ROW("map", MMKIT_MAP_SET, struct mmkit_map_set, strategy, 0, make_set),
	ROW("map", MMKIT_MAP_GET, struct mmkit_map_get, size, 0, NULL),
	ROW("map", MMKIT_MAP_DESCRIBE, struct mmkit_map_describe, pages,
	    AT(struct mmkit_map_describe, pages), make_map_describe),
	ROW("map", MMKIT_MAP_STRATEGIES, struct mmkit_map_strategies,
	    strategies, AT(struct mmkit_map_strategies, strategies),
	    make_strategies),
	ROW("map", MMKIT_MAP_LOG, struct mmkit_map_log, bits,
	    AT(struct mmkit_map_log, bits), make_log),
	ROW("map", MMKIT_MAP_PAGER, struct mmkit_map_pager, seed, 0,
	    make_pager),
	ROW("map", MMKIT_MAP_PAGED, struct mmkit_map_paged, size, 0,
	    make_paged),
	ROW("map", MMKIT_MAP_STATES, struct mmkit_map_states, states,
	    AT(struct mmkit_map_states, states), make_states),
	/* Stops what is not there: what it makes is no handle, see events.c. */
	ROW("map", MMKIT_MAP_EVENTS, struct mmkit_map_events, nr, 0, NULL),
	ROW("heap", MMKIT_HEAP_ALLOC, struct mmkit_heap_alloc, reserved, 0,
	    make_heap_alloc),
	ROW_KEEPS("heap", MMKIT_HEAP_REALLOC, struct mmkit_heap_realloc,
		  reserved, 0, make_heap_realloc),
	ROW("heap", MMKIT_HEAP_FREE, struct mmkit_heap_free, flags, 0,
	    make_heap_free),
	ROW("heap", MMKIT_HEAP_DESCRIBE, struct mmkit_heap_describe, objects,
	    AT(struct mmkit_heap_describe, objects), make_heap_describe),
	ROW("heap", MMKIT_HEAP_PFNS, struct mmkit_heap_pfns, pfns,
	    AT(struct mmkit_heap_pfns, pfns), make_heap_pfns),
	ROW("heap", MMKIT_HEAP_LIMITS, struct mmkit_heap_limits, size, 0, NULL),
	ROW("slab", MMKIT_SLAB_CREATE, struct mmkit_slab_create, reserved, 0,
	    make_slab_create),
	ROW("slab", MMKIT_SLAB_DESTROY, struct mmkit_slab_destroy, handle, 0,
	    make_slab_cache),
	ROW("slab", MMKIT_SLAB_USERS, struct mmkit_slab_users, users,
	    AT(struct mmkit_slab_users, users), make_slab_users),
	ROW("slab", MMKIT_SLAB_ALLOC, struct mmkit_slab_alloc, reserved, 0,
	    make_slab_alloc),
	ROW("slab", MMKIT_SLAB_FREE, struct mmkit_slab_free, flags, 0,
	    make_slab_free),
	ROW("slab", MMKIT_SLAB_SHRINK, struct mmkit_slab_shrink, handle, 0,
	    make_slab_cache),
	ROW("slab", MMKIT_SLAB_DESCRIBE, struct mmkit_slab_describe, handle, 0,
	    make_slab_cache),
	ROW("slab", MMKIT_SLAB_SLABS, struct mmkit_slab_slabs, slabs,
	    AT(struct mmkit_slab_slabs, slabs), make_slab_slabs),
	ROW("slab", MMKIT_SLAB_OBJECTS, struct mmkit_slab_objects, objects,
	    AT(struct mmkit_slab_objects, objects), make_slab_objects),
	ROW("slab", MMKIT_SLAB_POOL, struct mmkit_slab_pool, handle, 0,
	    make_slab_pool),
	ROW("slab", MMKIT_SLAB_TAKE, struct mmkit_slab_take, held, 0,
	    make_slab_take),
	ROW("slab", MMKIT_SLAB_GIVE, struct mmkit_slab_give, held, 0,
	    make_slab_give),
	ROW("slab", MMKIT_SLAB_LRU, struct mmkit_slab_lru, reserved, 0,
	    make_slab_lru),
	ROW_KEEPS("slab", MMKIT_SLAB_LRU_ADD, struct mmkit_slab_lru_add,
		  reserved, 0, make_slab_lru_add),
	ROW("slab", MMKIT_SLAB_LRU_STAT, struct mmkit_slab_lru_stat, handle, 0,
	    make_slab_lru_stat),
	ROW("slab", MMKIT_SLAB_REUSE, struct mmkit_slab_reuse, allocated, 0,
	    make_slab_reuse),
	ROW("aspace", MMKIT_ASPACE_REGIONS, struct mmkit_aspace_regions,
	    regions, AT(struct mmkit_aspace_regions, regions), make_regions),
	ROW("aspace", MMKIT_ASPACE_WALK, struct mmkit_aspace_walk, levels,
	    AT(struct mmkit_aspace_walk, levels), make_walk),
	ROW("aspace", MMKIT_ASPACE_RANGE, struct mmkit_aspace_range, counts,
	    AT(struct mmkit_aspace_range, counts), make_range),
	ROW("aspace", MMKIT_ASPACE_PAGES, struct mmkit_aspace_pages, words,
	    AT(struct mmkit_aspace_pages, words), make_words),
	ROW("aspace", MMKIT_ASPACE_TABLES, struct mmkit_aspace_tables, tables,
	    AT(struct mmkit_aspace_tables, tables), make_tables),
	ROW("aspace", MMKIT_ASPACE_LAYOUT, struct mmkit_aspace_layout, areas,
	    AT(struct mmkit_aspace_layout, areas), make_layout),
	ROW_IF("aspace", MMKIT_ASPACE_CONTEXT, struct mmkit_aspace_context,
	       state, 0, NULL),
	ROW("bench", MMKIT_BENCH_NOTHING, struct mmkit_bench_nothing, reserved,
	    0, NULL),
	ROW("bench", MMKIT_BENCH_INFO, struct mmkit_bench_info, size, 0, NULL),
	ROW("bench", MMKIT_BENCH_ROWS, struct mmkit_bench_list, rows,
	    AT(struct mmkit_bench_list, rows), make_bench_rows),
	ROW("bench", MMKIT_BENCH_RUN, struct mmkit_bench_run, array,
	    AT(struct mmkit_bench_run, array), make_bench_run),
	ROW_KEEPS("bench", MMKIT_BENCH_SIZES, struct mmkit_bench_sizes, sizes,
		  0, make_bench_sizes),
	ROW("bench", MMKIT_BENCH_START, struct mmkit_bench_start, reserved, 0,
	    make_bench_start),
	ROW("bench", MMKIT_BENCH_STATUS, struct mmkit_bench_status, wait_ms, 0,
	    make_bench_handle),
	ROW("bench", MMKIT_BENCH_RESULT, struct mmkit_bench_result, hists,
	    AT(struct mmkit_bench_result, hists), make_bench_result),
	ROW("bench", MMKIT_BENCH_STOP, struct mmkit_bench_handle, handle, 0,
	    make_bench_handle),
	ROW("bench", MMKIT_BENCH_FORGET, struct mmkit_bench_handle, handle, 0,
	    make_bench_handle),
	ROW("memblock", MMKIT_MEMBLOCK_SET, struct mmkit_memblock_set, limit, 0,
	    make_memblock_set),
	ROW("memblock", MMKIT_MEMBLOCK_CHANGE, struct mmkit_memblock_change,
	    reserved, 0, make_memblock_change),
	ROW("memblock", MMKIT_MEMBLOCK_ALLOC, struct mmkit_memblock_alloc,
	    addr, 0, make_memblock_alloc),
	ROW("memblock", MMKIT_MEMBLOCK_QUERY, struct mmkit_memblock_query,
	    reserved, 0, NULL),
	ROW("memblock", MMKIT_MEMBLOCK_REGIONS, struct mmkit_memblock_regions,
	    regions, AT(struct mmkit_memblock_regions, regions),
	    make_memblock_regions),
	ROW_IF("memblock", MMKIT_MEMBLOCK_CLAIM, struct mmkit_memblock_claim,
	       reserved, 0, make_memblock_claim, .busy = true),
	ROW_IF("memblock", MMKIT_MEMBLOCK_PROBE, struct mmkit_memblock_probe,
	       first_bad, 0, make_memblock_carve),
	ROW_IF("memblock", MMKIT_MEMBLOCK_RELEASE,
	       struct mmkit_memblock_release, handle, 0, make_memblock_carve),
	/* What it reads is found from user space: memblock.c. */
	ROW_IF("memblock", MMKIT_MEMBLOCK_OBSERVE,
	       struct mmkit_memblock_observe, nr_reserved, 0, NULL),
	ROW_IF("memblock", MMKIT_MEMBLOCK_FATES, struct mmkit_memblock_fates,
	       fates, AT(struct mmkit_memblock_fates, fates),
	       make_memblock_fates),
	ROW_IF("memblock", MMKIT_MEMBLOCK_BOOT, struct mmkit_memblock_boot,
	       booted, AT(struct mmkit_memblock_boot, booted),
	       make_memblock_boot),
	ROW_IF("memblock", MMKIT_MEMBLOCK_NAMED, struct mmkit_memblock_named,
	       bytes, 0, make_memblock_named),
};

/* What this kernel answers to a request that works. */
static inline int row_answer(const struct row *row)
{
	return row->cmd == MMKIT_SLAB_REUSE && slab_reuse_delayed() ?
	       -EOPNOTSUPP : 0;
}

static const char *const row_areas[] = {
	"info", "pages", "map", "heap", "slab", "aspace", "bench", "memblock",
};

/* A request on a fresh session, in a buffer of two pages. */
struct request {
	const struct row *row;
	int fd;
	u8 *arg;
	struct mmkit_session_info before;
};

static u8 row_buffer[2 * PAGE] __attribute__((aligned(PAGE)));

static inline struct request request(const struct row *row)
{
	struct request r = { .row = row, .fd = dev_open(row->area) };

	memset(row_buffer, 0, sizeof(row_buffer));
	r.arg = row_buffer;
	if (row->make)
		row->make(r.fd, r.arg);
	*(u32 *)r.arg = row->size;
	r.before = session(r.fd);
	return r;
}

#endif
