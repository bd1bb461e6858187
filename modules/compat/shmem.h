/* SPDX-License-Identifier: GPL-2.0-only */
/* tmpfs files: what differs between kernels. */
#ifndef _MMKIT_COMPAT_SHMEM_H
#define _MMKIT_COMPAT_SHMEM_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/shmem_fs.h>

/* Not accounted in advance: pages are when they come. */
static inline struct file *mmkit_shmem_file(const char *name, loff_t size)
{
#ifdef HAVE_SHMEM_VMA_FLAGS
	return shmem_file_setup(name, size, mk_vma_flags(VMA_NORESERVE_BIT));
#else
	return shmem_file_setup(name, size, VM_NORESERVE);
#endif
}

static inline int mmkit_vfs_mmap(struct file *file, struct vm_area_struct *vma)
{
#ifdef HAVE_VFS_MMAP
	return vfs_mmap(file, vma);
#else
	return call_mmap(file, vma);
#endif
}

#endif
