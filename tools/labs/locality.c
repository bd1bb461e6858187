// SPDX-License-Identifier: GPL-2.0-only
/* Near in space, near in time: what the order of touches costs. */
#include <stdio.h>
#include <sys/mman.h>

#include "lab.h"

#define TOUCHES	1024
#define LINE	64

#define LIMIT	(4 << 20)
#define LARGE	(6 << 20)
#define SMALL	(2 << 20)
#define ROUNDS	3

struct cost {
	int64_t faults;
	int64_t tables;	/* bytes of page tables */
};

/* So many touches, @stride bytes from one to the next, of new memory. */
static struct cost touch_by(struct lab_run *run, size_t stride, size_t nr)
{
	char *mem = take_private(run, stride * nr);
	int64_t tables = read_key(run, "/proc/self/status", "VmPTE");
	struct faults before = faults_now();
	struct cost cost;
	size_t i;

	for (i = 0; i < nr; i++)
		*(volatile char *)(mem + i * stride) = 1;
	cost.faults = faults_since(before).minor;
	cost.tables = read_key(run, "/proc/self/status", "VmPTE") - tables;
	munmap(mem, stride * nr);
	return cost;
}

static void in_space(struct lab_run *run)
{
	size_t per_page = page_size() / LINE, table = page_size() / 8;
	struct cost lines = touch_by(run, LINE, TOUCHES);
	struct cost pages = touch_by(run, PAGES(1), TOUCHES);
	struct cost tables = touch_by(run, PAGES(table), TOUCHES / 8);

	tell(run, "%d bytes are written, one in each cache line; then one in each page.",
	     TOUCHES);
	claim(run, "neighbours of a byte that was touched come along: a fault for each page",
	      lines.faults, EQ, TOUCHES / per_page, "faults");
	claim(run, "without neighbours each touch is a fault", pages.faults, EQ,
	      TOUCHES, "faults");
	tell(run, "Then %d bytes, %zu KiB apart: each in a page table of its own.",
	     TOUCHES / 8, PAGES(table) / 1024);
	claim(run, "now each touch takes a page table too, as much as what it is for",
	      tables.tables, GE, PAGES(TOUCHES / 8), "bytes");
	detail(run, "page tables: %lld bytes for lines, %lld for pages, %lld for tables",
	       (long long)lines.tables, (long long)pages.tables,
	       (long long)tables.tables);
}

/* Of a process that may have LIMIT bytes: faults of every round but the first. */
static int64_t rounds_over(struct lab_run *run, void *data)
{
	size_t bytes = *(size_t *)data;
	char *mem = take_private(run, bytes);
	struct faults before;
	unsigned int i;

	touch_write(mem, bytes);
	before = faults_now();
	for (i = 1; i < ROUNDS; i++)
		touch_write(mem, bytes);
	return faults_since(before).major + faults_since(before).minor;
}

static void in_time(struct lab_run *run)
{
	const char *group = cgroup_new(run, "locality");
	size_t small = SMALL, large = LARGE;
	int64_t faults;
	char text[32];

	snprintf(text, sizeof(text), "%d", LIMIT);
	cgroup_set(run, group, "memory.max", text);
	cgroup_enter(run, group);
	/* Only what was asked for comes back from swap. */
	set_text(run, "/proc/sys/vm/page-cluster", "0");
	tell(run, "In a cgroup that may use 4M a process writes the same memory %d times over.",
	     ROUNDS);
	claim(run, "2M fit: after the first round there is no fault",
	      in_child(run, rounds_over, &small), EQ, 0, "faults");
	faults = in_child(run, rounds_over, &large);
	claim(run, "6M do not: when a page's turn comes again, it is gone, nearly each time",
	      faults, GT, (ROUNDS - 1) * LARGE / page_size() / 2, "faults");
}

static void clear_accessed(struct lab_run *run)
{
	write_text(run, "/proc/self/clear_refs", "1");
}

static void working_set(struct lab_run *run)
{
	char *mem = take_private(run, LARGE);

	touch_write(mem, LARGE);
	clear_accessed(run);
	tell(run, "6M are resident. The accessed bits are cleared, and 1M is read a hundred times.");
	for (int i = 0; i < 100; i++)
		touch_read(mem, 1 << 20);
	claim(run, "the working set is what was used, not what is resident",
	      smaps_at(run, mem, "Referenced"), EQ, 1 << 20, "bytes");
	claim(run, "all the rest is still there", smaps_at(run, mem, "Rss"), EQ,
	      LARGE, "bytes");
}

static void run_lab(struct lab_run *run)
{
	in_space(run);
	working_set(run);
	in_time(run);
}

const struct lab locality_lab = {
	.name = "locality",
	.title = "touches near each other in space and time cost less",
	.needs = LAB_ROOT | LAB_SWAP | LAB_MEMCG,
	.code = { "mm/memory.c: __pte_alloc()", "mm/vmscan.c: shrink_folio_list()",
		  "mm/workingset.c: workingset_refault()",
		  "fs/proc/task_mmu.c: clear_refs_pte_range()" },
	.docs = { "Documentation/admin-guide/mm/idle_page_tracking.rst",
		  "Documentation/admin-guide/mm/multigen_lru.rst" },
	.run = run_lab,
};
