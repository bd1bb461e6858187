// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every struct that crosses the boundary: its size and where each field lies.
 * Compiled twice and compared, it shows that a 32-bit caller's are the same.
 */
#include <mmkit/aspace.h>
#include "lib.h"

#define SIZE(type) \
	printf("%s %zu\n", #type, sizeof(struct type))
#define FIELD(type, field)						\
	printf("%s.%s %zu %zu\n", #type, #field,			\
	       offsetof(struct type, field),				\
	       sizeof(((struct type *)0)->field))
#define END(type, last)							\
	(offsetof(struct type, last) + sizeof(((struct type *)0)->last))

/* What the compiler would put between or after the fields would leak. */
_Static_assert(END(mmkit_info, sessions) == sizeof(struct mmkit_info), "");
_Static_assert(END(mmkit_page, state) == sizeof(struct mmkit_page), "");
_Static_assert(END(mmkit_zone, fragmentation) == sizeof(struct mmkit_zone), "");
_Static_assert(END(mmkit_heap_object, reserved) ==
	       sizeof(struct mmkit_heap_object), "");
_Static_assert(END(mmkit_slab_user, live) == sizeof(struct mmkit_slab_user), "");
_Static_assert(END(mmkit_slab_slab, node) == sizeof(struct mmkit_slab_slab), "");
_Static_assert(END(mmkit_slab_object, reserved) ==
	       sizeof(struct mmkit_slab_object), "");
_Static_assert(END(mmkit_slab_describe, ctor_calls) ==
	       sizeof(struct mmkit_slab_describe), "");
_Static_assert(END(mmkit_event, strategy) == sizeof(struct mmkit_event), "");
_Static_assert(END(mmkit_events_writer, lost) ==
	       sizeof(struct mmkit_events_writer), "");
_Static_assert(END(mmkit_leak, area) == sizeof(struct mmkit_leak), "");

_Static_assert(END(mmkit_aspace_region, counts) ==
	       sizeof(struct mmkit_aspace_region), "");
_Static_assert(END(mmkit_aspace_level, kind) ==
	       sizeof(struct mmkit_aspace_level), "");
_Static_assert(END(mmkit_aspace_table, reserved) ==
	       sizeof(struct mmkit_aspace_table), "");

static void shared(void)
{
	SIZE(mmkit_page);
	FIELD(mmkit_page, buddy);
	FIELD(mmkit_page, refcount);
	FIELD(mmkit_page, state);
	SIZE(mmkit_session_info);
	FIELD(mmkit_session_info, id);
	FIELD(mmkit_session_info, max_bytes);
}

static void of_info(void)
{
	SIZE(mmkit_info);
	FIELD(mmkit_info, features);
	FIELD(mmkit_info, sessions);
	SIZE(mmkit_entry_info);
	FIELD(mmkit_entry_info, help);
	SIZE(mmkit_info_list);
	FIELD(mmkit_info_list, entries);
	SIZE(mmkit_leak);
	FIELD(mmkit_leak, comm);
	FIELD(mmkit_leak, area);
	SIZE(mmkit_info_leaks);
	FIELD(mmkit_info_leaks, leaks);
}

static void of_heap(void)
{
	SIZE(mmkit_heap_alloc);
	FIELD(mmkit_heap_alloc, elements);
	FIELD(mmkit_heap_alloc, node);
	FIELD(mmkit_heap_alloc, reserved);
	SIZE(mmkit_heap_realloc);
	FIELD(mmkit_heap_realloc, bytes);
	FIELD(mmkit_heap_realloc, reserved);
	SIZE(mmkit_heap_free);
	FIELD(mmkit_heap_free, flags);
	SIZE(mmkit_heap_object);
	FIELD(mmkit_heap_object, pfn);
	FIELD(mmkit_heap_object, reserved);
	SIZE(mmkit_heap_describe);
	FIELD(mmkit_heap_describe, objects);
	SIZE(mmkit_heap_pfns);
	FIELD(mmkit_heap_pfns, first);
	FIELD(mmkit_heap_pfns, pfns);
	SIZE(mmkit_heap_limits);
	FIELD(mmkit_heap_limits, vmalloc_total);
}

static void of_slab(void)
{
	SIZE(mmkit_slab_create);
	FIELD(mmkit_slab_create, name);
	FIELD(mmkit_slab_create, reserved);
	SIZE(mmkit_slab_destroy);
	SIZE(mmkit_slab_user);
	FIELD(mmkit_slab_user, live);
	SIZE(mmkit_slab_users);
	FIELD(mmkit_slab_users, users);
	SIZE(mmkit_slab_alloc);
	FIELD(mmkit_slab_alloc, reserved);
	SIZE(mmkit_slab_free);
	FIELD(mmkit_slab_free, flags);
	SIZE(mmkit_slab_shrink);
	SIZE(mmkit_slab_describe);
	FIELD(mmkit_slab_describe, name);
	FIELD(mmkit_slab_describe, live);
	FIELD(mmkit_slab_describe, ctor_calls);
	SIZE(mmkit_slab_slab);
	FIELD(mmkit_slab_slab, node);
	SIZE(mmkit_slab_slabs);
	FIELD(mmkit_slab_slabs, slabs);
	FIELD(mmkit_slab_slabs, room);
	SIZE(mmkit_slab_object);
	FIELD(mmkit_slab_object, reserved);
	SIZE(mmkit_slab_objects);
	FIELD(mmkit_slab_objects, objects);
	SIZE(mmkit_slab_pool);
	FIELD(mmkit_slab_pool, handle);
	SIZE(mmkit_slab_take);
	FIELD(mmkit_slab_take, held);
	SIZE(mmkit_slab_give);
	FIELD(mmkit_slab_give, held);
	SIZE(mmkit_slab_lru);
	FIELD(mmkit_slab_lru, reserved);
	SIZE(mmkit_slab_lru_add);
	FIELD(mmkit_slab_lru_add, reserved);
	SIZE(mmkit_slab_lru_stat);
	FIELD(mmkit_slab_lru_stat, scanned);
	SIZE(mmkit_slab_reuse);
	FIELD(mmkit_slab_reuse, allocated);
}

static void of_pages(void)
{
	SIZE(mmkit_pages_alloc);
	FIELD(mmkit_pages_alloc, bytes);
	FIELD(mmkit_pages_alloc, handle);
	FIELD(mmkit_pages_alloc, reserved);
	SIZE(mmkit_pages_free);
	FIELD(mmkit_pages_free, reserved);
	SIZE(mmkit_pages_describe);
	FIELD(mmkit_pages_describe, first);
	FIELD(mmkit_pages_describe, pages);
	SIZE(mmkit_zone);
	FIELD(mmkit_zone, start_pfn);
	FIELD(mmkit_zone, pcp_batch);
	FIELD(mmkit_zone, nr_free);
	FIELD(mmkit_zone, fragmentation);
	SIZE(mmkit_pages_zones);
	FIELD(mmkit_pages_zones, zones);
	SIZE(mmkit_pages_fragment);
	FIELD(mmkit_pages_fragment, bytes);
	FIELD(mmkit_pages_fragment, blocks);
}

static void of_map(void)
{
	SIZE(mmkit_map_pager);
	FIELD(mmkit_map_pager, fd);
	FIELD(mmkit_map_pager, seed);
	SIZE(mmkit_map_paged);
	FIELD(mmkit_map_paged, minor);
	FIELD(mmkit_map_paged, stored_bytes);
	SIZE(mmkit_map_states);
	FIELD(mmkit_map_states, states);
	SIZE(mmkit_map_events);
	FIELD(mmkit_map_events, bytes);
	SIZE(mmkit_events_writer);
	FIELD(mmkit_events_writer, lost);
	SIZE(mmkit_event);
	FIELD(mmkit_event, offset);
	FIELD(mmkit_event, tid);
	FIELD(mmkit_event, strategy);
	SIZE(mmkit_map_set);
	FIELD(mmkit_map_set, bytes);
	FIELD(mmkit_map_set, strategy);
	FIELD(mmkit_map_set, tune);
	SIZE(mmkit_map_get);
	FIELD(mmkit_map_get, opens);
	FIELD(mmkit_map_get, strategy);
	SIZE(mmkit_map_describe);
	FIELD(mmkit_map_describe, first);
	FIELD(mmkit_map_describe, pages);
	SIZE(mmkit_map_strategy);
	FIELD(mmkit_map_strategy, flags);
	FIELD(mmkit_map_strategy, tune_max);
	SIZE(mmkit_map_strategies);
	FIELD(mmkit_map_strategies, strategies);
	SIZE(mmkit_map_log);
	FIELD(mmkit_map_log, set);
	FIELD(mmkit_map_log, bits);
}

static void of_aspace(void)
{
	SIZE(mmkit_aspace_counts);
	FIELD(mmkit_aspace_counts, huge);
	FIELD(mmkit_aspace_counts, reserved);
	SIZE(mmkit_aspace_region);
	FIELD(mmkit_aspace_region, kind);
	FIELD(mmkit_aspace_region, counts);
	SIZE(mmkit_aspace_regions);
	FIELD(mmkit_aspace_regions, regions);
	SIZE(mmkit_aspace_level);
	FIELD(mmkit_aspace_level, kind);
	SIZE(mmkit_aspace_walk);
	FIELD(mmkit_aspace_walk, levels);
	FIELD(mmkit_aspace_walk, page);
	SIZE(mmkit_aspace_range);
	FIELD(mmkit_aspace_range, counts);
	SIZE(mmkit_aspace_pages);
	FIELD(mmkit_aspace_pages, words);
	SIZE(mmkit_aspace_table);
	FIELD(mmkit_aspace_table, level);
	SIZE(mmkit_aspace_tables);
	FIELD(mmkit_aspace_tables, table);
	FIELD(mmkit_aspace_tables, pgtables_bytes);
	SIZE(mmkit_kernel_area);
	SIZE(mmkit_aspace_context);
	FIELD(mmkit_aspace_context, cr3);
	FIELD(mmkit_aspace_context, state);
	SIZE(mmkit_aspace_layout);
	FIELD(mmkit_aspace_layout, levels);
	FIELD(mmkit_aspace_layout, areas);
}

int main(void)
{
	shared();
	of_info();
	of_heap();
	of_slab();
	of_pages();
	of_map();
	of_aspace();
	return 0;
}
