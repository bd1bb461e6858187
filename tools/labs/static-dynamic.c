// SPDX-License-Identifier: GPL-2.0-only
/* Memory that a program is born with, and memory that it asks for. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"

#define NR		64
#define MIB		(1l << 20)
#define THRESHOLD	(128l << 10)	/* what main() sets it to */

static char initialised[] = "in the file of the program";
static char zeros[NR * 4096] __attribute__((aligned(4096)));

static bool in_heap(struct lab_run *run, const void *addr)
{
	struct region region;

	region_at(run, addr, &region);
	return !strcmp(region.name, "[heap]");
}

static void born_with(struct lab_run *run)
{
	struct region data, bss;
	char local = 0;

	region_at(run, initialised, &data);
	region_at(run, zeros + sizeof(zeros) - 1, &bss);
	tell(run, "Static memory is there from the start: data, bss, and the stack.");
	claim(run, "variables with a value come from the program's file",
	      data.inode, NE, 0, "as inode");
	claim(run, "variables without one come from nowhere (bss)", bss.inode, EQ,
	      0, "as inode");
	claim(run, "an array of zeros takes no memory before it is used",
	      present_in(run, zeros, sizeof(zeros)), EQ, 0, "pages");
	zeros[0] = 1;
	claim(run, "and then page by page",
	      present_in(run, zeros, sizeof(zeros)), EQ, 1, "pages");
	claim(run, "local variables are on the stack",
	      region_is(run, &local, "rw-p", "[stack]"), EQ, 1, "true");
}

/*
 * The heap of mmkit itself has holes from which malloc() would serve what this
 * lab wants to see the kernel asked for. And it is to keep nothing in hand.
 */
static void use_up_holes(void)
{
	char *before;

	mallopt(M_TOP_PAD, 0);
	do {
		malloc_trim(0);
		before = sbrk(0);
	} while (malloc(MIB / 16) && sbrk(0) == before);
}

static void grow_by_brk(struct lab_run *run, void **small)
{
	char *before = sbrk(0);
	intptr_t grown, left;
	unsigned int i, low;

	for (i = 0; i < 256; i++)
		small[i] = malloc(4096);
	low = in_heap(run, small[0]) + in_heap(run, small[255]);
	grown = (char *)sbrk(0) - before;
	for (i = 0; i < 256; i++)
		free(small[i]);
	malloc_trim(0);
	left = (char *)sbrk(0) - before;
	tell(run, "malloc() gets small pieces out of the heap, whose end brk() moves. 256 of 4 KiB:");
	claim(run, "the first and the last are in the heap", low, EQ, 2,
	      "in the heap");
	claim(run, "its end has moved up for them", grown, GE, MIB, "bytes");
	claim(run, "and down again, once they were freed and it was trimmed", left,
	      LT, MIB / 16, "bytes");
}

static void grow_by_mmap(struct lab_run *run)
{
	char *before = sbrk(0), *large = malloc(MIB), *after = sbrk(0);

	tell(run, "A large piece gets a mapping of its own.");
	claim(run, "1 MiB is not in the heap", in_heap(run, large), EQ, 0, "true");
	claim(run, "whose end stays where it was", after - before, EQ, 0, "bytes");
	claim(run, "it was asked for but not touched: at most its header is there",
	      present_in(run, large - 16, MIB), LE, 1, "pages");
	free(large);
}

/* The smallest size that malloc() does not take from the heap. */
static size_t find_threshold(struct lab_run *run)
{
	size_t low = 4096, high = MIB, middle;
	bool heap;
	void *mem;

	while (high - low > 1) {
		middle = (low + high) / 2;
		malloc_trim(0);
		mem = malloc(middle);
		heap = in_heap(run, mem);
		free(mem);
		if (heap)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static void threshold(struct lab_run *run)
{
	int64_t found = find_threshold(run);

	tell(run, "Sizes are halved between heap and mapping until the border is found: %lld bytes.",
	     (long long)found);
	claim(run, "it is the threshold that is set (M_MMAP_THRESHOLD), less a header",
	      found, GT, THRESHOLD - 64, "bytes");
	claim(run, "and not above it", found, LE, THRESHOLD, "bytes");
}

static void zeroed(struct lab_run *run)
{
	char *mem = calloc(1, MIB);
	size_t dirty = 0, i;

	tell(run, "calloc() of 1 MiB: a new mapping is full of zeros, so it writes none.");
	claim(run, "calloc() has touched at most one page, for its header",
	      present_in(run, mem - 16, MIB), LE, 1, "pages");
	for (i = 0; i < (size_t)MIB; i++)
		dirty += !!mem[i];
	claim(run, "it reads as zeros all the same", dirty, EQ, 0,
	      "other bytes");
	claim(run, "and reading has made nothing resident but the header",
	      smaps_at(run, mem, "Anonymous"), LE, PAGES(2), "bytes");
	free(mem);
}

/* Takes the addresses behind a mapping, so that it cannot grow in place. */
static void fence(char *mem, size_t bytes)
{
	mmap(mem + bytes, PAGES(1), PROT_NONE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
}

static void moved(struct lab_run *run)
{
	char *mem = malloc(MIB);
	intptr_t old = (intptr_t)mem;
	struct faults before;
	uint64_t pfn;

	memset(mem, 7, MIB);
	madvise(mem - 16, PAGES(1) + MIB, MADV_NOHUGEPAGE);
	pfn = pfn_at(run, mem + MIB / 2);
	fence(mem - 16, MIB + PAGES(1));
	before = faults_now();
	mem = realloc(mem, 8 * MIB);
	tell(run, "realloc() to 8 MiB, with the addresses behind it taken.");
	claim(run, "the piece has another address now", (intptr_t)mem, NE,
	      old, "address");
	claim(run, "in the same page frame: the page table moved, not the data (mremap)",
	      pfn_at(run, mem + MIB / 2), EQ, pfn, "pfn");
	claim(run, "a copy of 256 pages would have cost as many faults",
	      faults_since(before).minor, LT, 128, "faults");
	free(mem);
}

static void by_hand(struct lab_run *run)
{
	char *end = sbrk(0), *now;

	sbrk(PAGES(4));
	now = sbrk(0);
	tell(run, "sbrk() by hand moves the end of the heap by four pages.");
	claim(run, "which are addresses", now - end, EQ, PAGES(4), "bytes");
	touch_write(end, PAGES(4));
	claim(run, "that can be used", present_in(run, end, PAGES(4)), EQ, 4,
	      "pages");
	sbrk(-(intptr_t)PAGES(4));
	claim(run, "and given back", (char *)sbrk(0) - end, EQ, 0, "bytes");
}

static void run_lab(struct lab_run *run)
{
	void *small[256];

	born_with(run);
	use_up_holes();
	grow_by_brk(run, small);
	grow_by_mmap(run);
	threshold(run);
	zeroed(run);
	moved(run);
	by_hand(run);
}

const struct lab static_dynamic_lab = {
	.name = "static-dynamic",
	.title = "data, bss and stack are there; malloc() asks by brk and mmap",
	.needs = LAB_ROOT,
	.code = { "fs/binfmt_elf.c: load_elf_binary()", "mm/mmap.c: do_brk_flags()",
		  "mm/mmap.c: do_mmap()", "mm/mremap.c: move_page_tables()" },
	.docs = { "Documentation/admin-guide/mm/concepts.rst" },
	.run = run_lab,
};
