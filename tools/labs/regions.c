// SPDX-License-Identifier: GPL-2.0-only
/* An address space is a list of regions; everything else is a hole. */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "lab.h"

static const char constant[] = "a constant";
static int initialised = 1;

static void kinds(struct lab_run *run)
{
	int local = 0;
	void *heap = malloc(100);
	void *vdso = (void *)getauxval(AT_SYSINFO_EHDR);

	tell(run, "Each kind of thing that a program has is in a region with the rights it needs.");
	claim(run, "machine code may be read and executed, not written",
	      region_is(run, (void *)kinds, "r-xp", NULL), EQ, 1, "true");
	claim(run, "constants may only be read",
	      region_is(run, constant, "r--p", NULL), EQ, 1, "true");
	claim(run, "variables may be read and written, not executed",
	      region_is(run, &initialised, "rw-p", NULL), EQ, 1, "true");
	claim(run, "so may the stack, where local variables are",
	      region_is(run, &local, "rw-p", "[stack]"), EQ, 1, "true");
	claim(run, "and the heap, where malloc() has small things",
	      region_is(run, heap, "rw-p", "[heap]"), EQ, 1, "true");
	if (vdso)
		claim(run, "the kernel itself lends a page of code, the vdso",
		      region_is(run, vdso, "r-xp", "[vdso]"), EQ, 1, "true");
	free(heap);
}

static void order(struct lab_run *run)
{
	uint64_t sum = 0, wrong = 0;
	struct region *regions;
	size_t nr, i;

	/* Once to have malloc() get what it needs, once to measure. */
	for (i = 0; i < 2; i++) {
		nr = regions_read(run, &regions);
		read_key(run, "/proc/self/status", "VmSize");
		if (!i)
			free(regions);
	}
	for (i = 0; i < nr; i++) {
		sum += regions[i].to - regions[i].from;
		wrong += i && regions[i].from < regions[i - 1].to;
		detail(run, "%012" PRIx64 "-%012" PRIx64 " %s %s",
		       regions[i].from, regions[i].to, regions[i].perms,
		       regions[i].name);
	}
	tell(run, "%zu regions cover %" PRIu64 " KiB of 128 TiB of addresses.", nr,
	     sum / 1024);
	claim(run, "regions are in order and never overlap", wrong, EQ, 0,
	      "overlaps");
	claim(run, "the size of the process (VmSize) is the sum of its regions",
	      sum, EQ, read_key(run, "/proc/self/status", "VmSize"), "bytes");
	free(regions);
}

static void split_and_merge(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(5));

	/* A hole on both sides, so that no neighbour merges with it. */
	munmap(mem, PAGES(1));
	munmap(mem + PAGES(4), PAGES(1));
	mem += PAGES(1);
	tell(run, "Three pages are mapped at once, and the middle one is treated apart.");
	claim(run, "what one mmap() gave is one region",
	      regions_in(run, mem, PAGES(3)), EQ, 1, "regions");
	mprotect(mem + PAGES(1), PAGES(1), PROT_READ);
	claim(run, "other rights for its middle split it in three",
	      regions_in(run, mem, PAGES(3)), EQ, 3, "regions");
	mprotect(mem + PAGES(1), PAGES(1), PROT_READ | PROT_WRITE);
	claim(run, "the same rights again merge it into one",
	      regions_in(run, mem, PAGES(3)), EQ, 1, "regions");
	munmap(mem + PAGES(1), PAGES(1));
	claim(run, "without its middle there are two, and a hole",
	      regions_in(run, mem, PAGES(3)), EQ, 2, "regions");
	mmap(mem + PAGES(1), PAGES(1), PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	madvise(mem + PAGES(1), PAGES(1), MADV_NOHUGEPAGE);
	claim(run, "a mapping that fits into the hole merges with both sides",
	      regions_in(run, mem, PAGES(3)), EQ, 1, "regions");
}

static void run_lab(struct lab_run *run)
{
	kinds(run);
	order(run);
	split_and_merge(run);
}

const struct lab regions_lab = {
	.name = "regions",
	.title = "an address space is a list of regions: who may do what where",
	.code = { "mm/mmap.c: mmap_region()", "mm/mmap.c: vma_merge()",
		  "mm/mmap.c: __split_vma()", "fs/proc/task_mmu.c: show_map_vma()" },
	.docs = { "Documentation/filesystems/proc.rst",
		  "Documentation/mm/process_addrs.rst" },
	.run = run_lab,
};
