// SPDX-License-Identifier: GPL-2.0-only
/*
 * The aspace area's commands as text. Process 0 is the one that writes to the
 * control file.
 */
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <mmkit/describe.h>
#include "aspace.h"
#include "kind.h"

static const char *const areas[] = {
	"none", "direct", "vmalloc", "vmemmap", "text", "modules", "fixmap",
	NULL
};

static const char *const regions_flags[] = { "count", NULL };
static const char *const range_flags[] = { "count", "clear", NULL };

#define REGIONS(field)	offsetof(struct mmkit_aspace_regions, field)
static const struct mmkit_param regions_params[] = {
	{ 'p', MMKIT_PARAM_S32, REGIONS(pid), .help = "PID" },
	{ 'a', MMKIT_PARAM_SIZE, REGIONS(start), .help = "ADDRESS" },
	{ 'N', MMKIT_PARAM_U32, REGIONS(nr), .help = "COUNT" },
	{ 'x', MMKIT_PARAM_WORDS, REGIONS(flags), regions_flags, "count" },
	{ }
};

static void regions_init(void *arg)
{
	struct mmkit_aspace_regions *regions = arg;

	regions->nr = 128;
}

static void regions_print(struct seq_file *m, const struct mmkit_call *call,
			  const void *data)
{
	const struct mmkit_aspace_regions *arg = data;
	const struct mmkit_aspace_region *regions = call->data;
	u32 i;

	for (i = 0; i < arg->nr; i++) {
		mmkit_region_show(m, &regions[i]);
		if (arg->flags & MMKIT_ASPACE_COUNT)
			mmkit_counts_show(m, &regions[i].counts);
	}
	if (arg->next)
		seq_printf(m, "more from %llx on\n", arg->next);
}

#define WALK(field)	offsetof(struct mmkit_aspace_walk, field)
static const struct mmkit_param walk_params[] = {
	{ 0, MMKIT_PARAM_SIZE, WALK(address), .help = "ADDRESS" },
	{ 'p', MMKIT_PARAM_S32, WALK(pid), .help = "PID" },
	{ 'a', MMKIT_PARAM_WORD, WALK(area), areas,
	  "none|direct|vmalloc|vmemmap|text|modules|fixmap" },
	{ }
};

static void walk_init(void *arg)
{
	struct mmkit_aspace_walk *walk = arg;

	walk->nr = MMKIT_LEVELS;
}

static void walk_print(struct seq_file *m, const struct mmkit_call *call,
		       const void *data)
{
	const struct mmkit_aspace_walk *walk = data;
	const struct mmkit_aspace_level *levels = call->data;
	u32 i;

	for (i = 0; i < walk->nr; i++)
		mmkit_level_show(m, &levels[i]);
	if (walk->kind == MMKIT_ENTRY_SWAP)
		seq_printf(m, "swap device %u page %llu\n", walk->swap_type,
			   walk->swap_offset);
	if (walk->pfn)
		mmkit_describe_show(m, &walk->page);
}

#define RANGE(field)	offsetof(struct mmkit_aspace_range, field)
static const struct mmkit_param range_params[] = {
	{ 'p', MMKIT_PARAM_S32, RANGE(pid), .help = "PID" },
	{ 'a', MMKIT_PARAM_SIZE, RANGE(start), .help = "START" },
	{ 'e', MMKIT_PARAM_SIZE, RANGE(end), .help = "END" },
	{ 'N', MMKIT_PARAM_U32, RANGE(nr), .help = "PARTS" },
	{ 'x', MMKIT_PARAM_WORDS, RANGE(flags), range_flags, "clear" },
	{ }
};

static void range_init(void *arg)
{
	struct mmkit_aspace_range *range = arg;

	range->nr = 1;
}

static void range_print(struct seq_file *m, const struct mmkit_call *call,
			const void *data)
{
	const struct mmkit_aspace_range *range = data;
	const struct mmkit_aspace_counts *counts = call->data;
	u32 i;

	for (i = 0; i < range->nr; i++)
		mmkit_counts_show(m, &counts[i]);
}

#define PAGES(field)	offsetof(struct mmkit_aspace_pages, field)
static const struct mmkit_param pages_params[] = {
	{ 'p', MMKIT_PARAM_S32, PAGES(pid), .help = "PID" },
	{ 'a', MMKIT_PARAM_SIZE, PAGES(start), .help = "START" },
	{ 'N', MMKIT_PARAM_U32, PAGES(nr), .help = "COUNT" },
	{ 'x', MMKIT_PARAM_WORDS, PAGES(flags), range_flags, "clear" },
	{ }
};

static void pages_init(void *arg)
{
	struct mmkit_aspace_pages *pages = arg;

	pages->nr = 16;
}

static void pages_print(struct seq_file *m, const struct mmkit_call *call,
			const void *data)
{
	const struct mmkit_aspace_pages *pages = data;
	const u64 *words = call->data;
	u32 i;

	for (i = 0; i < pages->nr; i++)
		mmkit_word_show(m, words[i]);
}

#define TABLES(field)	offsetof(struct mmkit_aspace_tables, field)
static const struct mmkit_param tables_params[] = {
	{ 'p', MMKIT_PARAM_S32, TABLES(pid), .help = "PID" },
	{ 'a', MMKIT_PARAM_SIZE, TABLES(start), .help = "START" },
	{ 'e', MMKIT_PARAM_SIZE, TABLES(end), .help = "END" },
	{ 'N', MMKIT_PARAM_U32, TABLES(nr), .help = "COUNT" },
	{ }
};

static void tables_print(struct seq_file *m, const struct mmkit_call *call,
			 const void *data)
{
	const struct mmkit_aspace_tables *arg = data;
	const struct mmkit_aspace_table *tables = call->data;
	size_t i, listed = call->bytes / sizeof(*tables);
	u32 level;

	for (level = MMKIT_LEVEL_NR - 1; level; level--)
		if (arg->table[level - 1])
			seq_printf(m, "%s: %llu tables, %llu entries, %llu leaves\n",
				   mmkit_level_word(level),
				   arg->table[level - 1], arg->used[level - 1],
				   arg->leaves[level - 1]);
	seq_printf(m, "%u tables, %llu bytes, %llu deposited; %llu bytes charged\n",
		   arg->nr, arg->bytes, arg->deposited, arg->pgtables_bytes);
	for (i = 0; i < listed; i++)
		mmkit_table_show(m, &tables[i]);
}

#define CONTEXT(field)	offsetof(struct mmkit_aspace_context, field)
static const struct mmkit_param context_params[] = {
	{ 'p', MMKIT_PARAM_S32, CONTEXT(pid), .help = "PID" },
	{ }
};

static void context_print(struct seq_file *m, const struct mmkit_call *call,
			  const void *data)
{
	const struct mmkit_aspace_context *arg = data;

	seq_printf(m, "root 0x%llx id %llu\n", arg->root, arg->id);
	if (arg->state & MMKIT_CONTEXT_LOADED)
		seq_printf(m, "cpu %u cr3 0x%llx pcid %u\n", arg->cpu,
			   arg->cr3, arg->pcid);
}

const struct mmkit_verb mmkit_aspace_verbs[] = {
	{ "regions", MMKIT_ASPACE_REGIONS, regions_params, regions_init,
	  regions_print },
	{ "walk", MMKIT_ASPACE_WALK, walk_params, walk_init, walk_print },
	{ "range", MMKIT_ASPACE_RANGE, range_params, range_init, range_print },
	{ "pages", MMKIT_ASPACE_PAGES, pages_params, pages_init, pages_print },
	{ "tables", MMKIT_ASPACE_TABLES, tables_params, NULL, tables_print },
	{ "context", MMKIT_ASPACE_CONTEXT, context_params, NULL,
	  context_print },
	{ }
};
