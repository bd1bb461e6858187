// SPDX-License-Identifier: GPL-2.0-only
/* From the boot allocator to the page allocator: what was handed over. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lab.h"
#include "memblock.h"

#define RESERVED	(1ull << 32)	/* KPF_RESERVED */

/* Page frames, and those of them that were never handed over. */
struct tally {
	uint64_t from;	/* page frames that count */
	uint64_t to;
	uint64_t all;
	uint64_t kept;
};

static void count(void *data, uint64_t pfn, uint64_t flags)
{
	struct tally *tally = data;

	if (pfn < tally->from || pfn >= tally->to)
		return;
	tally->all++;
	tally->kept += !!(flags & RESERVED);
}

static struct tally tally_of(struct lab_run *run, uint64_t from, uint64_t to)
{
	struct tally tally = { .from = from, .to = to };

	each_frame(run, count, &tally);
	return tally;
}

static void whole(struct lab_run *run)
{
	struct zone_sum zones = zones_sum(run, -1);
	struct tally tally = tally_of(run, 0, UINT64_MAX);

	tell(run, "At boot memblock knew %llu page frames of RAM. It kept %llu reserved when it handed over.",
	     (unsigned long long)tally.all, (unsigned long long)tally.kept);
	claim(run, "every page frame of RAM in /proc/iomem is present in a zone",
	      tally.all, EQ, zones.present, "page frames");
	claim(run, "what the zones manage is what was not reserved",
	      zones.managed, EQ, tally.all - tally.kept, "page frames");
	claim(run, "which is MemTotal: less than there is in the machine",
	      read_key(run, "/proc/meminfo", "MemTotal"), EQ,
	      PAGES(zones.managed), "bytes");
	claim(run, "something was reserved: the kernel itself has to lie somewhere",
	      tally.kept, GT, 0, "page frames");
}

/* What became of the pages of memblock's regions, all of a list together. */
static struct mmkit_memblock_fate fates_sum(struct lab_run *run, int fd,
					    uint32_t list, uint32_t nr)
{
	struct mmkit_memblock_fate *fates = calloc(nr, sizeof(*fates)), sum = { 0 };
	struct mmkit_memblock_fates req = {
		.list = list, .nr = nr, .fates = (uintptr_t)fates,
	};
	uint32_t i;

	if (!fates || mmkit_memblock_fates(fd, &req) || req.nr != nr)
		stop(run, "what became of memblock's regions is not told");
	for (i = 0; i < nr; i++) {
		sum.pages += fates[i].pages;
		sum.kept += fates[i].kept;
		sum.given += fates[i].given;
		sum.holes += fates[i].holes;
		sum.memmap += fates[i].memmap;
	}
	free(fates);
	return sum;
}

static struct memblock_list list_of(struct lab_run *run, int fd, uint32_t list)
{
	struct memblock_list regions;

	if (memblock_list_get(fd, MMKIT_MEMBLOCK_OBSERVED, list, &regions) ||
	    !regions.nr)
		stop(run, "memblock's regions cannot be listed");
	return regions;
}

/* Whole page frames: what only part of belongs to a region nobody can use. */
static uint64_t whole_pages(const struct memblock_list *list)
{
	uint64_t pages = 0, size = page_size();
	uint32_t i;

	for (i = 0; i < list->nr; i++)
		pages += (list->region[i].base + list->region[i].bytes) / size -
			 (list->region[i].base + size - 1) / size;
	return pages;
}

/* Reserved page frames that no region of the list, which ascends, has part of. */
struct strays {
	const struct memblock_list *list;
	uint32_t at;
	uint64_t nr;
};

static void count_stray(void *data, uint64_t pfn, uint64_t flags)
{
	struct strays *strays = data;
	const struct mmkit_memblock_region *region = strays->list->region;
	uint64_t from = pfn * page_size(), to = from + page_size();

	while (strays->at < strays->list->nr &&
	       region[strays->at].base + region[strays->at].bytes <= from)
		strays->at++;
	if (flags & RESERVED && (strays->at == strays->list->nr ||
				 region[strays->at].base >= to))
		strays->nr++;
}

static void regions(struct lab_run *run, int fd)
{
	struct memblock_list memory = list_of(run, fd, MMKIT_MEMBLOCK_MEMORY);
	struct memblock_list reserved = list_of(run, fd, MMKIT_MEMBLOCK_RESERVED);
	struct strays strays = { .list = &reserved };
	struct mmkit_memblock_fate fate;

	each_frame(run, count_stray, &strays);
	fate = fates_sum(run, fd, MMKIT_MEMBLOCK_RESERVED, reserved.nr);
	tell(run, "memblock's own lists are still there: %u regions of memory, and %u that were reserved when it handed over, of %llu page frames.",
	     memory.nr, reserved.nr, (unsigned long long)fate.pages);
	claim(run, "its memory is what the zones have", whole_pages(&memory), EQ,
	      zones_sum(run, -1).present, "page frames");
	claim(run, "no page frame is reserved to this day that it had not reserved",
	      strays.nr, EQ, 0, "page frames");
	claim(run, "each of its reserved page frames is still reserved, was given away since, or is no memory",
	      fate.kept + fate.given + fate.holes, EQ, fate.pages,
	      "page frames");
	claim(run, "some were given to the page allocator when boot was over",
	      fate.given, GT, 0, "page frames");
	free(memory.region);
	free(reserved.region);
}

static void observed(struct lab_run *run)
{
	int fd = lab_open(run, "memblock"), err;
	const char *layout;

	err = memblock_observe(fd, &layout);
	if (err)
		tell(run, "memblock's own lists cannot be seen: %s.",
		     memblock_unobserved(err));
	else
		regions(run, fd);
	mmkit_close(fd);
}

static uint64_t kernel_at(struct lab_run *run)
{
	FILE *file = fopen("/proc/iomem", "re");
	uint64_t phys = 0;
	char line[128];
	int end = 0;

	while (file && !end && fgets(line, sizeof(line), file))
		sscanf(line, " %" SCNx64 "-%*x : Kernel code%n", &phys, &end);
	if (file)
		fclose(file);
	if (!end)
		stop(run, "/proc/iomem has no Kernel code");
	return phys;
}

/* Whole page frames from one symbol to the next; @move makes it physical. */
static struct tally between(struct lab_run *run, const struct symbol *symbol,
			    uint64_t move)
{
	return tally_of(run, (symbol[0].address + move + page_size() - 1) /
			page_size(), (symbol[1].address + move) / page_size());
}

static void image(struct lab_run *run)
{
	struct symbol symbols[] = {
		{ .name = "_text" }, { .name = "_etext" },
		{ .name = "__init_begin" }, { .name = "__init_end" },
		{ .name = NULL },
	};
	struct tally code, init;
	uint64_t move;

	find_symbols(run, symbols);
	move = kernel_at(run) - symbols[0].address;
	code = between(run, symbols, move);
	init = between(run, symbols + 2, move);
	tell(run, "The kernel's code is %llu page frames, from _text to _etext; what only boot needed %llu, from __init_begin on.",
	     (unsigned long long)code.all, (unsigned long long)init.all);
	claim(run, "memblock had reserved the code, and it still is",
	      code.kept, EQ, code.all, "page frames");
	claim(run, "what only boot needed was reserved too, and freed when boot was over",
	      init.kept, EQ, 0, "page frames");
}

static void run_lab(struct lab_run *run)
{
	whole(run);
	observed(run);
	image(run);
}

const struct lab memblock_handover_lab = {
	.name = "memblock-handover",
	.title = "what the boot allocator handed to the page allocator, and kept",
	.needs = LAB_ROOT | LAB_MEMBLOCK,
	.code = { "mm/memblock.c: memblock_free_all()",
		  "mm/memblock.c: free_low_memory_core_early()",
		  "mm/page_alloc.c: free_reserved_area()",
		  "arch/x86/mm/init.c: free_initmem()" },
	.docs = { "Documentation/core-api/boot-time-mm.rst" },
	.run = run_lab,
};
