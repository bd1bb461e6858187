// SPDX-License-Identifier: GPL-2.0-only
/* Which page has to go: not one that is used, if the kernel can tell. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"

#define HOT	512
#define COLD	4096
#define ROUND	64	/* cold pages between two looks at all the hot ones */
#define LRU_GEN	"/sys/kernel/mm/lru_gen/enabled"

static int64_t on_lists(struct lab_run *run, const char *group)
{
	static const char *const lists[] = {
		"active_anon", "inactive_anon", "active_file", "inactive_file",
		"unevictable",
	};
	int64_t bytes = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		bytes += cgroup_key(run, group, "memory.stat", lists[i]);
	return bytes;
}

static void say_which(struct lab_run *run)
{
	bool gen = !access(LRU_GEN, F_OK) && read_number(run, LRU_GEN);

	tell(run, "This kernel keeps pages %s.", gen ?
	     "in generations, the oldest of which is looked at first (MGLRU)" :
	     "on an active and an inactive list, whose end is looked at first");
}

static void lists(struct lab_run *run, const char *group, const char *hot)
{
	int64_t bytes;

	drain_batches();
	bytes = on_lists(run, group);
	say_which(run);
	/* Each CPU may have some dozens that it has not told of yet. */
	claim(run, "every page of the cgroup is on one of its lists: those of this lab",
	      bytes, GE, PAGES(present_in(run, hot, PAGES(HOT)) - 128), "bytes");
	claim(run, "and not many more", bytes, LE, PAGES(HOT + 256), "bytes");
}

/* A stream of pages that are used once, and a set that is used all the time. */
static void stream(char *hot, char *cold)
{
	size_t at;

	for (at = 0; at < COLD; at += ROUND) {
		touch_write(cold + PAGES(at), PAGES(ROUND));
		touch_read(hot, PAGES(HOT));
	}
}

static void replace(struct lab_run *run, const char *group, char *hot)
{
	char *cold = take_private(run, PAGES(COLD)), text[32];
	size_t hot_left, cold_left;
	struct faults before;

	snprintf(text, sizeof(text), "%zu", PAGES(3 * HOT));
	cgroup_set(run, group, "memory.max", text);
	stream(hot, cold);
	hot_left = present_in(run, hot, PAGES(HOT));
	cold_left = present_in(run, cold, PAGES(COLD));
	tell(run, "A process that may have %d pages uses %d again and again, and between that %d others, once each.",
	     3 * HOT, HOT, COLD);
	claim(run, "most of what was used once had to go", cold_left, LT, COLD / 2,
	      "pages left");
	claim(run, "most of what is used all the time stayed", hot_left, GT,
	      HOT * 3 / 4, "pages left");
	claim(run, "a page in use is likelier to be there", hot_left * COLD, GT,
	      cold_left * HOT * 2, "weighted pages");
	before = faults_now();
	touch_read(hot, PAGES(HOT));
	claim(run, "so that using them again waits for few",
	      faults_since(before).major, LT, HOT / 4, "major faults");
	munmap(cold, PAGES(COLD));
	munmap(hot, PAGES(HOT));
}

static void advise(struct lab_run *run, const char *group)
{
	char *mem = take_private(run, PAGES(2 * HOT));
	char *kept = mem, *cold = mem + PAGES(HOT);

	cgroup_set(run, group, "memory.max", "max");
	touch_write(mem, PAGES(2 * HOT));
	drain_batches();
	madvise(cold, PAGES(HOT), MADV_COLD);
	touch_read(kept, PAGES(HOT));
	cgroup_reclaim(run, group, PAGES(HOT / 2));
	tell(run, "Of two sets of %d pages one is declared cold (MADV_COLD), the other is used; then %d pages are reclaimed.",
	     HOT, HOT / 2);
	claim(run, "more of the cold ones had to go",
	      swapped_in(run, cold, PAGES(HOT)), GT,
	      swapped_in(run, kept, PAGES(HOT)), "pages in swap");
}

/*
 * Page faults of the pager of /dev/mmkit/map, which is told of every access:
 * only the page that was touched last is mapped.
 */
static int64_t misses(struct lab_run *run, uint32_t policy, uint32_t frames,
		      const uint8_t *refs, size_t nr)
{
	struct mmkit_map_pager pager = {
		.flags = MMKIT_MAP_EXACT, .frames = frames, .policy = policy,
		.swap = MMKIT_MAP_SHMEM, .fd = -1,
	};
	int fd = lab_open(run, "map"), err;
	struct mmkit_map_paged paged;
	volatile char *mem;
	size_t i;

	err = mmkit_map_set(fd, "pager", PAGES(256));
	if (!err)
		err = mmkit_map_pager(fd, &pager);
	if (err)
		stop(run, "/dev/mmkit/map does not page (%s)", errno_name(err));
	mem = mmap(NULL, PAGES(256), PROT_READ, MAP_SHARED, fd, 0);
	if (mem == MAP_FAILED)
		stop(run, "/dev/mmkit/map cannot be mapped");
	for (i = 0; i < nr; i++)
		(void)mem[PAGES(refs[i])];
	mmkit_map_paged(fd, &paged);
	munmap((void *)mem, PAGES(256));
	mmkit_close(fd);
	return paged.major;
}

/* One string of references, from the paper of Belady, Nelson and Shedler. */
static void anomaly(struct lab_run *run)
{
	static const uint8_t refs[] = { 1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5 };
	size_t nr = sizeof(refs);
	int64_t lru3 = misses(run, MMKIT_MAP_LRU, 3, refs, nr);
	int64_t lru4 = misses(run, MMKIT_MAP_LRU, 4, refs, nr);

	tell(run, "mmkit's pager replaces pages by the policies of the textbooks. It is given the pages 1 2 3 4 1 2 5 1 2 3 4 5, in 3 frames and in 4.");
	claim(run, "fifo: 9 faults in 3 frames, as the textbook says",
	      misses(run, MMKIT_MAP_FIFO, 3, refs, nr), EQ, 9, "faults");
	claim(run, "and more in 4: Belady's anomaly",
	      misses(run, MMKIT_MAP_FIFO, 4, refs, nr), EQ, 10, "faults");
	claim(run, "lru: 10 faults in 3", lru3, EQ, 10, "faults");
	claim(run, "and fewer in 4: what is in 3 frames is in 4 as well", lru4,
	      LT, lru3, "faults");
}

/* The experiment above in small: 4 pages all the time, others between them. */
static void hot_and_cold(struct lab_run *run)
{
	enum { HOT_PAGES = 4, ONCE = 200, FRAMES = 8 };
	uint8_t refs[ONCE * (HOT_PAGES + 1)];
	int64_t fifo, lru, clock;
	size_t nr = 0, i, hot;

	for (i = 0; i < ONCE; i++) {
		for (hot = 0; hot < HOT_PAGES; hot++)
			refs[nr++] = hot;
		refs[nr++] = HOT_PAGES + i;
	}
	fifo = misses(run, MMKIT_MAP_FIFO, FRAMES, refs, nr);
	lru = misses(run, MMKIT_MAP_LRU, FRAMES, refs, nr);
	clock = misses(run, MMKIT_MAP_CLOCK, FRAMES, refs, nr);
	tell(run, "Then %d pages again and again, and %d others once each between them, in %d frames.",
	     HOT_PAGES, ONCE, FRAMES);
	claim(run, "lru faults once for each page: what is used all the time stays",
	      lru, EQ, HOT_PAGES + ONCE, "faults");
	claim(run, "fifo does not know that a page is used", fifo, GT, lru,
	      "faults");
	claim(run, "clock knows one bit of it, which helps",
	      clock, LT, fifo, "faults");
}

static void run_lab(struct lab_run *run)
{
	const char *group = cgroup_new(run, "page-replacement");
	char *hot;

	cgroup_enter(run, group);
	hot = take_private(run, PAGES(HOT));
	touch_write(hot, PAGES(HOT));
	lists(run, group, hot);
	replace(run, group, hot);
	advise(run, group);
	anomaly(run);
	hot_and_cold(run);
}

const struct lab page_replacement_lab = {
	.name = "page-replacement",
	.title = "which page has to go: LRU lists or generations, used and unused",
	.needs = LAB_ROOT | LAB_SWAP | LAB_MEMCG | LAB_MAP,
	.code = { "mm/vmscan.c: shrink_inactive_list()", "mm/vmscan.c: folio_check_references()",
		  "mm/vmscan.c: evict_folios()", "mm/workingset.c: workingset_refault()" },
	.docs = { "Documentation/mm/multigen_lru.rst",
		  "Documentation/admin-guide/mm/multigen_lru.rst" },
	.run = run_lab,
};
