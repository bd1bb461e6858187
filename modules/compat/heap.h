/* SPDX-License-Identifier: GPL-2.0-only */
/* kmalloc() and vmalloc(): what differs between kernels. */
#ifndef _MMKIT_COMPAT_HEAP_H
#define _MMKIT_COMPAT_HEAP_H

#include <linux/slab.h>

/* The old size was the caller's to know: until 6.12. */
static inline void *mmkit_kvrealloc(const void *p, size_t old, size_t bytes,
				    gfp_t gfp)
{
#ifdef HAVE_KVREALLOC_OLD_SIZE
	return kvrealloc(p, old, bytes, gfp);
#else
	return kvrealloc(p, bytes, gfp);
#endif
}

#endif
