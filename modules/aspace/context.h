/* SPDX-License-Identifier: GPL-2.0-only */
/* What a CPU is told of an address space: a machine's own. */
#ifndef _MMKIT_ASPACE_CONTEXT_H
#define _MMKIT_ASPACE_CONTEXT_H

#include <linux/errno.h>

struct mm_struct;
struct mmkit_aspace_context;

#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
int mmkit_context_fill(const struct mm_struct *mm,
		       struct mmkit_aspace_context *arg);
#else
static inline int mmkit_context_fill(const struct mm_struct *mm,
				     struct mmkit_aspace_context *arg)
{
	return -EOPNOTSUPP;
}
#endif

#endif
