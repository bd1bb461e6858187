/* SPDX-License-Identifier: GPL-2.0-only */
/* What a region is for, from what is known of it. Pure. */
#ifndef _MMKIT_ASPACE_KIND_H
#define _MMKIT_ASPACE_KIND_H

#include <mmkit/aspace.h>
#include <linux/types.h>

/**
 * struct mmkit_region_facts - what tells the kinds apart
 * @start: first address
 * @end: the address after the last
 * @flags: MMKIT_VMA_x
 * @name: what the kernel calls it, or NULL
 * @file: it is of a file
 * @device: which is a device
 * @memory: which exists in memory only: tmpfs, shmem
 * @image: which is a program or library: code of it is mapped beside
 * @end_data: of the address space, as all below
 * @start_brk: see there
 * @brk: see there
 * @start_stack: see there
 * @page_size: see there
 */
struct mmkit_region_facts {
	u64 start;
	u64 end;
	u64 flags;
	const char *name;
	bool file;
	bool device;
	bool memory;
	bool image;
	u64 end_data;
	u64 start_brk;
	u64 brk;
	u64 start_stack;
	u64 page_size;
};

u32 mmkit_region_kind(const struct mmkit_region_facts *facts);
const char *mmkit_region_kind_word(u32 kind);
const char *mmkit_aspace_kind_word(u32 kind);
const char *mmkit_entry_kind_word(u32 kind);
const char *mmkit_entry_flag_word(u32 bit);
const char *mmkit_level_word(u32 level);

#endif
