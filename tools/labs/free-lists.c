// SPDX-License-Identifier: GPL-2.0-only
/* Free blocks are on a list for each order, single pages on one of each CPU. */
#include <stdlib.h>

#include "lab.h"

#define ORDER	8
#define BLOCKS	16
#define PAGE_NR	16
#define TRIES	50

/* Zones whose lists do not add up to what they count as free. */
static int64_t not_adding_up(struct lab_run *run, int fd)
{
	struct mmkit_zone *zones;
	int nr = zones_read(run, fd, &zones), i;
	uint64_t pages, o;
	int64_t wrong = 0;

	for (i = 0; i < nr; i++) {
		for (pages = 0, o = 0; o < zones[i].orders; o++)
			pages += (uint64_t)zones[i].nr_free[o] << o;
		wrong += pages != zones[i].free;
	}
	free(zones);
	return wrong;
}

/*
 * The count of free pages is what all CPUs have told so far: have them tell. Then
 * again, until nobody came in between.
 */
static void add_up(struct lab_run *run, int fd)
{
	int64_t wrong = -1;
	int try;

	for (try = 0; try < TRIES && wrong; try++) {
		write_text(run, "/proc/sys/vm/stat_refresh", "1");
		wrong = not_adding_up(run, fd);
	}
	tell(run, "Every zone has a list of free blocks for each order: 2^order pages in a row.");
	claim(run, "blocks times their size are the zone's free pages", wrong, EQ,
	      0, "zones where not");
}

static void take_blocks(struct lab_run *run, int fd)
{
	int64_t before = free_from(run, fd, 0), during, after;
	uint32_t handle = pages_take(run, fd, ORDER, BLOCKS, MMKIT_GFP_KERNEL);

	during = free_from(run, fd, 0);
	pages_give(run, fd, handle, 0, 0);
	after = free_from(run, fd, 0);
	tell(run, "%d blocks of order %d are allocated, and given back.", BLOCKS,
	     ORDER);
	claim(run, "they were missing from the lists meanwhile", before - during,
	      GE, (BLOCKS << ORDER) - 256, "pages");
	claim(run, "and returned to them", after - during, GE,
	      (BLOCKS << ORDER) - 256, "pages");
}

/* How many of 16 freed pages went to the CPU's list; the best of some tries. */
static int64_t kept_back(struct lab_run *run, int fd)
{
	int64_t before, grown, best = 0;
	uint32_t handle;
	int try;

	for (try = 0; try < TRIES && best < PAGE_NR; try++) {
		handle = pages_take(run, fd, 0, PAGE_NR, MMKIT_GFP_KERNEL);
		before = pages_waiting(run, fd);
		pages_give(run, fd, handle, 0, 0);
		grown = pages_waiting(run, fd) - before;
		best = grown > best ? grown : best;
	}
	return best;
}

/* How often the page that was freed last is the next to be had. */
static int64_t same_again(struct lab_run *run, int fd)
{
	struct mmkit_page first, second;
	int64_t same = 0;
	uint32_t handle;
	int try;

	for (try = 0; try < TRIES; try++) {
		handle = pages_take(run, fd, 0, 1, MMKIT_GFP_KERNEL);
		pages_look(run, fd, handle, 1, &first);
		pages_give(run, fd, handle, 0, 0);
		handle = pages_take(run, fd, 0, 1, MMKIT_GFP_KERNEL);
		pages_look(run, fd, handle, 1, &second);
		pages_give(run, fd, handle, 0, 0);
		same += first.pfn == second.pfn;
	}
	return same;
}

static void run_lab(struct lab_run *run)
{
	int fd = lab_open(run, "pages");

	add_up(run, fd);
	take_blocks(run, fd);
	stay_on(run, 0);
	tell(run, "Single pages go through a list of each CPU, which no other CPU locks.");
	claim(run, "pages that are freed wait on it, most of them",
	      kept_back(run, fd), GT, PAGE_NR / 2, "pages");
	claim(run, "and the last one freed, still in the cache, is the next one given",
	      same_again(run, fd), GT, TRIES / 2, "times in 50");
}

const struct lab free_lists_lab = {
	.name = "free-lists",
	.title = "a list of free blocks for each order, and one of each CPU",
	.needs = LAB_ROOT | LAB_PAGES,
	.code = { "include/linux/mmzone.h: struct free_area",
		  "mm/page_alloc.c: rmqueue_pcplist()",
		  "mm/page_alloc.c: free_unref_page()",
		  "mm/vmstat.c: frag_show_print()" },
	.docs = { "Documentation/filesystems/proc.rst",
		  "Documentation/admin-guide/sysctl/vm.rst" },
	.run = run_lab,
};
