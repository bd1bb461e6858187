// SPDX-License-Identifier: GPL-2.0-only
/* mmkit_aspace: the address space of a process from inside. */
#include <linux/module.h>
#include "aspace.h"

static const struct file_operations aspace_fops = { MMKIT_FOPS };

static struct mmkit_area aspace_area = {
	.entry = {
		.name = "aspace",
		.help = "address spaces: regions, page tables, pages",
		.owner = THIS_MODULE,
	},
	.fops = &aspace_fops,
	.ioctls = mmkit_aspace_ioctls,
	.verbs = mmkit_aspace_verbs,
	.shows = mmkit_aspace_shows,
};

static int __init mmkit_aspace_init(void)
{
	aspace_area.nr_ioctls = mmkit_aspace_nr_ioctls;
	return mmkit_area_register(&aspace_area);
}

static void __exit mmkit_aspace_exit(void)
{
	mmkit_area_unregister(&aspace_area);
}

module_init(mmkit_aspace_init);
module_exit(mmkit_aspace_exit);

MODULE_DESCRIPTION("mmkit: address spaces: regions, page tables, pages");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
