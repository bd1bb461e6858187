// SPDX-License-Identifier: GPL-2.0-only
/* Memory that must not be paged out. */
#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"

#define NR	64

#define UNEVICTABLE	(1ull << 18)	/* KPF_UNEVICTABLE */

static void locked(struct lab_run *run, char *mem)
{
	if (mlock(mem, PAGES(NR)))
		stop(run, "mlock failed (%s)", errno_name(errno));
	tell(run, "%d pages that were never touched are locked.", NR);
	claim(run, "mlock() brings every page in",
	      present_in(run, mem, PAGES(NR)), EQ, NR, "pages");
	claim(run, "they count as locked (VmLck)",
	      read_key(run, "/proc/self/status", "VmLck"), EQ, PAGES(NR), "bytes");
	claim(run, "and in smaps", smaps_at(run, mem, "Locked"), EQ, PAGES(NR),
	      "bytes");
	/* The list that they are on is decided when the batches are emptied. */
	drain_batches();
	claim(run, "their page frames are on the list that reclaim never looks at",
	      pfn_flags(run, pfn_at(run, mem)) & UNEVICTABLE, EQ, UNEVICTABLE,
	      "flags");
	claim(run, "nobody may page them out by hand",
	      madvise(mem, PAGES(NR), MADV_PAGEOUT) ? errno : 0, EQ, EINVAL,
	      "as errno");
}

/*
 * Locking pages was a use, so reclaim lets them pass once, onto the active list. It
 * looks there when the cgroup's counters say that there are many, and those lag behind
 * by up to two seconds (mm/memcontrol.c: FLUSH_TIME): until they have gone, or for ten.
 */
static void reclaim(struct lab_run *run, char *mem, const char *group)
{
	time_t end = time(NULL) + 10;

	do {
		cgroup_reclaim(run, group, 8l << 20);
	} while (swapped_in(run, mem, PAGES(NR)) <= NR / 2 && time(NULL) < end);
}

static void pressed(struct lab_run *run, char *mem, const char *group)
{
	char *loose = take_private(run, PAGES(NR));

	touch_write(loose, PAGES(NR));
	tell(run, "Beside them %d pages are written, and the kernel is told to reclaim all it can.",
	     NR);
	reclaim(run, loose, group);
	claim(run, "pages that were not locked went to swap",
	      swapped_in(run, loose, PAGES(NR)), GT, NR / 2, "pages");
	claim(run, "locked ones stayed, each of them",
	      present_in(run, mem, PAGES(NR)), EQ, NR, "pages");
	munlock(mem, PAGES(NR));
	drain_batches();
	reclaim(run, mem, group);
	claim(run, "unlocked, they go the same way",
	      swapped_in(run, mem, PAGES(NR)), GT, NR / 2, "pages");
}

static void on_fault(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(NR));

	if (mlock2(mem, PAGES(NR), MLOCK_ONFAULT))
		stop(run, "mlock2 failed (%s)", errno_name(errno));
	touch_write(mem, PAGES(3));
	tell(run, "mlock2(MLOCK_ONFAULT) locks pages as they come, and three are touched.");
	claim(run, "only what was touched is there",
	      present_in(run, mem, PAGES(NR)), EQ, 3, "pages");
	munmap(mem, PAGES(NR));
}

/* As nobody, with a limit of 16 pages: the errno of locking 17. */
static int64_t over_limit(struct lab_run *run, void *data)
{
	struct rlimit limit = { PAGES(16), PAGES(16) };

	(void)run;
	setrlimit(RLIMIT_MEMLOCK, &limit);
	if (setuid(65534))
		return -1;
	if (mlock(data, PAGES(16)))
		return -2;
	return mlock(data, PAGES(17)) ? errno : 0;
}

static void run_lab(struct lab_run *run)
{
	const char *group = cgroup_new(run, "mlock");
	char *mem;

	cgroup_enter(run, group);
	mem = take_private(run, PAGES(NR));
	locked(run, mem);
	pressed(run, mem, group);
	on_fault(run);
	tell(run, "A process without privilege may lock up to RLIMIT_MEMLOCK.");
	claim(run, "one page more than the limit is refused",
	      in_child(run, over_limit, take_private(run, PAGES(NR))), EQ, ENOMEM,
	      "as errno");
}

const struct lab mlock_lab = {
	.name = "mlock",
	.title = "memory that must not be paged out, and who may lock it",
	.needs = LAB_ROOT | LAB_SWAP | LAB_MEMCG,
	.code = { "mm/mlock.c: do_mlock()", "mm/mlock.c: mlock_folio()",
		  "mm/mlock.c: apply_vma_lock_flags()" },
	.docs = { "Documentation/mm/unevictable-lru.rst" },
	.run = run_lab,
};
