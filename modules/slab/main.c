// SPDX-License-Identifier: GPL-2.0-only
/* mmkit_slab: kmem_cache, mempool, shrinker with list_lru. */
#include <linux/module.h>
#include "slab.h"

static const struct file_operations slab_fops = { MMKIT_FOPS };

static struct mmkit_area slab_area = {
	.entry = {
		.name = "slab",
		.help = "kmem_cache, mempool, shrinker with list_lru",
		.owner = THIS_MODULE,
	},
	.fops = &slab_fops,
	.ioctls = mmkit_slab_ioctls,
	.verbs = mmkit_slab_verbs,
	.shows = mmkit_slab_shows,
};

static int __init mmkit_slab_init(void)
{
	int err = mmkit_slab_allocator_init();

	if (err)
		return err;
	slab_area.nr_ioctls = mmkit_slab_nr_ioctls;
	err = mmkit_area_register(&slab_area);
	if (err)
		mmkit_slab_allocator_exit();
	return err;
}

static void __exit mmkit_slab_exit(void)
{
	mmkit_area_unregister(&slab_area);
	mmkit_slab_allocator_exit();
}

module_init(mmkit_slab_init);
module_exit(mmkit_slab_exit);

MODULE_DESCRIPTION("mmkit: kmem_cache, mempool, shrinker with list_lru");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
