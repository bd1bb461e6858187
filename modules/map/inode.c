// SPDX-License-Identifier: GPL-2.0-only
/*
 * An inode for each store. All files of a device share the device's inode, so
 * unmap_mapping_range() on it would tear down every session's mappings; with an
 * inode of its own a store finds just its own. drivers/gpu/drm/drm_drv.c does
 * the same.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include "map.h"

#define MMKIT_FS_MAGIC	0x6d6d6b74	/* "mmkt" */

static int mmkit_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, MMKIT_FS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type mmkit_fs_type = {
	.name = "mmkit",
	.owner = THIS_MODULE,
	.init_fs_context = mmkit_init_fs_context,
	.kill_sb = kill_anon_super,
};

static struct vfsmount *mount;
static int mount_count;

/**
 * mmkit_inode_new() - An inode that nothing else uses.
 *
 * Context: Process.
 * Return: the inode or an ERR_PTR() of -ENOMEM.
 */
struct inode *mmkit_inode_new(void)
{
	struct inode *inode;
	int err;

	/* Mounted while it is needed: a mount holds the module. */
	err = simple_pin_fs(&mmkit_fs_type, &mount, &mount_count);
	if (err)
		return ERR_PTR(err);
	inode = alloc_anon_inode(mount->mnt_sb);
	if (IS_ERR(inode))
		simple_release_fs(&mount, &mount_count);
	return inode;
}

/**
 * mmkit_inode_free() - Give an inode back.
 * @inode: that nothing maps any more
 *
 * Context: Process.
 */
void mmkit_inode_free(struct inode *inode)
{
	iput(inode);
	simple_release_fs(&mount, &mount_count);
}
