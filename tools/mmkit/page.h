/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptions of pages: as JSON, as text, and against the kernel's files. */
#ifndef MMKIT_CLI_PAGE_H
#define MMKIT_CLI_PAGE_H

#include "out.h"

struct json_object *page_json(uint64_t index, const struct mmkit_page *page);
struct json_object *pages_json(const struct mmkit_page *pages, uint64_t first,
			       unsigned int nr);
void pages_show(struct cli *cli, struct json_object *pages, const char *head);
uint64_t page_size(void);
void page_compare(struct cli *cli, uint64_t pfn, const struct mmkit_page *page,
		  uint64_t flags, uint64_t count);
void pages_verify(struct cli *cli, int fd, uint64_t pfn, uint64_t nr);

#endif
