// SPDX-License-Identifier: GPL-2.0-only
/* debugfs files of the bench area, and what this kernel's figures are in. */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "compat/ticks.h"
#include "bench.h"
#include "measure.h"

static const struct {
	bool on;
	u32 bit;
	const char *word;
} configs[] = {
	{ IS_ENABLED(CONFIG_KASAN), MMKIT_BENCH_KASAN, "kasan" },
	{ IS_ENABLED(CONFIG_LOCKDEP), MMKIT_BENCH_LOCKDEP, "lockdep" },
	{ IS_ENABLED(CONFIG_DEBUG_KMEMLEAK), MMKIT_BENCH_KMEMLEAK,
	  "kmemleak" },
	{ IS_ENABLED(CONFIG_DEBUG_VM), MMKIT_BENCH_DEBUG_VM, "debug_vm" },
	{ IS_ENABLED(CONFIG_SLUB_DEBUG_ON), MMKIT_BENCH_SLUB_DEBUG,
	  "slub_debug" },
	{ IS_ENABLED(CONFIG_PAGE_OWNER), MMKIT_BENCH_PAGE_OWNER,
	  "page_owner" },
	{ IS_ENABLED(CONFIG_FAULT_INJECTION), MMKIT_BENCH_FAULT_INJECTION,
	  "fault_injection" },
	{ IS_ENABLED(CONFIG_KCOV), MMKIT_BENCH_KCOV, "kcov" },
	{ IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP), MMKIT_BENCH_ATOMIC_SLEEP,
	  "atomic_sleep" },
	{ IS_ENABLED(CONFIG_MEMCG), MMKIT_BENCH_MEMCG, "memcg" },
	{ IS_ENABLED(CONFIG_NUMA), MMKIT_BENCH_NUMA, "numa" },
	{ IS_ENABLED(CONFIG_PREEMPT), MMKIT_BENCH_PREEMPT, "preempt" },
	{ IS_ENABLED(CONFIG_RETPOLINE) || IS_ENABLED(CONFIG_MITIGATION_RETPOLINE),
	  MMKIT_BENCH_RETPOLINE, "retpoline" },
};

/* Those that the command line turns on are asked for when they are needed. */
static u32 config_bits(void)
{
	u32 bits = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(configs); i++)
		if (configs[i].on)
			bits |= configs[i].bit;
	if (debug_pagealloc_enabled())
		bits |= MMKIT_BENCH_PAGEALLOC;
	if (want_init_on_alloc(0))
		bits |= MMKIT_BENCH_INIT_ON_ALLOC;
	return bits;
}

/* gcc and clang say what they are, sparse does not. */
#ifndef __VERSION__
#define __VERSION__ "unknown"
#endif

/**
 * mmkit_bench_info_fill() - What the figures of this kernel are in.
 * @info: filled in
 *
 * Context: Process.
 */
void mmkit_bench_info_fill(struct mmkit_bench_info *info)
{
	*info = (struct mmkit_bench_info) {
		.size = info->size,
		.unit = mmkit_unit(),
		.khz = mmkit_ticks_khz(),
		.config = config_bits(),
		.cpus = num_online_cpus(),
	};
	strscpy(info->compiler, __VERSION__, sizeof(info->compiler));
}

static int show_info(struct seq_file *m, void *unused)
{
	struct mmkit_bench_info info = { };
	size_t i;

	mmkit_bench_info_fill(&info);
	seq_printf(m, "unit     %s\n",
		   info.unit == MMKIT_BENCH_UNIT_INSTRUCTION ? "instruction" :
							       "tick");
	seq_printf(m, "khz      %llu\n", info.khz);
	seq_printf(m, "cpus     %u\n", info.cpus);
	seq_printf(m, "compiler %s\n", info.compiler);
	seq_puts(m, "config  ");
	for (i = 0; i < ARRAY_SIZE(configs); i++)
		if (info.config & configs[i].bit)
			seq_printf(m, " %s", configs[i].word);
	seq_putc(m, '\n');
	return 0;
}

#define ROWS_MAX	64

static void show_row(struct seq_file *m, const struct mmkit_bench_row *row)
{
	u32 i;

	seq_printf(m, "%-20s %s\n", row->name, row->help);
	if (!row->x[0] && row->nr == 1)
		return;
	seq_printf(m, "%20s", row->axis);
	for (i = 0; i < row->nr; i++)
		seq_printf(m, " %llu", row->x[i]);
	seq_putc(m, '\n');
}

static int show_rows(struct seq_file *m, void *unused)
{
	struct mmkit_bench_row *rows;
	u32 i, nr;

	rows = kvcalloc(ROWS_MAX, sizeof(*rows), GFP_KERNEL);
	if (!rows)
		return -ENOMEM;
	nr = min_t(u32, mmkit_suite_list(rows, ROWS_MAX), ROWS_MAX);
	for (i = 0; i < nr; i++)
		show_row(m, &rows[i]);
	kvfree(rows);
	return 0;
}

struct mmkit_show mmkit_bench_shows[] = {
	{ .name = "info", .show = show_info },
	{ .name = "rows", .show = show_rows },
	{ .name = "objects", .show = mmkit_show_objects },
	{ }
};
