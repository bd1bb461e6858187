/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_SHIM_STRING_H
#define _MMKIT_SHIM_STRING_H

#include <string.h>

#endif
