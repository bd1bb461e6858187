/* SPDX-License-Identifier: GPL-2.0-only */
/* What a page is used for, as one word and one colour. */
#ifndef MMKIT_CLI_PAGE_STATE_H
#define MMKIT_CLI_PAGE_STATE_H

#include <draw.h>

#include "cli.h"

#define KPF_RESERVED	32	/* for kernel hackers: not in the UAPI header */

enum page_state {
	STATE_FREE_SMALL,	/* free, in a block of order 0 to 3 */
	STATE_FREE_MIDDLE,	/* 4 to 8 */
	STATE_FREE_LARGE,	/* 9 and up */
	STATE_ANON,
	STATE_CACHE,
	STATE_SLAB,
	STATE_PGTABLE,
	STATE_KERNEL,
	STATE_UNREFERENCED,
	STATE_RESERVED,
	STATE_OURS,
	STATE_HOLE,
	PAGE_STATES
};

extern const struct draw_classes page_states;

int page_states_count(uint64_t from, uint64_t to, uint64_t *reserved,
		      uint64_t *holes);

/* Pages in a row, looked at one after the other. */
struct page_walk {
	int fd;			/* of the pages area */
	uint64_t free_end;	/* first page after the free block we are in */
	enum page_state of_free;
	enum page_state of_head;	/* of the compound page we are in */
	const struct page_range *ours;	/* sorted */
	size_t nr_ours;
};

struct page_range {
	uint64_t pfn;
	uint64_t end;
};

enum page_state page_state(struct page_walk *walk, uint64_t pfn,
			   const struct mmkit_page *page);
int page_walk_begin(struct page_walk *walk, struct cli *cli, int fd);
void page_walk_end(struct page_walk *walk);

#endif
