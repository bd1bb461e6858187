/* SPDX-License-Identifier: GPL-2.0-only */
/* What a process can do to a mapping, each done for real. */
#ifndef MMKIT_CLI_MAP_OPS_H
#define MMKIT_CLI_MAP_OPS_H

#include <stddef.h>
#include <stdint.h>

#define OP_PAGES	8u	/* of the store, all of them mapped and written */

/* A mapping that an operation is tried on, in a process of its own. */
struct op_area {
	int fd;
	const char *disk;	/* may be overwritten, NULL for none */
	uint8_t *map;
	size_t page;
};

/* Besides an errno: what an operation may come to. */
#define OP_UNTRIED	10000	/* this kernel or machine has no way to try it */
#define OP_LEFT_OUT	10001	/* it was done, and without the mapping */

/**
 * struct map_op - an operation
 * @name: one word
 * @run: does it; 0 or an errno, %OP_UNTRIED or %OP_LEFT_OUT. A signal is an
 *	answer too.
 * @decides: the kernel function that says yes or no, as 6.1 calls it
 * @works: why it works, where it does
 * @refused: why it is refused, where it is
 * @other: an errno or a signal that has another reason, or 0
 * @other_decides: the function that decides then
 * @other_why: the reason
 */
struct map_op {
	const char *name;
	int (*run)(struct op_area *area);
	const char *decides;
	const char *works;
	const char *refused;
	int other;
	const char *other_decides;
	const char *other_why;
};

int map_op_core(struct op_area *area);	/* map_core.c */

extern const struct map_op map_ops[];
extern const size_t nr_map_ops;

#endif
