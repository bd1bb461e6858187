/* SPDX-License-Identifier: GPL-2.0-only */
/* Page allocation: what differs between kernels. */
#ifndef _MMKIT_COMPAT_ALLOC_H
#define _MMKIT_COMPAT_ALLOC_H

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/topology.h>

/* Fills the empty slots of @pages; returns how many are full. */
static inline unsigned long mmkit_alloc_bulk(gfp_t gfp, int node,
					     unsigned long nr,
					     struct page **pages)
{
#ifdef HAVE_ALLOC_PAGES_BULK_ARRAY
	return alloc_pages_bulk_array_node(gfp, node, nr, pages);
#else
	return alloc_pages_bulk_node(gfp, node, nr, pages);
#endif
}

/*
 * A range in the first pageblock of a zone that begins inside of it, as memory on
 * x86 does at page 1, is isolated from where the block begins: of that page
 * get_pfnblock_bitmap_bitidx() (mm/page_alloc.c) says VM_BUG_ON_PAGE(), and
 * dump_page() of it asks the same again, until the stack ends. Only CONFIG_DEBUG_VM
 * asks, and no argument keeps the function out of that block.
 */
#if defined(HAVE_ALLOC_CONTIG_PAGES) && !defined(CONFIG_DEBUG_VM)
#define MMKIT_HAS_ALLOC_CONTIG	1

/* A range cannot be charged to a cgroup: the function refuses the flag. */
static inline struct page *mmkit_alloc_contig(unsigned long nr, gfp_t gfp,
					      int node)
{
	if (node == NUMA_NO_NODE)
		node = numa_mem_id();
	return alloc_contig_pages(nr, gfp & ~__GFP_ACCOUNT, node, NULL);
}

static inline void mmkit_free_contig(struct page *page, unsigned long nr)
{
	free_contig_range(page_to_pfn(page), nr);
}
#else
#define MMKIT_HAS_ALLOC_CONTIG	0

static inline struct page *mmkit_alloc_contig(unsigned long nr, gfp_t gfp,
					      int node)
{
	return NULL;
}

static inline void mmkit_free_contig(struct page *page, unsigned long nr)
{
}
#endif

#endif
