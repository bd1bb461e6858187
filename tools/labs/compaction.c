// SPDX-License-Identifier: GPL-2.0-only
/* Pages that can move are moved together, and nobody who uses them notices. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "pages.h"
#include "lab.h"

#define COMPACT	"/proc/sys/vm/compact_memory"
#define VMSTAT	"/proc/vmstat"
#define ORDER	9
#define BYTES	(96ul << 20)

/* The pages that are left: where, and in which page frame. */
struct kept {
	char *addr;
	uint64_t pfn;
};

static size_t find_kept(struct lab_run *run, const struct movable *own,
			struct kept *kept, size_t max)
{
	size_t pages = own->bytes / page_size(), nr = 0, i;
	uint64_t *entries = calloc(pages, sizeof(*entries));

	if (!entries || mmkit_proc_pagemap(own->mem, entries, pages) != (int)pages)
		stop(run, "/proc/self/pagemap cannot be read");
	for (i = 0; i < pages && nr < max; i++) {
		if (!(entries[i] & MMKIT_PAGEMAP_PRESENT))
			continue;
		kept[nr].addr = own->mem + PAGES(i);
		kept[nr++].pfn = entries[i] & MMKIT_PAGEMAP_PFN;
	}
	free(entries);
	return nr;
}

static void mark_kept(struct kept *kept, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		*(volatile size_t *)kept[i].addr = i + 1;
}

static void noticed(struct lab_run *run, const struct kept *kept, size_t nr)
{
	struct faults before = faults_now();
	size_t wrong = 0, i;

	for (i = 0; i < nr; i++)
		wrong += *(volatile size_t *)kept[i].addr != i + 1;
	claim(run, "every page has the same address and the same contents", wrong,
	      EQ, 0, "pages where not");
	claim(run, "and its page table entry is in place: no fault",
	      faults_since(before).minor, LT, nr / 4, "faults");
}

static void compact(struct lab_run *run, int fd, const struct movable *own,
		    struct kept *kept, size_t nr, uint64_t blocks)
{
	int64_t migrated = read_key(run, VMSTAT, "pgmigrate_success"), large;
	uint64_t now, moved = 0, i;

	settle_lists();
	large = free_from(run, fd, ORDER);
	tell(run, "Compaction is asked for (compact_memory).");
	write_text(run, COMPACT, "1");
	if (movable_count(own, ORDER, &now))
		stop(run, "/proc/self/pagemap cannot be read");
	for (i = 0; i < nr; i++)
		moved += pfn_at(run, kept[i].addr) != kept[i].pfn;
	claim(run, "the pages fill fewer blocks than before", now, LT, blocks * 3 / 4,
	      "blocks");
	claim(run, "because many of them are in other page frames", moved, GE,
	      blocks / 4, "pages");
	claim(run, "which the kernel counts as migrations (pgmigrate_success)",
	      read_key(run, VMSTAT, "pgmigrate_success") - migrated, GE, moved,
	      "pages");
	noticed(run, kept, nr);
	settle_lists();
	claim(run, "whole blocks are free that were not", free_from(run, fd, ORDER),
	      GT, large, "pages in blocks of order 9 and up");
}

static void run_lab(struct lab_run *run)
{
	struct movable own = { 0 };
	int fd = lab_open(run, "pages"), err;
	struct kept kept[1024];
	uint64_t blocks;
	size_t nr;

	if (access(COMPACT, F_OK))
		skip(run, "the kernel has no compaction (CONFIG_COMPACTION)");
	err = movable_spread(&own, BYTES, ORDER, &blocks);
	if (err)
		stop(run, "memory could not be taken (%s)", errno_name(err));
	nr = find_kept(run, &own, kept, 1024);
	mark_kept(kept, nr);
	tell(run, "This process keeps one page in each of %" PRIu64 " blocks of order %d, of 96 MiB it had.",
	     blocks, ORDER);
	claim(run, "it has as many pages as blocks", nr, EQ, blocks, "pages");
	compact(run, fd, &own, kept, nr, blocks);
	movable_drop(&own);
}

const struct lab compaction_lab = {
	.name = "compaction",
	.title = "pages that can move are moved together, unnoticed by their users",
	.needs = LAB_ROOT | LAB_PAGES,
	.code = { "mm/compaction.c: compact_zone()", "mm/compaction.c: isolate_migratepages_block()",
		  "mm/compaction.c: isolate_freepages()", "mm/migrate.c: migrate_pages()" },
	.docs = { "Documentation/mm/page_migration.rst",
		  "Documentation/admin-guide/sysctl/vm.rst" },
	.run = run_lab,
};
