/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of tests/cases are of a machine with pages of 4 KiB. */
#ifndef _SHIM_ASM_PAGE_H
#define _SHIM_ASM_PAGE_H

#define PAGE_SHIFT	12

#endif
