// SPDX-License-Identifier: GPL-2.0-only
/* Memory is there when it is touched, not when it is asked for. */
#include <sys/mman.h>

#include "lab.h"

#define ALL	256
#define SOME	64
#define OUT	16

#define ZERO_PAGE	(1ull << 24)	/* KPF_ZERO_PAGE */

static void ask(struct lab_run *run, char *mem)
{
	tell(run, "mmap gave %d pages of addresses. Nothing is behind them yet.", ALL);
	claim(run, "mmap by itself gives no page frame at all",
	      present_in(run, mem, PAGES(ALL)), EQ, 0, "pages");
	claim(run, "and the area counts nothing as resident",
	      smaps_at(run, mem, "Rss"), EQ, 0, "bytes");
}

static void touch(struct lab_run *run, char *mem)
{
	struct faults before, cost;

	tell(run, "Now one byte is written in each of %d pages.", SOME);
	before = faults_now();
	touch_write(mem, PAGES(SOME));
	cost = faults_since(before);
	claim(run, "the first touch of a page is a minor fault, one for each",
	      cost.minor, EQ, SOME, "faults");
	claim(run, "none of them needed a device", cost.major, EQ, 0, "faults");
	claim(run, "the resident size follows the touches, not the size asked for",
	      smaps_at(run, mem, "Rss"), EQ, PAGES(SOME), "bytes");

	before = faults_now();
	touch_write(mem, PAGES(SOME));
	claim(run, "a page that is there is touched again without a fault",
	      faults_since(before).minor, EQ, 0, "faults");
}

static void only_read(struct lab_run *run, char *mem)
{
	uint64_t one, other;

	tell(run, "Two pages that were never written are read.");
	touch_read(mem + PAGES(SOME), PAGES(2));
	one = pfn_at(run, mem + PAGES(SOME));
	other = pfn_at(run, mem + PAGES(SOME + 1));
	claim(run, "both addresses show one page frame: reading needs no memory",
	      one, EQ, other, "pfn");
	claim(run, "which is the kernel's page of zeros",
	      pfn_flags(run, one) & ZERO_PAGE, EQ, ZERO_PAGE, "flags");
	claim(run, "and it does not count as resident",
	      smaps_at(run, mem, "Rss"), EQ, PAGES(SOME), "bytes");
}

static void from_swap(struct lab_run *run, char *mem)
{
	struct faults before, cost;

	/* One page a fault: no read-ahead. */
	set_text(run, "/proc/sys/vm/page-cluster", "0");
	tell(run, "%d pages are pushed out to swap (MADV_PAGEOUT), and touched.", OUT);
	madvise(mem, PAGES(OUT), MADV_PAGEOUT);
	claim(run, "pages in swap are not present",
	      present_in(run, mem, PAGES(OUT)), LT, OUT, "pages");
	before = faults_now();
	touch_write(mem, PAGES(OUT));
	cost = faults_since(before);
	detail(run, "%lld minor and %lld major faults",
	       (long long)cost.minor, (long long)cost.major);
	claim(run, "a fault that has to read from a device is a major one",
	      cost.major, GT, 0, "faults");
	claim(run, "and all pages are back", present_in(run, mem, PAGES(OUT)),
	      EQ, OUT, "pages");
}

static void run_lab(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(ALL));

	ask(run, mem);
	touch(run, mem);
	only_read(run, mem);
	from_swap(run, mem);
}

const struct lab demand_paging_lab = {
	.name = "demand-paging",
	.title = "memory is there when it is touched, not when it is asked for",
	.needs = LAB_ROOT | LAB_SWAP,
	.code = { "mm/memory.c: handle_pte_fault()",
		  "mm/memory.c: do_anonymous_page()",
		  "mm/memory.c: do_swap_page()" },
	.docs = { "Documentation/admin-guide/mm/concepts.rst",
		  "Documentation/admin-guide/mm/pagemap.rst" },
	.run = run_lab,
};
