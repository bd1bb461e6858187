/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libmmkit: typed wrappers of mmkit's ioctls, its name tables, and readers of
 * the kernel's own files for cross-checks.
 *
 * Every function returns 0 or a count on success and -errno on failure; none
 * prints, none keeps state, none touches errno on purpose. Arrays returned
 * through a pointer are the caller's to free().
 */
#ifndef LIBMMKIT_H
#define LIBMMKIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mmkit/aspace.h>
#include <mmkit/bench.h>
#include <mmkit/heap.h>
#include <mmkit/memblock.h>
#include <mmkit/info.h>
#include <mmkit/map.h>
#include <mmkit/mmkit.h>
#include <mmkit/pages.h>
#include <mmkit/slab.h>

#ifdef __cplusplus
extern "C" {
#endif

/* session.c */
int mmkit_open(const char *area, int flags);
void mmkit_close(int fd);
int mmkit_session_get(int fd, struct mmkit_session_info *info);

/* info.c */
int mmkit_info_get(int fd, struct mmkit_info *info);
int mmkit_info_list(int fd, enum mmkit_entry_kind kind,
		    struct mmkit_entry_info **entries);
int mmkit_info_leaks(int fd, struct mmkit_leak **leaks);

/* pages.c */
int mmkit_pages_alloc(int fd, struct mmkit_pages_alloc *req);
int mmkit_pages_free(int fd, uint32_t handle, uint32_t first, uint32_t nr,
		     uint32_t stride);
int mmkit_pages_describe(int fd, uint32_t handle, uint64_t first, uint32_t nr,
			 struct mmkit_page *pages);
int mmkit_pages_describe_pfn(int fd, uint64_t pfn, uint32_t nr, uint32_t step,
			     struct mmkit_page *pages);
int mmkit_pages_zones(int fd, struct mmkit_zone **zones);
int mmkit_pages_fragment(int fd, struct mmkit_pages_fragment *req);

/* map.c */
int mmkit_map_set(int fd, const char *strategy, uint64_t bytes);
int mmkit_map_set_tuned(int fd, const char *strategy, uint64_t bytes,
			uint64_t tune);
int mmkit_map_get(int fd, struct mmkit_map_get *get);
int mmkit_map_strategies(int fd, struct mmkit_map_strategy **out);
int mmkit_map_log(int fd, uint32_t flags, uint64_t first, uint32_t nr,
		  uint64_t *bits);
int mmkit_map_describe(int fd, uint64_t first, uint32_t nr,
		       struct mmkit_page *pages);

/* pager.c */
int mmkit_map_pager(int fd, struct mmkit_map_pager *req);
int mmkit_map_paged(int fd, struct mmkit_map_paged *paged);
int mmkit_map_states(int fd, uint64_t first, uint32_t nr, uint8_t *states);
const char *mmkit_swap_name(unsigned int swap);
const char *mmkit_event_name(unsigned int kind);

/* events.c: faults as they happen, in memory that the kernel writes */
struct mmkit_events;

int mmkit_events_open(int fd, uint32_t nr, struct mmkit_events **events);
size_t mmkit_events_read(struct mmkit_events *events, struct mmkit_event *out,
			 size_t nr);
uint64_t mmkit_events_lost(const struct mmkit_events *events);
void mmkit_events_close(struct mmkit_events *events);

/* memblock.c */
int mmkit_memblock_set(int fd, struct mmkit_memblock_set *req);
int mmkit_memblock_change(int fd, struct mmkit_memblock_change *req);
int mmkit_memblock_alloc(int fd, struct mmkit_memblock_alloc *req);
int mmkit_memblock_query(int fd, struct mmkit_memblock_query *req);
int mmkit_memblock_regions(int fd, struct mmkit_memblock_regions *req);
int mmkit_memblock_observe(int fd, struct mmkit_memblock_observe *req);
int mmkit_memblock_fates(int fd, struct mmkit_memblock_fates *req);
int mmkit_memblock_boot(int fd, struct mmkit_memblock_boot *req);
int mmkit_memblock_claim(int fd, struct mmkit_memblock_claim *req);
int mmkit_memblock_probe(int fd, struct mmkit_memblock_probe *req);
int mmkit_memblock_release(int fd, uint32_t handle);
int mmkit_memblock_named(int fd, struct mmkit_memblock_named *req);

/* iomem.c: physical memory in the kernel's files */
struct mmkit_range {
	uint64_t base;
	uint64_t bytes;
	unsigned int level;	/* in /proc/iomem: 0 is outermost */
	char name[64];
};

int mmkit_proc_iomem(struct mmkit_range **ranges);
int mmkit_firmware_memmap(struct mmkit_range **ranges);
int mmkit_proc_symbols(const char *const *names, unsigned int nr,
		       uint64_t *addrs);

/* heap.c */
const char *mmkit_heap_api_name(unsigned int api);
int mmkit_heap_alloc(int fd, struct mmkit_heap_alloc *req);
int mmkit_heap_realloc(int fd, struct mmkit_heap_realloc *req);
int mmkit_heap_free(int fd, struct mmkit_heap_free *req);
int mmkit_heap_describe(int fd, uint32_t handle, uint32_t first, uint32_t nr,
			struct mmkit_heap_object *objects);
int mmkit_heap_pfns(int fd, uint32_t handle, uint32_t index, uint64_t first,
		    uint32_t nr, uint64_t *pfns);
int mmkit_heap_limits(int fd, struct mmkit_heap_limits *limits);

/* slab.c */
const char *mmkit_slab_flag_name(unsigned int bit);
const char *mmkit_slab_over_name(unsigned int over);
const char *mmkit_slab_kind_name(unsigned int kind);
int mmkit_slab_create(int fd, struct mmkit_slab_create *req);
int mmkit_slab_destroy(int fd, uint32_t handle);
int mmkit_slab_users(int fd, uint32_t handle, struct mmkit_slab_user **users);
int mmkit_slab_alloc(int fd, struct mmkit_slab_alloc *req);
int mmkit_slab_free(int fd, struct mmkit_slab_free *req);
int mmkit_slab_shrink(int fd, uint32_t handle);
int mmkit_slab_describe(int fd, uint32_t handle,
			struct mmkit_slab_describe *cache);
int mmkit_slab_slabs(int fd, uint32_t handle, struct mmkit_slab_slabs *sums,
		     struct mmkit_slab_slab **slabs);
int mmkit_slab_objects(int fd, uint32_t handle, uint32_t first, uint32_t nr,
		       struct mmkit_slab_object *objects);
int mmkit_slab_pool(int fd, struct mmkit_slab_pool *req);
int mmkit_slab_take(int fd, struct mmkit_slab_take *req);
int mmkit_slab_give(int fd, struct mmkit_slab_give *req);
int mmkit_slab_lru(int fd, uint32_t cache, uint32_t *handle);
int mmkit_slab_lru_add(int fd, struct mmkit_slab_lru_add *req);
int mmkit_slab_lru_stat(int fd, uint32_t handle,
			struct mmkit_slab_lru_stat *stat);
int mmkit_slab_reuse(int fd, struct mmkit_slab_reuse *req);

/* aspace.c */
int mmkit_aspace_regions(int fd, int pid, uint32_t flags,
			 struct mmkit_aspace_region **regions);
int mmkit_aspace_walk(int fd, struct mmkit_aspace_walk *walk,
		      struct mmkit_aspace_level *levels);
int mmkit_aspace_range(int fd, struct mmkit_aspace_range *req,
		       struct mmkit_aspace_counts *counts);
int mmkit_aspace_pages(int fd, int pid, uint64_t start, uint32_t nr,
		       uint32_t flags, uint64_t *words);
int mmkit_aspace_tables(int fd, struct mmkit_aspace_tables *req,
			struct mmkit_aspace_table **tables);
int mmkit_aspace_layout(int fd, int pid, struct mmkit_aspace_layout *layout,
			struct mmkit_kernel_area *areas);
int mmkit_aspace_context(int fd, int pid, struct mmkit_aspace_context *context);

/* aspace_names.c: NULL when there is no such name */
const char *mmkit_region_kind_name(unsigned int kind);
const char *mmkit_aspace_kind_name(unsigned int kind);
const char *mmkit_pt_kind_name(unsigned int kind);
const char *mmkit_pt_flag_name(unsigned int bit);
const char *mmkit_level_name(unsigned int level);
const char *mmkit_vma_flag_name(unsigned int bit);
const char *mmkit_kernel_area_name(unsigned int id);

/* bench.c */
const char *mmkit_bench_pattern_name(unsigned int pattern);
const char *mmkit_bench_dist_name(unsigned int dist);
const char *mmkit_bench_config_name(unsigned int bit);
int mmkit_bench_nothing(int fd);
int mmkit_bench_info(int fd, struct mmkit_bench_info *info);
int mmkit_bench_rows(int fd, struct mmkit_bench_row **rows);
int mmkit_bench_run(int fd, struct mmkit_bench_run *req,
		    struct mmkit_bench_round *rounds);
int mmkit_bench_sizes(int fd, const uint32_t *sizes, uint32_t nr);
int mmkit_bench_start(int fd, struct mmkit_bench_start *req);
int mmkit_bench_status(int fd, uint32_t handle, uint32_t wait_ms,
		       struct mmkit_bench_status *status);
int mmkit_bench_result(int fd, uint32_t handle,
		       struct mmkit_bench_hist hists[2]);
int mmkit_bench_stop(int fd, uint32_t handle);
int mmkit_bench_forget(int fd, uint32_t handle);

/* names.c: NULL when there is no such name */
const char *mmkit_zone_name(unsigned int zone);
const char *mmkit_migratetype_name(unsigned int type);
const char *mmkit_kpf_name(unsigned int bit);
const char *mmkit_feature_name(unsigned int bit);
const char *mmkit_how_name(unsigned int how);
const char *mmkit_kind_name(unsigned int kind);

/* gfp.c */
const char *mmkit_gfp_name(unsigned int index);
int mmkit_gfp_parse(const char *text, uint32_t *gfp);
int mmkit_gfp_format(uint32_t gfp, char *text, size_t len);

/**
 * struct mmkit_proc_zone - what the kernel's files say about one zone
 * @name: of the zone
 * @node: NUMA node
 * @orders: how many elements of @per_order are used
 * @per_order: one line of buddyinfo (blocks) or of extfrag (thousandths)
 * @free: pages, as all the following to @managed
 * @min: watermark
 * @low: watermark
 * @high: watermark
 * @spanned: holes included
 * @present: holes excluded
 * @managed: by the buddy allocator
 * @start_pfn: first page frame
 * @pcp_pages: on the per-cpu lists of all CPUs
 * @pcp_high: of the first CPU listed
 * @pcp_batch: of the first CPU listed
 * @cpus: per-cpu lists seen
 */
struct mmkit_proc_zone {
	char name[MMKIT_NAME_LEN];
	int node;
	unsigned int orders;
	int64_t per_order[MMKIT_NR_ORDERS];
	uint64_t free;
	uint64_t min;
	uint64_t low;
	uint64_t high;
	uint64_t spanned;
	uint64_t present;
	uint64_t managed;
	uint64_t start_pfn;
	uint64_t pcp_pages;
	uint64_t pcp_high;
	uint64_t pcp_batch;
	unsigned int cpus;
};

/* zones.c */
int mmkit_proc_buddyinfo(struct mmkit_proc_zone **zones);
int mmkit_proc_zoneinfo(struct mmkit_proc_zone **zones);
int mmkit_proc_unusable(struct mmkit_proc_zone **zones);
int mmkit_proc_extfrag(struct mmkit_proc_zone **zones);

#define MMKIT_PAGEMAP_PRESENT	(1ull << 63)
#define MMKIT_PAGEMAP_SWAPPED	(1ull << 62)
#define MMKIT_PAGEMAP_PFN	((1ull << 55) - 1)

/* kpage.c */
int mmkit_proc_kpageflags(uint64_t pfn, uint64_t *flags, size_t nr);
int mmkit_proc_kpagecount(uint64_t pfn, uint64_t *counts, size_t nr);
int mmkit_proc_pagemap(const void *addr, uint64_t *entries, size_t nr);
int mmkit_proc_pagemap_of(int pid, uint64_t addr, uint64_t *entries,
			  size_t nr);

/**
 * struct mmkit_proc_cache - one line of /proc/slabinfo
 * @name: of the cache
 * @active: objects in use, those of slabs that a CPU works on included
 * @objects: room for that many
 * @object_bytes: one object with what the kernel keeps beside it
 * @per_slab: objects in a slab
 * @pages_per_slab: pages of a slab
 */
struct mmkit_proc_cache {
	char name[64];
	unsigned long active;
	unsigned long objects;
	unsigned long object_bytes;
	unsigned long per_slab;
	unsigned long pages_per_slab;
};

/**
 * struct mmkit_proc_vmap - one line of /proc/vmallocinfo
 * @module: that the caller is in
 * @bytes: guard page included
 * @pages: that back it
 * @kind: vmalloc, vmap or user
 * @vpages: its list of pages is itself in the vmalloc area, as another line
 */
struct mmkit_proc_vmap {
	char module[48];
	unsigned long bytes;
	unsigned long pages;
	char kind[16];
	bool vpages;
};

/* slabinfo.c */
int mmkit_proc_slabinfo(struct mmkit_proc_cache **caches);
int mmkit_proc_vmallocinfo(struct mmkit_proc_vmap **vmaps);
int mmkit_sys_slab(const char *cache, const char *file, uint64_t *value);
int mmkit_sys_slab_text(const char *cache, const char *file, char *text,
			size_t len);
int mmkit_sys_slab_same(const char *cache, const char *other);

/**
 * struct mmkit_proc_region - one region of /proc/PID/smaps
 * @start: first address
 * @end: the address after the last
 * @offset: in the file
 * @ino: of the file
 * @flags: MMKIT_VMA_x, as far as there are letters for them
 * @major: of the device that the file is on
 * @minor: of the same
 * @perms: as "rw-p"
 * @name: the end of it when it is longer
 * @rss: bytes, as all that follow
 * @anonymous: see proc(5), as all that follow
 * @swap: see there
 * @referenced: see there
 * @lazyfree: see there
 * @shared_clean: see there
 * @shared_dirty: see there
 * @private_dirty: see there
 * @anon_huge: AnonHugePages
 * @shmem_huge: ShmemPmdMapped
 * @file_huge: FilePmdMapped
 * @shared_hugetlb: see there
 * @private_hugetlb: see there
 */
struct mmkit_proc_region {
	uint64_t start;
	uint64_t end;
	uint64_t offset;
	uint64_t ino;
	uint64_t flags;
	unsigned int major;
	unsigned int minor;
	char perms[8];
	char name[MMKIT_REGION_NAME_LEN];
	uint64_t rss;
	uint64_t anonymous;
	uint64_t swap;
	uint64_t referenced;
	uint64_t lazyfree;
	uint64_t shared_clean;
	uint64_t shared_dirty;
	uint64_t private_dirty;
	uint64_t anon_huge;
	uint64_t shmem_huge;
	uint64_t file_huge;
	uint64_t shared_hugetlb;
	uint64_t private_hugetlb;
};

/* proc_regions.c */
int mmkit_proc_smaps(int pid, struct mmkit_proc_region **regions);
int mmkit_proc_status(int pid, const char *field, uint64_t *bytes);

/* smaps.c */
int mmkit_proc_rss(const void *addr, size_t len, uint64_t *bytes);

#ifdef __cplusplus
}
#endif

#endif
