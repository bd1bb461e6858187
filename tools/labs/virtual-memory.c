// SPDX-License-Identifier: GPL-2.0-only
/* Addresses are not memory: there may be far more of them. */
#include <errno.h>
#include <inttypes.h>
#include <sys/mman.h>

#include "lab.h"

#define OVERCOMMIT	"/proc/sys/vm/overcommit_memory"
#define MEMINFO		"/proc/meminfo"
#define MIB		(1l << 20)
#define STEPS		64

#define PRIVATE		(MAP_PRIVATE | MAP_ANONYMOUS)

/* 0, or the errno. The mapping is given back at once. */
static int try_map(size_t bytes, int flags)
{
	void *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);

	if (mem == MAP_FAILED)
		return errno;
	munmap(mem, bytes);
	return 0;
}

static void more_than_ram(struct lab_run *run, int64_t ram)
{
	size_t bytes = PAGES(4 * ram / page_size()), i;
	size_t step = PAGES(bytes / page_size() / STEPS), wrong = 0;
	int64_t size = read_key(run, "/proc/self/status", "VmSize");
	char *mem = take(run, bytes, PRIVATE | MAP_NORESERVE);

	tell(run, "The machine has %" PRId64 " MiB. This process maps four times as much.",
	     ram / MIB);
	claim(run, "the process has grown by all of that (VmSize)",
	      read_key(run, "/proc/self/status", "VmSize") - size, GE, bytes,
	      "bytes");
	claim(run, "and by no page of memory", smaps_at(run, mem, "Rss"), EQ, 0,
	      "bytes");
	tell(run, "It writes one page in every %zu MiB of it.", step / MIB);
	for (i = 0; i < STEPS; i++)
		mem[i * step] = (char)(i + 1);
	for (i = 0; i < STEPS; i++)
		wrong += mem[i * step] != (char)(i + 1);
	claim(run, "every address up to four times the memory can be used", wrong,
	      EQ, 0, "bytes lost");
	claim(run, "for the price of the pages that were touched",
	      smaps_at(run, mem, "Rss"), EQ, PAGES(STEPS), "bytes");
	munmap(mem, bytes);
}

static void heuristic(struct lab_run *run, int64_t huge)
{
	set_text(run, OVERCOMMIT, "0");
	tell(run, "How much may be promised is a setting, overcommit_memory. 0: refuse what is hopeless.");
	claim(run, "one mapping of more than memory and swap is refused",
	      try_map(huge, PRIVATE), EQ, ENOMEM, "as errno");
	claim(run, "unless it says that it wants no reserve (MAP_NORESERVE)",
	      try_map(huge, PRIVATE | MAP_NORESERVE), EQ, 0, "as errno");
	write_text(run, OVERCOMMIT, "1");
	claim(run, "with 1, every mapping is promised", try_map(huge, PRIVATE), EQ,
	      0, "as errno");
}

static void strict(struct lab_run *run)
{
	int64_t limit = read_key(run, MEMINFO, "CommitLimit"), before, after;
	char *mem;

	tell(run, "With 2 the kernel counts what it promised, and stops at CommitLimit, %" PRId64 " MiB.",
	     limit / MIB);
	before = read_key(run, MEMINFO, "Committed_AS");
	mem = take_private(run, 64 * MIB);
	after = read_key(run, MEMINFO, "Committed_AS");
	claim(run, "64 MiB that nobody has touched count as promised",
	      after - before, GE, 63 * MIB, "bytes");
	munmap(mem, 64 * MIB);
	claim(run, "no longer when they are unmapped",
	      read_key(run, MEMINFO, "Committed_AS") - before, LE, MIB, "bytes");
	write_text(run, OVERCOMMIT, "2");
	claim(run, "then no single mapping gets beyond the limit",
	      try_map(PAGES(limit / page_size()), PRIVATE), EQ, ENOMEM,
	      "as errno");
	claim(run, "not even one that wants no reserve",
	      try_map(PAGES(limit / page_size()), PRIVATE | MAP_NORESERVE), EQ,
	      ENOMEM, "as errno");
	write_text(run, OVERCOMMIT, "0");
}

static void run_lab(struct lab_run *run)
{
	int64_t ram = read_key(run, MEMINFO, "MemTotal");
	int64_t swap = read_key(run, MEMINFO, "SwapTotal");

	set_text(run, OVERCOMMIT, "1");
	more_than_ram(run, ram);
	heuristic(run, PAGES((ram + swap) / page_size()) + 64 * MIB);
	strict(run);
}

const struct lab virtual_memory_lab = {
	.name = "virtual-memory",
	.title = "addresses are not memory: more than there is, and overcommit",
	.needs = LAB_ROOT,
	.code = { "mm/util.c: __vm_enough_memory()", "mm/mmap.c: accountable_mapping()",
		  "mm/mmap.c: do_mmap()" },
	.docs = { "Documentation/mm/overcommit-accounting.rst",
		  "Documentation/admin-guide/sysctl/vm.rst" },
	.run = run_lab,
};
