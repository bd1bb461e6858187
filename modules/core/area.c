// SPDX-License-Identifier: GPL-2.0-only
/* Areas: the device and the debugfs directory of each. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "area.h"
#include "control.h"
#include "session.h"

static struct dentry *root;

int mmkit_open(struct inode *inode, struct file *file)
{
	struct mmkit_area *area = container_of(file->private_data,
					       struct mmkit_area, misc);
	struct mmkit_session *session = mmkit_session_new(area, file);

	if (IS_ERR(session))
		return PTR_ERR(session);
	file->private_data = session;
	return 0;
}
EXPORT_SYMBOL_GPL(mmkit_open);

int mmkit_release(struct inode *inode, struct file *file)
{
	mmkit_session_end(file->private_data);
	return 0;
}
EXPORT_SYMBOL_GPL(mmkit_release);

int mmkit_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct mmkit_session *session = file->private_data;

	if (!session->area->mmap)
		return -ENODEV;
	return session->area->mmap(session, vma);
}
EXPORT_SYMBOL_GPL(mmkit_mmap);

/*
 * debugfs would count a reader as inside until its copy to user space is done,
 * which may be never, and an unload waits for whoever is inside. So these files
 * are created "unsafe" and say themselves when they are: while they print.
 */
static int show_row(struct seq_file *m, void *unused)
{
	struct dentry *dentry = m->file->f_path.dentry;
	const struct mmkit_show *row = m->private;
	int err;

	err = debugfs_file_get(dentry);
	if (err)
		return err;
	err = row->show(m, unused);
	debugfs_file_put(dentry);
	return err;
}

static int show_open(struct inode *inode, struct file *file)
{
	return single_open(file, show_row, inode->i_private);
}

static const struct file_operations show_fops = {
	.owner = THIS_MODULE,
	.open = show_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

/* debugfs answers for itself: an area works without its files too. */
static void create_shows(struct mmkit_area *area)
{
	struct mmkit_show *row;

	for (row = area->shows; row && row->name; row++) {
		row->area = area;
		debugfs_create_file_unsafe(row->name, 0400, area->dir, row,
					   &show_fops);
	}
}

static int misc_device_register(struct mmkit_area *area)
{
	if (!area->fops)
		return 0;
	snprintf(area->devname, sizeof(area->devname), "mmkit_%s",
		 area->entry.name);
	snprintf(area->nodename, sizeof(area->nodename), "mmkit/%s",
		 area->entry.name);
	area->misc = (struct miscdevice) {
		.minor = MISC_DYNAMIC_MINOR,
		.name = area->devname,
		.nodename = area->nodename,
		.mode = 0600,
		.fops = area->fops,
	};
	return misc_register(&area->misc);
}

/**
 * mmkit_area_register() - Offer an area: its name, its files, its device.
 * @area: static, zero where it belongs to the core
 *
 * The device comes last: once it is there, so is everything else.
 *
 * Context: Process.
 * Return: 0, -EINVAL or -EEXIST for the name, -ENOMEM, or what the area's
 * open or misc_register() said.
 */
int mmkit_area_register(struct mmkit_area *area)
{
	int err;

	err = mmkit_entry_add(&area->entry, MMKIT_KIND_AREA);
	if (err)
		return err;
	area->dir = debugfs_create_dir(area->entry.name, root);
	create_shows(area);
	err = mmkit_control_init(area);
	if (err)
		goto remove_files;
	err = misc_device_register(area);
	if (err)
		goto remove_files;
	return 0;

remove_files:
	debugfs_remove_recursive(area->dir);
	mmkit_control_uninit(area);
	mmkit_entry_del(&area->entry);
	return err;
}
EXPORT_SYMBOL_GPL(mmkit_area_register);

/**
 * mmkit_area_unregister() - Take an area back.
 * @area: that was registered; no file of its device is open, because an open
 *	one holds the module
 *
 * Context: Process.
 */
void mmkit_area_unregister(struct mmkit_area *area)
{
	if (area->fops)
		misc_deregister(&area->misc);
	/* Waits for readers and writers of its files. */
	debugfs_remove_recursive(area->dir);
	mmkit_control_uninit(area);
	mmkit_entry_del(&area->entry);
}
EXPORT_SYMBOL_GPL(mmkit_area_unregister);

void mmkit_areas_init(void)
{
	root = debugfs_create_dir("mmkit", NULL);
}

void mmkit_areas_uninit(void)
{
	debugfs_remove_recursive(root);
}
