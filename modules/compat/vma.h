/* SPDX-License-Identifier: GPL-2.0-only */
/* struct vm_area_struct: what differs between kernels. */
#ifndef _MMKIT_COMPAT_VMA_H
#define _MMKIT_COMPAT_VMA_H

#include <linux/mm.h>

/* mmap_lock is held for write. */
static inline void mmkit_vm_flags_set(struct vm_area_struct *vma,
				      unsigned long flags)
{
#ifdef HAVE_VM_FLAGS_SET
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

static inline void mmkit_vm_flags_clear(struct vm_area_struct *vma,
					unsigned long flags)
{
#ifdef HAVE_VM_FLAGS_SET
	vm_flags_clear(vma, flags);
#else
	vma->vm_flags &= ~flags;
#endif
}

/* No fault goes on in the area until mmap_lock is let go of. */
static inline void mmkit_vma_start_write(struct vm_area_struct *vma)
{
#ifdef CONFIG_PER_VMA_LOCK
	vma_start_write(vma);
#endif
}

#endif
