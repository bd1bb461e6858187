// SPDX-License-Identifier: GPL-2.0-only
/* A file may have mmap_prepare instead of mmap: 6.16. */
#include <linux/fs.h>
int probe(struct file *file, struct vm_area_struct *vma);
int probe(struct file *file, struct vm_area_struct *vma)
{
	return vfs_mmap(file, vma);
}
