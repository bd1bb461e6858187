// SPDX-License-Identifier: GPL-2.0-only
/* Numbers of the ABI under the names that the kernel's own files use. */
#include <mmkit.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define NAME_OF(table, i) ((i) < ARRAY_SIZE(table) ? (table)[i] : NULL)

static const char *const zones[] = {
	[MMKIT_ZONE_DMA] = "DMA",
	[MMKIT_ZONE_DMA32] = "DMA32",
	[MMKIT_ZONE_NORMAL] = "Normal",
	[MMKIT_ZONE_HIGHMEM] = "HighMem",
	[MMKIT_ZONE_MOVABLE] = "Movable",
	[MMKIT_ZONE_DEVICE] = "Device",
};

static const char *const migratetypes[] = {
	[MMKIT_MIGRATE_UNMOVABLE] = "Unmovable",
	[MMKIT_MIGRATE_MOVABLE] = "Movable",
	[MMKIT_MIGRATE_RECLAIMABLE] = "Reclaimable",
	[MMKIT_MIGRATE_HIGHATOMIC] = "HighAtomic",
	[MMKIT_MIGRATE_CMA] = "CMA",
	[MMKIT_MIGRATE_ISOLATE] = "Isolate",
};

/* As tools/mm/page-types.c names them; from 32 on for kernel hackers only. */
static const char *const kpf[] = {
	[0] = "locked",
	[1] = "error",
	[2] = "referenced",
	[3] = "uptodate",
	[4] = "dirty",
	[5] = "lru",
	[6] = "active",
	[7] = "slab",
	[8] = "writeback",
	[9] = "reclaim",
	[10] = "buddy",
	[11] = "mmap",
	[12] = "anonymous",
	[13] = "swapcache",
	[14] = "swapbacked",
	[15] = "compound_head",
	[16] = "compound_tail",
	[17] = "huge",
	[18] = "unevictable",
	[19] = "hwpoison",
	[20] = "nopage",
	[21] = "ksm",
	[22] = "thp",
	[23] = "offline",
	[24] = "zero_page",
	[25] = "idle_page",
	[26] = "pgtable",
	[32] = "reserved",
	[33] = "mlocked",
	[34] = "mappedtodisk",
	[35] = "private",
	[36] = "private_2",
	[37] = "owner_private",
	[38] = "arch",
	[39] = "uncached",
	[40] = "softdirty",
	[41] = "arch_2",
	[42] = "arch_3",
};

static const char *const features[] = {
	"MEMCG", "NUMA", "COMPACTION", "THP", "CONTIG_ALLOC", "KASAN",
	"LOCKDEP", "KMEMLEAK", "DEBUG_VM", "FAULT_INJECTION", "KUNIT",
	"PREEMPT", "SWAP", "PAGE_OWNER",
};

static const char *const hows[] = {
	[MMKIT_PAGES_BUDDY] = "buddy",
	[MMKIT_PAGES_BULK] = "bulk",
	[MMKIT_PAGES_EXACT] = "exact",
	[MMKIT_PAGES_CONTIG] = "contig",
};

static const char *const kinds[] = {
	[MMKIT_KIND_AREA] = "area",
	[MMKIT_KIND_ALLOCATOR] = "allocator",
	[MMKIT_KIND_STRATEGY] = "strategy",
	[MMKIT_KIND_CARVEOUTS] = "carveouts",
};

/**
 * mmkit_zone_name() - name of a zone as in /proc/zoneinfo
 * @zone: enum mmkit_zone_id
 *
 * Return: the name, or NULL.
 */
const char *mmkit_zone_name(unsigned int zone)
{
	return NAME_OF(zones, zone);
}

/**
 * mmkit_migratetype_name() - name of a migrate type as in /proc/pagetypeinfo
 * @type: enum mmkit_migrate_id
 *
 * Return: the name, or NULL.
 */
const char *mmkit_migratetype_name(unsigned int type)
{
	return NAME_OF(migratetypes, type);
}

/**
 * mmkit_kpf_name() - name of a bit of /proc/kpageflags, as page-types(1)
 * @bit: KPF_x of linux/kernel-page-flags.h
 *
 * Return: the name, or NULL for a bit without one.
 */
const char *mmkit_kpf_name(unsigned int bit)
{
	return NAME_OF(kpf, bit);
}

/**
 * mmkit_feature_name() - name of a bit of mmkit_info.features
 * @bit: number of the bit
 *
 * Return: the name, or NULL.
 */
const char *mmkit_feature_name(unsigned int bit)
{
	return NAME_OF(features, bit);
}

/**
 * mmkit_how_name() - name of an enum mmkit_pages_how
 * @how: the number
 *
 * Return: the name, or NULL past the last.
 */
const char *mmkit_how_name(unsigned int how)
{
	return NAME_OF(hows, how);
}

/**
 * mmkit_kind_name() - name of an enum mmkit_entry_kind
 * @kind: the number
 *
 * Return: the name, or NULL past the last.
 */
const char *mmkit_kind_name(unsigned int kind)
{
	return NAME_OF(kinds, kind);
}
