// SPDX-License-Identifier: GPL-2.0-only
/* A file's VMA flags became a type of their own: 7.0. */
#include <linux/mm.h>
#include <linux/shmem_fs.h>
struct file *probe(void);
struct file *probe(void)
{
	return shmem_file_setup("", 0, mk_vma_flags(VMA_NORESERVE_BIT));
}
