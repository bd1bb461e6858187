// SPDX-License-Identifier: GPL-2.0-only
/* What mmkit says of an address space, against the files in /proc/PID. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aspace.h"
#include "page.h"

#define TRIES	20

/* A process that runs changes while two views of it are taken: mmkit itself, too. */

struct pair {
	const char *what;
	int64_t ours;
	int64_t kernels;
};

#define REGION_PAIRS	17

static uint64_t bytes(uint64_t pages)
{
	return pages * page_size();
}

static unsigned int pair_maps(struct pair *pairs,
			      const struct mmkit_aspace_region *region,
			      const struct mmkit_proc_region *proc)
{
	unsigned int nr = 0;

	pairs[nr++] = (struct pair){ "end", region->end, proc->end };
	pairs[nr++] = (struct pair){ "flags", region->flags, proc->flags };
	pairs[nr++] = (struct pair){ "offset", region->offset, proc->offset };
	pairs[nr++] = (struct pair){ "inode", region->ino, proc->ino };
	pairs[nr++] = (struct pair){ "dev", region->major << 20 | region->minor,
				     proc->major << 20 | proc->minor };
	/* Before 6.6 what ends where the heap begins is called heap, too. */
	if (strcmp(proc->name, "[heap]"))
		pairs[nr++] = (struct pair){ "name", 0,
			strcmp(region->name, proc->name) ? 1 : 0 };
	return nr;
}

static unsigned int pair_counts(struct pair *pairs,
				const struct mmkit_aspace_region *region,
				const struct mmkit_proc_region *proc)
{
	const struct mmkit_aspace_counts *counts = &region->counts;
	const __u64 *kind = (const __u64 *)counts->kind;
	uint64_t huge = proc->anon_huge + proc->shmem_huge + proc->file_huge;
	unsigned int nr = 0;

	if (region->flags & MMKIT_VMA_HUGETLB) {
		pairs[nr++] = (struct pair){ "hugetlb",
			bytes(kind[MMKIT_ASPACE_HUGETLB]),
			proc->shared_hugetlb + proc->private_hugetlb };
		return nr;
	}
	pairs[nr++] = (struct pair){ "rss",
		bytes(kind[MMKIT_ASPACE_ANON] + kind[MMKIT_ASPACE_FILE] +
		      kind[MMKIT_ASPACE_SHMEM] + kind[MMKIT_ASPACE_MIGRATION]),
		proc->rss };
	pairs[nr++] = (struct pair){ "anonymous",
		bytes(kind[MMKIT_ASPACE_ANON]), proc->anonymous };
	pairs[nr++] = (struct pair){ "referenced", bytes(counts->referenced),
				     proc->referenced };
	pairs[nr++] = (struct pair){ "dirty", bytes(counts->dirty),
		proc->shared_dirty + proc->private_dirty };
	pairs[nr++] = (struct pair){ "shared", bytes(counts->shared),
		proc->shared_dirty + proc->shared_clean };
	pairs[nr++] = (struct pair){ "lazyfree", bytes(counts->lazyfree),
				     proc->lazyfree };
	pairs[nr++] = (struct pair){ "huge", bytes(counts->huge -
		(counts->huge && kind[MMKIT_ASPACE_ZERO] ?
		 kind[MMKIT_ASPACE_ZERO] : 0)), huge };
	/* Of shared memory smaps counts what is in no entry, too. */
	if (region->kind != MMKIT_REGION_SHARED &&
	    region->kind != MMKIT_REGION_FILE)
		pairs[nr++] = (struct pair){ "swap",
			bytes(kind[MMKIT_ASPACE_SWAP]), proc->swap };
	return nr;
}

static unsigned int pair_region(struct pair *pairs, bool counted,
				const struct mmkit_aspace_region *region,
				const struct mmkit_proc_region *proc)
{
	unsigned int nr = pair_maps(pairs, region, proc);

	return counted ? nr + pair_counts(pairs + nr, region, proc) : nr;
}

static const struct mmkit_proc_region *
find_region(const struct mmkit_proc_region *procs, int nr, uint64_t start)
{
	int i;

	for (i = 0; i < nr; i++)
		if (procs[i].start == start)
			return &procs[i];
	return NULL;
}

/* The gate page is no region of the process: the kernel adds it to the file. */
static int without_gate(const struct mmkit_proc_region *procs, int nr)
{
	return nr > 0 && !strcmp(procs[nr - 1].name, "[vsyscall]") ? nr - 1 : nr;
}

/* Compares all, and records it if @cli is given. Returns what differs. */
static unsigned int compare(struct cli *cli, bool counted,
			    const struct mmkit_aspace_region *regions, int nr,
			    const struct mmkit_proc_region *procs, int nr_procs)
{
	const struct mmkit_proc_region *proc;
	struct pair pairs[REGION_PAIRS];
	unsigned int differ, k, nr_pairs;
	char where[32];
	int i;

	differ = nr != nr_procs;
	if (cli)
		verify_field(cli, "regions", "/proc/PID/smaps", "the process",
			     nr, nr_procs);
	for (i = 0; i < nr; i++) {
		proc = find_region(procs, nr_procs, regions[i].start);
		differ += !proc;
		if (!proc)
			continue;
		nr_pairs = pair_region(pairs, counted, &regions[i], proc);
		snprintf(where, sizeof(where), "0x%llx",
			 (unsigned long long)regions[i].start);
		for (k = 0; k < nr_pairs; k++) {
			differ += pairs[k].ours != pairs[k].kernels;
			if (cli)
				verify_field(cli, pairs[k].what,
					     "/proc/PID/smaps", where,
					     pairs[k].ours, pairs[k].kernels);
		}
	}
	return differ;
}

/* Regions of which one reading of smaps said the same. */
int regions_verified(struct cli *cli, int fd, uint32_t pid, bool counted,
		     struct mmkit_aspace_region **regions)
{
	uint32_t flags = counted ? MMKIT_ASPACE_COUNT : 0;
	struct mmkit_proc_region *procs;
	int try, nr, nr_procs;
	unsigned int differ;

	for (try = 1;; try++) {
		nr = mmkit_aspace_regions(fd, pid, flags, regions);
		if (nr < 0)
			return nr;
		nr_procs = mmkit_proc_smaps(pid, &procs);
		if (nr_procs < 0) {
			verify_skip(cli, "regions", "/proc/PID/smaps", nr_procs);
			return nr;
		}
		nr_procs = without_gate(procs, nr_procs);
		differ = compare(NULL, counted, *regions, nr, procs, nr_procs);
		if (!differ || try == TRIES)
			break;
		free(procs);
		free(*regions);
	}
	compare(cli, counted, *regions, nr, procs, nr_procs);
	free(procs);
	return nr;
}

/* --- pages */

#define SWAP_TYPE_BITS	5

static void verify_walk_page(struct cli *cli,
			     const struct mmkit_aspace_walk *walk, uint64_t entry)
{
	bool page = walk->kind == MMKIT_ENTRY_PAGE ||
		    walk->kind == MMKIT_ENTRY_PROTNONE_PAGE;
	bool away = walk->kind >= MMKIT_ENTRY_SWAP;
	const char *source = "/proc/PID/pagemap";
	char where[32];

	snprintf(where, sizeof(where), "0x%llx",
		 (unsigned long long)walk->address);
	verify_field(cli, "present", source, where, page,
		     !!(entry & MMKIT_PAGEMAP_PRESENT));
	verify_field(cli, "swapped", source, where, away,
		     !!(entry & MMKIT_PAGEMAP_SWAPPED));
	if (walk->state & MMKIT_WALK_NOPFN)
		return;
	if (page)
		verify_field(cli, "pfn", source, where, walk->pfn,
			     entry & MMKIT_PAGEMAP_PFN);
	else if (walk->kind == MMKIT_ENTRY_SWAP)
		verify_field(cli, "swap entry", source, where,
			     walk->swap_offset << SWAP_TYPE_BITS |
			     walk->swap_type, entry & MMKIT_PAGEMAP_PFN);
}

/* Of the kernel's half there is no such file; its pages are in kpageflags. */
void walk_verify(struct cli *cli, const struct mmkit_aspace_walk *walk)
{
	uint64_t entry, flags, count;
	int ret;

	if (!(walk->state & MMKIT_WALK_KERNEL)) {
		ret = mmkit_proc_pagemap_of(walk->pid, walk->address, &entry, 1);
		if (ret != 1)
			verify_skip(cli, "present", "/proc/PID/pagemap",
				    ret < 0 ? ret : -EIO);
		else
			verify_walk_page(cli, walk, entry);
	}
	if (!walk->pfn || walk->page.state & MMKIT_PAGE_NOPAGE)
		return;
	ret = mmkit_proc_kpageflags(walk->pfn, &flags, 1);
	if (ret == 1)
		ret = mmkit_proc_kpagecount(walk->pfn, &count, 1);
	if (ret == 1)
		page_compare(cli, walk->pfn, &walk->page, flags, count);
	else
		verify_skip(cli, "flags", "/proc/kpageflags", ret);
}

static bool is_present(unsigned int kind)
{
	return kind >= MMKIT_ASPACE_ANON && kind <= MMKIT_ASPACE_SPECIAL;
}

static bool is_of_file(unsigned int kind)
{
	return kind == MMKIT_ASPACE_FILE || kind == MMKIT_ASPACE_SHMEM ||
	       kind == MMKIT_ASPACE_HUGETLB;
}

#define WORD_PAIRS	5
#define PM_EXCLUSIVE	(1ull << 56)
#define PM_FILE		(1ull << 61)

static unsigned int pair_word(struct pair *pairs, uint64_t word, uint64_t entry)
{
	unsigned int kind = MMKIT_WORD_KIND(word), nr = 0;
	bool present = is_present(kind);

	pairs[nr++] = (struct pair){ "present", present,
				     !!(entry & MMKIT_PAGEMAP_PRESENT) };
	pairs[nr++] = (struct pair){ "swapped", kind >= MMKIT_ASPACE_SWAP,
				     !!(entry & MMKIT_PAGEMAP_SWAPPED) };
	pairs[nr++] = (struct pair){ "of a file", is_of_file(kind),
				     !!(entry & PM_FILE) };
	if (present && kind < MMKIT_ASPACE_ZERO)
		pairs[nr++] = (struct pair){ "shared",
			!!(word & MMKIT_WORD_SHARED), !(entry & PM_EXCLUSIVE) };
	/* Without CAP_SYS_ADMIN neither of the two has a frame. */
	if (kind >= MMKIT_ASPACE_ANON && kind != MMKIT_ASPACE_MARKER)
		pairs[nr++] = (struct pair){ "pfn", word & MMKIT_WORD_PFN,
			entry & MMKIT_PAGEMAP_PFN & MMKIT_WORD_PFN };
	return nr;
}

/* Compares all, and records it if @cli is given. Returns what differs. */
static unsigned int compare_words(struct cli *cli, uint64_t start,
				  const uint64_t *words,
				  const uint64_t *entries, int nr)
{
	unsigned int differ = 0, k, nr_pairs;
	struct pair pairs[WORD_PAIRS];
	char where[32];
	int i;

	for (i = 0; i < nr; i++) {
		nr_pairs = pair_word(pairs, words[i], entries[i]);
		snprintf(where, sizeof(where), "%#llx",
			 (unsigned long long)start + bytes(i));
		for (k = 0; k < nr_pairs; k++) {
			differ += pairs[k].ours != pairs[k].kernels;
			if (cli)
				verify_field(cli, pairs[k].what,
					     "/proc/PID/pagemap", where,
					     pairs[k].ours, pairs[k].kernels);
		}
	}
	return differ;
}

/* Words of which one reading of pagemap said the same; as mmkit_aspace_pages(). */
int words_verified(struct cli *cli, int fd, uint32_t pid, uint64_t start,
		   uint32_t nr, uint64_t *words)
{
	uint64_t *entries;
	int try, ret, got;

	if (!cli->opt.verify)
		return mmkit_aspace_pages(fd, pid, start, nr, 0, words);
	entries = calloc(nr, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	for (try = 1;; try++) {
		ret = mmkit_aspace_pages(fd, pid, start, nr, 0, words);
		if (ret < 0)
			break;
		got = mmkit_proc_pagemap_of(pid, start, entries, ret);
		if (got < 0) {
			verify_skip(cli, "present", "/proc/PID/pagemap", got);
			break;
		}
		if (try < TRIES &&
		    compare_words(NULL, start, words, entries, got))
			continue;
		compare_words(cli, start, words, entries, got);
		break;
	}
	free(entries);
	return ret;
}

#define PIECE	4096	/* entries read at once */

/* The sums of a range; it may be the whole half, and that is too much to read. */
void counts_verify(struct cli *cli, uint32_t pid, const struct place *place,
		   const struct mmkit_aspace_counts *counts)
{
	uint64_t pages = (place->end - place->start) / page_size(), done = 0;
	const __u64 *kind = (const __u64 *)counts->kind;
	uint64_t entries[PIECE], present = 0, swapped = 0;
	int i, got = pages > MMKIT_ASPACE_PAGES_MAX ? -EFBIG : 0;

	while (got >= 0 && done < pages) {
		got = mmkit_proc_pagemap_of(pid, place->start + bytes(done),
					    entries, pages - done < PIECE ?
					    pages - done : PIECE);
		for (i = 0; i < got; i++) {
			present += entries[i] >> 63;
			swapped += entries[i] >> 62 & 1;
		}
		done += got;
		if (!got)
			break;
	}
	if (got < 0) {
		verify_skip(cli, "present", "/proc/PID/pagemap", got);
		return;
	}
	verify_field(cli, "present", "/proc/PID/pagemap", "the range",
		     counts_present(counts), present);
	verify_field(cli, "swapped", "/proc/PID/pagemap", "the range",
		     kind[MMKIT_ASPACE_SWAP] + kind[MMKIT_ASPACE_MIGRATION] +
		     kind[MMKIT_ASPACE_HWPOISON] + kind[MMKIT_ASPACE_DEVICE] +
		     kind[MMKIT_ASPACE_MARKER], swapped);
}
