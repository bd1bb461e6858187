/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of tmpfs: what differs between kernels. */
#ifndef _MMKIT_COMPAT_SHMEM_H
#define _MMKIT_COMPAT_SHMEM_H

#include <linux/mm.h>
#include <linux/shmem_fs.h>

/* Without reservation: what is not written is not accounted for. */
static inline struct file *mmkit_shmem_file(const char *name, loff_t bytes)
{
#ifdef HAVE_SHMEM_VMA_FLAGS
	return shmem_file_setup(name, bytes, mk_vma_flags(VMA_NORESERVE_BIT));
#else
	return shmem_file_setup(name, bytes, VM_NORESERVE);
#endif
}

#endif
