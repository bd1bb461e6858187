// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/map. */
#include <linux/capability.h>
#include <linux/string.h>
#include <mmkit/describe.h>
#include "map.h"

static int map_set(struct mmkit_call *call, void *arg)
{
	const struct mmkit_map_set *set = arg;
	struct mmkit_store *store = call->session->private;

	if (set->flags ||
	    strnlen(set->strategy, MMKIT_NAME_LEN) == MMKIT_NAME_LEN)
		return -EINVAL;
	return mmkit_store_set(store, set->bytes, set->strategy);
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

/* session->lock keeps the store's size, so its own lock is not needed. */
static int map_describe(struct mmkit_call *call, void *arg)
{
	const struct mmkit_store *store = call->session->private;
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
		mmkit_describe(&pages[i], store->page[describe->first + i], 0);
	if (!capable(CAP_SYS_ADMIN))
		mmkit_describe_hide(pages, describe->nr);
	call->bytes = describe->nr * sizeof(*pages);
	return 0;
}

const struct mmkit_ioctl mmkit_map_ioctls[] = {
	MMKIT_IOCTL(MMKIT_MAP_SET, map_set, struct mmkit_map_set, strategy),
	MMKIT_IOCTL(MMKIT_MAP_GET, map_get, struct mmkit_map_get, size),
	MMKIT_IOCTL(MMKIT_MAP_DESCRIBE, map_describe,
		    struct mmkit_map_describe, pages),
};

const unsigned int mmkit_map_nr_ioctls = ARRAY_SIZE(mmkit_map_ioctls);
