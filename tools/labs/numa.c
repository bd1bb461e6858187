// SPDX-License-Identifier: GPL-2.0-only
/* Memory near and far: which node a page comes from, and moving it. */
#include <errno.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lab.h"

#define NR	64

/* Far from the calling CPU, and near to it. */
struct nodes {
	unsigned int here;
	unsigned int there;
};

static void set_policy(struct lab_run *run, void *mem, int mode,
		       unsigned long mask)
{
	if (syscall(SYS_mbind, mem, PAGES(NR), mode, &mask, 8 * sizeof(mask), 0))
		stop(run, "mbind failed (%s)", errno_name(errno));
}

static unsigned int on_node(struct lab_run *run, const char *mem,
			    unsigned int node)
{
	struct mmkit_page page;
	unsigned int found = 0, i;

	for (i = 0; i < NR; i++) {
		pfn_describe(run, pfn_at(run, mem + PAGES(i)), &page);
		found += page.node == (int)node;
	}
	return found;
}

static char *touched(struct lab_run *run, int mode, unsigned long mask)
{
	char *mem = take_private(run, PAGES(NR));

	set_policy(run, mem, mode, mask);
	touch_write(mem, PAGES(NR));
	return mem;
}

static void stay_on_cpu(struct lab_run *run, struct nodes *nodes)
{
	unsigned int cpu, node;
	cpu_set_t set;

	if (getcpu(&cpu, &node))
		stop(run, "getcpu failed");
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		stop(run, "the lab cannot stay on one CPU");
	nodes->here = node;
	nodes->there = !node;
}

static void distances(struct lab_run *run, const struct nodes *nodes)
{
	char path[64], text[64];
	int row[2];

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%u/distance",
		 nodes->here);
	read_text(run, path, text, sizeof(text));
	if (sscanf(text, "%d %d", &row[0], &row[1]) != 2)
		stop(run, "%s has no two distances", path);
	tell(run, "This CPU belongs to node %u. The firmware says how far each node is: %s.",
	     nodes->here, text);
	claim(run, "another node's memory is farther away than one's own",
	      row[nodes->there], GT, row[nodes->here], "distance");
}

static void policies(struct lab_run *run, const struct nodes *nodes)
{
	unsigned long both = 1ul << nodes->here | 1ul << nodes->there;
	char stat[64], *mem;
	int64_t before;

	tell(run, "%d pages are written under each of three policies.", NR);
	mem = touched(run, MPOL_DEFAULT, 0);
	claim(run, "by default a page comes from the node of the CPU that touches it",
	      on_node(run, mem, nodes->here), GE, NR - 4, "pages");
	mem = touched(run, MPOL_BIND, 1ul << nodes->there);
	claim(run, "bound to the other node they all come from there",
	      on_node(run, mem, nodes->there), EQ, NR, "pages");
	snprintf(stat, sizeof(stat), "/sys/devices/system/node/node%u/numastat",
		 nodes->there);
	before = read_key(run, stat, "interleave_hit");
	mem = touched(run, MPOL_INTERLEAVE, both);
	claim(run, "interleaved they come from both in turns",
	      on_node(run, mem, nodes->there), EQ, NR / 2, "pages");
	claim(run, "which the node itself counts",
	      read_key(run, stat, "interleave_hit") - before, GE, NR / 2, "pages");
}

static void move(struct lab_run *run, const struct nodes *nodes)
{
	char *mem = touched(run, MPOL_BIND, 1ul << nodes->here);
	int target[NR], status[NR];
	void *pages[NR];
	uint64_t old;
	int i;

	memset(mem, 'm', PAGES(NR));
	old = pfn_at(run, mem);
	for (i = 0; i < NR; i++) {
		pages[i] = mem + PAGES(i);
		target[i] = nodes->there;
	}
	tell(run, "move_pages sends %d pages to the other node.", NR);
	if (syscall(SYS_move_pages, 0, (long)NR, pages, target, status,
		    MPOL_MF_MOVE))
		stop(run, "move_pages failed (%s)", errno_name(errno));
	claim(run, "the pages are on the other node", on_node(run, mem,
	      nodes->there), EQ, NR, "pages");
	claim(run, "in other page frames: moving is copying", pfn_at(run, mem),
	      NE, old, "pfn");
	claim(run, "and the address shows what it showed before",
	      mem[PAGES(NR) - 1], EQ, 'm', "in the last byte");
}

static void run_lab(struct lab_run *run)
{
	struct nodes nodes;

	stay_on_cpu(run, &nodes);
	distances(run, &nodes);
	policies(run, &nodes);
	move(run, &nodes);
}

const struct lab numa_lab = {
	.name = "numa",
	.title = "which node a page comes from, and how it is moved",
	.needs = LAB_ROOT | LAB_PAGES | LAB_NODES,
	.code = { "mm/mempolicy.c: vma_alloc_folio()",
		  "mm/mempolicy.c: interleave_nid()", "mm/migrate.c: do_pages_move()",
		  "mm/page_alloc.c: build_zonelists()" },
	.docs = { "Documentation/admin-guide/mm/numa_memory_policy.rst",
		  "Documentation/mm/numa.rst" },
	.run = run_lab,
};
