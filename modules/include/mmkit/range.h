/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MMKIT_RANGE_H
#define _MMKIT_RANGE_H

#include <linux/errno.h>
#include <linux/types.h>

/**
 * mmkit_range_end() - Where a range of elements ends.
 * @have: how many elements there are
 * @first: index of the first that is meant
 * @nr: how many are meant, 0 for the rest
 * @end: out: index after the last
 *
 * Pure.
 *
 * Return: 0, -EINVAL when the range is not inside.
 */
static inline int mmkit_range_end(u32 have, u32 first, u32 nr, u32 *end)
{
	if (first >= have || nr > have - first)
		return -EINVAL;
	*end = nr ? first + nr : have;
	return 0;
}

#endif
