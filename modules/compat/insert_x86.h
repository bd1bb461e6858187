/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages of 1 GiB, which not every processor of x86-64 has. */
#ifndef _MMKIT_COMPAT_INSERT_X86_H
#define _MMKIT_COMPAT_INSERT_X86_H

#include <asm/cpufeature.h>

static inline bool mmkit_cpu_maps_pud(void)
{
	return boot_cpu_has(X86_FEATURE_GBPAGES);
}

#endif
