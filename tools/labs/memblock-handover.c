// SPDX-License-Identifier: GPL-2.0-only
/* From the boot allocator to the page allocator: what was handed over. */
#include <inttypes.h>
#include <stdio.h>

#include "lab.h"

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
	image(run);
}

const struct lab memblock_handover_lab = {
	.name = "memblock-handover",
	.title = "what the boot allocator handed to the page allocator, and kept",
	.needs = LAB_ROOT,
	.code = { "mm/memblock.c: memblock_free_all()",
		  "mm/memblock.c: free_low_memory_core_early()",
		  "mm/page_alloc.c: free_reserved_area()",
		  "arch/x86/mm/init.c: free_initmem()" },
	.docs = { "Documentation/core-api/boot-time-mm.rst" },
	.run = run_lab,
};
