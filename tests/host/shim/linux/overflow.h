/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_SHIM_OVERFLOW_H
#define _MMKIT_SHIM_OVERFLOW_H

#define check_mul_overflow(a, b, d)	__builtin_mul_overflow(a, b, d)

#endif
