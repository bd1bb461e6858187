// SPDX-License-Identifier: GPL-2.0-only
/* Shrinkers are allocated by the kernel: 6.7. */
#include <linux/shrinker.h>
void probe(void);
void probe(void) { shrinker_alloc(0, "name")->private_data = NULL; }
