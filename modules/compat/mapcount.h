/* SPDX-License-Identifier: GPL-2.0-only */
/* How often one page is mapped. */
#ifndef _MMKIT_COMPAT_MAPCOUNT_H
#define _MMKIT_COMPAT_MAPCOUNT_H

#include <linux/mm.h>

/*
 * As folio_precise_page_mapcount() in fs/proc/internal.h does. The caller holds
 * the page, or the lock of a page table that maps it.
 */
static inline bool mmkit_page_shared(struct folio *folio, struct page *page)
{
#ifdef CONFIG_NO_PAGE_MAPCOUNT
	if (folio_test_large(folio))
		return folio_maybe_mapped_shared(folio);
#endif
	if (likely(!folio_test_large(folio)))
		return atomic_read(&folio->_mapcount) > 0;
#ifdef HAVE_PAGE_MAPCOUNT
	return page_mapcount(page) > 1;
#else
	/* One of hugetlbfs has its type where others have their count. */
	if (folio_test_hugetlb(folio))
		return folio_entire_mapcount(folio) > 1;
	return atomic_read(&page->_mapcount) + 1 +
	       folio_entire_mapcount(folio) > 1;
#endif
}

#endif
