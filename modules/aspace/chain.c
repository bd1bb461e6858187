// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the root of the page tables to an address, without their locks.
 *
 * Why a table that is looked into here is not freed meanwhile:
 *
 *  - munmap() and exit free tables. munmap() holds mmap_lock, but may hold it
 *    for reading while it frees the tables of areas that it has taken out
 *    already. So an address inside an area wants mmap_lock held for reading,
 *    any other for writing; and exit waits for mm_users.
 *  - THP collapse of files and shmem holds mmap_lock for writing up to 6.4.
 *    From then on it takes page tables away without, and frees them by RCU
 *    (pte_free_defer()), as does MADV_DONTNEED from 6.14 on. Interrupts are off
 *    here, and that is an RCU read-side section.
 *  - hugetlbfs shares PMD tables between processes and ends the sharing without
 *    mmap_lock, but sends every CPU an interrupt before the table may be freed
 *    (tlb_remove_table_sync_one()), for GUP-fast's sake. It waits for this one.
 *  - fork changes no table of the parent's, and the child's are its own.
 *  - The kernel's own tables have no lock that modules could take; few are ever
 *    freed. So entries are read by copy_from_kernel_nofault(), and what a freed
 *    table leads to is a wrong answer, never a fault.
 */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/uaccess.h>
#include "compat/leaf.h"
#include "chain.h"
#include "pte.h"

static bool peek(void *to, const void *at)
{
	return !copy_from_kernel_nofault(to, at, sizeof(pte_t));
}

/* The root may be less than a page, and need not lie at the beginning of one. */
static unsigned int table_offset(struct mm_struct *mm, u8 level)
{
	return level == MMKIT_LEVEL_PGD ? offset_in_page(mm->pgd) : 0;
}

static struct mmkit_link *push(struct mm_struct *mm, struct mmkit_chain *chain,
			       const void *at, unsigned long value, u8 level,
			       u8 shift)
{
	struct mmkit_link *link = &chain->link[chain->nr++];

	/* The root is called PGD whatever lies below it. */
	if (chain->nr == 1)
		level = MMKIT_LEVEL_PGD;
	*link = (struct mmkit_link) {
		.value = __pte(value),
		.table = page_to_pfn(virt_to_page(at)),
		.index = (offset_in_page(at) - table_offset(mm, level)) /
			 sizeof(pte_t),
		.shift = shift,
		.level = level,
		.kind = MMKIT_ENTRY_TABLE,
	};
	return link;
}

static void end_none(struct mmkit_link *link)
{
	link->kind = MMKIT_ENTRY_NONE;
}

static void end_page(struct mmkit_link *link, unsigned long pfn)
{
	link->kind = mmkit_pte_protnone(link->value) ?
		     MMKIT_ENTRY_PROTNONE_PAGE : MMKIT_ENTRY_PAGE;
	link->pfn = pfn;
}

static void end_away(struct mmkit_link *link)
{
	mmkit_away_pte(&link->away, link->value);
	link->kind = link->away.kind;
}

static void read_pte(struct mm_struct *mm, struct mmkit_chain *chain,
		     pmd_t pmd, unsigned long address)
{
	pte_t *at = pte_offset_kernel(&pmd, address), pte;
	struct mmkit_link *link;

	if (!peek(&pte, at))
		return;
	link = push(mm, chain, at, pte_val(pte), MMKIT_LEVEL_PTE, PAGE_SHIFT);
	if (pte_none(pte))
		end_none(link);
	else if (pte_present(pte))
		end_page(link, pte_pfn(pte));
	else
		end_away(link);
}

/*
 * Levels that are folded into one another share one entry. It is told once, as the
 * lowest of them, which is the one whose helpers, p*d_none() and the like, look at it.
 * Where it lies is @above: for a folded level the lockless helpers give the address of
 * the copy that they were given, but for arm64's, which knows only when it runs what is
 * folded, and gives the entry itself.
 */
static void read_pmd(struct mm_struct *mm, struct mmkit_chain *chain,
		     const void *above, pud_t *pudp, pud_t pud,
		     unsigned long address)
{
	pmd_t *at = pmd_offset_lockless(pudp, pud, address), pmd;
	struct mmkit_link *link;

	if (!peek(&pmd, at))
		return;
	link = push(mm, chain, (void *)at == (void *)&pud ? above : at,
		    pmd_val(pmd), MMKIT_LEVEL_PMD, PMD_SHIFT);
	if (pmd_none(pmd))
		end_none(link);
	else if (!pmd_present(pmd))
		end_away(link);
	else if (pmd_leaf(pmd))
		end_page(link, pmd_pfn(pmd));
	else
		read_pte(mm, chain, pmd, address);
}

static void read_pud(struct mm_struct *mm, struct mmkit_chain *chain,
		     const void *above, p4d_t *p4dp, p4d_t p4d,
		     unsigned long address)
{
	pud_t *at = pud_offset_lockless(p4dp, p4d, address), pud;
	const void *entry = (void *)at == (void *)&p4d ? above : at;
	struct mmkit_link *link;

	if (!peek(&pud, at))
		return;
	if (!mm_pmd_folded(mm)) {
		link = push(mm, chain, entry, pud_val(pud), MMKIT_LEVEL_PUD,
			    PUD_SHIFT);
		if (pud_none(pud))
			return end_none(link);
		if (!pud_present(pud))
			return end_away(link);
		if (pud_leaf(pud))
			return end_page(link, mmkit_pud_pfn(pud));
	}
	read_pmd(mm, chain, entry, at, pud, address);
}

static void read_p4d(struct mm_struct *mm, struct mmkit_chain *chain,
		     const void *above, pgd_t *pgdp, pgd_t pgd,
		     unsigned long address)
{
	p4d_t *at = p4d_offset_lockless(pgdp, pgd, address), p4d;
	const void *entry = (void *)at == (void *)&pgd ? above : at;
	struct mmkit_link *link;

	if (!peek(&p4d, at))
		return;
	if (!mm_pud_folded(mm)) {
		link = push(mm, chain, entry, p4d_val(p4d), MMKIT_LEVEL_P4D,
			    P4D_SHIFT);
		if (p4d_none(p4d) || !p4d_present(p4d))
			return end_none(link);
	}
	read_pud(mm, chain, entry, at, p4d, address);
}

static void read_pgd(struct mm_struct *mm, struct mmkit_chain *chain,
		     unsigned long address)
{
	pgd_t *at = pgd_offset(mm, address), pgd;
	struct mmkit_link *link;

	if (!peek(&pgd, at))
		return;
	if (!mm_p4d_folded(mm)) {
		link = push(mm, chain, at, pgd_val(pgd), MMKIT_LEVEL_PGD,
			    PGDIR_SHIFT);
		if (pgd_none(pgd) || !pgd_present(pgd))
			return end_none(link);
	}
	read_p4d(mm, chain, at, at, pgd, address);
}

/**
 * mmkit_chain_read() - Read the entries on the way to an address.
 * @mm: whose tables; for the kernel's half any will do
 * @address: virtual
 * @chain: out; empty when not even the root could be read
 *
 * Context: Any. The caller sees to it that tables stay, see above.
 */
void mmkit_chain_read(struct mm_struct *mm, unsigned long address,
		      struct mmkit_chain *chain)
{
	unsigned long flags;

	chain->nr = 0;
	local_irq_save(flags);
	read_pgd(mm, chain, address);
	local_irq_restore(flags);
}

/**
 * mmkit_chain_user() - Read the entries on the way to any address of a process.
 * @mm: of the process; the caller holds it by mm_users
 * @address: in the user half
 * @chain: out
 * @region: out: is it in an area?
 *
 * Context: Process; takes mmap_lock.
 * Return: 0 or -EINTR.
 */
int mmkit_chain_user(struct mm_struct *mm, unsigned long address,
		     struct mmkit_chain *chain, bool *region)
{
	struct vm_area_struct *vma;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, address);
	*region = vma && vma->vm_start <= address;
	if (*region)
		mmkit_chain_read(mm, address, chain);
	mmap_read_unlock(mm);
	if (*region)
		return 0;

	/* Outside of areas tables may be on their way out. */
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, address);
	*region = vma && vma->vm_start <= address;
	mmkit_chain_read(mm, address, chain);
	mmap_write_unlock(mm);
	return 0;
}

static bool same_end(const struct mmkit_chain *a, const struct mmkit_chain *b)
{
	return a->nr == b->nr && pte_same(mmkit_chain_last(a)->value,
					  mmkit_chain_last(b)->value);
}

/* One try at holding what the chain ends at. */
static struct folio *try_hold(struct mm_struct *mm, unsigned long address,
			      struct mmkit_chain *chain, bool *again)
{
	const struct mmkit_link *last;
	struct mmkit_chain now;
	struct folio *folio;

	*again = false;
	mmkit_chain_read(mm, address, chain);
	if (!chain->nr)
		return NULL;
	last = mmkit_chain_last(chain);
	if (!last->pfn)
		return NULL;
	folio = page_folio(pfn_to_page(last->pfn));
	if (folio_try_get(folio)) {
		mmkit_chain_read(mm, address, &now);
		if (now.nr && same_end(chain, &now) &&
		    page_folio(pfn_to_page(last->pfn)) == folio)
			return folio;
		folio_put(folio);
	}
	*again = true;
	return NULL;
}

#define HOLD_TRIES	100

/**
 * mmkit_chain_hold() - Read a chain, and hold the folio that it ends at.
 * @mm: whose tables
 * @address: in an area whose pages are counted; mmap_lock is held
 * @chain: out
 *
 * As GUP-fast does: what was mapped before and after it was taken was mapped
 * when it was taken.
 *
 * Context: Process.
 * Return: the folio, to be given to folio_put(), or NULL: none is mapped, or it
 * did not hold still.
 */
struct folio *mmkit_chain_hold(struct mm_struct *mm, unsigned long address,
			       struct mmkit_chain *chain)
{
	struct folio *folio;
	bool again;
	int i;

	for (i = 0; i < HOLD_TRIES; i++) {
		folio = try_hold(mm, address, chain, &again);
		if (!again)
			break;
	}
	return folio;
}

/**
 * mmkit_chain_table() - Copy the table that an entry is in.
 * @mm: whose tables
 * @address: that the chain was read for
 * @link: of that chain
 * @entries: out: at most a page of them; a root of fewer is followed by what lies
 *	behind it in its page
 *
 * Context: as mmkit_chain_read().
 * Return: is it still the same table?
 */
bool mmkit_chain_table(struct mm_struct *mm, unsigned long address,
		       const struct mmkit_link *link, u64 *entries)
{
	unsigned int i, offset = table_offset(mm, link->level);
	struct mmkit_chain now = { };
	unsigned long flags;
	bool ok = false;

	local_irq_save(flags);
	read_pgd(mm, &now, address);
	for (i = 0; i < now.nr && !ok; i++)
		ok = now.link[i].level == link->level &&
		     now.link[i].table == link->table &&
		     !copy_from_kernel_nofault(entries,
					       __va(PFN_PHYS(link->table)) + offset,
					       PAGE_SIZE - offset);
	local_irq_restore(flags);
	return ok;
}
