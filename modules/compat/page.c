// SPDX-License-Identifier: GPL-2.0-only
/* What /proc/kpageflags, kpagecount and pagetypeinfo say, on every kernel. */
#include <linux/mm.h>
#include <linux/hugetlb.h>
#include <linux/kernel-page-flags.h>
#include <linux/page_idle.h>
#include <linux/pageblock-flags.h>
#include "page.h"

/*
 * The bitmap is reachable where its accessor is not exported:
 * get_pfnblock_flags_mask() in mm/page_alloc.c.
 */
static const unsigned long *pageblock_bitmap(struct page *page,
					     unsigned long pfn)
{
#ifdef CONFIG_SPARSEMEM
	return section_to_usemap(__pfn_to_section(pfn));
#else
	return page_zone(page)->pageblock_flags;
#endif
}

static unsigned long pageblock_bit(struct page *page, unsigned long pfn)
{
#ifdef CONFIG_SPARSEMEM
	pfn &= PAGES_PER_SECTION - 1;
#else
	pfn -= pageblock_start_pfn(page_zone(page)->zone_start_pfn);
#endif
	return (pfn >> pageblock_order) * NR_PAGEBLOCK_BITS;
}

unsigned int mmkit_page_migratetype(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);
	const unsigned long *bitmap = pageblock_bitmap(page, pfn);
	unsigned long bit = pageblock_bit(page, pfn);
	unsigned long word = READ_ONCE(bitmap[BIT_WORD(bit)]);

#if defined(HAVE_PB_MIGRATE_ISOLATE) && defined(CONFIG_MEMORY_ISOLATION)
	if (word & BIT_MASK(bit + PB_migrate_isolate))
		return MIGRATE_ISOLATE;
#endif
	return (word >> (bit % BITS_PER_LONG)) & 7;
}

/* Of the page alone. Where it has a type instead, that is negative. */
static int own_mapcount(struct page *page)
{
	return max(atomic_read(&page->_mapcount) + 1, 0);
}

#if defined(CONFIG_NO_PAGE_MAPCOUNT)
/* folio_average_page_mapcount() in fs/proc/internal.h */
static int large_mapcount(struct folio *folio, struct page *page)
{
	int count = folio_mapcount(folio);
	int entire = folio_entire_mapcount(folio);

	if (count <= 0)
		return 0;
	if (count <= entire)
		return entire;
	count -= entire;
	count = (count + folio_nr_pages(folio) / 2) >> folio_order(folio);
	return max(count + entire, 1);
}
#elif defined(HAVE_PAGE_MAPCOUNT)
static int large_mapcount(struct folio *folio, struct page *page)
{
	return page_has_type(page) ? 0 : max(page_mapcount(page), 0);
}
#else
/* folio_precise_page_mapcount() in fs/proc/internal.h */
static int large_mapcount(struct folio *folio, struct page *page)
{
	return own_mapcount(page) + folio_entire_mapcount(folio);
}
#endif

/* Mapped how often, as fs/proc/page.c counts. */
int mmkit_page_mapcount(struct page *page)
{
	struct folio *folio = page_folio(page);

	if (folio_test_slab(folio))
		return 0;
	return folio_test_large(folio) ? large_mapcount(folio, page) :
					 own_mapcount(page);
}

/* As long as it is a single page: nothing is asked of another that it may be part of. */
int mmkit_page_mapcount_loose(struct page *page)
{
	return PageSlab(page) || PageCompound(page) ? 0 : own_mapcount(page);
}

#ifdef HAVE_STABLE_PAGE_FLAGS

u64 mmkit_page_flags(struct page *page)
{
	return stable_page_flags(page);
}

u64 mmkit_page_flags_loose(struct page *page)
{
	return stable_page_flags(page);
}

#else

/* By the kernel's bit, that of kpageflags and one: most bits have none. */
#define KPF(name)	(KPF_##name + 1)

static const u8 kpf_of[] = {
	[PG_locked] = KPF(LOCKED),
#ifdef HAVE_PG_ERROR
	[PG_error] = KPF(ERROR),
#endif
	[PG_dirty] = KPF(DIRTY),
	[PG_uptodate] = KPF(UPTODATE),
	[PG_writeback] = KPF(WRITEBACK),
	[PG_lru] = KPF(LRU),
	[PG_referenced] = KPF(REFERENCED),
	[PG_active] = KPF(ACTIVE),
	[PG_reclaim] = KPF(RECLAIM),
	[PG_swapbacked] = KPF(SWAPBACKED),
	[PG_unevictable] = KPF(UNEVICTABLE),
	[PG_mlocked] = KPF(MLOCKED),
#ifdef CONFIG_MEMORY_FAILURE
	[PG_hwpoison] = KPF(HWPOISON),
#endif
	[PG_reserved] = KPF(RESERVED),
#ifdef KPF_OWNER_2
	[PG_owner_2] = KPF(OWNER_2),
#else
	[PG_mappedtodisk] = KPF(MAPPEDTODISK),
#endif
	[PG_private] = KPF(PRIVATE),
	[PG_private_2] = KPF(PRIVATE_2),
	[PG_owner_priv_1] = KPF(OWNER_PRIVATE),
	[PG_arch_1] = KPF(ARCH),
};

/* Is it on a free list, or inside of a block that is? */
static bool is_free(struct page *page)
{
	return PageBuddy(page) || (!page_count(page) && is_free_buddy_page(page));
}

/*
 * A tail page's own flags once were flags; they became room for other things
 * about the time that KPF_OWNER_2 came, and kpageflags then shows the head's.
 * Poison is the page's in both.
 */
static unsigned long raw_flags(struct page *page)
{
	unsigned long flags = READ_ONCE(page->flags);

#ifdef KPF_OWNER_2
	if (PageTail(page)) {
		flags = READ_ONCE(compound_head(page)->flags);
#ifdef CONFIG_MEMORY_FAILURE
		flags &= ~BIT(PG_hwpoison);
		flags |= READ_ONCE(page->flags) & BIT(PG_hwpoison);
#endif
	}
#endif
	return flags;
}

static bool in_swapcache(struct folio *folio)
{
	const unsigned long both = BIT(PG_swapbacked) | BIT(PG_swapcache);

	return IS_ENABLED(CONFIG_SWAP) &&
	       (READ_ONCE(folio->page.flags) & both) == both;
}

/*
 * What it is used for, but whether a compound page is mapped. A slab keeps something
 * else where other pages have their mapping.
 */
static u64 use_flags(struct page *page)
{
	struct folio *folio = page_folio(page);
	u64 u = 0;

	if (PageSlab(page))
		return BIT_ULL(KPF_SLAB);
	if (!PageCompound(page) && own_mapcount(page))
		u |= BIT_ULL(KPF_MMAP);
	if (folio_test_anon(folio))
		u |= BIT_ULL(KPF_ANON);
	if (folio_test_ksm(folio))
		u |= BIT_ULL(KPF_KSM);
	if (in_swapcache(folio))
		u |= BIT_ULL(KPF_SWAPCACHE);
	return u;
}

/*
 * What can be read of a page that may be freed meanwhile: nothing here asserts
 * that a compound page stays one.
 */
u64 mmkit_page_flags_loose(struct page *page)
{
	unsigned long flags = raw_flags(page);
	unsigned int bit;
	u64 u = 0;

	for_each_set_bit(bit, &flags, ARRAY_SIZE(kpf_of))
		if (kpf_of[bit])
			u |= BIT_ULL(kpf_of[bit] - 1);
	if (is_zero_pfn(page_to_pfn(page)))
		u |= BIT_ULL(KPF_ZERO_PAGE);
	if (is_free(page))
		u |= BIT_ULL(KPF_BUDDY);
	if (PageOffline(page))
		u |= BIT_ULL(KPF_OFFLINE);
	if (PageTable(page))
		u |= BIT_ULL(KPF_PGTABLE);
	if (PageTail(page))
		u |= BIT_ULL(KPF_COMPOUND_TAIL);
	else if (PageHead(page))
		u |= BIT_ULL(KPF_COMPOUND_HEAD);
	if (PageHuge(page))
		u |= BIT_ULL(KPF_HUGE);
	return u | use_flags(page);
}

static bool is_thp(struct folio *folio)
{
	return !PageHuge(&folio->page) &&
	       (folio_test_lru(folio) || folio_test_anon(folio));
}

/* stable_page_flags() in fs/proc/page.c, which is not exported here. */
u64 mmkit_page_flags(struct page *page)
{
	u64 u = mmkit_page_flags_loose(page);
	struct folio *folio = page_folio(page);

	if (folio_test_idle(folio))
		u |= BIT_ULL(KPF_IDLE);
	if (folio_test_slab(folio) || !folio_test_large(folio))
		return u;
	if (page_mapped(page))
		u |= BIT_ULL(KPF_MMAP);
	if (is_thp(folio))
		u |= BIT_ULL(KPF_THP);
	return u;
}

#endif
