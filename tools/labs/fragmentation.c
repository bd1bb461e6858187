// SPDX-License-Identifier: GPL-2.0-only
/* Enough is free, and a large block is not to be had. */
#include <stdlib.h>

#include "lab.h"

#define ORDER	8	/* CPUs keep some of order 9, huge pages, to themselves */
#define BYTES	(64ul << 20)
#define BLOCKS	((int64_t)(BYTES / page_size() >> ORDER))

/* What part of each zone's free memory is no use, 1/1000, of all zones together. */
static int64_t unusable(struct lab_run *run, int fd)
{
	struct mmkit_zone *zones;
	int nr = zones_read(run, fd, &zones), i;
	int64_t index = 0;

	for (i = 0; i < nr; i++)
		index += zones[i].unusable[ORDER];
	free(zones);
	return index;
}

/* How many pages have another page frame now. */
static size_t moved(struct lab_run *run, int fd, uint32_t handle,
		    const struct mmkit_page *before, size_t nr)
{
	struct mmkit_page now[nr];
	size_t found = 0, i;

	pages_look(run, fd, handle, nr, now);
	for (i = 0; i < nr; i++)
		found += now[i].pfn != before[i].pfn;
	return found;
}

static void look(struct lab_run *run, int fd, uint32_t handle, uint32_t nr)
{
	struct mmkit_page pages[nr];
	uint64_t blocks[nr];
	uint32_t i;

	pages_look(run, fd, handle, nr, pages);
	for (i = 0; i < nr; i++)
		blocks[i] = pages[i].pfn >> ORDER;
	claim(run, "each page sits in another block", distinct(blocks, nr), EQ, nr,
	      "blocks");
	write_text(run, "/proc/sys/vm/compact_memory", "1");
	claim(run, "compaction cannot help: the kernel's own pages do not move",
	      moved(run, fd, handle, pages, nr), EQ, 0, "pages that moved");
}

static void run_lab(struct lab_run *run)
{
	struct mmkit_pages_fragment req = {
		.order = ORDER, .bytes = BYTES, .gfp = MMKIT_GFP_KERNEL,
		.node = -1,
	};
	int64_t all, large, index, whole;
	int fd = lab_open(run, "pages"), err;

	stay_on(run, 0);
	/* Free pages on lists of CPUs would come back meanwhile, and make blocks whole. */
	flush_kernel_pages(run, fd);
	all = free_from(run, fd, 0) + pages_waiting(run, fd);
	large = free_from(run, fd, ORDER);
	index = unusable(run, fd);
	err = mmkit_pages_fragment(fd, &req);
	if (err)
		stop(run, "nothing could be fragmented (%s)", errno_name(err));
	whole = free_from(run, fd, ORDER);
	tell(run, "In %u blocks of order %d (1 MiB), one page each is kept, the others are free.",
	     req.blocks, ORDER);
	claim(run, "64 MiB were broken up", req.blocks, EQ, BLOCKS, "blocks");
	claim(run, "little of the memory is gone",
	      all - free_from(run, fd, 0) - pages_waiting(run, fd), LT,
	      (BLOCKS << ORDER) / 16, "pages");
	claim(run, "but 64 MiB less of it are in blocks of that size",
	      large - whole, GE, (BLOCKS << ORDER) * 3 / 4, "pages");
	claim(run, "more of what is free is of no use for one (unusable index)",
	      unusable(run, fd), GT, index, "thousandths");
	look(run, fd, req.handle, req.blocks);
	whole = free_from(run, fd, ORDER);
	pages_give(run, fd, req.handle, 0, 0);
	flush_kernel_pages(run, fd);
	claim(run, "with those few pages gone, the blocks are whole again",
	      free_from(run, fd, ORDER) - whole, GE,
	      (BLOCKS << ORDER) * 3 / 4, "pages");
}

const struct lab fragmentation_lab = {
	.name = "fragmentation",
	.title = "one page in each block: enough is free, no large block is",
	.needs = LAB_ROOT | LAB_PAGES,
	.code = { "mm/vmstat.c: unusable_free_index()", "mm/vmstat.c: fragmentation_index()",
		  "mm/page_alloc.c: steal_suitable_fallback()" },
	.docs = { "Documentation/admin-guide/sysctl/vm.rst" },
	.run = run_lab,
};
