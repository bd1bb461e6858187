// SPDX-License-Identifier: GPL-2.0-only
/*
 * All pages of a range, as words. walk_page_range() is not for modules, nor is
 * pte_offset_map() from 6.12 on.
 *
 * mmap_lock is held for reading and only areas are walked, so the tables above
 * the last level stay: munmap(), mremap(), fork() and the collapse of anonymous
 * memory hold it for writing. (munmap() frees tables under a read lock, but those
 * of areas that are not in the tree any more.)
 *
 * A table of the last level may be taken away all the same from 6.5 on, by the
 * collapse of file memory, and from 6.14 on by MADV_DONTNEED. Both hold the PMD's
 * lock and the table's while they clear the PMD, and free the table by RCU. So:
 * read the PMD inside an RCU read-side section, take the lock of the table that it
 * points to, and look again at the PMD. If it is the same, nobody can clear it
 * before the lock is let go. This is what pte_offset_map_lock() does there; on
 * older kernels it costs a comparison and is never in vain.
 *
 * Below the table's lock what is mapped stays mapped, so its page can be looked
 * at without a reference, as /proc/PID/smaps does. hugetlbfs, whose tables may be
 * shared between processes, has no lock that modules could take: see chain.c.
 */
#include <linux/hugetlb.h>
#include <linux/mmap_lock.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "compat/leaf.h"
#include "chain.h"
#include "range.h"
#include "word.h"

/* Walked without letting mmap_lock go. */
#define PIECE	SZ_128M

static unsigned long pages(unsigned long addr, unsigned long end)
{
	return (end - addr) >> PAGE_SHIFT;
}

static void put_none(struct mmkit_range_walk *walk, unsigned long addr,
		     unsigned long end)
{
	walk->run(walk->data, WORD_KIND(MMKIT_ASPACE_NONE), pages(addr, end));
}

/* From the middle of a huge page the frame is another. */
static void put_huge(struct mmkit_range_walk *walk, u64 word,
		     unsigned long addr, unsigned long end, unsigned long size)
{
	if (word & MMKIT_WORD_PFN && MMKIT_WORD_KIND(word) != MMKIT_ASPACE_SWAP)
		word += (addr & (size - 1)) >> PAGE_SHIFT;
	walk->run(walk->data, word, pages(addr, end));
}

static void read_ptes(struct mmkit_range_walk *walk, pte_t *ptep,
		      unsigned int nr)
{
	unsigned int i;
	pte_t pte;

	for (i = 0; i < nr; i++) {
		pte = READ_ONCE(ptep[i]);
		walk->buffer[i] = word_of_pte(pte);
		if (walk->clear && pte_present(pte) && pte_young(pte))
			mmkit_clear_young(&ptep[i]);
	}
}

/* False: the PMD is another by now. */
static bool walk_ptes(struct mmkit_range_walk *walk, pmd_t *pmdp, pmd_t pmd,
		      unsigned long addr, unsigned long end)
{
	/* Of the table; the PMD was read inside of the caller's RCU section. */
	spinlock_t *lock = pte_lockptr(walk->mm, &pmd);
	bool same;

	spin_lock(lock);
	same = pmd_same(pmd, READ_ONCE(*pmdp));
	if (same)
		read_ptes(walk, pte_offset_kernel(&pmd, addr),
			  pages(addr, end));
	spin_unlock(lock);
	return same;
}

static bool is_huge(pmd_t pmd)
{
	return !pmd_present(pmd) || pmd_leaf(pmd);
}

static bool walk_huge(struct mmkit_range_walk *walk,
		      struct vm_area_struct *vma, pmd_t *pmdp,
		      unsigned long addr, unsigned long end)
{
	spinlock_t *lock = pmd_lock(walk->mm, pmdp);
	pmd_t pmd = READ_ONCE(*pmdp);
	bool huge = !pmd_none(pmd) && is_huge(pmd);
	u64 word = 0;

	if (huge) {
		word = word_of_pmd(vma, pmd);
		if (walk->clear && pmd_present(pmd) && pmd_young(pmd))
			mmkit_clear_young(pmdp);
	}
	spin_unlock(lock);
	if (huge)
		put_huge(walk, word, addr, end, PMD_SIZE);
	return huge;
}

/* True when it is done, false when the PMD changed meanwhile. */
static bool walk_pmd(struct mmkit_range_walk *walk,
		     struct vm_area_struct *vma, pmd_t *pmdp,
		     unsigned long addr, unsigned long end)
{
	pmd_t pmd;
	bool same;

	rcu_read_lock();
	pmd = READ_ONCE(*pmdp);
	if (pmd_none(pmd)) {
		rcu_read_unlock();
		put_none(walk, addr, end);
		return true;
	}
	if (is_huge(pmd)) {
		rcu_read_unlock();
		return walk_huge(walk, vma, pmdp, addr, end);
	}
	same = walk_ptes(walk, pmdp, pmd, addr, end);
	rcu_read_unlock();
	if (same)
		walk->words(walk->data, walk->buffer, pages(addr, end));
	return same;
}

static void walk_pmds(struct mmkit_range_walk *walk,
		      struct vm_area_struct *vma, pud_t *pudp,
		      unsigned long addr, unsigned long end)
{
	pmd_t *pmdp = pmd_offset(pudp, addr);
	unsigned long next;

	for (; addr != end; addr = next, pmdp++) {
		next = pmd_addr_end(addr, end);
		while (!walk_pmd(walk, vma, pmdp, addr, next))
			cpu_relax();
		cond_resched();
	}
}

/* Only a device's memory is mapped so here: no page to look at. */
static void walk_leaf_pud(struct mmkit_range_walk *walk, pud_t pud,
			  unsigned long addr, unsigned long end)
{
	u64 word = word_of_bits(__pte(pud_val(pud))) | WORD_LEVEL(2) |
		   WORD_KIND(MMKIT_ASPACE_SPECIAL) | mmkit_pud_pfn(pud);

	put_huge(walk, word, addr, end, PUD_SIZE);
}

static void walk_puds(struct mmkit_range_walk *walk,
		      struct vm_area_struct *vma, p4d_t *p4dp,
		      unsigned long addr, unsigned long end)
{
	pud_t *pudp = pud_offset(p4dp, addr), pud;
	unsigned long next;

	for (; addr != end; addr = next, pudp++) {
		next = pud_addr_end(addr, end);
		pud = READ_ONCE(*pudp);
		if (pud_none(pud) || !pud_present(pud))
			put_none(walk, addr, next);
		else if (pud_leaf(pud))
			walk_leaf_pud(walk, pud, addr, next);
		else
			walk_pmds(walk, vma, pudp, addr, next);
	}
}

static void walk_p4ds(struct mmkit_range_walk *walk,
		      struct vm_area_struct *vma, pgd_t *pgdp,
		      unsigned long addr, unsigned long end)
{
	p4d_t *p4dp = p4d_offset(pgdp, addr);
	unsigned long next;

	for (; addr != end; addr = next, p4dp++) {
		next = p4d_addr_end(addr, end);
		if (p4d_none(*p4dp))
			put_none(walk, addr, next);
		else
			walk_puds(walk, vma, p4dp, addr, next);
	}
}

static void walk_tables(struct mmkit_range_walk *walk,
			struct vm_area_struct *vma, unsigned long addr,
			unsigned long end)
{
	pgd_t *pgdp = pgd_offset(walk->mm, addr);
	unsigned long next;

	for (; addr != end; addr = next, pgdp++) {
		next = pgd_addr_end(addr, end);
		if (pgd_none(*pgdp))
			put_none(walk, addr, next);
		else
			walk_p4ds(walk, vma, pgdp, addr, next);
	}
}

static u64 word_of_hugetlb(struct mm_struct *mm, unsigned long addr,
			   unsigned int level)
{
	struct mmkit_chain chain;
	struct folio *folio = mmkit_chain_hold(mm, addr, &chain);
	const struct mmkit_link *last;
	u64 word;

	if (!chain.nr)
		return WORD_KIND(MMKIT_ASPACE_NONE);
	last = mmkit_chain_last(&chain);
	if (folio) {
		word = word_of_page(&folio->page, word_of_bits(last->value));
		folio_put(folio);
		return word | last->pfn | WORD_LEVEL(level);
	}
	/* A table, too: of smaller pages than the area's, so none of these. */
	if (last->kind <= MMKIT_ENTRY_PROTNONE_PAGE)
		return WORD_KIND(MMKIT_ASPACE_NONE);
	return word_of_away(&last->away) | WORD_LEVEL(level);
}

static void walk_hugetlb(struct mmkit_range_walk *walk,
			 struct vm_area_struct *vma, unsigned long addr,
			 unsigned long end)
{
	unsigned long size = huge_page_size(hstate_vma(vma)), next;
	unsigned int level = size < PUD_SIZE ? 1 : 2;
	u64 word;

	for (; addr != end; addr = next) {
		next = min(end, (addr & ~(size - 1)) + size);
		word = word_of_hugetlb(walk->mm, addr & ~(size - 1), level);
		put_huge(walk, word, addr, next, size);
		cond_resched();
	}
}

/* Returns how far it came. */
static unsigned long walk_piece(struct mmkit_range_walk *walk,
				unsigned long addr, unsigned long end)
{
	struct vm_area_struct *vma = find_vma(walk->mm, addr);
	unsigned long from = vma ? min(vma->vm_start, end) : end;

	if (from > addr) {
		walk->run(walk->data, WORD_KIND(MMKIT_ASPACE_HOLE),
			  pages(addr, from));
		return from;
	}
	end = min3(end, vma->vm_end, addr + PIECE);
	if (is_vm_hugetlb_page(vma))
		walk_hugetlb(walk, vma, addr, end);
	else
		walk_tables(walk, vma, addr, end);
	return end;
}

/**
 * mmkit_range_walk() - Look at each page of a range.
 * @walk: how
 * @start: first address, of a page
 * @end: the address after the last, in the user half
 *
 * Each page table was as it is told at one moment, different ones at different
 * moments.
 *
 * Context: Process; takes mmap_lock.
 * Return: 0, -ENOMEM, -EINTR killed.
 */
int mmkit_range_walk(struct mmkit_range_walk *walk, unsigned long start,
		     unsigned long end)
{
	int err = 0;

	walk->buffer = kmalloc_array(PTRS_PER_PTE, sizeof(*walk->buffer),
				     GFP_KERNEL_ACCOUNT);
	if (!walk->buffer)
		return -ENOMEM;
	while (start < end && !err) {
		if (fatal_signal_pending(current) ||
		    mmap_read_lock_killable(walk->mm)) {
			err = -EINTR;
			break;
		}
		start = walk_piece(walk, start, end);
		mmap_read_unlock(walk->mm);
		cond_resched();
	}
	kfree(walk->buffer);
	return err;
}
