/* SPDX-License-Identifier: GPL-2.0-only */
/* The file that user space opened, where a mapping has another one below it. */
#ifndef _MMKIT_COMPAT_FILE_H
#define _MMKIT_COMPAT_FILE_H

#include <linux/fs.h>

/* Until 6.7 the path of a file that overlayfs opens is the one above. */
static inline const struct path *mmkit_file_path(struct file *file)
{
#ifdef HAVE_FILE_USER_PATH
	return file_user_path(file);
#else
	return &file->f_path;
#endif
}

/* The inode was the one below's in /proc/PID/maps, and a release later no more. */
static inline const struct inode *mmkit_file_inode(struct file *file)
{
#ifdef HAVE_FILE_USER_INODE
	return file_user_inode(file);
#else
	return file_inode(file);
#endif
}

#endif
