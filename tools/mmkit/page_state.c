// SPDX-License-Identifier: GPL-2.0-only
/* What a page is used for, from its flags, its count and its neighbours. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <linux/kernel-page-flags.h>

#include "page_state.h"

static const struct draw_class classes[PAGE_STATES] = {
	[STATE_FREE_SMALL] = { "free, order 0-3", '.', DRAW_OLIVE },
	[STATE_FREE_MIDDLE] = { "free, order 4-8", ':', DRAW_CYAN },
	[STATE_FREE_LARGE] = { "free, order 9 and up", '=', DRAW_GREEN },
	[STATE_ANON] = { "anonymous", 'a', DRAW_BLUE },
	[STATE_CACHE] = { "page cache", 'c', DRAW_PURPLE },
	[STATE_SLAB] = { "slab", 's', DRAW_ORANGE },
	[STATE_PGTABLE] = { "page table", 't', DRAW_PINK },
	[STATE_KERNEL] = { "kernel", 'k', DRAW_YELLOW },
	[STATE_UNREFERENCED] = { "no flag, no reference", 'u', DRAW_BROWN },
	[STATE_RESERVED] = { "reserved", 'R', DRAW_GREY },
	[STATE_OURS] = { "this session's", '@', DRAW_RED },
	[STATE_HOLE] = { "hole", ' ', DRAW_WHITE },
};

const struct draw_classes page_states = { classes, PAGE_STATES };

#define KPF(bit)	(1ull << KPF_##bit)

static bool is_ours(const struct page_walk *walk, uint64_t pfn)
{
	size_t low = 0, high = walk->nr_ours, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (walk->ours[middle].end <= pfn)
			low = middle + 1;
		else
			high = middle;
	}
	return low < walk->nr_ours && walk->ours[low].pfn <= pfn;
}

static enum page_state free_state(unsigned int order)
{
	if (order >= 9)
		return STATE_FREE_LARGE;
	return order >= 4 ? STATE_FREE_MIDDLE : STATE_FREE_SMALL;
}

static enum page_state used_state(const struct mmkit_page *page)
{
	uint64_t flags = page->flags;

	if (flags & KPF(RESERVED))
		return STATE_RESERVED;
	if (flags & KPF(SLAB))
		return STATE_SLAB;
	if (flags & KPF(PGTABLE))
		return STATE_PGTABLE;
	if (flags & KPF(ANON))
		return STATE_ANON;
	if (flags & KPF(LRU))
		return STATE_CACHE;
	/* On a per-cpu list, or inside of a block that is no compound page. */
	if (!flags && !page->refcount)
		return STATE_UNREFERENCED;
	return STATE_KERNEL;
}

/*
 * Pages are to come in ascending order: a free block says so at its first page
 * only, and so does a compound page on some kernels.
 */
enum page_state page_state(struct page_walk *walk, uint64_t pfn,
			   const struct mmkit_page *page)
{
	if (is_ours(walk, pfn))
		return STATE_OURS;
	if (page->state & MMKIT_PAGE_FREE) {
		walk->of_free = free_state(page->order);
		walk->free_end = pfn + (1ull << page->order);
	}
	if (pfn < walk->free_end)
		return walk->of_free;
	if (page->state & MMKIT_PAGE_NOPAGE)
		return STATE_HOLE;
	if (page->flags & KPF(COMPOUND_TAIL))
		return walk->of_head;
	walk->of_head = used_state(page);
	return walk->of_head;
}

static int by_pfn(const void *a, const void *b)
{
	const struct page_range *x = a, *y = b;

	return x->pfn < y->pfn ? -1 : x->pfn > y->pfn;
}

static int add_held(struct page_range *ranges, int fd, const struct held *held)
{
	struct mmkit_page *pages = calloc(held->blocks ?: 1, sizeof(*pages));
	uint64_t bytes = sysconf(_SC_PAGESIZE), size;
	int i, nr, used = 0;

	if (!pages)
		return -ENOMEM;
	size = (held->block_bytes + bytes - 1) / bytes;
	nr = mmkit_pages_describe(fd, held->handle, 0, held->blocks, pages);
	for (i = 0; i < nr; i++) {
		if (pages[i].state & (MMKIT_PAGE_NOPAGE | MMKIT_PAGE_NOPFN))
			continue;
		ranges[used++] = (struct page_range) {
			pages[i].pfn, pages[i].pfn + size,
		};
	}
	free(pages);
	return nr < 0 ? nr : used;
}

/* Looks up what this process's session holds. Returns 0 or -errno. */
int page_walk_begin(struct page_walk *walk, struct cli *cli, int fd)
{
	struct page_range *ranges;
	size_t total = 0;
	unsigned int i;
	int nr;

	*walk = (struct page_walk){ .fd = fd, .of_head = STATE_KERNEL };
	for (i = 0; i < cli->nr_held; i++)
		total += cli->held[i].blocks;
	ranges = calloc(total ?: 1, sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	for (i = 0; i < cli->nr_held; i++) {
		nr = add_held(ranges + walk->nr_ours, fd, &cli->held[i]);
		if (nr < 0) {
			free(ranges);
			return nr;
		}
		walk->nr_ours += nr;
	}
	qsort(ranges, walk->nr_ours, sizeof(*ranges), by_pfn);
	walk->ours = ranges;
	return 0;
}

void page_walk_end(struct page_walk *walk)
{
	free((void *)walk->ours);
	walk->ours = NULL;
}

/*
 * Adds what /proc/kpageflags says of the pages from @from to before @to: past the
 * last page there is are holes. Returns 0 or -errno.
 */
int page_states_count(uint64_t from, uint64_t to, uint64_t *reserved,
		      uint64_t *holes)
{
	uint64_t flags[512], nr;
	int i, got;

	for (; from < to; from += nr) {
		nr = to - from < ARRAY_SIZE(flags) ? to - from : ARRAY_SIZE(flags);
		got = mmkit_proc_kpageflags(from, flags, nr);
		if (got < 0)
			return got;
		for (i = 0; i < got; i++) {
			*reserved += flags[i] >> KPF_RESERVED & 1;
			*holes += flags[i] >> KPF_NOPAGE & 1;
		}
		*holes += nr - got;
	}
	return 0;
}
