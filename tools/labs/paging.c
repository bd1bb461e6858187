// SPDX-License-Identifier: GPL-2.0-only
/* The tree that turns an address into a page frame, seen by what it weighs. */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"

#define NR	8
#define KIB4	(1ul << 12)
#define MIB2	(1ul << 21)	/* what one page of PTEs covers */
#define GIB1	(1ul << 30)	/* what one of PMDs does */
#define GIB512	(1ul << 39)	/* and of PUDs */

#define THP	"/sys/kernel/mm/transparent_hugepage/enabled"
#define HUGE	512		/* pages of 4 KiB in one of 2 MiB */

/* All page tables of the process, in pages: an exact count. */
static int64_t tables(struct lab_run *run)
{
	return read_key(run, "/proc/self/status", "VmPTE") / (int64_t)page_size();
}

/* Addresses that begin where a table of PMDs does, or of PUDs. */
static char *addresses(struct lab_run *run, size_t bytes, size_t align)
{
	uintptr_t mem = (uintptr_t)take(run, bytes + align, MAP_PRIVATE |
					MAP_ANONYMOUS | MAP_NORESERVE);

	return (char *)((mem + align - 1) / align * align);
}

/* Writes @NR pages that lie @step apart; how many tables that took. */
static int64_t spread(struct lab_run *run, char *mem, size_t step)
{
	int64_t before = tables(run);
	size_t i;

	for (i = 0; i < NR; i++)
		*(volatile char *)(mem + i * step) = 1;
	return tables(run) - before;
}

static void levels(struct lab_run *run)
{
	char *near = addresses(run, GIB1, GIB1);
	char *far = addresses(run, (NR + 1) * GIB1, GIB512);
	char *farther = addresses(run, (NR + 1) * GIB512, GIB512);
	int64_t peak;

	*near = 1;	/* the way to here */
	tell(run, "A page table is a tree. Each table is a page of 512 entries. %d pages are written, at different distances.",
	     NR);
	claim(run, "4 KiB apart, they are found through one table",
	      spread(run, near, KIB4), EQ, 0, "new tables");
	claim(run, "2 MiB apart, each needs a last table (PTE) of its own",
	      spread(run, near, MIB2), EQ, NR - 1, "new tables");
	*far = 1;
	claim(run, "1 GiB apart, two of them: PTE and PMD",
	      spread(run, far, GIB1), EQ, 2 * (NR - 1), "new tables");
	*farther = 1;
	claim(run, "512 GiB apart, three: PTE, PMD and PUD",
	      spread(run, farther, GIB512), EQ, 3 * (NR - 1), "new tables");
	peak = tables(run);
	munmap(near, GIB1);
	munmap(far, (NR + 1) * GIB1);
	munmap(farther, (NR + 1) * GIB512);
	claim(run, "unmapped, their tables are gone with them",
	      peak - tables(run), GE, 6 * (NR - 1), "tables");
}

/* Entries that are not where nine bits of the address say. */
static int64_t misplaced(const struct mmkit_aspace_level *levels, int nr,
			 uint64_t addr)
{
	int64_t wrong = 0;
	int i, shift;

	for (i = 0; i < nr; i++) {
		shift = 12 + 9 * (nr - 1 - i);
		wrong += levels[i].index != (addr >> shift & 511);
	}
	return wrong;
}

static void to_a_page(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(2));
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk at = {
		.pid = getpid(), .address = (uintptr_t)mem + 5,
	};
	struct mmkit_aspace_level *leaf;
	uint64_t pfn;
	int nr, i;

	touch_write(mem, PAGES(2));
	pfn = pfn_at(run, mem);
	nr = walk_at(run, &at, levels);
	leaf = &levels[nr - 1];
	tell(run, "mmkit walks from the root to byte 5 of a page, %d levels.", nr);
	for (i = 0; i < nr; i++)
		detail(run, "level %u: entry %u, flags %#x", levels[i].level,
		       levels[i].index, levels[i].flags);
	claim(run, "at each level nine bits of the address choose the entry",
	      misplaced(levels, nr, at.address), EQ, 0, "entries where not");
	claim(run, "the last one holds the page frame that pagemap tells", at.pfn,
	      EQ, pfn, "pfn");
	claim(run, "and the right to write", leaf->flags & MMKIT_ENTRY_WRITE, EQ,
	      MMKIT_ENTRY_WRITE, "flags");
	mprotect(mem, PAGES(1), PROT_READ);
	walk_at(run, &at, levels);
	claim(run, "which mprotect() takes out of it",
	      leaf->flags & MMKIT_ENTRY_WRITE, EQ, 0, "flags");
	at = (struct mmkit_aspace_walk){
		.pid = getpid(), .area = MMKIT_AREA_DIRECT,
		.address = pfn * page_size(),
	};
	walk_at(run, &at, levels);
	claim(run, "the kernel's direct map leads to the same page frame", at.pfn,
	      EQ, pfn, "pfn");
}

static void large(struct lab_run *run)
{
	char *mem = addresses(run, MIB2, MIB2);
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	struct mmkit_aspace_walk at = {
		.pid = getpid(), .address = (uintptr_t)mem + MIB2 - 1,
	};
	uint64_t pfns[HUGE], apart = 0, i;
	struct faults before;

	if (access(THP, F_OK)) {
		tell(run, "This kernel has no huge pages (CONFIG_TRANSPARENT_HUGEPAGE).");
		return;
	}
	set_text(run, THP, "madvise");
	write_text(run, "/proc/sys/vm/compact_memory", "1");
	madvise(mem, MIB2, MADV_HUGEPAGE);
	before = faults_now();
	*(volatile char *)mem = 1;
	tell(run, "The tree may end one level earlier, with a page of 2 MiB.");
	claim(run, "one write gave 2 MiB, which smaps knows as huge",
	      smaps_at(run, mem, "AnonHugePages"), EQ, MIB2, "bytes");
	touch_write(mem, MIB2);
	claim(run, "one fault did for all of its addresses",
	      faults_since(before).minor, LT, HUGE / 8, "faults");
	pfns_of(run, mem, HUGE, pfns);
	for (i = 1; i < HUGE; i++)
		apart += pfns[i] != pfns[0] + i;
	claim(run, "its page frames are in a row", apart, EQ, 0, "that are not");
	claim(run, "and begin at a multiple of 512", pfns[0] % HUGE, EQ, 0,
	      "pages beyond one");
	walk_at(run, &at, levels);
	claim(run, "the walk to its last byte ends at an entry for 2^21 bytes",
	      at.shift, EQ, 21, "as power of two");
}

static void run_lab(struct lab_run *run)
{
	set_text(run, "/proc/sys/vm/overcommit_memory", "1");
	levels(run);
	to_a_page(run);
	large(run);
}

const struct lab paging_lab = {
	.name = "paging",
	.title = "the tree of page tables: its levels, its weight, page sizes",
	.needs = LAB_ROOT | LAB_ASPACE,
	.code = { "mm/memory.c: __handle_mm_fault()", "mm/memory.c: __pte_alloc()",
		  "mm/memory.c: free_pgd_range()",
		  "mm/huge_memory.c: do_huge_pmd_anonymous_page()" },
	.docs = { "Documentation/mm/page_tables.rst",
		  "Documentation/x86/x86_64/mm.rst",
		  "Documentation/admin-guide/mm/transhuge.rst" },
	.run = run_lab,
};
