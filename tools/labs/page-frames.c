// SPDX-License-Identifier: GPL-2.0-only
/* Physical memory is an array of page frames, each with a description. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"

#define NR	64

#define ANON	(1ull << 12)	/* KPF_ANON */

static void look(struct lab_run *run, char *mem, uint64_t *pfns)
{
	unsigned int runs = 1, anon = 0, i;

	pfns_of(run, mem, NR, pfns);
	for (i = 0; i < NR; i++) {
		anon += !!(pfn_flags(run, pfns[i]) & ANON);
		runs += i && pfns[i] != pfns[i - 1] + 1;
		detail(run, "page %u: page frame %#llx", i,
		       (unsigned long long)pfns[i]);
	}
	tell(run, "%d pages in a row of addresses are in %u runs of page frames.",
	     NR, runs);
	sort_numbers(pfns, NR);
	claim(run, "each page that was written has a page frame of its own",
	      distinct(pfns, NR), EQ, NR, "page frames");
	claim(run, "each is described as anonymous memory", anon, EQ, NR,
	      "page frames");
}

static void all_of_them(struct lab_run *run, uint64_t largest)
{
	struct zone_sum zones = zones_sum(run, -1);

	tell(run, "The zones know %llu page frames that the page allocator manages.",
	     (unsigned long long)zones.managed);
	claim(run, "they are what /proc/meminfo calls MemTotal",
	      PAGES(zones.managed), EQ,
	      read_key(run, "/proc/meminfo", "MemTotal"), "bytes");
	claim(run, "the page frames seen here are numbered below the last zone's end",
	      largest, LT, zones.end, "pfn");
}

static void two_addresses(struct lab_run *run)
{
	int fd = memfd_create("page-frames", MFD_CLOEXEC);
	char *one, *other;

	if (fd < 0 || ftruncate(fd, PAGES(1)))
		stop(run, "there is no memfd");
	one = mmap(NULL, PAGES(1), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	other = mmap(NULL, PAGES(1), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (one == MAP_FAILED || other == MAP_FAILED)
		stop(run, "the memfd cannot be mapped");
	one[0] = 'x';
	tell(run, "A page is mapped twice; a byte is written at one address and read at the other.");
	claim(run, "what is written at one address stands at the other",
	      other[0], EQ, 'x', "in the first byte");
	claim(run, "because two addresses are one page frame",
	      pfn_at(run, one), EQ, pfn_at(run, other), "pfn");
	claim(run, "which counts who maps it", pfn_mapcount(run, pfn_at(run, one)),
	      EQ, 2, "page tables");
}

static unsigned int still_mapped(struct lab_run *run, const uint64_t *pfns)
{
	unsigned int found = 0, i;

	for (i = 0; i < NR; i++)
		found += !!pfn_mapcount(run, pfns[i]);
	return found;
}

static void give_back(struct lab_run *run, char *mem, const uint64_t *pfns)
{
	unsigned int before = still_mapped(run, pfns);
	size_t dirty = 0, i;
	char *again;

	munmap(mem, PAGES(NR));
	tell(run, "The pages are unmapped, and as many asked for again.");
	/* Somebody may have got a few of them meanwhile. */
	claim(run, "page frames that were given back are mapped by nobody",
	      before - still_mapped(run, pfns), GT, NR * 3 / 4, "page frames");
	again = take_private(run, PAGES(NR));
	for (i = 0; i < NR; i++)
		*(volatile char *)(again + PAGES(i)) = 0;
	for (i = 0; i < PAGES(NR); i++)
		dirty += !!again[i];
	claim(run, "whoever gets a page frame gets it full of zeros", dirty, EQ, 0,
	      "bytes other than zero");
}

static void run_lab(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(NR));
	uint64_t pfns[NR];

	memset(mem, 0x5a, PAGES(NR));
	look(run, mem, pfns);
	all_of_them(run, pfns[NR - 1]);
	two_addresses(run);
	give_back(run, mem, pfns);
}

const struct lab page_frames_lab = {
	.name = "page-frames",
	.title = "physical memory is an array of page frames, each described",
	.needs = LAB_ROOT,
	.code = { "include/linux/mm_types.h: struct page",
		  "fs/proc/page.c: stable_page_flags()",
		  "fs/proc/task_mmu.c: pagemap_pte_hole()" },
	.docs = { "Documentation/admin-guide/mm/pagemap.rst",
		  "Documentation/mm/memory-model.rst" },
	.run = run_lab,
};
