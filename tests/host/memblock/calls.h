/* SPDX-License-Identifier: GPL-2.0-only */
/* Sequences of calls: made at random, run on both sides, made shorter. */
#ifndef _MMKIT_HOST_MEMBLOCK_CALLS_H
#define _MMKIT_HOST_MEMBLOCK_CALLS_H

#include <stddef.h>

#include "side.h"

#define SEQUENCE_MAX	4096

struct sequence {
	struct setting setting;
	size_t nr;
	struct call calls[SEQUENCE_MAX];
};

void random_seed(uint64_t seed);
uint64_t random_u64(void);

/* random.c */
#define NR_KINDS	4	/* of sequences */

void sequence_random(struct sequence *sequence, unsigned int kind);

/* compare.c */
size_t sequence_differs(const struct sequence *sequence);
void sequence_shorten(struct sequence *sequence);
void sequence_print(const struct sequence *sequence);

#endif
