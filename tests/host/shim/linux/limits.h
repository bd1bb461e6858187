/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_SHIM_LIMITS_H
#define _MMKIT_SHIM_LIMITS_H

#include_next <linux/limits.h>
#include <linux/types.h>

#define INT_MAX	((int)(~0U >> 1))
#define U32_MAX	((u32)~0U)
#define S64_MAX	((s64)(U64_MAX >> 1))
#define U64_MAX	((u64)~0ULL)

#endif
