// SPDX-License-Identifier: GPL-2.0-only
/* Which page tables there are behind the regions, and what they weigh. */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "aspace.h"
#include "chain.h"
#include "geometry.h"

/**
 * struct inventory - what was found so far
 * @mm: whose
 * @arg: what is summed up
 * @tables: room for each
 * @room: how many fit
 * @last: of each level, the first address of the table found last, plus one:
 *	going upwards, a table that is met again is met at once
 * @entries: a copy of one table
 */
struct inventory {
	struct mm_struct *mm;
	struct mmkit_aspace_tables *arg;
	struct mmkit_aspace_table *tables;
	u32 room;
	u64 last[MMKIT_LEVELS];
	u64 *entries;
};

/* By what it maps: where levels are folded, what is called PGD is any of these. */
static bool is_leaf(u8 shift, u64 entry)
{
	if (shift == PAGE_SHIFT)
		return pte_present(__pte(entry));
	if (shift == PMD_SHIFT)
		return pmd_present(__pmd(entry)) && pmd_leaf(__pmd(entry));
	if (shift == PUD_SHIFT)
		return pud_present(__pud(entry)) && pud_leaf(__pud(entry));
	return false;
}

/* The root has the kernel's half in it, too. */
static unsigned int entries_of(const struct inventory *inventory,
			       const struct mmkit_link *link)
{
	if (link->level == MMKIT_LEVEL_PGD)
		return mmkit_index(inventory->mm->task_size - 1, link->shift) + 1;
	return PTRS_PER_PTE;
}

static void count_entries(const struct inventory *inventory,
			  const struct mmkit_link *link,
			  struct mmkit_aspace_table *table)
{
	unsigned int i, nr = entries_of(inventory, link);

	for (i = 0; i < nr; i++) {
		u64 entry = inventory->entries[i];

		table->used += !pte_none(__pte(entry));
		table->leaves += is_leaf(link->shift, entry);
	}
}

static void sum_up(struct inventory *inventory,
		   const struct mmkit_aspace_table *table)
{
	struct mmkit_aspace_tables *arg = inventory->arg;
	unsigned int i = table->level - 1;

	arg->table[i]++;
	arg->used[i] += table->used;
	arg->leaves[i] += table->leaves;
	arg->bytes += PAGE_SIZE;
	if (arg->nr < inventory->room)
		inventory->tables[arg->nr] = *table;
	arg->nr++;
}

static void look_at(struct inventory *inventory, unsigned long addr,
		    const struct mmkit_link *link)
{
	u64 start = mmkit_table_start(addr, link->shift);
	struct mmkit_aspace_table table = {
		.start = start,
		.pfn = link->table,
		.level = link->level,
	};

	if (inventory->last[link->level - 1] == start + 1)
		return;
	if (!mmkit_chain_table(inventory->mm, addr, link, inventory->entries))
		return;
	inventory->last[link->level - 1] = start + 1;
	count_entries(inventory, link, &table);
	sum_up(inventory, &table);
}

/* mm keeps one in reserve for the day that the huge page is split. */
static bool has_deposit(struct vm_area_struct *vma,
			const struct mmkit_link *last)
{
	return last->shift == PMD_SHIFT && vma_is_anonymous(vma) &&
	       last->kind != MMKIT_ENTRY_NONE &&
	       last->kind != MMKIT_ENTRY_TABLE;
}

/* Looks at all tables on the way to @addr. Returns the next address to look at. */
static unsigned long step(struct inventory *inventory,
			  struct vm_area_struct *vma, unsigned long addr)
{
	const struct mmkit_link *last;
	struct mmkit_chain chain;
	unsigned int i;

	mmkit_chain_read(inventory->mm, addr, &chain);
	if (!chain.nr)
		return 0;
	for (i = 0; i < chain.nr; i++)
		look_at(inventory, addr, &chain.link[i]);
	last = mmkit_chain_last(&chain);
	inventory->arg->deposited += has_deposit(vma, last);
	return mmkit_next_entry(addr, max_t(u32, last->shift, PMD_SHIFT));
}

/* Steps without letting mmap_lock go. */
#define STEPS	64

static unsigned long walk_piece(struct inventory *inventory,
				unsigned long addr, unsigned long end)
{
	struct vm_area_struct *vma = find_vma(inventory->mm, addr);
	int i;

	if (!vma || vma->vm_start >= end)
		return end;
	addr = max(addr, vma->vm_start);
	end = min(end, vma->vm_end);
	for (i = 0; i < STEPS && addr && addr < end; i++) {
		addr = step(inventory, vma, addr);
		cond_resched();
	}
	return addr ? min(addr, end) : end;
}

static int walk_areas(struct inventory *inventory, unsigned long addr,
		      unsigned long end)
{
	while (addr < end) {
		if (fatal_signal_pending(current) ||
		    mmap_read_lock_killable(inventory->mm))
			return -EINTR;
		addr = walk_piece(inventory, addr, end);
		mmap_read_unlock(inventory->mm);
		cond_resched();
	}
	return 0;
}

/**
 * mmkit_tables_fill() - List and count the page tables of a range.
 * @mm: whose; the caller holds it by mm_users
 * @arg: the range; what came of it
 * @tables: zeroed room, or NULL
 * @room: how many fit
 *
 * Tables are found by the regions that they are for: what lies between regions
 * has none, but for one that is being freed.
 *
 * Context: Process; takes mmap_lock.
 * Return: 0, -ENOMEM, -EINTR killed.
 */
int mmkit_tables_fill(struct mm_struct *mm, struct mmkit_aspace_tables *arg,
		      struct mmkit_aspace_table *tables, u32 room)
{
	struct inventory inventory = {
		.mm = mm,
		.arg = arg,
		.tables = tables,
		.room = room,
	};
	int err;

	inventory.entries = kmalloc(PAGE_SIZE, GFP_KERNEL_ACCOUNT);
	if (!inventory.entries)
		return -ENOMEM;
	err = walk_areas(&inventory, arg->start, arg->end);
	arg->pgtables_bytes = mm_pgtables_bytes(mm);
	kfree(inventory.entries);
	return err;
}
