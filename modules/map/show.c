// SPDX-License-Identifier: GPL-2.0-only
/* debugfs files of the map area. */
#include <linux/seq_file.h>
#include "map.h"

static void show_store(struct seq_file *m, struct mmkit_session *session)
{
	const struct mmkit_store *store = session->private;

	lockdep_assert_held(&session->lock);

	seq_printf(m, "session %llu strategy %s bytes %llu maps %d faults %lld sigbus %lld\n",
		   session->id,
		   store->strategy ? store->strategy->entry.name : "none",
		   (u64)store->nr << PAGE_SHIFT, atomic_read(&store->maps),
		   atomic64_read(&store->faults),
		   atomic64_read(&store->sigbus));
}

static int show_stores(struct seq_file *m, void *unused)
{
	return mmkit_show_sessions(m, show_store);
}

struct mmkit_show mmkit_map_shows[] = {
	{ .name = "stores", .show = show_stores },
	{ }
};
