// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel itself uses, by kind, and that the kinds add up. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "lab.h"

#define PROCESSES	16
#define FILES		2048
#define SPREAD		256

#define MEMINFO	"/proc/meminfo"
#define BIT(n)	(1ull << (n))

/* 1 << KPF_x, of which a page frame has the first that fits. */
static const struct {
	const char *name;
	uint64_t flags;
} kinds[] = {
	{ "never given to the allocator", BIT(32) },	/* RESERVED */
	{ "free", BIT(10) },				/* BUDDY */
	{ "slab", BIT(7) },				/* SLAB */
	{ "page tables", BIT(26) },			/* PGTABLE */
	{ "of processes and files", BIT(5) | BIT(11) | BIT(12) },
							/* LRU MMAP ANON */
	{ "other", ~0ull },
};

#define RESERVED	0
#define TABLES		3
#define NR_KINDS	6

/* A line of /proc/meminfo, with what each CPU has yet to add to it. */
static int64_t counter(struct lab_run *run, const char *line)
{
	fold_counters(run);
	return read_key(run, MEMINFO, line);
}

struct census {
	uint64_t all;
	uint64_t of[NR_KINDS];
};

static void count(void *data, uint64_t pfn, uint64_t flags)
{
	struct census *census = data;
	unsigned int kind = 0;

	(void)pfn;
	while (kind < NR_KINDS - 1 && !(flags & kinds[kind].flags))
		kind++;
	census->all++;
	census->of[kind]++;
}

static void take_census(struct lab_run *run)
{
	struct zone_sum zones = zones_sum(run, -1);
	struct census census = { 0 };
	unsigned int i;
	int64_t apart;

	each_frame(run, count, &census);
	for (i = 0; i < NR_KINDS; i++)
		tell(run, "%8llu page frames: %s", (unsigned long long)census.of[i],
		     kinds[i].name);
	claim(run, "there is a description for each page frame that is present",
	      census.all, EQ, zones.present, "page frames");
	claim(run, "what the allocator was given, MemTotal, is all but the reserved ones",
	      PAGES(census.all - census.of[RESERVED]), EQ,
	      read_key(run, MEMINFO, "MemTotal"), "bytes");
	apart = PAGES(census.of[TABLES]) - counter(run, "PageTables");
	claim(run, "page frames of page tables and what /proc/meminfo says of them are hardly apart",
	      labs(apart), LE, 256 << 10, "bytes");
}

/* Memory that /proc/meminfo names; each byte in one of these lines. */
static int64_t named(struct lab_run *run)
{
	static const char *const lines[] = {
		"MemFree", "Active", "Inactive", "Unevictable", "SwapCached",
		"Slab", "KernelStack", "PageTables", "VmallocUsed", "Percpu",
	};
	int64_t sum = 0, value;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		value = read_key(run, MEMINFO, lines[i]);
		detail(run, "%s %lld", lines[i], (long long)value);
		sum += value;
	}
	return sum;
}

static void add_up(struct lab_run *run)
{
	int64_t total = read_key(run, MEMINFO, "MemTotal"), sum = named(run);

	tell(run, "/proc/meminfo names %lld KiB of %lld: free, processes and files, slab, stacks, tables, vmalloc, per-cpu.",
	     (long long)sum / 1024, (long long)total / 1024);
	claim(run, "nothing is counted twice: its lines are not more than there is",
	      sum, LE, total, "bytes");
	claim(run, "what they do not name, pages that drivers took, is under a fifth",
	      total - sum, LT, total / 5, "bytes");
}

static void sleeper(struct lab_run *run, struct child *parent, void *data)
{
	(void)data;
	child_hear(run, parent);
}

static void stacks(struct lab_run *run)
{
	int64_t before = counter(run, "KernelStack");
	struct child children[PROCESSES];
	unsigned int i;

	for (i = 0; i < PROCESSES; i++)
		children[i] = child_start(run, sleeper, NULL);
	claim(run, "16 processes more: each has a stack in the kernel, of 16K or more",
	      counter(run, "KernelStack") - before, GE,
	      (PROCESSES - 4) * (16 << 10), "bytes");
	for (i = 0; i < PROCESSES; i++) {
		child_say(run, &children[i], 0);
		child_end(run, &children[i]);
	}
}

static void tables(struct lab_run *run)
{
	size_t each = PAGES(page_size() / 8), i;
	char *mem = take_private(run, each * SPREAD);
	int64_t before = counter(run, "PageTables");

	for (i = 0; i < SPREAD; i++)
		*(volatile char *)(mem + i * each) = 1;
	claim(run, "256 pages, 2M apart: a page table for each",
	      counter(run, "PageTables") - before, GE,
	      PAGES(SPREAD * 3 / 4), "bytes");
}

static void objects(struct lab_run *run)
{
	struct rlimit limit = { FILES + 64, FILES + 64 };
	int64_t before = counter(run, "Slab");
	int i;

	if (setrlimit(RLIMIT_NOFILE, &limit))
		stop(run, "no %d open files (%s)", FILES, errno_name(errno));
	for (i = 0; i < FILES; i++)
		if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
			stop(run, "/dev/null: %s", errno_name(errno));
	claim(run, "2048 open files: an object of a slab for each, of 128 bytes or more",
	      counter(run, "Slab") - before, GE, FILES * 128, "bytes");
}

static void run_lab(struct lab_run *run)
{
	take_census(run);
	add_up(run);
	tables(run);
	stacks(run);
	objects(run);
}

const struct lab kernel_memory_lab = {
	.name = "kernel-memory",
	.title = "what the kernel itself uses, by kind, adding up to all there is",
	.needs = LAB_ROOT,
	.code = { "fs/proc/meminfo.c: meminfo_proc_show()",
		  "fs/proc/page.c: stable_page_flags()",
		  "kernel/fork.c: account_kernel_stack()",
		  "mm/page_alloc.c: adjust_managed_page_count()" },
	.docs = { "Documentation/filesystems/proc.rst",
		  "Documentation/admin-guide/mm/pagemap.rst" },
	.run = run_lab,
};
