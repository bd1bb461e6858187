// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/aspace. */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <mmkit/describe.h>
#include "aspace.h"
#include "chain.h"
#include "context.h"
#include "geometry.h"
#include "layout.h"
#include "pte.h"
#include "summary.h"

static int aspace_regions(struct mmkit_call *call, void *data)
{
	struct mmkit_aspace_regions *arg = data;
	struct mmkit_aspace_region *regions;
	struct mm_struct *mm;
	int err;

	if (!arg->nr || arg->nr > MMKIT_ASPACE_REGIONS_MAX ||
	    arg->flags & ~MMKIT_ASPACE_COUNT)
		return -EINVAL;
	mm = mmkit_target_get(arg->pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	regions = mmkit_call_array(call, arg->regions, arg->nr,
				   sizeof(*regions));
	err = regions ? mmkit_aspace_regions_fill(mm, arg, regions) : -ENOMEM;
	mmput(mm);
	call->bytes = arg->nr * sizeof(*regions);
	return err;
}

/* --- walking to one address */

static void fill_level(struct mmkit_aspace_level *out,
		       const struct mmkit_link *link, bool admin)
{
	out->index = link->index;
	out->level = link->level;
	out->kind = link->kind;
	if (link->kind == MMKIT_ENTRY_TABLE ||
	    link->kind == MMKIT_ENTRY_PAGE ||
	    link->kind == MMKIT_ENTRY_PROTNONE_PAGE)
		out->flags = mmkit_entry_flags(link->value, link->level);
	if (!admin)
		return;
	out->entry = pte_val(link->value);
	out->table = link->table;
}

static void fill_page(struct mmkit_aspace_walk *walk,
		      const struct mmkit_link *last, unsigned long address)
{
	u64 in_page = BIT_ULL(last->shift) - 1;

	walk->pfn = last->pfn + ((address & in_page) >> PAGE_SHIFT);
	mmkit_describe_pfn(&walk->page, walk->pfn);
	if (is_zero_pfn(walk->pfn))
		walk->state |= MMKIT_WALK_ZERO;
}

static void fill_end(struct mmkit_aspace_walk *walk,
		     const struct mmkit_link *last, unsigned long address)
{
	walk->kind = last->kind;
	walk->shift = last->shift;
	walk->page = (struct mmkit_page) { .state = MMKIT_PAGE_NOPAGE };
	walk->pfn = 0;
	walk->swap_type = 0;
	walk->swap_offset = 0;
	if (last->kind == MMKIT_ENTRY_PAGE ||
	    last->kind == MMKIT_ENTRY_PROTNONE_PAGE) {
		fill_page(walk, last, address);
	} else if (last->kind == MMKIT_ENTRY_SWAP) {
		walk->swap_type = last->away.type;
		walk->swap_offset = last->away.offset;
	}
}

static void hide(struct mmkit_aspace_walk *walk)
{
	mmkit_describe_hide(&walk->page, 1);
	walk->pfn = 0;
	walk->swap_type = 0;
	walk->swap_offset = 0;
	walk->state |= MMKIT_WALK_NOPFN;
}

/* They add up to the address, and where areas begin is nobody's to know. */
static void hide_indices(struct mmkit_aspace_walk *walk,
			 struct mmkit_aspace_level *levels, u32 nr)
{
	while (nr--)
		levels[nr].index = 0;
	walk->state |= MMKIT_WALK_NOINDEX;
}

static void fill_walk(struct mmkit_call *call, struct mmkit_aspace_walk *walk,
		      const struct mmkit_chain *chain, unsigned long address)
{
	struct mmkit_aspace_level *levels = call->data;
	bool admin = capable(CAP_SYS_ADMIN);
	u32 i, room = min_t(u32, walk->nr, MMKIT_LEVELS);

	walk->nr = chain->nr;
	for (i = 0; i < chain->nr && i < room; i++)
		fill_level(&levels[i], &chain->link[i], admin);
	fill_end(walk, mmkit_chain_last(chain), address);
	if (walk->area)
		hide_indices(walk, levels, room);
	if (!admin)
		hide(walk);
	call->bytes = min(chain->nr, room) * sizeof(*levels);
}

static int walk_user(struct mmkit_aspace_walk *walk, struct mm_struct *mm,
		     unsigned long address, struct mmkit_chain *chain)
{
	bool region;
	int err;

	if (address >= mm->task_size)
		return -EINVAL;
	err = mmkit_chain_user(mm, address, chain, &region);
	if (!err && region)
		walk->state |= MMKIT_WALK_REGION;
	return err;
}

/* The root's kernel half is the same in every address space: on x86. */
static int walk_kernel(struct mmkit_aspace_walk *walk, struct mm_struct *mm,
		       unsigned long address, struct mmkit_chain *chain)
{
	walk->state |= MMKIT_WALK_KERNEL;
	mmkit_chain_read(mm, address, chain);
	return 0;
}

/* Which address is meant, and may the caller know of it? */
static int find_address(const struct mmkit_aspace_walk *walk,
			unsigned long *address, bool *kernel)
{
	enum mmkit_half half;

	*address = walk->address;
	if (walk->area >= MMKIT_AREA_NR)
		return -EINVAL;
	half = mmkit_half_of(walk->address, mmkit_address_bits());
	*kernel = walk->area || half == MMKIT_HALF_KERNEL;
	if (*kernel && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (walk->area)
		return mmkit_kernel_address(walk->area, walk->address,
					    address);
	return half == MMKIT_HALF_NEITHER ? -EINVAL : 0;
}

static int aspace_walk(struct mmkit_call *call, void *data)
{
	struct mmkit_aspace_walk *walk = data;
	struct mmkit_chain chain = { };
	unsigned long address;
	struct mm_struct *mm;
	bool kernel;
	int err;

	err = find_address(walk, &address, &kernel);
	if (err)
		return err;
	if (!mmkit_call_array(call, walk->levels, MMKIT_LEVELS,
			      sizeof(struct mmkit_aspace_level)))
		return -ENOMEM;
	mm = mmkit_target_get(walk->pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	walk->state = 0;
	err = kernel ? walk_kernel(walk, mm, address, &chain) :
		       walk_user(walk, mm, address, &chain);
	mmput(mm);
	if (!err && !chain.nr)
		err = -EFAULT;
	if (!err)
		fill_walk(call, walk, &chain, address);
	return err;
}

/* --- many pages */

static int check_flags(u32 flags)
{
	if (flags & ~MMKIT_ASPACE_CLEAR)
		return -EINVAL;
	return flags && !MMKIT_HAS_CLEAR_YOUNG ? -EOPNOTSUPP : 0;
}

static int fill_parts(struct mm_struct *mm,
		      const struct mmkit_aspace_range *arg,
		      struct mmkit_aspace_counts *counts)
{
	u64 pages = (arg->end - arg->start) >> PAGE_SHIFT;
	u64 from = arg->start, to;
	int err = 0;
	u32 i;

	for (i = 0; i < arg->nr && !err; i++, from = to) {
		to = mmkit_part_start(arg->start, pages, arg->nr, i + 1,
				      PAGE_SHIFT);
		err = mmkit_summary(mm, from, to,
				    arg->flags & MMKIT_ASPACE_CLEAR,
				    &counts[i]);
	}
	return err;
}

static int check_range(const struct mmkit_aspace_range *arg,
		       const struct mm_struct *mm)
{
	int err = mmkit_range_check(arg->start, arg->end, mm->task_size,
				    PAGE_SHIFT);

	if (!err && arg->nr > (arg->end - arg->start) >> PAGE_SHIFT)
		err = -EINVAL;
	return err;
}

static int aspace_range(struct mmkit_call *call, void *data)
{
	struct mmkit_aspace_range *arg = data;
	struct mmkit_aspace_counts *counts;
	struct mm_struct *mm;
	int err;

	if (!arg->nr || arg->nr > MMKIT_ASPACE_PARTS_MAX)
		return -EINVAL;
	err = check_flags(arg->flags);
	if (err)
		return err;
	mm = mmkit_target_get(arg->pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	err = check_range(arg, mm);
	if (err)
		goto put;
	counts = mmkit_call_array(call, arg->counts, arg->nr, sizeof(*counts));
	err = counts ? fill_parts(mm, arg, counts) : -ENOMEM;
	call->bytes = arg->nr * sizeof(*counts);
put:
	mmput(mm);
	return err;
}

/* What is asked for beyond the end of the user half is left out. */
static int clip_pages(struct mmkit_aspace_pages *arg,
		      const struct mm_struct *mm)
{
	u64 end = mm->task_size;

	if (!PAGE_ALIGNED(arg->start) || arg->start >= end)
		return -EINVAL;
	arg->nr = min_t(u64, arg->nr, (end - arg->start) >> PAGE_SHIFT);
	return arg->nr ? 0 : -EINVAL;
}

static int aspace_pages(struct mmkit_call *call, void *data)
{
	struct mmkit_aspace_pages *arg = data;
	struct mm_struct *mm;
	u64 *words;
	int err;

	if (!arg->nr || arg->nr > MMKIT_ASPACE_PAGES_MAX)
		return -EINVAL;
	err = check_flags(arg->flags);
	if (err)
		return err;
	mm = mmkit_target_get(arg->pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	err = clip_pages(arg, mm);
	if (err)
		goto put;
	words = mmkit_call_array(call, arg->words, arg->nr, sizeof(*words));
	err = words ? mmkit_summary_words(mm, arg->start, arg->nr,
					  arg->flags & MMKIT_ASPACE_CLEAR,
					  !capable(CAP_SYS_ADMIN), words) :
		      -ENOMEM;
	call->bytes = arg->nr * sizeof(*words);
put:
	mmput(mm);
	return err;
}

/* --- page tables, and the layout of it all */

static void clear_answer(struct mmkit_aspace_tables *arg)
{
	arg->nr = 0;
	arg->bytes = 0;
	arg->deposited = 0;
	memset(arg->table, 0, sizeof(arg->table));
	memset(arg->used, 0, sizeof(arg->used));
	memset(arg->leaves, 0, sizeof(arg->leaves));
}

static void hide_tables(struct mmkit_aspace_table *tables, u32 nr)
{
	while (nr--)
		tables[nr].pfn = 0;
}

static int fill_tables(struct mmkit_call *call, struct mm_struct *mm,
		       struct mmkit_aspace_tables *arg)
{
	u32 room = arg->nr;
	struct mmkit_aspace_table *tables;
	int err;

	tables = mmkit_call_array(call, arg->tables, room, sizeof(*tables));
	if (!tables)
		return -ENOMEM;
	clear_answer(arg);
	arg->levels = mmkit_page_levels(mm);
	err = mmkit_tables_fill(mm, arg, tables, room);
	if (!capable(CAP_SYS_ADMIN))
		hide_tables(tables, min(arg->nr, room));
	call->bytes = min(arg->nr, room) * sizeof(*tables);
	return err;
}

static int aspace_tables(struct mmkit_call *call, void *data)
{
	struct mmkit_aspace_tables *arg = data;
	struct mm_struct *mm;
	int err = -EINVAL;

	if (arg->nr > MMKIT_ASPACE_TABLES_MAX)
		return -EINVAL;
	mm = mmkit_target_get(arg->pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	if (!arg->end)
		arg->end = mm->task_size;
	if (arg->start < arg->end && arg->end <= mm->task_size)
		err = fill_tables(call, mm, arg);
	mmput(mm);
	return err;
}

static int aspace_layout(struct mmkit_call *call, void *data)
{
	struct mmkit_aspace_layout *arg = data;
	struct mmkit_kernel_area *areas;
	struct mm_struct *mm;
	u32 room = min_t(u32, arg->nr, MMKIT_LAYOUT_ROOM);

	if (arg->reserved)
		return -EINVAL;
	mm = mmkit_target_get(arg->pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	areas = mmkit_call_array(call, arg->areas, room, sizeof(*areas));
	if (areas)
		mmkit_layout_fill(mm, arg, areas, room);
	mmput(mm);
	call->bytes = min(arg->nr, room) * sizeof(*areas);
	return areas ? 0 : -ENOMEM;
}

static int aspace_context(struct mmkit_call *call, void *data)
{
	struct mmkit_aspace_context *arg = data;
	struct mm_struct *mm;
	int err;

	if (arg->reserved)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	mm = mmkit_target_get(arg->pid);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	err = mmkit_context_fill(mm, arg);
	mmput(mm);
	return err;
}

const struct mmkit_ioctl mmkit_aspace_ioctls[] = {
	MMKIT_IOCTL(MMKIT_ASPACE_REGIONS, aspace_regions,
		    struct mmkit_aspace_regions, regions),
	MMKIT_IOCTL(MMKIT_ASPACE_WALK, aspace_walk, struct mmkit_aspace_walk,
		    levels),
	MMKIT_IOCTL(MMKIT_ASPACE_RANGE, aspace_range,
		    struct mmkit_aspace_range, counts),
	MMKIT_IOCTL(MMKIT_ASPACE_PAGES, aspace_pages,
		    struct mmkit_aspace_pages, words),
	MMKIT_IOCTL(MMKIT_ASPACE_TABLES, aspace_tables,
		    struct mmkit_aspace_tables, tables),
	MMKIT_IOCTL(MMKIT_ASPACE_LAYOUT, aspace_layout,
		    struct mmkit_aspace_layout, areas),
	MMKIT_IOCTL(MMKIT_ASPACE_CONTEXT, aspace_context,
		    struct mmkit_aspace_context, state),
};

const unsigned int mmkit_aspace_nr_ioctls = ARRAY_SIZE(mmkit_aspace_ioctls);
