// SPDX-License-Identifier: GPL-2.0-only
/* Arithmetic on orders, blocks and ranges of them. Pure. */
#include <linux/errno.h>
#include <linux/overflow.h>
#include "order.h"

/**
 * mmkit_order_bytes() - Size of @count blocks of @order.
 * @order: of each
 * @count: any
 * @page_shift: of the kernel
 * @bytes: out
 *
 * Return: 0, -EOVERFLOW when it does not fit 64 bits.
 */
int mmkit_order_bytes(u32 order, u32 count, unsigned int page_shift,
		      u64 *bytes)
{
	if (order >= 64 - page_shift ||
	    check_mul_overflow((u64)count, 1ULL << (order + page_shift),
			       bytes))
		return -EOVERFLOW;
	return 0;
}

/**
 * mmkit_order_buddy() - First page frame of a block's buddy.
 * @pfn: first page frame of the block
 * @order: of the block
 *
 * The two differ in one bit: __find_buddy_pfn() in mm/internal.h.
 *
 * Return: the page frame number.
 */
u64 mmkit_order_buddy(u64 pfn, unsigned int order)
{
	return pfn ^ (1ULL << order);
}
