// SPDX-License-Identifier: GPL-2.0-only
/* Where things are in an address space. */
#include <linux/mm.h>
#include <linux/pgtable.h>
#include "aspace.h"
#include "layout.h"

/**
 * mmkit_page_levels() - How many levels the page tables have.
 * @mm: whose
 *
 * Context: Any.
 * Return: 5 at most; a level that is folded into the one above is none.
 */
u32 mmkit_page_levels(struct mm_struct *mm)
{
	return MMKIT_LEVELS - mm_p4d_folded(mm) - mm_pud_folded(mm) -
	       mm_pmd_folded(mm);
}

static void fill_marks(const struct mm_struct *mm,
		       struct mmkit_aspace_layout *arg)
{
	arg->user_end = mm->task_size;
	arg->start_code = mm->start_code;
	arg->end_code = mm->end_code;
	arg->start_data = mm->start_data;
	arg->end_data = mm->end_data;
	arg->start_stack = mm->start_stack;
	arg->start_brk = mm->start_brk;
	arg->brk = mm->brk;
	arg->mmap_base = mm->mmap_base;
	arg->regions = mm->map_count;
}

/**
 * mmkit_layout_fill() - Tell where things are.
 * @mm: whose; the caller holds it by mm_users
 * @arg: out
 * @areas: room for the areas of the kernel's half
 * @room: how many fit
 *
 * Context: Any.
 */
void mmkit_layout_fill(struct mm_struct *mm, struct mmkit_aspace_layout *arg,
		       struct mmkit_kernel_area *areas, u32 room)
{
	struct mmkit_kernel_area all[MMKIT_LAYOUT_ROOM];
	u32 i;

	fill_marks(mm, arg);
	arg->levels = mmkit_page_levels(mm);
	arg->kernel_bytes = mmkit_kernel_bytes();
	arg->nr = mmkit_kernel_areas(all);
	for (i = 0; i < arg->nr && i < room; i++)
		areas[i] = all[i];
}
