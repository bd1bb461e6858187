// SPDX-License-Identifier: GPL-2.0-only
/* mmkit_bench: exercise and measure any registered allocator. */
#include <linux/module.h>
#include "bench.h"

static const struct file_operations bench_fops = { MMKIT_FOPS };

static struct mmkit_area bench_area = {
	.entry = {
		.name = "bench",
		.help = "exercise and measure any registered allocator",
		.owner = THIS_MODULE,
	},
	.fops = &bench_fops,
	.ioctls = mmkit_bench_ioctls,
	.verbs = mmkit_bench_verbs,
	.shows = mmkit_bench_shows,
	.open = mmkit_bench_open,
	.release = mmkit_bench_release,
};

static int __init mmkit_bench_init(void)
{
	bench_area.nr_ioctls = mmkit_bench_nr_ioctls;
	return mmkit_area_register(&bench_area);
}

static void __exit mmkit_bench_exit(void)
{
	mmkit_area_unregister(&bench_area);
}

module_init(mmkit_bench_init);
module_exit(mmkit_bench_exit);

MODULE_DESCRIPTION("mmkit: exercise and measure any registered allocator");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
