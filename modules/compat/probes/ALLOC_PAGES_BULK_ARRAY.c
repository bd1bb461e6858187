// SPDX-License-Identifier: GPL-2.0-only
/* Renamed to alloc_pages_bulk(): 6.14. */
#include <linux/gfp.h>
unsigned long probe(struct page **pages);
unsigned long probe(struct page **pages)
{
	return alloc_pages_bulk_array_node(GFP_KERNEL, 0, 1, pages);
}
