// SPDX-License-Identifier: GPL-2.0-only
/* What has become of the pages of a region since memblock handed them over. */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/pgtable.h>
#include <linux/sched/signal.h>
#include <mmkit/describe.h>
#include "compat/lookup.h"
#include "observe.h"

/* The struct page of a frame that no memory is behind may never have been set up. */
static bool is_set_up(struct page *page)
{
	return page && page_zonenum(page) < MAX_NR_ZONES;
}

/**
 * mmkit_count_pages() - Count the pages that a range touches.
 * @base: first byte
 * @bytes: how many, at least 1
 * @fate: added to
 *
 * Context: Process.
 */
void mmkit_count_pages(u64 base, u64 bytes, struct mmkit_memblock_fate *fate)
{
	u64 pfn, end = PFN_UP(base + bytes);

	for (pfn = PFN_DOWN(base); pfn < end; pfn++) {
		struct page *page;

		/* Whoever sleeps with a page in hand may find its section gone. */
		if (!(pfn % 1024))
			cond_resched();
		page = pfn_to_online_page(pfn);
		fate->pages++;
		if (!is_set_up(page)) {
			fate->holes++;
			continue;
		}
		if (fate->node < 0)
			fate->node = page_to_nid(page);
		fate->zones |= BIT(mmkit_zone_id(page_zonenum(page)));
		if (PageReserved(page))
			fate->kept++;
		else
			fate->given++;
	}
}

/**
 * struct hunt - looks up what is where
 * @of: the regions that are asked about
 * @fates: of them
 * @nr: how many
 * @last_table: page frame of the page table that was counted last
 */
struct hunt {
	const struct mmkit_regions *of;
	struct mmkit_memblock_fate *fates;
	u32 nr;
	u64 last_table;
};

static struct mmkit_memblock_fate *fate_of(const struct hunt *hunt, u64 pfn)
{
	s64 i = mmkit_regions_search(hunt->of, pfn << PAGE_SHIFT);

	return i < 0 || i >= hunt->nr ? NULL : &hunt->fates[i];
}

static void count_table(struct hunt *hunt, u64 table)
{
	struct mmkit_memblock_fate *fate;

	if (table == hunt->last_table)
		return;
	hunt->last_table = table;
	fate = fate_of(hunt, table);
	if (fate)
		fate->tables++;
}

/*
 * The page tables behind a range of kernel addresses, and, if asked for, the
 * pages that it maps.
 */
static void look(struct hunt *hunt, unsigned long from, unsigned long to,
		 bool memmap)
{
	struct mmkit_memblock_fate *fate;
	struct mmkit_lookup found;
	unsigned long addr, pfn;

	for (addr = from; addr < to; addr = found.end) {
		if (!mmkit_lookup(addr, &found)) {
			found.end = (addr & PMD_MASK) + PMD_SIZE;
			continue;
		}
		count_table(hunt, found.table_pfn);
		for (pfn = 0; memmap && addr < min(found.end, to);
		     addr += PAGE_SIZE, pfn++) {
			fate = fate_of(hunt, found.pfn + pfn);
			if (fate)
				fate->memmap++;
		}
		cond_resched();
	}
}

static void look_at(struct hunt *hunt,
		    const struct mmkit_memblock_region *memory)
{
	u64 first = PFN_UP(memory->base);
	u64 end = PFN_DOWN(mmkit_region_end(memory));

	if (first >= end)
		return;
	look(hunt, (unsigned long)__va(first << PAGE_SHIFT),
	     (unsigned long)__va(end << PAGE_SHIFT), false);
	look(hunt, (unsigned long)pfn_to_page(first) & PAGE_MASK,
	     PAGE_ALIGN((unsigned long)pfn_to_page(end)), true);
}

/**
 * mmkit_fates() - What has become of observed regions.
 * @observed: allocator
 * @of: its memory or its reserved regions
 * @fates: zeroed, to be filled in
 * @nr: how many, at most those that there are
 *
 * Context: Process.
 * Return: 0, -EINTR killed meanwhile.
 */
int mmkit_fates(const struct mmkit_model *observed,
		const struct mmkit_regions *of,
		struct mmkit_memblock_fate *fates, u32 nr)
{
	struct hunt hunt = { .of = of, .fates = fates, .nr = nr };
	u64 i;

	for (i = 0; i < nr; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		fates[i].node = -1;
		mmkit_count_pages(of->region[i].base, of->region[i].bytes,
				  &fates[i]);
	}
	for (i = 0; i < observed->memory.cnt; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		look_at(&hunt, &observed->memory.region[i]);
	}
	return 0;
}
