// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/map. */
#include <linux/bitmap.h>
#include <linux/capability.h>
#include <linux/string.h>
#include <mmkit/describe.h>
#include "events.h"
#include "map.h"
#include "pager.h"

static int map_set(struct mmkit_call *call, void *arg)
{
	const struct mmkit_map_set *set = arg;
	struct mmkit_store *store = call->session->private;

	if (set->flags ||
	    strnlen(set->strategy, MMKIT_NAME_LEN) == MMKIT_NAME_LEN)
		return -EINVAL;
	return mmkit_store_set(store, set);
}

static int map_get(struct mmkit_call *call, void *arg)
{
	const struct mmkit_store *store = call->session->private;
	struct mmkit_map_get *get = arg;

	get->maps = atomic_read(&store->maps);
	get->bytes = (u64)store->nr << PAGE_SHIFT;
	get->faults = atomic64_read(&store->faults);
	get->sigbus = atomic64_read(&store->sigbus);
	get->opens = atomic64_read(&store->opens);
	memset(get->strategy, 0, sizeof(get->strategy));
	if (store->strategy)
		strscpy(get->strategy, store->strategy->entry.name,
			sizeof(get->strategy));
	return 0;
}

static int map_describe(struct mmkit_call *call, void *arg)
{
	struct mmkit_store *store = call->session->private;
	struct mmkit_map_describe *describe = arg;
	struct mmkit_page *pages;
	u32 i;

	if (!describe->nr || describe->nr > MMKIT_MAP_DESCRIBE_MAX ||
	    describe->first >= store->nr)
		return -EINVAL;
	pages = mmkit_call_array(call, describe->pages, describe->nr,
				 sizeof(*pages));
	if (!pages)
		return -ENOMEM;
	describe->nr = min_t(u64, describe->nr, store->nr - describe->first);
	for (i = 0; i < describe->nr; i++)
		mmkit_store_describe(store, describe->first + i, &pages[i]);
	if (!capable(CAP_SYS_ADMIN))
		mmkit_describe_hide(pages, describe->nr);
	call->bytes = describe->nr * sizeof(*pages);
	return 0;
}

static int map_strategies(struct mmkit_call *call, void *arg)
{
	struct mmkit_map_strategies *list = arg;
	struct mmkit_map_strategy *out;
	u32 room = list->nr;

	if (room > MMKIT_MAP_STRATEGIES_MAX)
		return -EINVAL;
	out = mmkit_call_array(call, list->strategies, room, sizeof(*out));
	if (!out)
		return -ENOMEM;
	list->nr = mmkit_strategies_list(out, room);
	call->bytes = min(room, list->nr) * sizeof(*out);
	return 0;
}

static int map_log(struct mmkit_call *call, void *arg)
{
	struct mmkit_store *store = call->session->private;
	const struct mmkit_strategy *strategy = store->strategy;
	struct mmkit_map_log *log = arg;
	unsigned long *bits;
	int err;

	if (!strategy || !strategy->log)
		return -EOPNOTSUPP;
	if (log->flags & ~MMKIT_MAP_LOG_CLEAR || !log->nr ||
	    log->nr > MMKIT_MAP_LOG_MAX || log->first >= store->nr)
		return -EINVAL;
	log->nr = min_t(u64, log->nr, store->nr - log->first);
	bits = mmkit_call_array(call, log->bits, BITS_TO_U64(log->nr),
				sizeof(u64));
	if (!bits)
		return -ENOMEM;
	err = strategy->log(store, log->first, log->nr, bits,
			    log->flags & MMKIT_MAP_LOG_CLEAR);
	log->set = bitmap_weight(bits, log->nr);
	call->bytes = BITS_TO_U64(log->nr) * sizeof(u64);
	return err;
}

const struct mmkit_ioctl mmkit_map_ioctls[] = {
	MMKIT_IOCTL(MMKIT_MAP_SET, map_set, struct mmkit_map_set, strategy),
	MMKIT_IOCTL(MMKIT_MAP_GET, map_get, struct mmkit_map_get, size),
	MMKIT_IOCTL(MMKIT_MAP_DESCRIBE, map_describe,
		    struct mmkit_map_describe, pages),
	MMKIT_IOCTL(MMKIT_MAP_STRATEGIES, map_strategies,
		    struct mmkit_map_strategies, strategies),
	MMKIT_IOCTL(MMKIT_MAP_LOG, map_log, struct mmkit_map_log, bits),
	MMKIT_IOCTL(MMKIT_MAP_PAGER, mmkit_map_pager, struct mmkit_map_pager,
		    seed),
	MMKIT_IOCTL(MMKIT_MAP_PAGED, mmkit_map_paged, struct mmkit_map_paged,
		    size),
	MMKIT_IOCTL(MMKIT_MAP_STATES, mmkit_map_states, struct mmkit_map_states,
		    states),
	MMKIT_IOCTL(MMKIT_MAP_EVENTS, mmkit_map_events, struct mmkit_map_events,
		    nr),
};

const unsigned int mmkit_map_nr_ioctls = ARRAY_SIZE(mmkit_map_ioctls);
