// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/info. */
#include <linux/hugetlb.h>	/* pageblock_order, on some machines */
#include <linux/mm.h>
#include <linux/nodemask.h>
#include "compat/alloc.h"
#include "compat/page.h"
#include "info.h"
#include "leak.h"
#include "registry.h"
#include "session.h"
#include "usage.h"

static const struct {
	bool on;
	u64 bit;
} features[] = {
	{ IS_ENABLED(CONFIG_MEMCG), MMKIT_FEATURE_MEMCG },
	{ IS_ENABLED(CONFIG_NUMA), MMKIT_FEATURE_NUMA },
	{ IS_ENABLED(CONFIG_COMPACTION), MMKIT_FEATURE_COMPACTION },
	{ IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE), MMKIT_FEATURE_THP },
	{ MMKIT_HAS_ALLOC_CONTIG, MMKIT_FEATURE_CONTIG_ALLOC },
	{ IS_ENABLED(CONFIG_KASAN), MMKIT_FEATURE_KASAN },
	{ IS_ENABLED(CONFIG_LOCKDEP), MMKIT_FEATURE_LOCKDEP },
	{ IS_ENABLED(CONFIG_DEBUG_KMEMLEAK), MMKIT_FEATURE_KMEMLEAK },
	{ IS_ENABLED(CONFIG_DEBUG_VM), MMKIT_FEATURE_DEBUG_VM },
	{ IS_ENABLED(CONFIG_FAULT_INJECTION), MMKIT_FEATURE_FAULT_INJECTION },
	{ IS_ENABLED(CONFIG_KUNIT), MMKIT_FEATURE_KUNIT },
	{ IS_ENABLED(CONFIG_PREEMPT), MMKIT_FEATURE_PREEMPT },
	{ IS_ENABLED(CONFIG_SWAP), MMKIT_FEATURE_SWAP },
	{ IS_ENABLED(CONFIG_PAGE_OWNER), MMKIT_FEATURE_PAGE_OWNER },
};

static u64 feature_bits(void)
{
	u64 bits = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(features); i++)
		if (features[i].on)
			bits |= features[i].bit;
	return bits;
}

void mmkit_info_fill(struct mmkit_info *info)
{
	struct mmkit_limits max;

	mmkit_limits_get(&max);
	*info = (struct mmkit_info) {
		.size = sizeof(*info),
		.abi = MMKIT_ABI,
		.page_size = PAGE_SIZE,
		.max_order = MMKIT_MAX_ORDER,
		.block_order = pageblock_order,
		.nodes = num_online_nodes(),
		.features = feature_bits(),
		.session_bytes = max.session_bytes,
		.session_handles = max.session_handles,
		.total_bytes = max.total_bytes,
		.total_handles = max.total_handles,
		.used_bytes = atomic64_read(&mmkit_total.bytes),
		.used_handles = atomic64_read(&mmkit_total.handles),
		.sessions = mmkit_session_count(),
	};
}

static int info_get(struct mmkit_call *call, void *arg)
{
	struct mmkit_info *info = arg;
	u32 size = info->size;

	mmkit_info_fill(info);
	/* An older program that sends its struct again has no more room. */
	info->size = size;
	return 0;
}

/* More than anyone registers; a larger room is not an error. */
#define LIST_ROOM_MAX	256

static int info_list(struct mmkit_call *call, void *arg)
{
	struct mmkit_info_list *list = arg;
	u32 room = min_t(u32, list->nr, LIST_ROOM_MAX);
	struct mmkit_entry_info *infos;

	if (list->kind >= MMKIT_KIND_NR || list->reserved)
		return -EINVAL;
	infos = mmkit_call_array(call, list->entries, room, sizeof(*infos));
	if (!infos)
		return -ENOMEM;
	list->nr = mmkit_registry_list(list->kind, infos, room);
	call->bytes = min(list->nr, room) * sizeof(*infos);
	return 0;
}

static int info_leaks(struct mmkit_call *call, void *arg)
{
	struct mmkit_info_leaks *leaks = arg;
	u32 room = min_t(u32, leaks->nr, MMKIT_LEAKS);
	struct mmkit_leak *reports;

	reports = mmkit_call_array(call, leaks->leaks, room, sizeof(*reports));
	if (!reports)
		return -ENOMEM;
	leaks->nr = mmkit_leaks_copy(reports, room);
	call->bytes = min(leaks->nr, room) * sizeof(*reports);
	return 0;
}

const struct mmkit_ioctl mmkit_info_ioctls[] = {
	MMKIT_IOCTL(MMKIT_INFO_GET, info_get, struct mmkit_info, size),
	MMKIT_IOCTL(MMKIT_INFO_LIST, info_list, struct mmkit_info_list,
		    entries),
	MMKIT_IOCTL(MMKIT_INFO_LEAKS, info_leaks, struct mmkit_info_leaks,
		    leaks),
};

const unsigned int mmkit_info_nr_ioctls = ARRAY_SIZE(mmkit_info_ioctls);
