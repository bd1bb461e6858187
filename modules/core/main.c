// SPDX-License-Identifier: GPL-2.0-only
/* mmkit_core: what every area stands on, and /dev/mmkit/info. */
#include <linux/module.h>
#include "area.h"
#include "info.h"

static const struct file_operations info_fops = { MMKIT_FOPS };

static struct mmkit_area info_area = {
	.entry = {
		.name = "info",
		.help = "what this kernel and this mmkit offer",
		.owner = THIS_MODULE,
	},
	.fops = &info_fops,
	.ioctls = mmkit_info_ioctls,
	.shows = mmkit_info_shows,
};

static int __init mmkit_core_init(void)
{
	int err;

	info_area.nr_ioctls = mmkit_info_nr_ioctls;
	mmkit_areas_init();
	err = mmkit_area_register(&info_area);
	if (err)
		mmkit_areas_uninit();
	return err;
}

static void __exit mmkit_core_exit(void)
{
	mmkit_area_unregister(&info_area);
	mmkit_areas_uninit();
}

module_init(mmkit_core_init);
module_exit(mmkit_core_exit);

MODULE_DESCRIPTION("mmkit: core of the memory management toolkit");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
