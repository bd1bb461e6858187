// SPDX-License-Identifier: GPL-2.0-only
/* debugfs files of the pages area. */
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "pages.h"

static int show_zones(struct seq_file *m, void *unused)
{
	struct mmkit_zone *zones;
	u32 room = mmkit_zones_read(NULL, 0);
	u32 i, nr;

	zones = kvcalloc(room, sizeof(*zones), GFP_KERNEL);
	if (!zones)
		return -ENOMEM;
	nr = min(mmkit_zones_read(zones, room), room);
	for (i = 0; i < nr; i++)
		mmkit_zone_show(m, &zones[i]);
	kvfree(zones);
	return 0;
}

struct mmkit_show mmkit_pages_shows[] = {
	{ .name = "zones", .show = show_zones },
	{ .name = "objects", .show = mmkit_show_objects },
	{ }
};
