/* SPDX-License-Identifier: GPL-2.0-only */
/* For rows.h: requests that work, of each command; all but the struct's size. */
#ifndef _MMKIT_TEST_ROWS_MAKE_H
#define _MMKIT_TEST_ROWS_MAKE_H

#include <mmkit/aspace.h>
#include <mmkit/bench.h>
#include <mmkit/memblock.h>
#include "lib.h"

/* --- info, pages, map */

static struct mmkit_entry_info entries[4];
static struct mmkit_leak leaks[2];
static struct mmkit_page described[2];
static struct mmkit_zone zones[8];
static struct mmkit_map_strategy strategies[32];

static inline void make_list(int fd, void *arg)
{
	struct mmkit_info_list *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(entries);
	list->entries = PTR(entries);
}

static inline void make_leaks(int fd, void *arg)
{
	struct mmkit_info_leaks *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(leaks);
	list->leaks = PTR(leaks);
}

static inline void make_alloc(int fd, void *arg)
{
	(void)fd;
	*(struct mmkit_pages_alloc *)arg = alloc_init(1, 2);
}

static inline void make_free(int fd, void *arg)
{
	((struct mmkit_pages_free *)arg)->handle = pages_alloc(fd, 0, 1);
}

static inline void make_describe(int fd, void *arg)
{
	struct mmkit_pages_describe *describe = arg;

	describe->handle = pages_alloc(fd, 0, 2);
	describe->nr = ARRAY_SIZE(described);
	describe->pages = PTR(described);
}

static inline void make_zones(int fd, void *arg)
{
	struct mmkit_pages_zones *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(zones);
	list->zones = PTR(zones);
}

static inline void make_fragment(int fd, void *arg)
{
	struct mmkit_pages_fragment *fragment = arg;

	(void)fd;
	fragment->order = 2;
	fragment->bytes = 8 * PAGE;
	fragment->node = -1;
}

static inline void make_set(int fd, void *arg)
{
	(void)fd;
	((struct mmkit_map_set *)arg)->bytes = 4 * PAGE;
}

static inline void make_map_describe(int fd, void *arg)
{
	struct mmkit_map_describe *describe = arg;

	EQUAL(map_set(fd, 2 * PAGE, ""), 0);
	describe->nr = ARRAY_SIZE(described);
	describe->pages = PTR(described);
}

static inline void make_strategies(int fd, void *arg)
{
	struct mmkit_map_strategies *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(strategies);
	list->strategies = PTR(strategies);
}

static inline void make_log(int fd, void *arg)
{
	static u64 bits[1];
	struct mmkit_map_log *log = arg;

	EQUAL(map_set(fd, 2 * PAGE, "dirty"), 0);
	log->nr = 2;
	log->bits = PTR(bits);
}

static inline void make_pager(int fd, void *arg)
{
	struct mmkit_map_pager *pager = arg;

	EQUAL(map_set(fd, 2 * PAGE, "pager"), 0);
	pager->frames = 16;
	pager->fd = -1;
}

static inline void make_paged(int fd, void *arg)
{
	(void)arg;
	EQUAL(map_set(fd, 2 * PAGE, "pager"), 0);
}

static inline void make_states(int fd, void *arg)
{
	static u8 states[2];
	struct mmkit_map_states *list = arg;

	EQUAL(map_set(fd, 2 * PAGE, "pager"), 0);
	list->nr = ARRAY_SIZE(states);
	list->states = PTR(states);
}

/* --- heap */

static struct mmkit_heap_object row_objects[2];
static u64 row_words[4];

static inline void make_heap_alloc(int fd, void *arg)
{
	(void)fd;
	*(struct mmkit_heap_alloc *)arg = (struct mmkit_heap_alloc) {
		.bytes = 300, .count = 3, .node = -1,
	};
}

static inline u32 row_heap(int fd)
{
	struct mmkit_heap_alloc alloc;

	make_heap_alloc(fd, &alloc);
	alloc.size = sizeof(alloc);
	EQUAL(call(fd, MMKIT_HEAP_ALLOC, &alloc), 0);
	return alloc.handle;
}

static inline void make_heap_realloc(int fd, void *arg)
{
	struct mmkit_heap_realloc *realloc = arg;

	realloc->handle = row_heap(fd);
	realloc->bytes = 5000;
}

static inline void make_heap_free(int fd, void *arg)
{
	((struct mmkit_heap_free *)arg)->handle = row_heap(fd);
}

static inline void make_heap_describe(int fd, void *arg)
{
	struct mmkit_heap_describe *describe = arg;

	describe->handle = row_heap(fd);
	describe->nr = ARRAY_SIZE(row_objects);
	describe->objects = PTR(row_objects);
}

static inline void make_heap_pfns(int fd, void *arg)
{
	struct mmkit_heap_pfns *pfns = arg;

	pfns->handle = row_heap(fd);
	pfns->nr = 1;
	pfns->pfns = PTR(row_words);
}

/* --- slab */

static inline void make_slab_create(int fd, void *arg)
{
	struct mmkit_slab_create *create = arg;

	(void)fd;
	strcpy(create->name, "row");
	create->bytes = 200;
}

static inline u32 row_cache(int fd, u32 flags)
{
	struct mmkit_slab_create create = {
		.size = sizeof(create), .name = "row", .bytes = 200,
		.flags = flags,
	};

	EQUAL(call(fd, MMKIT_SLAB_CREATE, &create), 0);
	return create.handle;
}

static inline u32 row_set(int fd)
{
	struct mmkit_slab_alloc alloc = {
		.size = sizeof(alloc), .cache = row_cache(fd, 0), .count = 3,
		.node = -1,
	};

	EQUAL(call(fd, MMKIT_SLAB_ALLOC, &alloc), 0);
	return alloc.handle;
}

/* Of a cache by its handle, which comes first. */
static inline void make_slab_cache(int fd, void *arg)
{
	((struct mmkit_slab_destroy *)arg)->handle = row_cache(fd, 0);
}

static inline void make_slab_users(int fd, void *arg)
{
	static struct mmkit_slab_user users[2];
	struct mmkit_slab_users *list = arg;

	row_set(fd);
	list->handle = 1;
	list->nr = ARRAY_SIZE(users);
	list->users = PTR(users);
}

static inline void make_slab_alloc(int fd, void *arg)
{
	struct mmkit_slab_alloc *alloc = arg;

	alloc->cache = row_cache(fd, 0);
	alloc->count = 3;
	alloc->node = -1;
}

static inline void make_slab_free(int fd, void *arg)
{
	((struct mmkit_slab_free *)arg)->handle = row_set(fd);
}

static inline void make_slab_slabs(int fd, void *arg)
{
	static struct mmkit_slab_slab array[2];
	struct mmkit_slab_slabs *slabs = arg;

	row_set(fd);
	slabs->handle = 1;
	slabs->nr = ARRAY_SIZE(array);
	slabs->slabs = PTR(array);
}

static inline void make_slab_objects(int fd, void *arg)
{
	static struct mmkit_slab_object array[2];
	struct mmkit_slab_objects *objects = arg;

	objects->handle = row_set(fd);
	objects->nr = ARRAY_SIZE(array);
	objects->objects = PTR(array);
}

static inline void make_slab_pool(int fd, void *arg)
{
	struct mmkit_slab_pool *pool = arg;

	pool->cache = row_cache(fd, 0);
	pool->over = MMKIT_SLAB_OVER_CACHE;
	pool->reserve = 2;
	pool->room = 4;
}

static inline u32 row_pool(int fd)
{
	struct mmkit_slab_pool pool = { .size = sizeof(pool) };

	make_slab_pool(fd, &pool);
	EQUAL(call(fd, MMKIT_SLAB_POOL, &pool), 0);
	return pool.handle;
}

static inline void make_slab_take(int fd, void *arg)
{
	struct mmkit_slab_take *take = arg;

	take->handle = row_pool(fd);
	take->nr = 2;
}

static inline void make_slab_give(int fd, void *arg)
{
	struct mmkit_slab_take take = { .size = sizeof(take) };

	make_slab_take(fd, &take);
	EQUAL(call(fd, MMKIT_SLAB_TAKE, &take), 0);
	((struct mmkit_slab_give *)arg)->handle = take.handle;
}

static inline void make_slab_lru(int fd, void *arg)
{
	((struct mmkit_slab_lru *)arg)->cache = row_cache(fd, 0);
}

static inline u32 row_lru(int fd)
{
	struct mmkit_slab_lru lru = {
		.size = sizeof(lru), .cache = row_cache(fd, 0),
	};

	EQUAL(call(fd, MMKIT_SLAB_LRU, &lru), 0);
	return lru.handle;
}

static inline void make_slab_lru_add(int fd, void *arg)
{
	struct mmkit_slab_lru_add *add = arg;

	add->handle = row_lru(fd);
	add->count = 3;
}

static inline void make_slab_lru_stat(int fd, void *arg)
{
	((struct mmkit_slab_lru_stat *)arg)->handle = row_lru(fd);
}

static inline void make_slab_reuse(int fd, void *arg)
{
	struct mmkit_slab_reuse *reuse = arg;

	reuse->cache = row_cache(fd, MMKIT_SLAB_TYPESAFE_BY_RCU);
	reuse->rounds = 1;
	reuse->tries = 8;
}

/* --- aspace: of the caller's own */

static inline void make_regions(int fd, void *arg)
{
	static struct mmkit_aspace_region regions[2];
	struct mmkit_aspace_regions *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(regions);
	list->regions = PTR(regions);
}

static inline void make_walk(int fd, void *arg)
{
	static struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk *walk = arg;

	(void)fd;
	walk->address = PTR(levels);
	walk->nr = ARRAY_SIZE(levels);
	walk->levels = PTR(levels);
}

static inline void make_range(int fd, void *arg)
{
	static struct mmkit_aspace_counts counts[2];
	struct mmkit_aspace_range *range = arg;

	(void)fd;
	range->start = PTR(counts) & -PAGE;
	range->end = range->start + 2 * PAGE;
	range->nr = ARRAY_SIZE(counts);
	range->counts = PTR(counts);
}

static inline void make_words(int fd, void *arg)
{
	struct mmkit_aspace_pages *pages = arg;

	(void)fd;
	pages->start = PTR(row_words) & -PAGE;
	pages->nr = ARRAY_SIZE(row_words);
	pages->words = PTR(row_words);
}

static inline void make_tables(int fd, void *arg)
{
	static struct mmkit_aspace_table array[4];
	struct mmkit_aspace_tables *tables = arg;

	(void)fd;
	tables->nr = ARRAY_SIZE(array);
	tables->tables = PTR(array);
}

static inline void make_layout(int fd, void *arg)
{
	static struct mmkit_kernel_area areas[MMKIT_AREA_NR];
	struct mmkit_aspace_layout *layout = arg;

	(void)fd;
	layout->nr = ARRAY_SIZE(areas);
	layout->areas = PTR(areas);
}

/* --- bench */

static inline void make_bench_rows(int fd, void *arg)
{
	static struct mmkit_bench_row array[4];
	struct mmkit_bench_list *list = arg;

	(void)fd;
	list->nr = ARRAY_SIZE(array);
	list->rows = PTR(array);
}

static inline void make_bench_run(int fd, void *arg)
{
	static struct mmkit_bench_round rounds[2];
	struct mmkit_bench_run *run = arg;

	(void)fd;
	strcpy(run->row, "pages/order");
	run->cpu = -1;
	run->rounds = ARRAY_SIZE(rounds);
	run->nr = 4;
	run->array = PTR(rounds);
}

static inline void make_bench_sizes(int fd, void *arg)
{
	struct mmkit_bench_sizes *sizes = arg;

	(void)fd;
	sizes->nr = 1;
	sizes->sizes[0] = 64;
}

static inline void make_bench_start(int fd, void *arg)
{
	struct mmkit_bench_start *start = arg;

	(void)fd;
	strcpy(start->allocator, "kmalloc");
	start->threads = 1;
	start->min = 64;
	start->live = 4;
	start->count = 8;
	start->node = -1;
}

/* That has ended, so that it changes nothing meanwhile. */
static inline u32 row_run(int fd)
{
	struct mmkit_bench_start start = { 0 };
	struct mmkit_bench_status status = { .size = sizeof(status) };

	make_bench_start(fd, &start);
	start.size = sizeof(start);
	EQUAL(call(fd, MMKIT_BENCH_START, &start), 0);
	status.handle = start.handle;
	do {
		status.wait_ms = 1000;
		if (!EQUAL(call(fd, MMKIT_BENCH_STATUS, &status), 0))
			break;
	} while (status.state != MMKIT_BENCH_DONE);
	return start.handle;
}

/* By its handle, which comes first. */
static inline void make_bench_handle(int fd, void *arg)
{
	((struct mmkit_bench_handle *)arg)->handle = row_run(fd);
}

static inline void make_bench_result(int fd, void *arg)
{
	static struct mmkit_bench_hist hists[2];
	struct mmkit_bench_result *result = arg;

	result->handle = row_run(fd);
	result->hists = PTR(hists);
}

/* --- memblock: the sandbox, and a carve-out where the machine was booted with one */

static inline void make_memblock_set(int fd, void *arg)
{
	(void)fd;
	((struct mmkit_memblock_set *)arg)->flags = MMKIT_MEMBLOCK_RESET;
}

static inline void make_memblock_change(int fd, void *arg)
{
	struct mmkit_memblock_change *change = arg;

	(void)fd;
	change->verb = MMKIT_MEMBLOCK_ADD;
	change->base = 1 << 20;
	change->bytes = 1 << 20;
}

static inline void row_memory(int fd)
{
	struct mmkit_memblock_change change = { .size = sizeof(change) };

	make_memblock_change(fd, &change);
	EQUAL(call(fd, MMKIT_MEMBLOCK_CHANGE, &change), 0);
}

static inline void make_memblock_alloc(int fd, void *arg)
{
	struct mmkit_memblock_alloc *alloc = arg;

	row_memory(fd);
	alloc->bytes = PAGE;
	alloc->node = MMKIT_MEMBLOCK_ANY_NODE;
}

static inline void make_memblock_regions(int fd, void *arg)
{
	static struct mmkit_memblock_region array[2];
	struct mmkit_memblock_regions *regions = arg;

	row_memory(fd);
	regions->nr = ARRAY_SIZE(array);
	regions->node = MMKIT_MEMBLOCK_ANY_NODE;
	regions->regions = PTR(array);
}

/* Of the real one: arrays for what there may be, and a name that nobody has. */
static inline void make_memblock_fates(int fd, void *arg)
{
	static struct mmkit_memblock_fate array[2];
	struct mmkit_memblock_fates *fates = arg;

	(void)fd;
	fates->nr = ARRAY_SIZE(array);
	fates->fates = PTR(array);
}

static inline void make_memblock_boot(int fd, void *arg)
{
	static struct mmkit_memblock_booted array[2];
	struct mmkit_memblock_boot *boot = arg;

	(void)fd;
	boot->nr = ARRAY_SIZE(array);
	boot->booted = PTR(array);
}

static inline void make_memblock_named(int fd, void *arg)
{
	(void)fd;
	strcpy(((struct mmkit_memblock_named *)arg)->name, "row");
}

#define ROW_CARVE	0x10000000ull	/* memmap=16M$0x10000000 */

static inline void make_memblock_claim(int fd, void *arg)
{
	struct mmkit_memblock_claim *claim = arg;

	(void)fd;
	claim->base = ROW_CARVE;
	claim->bytes = 1 << 20;
}

static inline void make_memblock_carve(int fd, void *arg)
{
	struct mmkit_memblock_claim claim = { .size = sizeof(claim) };

	make_memblock_claim(fd, &claim);
	call(fd, MMKIT_MEMBLOCK_CLAIM, &claim);
	((struct mmkit_memblock_release *)arg)->handle = claim.handle;
}

#endif
