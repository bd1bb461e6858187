// SPDX-License-Identifier: GPL-2.0-only
/* Blocks split in halves, and halves find each other by one bit. */
#include <stdlib.h>

#include "lab.h"

#define ORDER	4	/* above what per-cpu lists keep */
#define MANY	1024
#define TRIES	10
#define QUARTERS	4

#define COMPACT		"/proc/sys/vm/compact_memory"

/* Four blocks in a row that are one of order + 2: which of ours each is. */
static bool find_four(const struct mmkit_page *pages, unsigned int *four)
{
	unsigned int i, j, k;

	for (i = 0; i < MANY; i++) {
		if (pages[i].pfn % (QUARTERS << ORDER))
			continue;
		for (k = 0; k < QUARTERS; k++) {
			for (j = 0; j < MANY; j++)
				if (pages[j].pfn == pages[i].pfn + (k << ORDER))
					break;
			if (j == MANY)
				break;
			four[k] = j;
		}
		if (k == QUARTERS)
			return true;
	}
	return false;
}

/* The order of the free block that starts there, -1: none does. */
static int free_order(struct lab_run *run, int fd, uint64_t pfn)
{
	struct mmkit_page page;

	if (mmkit_pages_describe_pfn(fd, pfn, 1, 1, &page) != 1)
		stop(run, "a page frame cannot be described");
	return page.state & MMKIT_PAGE_FREE ? page.order : -1;
}

/* What is free after each of four neighbours was given back. */
struct merge {
	uint64_t pfn;
	int first;
	int both;
	int third;
};

static bool try_merge(struct lab_run *run, int fd, struct merge *m)
{
	uint32_t handle = pages_take(run, fd, ORDER, MANY, MMKIT_GFP_KERNEL);
	static struct mmkit_page pages[MANY];
	unsigned int four[QUARTERS];
	bool found;

	pages_look(run, fd, handle, MANY, pages);
	found = find_four(pages, four);
	if (found) {
		m->pfn = pages[four[0]].pfn;
		pages_give(run, fd, handle, four[0], 1);
		m->first = free_order(run, fd, m->pfn);
		pages_give(run, fd, handle, four[1], 1);
		m->both = free_order(run, fd, m->pfn);
		pages_give(run, fd, handle, four[2], 1);
		m->third = free_order(run, fd, m->pfn + (2 << ORDER));
		pages_give(run, fd, handle, four[3], 1);
	}
	pages_give(run, fd, handle, 0, 0);
	return found && m->first == ORDER && m->both == ORDER + 1 &&
	       m->third == ORDER;
}

static void merge(struct lab_run *run, int fd)
{
	struct merge m = { 0 };
	int try;

	/*
	 * Somebody else may take what was just freed; or memory is in pieces, and
	 * no four of ours are neighbours. Then once more.
	 */
	for (try = 0; try < TRIES && !try_merge(run, fd, &m); try++)
		write_text(run, COMPACT, "1");
	if (!m.pfn)
		stop(run, "no four free blocks are neighbours");
	tell(run, "Four blocks of order %d in a row are given back one by one, from page frame %#llx on.",
	     ORDER, (unsigned long long)m.pfn);
	claim(run, "the first is free by itself: its buddy is in use", m.first, EQ,
	      ORDER, "as order");
	claim(run, "when its buddy is free too, they are one block of twice the size",
	      m.both, EQ, ORDER + 1, "as order");
	claim(run, "the third does not merge with its lower neighbour, who is not its buddy",
	      m.third, EQ, ORDER, "as order");
}

static void numbers(struct lab_run *run, int fd)
{
	uint32_t handle = pages_take(run, fd, ORDER, MANY, MMKIT_GFP_KERNEL);
	int64_t unaligned = 0, wrong = 0, mutual = 0;
	static struct mmkit_page pages[MANY];
	unsigned int i;

	pages_look(run, fd, handle, MANY, pages);
	for (i = 0; i < MANY; i++) {
		unaligned += !!(pages[i].pfn & ((1 << ORDER) - 1));
		wrong += pages[i].buddy != (pages[i].pfn ^ (1 << ORDER));
		mutual += (pages[i].buddy ^ (1 << ORDER)) == pages[i].pfn;
	}
	pages_give(run, fd, handle, 0, 0);
	tell(run, "%d blocks of order %d. The first is page frame %#llx, its buddy %#llx.",
	     MANY, ORDER, (unsigned long long)pages[0].pfn,
	     (unsigned long long)pages[0].buddy);
	claim(run, "a block starts at a multiple of its size", unaligned, EQ, 0,
	      "blocks that do not");
	claim(run, "its buddy is where one bit of the number differs (xor)", wrong,
	      EQ, 0, "blocks where not");
	claim(run, "and is its buddy in turn", mutual, EQ, MANY, "blocks");
}

static unsigned int largest_order(struct lab_run *run)
{
	int fd = lab_open(run, "info");
	struct mmkit_info info;

	if (mmkit_info_get(fd, &info))
		stop(run, "/dev/mmkit/info does not answer");
	mmkit_close(fd);
	return info.max_order;
}

static void split(struct lab_run *run, int fd)
{
	unsigned int top = largest_order(run), nr;
	int64_t before = free_blocks(run, fd, top), after = before;
	unsigned int order = top - 2;	/* CPUs keep some huge pages */
	uint32_t handles[128];

	for (nr = 0; nr < ARRAY_SIZE(handles) && after >= before; nr++) {
		handles[nr] = pages_take(run, fd, order, 1, MMKIT_GFP_KERNEL);
		after = free_blocks(run, fd, top);
	}
	tell(run, "Blocks of order %u, a quarter of the largest there are, are allocated: %u of them.",
	     order, nr);
	claim(run, "when free ones of that size are used up, a larger one is split",
	      before - after, GT, 0, "blocks of the largest order");
	while (nr--)
		pages_give(run, fd, handles[nr], 0, 0);
	claim(run, "and when all are given back, it is whole again",
	      free_blocks(run, fd, top) - after, GT, 0,
	      "blocks of the largest order");
}

static void run_lab(struct lab_run *run)
{
	int fd = lab_open(run, "pages");

	numbers(run, fd);
	split(run, fd);
	merge(run, fd);
}

const struct lab buddy_lab = {
	.name = "buddy",
	.title = "blocks split in halves, which find each other by one bit",
	.needs = LAB_ROOT | LAB_PAGES,
	.code = { "mm/page_alloc.c: expand()", "mm/page_alloc.c: __free_one_page()",
		  "mm/internal.h: __find_buddy_pfn()", "mm/page_alloc.c: __rmqueue_smallest()" },
	.docs = { "Documentation/mm/page_allocation.rst" },
	.run = run_lab,
};
