// SPDX-License-Identifier: GPL-2.0-only
/* What a process "uses": the resident set, its parts, and who shares it. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lab.h"

#define NR	1024

#define ROLLUP	"/proc/self/smaps_rollup"

static void grow(struct lab_run *run, char *mem)
{
	int64_t before = read_key(run, ROLLUP, "Rss");
	int64_t size = read_key(run, "/proc/self/status", "VmSize");

	touch_write(mem, PAGES(NR));
	tell(run, "%d pages that were mapped before are touched.", NR);
	claim(run, "the resident set grows by what was touched",
	      read_key(run, ROLLUP, "Rss") - before, GE, PAGES(NR), "bytes");
	claim(run, "the virtual size does not: it was there before",
	      read_key(run, "/proc/self/status", "VmSize"), EQ, size, "bytes");
	claim(run, "all of it is private, and dirty",
	      smaps_at(run, mem, "Private_Dirty"), EQ, PAGES(NR), "bytes");
}

/* Of lines that were read at once, so that they fit. */
static int64_t line_of(const char *status, const char *key)
{
	const char *at = strstr(status, key);

	return at ? strtoll(at + strlen(key), NULL, 10) * 1024 : -1;
}

static void parts(struct lab_run *run)
{
	int64_t anon, mapped, shmem;
	char status[4096];

	read_text(run, "/proc/self/status", status, sizeof(status));
	anon = line_of(status, "\nRssAnon:");
	mapped = line_of(status, "\nRssFile:");
	shmem = line_of(status, "\nRssShmem:");

	detail(run, "anonymous %lld, of files %lld, shared memory %lld bytes",
	       (long long)anon, (long long)mapped, (long long)shmem);
	claim(run, "VmRSS is the sum of anonymous memory, files and shared memory",
	      anon + mapped + shmem, EQ, line_of(status, "\nVmRSS:"), "bytes");
}

/* A process that reads the memory, and says what it has of it. */
static void sharer(struct lab_run *run, struct child *parent, void *data)
{
	char *mem = data;

	touch_read(mem, PAGES(NR));
	child_say(run, parent, smaps_at(run, mem, "Rss"));
	child_say(run, parent, smaps_at(run, mem, "Pss"));
	child_hear(run, parent);
}

static void shared(struct lab_run *run)
{
	char *mem = take(run, PAGES(NR), MAP_SHARED | MAP_ANONYMOUS);
	struct child child;
	int64_t rss, pss;

	touch_write(mem, PAGES(NR));
	claim(run, "memory that one process maps is its own share",
	      smaps_at(run, mem, "Pss"), EQ, PAGES(NR), "bytes");
	child = child_start(run, sharer, mem);
	rss = child_hear(run, &child);
	pss = child_hear(run, &child);
	tell(run, "Another process maps the same %d pages.", NR);
	claim(run, "both count all of it as resident: sums of RSS count twice",
	      rss + smaps_at(run, mem, "Rss"), EQ, 2 * PAGES(NR), "bytes");
	claim(run, "the proportional size of each is a half: sums of PSS are right",
	      pss + smaps_at(run, mem, "Pss"), EQ, PAGES(NR), "bytes");
	claim(run, "none of it would come free if one of them ended",
	      smaps_at(run, mem, "Private_Dirty") +
	      smaps_at(run, mem, "Private_Clean"), EQ, 0, "bytes");
	child_say(run, &child, 0);
	child_end(run, &child);
}

static void shrink(struct lab_run *run, char *mem)
{
	tell(run, "The first %d pages are given back (MADV_DONTNEED).", NR / 2);
	madvise(mem, PAGES(NR) / 2, MADV_DONTNEED);
	claim(run, "the resident set shrinks at once",
	      smaps_at(run, mem, "Rss"), EQ, PAGES(NR) / 2, "bytes");
	claim(run, "and the addresses stay", smaps_at(run, mem, "Size"), EQ,
	      PAGES(NR), "bytes");
	claim(run, "the kernel remembers the peak",
	      read_key(run, "/proc/self/status", "VmHWM"), GE,
	      read_key(run, ROLLUP, "Rss") + PAGES(NR) / 4, "bytes");
}

static void run_lab(struct lab_run *run)
{
	char *mem = take_private(run, PAGES(NR));

	grow(run, mem);
	parts(run);
	shrink(run, mem);
	shared(run);
}

const struct lab resident_set_lab = {
	.name = "resident-set",
	.title = "RSS, its parts, and the shares of those who share",
	.needs = 0,
	.code = { "fs/proc/task_mmu.c: task_mem()",
		  "fs/proc/task_mmu.c: smaps_account()",
		  "mm/memory.c: add_mm_rss_vec()" },
	.docs = { "Documentation/filesystems/proc.rst" },
	.run = run_lab,
};
