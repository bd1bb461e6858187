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
}

const struct lab page_replacement_lab = {
	.name = "page-replacement",
	.title = "which page has to go: LRU lists or generations, used and unused",
	.needs = LAB_ROOT | LAB_SWAP | LAB_MEMCG,
	.code = { "mm/vmscan.c: shrink_inactive_list()", "mm/vmscan.c: folio_check_references()",
		  "mm/vmscan.c: evict_folios()", "mm/workingset.c: workingset_refault()" },
	.docs = { "Documentation/mm/multigen_lru.rst",
		  "Documentation/admin-guide/mm/multigen_lru.rst" },
	.run = run_lab,
};
