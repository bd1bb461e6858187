// SPDX-License-Identifier: GPL-2.0-only
/* exported: alloc_contig_pages alloc_contig_pages_noprof */
#include <linux/gfp.h>
struct page *probe(void);
struct page *probe(void) { return alloc_contig_pages(1, GFP_KERNEL, 0, NULL); }
