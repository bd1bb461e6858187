// SPDX-License-Identifier: GPL-2.0-only
/* mmkit_map: a character device with mmap. */
#include <linux/module.h>
#include "map.h"

static const struct file_operations map_fops = {
	MMKIT_FOPS,
	.get_unmapped_area = mmkit_get_unmapped_area,
};

static struct mmkit_area map_area = {
	.entry = {
		.name = "map",
		.help = "one store of pages, mapped by a strategy of choice",
		.owner = THIS_MODULE,
	},
	.fops = &map_fops,
	.ioctls = mmkit_map_ioctls,
	.verbs = mmkit_map_verbs,
	.shows = mmkit_map_shows,
	.open = mmkit_store_open,
	.release = mmkit_store_release,
	.mmap = mmkit_store_mmap,
};

static int __init mmkit_map_init(void)
{
	int err;

	err = mmkit_strategies_init();
	if (err)
		return err;
	map_area.nr_ioctls = mmkit_map_nr_ioctls;
	err = mmkit_area_register(&map_area);
	if (err)
		mmkit_strategies_uninit();
	return err;
}

static void __exit mmkit_map_exit(void)
{
	mmkit_area_unregister(&map_area);
	mmkit_strategies_uninit();
}

module_init(mmkit_map_init);
module_exit(mmkit_map_exit);

MODULE_DESCRIPTION("mmkit: a character device with mmap");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
