// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel knows of a page, in the vocabulary of /proc/kpageflags and
 * /proc/pagetypeinfo. Nothing is locked: the answer is a glance, as it is in
 * those files.
 */
#include <linux/export.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <mmkit/describe.h>
#include "compat/page.h"

static const u8 zone_ids[MAX_NR_ZONES] = {
#ifdef CONFIG_ZONE_DMA
	[ZONE_DMA] = MMKIT_ZONE_DMA,
#endif
#ifdef CONFIG_ZONE_DMA32
	[ZONE_DMA32] = MMKIT_ZONE_DMA32,
#endif
	[ZONE_NORMAL] = MMKIT_ZONE_NORMAL,
#ifdef CONFIG_HIGHMEM
	[ZONE_HIGHMEM] = MMKIT_ZONE_HIGHMEM,
#endif
	[ZONE_MOVABLE] = MMKIT_ZONE_MOVABLE,
#ifdef CONFIG_ZONE_DEVICE
	[ZONE_DEVICE] = MMKIT_ZONE_DEVICE,
#endif
};

/**
 * mmkit_zone_id() - User space's number of a zone.
 * @type: the kernel's
 *
 * Context: Any.
 * Return: enum mmkit_zone_id.
 */
u8 mmkit_zone_id(enum zone_type type)
{
	return type < MAX_NR_ZONES ? zone_ids[type] : MMKIT_ZONE_UNKNOWN;
}
EXPORT_SYMBOL_GPL(mmkit_zone_id);

static u8 migrate_id(unsigned int migratetype)
{
	switch (migratetype) {
	case MIGRATE_UNMOVABLE:
		return MMKIT_MIGRATE_UNMOVABLE;
	case MIGRATE_MOVABLE:
		return MMKIT_MIGRATE_MOVABLE;
	case MIGRATE_RECLAIMABLE:
		return MMKIT_MIGRATE_RECLAIMABLE;
	case MIGRATE_HIGHATOMIC:
		return MMKIT_MIGRATE_HIGHATOMIC;
#ifdef CONFIG_CMA
	case MIGRATE_CMA:
		return MMKIT_MIGRATE_CMA;
#endif
#ifdef CONFIG_MEMORY_ISOLATION
	case MIGRATE_ISOLATE:
		return MMKIT_MIGRATE_ISOLATE;
#endif
	default:
		return MMKIT_MIGRATE_UNKNOWN;
	}
}

/* The order of a free block is in page->private: buddy_order() in mm/. */
static bool is_free_block(struct page *page, unsigned int order)
{
	return PageBuddy(page) && page_private(page) == order;
}

/*
 * Memory comes and goes in sections, with a memory map in whole subsections: the
 * buddy of a small block is there when the block is.
 */
static struct page *buddy_page(unsigned long buddy, unsigned int order)
{
#ifdef CONFIG_SPARSEMEM_VMEMMAP
	if (order < SUBSECTION_SHIFT - PAGE_SHIFT)
		return pfn_to_page(buddy);
#endif
	return pfn_to_online_page(buddy);
}

/* As find_buddy_page_pfn() in mm/internal.h does. */
static void describe_buddy(struct mmkit_page *out, struct page *page,
			   unsigned int order)
{
	struct page *buddy;

	/* A gigantic page is larger than any block. */
	if (order > MMKIT_MAX_ORDER) {
		out->state |= MMKIT_PAGE_NOBUDDY;
		return;
	}
	out->buddy = page_to_pfn(page) ^ (1UL << order);
	buddy = buddy_page(out->buddy, order);
	if (order == MMKIT_MAX_ORDER || !buddy ||
	    page_zone_id(buddy) != page_zone_id(page))
		out->state |= MMKIT_PAGE_NOBUDDY;
	else if (is_free_block(buddy, order))
		out->state |= MMKIT_PAGE_BUDDY_FREE;
}

/* All but what it is used for; @flags as the caller may read them. */
static void describe_place(struct mmkit_page *out, struct page *page,
			   unsigned int order, u64 flags)
{
	*out = (struct mmkit_page) {
		.pfn = page_to_pfn(page),
		.flags = flags,
		.node = page_to_nid(page),
		.order = order,
		.zone = mmkit_zone_id(page_zonenum(page)),
		.migratetype = migrate_id(mmkit_page_migratetype(page)),
	};
	if (PageBuddy(page))
		out->state |= MMKIT_PAGE_FREE;
	describe_buddy(out, page, order);
}

/* What is there to say of a page that somebody else may free meanwhile. */
static void describe_loose(struct mmkit_page *out, struct page *page,
			   unsigned int order)
{
	describe_place(out, page, order, mmkit_page_flags_loose(page));
	out->refcount = page_count(page);
	out->mapcount = mmkit_page_mapcount_loose(page);
}

/**
 * mmkit_describe() - Describe the block that starts at a page.
 * @out: filled in
 * @page: its first page; the caller holds a reference to it
 * @order: of the block
 *
 * Context: Any.
 */
void mmkit_describe(struct mmkit_page *out, struct page *page,
		    unsigned int order)
{
	describe_place(out, page, order, mmkit_page_flags(page));
	out->refcount = page_count(page);
	out->mapcount = mmkit_page_mapcount(page);
}
EXPORT_SYMBOL_GPL(mmkit_describe);

/* Read without the zone's lock, so what was read may be anything. */
static unsigned int free_order(struct page *page)
{
	if (!PageBuddy(page))
		return 0;
	return min_t(unsigned long, page_private(page), MMKIT_MAX_ORDER);
}

/*
 * Is it all freed by whoever lets go of it last? A block that is not compound is
 * not: when somebody else holds its first page, __free_pages() frees the others
 * alone, and they stay charged to their cgroup.
 */
static bool can_be_held(struct page *page)
{
	return PageCompound(page) || PageLRU(page);
}

/*
 * NULL when it cannot be, or nobody else holds it either: it is free, or being freed.
 * What was looked at before the reference is looked at again with it, as
 * page_idle_get_folio() in mm/page_idle.c does.
 */
static struct folio *folio_hold(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (!can_be_held(page) || !folio_try_get(folio))
		return NULL;
	if (page_folio(page) == folio &&
	    (folio_test_lru(folio) || folio_test_large(folio)))
		return folio;
	folio_put(folio);
	return NULL;
}

/*
 * Without a reference a compound page may fall apart while it is looked at, and
 * the kernel's own functions check that it does not.
 */
static void describe_any(struct mmkit_page *out, struct page *page)
{
	struct folio *folio = folio_hold(page);

	if (!folio) {
		describe_loose(out, page, free_order(page));
		return;
	}
	mmkit_describe(out, page,
		       &folio->page == page ? folio_order(folio) : 0);
	out->refcount--;
	folio_put(folio);
}

/**
 * mmkit_describe_pfn() - Describe any page frame.
 * @out: filled in; %MMKIT_PAGE_NOPAGE when there is no page
 * @pfn: as user space sent it
 *
 * Context: Any.
 */
void mmkit_describe_pfn(struct mmkit_page *out, unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	if (page)
		describe_any(out, page);
	else
		*out = (struct mmkit_page) {
			.pfn = pfn,
			.zone = MMKIT_ZONE_UNKNOWN,
			.migratetype = MMKIT_MIGRATE_UNKNOWN,
			.state = MMKIT_PAGE_NOPAGE | MMKIT_PAGE_NOBUDDY,
		};
}
EXPORT_SYMBOL_GPL(mmkit_describe_pfn);

/**
 * mmkit_describe_hide() - Take the page frame numbers out.
 * @pages: descriptions
 * @nr: how many
 *
 * Where a page lies is the administrator's to know, as in pagemap
 * (Documentation/admin-guide/mm/pagemap.rst).
 *
 * Context: Any.
 */
void mmkit_describe_hide(struct mmkit_page *pages, size_t nr)
{
	while (nr--) {
		pages[nr].pfn = 0;
		pages[nr].buddy = 0;
		pages[nr].state |= MMKIT_PAGE_NOPFN;
	}
}
EXPORT_SYMBOL_GPL(mmkit_describe_hide);

/**
 * mmkit_describe_show() - Print a description as one line.
 * @m: where to
 * @page: what
 *
 * Context: Process.
 */
void mmkit_describe_show(struct seq_file *m, const struct mmkit_page *page)
{
	static const char *const zones[] = {
		"DMA", "DMA32", "Normal", "HighMem", "Movable", "Device"
	};
	static const char *const types[] = {
		"Unmovable", "Movable", "Reclaimable", "HighAtomic", "CMA",
		"Isolate"
	};

	if (page->state & MMKIT_PAGE_NOPAGE) {
		seq_puts(m, "no page\n");
		return;
	}
	seq_printf(m, "pfn 0x%llx order %u node %d zone %s type %s ref %d map %d flags 0x%llx buddy 0x%llx%s\n",
		   page->pfn, page->order, page->node,
		   page->zone < ARRAY_SIZE(zones) ? zones[page->zone] : "?",
		   page->migratetype < ARRAY_SIZE(types) ?
		   types[page->migratetype] : "?",
		   page->refcount, page->mapcount, page->flags, page->buddy,
		   page->state & MMKIT_PAGE_NOBUDDY ? " (none)" :
		   page->state & MMKIT_PAGE_BUDDY_FREE ? " (free)" : "");
}
EXPORT_SYMBOL_GPL(mmkit_describe_show);
