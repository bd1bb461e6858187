// SPDX-License-Identifier: GPL-2.0-only
/* mmkit_memblock: the boot allocator, as a sandbox and as it was. */
#include <linux/module.h>
#include <linux/slab.h>
#include "carve.h"
#include "sandbox.h"

static const struct file_operations memblock_fops = { MMKIT_FOPS };

static int memblock_open(struct mmkit_session *session, struct file *file)
{
	struct mmkit_memblock_session *mine;
	int err;

	mine = kzalloc(sizeof(*mine), GFP_KERNEL_ACCOUNT);
	if (!mine)
		return -ENOMEM;
	err = mmkit_sandbox_init(&mine->sandbox, session);
	if (err)
		goto free_mine;
	err = mmkit_sandbox_init(&mine->observed, session);
	if (err)
		goto uninit_sandbox;
	session->private = mine;
	return 0;

uninit_sandbox:
	mmkit_sandbox_uninit(&mine->sandbox);
free_mine:
	kfree(mine);
	return err;
}

static void memblock_release(struct mmkit_session *session)
{
	struct mmkit_memblock_session *mine = session->private;

	mmkit_sandbox_uninit(&mine->observed);
	mmkit_sandbox_uninit(&mine->sandbox);
	kfree(mine);
}

static struct mmkit_area memblock_area = {
	.entry = {
		.name = "memblock",
		.help = "the boot allocator: a sandbox, and what it left behind",
		.owner = THIS_MODULE,
	},
	.fops = &memblock_fops,
	.ioctls = mmkit_memblock_ioctls,
	.verbs = mmkit_memblock_verbs,
	.shows = mmkit_memblock_shows,
	.open = memblock_open,
	.release = memblock_release,
};

static int __init mmkit_memblock_init(void)
{
	int err;

	err = mmkit_offers_init();
	if (err)
		return err;
	memblock_area.nr_ioctls = mmkit_memblock_nr_ioctls;
	err = mmkit_area_register(&memblock_area);
	if (err)
		mmkit_offers_exit();
	return err;
}

static void __exit mmkit_memblock_exit(void)
{
	mmkit_area_unregister(&memblock_area);
	mmkit_offers_exit();
}

module_init(mmkit_memblock_init);
module_exit(mmkit_memblock_exit);

MODULE_DESCRIPTION("mmkit: the boot allocator, as a sandbox and as it was");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
