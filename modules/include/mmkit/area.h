/* SPDX-License-Identifier: GPL-2.0-only */
/* An area is one module: a device, its commands, its debugfs files. */
#ifndef _MMKIT_AREA_H
#define _MMKIT_AREA_H

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/stddef.h>
#include <mmkit/param.h>
#include <mmkit/registry.h>
#include <mmkit/session.h>

/* Largest argument struct of an ioctl: it lives on the stack. */
#define MMKIT_ARG_MAX	256

/**
 * struct mmkit_ioctl - one command
 * @cmd: as user space encodes it; rows stand in the order of their numbers
 * @size: of the argument struct
 * @min_size: up to the end of the last field that must be there
 * @run: with session->lock held; @arg is the caller's struct, completed with
 *	zeros, and is copied back if @cmd says _IOC_READ
 */
struct mmkit_ioctl {
	unsigned int cmd;
	u16 size;
	u16 min_size;
	int (*run)(struct mmkit_call *call, void *arg);
};

#define MMKIT_IOCTL(_cmd, _run, _type, _last)				\
	{								\
		.cmd = (_cmd),						\
		.size = sizeof(_type) +					\
			BUILD_BUG_ON_ZERO(sizeof(_type) > MMKIT_ARG_MAX),\
		.min_size = offsetofend(_type, _last),			\
		.run = (_run),						\
	}

/**
 * struct mmkit_verb - a command in text, as written to an area's control file
 * @name: the verb
 * @cmd: the ioctl it stands for
 * @params: its options; the last one has no help
 * @init: sets what differs from zero before the options are read, or NULL
 * @print: says what came of it, or NULL
 */
struct mmkit_verb {
	const char *name;
	unsigned int cmd;
	const struct mmkit_param *params;
	void (*init)(void *arg);
	void (*print)(struct seq_file *m, const struct mmkit_call *call,
		      const void *arg);
};

/**
 * struct mmkit_show - one read-only debugfs file of an area
 * @name: of the file
 * @show: as single_open() calls it; m->private is this row
 * @area: set by the core
 */
struct mmkit_show {
	const char *name;
	int (*show)(struct seq_file *m, void *unused);
	struct mmkit_area *area;
};

/**
 * struct mmkit_area - what a module offers
 * @entry: name, help and owner; the device becomes /dev/mmkit/NAME
 * @fops: of the device: MMKIT_FOPS and nothing else; NULL for an area that has
 *	debugfs files alone
 * @ioctls: commands, in the order of their numbers, without a gap
 * @nr_ioctls: how many
 * @verbs: the same as text; NULL-name-terminated, or NULL
 * @shows: debugfs files; NULL-name-terminated, or NULL
 * @open: makes session->private, or NULL
 * @release: frees it; every object of the session is gone by then
 * @mmap: the device's mmap, or NULL
 *
 * The rest belongs to the core:
 * @misc: the device
 * @dir: /sys/kernel/debug/mmkit/NAME
 * @control: what was written to the control file last, and its session
 */
struct mmkit_area {
	struct mmkit_entry entry;
	const struct file_operations *fops;
	const struct mmkit_ioctl *ioctls;
	unsigned int nr_ioctls;
	const struct mmkit_verb *verbs;
	struct mmkit_show *shows;
	int (*open)(struct mmkit_session *session, struct file *file);
	void (*release)(struct mmkit_session *session);
	int (*mmap)(struct mmkit_session *session, struct vm_area_struct *vma);

	struct miscdevice misc;
	char nodename[MMKIT_NAME_LEN + sizeof("mmkit/")];
	char devname[MMKIT_NAME_LEN + sizeof("mmkit_")];
	struct dentry *dir;
	struct mmkit_control *control;
};

/* file_operations of every area: the core's functions, the area's module. */
#define MMKIT_FOPS						\
	.owner		= THIS_MODULE,				\
	.open		= mmkit_open,				\
	.release	= mmkit_release,			\
	.unlocked_ioctl	= mmkit_ioctl,				\
	.compat_ioctl	= compat_ptr_ioctl,			\
	.mmap		= mmkit_mmap,				\
	.llseek		= noop_llseek

int mmkit_open(struct inode *inode, struct file *file);
int mmkit_release(struct inode *inode, struct file *file);
long mmkit_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
int mmkit_mmap(struct file *file, struct vm_area_struct *vma);

int mmkit_area_register(struct mmkit_area *area);
void mmkit_area_unregister(struct mmkit_area *area);

int mmkit_show_sessions(struct seq_file *m,
			void (*show)(struct seq_file *m,
				     struct mmkit_session *session));
int mmkit_show_objects(struct seq_file *m, void *unused);

#endif
