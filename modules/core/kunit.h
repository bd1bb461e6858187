/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions of the core that nobody but its KUnit tests calls from outside. */
#ifndef _MMKIT_CORE_KUNIT_H
#define _MMKIT_CORE_KUNIT_H

#include <linux/export.h>

/* EXPORT_SYMBOL_IF_KUNIT() is younger than 6.1. */
#if IS_ENABLED(CONFIG_KUNIT)
#define EXPORT_SYMBOL_FOR_MMKIT_TEST(symbol)	EXPORT_SYMBOL_GPL(symbol)
#else
#define EXPORT_SYMBOL_FOR_MMKIT_TEST(symbol)
#endif

#endif
