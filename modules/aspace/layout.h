/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's half of the address space: what is a machine's own. */
#ifndef _MMKIT_ASPACE_LAYOUT_H
#define _MMKIT_ASPACE_LAYOUT_H

#include <linux/errno.h>
#include <linux/types.h>

struct mmkit_kernel_area;

#define MMKIT_LAYOUT_ROOM	8

#if (defined(CONFIG_X86_64) && !defined(CONFIG_UML)) || defined(CONFIG_ARM64)
u32 mmkit_kernel_areas(struct mmkit_kernel_area *areas);
u64 mmkit_kernel_bytes(void);
#else
static inline u32 mmkit_kernel_areas(struct mmkit_kernel_area *areas)
{
	return 0;
}

static inline u64 mmkit_kernel_bytes(void)
{
	return 0;
}
#endif

#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
int mmkit_kernel_address(u32 area, u64 offset, unsigned long *address);
u32 mmkit_address_bits(void);
#else
static inline int mmkit_kernel_address(u32 area, u64 offset,
				       unsigned long *address)
{
	return -EOPNOTSUPP;
}

/* No address of the kernel's half is looked up there. */
static inline u32 mmkit_address_bits(void)
{
	return 64;
}
#endif

u32 mmkit_page_levels(struct mm_struct *mm);

#endif
