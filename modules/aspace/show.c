// SPDX-License-Identifier: GPL-2.0-only
/* debugfs files of the aspace area, and its answers as text. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include "aspace.h"
#include "kind.h"
#include "layout.h"
#include "words.h"

void mmkit_counts_show(struct seq_file *m,
		       const struct mmkit_aspace_counts *counts)
{
	u32 kind;

	seq_printf(m, "pages %llu", counts->pages);
	for (kind = 0; kind < MMKIT_ASPACE_KIND_NR; kind++)
		if (counts->kind[kind])
			seq_printf(m, " %s %llu", mmkit_aspace_kind_word(kind),
				   counts->kind[kind]);
	seq_printf(m, " huge %llu shared %llu dirty %llu young %llu referenced %llu write %llu\n",
		   counts->huge, counts->shared, counts->dirty, counts->young,
		   counts->referenced, counts->write);
}

void mmkit_region_show(struct seq_file *m,
		       const struct mmkit_aspace_region *region)
{
	u64 flags = region->flags;

	seq_printf(m, "%llx-%llx %c%c%c%c %-7s ", region->start, region->end,
		   flags & MMKIT_VMA_READ ? 'r' : '-',
		   flags & MMKIT_VMA_WRITE ? 'w' : '-',
		   flags & MMKIT_VMA_EXEC ? 'x' : '-',
		   flags & MMKIT_VMA_MAYSHARE ? 's' : 'p',
		   mmkit_region_kind_word(region->kind));
	/* Whatever a file is called, it is one line. */
	seq_escape(m, region->name, "\n\\");
	seq_putc(m, '\n');
}

void mmkit_level_show(struct seq_file *m,
		      const struct mmkit_aspace_level *level)
{
	u32 bit;

	seq_printf(m, "%s[%u] %s", mmkit_level_word(level->level),
		   level->index, mmkit_entry_kind_word(level->kind));
	if (level->entry)
		seq_printf(m, " 0x%016llx", level->entry);
	for (bit = 0; bit < MMKIT_ENTRY_FLAGS; bit++)
		if (level->flags & BIT(bit))
			seq_printf(m, " %s", mmkit_entry_flag_word(bit));
	if (level->flags >> MMKIT_ENTRY_PKEY_SHIFT)
		seq_printf(m, " pkey %u",
			   level->flags >> MMKIT_ENTRY_PKEY_SHIFT);
	seq_putc(m, '\n');
}

void mmkit_table_show(struct seq_file *m,
		      const struct mmkit_aspace_table *table)
{
	seq_printf(m, "%s %llx used %u leaves %u\n",
		   mmkit_level_word(table->level), table->start, table->used,
		   table->leaves);
}

void mmkit_word_show(struct seq_file *m, u64 word)
{
	size_t i;

	seq_printf(m, "%s level %u",
		   mmkit_aspace_kind_word(MMKIT_WORD_KIND(word)),
		   MMKIT_WORD_LEVEL(word));
	if (word & MMKIT_WORD_PFN)
		seq_printf(m, " 0x%llx", word & MMKIT_WORD_PFN);
	for (i = 0; i < ARRAY_SIZE(mmkit_aspace_flags); i++)
		if (word & mmkit_aspace_flags[i].bit)
			seq_printf(m, " %s", mmkit_aspace_flags[i].name);
	seq_putc(m, '\n');
}

/* How large the areas of the kernel's half are. */
static int show_kernel(struct seq_file *m, void *unused)
{
	static const char *const names[MMKIT_AREA_NR] = {
		NULL, "direct", "vmalloc", "vmemmap", "text", "modules",
		"fixmap"
	};
	struct mmkit_kernel_area areas[MMKIT_LAYOUT_ROOM];
	u32 i, nr = mmkit_kernel_areas(areas);

	for (i = 0; i < nr; i++)
		seq_printf(m, "%-8s %llu\n", names[areas[i].id],
			   areas[i].bytes);
	return 0;
}

struct mmkit_show mmkit_aspace_shows[] = {
	{ .name = "kernel", .show = show_kernel },
	{ }
};
