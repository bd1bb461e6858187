// SPDX-License-Identifier: GPL-2.0-only
/* Numbers of the aspace area under the names that the kernel uses. */
#include <mmkit.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define NAME_OF(table, i) ((i) < ARRAY_SIZE(table) ? (table)[i] : NULL)

static const char *const region_kinds[] = {
	[MMKIT_REGION_ANON] = "anon",
	[MMKIT_REGION_FILE] = "file",
	[MMKIT_REGION_TEXT] = "text",
	[MMKIT_REGION_RODATA] = "rodata",
	[MMKIT_REGION_DATA] = "data",
	[MMKIT_REGION_BSS] = "bss",
	[MMKIT_REGION_HEAP] = "heap",
	[MMKIT_REGION_STACK] = "stack",
	[MMKIT_REGION_SHARED] = "shared",
	[MMKIT_REGION_HUGETLB] = "hugetlb",
	[MMKIT_REGION_VDSO] = "vdso",
	[MMKIT_REGION_VVAR] = "vvar",
	[MMKIT_REGION_DEVICE] = "device",
	[MMKIT_REGION_SPECIAL] = "special",
};

static const char *const page_kinds[] = {
	[MMKIT_ASPACE_HOLE] = "hole",
	[MMKIT_ASPACE_NONE] = "none",
	[MMKIT_ASPACE_ANON] = "anon",
	[MMKIT_ASPACE_FILE] = "file",
	[MMKIT_ASPACE_SHMEM] = "shmem",
	[MMKIT_ASPACE_HUGETLB] = "hugetlb",
	[MMKIT_ASPACE_ZERO] = "zero",
	[MMKIT_ASPACE_SPECIAL] = "special",
	[MMKIT_ASPACE_SWAP] = "swap",
	[MMKIT_ASPACE_MIGRATION] = "migration",
	[MMKIT_ASPACE_HWPOISON] = "hwpoison",
	[MMKIT_ASPACE_DEVICE] = "device",
	[MMKIT_ASPACE_MARKER] = "marker",
};

static const char *const entry_kinds[] = {
	[MMKIT_ENTRY_NONE] = "none",
	[MMKIT_ENTRY_TABLE] = "table",
	[MMKIT_ENTRY_PAGE] = "page",
	[MMKIT_ENTRY_PROTNONE_PAGE] = "protnone",
	[MMKIT_ENTRY_SWAP] = "swap",
	[MMKIT_ENTRY_MIGRATION] = "migration",
	[MMKIT_ENTRY_HWPOISON] = "hwpoison",
	[MMKIT_ENTRY_DEVICE] = "device",
	[MMKIT_ENTRY_MARKER] = "marker",
};

static const char *const entry_flags[] = {
	"present", "write", "user", "writethrough", "uncached", "accessed",
	"dirty", "huge", "pat", "global", "special", "soft-dirty", "uffd-wp",
	"protnone", "nx",
};

static const char *const levels[] = {
	[MMKIT_LEVEL_PTE] = "PTE",
	[MMKIT_LEVEL_PMD] = "PMD",
	[MMKIT_LEVEL_PUD] = "PUD",
	[MMKIT_LEVEL_P4D] = "P4D",
	[MMKIT_LEVEL_PGD] = "PGD",
};

/* The letters of VmFlags in smaps; show_smap_vma_flags() in the kernel. */
static const char *const vma_flags[] = {
	"rd", "wr", "ex", "sh", "mr", "mw", "me", "ms", "gd", "pf", "lo", "io",
	"sr", "rr", "dc", "de", "lf", "ac", "nr", "ht", "sf", "wf", "dd", "sd",
	"mm", "hg", "nh", "mg", "um", "uw", "ui", "sl", "dp",
};

static const char *const areas[] = {
	[MMKIT_AREA_DIRECT] = "direct",
	[MMKIT_AREA_VMALLOC] = "vmalloc",
	[MMKIT_AREA_VMEMMAP] = "vmemmap",
	[MMKIT_AREA_TEXT] = "text",
	[MMKIT_AREA_MODULES] = "modules",
	[MMKIT_AREA_FIXMAP] = "fixmap",
};

/**
 * mmkit_region_kind_name() - name of a kind of region
 * @kind: enum mmkit_region_kind
 *
 * Return: the name, or NULL.
 */
const char *mmkit_region_kind_name(unsigned int kind)
{
	return NAME_OF(region_kinds, kind);
}

/**
 * mmkit_aspace_kind_name() - name of what is mapped at an address
 * @kind: enum mmkit_aspace_kind
 *
 * Return: the name, or NULL.
 */
const char *mmkit_aspace_kind_name(unsigned int kind)
{
	return NAME_OF(page_kinds, kind);
}

/**
 * mmkit_pt_kind_name() - name of what a page-table entry is
 * @kind: enum mmkit_entry_kind_id
 *
 * Return: the name, or NULL.
 */
const char *mmkit_pt_kind_name(unsigned int kind)
{
	return NAME_OF(entry_kinds, kind);
}

/**
 * mmkit_pt_flag_name() - name of a flag of a page-table entry
 * @bit: number of the bit in MMKIT_ENTRY_x
 *
 * Return: the name, or NULL.
 */
const char *mmkit_pt_flag_name(unsigned int bit)
{
	return NAME_OF(entry_flags, bit);
}

/**
 * mmkit_level_name() - name of a level of page tables
 * @level: enum mmkit_level_id
 *
 * Return: the name, or NULL.
 */
const char *mmkit_level_name(unsigned int level)
{
	return NAME_OF(levels, level);
}

/**
 * mmkit_vma_flag_name() - letters of a region's flag, as VmFlags in smaps
 * @bit: number of the bit in MMKIT_VMA_x
 *
 * Return: the two letters, or NULL.
 */
const char *mmkit_vma_flag_name(unsigned int bit)
{
	return NAME_OF(vma_flags, bit);
}

/**
 * mmkit_kernel_area_name() - name of an area of the kernel's half
 * @id: enum mmkit_kernel_area_id
 *
 * Return: the name, or NULL.
 */
const char *mmkit_kernel_area_name(unsigned int id)
{
	return NAME_OF(areas, id);
}
