/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands about the real boot allocator; their rows are in ops.c. */
#ifndef _MMKIT_MEMBLOCK_REAL_OPS_H
#define _MMKIT_MEMBLOCK_REAL_OPS_H

#include <mmkit/session.h>

int mmkit_memblock_observe(struct mmkit_call *call, void *arg);
int mmkit_memblock_fates(struct mmkit_call *call, void *arg);
int mmkit_memblock_booted(struct mmkit_call *call, void *arg);
int mmkit_memblock_claim(struct mmkit_call *call, void *arg);
int mmkit_memblock_probe(struct mmkit_call *call, void *arg);
int mmkit_memblock_release(struct mmkit_call *call, void *arg);
int mmkit_memblock_named(struct mmkit_call *call, void *arg);

#endif
