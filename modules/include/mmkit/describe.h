/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages, zones and migrate types in user space's vocabulary. */
#ifndef _MMKIT_DESCRIBE_H
#define _MMKIT_DESCRIBE_H

#include <linux/mmzone.h>
#include <mmkit/mmkit.h>

struct seq_file;

void mmkit_describe(struct mmkit_page *out, struct page *page,
		    unsigned int order);
void mmkit_describe_pfn(struct mmkit_page *out, unsigned long pfn);
void mmkit_describe_hide(struct mmkit_page *pages, size_t nr);
void mmkit_describe_show(struct seq_file *m, const struct mmkit_page *page);
u8 mmkit_zone_id(enum zone_type type);

#endif
