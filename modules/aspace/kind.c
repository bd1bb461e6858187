// SPDX-License-Identifier: GPL-2.0-only
/* What a region is for, and the words for all kinds. Pure. */
#include <linux/kernel.h>
#include <linux/string.h>
#include "kind.h"

static u32 kind_of_named(const char *name)
{
	if (!strcmp(name, "[vdso]"))
		return MMKIT_REGION_VDSO;
	if (!strncmp(name, "[vvar", 5))
		return MMKIT_REGION_VVAR;
	return MMKIT_REGION_SPECIAL;
}

static u32 kind_of_image(u64 flags)
{
	if (flags & MMKIT_VMA_EXEC)
		return MMKIT_REGION_TEXT;
	return flags & MMKIT_VMA_WRITE ? MMKIT_REGION_DATA :
					 MMKIT_REGION_RODATA;
}

static u32 kind_of_file(const struct mmkit_region_facts *facts)
{
	if (facts->device)
		return MMKIT_REGION_DEVICE;
	if (facts->memory && facts->flags & MMKIT_VMA_MAYSHARE)
		return MMKIT_REGION_SHARED;
	if (facts->image || facts->flags & MMKIT_VMA_EXEC)
		return kind_of_image(facts->flags);
	return MMKIT_REGION_FILE;
}

/* The program's data that is in no file begins in the page after the file's. */
static bool is_bss(const struct mmkit_region_facts *facts)
{
	u64 in_page = facts->page_size - 1;

	return facts->end_data &&
	       facts->start == ((facts->end_data + in_page) & ~in_page);
}

static u32 kind_of_anon(const struct mmkit_region_facts *facts)
{
	/* As fs/proc/task_mmu.c tells them; a heap of no size is none. */
	if (facts->start < facts->brk && facts->end > facts->start_brk)
		return MMKIT_REGION_HEAP;
	if (facts->start <= facts->start_stack &&
	    facts->end >= facts->start_stack)
		return MMKIT_REGION_STACK;
	return is_bss(facts) ? MMKIT_REGION_BSS : MMKIT_REGION_ANON;
}

/**
 * mmkit_region_kind() - What a region is for.
 * @facts: what is known of it
 *
 * Return: enum mmkit_region_kind.
 */
u32 mmkit_region_kind(const struct mmkit_region_facts *facts)
{
	if (facts->flags & MMKIT_VMA_HUGETLB)
		return MMKIT_REGION_HUGETLB;
	if (facts->file)
		return kind_of_file(facts);
	if (facts->name)
		return kind_of_named(facts->name);
	if (facts->flags & (MMKIT_VMA_PFNMAP | MMKIT_VMA_IO))
		return MMKIT_REGION_DEVICE;
	return kind_of_anon(facts);
}

static const char *const region_kinds[MMKIT_REGION_KIND_NR] = {
	"anon", "file", "text", "rodata", "data", "bss", "heap", "stack",
	"shared", "hugetlb", "vdso", "vvar", "device", "special"
};

static const char *const aspace_kinds[MMKIT_ASPACE_KIND_NR] = {
	"hole", "none", "anon", "file", "shmem", "hugetlb", "zero", "special",
	"swap", "migration", "hwpoison", "device", "marker"
};

static const char *const entry_kinds[MMKIT_ENTRY_KIND_NR] = {
	"none", "table", "page", "protnone", "swap", "migration", "hwpoison",
	"device", "marker"
};

static const char *const entry_flags[MMKIT_ENTRY_FLAGS] = {
	"present", "write", "user", "writethrough", "uncached", "accessed",
	"dirty", "huge", "pat", "global", "special", "soft-dirty", "uffd-wp",
	"protnone", "nx"
};

static const char *const levels[MMKIT_LEVEL_NR] = {
	NULL, "pte", "pmd", "pud", "p4d", "pgd"
};

static const char *word(const char *const *words, size_t nr, u32 i)
{
	return i < nr ? words[i] : NULL;
}

/**
 * mmkit_region_kind_word() - The word for a kind of region.
 * @kind: enum mmkit_region_kind
 *
 * Return: the word, or NULL when there is no such kind.
 */
const char *mmkit_region_kind_word(u32 kind)
{
	return word(region_kinds, ARRAY_SIZE(region_kinds), kind);
}

/**
 * mmkit_aspace_kind_word() - The word for what is mapped at an address.
 * @kind: enum mmkit_aspace_kind
 *
 * Return: the word, or NULL when there is no such kind.
 */
const char *mmkit_aspace_kind_word(u32 kind)
{
	return word(aspace_kinds, ARRAY_SIZE(aspace_kinds), kind);
}

/**
 * mmkit_entry_kind_word() - The word for what an entry is.
 * @kind: enum mmkit_entry_kind_id
 *
 * Return: the word, or NULL when there is no such kind.
 */
const char *mmkit_entry_kind_word(u32 kind)
{
	return word(entry_kinds, ARRAY_SIZE(entry_kinds), kind);
}

/**
 * mmkit_entry_flag_word() - The word for a flag of an entry.
 * @bit: its number in MMKIT_ENTRY_x
 *
 * Return: the word, or NULL when there is no such flag.
 */
const char *mmkit_entry_flag_word(u32 bit)
{
	return word(entry_flags, ARRAY_SIZE(entry_flags), bit);
}

/**
 * mmkit_level_word() - What the kernel calls a level.
 * @level: enum mmkit_level_id
 *
 * Return: the word, or NULL when there is no such level.
 */
const char *mmkit_level_word(u32 level)
{
	return word(levels, ARRAY_SIZE(levels), level);
}
