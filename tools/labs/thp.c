// SPDX-License-Identifier: GPL-2.0-only
/* Huge pages, made and taken apart without the program knowing. */
#include <errno.h>
#include <sys/mman.h>

#include "lab.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

#define SETTINGS	"/sys/kernel/mm/transparent_hugepage/"
#define KPF_THP		(1ull << 22)

/* Addresses of two huge pages, the first aligned, none of it touched. */
static char *take_huge(struct lab_run *run, size_t huge)
{
	char *mem = take_private(run, 3 * huge);
	char *aligned = (char *)(((uintptr_t)mem + huge - 1) & -huge);

	if (madvise(aligned, huge, MADV_HUGEPAGE))
		stop(run, "madvise refused a huge page (%s)", errno_name(errno));
	return aligned;
}

static void one_touch(struct lab_run *run, char *mem, size_t huge)
{
	size_t nr = huge / page_size(), i, in_row = 1;
	struct faults before = faults_now();
	uint64_t first;

	mem[0] = 1;
	claim(run, "one touch, one fault", faults_since(before).minor, EQ, 1,
	      "faults");
	claim(run, "and all the pages of a huge page are there",
	      present_in(run, mem, huge), EQ, nr, "pages");
	claim(run, "which the area counts as huge",
	      smaps_at(run, mem, "AnonHugePages"), EQ, huge, "bytes");
	first = pfn_at(run, mem);
	for (i = 1; i < nr; i++)
		in_row += pfn_at(run, mem + PAGES(i)) == first + i;
	claim(run, "its page frames are in a row", in_row, EQ, nr, "page frames");
	claim(run, "from a multiple of their number on", first % nr, EQ, 0,
	      "page frames past it");
	claim(run, "described as one transparent huge page",
	      pfn_flags(run, first) & KPF_THP, EQ, KPF_THP, "flags");
}

static void small_pages(struct lab_run *run, char *mem, size_t huge)
{
	struct faults before = faults_now();

	touch_write(mem, huge);
	claim(run, "in small pages the same memory takes a fault for each",
	      faults_since(before).minor, EQ, huge / page_size(), "faults");
}

/* A huge page is mapped by one entry; to unmap a part it takes a table. */
static void split(struct lab_run *run, char *mem, size_t huge)
{
	uint64_t second = pfn_at(run, mem + PAGES(1));
	int64_t splits = read_key(run, "/proc/vmstat", "thp_split_pmd");

	tell(run, "The first small page of the huge one is given back.");
	if (madvise(mem, PAGES(1), MADV_DONTNEED))
		stop(run, "MADV_DONTNEED failed (%s)", errno_name(errno));
	claim(run, "the one entry that mapped it became a table of many",
	      read_key(run, "/proc/vmstat", "thp_split_pmd") - splits, GE, 1,
	      "splits");
	claim(run, "the area has no huge page any more",
	      smaps_at(run, mem, "AnonHugePages"), EQ, 0, "bytes");
	claim(run, "while the other small pages did not move",
	      pfn_at(run, mem + PAGES(1)), EQ, second, "pfn");
	claim(run, "and only one is missing", present_in(run, mem, huge), EQ,
	      huge / page_size() - 1, "pages");
}

static void collapse(struct lab_run *run, char *mem, size_t huge)
{
	uint64_t before = pfn_at(run, mem + PAGES(1));

	tell(run, "khugepaged would find it some time; MADV_COLLAPSE asks for it now.");
	if (madvise(mem, huge, MADV_COLLAPSE))
		stop(run, "MADV_COLLAPSE failed (%s)", errno_name(errno));
	claim(run, "small pages were collapsed into a huge one",
	      smaps_at(run, mem, "AnonHugePages"), EQ, huge, "bytes");
	claim(run, "by copying them to a new place", pfn_at(run, mem + PAGES(1)),
	      NE, before, "pfn");
	claim(run, "what was missing is zero", mem[0], EQ, 0, "in the first byte");
}

static void run_lab(struct lab_run *run)
{
	size_t huge = read_number(run, SETTINGS "hpage_pmd_size");
	char *mem;

	set_text(run, SETTINGS "enabled", "madvise");
	set_text(run, SETTINGS "defrag", "always");
	/* No race with the thread that does by itself what is asked for here. */
	set_text(run, SETTINGS "khugepaged/defrag", "0");
	set_text(run, SETTINGS "khugepaged/scan_sleep_millisecs", "600000");
	mem = take_huge(run, huge);
	tell(run, "%zu bytes, for which huge pages are wanted. One byte is written.",
	     huge);
	one_touch(run, mem, huge);
	small_pages(run, mem + huge, huge);
	split(run, mem, huge);
	collapse(run, mem, huge);
}

const struct lab thp_lab = {
	.name = "thp",
	.title = "huge pages come, split and collapse unseen by the program",
	.needs = LAB_ROOT | LAB_THP,
	.code = { "mm/huge_memory.c: do_huge_pmd_anonymous_page()",
		  "mm/huge_memory.c: __split_huge_pmd()",
		  "mm/khugepaged.c: collapse_huge_page()" },
	.docs = { "Documentation/admin-guide/mm/transhuge.rst",
		  "Documentation/mm/transhuge.rst" },
	.run = run_lab,
};
