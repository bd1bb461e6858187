/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_FUZZ_TOUCH_H
#define _MMKIT_FUZZ_TOUCH_H

/* Reads or writes a byte. Returns 0, or -EFAULT for the signal that came of it. */
int touch_one(volatile u8 *at, bool write);

int poison_one(void *at);

#endif
