/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_CORE_QUOTA_H
#define _MMKIT_CORE_QUOTA_H

#include <linux/types.h>

/* Pure. */
bool mmkit_quota_fits(u64 used, u64 amount, u64 max);

#endif
