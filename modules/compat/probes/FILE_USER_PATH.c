// SPDX-License-Identifier: GPL-2.0-only
/* exported: backing_file_user_path */
#include <linux/fs.h>
const struct path *probe(struct file *file);
const struct path *probe(struct file *file) { return file_user_path(file); }
