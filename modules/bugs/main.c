// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit_bugs: bugs on purpose, for kernels that tell of them, in machines that may
 * break. It has no device: debugfs alone, and that is root's.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include "bugs.h"

static struct mmkit_area bugs_area = {
	.entry = {
		.name = "bugs",
		.help = "bugs on purpose, and what the kernel says of them",
		.owner = THIS_MODULE,
	},
	.ioctls = mmkit_bugs_ioctls,
	.verbs = mmkit_bugs_verbs,
	.shows = mmkit_bugs_shows,
};

/*
 * Both are asked of the kernel, not of whoever loads the module: a parameter that
 * says "I know what I do" would be copied from one command line to the next.
 */
static int may_break(void)
{
	if (!IS_ENABLED(CONFIG_KASAN)) {
		pr_err("not in a kernel without KASAN, where these bugs do harm and say nothing\n");
		return -ENODEV;
	}
	if (!mmkit_bugs_in_guest()) {
		pr_err("not on a real machine: these bugs break the kernel; boot it in a VM\n");
		return -EPERM;
	}
	return 0;
}

static int __init mmkit_bugs_init(void)
{
	int err;

	err = may_break();
	if (err)
		return err;
	bugs_area.nr_ioctls = mmkit_bugs_nr_ioctls;
	return mmkit_area_register(&bugs_area);
}

static void __exit mmkit_bugs_exit(void)
{
	mmkit_area_unregister(&bugs_area);
}

module_init(mmkit_bugs_init);
module_exit(mmkit_bugs_exit);

MODULE_DESCRIPTION("mmkit: bugs on purpose, for debug kernels in a VM");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
