// SPDX-License-Identifier: GPL-2.0-only
/*
 * What makes sense: fields of a call that fit each other, and calls that fit those
 * before them. Chance alone finds few of either, and what lies behind the checks is
 * reached by such calls only; "given" at the end of a run says how many there were.
 */
#include <string.h>
#include <mmkit/aspace.h>
#include <mmkit/bench.h>
#include <mmkit/heap.h>
#include <mmkit/map.h>
#include <mmkit/memblock.h>
#include <mmkit/pages.h>
#include <mmkit/slab.h>
#include "fuzz.h"

/*
 * A field is from @low to @high, times @unit, or stays what it is where that is zero;
 * and it is zero if the field @when is none of the numbers that @of has a bit for.
 */
struct rule {
	const char *command;
	const char *field;
	u64 low;
	u64 high;
	u64 unit;
	const char *when;
	u64 of;
};

#define BIT(n)		(1ull << (n))
#define NONE		((u64)-1)
#define BUT(n)		~BIT(n)

static const struct rule rules[] = {
	{ "MMKIT_INFO_LIST", "nr", 1, 64, 1, NULL, 0 },

	{ "MMKIT_PAGES_ALLOC", "order", 0, 6, 1, "how", BIT(MMKIT_PAGES_BUDDY) },
	{ "MMKIT_PAGES_ALLOC", "count", 1, 8, 1, NULL, 0 },
	{ "MMKIT_PAGES_ALLOC", "bytes", 1, 65536, 1, "how",
	  BIT(MMKIT_PAGES_EXACT) | BIT(MMKIT_PAGES_CONTIG) },
	{ "MMKIT_PAGES_ALLOC", "flags", 0, 1, 1, "how", BIT(MMKIT_PAGES_BUDDY) },
	{ "MMKIT_PAGES_ALLOC", "node", NONE, NONE, 1, NULL, 0 },
	{ "MMKIT_PAGES_FREE", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_PAGES_FREE", "nr", 0, 2, 1, NULL, 0 },
	{ "MMKIT_PAGES_DESCRIBE", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_PAGES_DESCRIBE", "nr", 1, 4, 1, NULL, 0 },
	{ "MMKIT_PAGES_DESCRIBE", "step", 1, 4, 1, NULL, 0 },
	{ "MMKIT_PAGES_ZONES", "nr", 0, 8, 1, NULL, 0 },
	{ "MMKIT_PAGES_FRAGMENT", "order", 1, 5, 1, NULL, 0 },
	{ "MMKIT_PAGES_FRAGMENT", "bytes", 1, 8, 131072, NULL, 0 },

	{ "MMKIT_MAP_SET", "bytes", 1, MAP_PAGES, PAGE, NULL, 0 },
	{ "MMKIT_MAP_DESCRIBE", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_MAP_DESCRIBE", "nr", 1, MAP_PAGES, 1, NULL, 0 },
	{ "MMKIT_MAP_STRATEGIES", "nr", 0, 64, 1, NULL, 0 },
	{ "MMKIT_MAP_LOG", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_MAP_LOG", "nr", 1, MAP_PAGES, 1, NULL, 0 },
	{ "MMKIT_MAP_PAGER", "frames", 1, 8, 1, NULL, 0 },
	{ "MMKIT_MAP_PAGER", "policy", 0, MMKIT_MAP_OPT - 1, 1, NULL, 0 },
	{ "MMKIT_MAP_PAGER", "fd", 1, 1, 1, "swap", BIT(MMKIT_MAP_FILE) },
	{ "MMKIT_MAP_STATES", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_MAP_STATES", "nr", 1, MAP_PAGES, 1, NULL, 0 },

	{ "MMKIT_HEAP_ALLOC", "bytes", 1, 4096, 1, NULL, 0 },
	{ "MMKIT_HEAP_ALLOC", "elements", 1, 8, 1, "api",
	  BIT(MMKIT_HEAP_KMALLOC_ARRAY) },
	{ "MMKIT_HEAP_ALLOC", "count", 1, 8, 1, NULL, 0 },
	{ "MMKIT_HEAP_ALLOC", "node", NONE, NONE, 1, NULL, 0 },
	{ "MMKIT_HEAP_REALLOC", "index", 0, 1, 1, NULL, 0 },
	{ "MMKIT_HEAP_REALLOC", "bytes", 1, 16384, 1, NULL, 0 },
	{ "MMKIT_HEAP_FREE", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_HEAP_FREE", "nr", 0, 2, 1, NULL, 0 },
	{ "MMKIT_HEAP_DESCRIBE", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_HEAP_DESCRIBE", "nr", 1, 4, 1, NULL, 0 },
	{ "MMKIT_HEAP_PFNS", "index", 0, 1, 1, NULL, 0 },
	{ "MMKIT_HEAP_PFNS", "nr", 1, 16, 1, NULL, 0 },

	{ "MMKIT_SLAB_CREATE", "name", 0, 1, 1, NULL, 0 },
	{ "MMKIT_SLAB_CREATE", "bytes", 8, 4096, 1, NULL, 0 },
	{ "MMKIT_SLAB_CREATE", "useroffset", 0, 1, 4, NULL, 0 },
	{ "MMKIT_SLAB_CREATE", "usersize", 0, 4, 1, NULL, 0 },
	{ "MMKIT_SLAB_USERS", "nr", 0, 64, 1, NULL, 0 },
	{ "MMKIT_SLAB_ALLOC", "count", 1, 40, 1, NULL, 0 },
	{ "MMKIT_SLAB_ALLOC", "node", NONE, NONE, 1, NULL, 0 },
	{ "MMKIT_SLAB_FREE", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_SLAB_FREE", "nr", 0, 2, 1, NULL, 0 },
	{ "MMKIT_SLAB_SLABS", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_SLAB_OBJECTS", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_SLAB_OBJECTS", "nr", 1, 64, 1, NULL, 0 },
	{ "MMKIT_SLAB_POOL", "cache", 0, 0, 0, "over", BIT(MMKIT_SLAB_OVER_CACHE) },
	{ "MMKIT_SLAB_POOL", "bytes", 1, 4096, 1, "over",
	  BIT(MMKIT_SLAB_OVER_KMALLOC) },
	{ "MMKIT_SLAB_POOL", "order", 0, 2, 1, "over", BIT(MMKIT_SLAB_OVER_PAGES) },
	{ "MMKIT_SLAB_POOL", "reserve", 1, 8, 1, NULL, 0 },
	{ "MMKIT_SLAB_POOL", "room", 1, 16, 1, NULL, 0 },
	{ "MMKIT_SLAB_TAKE", "nr", 0, 6, 1, NULL, 0 },
	{ "MMKIT_SLAB_GIVE", "nr", 0, 4, 1, NULL, 0 },
	{ "MMKIT_SLAB_LRU_ADD", "count", 1, 40, 1, NULL, 0 },
	{ "MMKIT_SLAB_REUSE", "rounds", 1, 8, 1, NULL, 0 },
	{ "MMKIT_SLAB_REUSE", "tries", 1, 128, 1, NULL, 0 },

	{ "MMKIT_MEMBLOCK_CHANGE", "node", MMKIT_MEMBLOCK_NO_NODE,
	  MMKIT_MEMBLOCK_NO_NODE, 1, "verb",
	  BIT(MMKIT_MEMBLOCK_ADD) | BIT(MMKIT_MEMBLOCK_SET_NODE) |
	  BIT(MMKIT_MEMBLOCK_SET_NODE_RESERVED) },
	{ "MMKIT_MEMBLOCK_CHANGE", "flags", 1, 2, 1, "verb",
	  BIT(MMKIT_MEMBLOCK_MARK) | BIT(MMKIT_MEMBLOCK_CLEAR) },
	{ "MMKIT_MEMBLOCK_CHANGE", "base", 0, 63, 1 << 20, "verb",
	  BUT(MMKIT_MEMBLOCK_TRIM) },
	{ "MMKIT_MEMBLOCK_ALLOC", "bytes", 1, 1 << 20, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_ALLOC", "min", 0, 8, 1 << 20, "how",
	  BUT(MMKIT_MEMBLOCK_PHYS_TRY_NID) },
	{ "MMKIT_MEMBLOCK_ALLOC", "max", 0, 0, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_ALLOC", "node", NONE, NONE, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_REGIONS", "first", 0, 1, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_REGIONS", "nr", 1, 64, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_REGIONS", "node", NONE, NONE, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_OBSERVE", "memblock", 0, 0, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_OBSERVE", "memory_regions", 1, 1, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_OBSERVE", "reserved_regions", 2, 2, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_FATES", "nr", 1, 3, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_BOOT", "nr", 1, 16, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_CLAIM", "base", 0, 7, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_CLAIM", "bytes", 1, 8, PAGE, NULL, 0 },
	{ "MMKIT_MEMBLOCK_CLAIM", "name", 1, 1, 1, NULL, 0 },
	{ "MMKIT_MEMBLOCK_NAMED", "name", 0, 0, 1, NULL, 0 },

	{ "MMKIT_ASPACE_REGIONS", "nr", 1, 64, 1, NULL, 0 },
	{ "MMKIT_ASPACE_WALK", "nr", 1, MMKIT_LEVELS, 1, NULL, 0 },
	{ "MMKIT_ASPACE_RANGE", "nr", 1, 2, 1, NULL, 0 },
	{ "MMKIT_ASPACE_PAGES", "nr", 1, 64, 1, NULL, 0 },
	{ "MMKIT_ASPACE_TABLES", "nr", 1, 64, 1, NULL, 0 },

	{ "MMKIT_BENCH_RUN", "rounds", 1, 2, 1, NULL, 0 },
	{ "MMKIT_BENCH_RUN", "nr", 0, 3, 1, NULL, 0 },
	{ "MMKIT_BENCH_RUN", "threads", 0, 2, 1, NULL, 0 },
	{ "MMKIT_BENCH_RUN", "cpu", NONE, NONE, 1, NULL, 0 },
	{ "MMKIT_BENCH_SIZES", "nr", 1, MMKIT_BENCH_SIZES_PER_CALL, 1, NULL, 0 },
	{ "MMKIT_BENCH_SIZES", "sizes", 1, 4096, 1, NULL, 0 },
	{ "MMKIT_BENCH_START", "threads", 1, 1, 2, NULL, 0 },
	{ "MMKIT_BENCH_START", "min", 1, 512, 1, "dist",
	  BIT(MMKIT_BENCH_FIXED) | BIT(MMKIT_BENCH_UNIFORM) |
	  BIT(MMKIT_BENCH_ZIPF) },
	{ "MMKIT_BENCH_START", "max", 512, 4096, 1, "dist",
	  BIT(MMKIT_BENCH_UNIFORM) | BIT(MMKIT_BENCH_ZIPF) },
	{ "MMKIT_BENCH_START", "live", 1, 64, 1, NULL, 0 },
	{ "MMKIT_BENCH_START", "gfp", 0, 0, 1, NULL, 0 },
	{ "MMKIT_BENCH_START", "node", NONE, NONE, 1, NULL, 0 },
	{ "MMKIT_BENCH_START", "count", 1, 128, 1, NULL, 0 },
	{ "MMKIT_BENCH_START", "pause_us", 1, 16, 1, "pattern",
	  BIT(MMKIT_BENCH_BURST) },

	{ "ring", "first", 0, 1, 1, NULL, 0 },
	{ "ring", "pages", 1, 2, 1, NULL, 0 },
	{ "mmap", "first", 0, 0, 1, NULL, 0 },
	{ "mmap", "hint", MAPS, MAPS, 1, NULL, 0 },
};

/* A call that wants another one before it, of the same session or mapping. */
static const struct order {
	const char *command;
	const char *before;
	const char *strategy;	/* of the store there, one of them */
} orders[] = {
	{ "mmap", "MMKIT_MAP_SET", NULL },
	{ "MMKIT_MAP_DESCRIBE", "touch", "shmem|lazyzero|dma|kmalloc|vmalloc|pager|cow|blocks" },
	{ "MMKIT_MAP_LOG", "touch", "dirty|cow" },
	{ "MMKIT_MAP_PAGER", "MMKIT_MAP_SET", "pager" },
	{ "MMKIT_MAP_PAGED", "MMKIT_MAP_PAGER", "pager" },
	{ "MMKIT_MAP_STATES", "MMKIT_MAP_PAGER", "pager" },
	{ "ring", "MMKIT_MAP_EVENTS", NULL },
	{ "regions", "MMKIT_MEMBLOCK_SET", NULL },
	{ "touch", "mmap", NULL }, { "munmap", "mmap", NULL }, { "mprotect", "mmap", NULL },
	{ "mremap", "mmap", NULL }, { "madvise", "mmap", NULL }, { "mlock", "mmap", NULL },
	{ "msync", "mmap", NULL }, { "peek", "mmap", "access|io|iohuge|page" }, { "vmread", "mmap", NULL },
	{ "hold", "touch", "pager|page|vmalloc|lazyzero" },
	{ "MMKIT_SLAB_SLABS", "MMKIT_SLAB_ALLOC", NULL },
	{ "MMKIT_MEMBLOCK_ALLOC", "MMKIT_MEMBLOCK_CHANGE", NULL },
	{ "MMKIT_MEMBLOCK_FATES", "MMKIT_MEMBLOCK_OBSERVE", NULL },
	{ "MMKIT_BENCH_START", "MMKIT_BENCH_SIZES", NULL },
	{ "shrink", "MMKIT_SLAB_LRU_ADD", NULL },
};

static const struct order *order_of(const char *command)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(orders); i++)
		if (!strcmp(orders[i].command, command))
			return &orders[i];
	return NULL;
}

const char *sense_before(const char *command)
{
	const struct order *order = order_of(command);

	return order ? order->before : NULL;
}

static u64 get(struct call *call, const char *name)
{
	struct value *value = call_value(call, name);

	return value->ref ? 0 : value->v;
}

static void set(struct call *call, const char *name, u64 v)
{
	*call_value(call, name) = (struct value){ .v = v };
}

static void rule_apply(struct random *r, struct call *call,
		       const struct rule *rule)
{
	u64 when = rule->when ? get(call, rule->when) : 0;

	if (rule->when && (when >= 64 || !(rule->of & BIT(when))))
		set(call, rule->field, 0);
	else if (rule->unit)
		set(call, rule->field, rule->unit * (rule->low +
		    below(r, rule->high - rule->low + 1)));
}

static void choose_strategy(struct random *r, struct call *call,
			    const char *names)
{
	char name[33];

	one_of(r, names, name, sizeof(name));
	set(call, "strategy", index_of_name(STRATEGIES, name));
	set(call, "tune", 0);
}

static struct call *last_of(struct program *p, u32 before, const char *name)
{
	while (before--)
		if (!strcmp(commands[p->call[before].command].name, name))
			return &p->call[before];
	return NULL;
}

/* A range that lies in what the program has, of whole pages. */
static void sense_range(struct random *r, struct call *call)
{
	u64 start = get(call, "start") & -PAGE;

	/* Now and then the whole of it. */
	if (chance(r, 6)) {
		set(call, "start", 63ull << 56);
		set(call, "end", 63ull << 56 | 0x7ffffffff000);
		return;
	}
	set(call, "start", start);
	set(call, "end", start + (1 + below(r, chance(r, 4) ? 1024 : MAP_PAGES)) *
		    PAGE);
}

/* Of the caller's, or at a distance in an area of the kernel's. */
static void sense_walk(struct random *r, struct call *call)
{
	if (chance(r, 2))
		set(call, "area", MMKIT_AREA_ABSOLUTE);
	else
		set(call, "address", below(r, 1 << 18) * PAGE);
}

/* The whole of it, or a part. */
static u64 pages_of(struct random *r, u64 all)
{
	return chance(r, 2) ? all : 1 + below(r, all);
}

/* Of pages that the store has. */
static void sense_describe(struct random *r, struct call *call, u64 pages)
{
	set(call, "first", 0);
	set(call, "nr", pages_of(r, pages));
}

static void sense_after(struct random *r, struct program *p, u32 at)
{
	struct call *call = &p->call[at], *before, *set_up = NULL;
	const char *name = commands[call->command].name;
	const struct order *order = order_of(name);

	before = order ? last_of(p, at, order->before) : NULL;
	if (!before)
		return;
	call->slot = before->slot;
	if (order->strategy && (set_up = last_of(p, at, "MMKIT_MAP_SET")))
		choose_strategy(r, set_up, order->strategy);
	if (!strcmp(name, "mmap") && get(before, "bytes"))
		set(call, "pages", pages_of(r, get(before, "bytes") / PAGE));
	else if (!strcmp(name, "MMKIT_MAP_DESCRIBE") && set_up)
		sense_describe(r, call, get(set_up, "bytes") / PAGE ?: 1);
	else if (!strcmp(order->before, "mmap") || !strcmp(name, "hold"))
		set(call, "map", get(before, "map"));
	else if (!strcmp(name, "MMKIT_SLAB_SLABS"))
		*call_value(call, "handle") = *call_value(before, "cache");
	else if (!strcmp(name, "regions"))
		set(before, "flags", MMKIT_MEMBLOCK_RESIZE);
	else if (!strcmp(name, "MMKIT_MEMBLOCK_ALLOC")) {
		set(before, "verb", MMKIT_MEMBLOCK_ADD);
		set(before, "bytes", 64 << 20);
		set(before, "node", MMKIT_MEMBLOCK_NO_NODE);
	}
}

/* Most rows take no allocator: the first name that is none is empty. */
static void sense_run(struct random *r, struct call *call)
{
	bool allocator;
	u64 x;

	if (!bench_row(r, get(call, "row"), &x, &allocator))
		return;
	set(call, "x", x);
	set(call, "allocator", allocator ? any_name(r, ALLOCATORS) :
					   index_of_name(ALLOCATORS, ""));
}

/* Sizes that the session was told are there to be taken. */
static void sense_start(struct random *r, struct program *p, u32 at)
{
	struct call *call = &p->call[at];

	set(call, "allocator", any_name(r, ALLOCATORS));
	if (chance(r, 2))
		set(call, "duration_ms", 0);
	if (!last_of(p, at, "MMKIT_BENCH_SIZES") || chance(r, 2))
		return;
	set(call, "dist", chance(r, 2) ? MMKIT_BENCH_LIST : MMKIT_BENCH_TRACE);
	set(call, "min", 0);
	set(call, "max", 0);
}

/* A file that tells of what a call before has made. */
static void sense_file(struct random *r, struct program *p, u32 at)
{
	struct call *call = &p->call[at];
	const char *area = at ? commands[p->call[below(r, at)].command].area : NULL;

	if (area)
		set(call, "file", any_file(r, area));
	set(call, "bytes", 8192);
	set(call, "offset", 0);
}

static void sense_set(struct random *r, struct call *call)
{
	set(call, "tune", strategy_tune(r, get(call, "strategy")));
	/* Large enough for large entries of page tables. */
	if (chance(r, 20))
		set(call, "bytes", (512 * (1 + below(r, 2)) + below(r, 3)) * PAGE);
}

static bool is_range(const char *name)
{
	return !strcmp(name, "MMKIT_ASPACE_RANGE") ||
	       !strcmp(name, "MMKIT_ASPACE_TABLES");
}

/* What REUSE and LRU want of the cache that they are given. */
static void sense_cache(struct program *p, struct call *call)
{
	const struct value *cache = call_value(call, "cache");
	struct call *create;

	if (!cache->ref)
		return;
	create = &p->call[cache->ref - 1];
	if (strcmp(commands[create->command].name, "MMKIT_SLAB_CREATE"))
		return;
	set(create, "flags", strcmp(commands[call->command].name,
				    "MMKIT_SLAB_REUSE") ?
		    0 : MMKIT_SLAB_TYPESAFE_BY_RCU);
}

void sense_make(struct random *r, struct program *p, u32 at)
{
	struct call *call = &p->call[at];
	const char *name = commands[call->command].name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (!strcmp(rules[i].command, name) && !chance(r, 16))
			rule_apply(r, call, &rules[i]);
	if (is_range(name))
		sense_range(r, call);
	else if (!strcmp(name, "MMKIT_ASPACE_PAGES"))
		set(call, "start", get(call, "start") & -PAGE);
	else if (!strcmp(name, "MMKIT_ASPACE_WALK"))
		sense_walk(r, call);
	else if (!strcmp(name, "MMKIT_BENCH_RUN"))
		sense_run(r, call);
	else if (!strcmp(name, "MMKIT_MAP_SET"))
		sense_set(r, call);
	else if (!strcmp(name, "MMKIT_SLAB_REUSE") ||
		 !strcmp(name, "MMKIT_SLAB_LRU"))
		sense_cache(p, call);
	else if (!strcmp(name, "debugfs"))
		sense_file(r, p, at);
	sense_after(r, p, at);
	if (!strcmp(name, "MMKIT_BENCH_START"))
		sense_start(r, p, at);
}
