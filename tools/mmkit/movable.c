// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fragment memory with this process's own pages: they are movable, so that
 * compaction can undo it, which it cannot with a driver's pages.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pages.h"

static const struct reason reasons[] = {
	{ ENOMEM, "that is more than half of what is available (MemAvailable)",
	  "a smaller size", EXIT_FAILED },
	{ EPERM, "page frame numbers are shown to CAP_SYS_ADMIN only",
	  "run it as root", EXIT_FAILED },
	{ 0 },
};

void movable_drop(struct movable *own)
{
	if (own->mem)
		munmap(own->mem, own->bytes);
	own->mem = NULL;
}

void movable_release(struct cli *cli)
{
	movable_drop(&cli->movable);
}

static uint64_t available_bytes(void)
{
	unsigned long long kb = 0;
	char line[128];
	FILE *file = fopen("/proc/meminfo", "re");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %llu kB", &kb) == 1)
			break;
	if (file)
		fclose(file);
	return kb * 1024;
}

/* Maps and touches single pages: not a huge page, or one page keeps them all. */
static int take(struct movable *own, uint64_t bytes)
{
	size_t page = sysconf(_SC_PAGESIZE), at;
	char *mem;

	if (bytes > available_bytes() / 2)
		return -ENOMEM;
	mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mem == MAP_FAILED)
		return -errno;
	own->mem = mem;
	own->bytes = bytes;
	madvise(mem, bytes, MADV_NOHUGEPAGE);
	for (at = 0; at < bytes && !interrupted(); at += page)
		mem[at] = 1;
	return interrupted() ? -EINTR : 0;
}

struct place {
	uint64_t pfn;
	size_t index;
};

static int by_pfn(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->pfn < y->pfn ? -1 : x->pfn > y->pfn;
}

/* Keeps the first page of each physical block of @order, gives back the rest. */
static uint64_t thin_out(struct movable *own, struct place *places, size_t nr,
			 unsigned int order)
{
	size_t page = sysconf(_SC_PAGESIZE), i;
	uint64_t blocks = 0;

	for (i = 0; i < nr; i++) {
		if (!i || places[i].pfn >> order != places[i - 1].pfn >> order)
			blocks++;
		else
			madvise(own->mem + places[i].index * page, page,
				MADV_DONTNEED);
	}
	return blocks;
}

static int find_places(const struct movable *own, struct place *places,
		       size_t nr)
{
	uint64_t *entries = calloc(nr, sizeof(*entries));
	size_t i;
	int ret;

	if (!entries)
		return -ENOMEM;
	ret = mmkit_proc_pagemap(own->mem, entries, nr);
	for (i = 0; ret >= 0 && i < nr; i++) {
		places[i].pfn = entries[i] & MMKIT_PAGEMAP_PFN;
		places[i].index = i;
		if (!(entries[i] & MMKIT_PAGEMAP_PRESENT) || !places[i].pfn)
			ret = -EPERM;
	}
	free(entries);
	return ret < 0 ? ret : 0;
}

/* How many blocks of @order hold a page of ours now; compaction moves them. */
int movable_count(const struct movable *own, unsigned int order,
		  uint64_t *blocks)
{
	size_t nr = own->bytes / page_size(), i, held = 0;
	uint64_t *entries = calloc(nr ? nr : 1, sizeof(*entries));
	struct place *places = calloc(nr ? nr : 1, sizeof(*places));
	int ret = -ENOMEM;

	if (entries && places)
		ret = mmkit_proc_pagemap(own->mem, entries, nr);
	for (i = 0; ret > 0 && i < nr; i++)
		if (entries[i] & MMKIT_PAGEMAP_PRESENT)
			places[held++].pfn = entries[i] & MMKIT_PAGEMAP_PFN;
	if (ret > 0)
		qsort(places, held, sizeof(*places), by_pfn);
	for (*blocks = 0, i = 0; ret > 0 && i < held; i++)
		*blocks += !i ||
			   places[i].pfn >> order != places[i - 1].pfn >> order;
	free(entries);
	free(places);
	return ret < 0 ? ret : 0;
}

int movable_blocks(struct cli *cli, unsigned int order, uint64_t *blocks)
{
	return movable_count(&cli->movable, order, blocks);
}

/*
 * Leaves one page in each block of @order among @bytes of new memory, until
 * movable_drop(). Returns 0 or -errno.
 */
int movable_spread(struct movable *own, uint64_t bytes, unsigned int order,
		   uint64_t *blocks)
{
	size_t nr = bytes / sysconf(_SC_PAGESIZE);
	struct place *places = calloc(nr ? nr : 1, sizeof(*places));
	int err;

	movable_drop(own);
	err = places ? take(own, bytes) : -ENOMEM;
	if (!err)
		err = find_places(own, places, nr);
	if (!err) {
		qsort(places, nr, sizeof(*places), by_pfn);
		*blocks = thin_out(own, places, nr, order);
	}
	free(places);
	if (err)
		movable_drop(own);
	return err;
}

/* The same until movable_release(). Returns the exit status. */
int movable_fragment(struct cli *cli, uint64_t bytes, unsigned int order,
		     uint64_t *blocks)
{
	int err = movable_spread(&cli->movable, bytes, order, blocks);

	return err ? explain(cli, reasons, err, "taking memory to fragment") :
		     EXIT_OK;
}
