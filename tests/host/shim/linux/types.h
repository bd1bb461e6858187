/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_SHIM_TYPES_H
#define _MMKIT_SHIM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include_next <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef int32_t s32;
/* As in the kernel, on 32 and on 64 bits. */
typedef unsigned long long u64;
typedef long long s64;

#endif
