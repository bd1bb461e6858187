// SPDX-License-Identifier: GPL-2.0-only
/* exported: backing_file_user_path */
#include <linux/fs.h>
const struct inode *probe(struct file *file);
const struct inode *probe(struct file *file) { return file_user_inode(file); }
