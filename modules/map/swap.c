// SPDX-License-Identifier: GPL-2.0-only
/* The pager's swap: of which kind it is. */
#include <linux/errno.h>
#include "pager.h"

static const struct mmkit_swap_ops *ops_of(u32 kind)
{
	switch (kind) {
	case MMKIT_MAP_LZO:
		return mmkit_swap_lzo;
	case MMKIT_MAP_SHMEM:
		return &mmkit_swap_shmem;
	default:
		return &mmkit_swap_file;
	}
}

/**
 * mmkit_swap_open() - Start with nothing in it.
 * @swap: to be set up
 * @kind: enum mmkit_map_swap
 * @fd: of the caller's file, where that is the kind
 * @nr: pages of the store
 *
 * Context: Process.
 * Return: 0, -EOPNOTSUPP this kernel has none of that kind, or what its own
 * function says.
 */
int mmkit_swap_open(struct mmkit_swap *swap, u32 kind, s32 fd,
		    unsigned long nr)
{
	int err = -EOPNOTSUPP;

	*swap = (struct mmkit_swap) {
		.ops = ops_of(kind),
		.kind = kind,
	};
	if (swap->ops)
		err = swap->ops->open(swap, fd, nr);
	/* Nobody closes what was not opened. */
	if (err)
		*swap = (struct mmkit_swap) { };
	return err;
}

/**
 * mmkit_swap_close() - Give back what it needed.
 * @swap: that was opened, with nothing in it
 *
 * Context: Process.
 */
void mmkit_swap_close(struct mmkit_swap *swap)
{
	swap->ops->close(swap);
	*swap = (struct mmkit_swap) { };
}
