// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fragmented free memory is, from the number of free blocks per order: the
 * two indices of mm/vmstat.c, in thousandths as the kernel counts them. Pure.
 */
#include <linux/math64.h>
#include "frag.h"

/* As struct contig_page_info in mm/vmstat.c. */
struct contig {
	u64 free_pages;
	u64 blocks;
	u64 suitable;	/* in blocks of the order asked for */
};

static struct contig contig(const u64 *nr_free, unsigned int orders,
			    unsigned int order)
{
	struct contig info = { 0 };
	unsigned int i;

	for (i = 0; i < orders; i++) {
		info.blocks += nr_free[i];
		info.free_pages += nr_free[i] << i;
		if (i >= order)
			info.suitable += nr_free[i] << (i - order);
	}
	return info;
}

/**
 * mmkit_frag_unusable() - Unusable free space index.
 * @nr_free: free blocks per order
 * @orders: how many orders
 * @order: that is wanted
 *
 * The share of free memory that lies in blocks too small for @order:
 * unusable_free_index() in mm/vmstat.c.
 *
 * Return: 0 all of it is usable, to 1000 none of it.
 */
int mmkit_frag_unusable(const u64 *nr_free, unsigned int orders,
			unsigned int order)
{
	struct contig info = contig(nr_free, orders, order);

	if (!info.free_pages)
		return 1000;
	return div64_u64((info.free_pages - (info.suitable << order)) * 1000,
			 info.free_pages);
}

/**
 * mmkit_frag_index() - Fragmentation index.
 * @nr_free: free blocks per order
 * @orders: how many orders
 * @order: that is wanted
 *
 * Why an allocation of @order would fail: __fragmentation_index() in
 * mm/vmstat.c, which decides between compaction and reclaim.
 *
 * Return: -1000 it would not fail; towards 0 for lack of memory, towards 1000
 * because of fragmentation; 0 when nothing is free at all.
 */
int mmkit_frag_index(const u64 *nr_free, unsigned int orders,
		     unsigned int order)
{
	struct contig info = contig(nr_free, orders, order);

	if (!info.blocks)
		return 0;
	if (info.suitable)
		return -1000;
	return 1000 - (int)div64_u64(1000 + div64_u64(info.free_pages * 1000,
						      1ULL << order),
				     info.blocks);
}
