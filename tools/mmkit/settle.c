// SPDX-License-Identifier: GPL-2.0-only
/*
 * Free pages that wait on per-cpu lists are missing from the buddy allocator's
 * free lists, and compaction leaves every page it empties there: without this
 * the free lists before and after it look the same. Nothing empties these lists
 * on request, but a list above its limit gives back what it has held longest: so
 * lower the limit for a moment, and free some pages on each CPU.
 */
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel_file.h"
#include "pages.h"

#define LIMIT		"/proc/sys/vm/percpu_pagelist_high_fraction"
#define LOWEST		"1000000"	/* the kernel stops at four batches */
#define PAGES		2048		/* eight times that, with a batch of 63 */
#define NODES		(8 * sizeof(long))	/* as many as a mask of one has */

static bool read_limit(char *value, int len)
{
	FILE *file = fopen(LIMIT, "re");
	bool ok;

	if (!file)
		return false;
	ok = fgets(value, len, file);
	fclose(file);
	return ok;
}

struct page_at {
	uint64_t pfn;
	char *addr;
};

static int by_pfn(const void *a, const void *b)
{
	const struct page_at *x = a, *y = b;

	return x->pfn < y->pfn ? -1 : x->pfn > y->pfn;
}

/*
 * Frees in the order of page frames: the last ones stay on the list, and should
 * be neighbours rather than spoil many blocks.
 */
static void free_in_order(char *mem)
{
	struct page_at *pages = calloc(PAGES, sizeof(*pages));
	uint64_t *entries = calloc(PAGES, sizeof(*entries));
	size_t i;

	if (pages && entries &&
	    mmkit_proc_pagemap(mem, entries, PAGES) == PAGES) {
		for (i = 0; i < PAGES; i++)
			pages[i] = (struct page_at){
				entries[i] & MMKIT_PAGEMAP_PFN,
				mem + i * page_size(),
			};
		qsort(pages, PAGES, sizeof(*pages), by_pfn);
		for (i = 0; i < PAGES; i++)
			madvise(pages[i].addr, page_size(), MADV_DONTNEED);
	}
	free(entries);
	free(pages);
}

static void take_and_free_of(unsigned int node)
{
	size_t bytes = PAGES * page_size(), at;
	unsigned long mask = 1ul << node;
	char *mem;

	mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mem == MAP_FAILED)
		return;
	/* ENOSYS: a kernel without NUMA has the one node. */
	syscall(SYS_mbind, mem, bytes, MPOL_PREFERRED, &mask, NODES + 1, 0);
	madvise(mem, bytes, MADV_NOHUGEPAGE);
	for (at = 0; at < bytes; at += page_size())
		*(volatile char *)(mem + at) = 1;
	free_in_order(mem);
	munmap(mem, bytes);
}

/* A CPU has a list for each zone, those of the other nodes too. */
static void take_and_free(void)
{
	unsigned int node;
	char path[48];

	for (node = 0; node < NODES; node++) {
		snprintf(path, sizeof(path), "/sys/devices/system/node/node%u",
			 node);
		if (!node || !access(path, F_OK))
			take_and_free_of(node);
	}
}

/* Calls @fn on each CPU that this process may run on. */
void on_each_cpu(void (*fn)(void))
{
	cpu_set_t all, one;
	int cpu;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (!sched_setaffinity(0, sizeof(one), &one))
			fn();
	}
	sched_setaffinity(0, sizeof(all), &all);
}

/* Best effort: what it cannot do shows as fewer free blocks, never as more. */
void settle_lists(void)
{
	char was[32];

	if (!read_limit(was, sizeof(was)) || file_put(LIMIT, LOWEST))
		return;
	on_each_cpu(take_and_free);
	file_put(LIMIT, was);
}
