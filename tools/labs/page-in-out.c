// SPDX-License-Identifier: GPL-2.0-only
/* More data than memory: pages go out, and come back when they are used. */
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lab.h"

#define NR	1024
#define LIMIT	512	/* pages that the process may have at once */
#define AHEAD	64
#define VMSTAT	"/proc/vmstat"

static void fill(char *mem)
{
	size_t i;

	for (i = 0; i < NR; i++)
		*(volatile size_t *)(mem + PAGES(i)) = i * 2654435761u;
}

static size_t spoiled(const char *mem)
{
	size_t wrong = 0, i;

	for (i = 0; i < NR; i++)
		wrong += *(volatile size_t *)(mem + PAGES(i)) != i * 2654435761u;
	return wrong;
}

static void limit_pages(struct lab_run *run, const char *group)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", PAGES(LIMIT));
	cgroup_set(run, group, "memory.max", text);
}

static void out(struct lab_run *run, char *mem, const char *group)
{
	int64_t before = read_key(run, VMSTAT, "pswpout");

	limit_pages(run, group);
	fill(mem);
	tell(run, "A cgroup may have %d pages. A process in it writes %d.", LIMIT,
	     NR);
	claim(run, "all could be written, for pages went out to make room",
	      swapped_in(run, mem, PAGES(NR)), GE, NR - LIMIT, "pages in swap");
	claim(run, "no more are in memory than the limit allows",
	      present_in(run, mem, PAGES(NR)), LE, LIMIT, "pages");
	claim(run, "the kernel counts what it wrote out (pswpout)",
	      read_key(run, VMSTAT, "pswpout") - before, GE, NR - LIMIT, "pages");
	claim(run, "and the cgroup how often it was at its limit",
	      cgroup_key(run, group, "memory.events", "max"), GT, 0, "times");
}

static void in(struct lab_run *run, const char *mem)
{
	int64_t before = read_key(run, VMSTAT, "pswpin");
	size_t away = swapped_in(run, mem, PAGES(NR));
	struct faults start = faults_now(), cost;

	tell(run, "All of it is read again, from the first page on.");
	claim(run, "everything is as it was written", spoiled(mem), EQ, 0,
	      "pages where not");
	cost = faults_since(start);
	claim(run, "each page that was out came in by a major fault", cost.major,
	      GE, away, "major faults");
	claim(run, "which the kernel counts too (pswpin)",
	      read_key(run, VMSTAT, "pswpin") - before, GE, away, "pages");
	claim(run, "bringing these in drove others out: still half are away",
	      swapped_in(run, mem, PAGES(NR)), GE, NR - LIMIT, "pages in swap");
}

/* Reading ahead of use; without a limit, or it would drive out its own pages. */
static void ahead(struct lab_run *run, char *mem, const char *group)
{
	struct faults start;

	cgroup_set(run, group, "memory.max", "max");
	madvise(mem, PAGES(AHEAD), MADV_PAGEOUT);
	madvise(mem, PAGES(AHEAD), MADV_WILLNEED);
	start = faults_now();
	touch_read(mem, PAGES(AHEAD));
	tell(run, "%d pages are sent out, and called back before they are used (MADV_WILLNEED).",
	     AHEAD);
	claim(run, "the faults find them in memory: minor ones",
	      faults_since(start).minor, GE, AHEAD * 3 / 4, "minor faults");
	claim(run, "hardly one has to wait for a device",
	      faults_since(start).major, LT, AHEAD / 4, "major faults");
}

static void run_lab(struct lab_run *run)
{
	const char *group = cgroup_new(run, "page-in-out");
	char *mem;

	set_text(run, "/proc/sys/vm/page-cluster", "0");
	cgroup_enter(run, group);
	mem = take_private(run, PAGES(NR));
	out(run, mem, group);
	in(run, mem);
	ahead(run, mem, group);
}

const struct lab page_in_out_lab = {
	.name = "page-in-out",
	.title = "more data than memory: pages go out, and come back when used",
	.needs = LAB_ROOT | LAB_SWAP | LAB_MEMCG,
	.code = { "mm/vmscan.c: shrink_folio_list()", "mm/page_io.c: swap_writepage()",
		  "mm/memory.c: do_swap_page()", "mm/swap_state.c: read_swap_cache_async()",
		  "mm/memcontrol.c: try_charge_memcg()" },
	.docs = { "Documentation/admin-guide/cgroup-v2.rst",
		  "Documentation/admin-guide/mm/concepts.rst" },
	.run = run_lab,
};
