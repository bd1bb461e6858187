// SPDX-License-Identifier: GPL-2.0-only
/* kvrealloc() was told the old size: until 6.12. */
#include <linux/slab.h>
void *probe(void *p);
void *probe(void *p) { return kvrealloc(p, 1, 2, GFP_KERNEL); }
