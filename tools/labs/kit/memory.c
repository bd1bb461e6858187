// SPDX-License-Identifier: GPL-2.0-only
/* Memory of the lab's own process: had, touched, and looked up. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "pages.h"
#include "run.h"

/* New memory in single pages, none of them touched; @flags as for mmap(2). */
char *take(struct lab_run *run, size_t bytes, int flags)
{
	char *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);

	if (mem == MAP_FAILED)
		stop(run, "mmap of %zu bytes failed (%s)", bytes,
		     errno_name(errno));
	/* EINVAL: a kernel without huge pages will not give any. */
	madvise(mem, bytes, MADV_NOHUGEPAGE);
	return mem;
}

char *take_private(struct lab_run *run, size_t bytes)
{
	return take(run, bytes, MAP_PRIVATE | MAP_ANONYMOUS);
}

/* One byte in each page. */
void touch_read(const char *mem, size_t bytes)
{
	size_t at;

	for (at = 0; at < bytes; at += page_size())
		(void)*(volatile const char *)(mem + at);
}

void touch_write(char *mem, size_t bytes)
{
	size_t at;

	for (at = 0; at < bytes; at += page_size())
		*(volatile char *)(mem + at) = 1;
}

/* The word of /proc/self/pagemap. */
uint64_t pagemap_at(struct lab_run *run, const void *addr)
{
	uint64_t entry;

	if (mmkit_proc_pagemap(addr, &entry, 1) != 1)
		stop(run, "/proc/self/pagemap cannot be read");
	return entry;
}

/* The page frame at an address, which has to have one. */
uint64_t pfn_at(struct lab_run *run, const void *addr)
{
	uint64_t entry = pagemap_at(run, addr);

	if (!(entry & MMKIT_PAGEMAP_PRESENT) || !(entry & MMKIT_PAGEMAP_PFN))
		stop(run, "no page frame is mapped at an address that was touched");
	return entry & MMKIT_PAGEMAP_PFN;
}

void pfns_of(struct lab_run *run, const void *mem, size_t nr, uint64_t *pfns)
{
	size_t i;

	for (i = 0; i < nr; i++)
		pfns[i] = pfn_at(run, (const char *)mem + PAGES(i));
}

static size_t count_in(struct lab_run *run, const void *mem, size_t bytes,
		       uint64_t bit)
{
	size_t nr = bytes / page_size(), found = 0, i;
	uint64_t *entries = calloc(nr, sizeof(*entries));

	if (!entries || mmkit_proc_pagemap(mem, entries, nr) != (int)nr)
		stop(run, "/proc/self/pagemap cannot be read");
	for (i = 0; i < nr; i++)
		found += !!(entries[i] & bit);
	free(entries);
	return found;
}

/* How many pages of a range have a page frame; swap entries. */
size_t present_in(struct lab_run *run, const void *mem, size_t bytes)
{
	return count_in(run, mem, bytes, MMKIT_PAGEMAP_PRESENT);
}

size_t swapped_in(struct lab_run *run, const void *mem, size_t bytes)
{
	return count_in(run, mem, bytes, MMKIT_PAGEMAP_SWAPPED);
}

/* 1 << KPF_x of linux/kernel-page-flags.h */
uint64_t pfn_flags(struct lab_run *run, uint64_t pfn)
{
	uint64_t flags;

	if (mmkit_proc_kpageflags(pfn, &flags, 1) != 1)
		stop(run, "/proc/kpageflags cannot be read");
	return flags;
}

uint64_t pfn_mapcount(struct lab_run *run, uint64_t pfn)
{
	uint64_t count;

	if (mmkit_proc_kpagecount(pfn, &count, 1) != 1)
		stop(run, "/proc/kpagecount cannot be read");
	return count;
}

static void drain_here(void)
{
	char *page = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return;
	madvise(page, page_size(), MADV_COLD);
	munmap(page, page_size());
}

/*
 * A page that was just allocated or moved waits in a batch of its CPU's for the
 * list that it goes to, with one reference more than it should have. MADV_COLD
 * of anything empties the batches of the CPU.
 */
void drain_batches(void)
{
	on_each_cpu(drain_here);
}

/* What mmkit says about a page frame: more than /proc does. */
void pfn_describe(struct lab_run *run, uint64_t pfn, struct mmkit_page *page)
{
	int fd = lab_open(run, "pages");

	if (mmkit_pages_describe_pfn(fd, pfn, 1, 1, page) != 1)
		stop(run, "page frame %#" PRIx64 " cannot be described", pfn);
	mmkit_close(fd);
}

/* The line @key of /proc/self/smaps for the area that @addr is in, in bytes. */
int64_t smaps_at(struct lab_run *run, const void *addr, const char *key)
{
	uint64_t at = (uintptr_t)addr, from, to;
	FILE *file = fopen("/proc/self/smaps", "re");
	size_t len = strlen(key), room = 0;
	bool inside = false;
	int64_t value = -1;
	char *line = NULL;

	while (file && value < 0 && getline(&line, &room, file) > 0) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &from, &to) == 2)
			inside = from <= at && at < to;
		else if (inside && !strncmp(line, key, len) && line[len] == ':')
			value = strtoll(line + len + 1, NULL, 10) * 1024;
	}
	free(line);
	if (file)
		fclose(file);
	if (value < 0)
		stop(run, "/proc/self/smaps has no %s for the area", key);
	return value;
}

struct faults faults_now(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (struct faults){ usage.ru_minflt, usage.ru_majflt };
}

struct faults faults_since(struct faults before)
{
	struct faults now = faults_now();

	return (struct faults){ now.minor - before.minor,
				now.major - before.major };
}

/* Through a volatile, or the compiler sees that it is not used. */
void __attribute__((noinline)) lab_lose(size_t nr)
{
	while (nr--) {
		char *volatile block = malloc(LAB_LOST_BYTES);

		if (block)
			block[0] = 1;
	}
}
