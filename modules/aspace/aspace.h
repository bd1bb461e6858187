/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of the aspace area, and what they pass each other. */
#ifndef _MMKIT_ASPACE_ASPACE_H
#define _MMKIT_ASPACE_ASPACE_H

#include <mmkit/area.h>
#include <mmkit/aspace.h>

struct mm_struct;
struct vm_area_struct;

extern const struct mmkit_ioctl mmkit_aspace_ioctls[];
extern const unsigned int mmkit_aspace_nr_ioctls;
extern const struct mmkit_verb mmkit_aspace_verbs[];
extern struct mmkit_show mmkit_aspace_shows[];

/* target.c */
struct mm_struct *mmkit_target_get(s32 pid);

/* regions.c */
int mmkit_aspace_regions_fill(struct mm_struct *mm,
			      struct mmkit_aspace_regions *arg,
			      struct mmkit_aspace_region *regions);

/* tables.c */
int mmkit_tables_fill(struct mm_struct *mm, struct mmkit_aspace_tables *arg,
		      struct mmkit_aspace_table *tables, u32 room);

/* layout.c */
void mmkit_layout_fill(struct mm_struct *mm, struct mmkit_aspace_layout *arg,
		       struct mmkit_kernel_area *areas, u32 room);

/* show.c */
void mmkit_counts_show(struct seq_file *m,
		       const struct mmkit_aspace_counts *counts);
void mmkit_region_show(struct seq_file *m,
		       const struct mmkit_aspace_region *region);
void mmkit_level_show(struct seq_file *m,
		      const struct mmkit_aspace_level *level);
void mmkit_table_show(struct seq_file *m,
		      const struct mmkit_aspace_table *table);
void mmkit_word_show(struct seq_file *m, u64 word);

#endif
