// SPDX-License-Identifier: GPL-2.0-only
/* A page in swap: what its page table entry says, and how it comes back. */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "lab.h"

#define NR	32

#define SWAPCACHE	(1ull << 13)	/* KPF_SWAPCACHE */

/* pagemap of a page in swap: which area, and where in it. */
static uint64_t swap_type(uint64_t entry)
{
	return entry & 0x1f;
}

static uint64_t swap_offset(uint64_t entry)
{
	return (entry & MMKIT_PAGEMAP_PFN) >> 5;
}

static void out(struct lab_run *run, char *mem)
{
	uint64_t offsets[NR], other = 0, entry, first;
	size_t i;

	touch_write(mem, PAGES(NR));
	drain_batches();
	madvise(mem, PAGES(NR), MADV_PAGEOUT);
	first = pagemap_at(run, mem);
	for (i = 0; i < NR; i++) {
		entry = pagemap_at(run, mem + PAGES(i));
		other += swap_type(entry) != swap_type(first);
		offsets[i] = swap_offset(entry);
		detail(run, "page %zu: area %" PRIu64 ", slot %" PRIu64, i,
		       swap_type(entry), offsets[i]);
	}
	tell(run, "%d pages are sent out (MADV_PAGEOUT). The first is in area %" PRIu64 ", slot %" PRIu64 ".",
	     NR, swap_type(first), swap_offset(first));
	claim(run, "none of them has a page frame",
	      present_in(run, mem, PAGES(NR)), EQ, 0, "pages");
	claim(run, "their page table entries say where they are instead",
	      swapped_in(run, mem, PAGES(NR)), EQ, NR, "pages");
	claim(run, "each in a slot of its own", distinct(offsets, NR), EQ, NR,
	      "slots");
	claim(run, "of one swap area", other, EQ, 0, "pages elsewhere");
	claim(run, "smaps counts them as swapped", smaps_at(run, mem, "Swap"), EQ,
	      PAGES(NR), "bytes");
	claim(run, "and no longer as resident", smaps_at(run, mem, "Rss"), EQ, 0,
	      "bytes");
}

static void in(struct lab_run *run, char *mem)
{
	struct faults before = faults_now();

	(void)*(volatile char *)mem;
	tell(run, "The first page is read.");
	claim(run, "a page that is read from swap is a major fault",
	      faults_since(before).major, EQ, 1, "faults");
	claim(run, "it has a page frame again", present_in(run, mem, PAGES(1)), EQ,
	      1, "pages");
	claim(run, "with what was in it", mem[0], EQ, 1, "in its first byte");
	claim(run, "the others stay where they are",
	      swapped_in(run, mem, PAGES(NR)), EQ, NR - 1, "pages");
}

/* In the child: reads the page in, and says where it is. */
static void reader(struct lab_run *run, struct child *parent, void *data)
{
	struct faults before = faults_now();

	(void)*(volatile char *)data;
	child_say(run, parent, faults_since(before).major);
	child_say(run, parent, pfn_at(run, data));
	child_hear(run, parent);
}

static void shared(struct lab_run *run, char *page)
{
	struct child child = child_start(run, reader, page);
	struct faults before;
	uint64_t pfn;

	tell(run, "A child is forked: a page in swap now has two page table entries. The child reads it.");
	claim(run, "the child brings it in", child_hear(run, &child), EQ, 1,
	      "major faults");
	pfn = child_hear(run, &child);
	claim(run, "the parent's entry still points to swap",
	      swapped_in(run, page, PAGES(1)), EQ, 1, "pages");
	claim(run, "so the page frame keeps its slot: it is in the swap cache",
	      pfn_flags(run, pfn) & SWAPCACHE, EQ, SWAPCACHE, "flags");
	before = faults_now();
	(void)*(volatile char *)page;
	claim(run, "where the parent finds it without reading: a minor fault",
	      faults_since(before).major, EQ, 0, "major faults");
	claim(run, "in the child's page frame", pfn_at(run, page), EQ, pfn, "pfn");
	child_say(run, &child, 0);
	child_end(run, &child);
}

static void gone(struct lab_run *run, char *mem)
{
	int64_t before = read_key(run, "/proc/vmstat", "pswpin");

	munmap(mem, PAGES(NR));
	tell(run, "What is left in swap is unmapped.");
	claim(run, "its slots are given up: nothing is read back for that",
	      read_key(run, "/proc/vmstat", "pswpin") - before, EQ, 0, "pages");
}

static void run_lab(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(NR));

	/* One page a fault: no read-ahead. */
	set_text(run, "/proc/sys/vm/page-cluster", "0");
	out(run, mem);
	in(run, mem);
	shared(run, mem + PAGES(NR - 1));
	gone(run, mem);
}

const struct lab swap_lab = {
	.name = "swap",
	.title = "the entry of a page in swap, its way back, and the swap cache",
	.needs = LAB_ROOT | LAB_SWAP,
	.code = { "include/linux/swapops.h: swp_entry()", "mm/swapfile.c: get_swap_pages()",
		  "mm/vmscan.c: reclaim_pages()", "mm/memory.c: do_swap_page()",
		  "mm/swap_state.c: add_to_swap_cache()" },
	.docs = { "Documentation/admin-guide/mm/pagemap.rst",
		  "Documentation/admin-guide/blockdev/zram.rst" },
	.run = run_lab,
};
