// SPDX-License-Identifier: GPL-2.0-only
/* page_mapcount() of a single page: until 6.11. */
#include <linux/mm.h>
int probe(struct page *page);
int probe(struct page *page) { return page_mapcount(page); }
