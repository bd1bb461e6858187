// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every command of every device, field by field, and what else a program may do.
 * What is answered only, and the size, which each struct begins with, is left out.
 */
#include <string.h>
#include <mmkit/aspace.h>
#include <mmkit/bench.h>
#include <mmkit/heap.h>
#include <mmkit/info.h>
#include <mmkit/map.h>
#include <mmkit/memblock.h>
#include <mmkit/pages.h>
#include <mmkit/slab.h>
#include "fuzz.h"

const char *const area_names[AREAS] = {
	"info", "pages", "map", "heap", "slab", "memblock", "aspace", "bench",
};

#define F(field, kind, max)						\
	{ #field, offsetof(T, field), sizeof(((T *)0)->field), kind, max }

/* --- info */

#define T struct mmkit_info_list
static const struct field info_list[] = {
	F(kind, CHOICE, MMKIT_KIND_NR), F(nr, NUMBER, 64), F(reserved, ZERO, 0),
	F(entries, ARRAY, 0),
};
#undef T
#define T struct mmkit_info_leaks
static const struct field info_leaks[] = {
	F(nr, NUMBER, 64), F(leaks, ARRAY, 0),
};
#undef T

/* --- pages */

#define T struct mmkit_pages_alloc
static const struct field pages_alloc[] = {
	F(how, CHOICE, MMKIT_PAGES_HOW_NR), F(order, NUMBER, 10),
	F(count, NUMBER, 32), F(bytes, BYTES, 65536), F(gfp, GFP, 0),
	F(node, NODE, 0), F(flags, BITS, MMKIT_PAGES_SPLIT),
	F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_pages_free
static const struct field pages_free[] = {
	F(handle, HANDLE, BLOCKS), F(first, NUMBER, 32), F(nr, NUMBER, 32),
	F(stride, NUMBER, 8), F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_pages_describe
static const struct field pages_describe[] = {
	F(handle, HANDLE, BLOCKS), F(first, NUMBER, 32),
	F(nr, NUMBER, MMKIT_PAGES_DESCRIBE_MAX), F(step, NUMBER, 512),
	F(pages, ARRAY, 0),
};
#undef T
#define T struct mmkit_pages_zones
static const struct field pages_zones[] = {
	F(nr, NUMBER, 8), F(zones, ARRAY, 0),
};
#undef T
#define T struct mmkit_pages_fragment
static const struct field pages_fragment[] = {
	F(order, NUMBER, 10), F(bytes, BYTES, 1 << 20), F(gfp, GFP, 0),
	F(node, NODE, 0),
};
#undef T

/* --- map */

#define T struct mmkit_map_set
static const struct field map_set[] = {
	F(flags, ZERO, 0), F(bytes, PAGES, MAP_PAGES),
	F(strategy, NAME, STRATEGIES), F(tune, NUMBER, 64),
};
#undef T
#define T struct mmkit_map_describe
static const struct field map_describe[] = {
	F(nr, NUMBER, MMKIT_MAP_DESCRIBE_MAX), F(first, NUMBER, MAP_PAGES),
	F(pages, ARRAY, 0),
};
#undef T
#define T struct mmkit_map_strategies
static const struct field map_strategies[] = {
	F(nr, NUMBER, MMKIT_MAP_STRATEGIES_MAX), F(strategies, ARRAY, 0),
};
#undef T
#define T struct mmkit_map_log
static const struct field map_log[] = {
	F(flags, BITS, MMKIT_MAP_LOG_CLEAR), F(first, NUMBER, MAP_PAGES),
	F(nr, NUMBER, MAP_PAGES), F(bits, ARRAY, 0),
};
#undef T
#define T struct mmkit_map_pager
static const struct field map_pager[] = {
	F(flags, BITS, MMKIT_MAP_EXACT), F(frames, NUMBER, MAP_PAGES / 2),
	F(policy, CHOICE, MMKIT_MAP_POLICIES), F(swap, CHOICE, MMKIT_MAP_SWAPS),
	F(fd, FD, 0), F(seed, NUMBER, 8),
};
#undef T
#define T struct mmkit_map_states
static const struct field map_states[] = {
	F(nr, NUMBER, MAP_PAGES), F(first, NUMBER, MAP_PAGES),
	F(states, ARRAY, 0),
};
#undef T
#define T struct mmkit_map_events
static const struct field map_events[] = {
	F(flags, ZERO, 0), F(nr, POWER, 10), F(reserved, ZERO, 0),
};
#undef T

/* --- heap */

#define T struct mmkit_heap_alloc
static const struct field heap_alloc[] = {
	F(api, CHOICE, MMKIT_HEAP_API_NR), F(bytes, BYTES, 32768),
	F(elements, NUMBER, 64), F(count, NUMBER, 16), F(gfp, GFP, 0),
	F(node, NODE, 0), F(flags, BITS, MMKIT_HEAP_IN_ATOMIC),
	F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_heap_realloc
static const struct field heap_realloc[] = {
	F(handle, HANDLE, OBJECTS), F(index, NUMBER, 16), F(gfp, GFP, 0),
	F(bytes, BYTES, 32768), F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_heap_free
static const struct field heap_free[] = {
	F(handle, HANDLE, OBJECTS), F(first, NUMBER, 16), F(nr, NUMBER, 16),
	F(stride, NUMBER, 8), F(flags, BITS, MMKIT_HEAP_SENSITIVE),
};
#undef T
#define T struct mmkit_heap_describe
static const struct field heap_describe[] = {
	F(handle, HANDLE, OBJECTS), F(first, NUMBER, 16),
	F(nr, NUMBER, MMKIT_HEAP_DESCRIBE_MAX), F(objects, ARRAY, 0),
};
#undef T
#define T struct mmkit_heap_pfns
static const struct field heap_pfns[] = {
	F(handle, HANDLE, OBJECTS), F(index, NUMBER, 16),
	F(nr, NUMBER, MMKIT_HEAP_PFNS_MAX), F(first, NUMBER, 8),
	F(pfns, ARRAY, 0),
};
#undef T

/* --- slab */

#define T struct mmkit_slab_create
static const struct field slab_create[] = {
	F(flags, BITS, MMKIT_SLAB_FLAGS_ALL), F(name, NAME, FREE_NAMES),
	F(bytes, BYTES, 8192), F(align, POWER, 12), F(useroffset, NUMBER, 64),
	F(usersize, NUMBER, 64), F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_slab_destroy
static const struct field slab_destroy[] = { F(handle, HANDLE, CACHE) };
#undef T
#define T struct mmkit_slab_users
static const struct field slab_users[] = {
	F(handle, HANDLE, CACHE), F(nr, NUMBER, MMKIT_SLAB_USERS_MAX),
	F(reserved, ZERO, 0), F(users, ARRAY, 0),
};
#undef T
#define T struct mmkit_slab_alloc
static const struct field slab_alloc[] = {
	F(cache, HANDLE, CACHE), F(count, NUMBER, 64), F(gfp, GFP, 0),
	F(node, NODE, 0), F(flags, BITS, MMKIT_SLAB_BULK | MMKIT_SLAB_IN_ATOMIC),
	F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_slab_free
static const struct field slab_free[] = {
	F(handle, HANDLE, SLAB_OBJECTS), F(first, NUMBER, 64),
	F(nr, NUMBER, 64), F(stride, NUMBER, 8), F(flags, BITS, MMKIT_SLAB_BULK),
};
#undef T
#define T struct mmkit_slab_shrink
static const struct field slab_shrink[] = { F(handle, HANDLE, CACHE) };
#undef T
#define T struct mmkit_slab_describe
static const struct field slab_describe[] = { F(handle, HANDLE, CACHE) };
#undef T
#define T struct mmkit_slab_slabs
static const struct field slab_slabs[] = {
	F(handle, HANDLE, CACHE), F(nr, NUMBER, 64), F(first, NUMBER, 8),
	F(slabs, ARRAY, 0),
};
#undef T
#define T struct mmkit_slab_objects
static const struct field slab_objects[] = {
	F(handle, HANDLE, SLAB_OBJECTS), F(first, NUMBER, 64),
	F(nr, NUMBER, MMKIT_SLAB_OBJECTS_MAX), F(objects, ARRAY, 0),
};
#undef T
#define T struct mmkit_slab_pool
static const struct field slab_pool[] = {
	F(over, CHOICE, MMKIT_SLAB_OVER_NR), F(cache, HANDLE, CACHE),
	F(bytes, BYTES, 4096), F(order, NUMBER, MMKIT_SLAB_ORDER_MAX),
	F(reserve, NUMBER, 16), F(room, NUMBER, 32),
};
#undef T
#define T struct mmkit_slab_take
static const struct field slab_take[] = {
	F(handle, HANDLE, POOL), F(nr, NUMBER, 32), F(gfp, GFP, 0),
	F(flags, BITS, MMKIT_SLAB_REFUSE),
};
#undef T
#define T struct mmkit_slab_give
static const struct field slab_give[] = {
	F(handle, HANDLE, POOL), F(nr, NUMBER, 32),
};
#undef T
#define T struct mmkit_slab_lru
static const struct field slab_lru[] = {
	F(cache, HANDLE, CACHE), F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_slab_lru_add
static const struct field slab_lru_add[] = {
	F(handle, HANDLE, LRU), F(count, NUMBER, 64), F(gfp, GFP, 0),
	F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_slab_lru_stat
static const struct field slab_lru_stat[] = { F(handle, HANDLE, LRU) };
#undef T
#define T struct mmkit_slab_reuse
static const struct field slab_reuse[] = {
	F(cache, HANDLE, CACHE), F(rounds, SMALL, 8), F(tries, SMALL, 16),
};
#undef T

/* --- memblock */

#define T struct mmkit_memblock_set
static const struct field memblock_set[] = {
	F(flags, BITS, MMKIT_MEMBLOCK_SET_FLAGS), F(limit, PHYSICAL, 0),
};
#undef T
#define T struct mmkit_memblock_change
static const struct field memblock_change[] = {
	F(verb, CHOICE, MMKIT_MEMBLOCK_VERB_NR), F(base, PHYSICAL, 0),
	F(bytes, PHYSICAL, 0), F(node, NODE, 0),
	F(flags, BITS, MMKIT_MEMBLOCK_FLAGS), F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_memblock_alloc
static const struct field memblock_alloc[] = {
	F(how, CHOICE, MMKIT_MEMBLOCK_HOW_NR), F(bytes, PHYSICAL, 0),
	F(align, POWER, 30), F(min, PHYSICAL, 0), F(max, PHYSICAL, 0),
	F(node, NODE, 0),
};
#undef T
#define T struct mmkit_memblock_query
static const struct field memblock_query[] = {
	F(ask, CHOICE, MMKIT_MEMBLOCK_ASK_NR), F(base, PHYSICAL, 0),
	F(bytes, PHYSICAL, 0), F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_memblock_regions
static const struct field memblock_regions[] = {
	F(source, CHOICE, MMKIT_MEMBLOCK_SOURCE_NR),
	F(list, CHOICE, MMKIT_MEMBLOCK_LIST_NR), F(first, NUMBER, 8),
	F(nr, NUMBER, 64), F(node, NODE, 0),
	F(flags, BITS, MMKIT_MEMBLOCK_FLAGS), F(regions, ARRAY, 0),
};
#undef T
#define T struct mmkit_memblock_observe
static const struct field memblock_observe[] = {
	F(reserved, ZERO, 0), F(memblock, SYMBOL, 0),
	F(memory_regions, SYMBOL, 0), F(reserved_regions, SYMBOL, 0),
	F(layout.given, ZERO, 0),
};
#undef T
#define T struct mmkit_memblock_fates
static const struct field memblock_fates[] = {
	F(list, CHOICE, 2), F(nr, NUMBER, 64), F(reserved, ZERO, 0),
	F(fates, ARRAY, 0),
};
#undef T
#define T struct mmkit_memblock_boot
static const struct field memblock_boot[] = {
	F(nr, NUMBER, MMKIT_MEMBLOCK_BOOT_MAX), F(reserved, ZERO, 0),
	F(booted, ARRAY, 0),
};
#undef T
#define T struct mmkit_memblock_claim
static const struct field memblock_claim[] = {
	F(base, CARVEOUT, 0), F(bytes, PAGES, 16),
	F(flags, BITS, MMKIT_MEMBLOCK_OFFER), F(reserved, ZERO, 0),
	F(name, NAME, CARVEOUTS),
};
#undef T
#define T struct mmkit_memblock_probe
static const struct field memblock_probe[] = { F(handle, HANDLE, CARVED) };
#undef T
#define T struct mmkit_memblock_release
static const struct field memblock_release[] = { F(handle, HANDLE, CARVED) };
#undef T
#define T struct mmkit_memblock_named
static const struct field memblock_named[] = {
	F(reserved, ZERO, 0), F(name, NAME, CARVEOUTS),
};
#undef T

/* --- aspace */

#define T struct mmkit_aspace_regions
static const struct field aspace_regions[] = {
	F(pid, PID, 0), F(start, ADDRESS, 0), F(nr, NUMBER, 16),
	F(flags, BITS, MMKIT_ASPACE_COUNT), F(regions, ARRAY, 0),
};
#undef T
#define T struct mmkit_aspace_walk
static const struct field aspace_walk[] = {
	F(pid, PID, 0), F(address, ADDRESS, 0), F(area, CHOICE, MMKIT_AREA_NR),
	F(nr, NUMBER, MMKIT_LEVELS), F(levels, ARRAY, 0),
};
#undef T
#define T struct mmkit_aspace_range
static const struct field aspace_range[] = {
	F(pid, PID, 0), F(start, ADDRESS, 0), F(end, ADDRESS, 0),
	F(nr, NUMBER, 16), F(flags, BITS, MMKIT_ASPACE_COUNT | MMKIT_ASPACE_CLEAR),
	F(counts, ARRAY, 0),
};
#undef T
#define T struct mmkit_aspace_pages
static const struct field aspace_pages[] = {
	F(pid, PID, 0), F(start, ADDRESS, 0), F(nr, NUMBER, 64),
	F(flags, BITS, 0), F(words, ARRAY, 0),
};
#undef T
#define T struct mmkit_aspace_tables
static const struct field aspace_tables[] = {
	F(pid, PID, 0), F(start, ADDRESS, 0), F(end, ADDRESS, 0),
	F(nr, NUMBER, 64), F(tables, ARRAY, 0),
};
#undef T
#define T struct mmkit_aspace_layout
static const struct field aspace_layout[] = {
	F(pid, PID, 0), F(nr, NUMBER, MMKIT_AREA_NR), F(reserved, ZERO, 0),
	F(areas, ARRAY, 0),
};
#undef T
#define T struct mmkit_aspace_context
static const struct field aspace_context[] = {
	F(pid, PID, 0), F(reserved, ZERO, 0),
};
#undef T

/* --- bench */

#define T struct mmkit_bench_nothing
static const struct field bench_nothing[] = { F(reserved, ZERO, 0) };
#undef T
#define T struct mmkit_bench_list
static const struct field bench_rows[] = {
	F(nr, NUMBER, 64), F(rows, ARRAY, 0),
};
#undef T
#define T struct mmkit_bench_run
static const struct field bench_run[] = {
	F(rounds, SMALL, 2), F(row, NAME, BENCHES),
	F(allocator, NAME, ALLOCATORS), F(x, NUMBER, 512), F(threads, SMALL, 3),
	F(cpu, NODE, 0), F(nr, SMALL, 64), F(array, ARRAY, 0),
};
#undef T
#define T struct mmkit_bench_sizes
static const struct field bench_sizes[] = {
	F(flags, BITS, MMKIT_BENCH_SIZES_FORGET),
	F(nr, NUMBER, MMKIT_BENCH_SIZES_PER_CALL), F(sizes, FILL, 4096),
};
#undef T
#define T struct mmkit_bench_start
static const struct field bench_start[] = {
	F(pattern, CHOICE, MMKIT_BENCH_PATTERN_NR),
	F(allocator, NAME, ALLOCATORS), F(dist, CHOICE, MMKIT_BENCH_DIST_NR),
	F(threads, SMALL, 3), F(min, SMALL, 512), F(max, SELDOM, 8192),
	F(live, SMALL, 64), F(gfp, GFP, 0), F(node, NODE, 0),
	F(flags, BITS, MMKIT_BENCH_FLAGS), F(count, SMALL, 128),
	F(duration_ms, SELDOM, 4), F(pause_us, SELDOM, 16), F(seed, NUMBER, 8),
	F(first_cpu, NUMBER, 2), F(reserved, ZERO, 0),
};
#undef T
#define T struct mmkit_bench_status
static const struct field bench_status[] = {
	F(handle, HANDLE, RUN), F(wait_ms, SMALL, 2),
};
#undef T
#define T struct mmkit_bench_result
static const struct field bench_result[] = {
	F(handle, HANDLE, RUN), F(hists, ARRAY, 0),
};
#undef T
#define T struct mmkit_bench_handle
static const struct field bench_handle[] = { F(handle, HANDLE, RUN) };
#undef T

/* --- what else is done to sessions, mappings and files */

#define V(field, kind, max)	{ #field, 0, 8, kind, max }

static const struct field on_mmap[] = {
	V(map, SMALL, MAPS - 1), V(first, NUMBER, MAP_PAGES),
	V(pages, SMALL, MAP_PAGES), V(prot, PROT, 0), V(flags, SMALL, 7),
	V(hint, SMALL, MAPS),
};
static const struct field on_range[] = {
	V(map, SMALL, MAPS - 1), V(first, SMALL, MAP_PAGES),
	V(pages, SMALL, MAP_PAGES),
};
static const struct field on_protect[] = {
	V(map, SMALL, MAPS - 1), V(first, SMALL, MAP_PAGES),
	V(pages, SMALL, MAP_PAGES), V(prot, PROT, 0),
};
static const struct field on_remap[] = {
	V(map, SMALL, MAPS - 1), V(pages, SMALL, MAP_PAGES),
	V(flags, BITS, 7),
};
static const struct field on_advise[] = {
	V(map, SMALL, MAPS - 1), V(first, SMALL, MAP_PAGES),
	V(pages, SMALL, MAP_PAGES), V(advice, SMALL, 26),
};
static const struct field on_lock[] = {
	V(map, SMALL, MAPS - 1), V(lock, SMALL, 2),
};
static const struct field on_touch[] = {
	V(map, SMALL, MAPS - 1), V(first, SMALL, MAP_PAGES), V(write, SMALL, 1),
	V(pages, SMALL, MAP_PAGES),
};
static const struct field on_hold[] = {
	V(map, SMALL, MAPS - 1), V(first, SMALL, MAP_PAGES),
	V(pages, SMALL, MAP_PAGES), V(held, SMALL, 3),
};
static const struct field on_ring[] = {
	V(map, SMALL, MAPS - 1), V(first, SMALL, 2), V(pages, SMALL, 4),
	V(prot, PROT, 0),
};
static const struct field on_regions[] = {
	V(reserved, SMALL, 1), V(nr, SMALL, 300),
};
static const struct field on_fork[] = { V(write, SMALL, 1) };
static const struct field on_close[] = {
	V(area, SMALL, AREAS - 1), V(again, SMALL, 1),
};
static const struct field on_control[] = {
	V(line, SMALL, 1u << 31), V(read, SMALL, 3), V(before, SMALL, 1),
};
static const struct field on_file[] = {
	V(file, SMALL, 63), V(bytes, BYTES, 8192), V(offset, SMALL, 64),
};
static const struct field on_parameter[] = {
	V(which, SMALL, 5), V(to, NUMBER, 1 << 22),
};
static const struct field on_reload[] = {
	V(module, SMALL, AREAS - 1), V(parameters, SMALL, 63), V(letgo, SMALL, 3),
	V(late, SMALL, 255),
};
static const struct field on_trace[] = { V(what, SMALL, TRACES - 1), V(event, SMALL, 15) };

/* --- all of it */

#define COMMAND(_area, _cmd, _struct, _fields, _weight, ...)		\
	{								\
		.area = _area, .name = #_cmd, .cmd = _cmd,		\
		.size = sizeof(struct _struct), .type = #_struct,	\
		.fields = _fields, .nr = ARRAY_SIZE(_fields),		\
		.weight = _weight, __VA_ARGS__				\
	}
#define BARE(_area, _cmd, _struct, _weight)				\
	{								\
		.area = _area, .name = #_cmd, .cmd = _cmd,		\
		.size = sizeof(struct _struct), .type = #_struct,	\
		.weight = _weight,					\
	}
#define MAKES(_kind, _struct)						\
	.makes = _kind, .made_at = offsetof(struct _struct, handle)
#define OTHER(_name, _run, _fields, _weight)				\
	{								\
		.name = _name, .run = _run, .fields = _fields,		\
		.nr = ARRAY_SIZE(_fields), .weight = _weight,		\
	}

const struct command commands[] = {
	BARE("info", MMKIT_SESSION_INFO, mmkit_session_info, 10),
	BARE("info", MMKIT_INFO_GET, mmkit_info, 5),
	COMMAND("info", MMKIT_INFO_LIST, mmkit_info_list, info_list, 10),
	COMMAND("info", MMKIT_INFO_LEAKS, mmkit_info_leaks, info_leaks, 10),

	COMMAND("pages", MMKIT_PAGES_ALLOC, mmkit_pages_alloc, pages_alloc, 60,
		MAKES(BLOCKS, mmkit_pages_alloc)),
	COMMAND("pages", MMKIT_PAGES_FREE, mmkit_pages_free, pages_free, 40),
	COMMAND("pages", MMKIT_PAGES_DESCRIBE, mmkit_pages_describe,
		pages_describe, 30),
	COMMAND("pages", MMKIT_PAGES_ZONES, mmkit_pages_zones, pages_zones, 10),
	COMMAND("pages", MMKIT_PAGES_FRAGMENT, mmkit_pages_fragment,
		pages_fragment, 20, MAKES(BLOCKS, mmkit_pages_fragment)),

	COMMAND("map", MMKIT_MAP_SET, mmkit_map_set, map_set, 160),
	BARE("map", MMKIT_MAP_GET, mmkit_map_get, 10),
	COMMAND("map", MMKIT_MAP_DESCRIBE, mmkit_map_describe, map_describe, 30),
	COMMAND("map", MMKIT_MAP_STRATEGIES, mmkit_map_strategies,
		map_strategies, 10),
	COMMAND("map", MMKIT_MAP_LOG, mmkit_map_log, map_log, 30),
	COMMAND("map", MMKIT_MAP_PAGER, mmkit_map_pager, map_pager, 60),
	BARE("map", MMKIT_MAP_PAGED, mmkit_map_paged, 20),
	COMMAND("map", MMKIT_MAP_STATES, mmkit_map_states, map_states, 20),
	COMMAND("map", MMKIT_MAP_EVENTS, mmkit_map_events, map_events, 30),

	COMMAND("heap", MMKIT_HEAP_ALLOC, mmkit_heap_alloc, heap_alloc, 80,
		MAKES(OBJECTS, mmkit_heap_alloc)),
	COMMAND("heap", MMKIT_HEAP_REALLOC, mmkit_heap_realloc, heap_realloc, 40),
	COMMAND("heap", MMKIT_HEAP_FREE, mmkit_heap_free, heap_free, 40),
	COMMAND("heap", MMKIT_HEAP_DESCRIBE, mmkit_heap_describe, heap_describe,
		40),
	COMMAND("heap", MMKIT_HEAP_PFNS, mmkit_heap_pfns, heap_pfns, 30),
	BARE("heap", MMKIT_HEAP_LIMITS, mmkit_heap_limits, 5),

	COMMAND("slab", MMKIT_SLAB_CREATE, mmkit_slab_create, slab_create, 40,
		MAKES(CACHE, mmkit_slab_create)),
	COMMAND("slab", MMKIT_SLAB_DESTROY, mmkit_slab_destroy, slab_destroy, 20),
	COMMAND("slab", MMKIT_SLAB_USERS, mmkit_slab_users, slab_users, 20),
	COMMAND("slab", MMKIT_SLAB_ALLOC, mmkit_slab_alloc, slab_alloc, 60,
		MAKES(SLAB_OBJECTS, mmkit_slab_alloc)),
	COMMAND("slab", MMKIT_SLAB_FREE, mmkit_slab_free, slab_free, 40),
	COMMAND("slab", MMKIT_SLAB_SHRINK, mmkit_slab_shrink, slab_shrink, 10),
	COMMAND("slab", MMKIT_SLAB_DESCRIBE, mmkit_slab_describe, slab_describe,
		10),
	COMMAND("slab", MMKIT_SLAB_SLABS, mmkit_slab_slabs, slab_slabs, 30),
	COMMAND("slab", MMKIT_SLAB_OBJECTS, mmkit_slab_objects, slab_objects,
		30),
	COMMAND("slab", MMKIT_SLAB_POOL, mmkit_slab_pool, slab_pool, 50,
		MAKES(POOL, mmkit_slab_pool)),
	COMMAND("slab", MMKIT_SLAB_TAKE, mmkit_slab_take, slab_take, 50),
	COMMAND("slab", MMKIT_SLAB_GIVE, mmkit_slab_give, slab_give, 30),
	COMMAND("slab", MMKIT_SLAB_LRU, mmkit_slab_lru, slab_lru, 30,
		MAKES(LRU, mmkit_slab_lru)),
	COMMAND("slab", MMKIT_SLAB_LRU_ADD, mmkit_slab_lru_add, slab_lru_add,
		30),
	COMMAND("slab", MMKIT_SLAB_LRU_STAT, mmkit_slab_lru_stat, slab_lru_stat,
		10),
	COMMAND("slab", MMKIT_SLAB_REUSE, mmkit_slab_reuse, slab_reuse, 20),

	COMMAND("memblock", MMKIT_MEMBLOCK_SET, mmkit_memblock_set,
		memblock_set, 30),
	COMMAND("memblock", MMKIT_MEMBLOCK_CHANGE, mmkit_memblock_change,
		memblock_change, 150),
	COMMAND("memblock", MMKIT_MEMBLOCK_ALLOC, mmkit_memblock_alloc,
		memblock_alloc, 100),
	COMMAND("memblock", MMKIT_MEMBLOCK_QUERY, mmkit_memblock_query,
		memblock_query, 40),
	COMMAND("memblock", MMKIT_MEMBLOCK_REGIONS, mmkit_memblock_regions,
		memblock_regions, 60),
	COMMAND("memblock", MMKIT_MEMBLOCK_OBSERVE, mmkit_memblock_observe,
		memblock_observe, 20),
	COMMAND("memblock", MMKIT_MEMBLOCK_FATES, mmkit_memblock_fates,
		memblock_fates, 8),
	COMMAND("memblock", MMKIT_MEMBLOCK_BOOT, mmkit_memblock_boot,
		memblock_boot, 10),
	COMMAND("memblock", MMKIT_MEMBLOCK_CLAIM, mmkit_memblock_claim,
		memblock_claim, 40, MAKES(CARVED, mmkit_memblock_claim)),
	COMMAND("memblock", MMKIT_MEMBLOCK_PROBE, mmkit_memblock_probe,
		memblock_probe, 10),
	COMMAND("memblock", MMKIT_MEMBLOCK_RELEASE, mmkit_memblock_release,
		memblock_release, 10),
	COMMAND("memblock", MMKIT_MEMBLOCK_NAMED, mmkit_memblock_named,
		memblock_named, 5),

	COMMAND("aspace", MMKIT_ASPACE_REGIONS, mmkit_aspace_regions,
		aspace_regions, 20),
	COMMAND("aspace", MMKIT_ASPACE_WALK, mmkit_aspace_walk, aspace_walk, 60),
	COMMAND("aspace", MMKIT_ASPACE_RANGE, mmkit_aspace_range, aspace_range,
		40),
	COMMAND("aspace", MMKIT_ASPACE_PAGES, mmkit_aspace_pages, aspace_pages,
		40),
	COMMAND("aspace", MMKIT_ASPACE_TABLES, mmkit_aspace_tables,
		aspace_tables, 20),
	COMMAND("aspace", MMKIT_ASPACE_LAYOUT, mmkit_aspace_layout,
		aspace_layout, 10),
	COMMAND("aspace", MMKIT_ASPACE_CONTEXT, mmkit_aspace_context,
		aspace_context, 10),

	COMMAND("bench", MMKIT_BENCH_NOTHING, mmkit_bench_nothing,
		bench_nothing, 5),
	BARE("bench", MMKIT_BENCH_INFO, mmkit_bench_info, 5),
	COMMAND("bench", MMKIT_BENCH_ROWS, mmkit_bench_list, bench_rows, 5),
	COMMAND("bench", MMKIT_BENCH_RUN, mmkit_bench_run, bench_run, 20),
	COMMAND("bench", MMKIT_BENCH_SIZES, mmkit_bench_sizes, bench_sizes, 20),
	COMMAND("bench", MMKIT_BENCH_START, mmkit_bench_start, bench_start, 50,
		MAKES(RUN, mmkit_bench_start)),
	COMMAND("bench", MMKIT_BENCH_STATUS, mmkit_bench_status, bench_status,
		20),
	COMMAND("bench", MMKIT_BENCH_RESULT, mmkit_bench_result, bench_result,
		10),
	COMMAND("bench", MMKIT_BENCH_STOP, mmkit_bench_handle, bench_handle, 10),
	COMMAND("bench", MMKIT_BENCH_FORGET, mmkit_bench_handle, bench_handle,
		10),

	OTHER("close", op_close, on_close, 40),
	OTHER("mmap", op_mmap, on_mmap, 150),
	OTHER("ring", op_ring, on_ring, 30),
	OTHER("munmap", op_munmap, on_range, 40),
	OTHER("mprotect", op_mprotect, on_protect, 40),
	OTHER("mremap", op_mremap, on_remap, 30),
	OTHER("madvise", op_madvise, on_advise, 30),
	OTHER("mlock", op_mlock, on_lock, 10),
	OTHER("msync", op_msync, on_range, 10),
	OTHER("touch", op_touch, on_touch, 150),
	OTHER("peek", op_peek, on_touch, 20),
	OTHER("vmread", op_vmread, on_range, 20),
	OTHER("hold", op_hold, on_hold, 20),
	OTHER("fork", op_fork, on_fork, 5),
	OTHER("regions", op_regions, on_regions, 10),
	OTHER("control", op_control, on_control, 220),
	OTHER("debugfs", op_debugfs, on_file, 40),
	OTHER("parameter", op_parameter, on_parameter, 8),
	{ .name = "shrink", .run = op_shrink, .weight = 4 },
	OTHER("reload", op_reload, on_reload, 5),
	OTHER("trace", op_trace, on_trace, 25),
};
const size_t nr_commands = ARRAY_SIZE(commands);

const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 0; i < nr_commands; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}
