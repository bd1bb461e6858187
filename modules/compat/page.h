/* SPDX-License-Identifier: GPL-2.0-only */
/* struct page and the buddy allocator: what differs between kernels. */
#ifndef _MMKIT_COMPAT_PAGE_H
#define _MMKIT_COMPAT_PAGE_H

#include <linux/mm.h>
#include <linux/mmzone.h>

/* Largest order that alloc_pages() takes: MAX_ORDER was exclusive once. */
#ifdef HAVE_MAX_PAGE_ORDER
#define MMKIT_MAX_ORDER	MAX_PAGE_ORDER
#else
#define MMKIT_MAX_ORDER	(MAX_ORDER - 1)
#endif

u64 mmkit_page_flags(struct page *page);
u64 mmkit_page_flags_loose(struct page *page);
int mmkit_page_mapcount(struct page *page);
int mmkit_page_mapcount_loose(struct page *page);
unsigned int mmkit_page_migratetype(struct page *page);

#endif
