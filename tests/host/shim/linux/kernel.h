/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_SHIM_KERNEL_H
#define _MMKIT_SHIM_KERNEL_H

#include <linux/types.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define EXPORT_SYMBOL_GPL(symbol) \
	extern typeof(symbol) symbol

/* kstrtox.c */
int kstrtou64(const char *text, unsigned int base, u64 *value);
int kstrtou32(const char *text, unsigned int base, u32 *value);
int kstrtos32(const char *text, unsigned int base, s32 *value);

#endif
