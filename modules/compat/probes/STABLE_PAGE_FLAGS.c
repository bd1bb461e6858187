// SPDX-License-Identifier: GPL-2.0-only
/* exported: stable_page_flags */
#include <linux/mm.h>
u64 probe(const struct page *page);
u64 probe(const struct page *page) { return stable_page_flags(page); }
