// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "iohuge": memory that the kernel does not manage, as in io.c, mapped by
 * faults, each of which maps the largest piece that fits: 1 GiB, 2 MiB, a page.
 *
 * What it gives: memory of gigabytes costs a handful of faults, page tables and
 * TLB entries, and can be taken away again. From 6.12 on: before, nothing in a large
 * entry said that there is no struct page behind it.
 * What it costs: care. A piece must be aligned where it lies in memory and where
 * it is mapped, which place.c sees to. And mm knows less of 1 GiB than of 2 MiB. An
 * area that is split in the middle of a piece keeps it (vma_adjust_trans_huge()).
 * And mremap() takes any such entry for a broken one, complains, and clears it
 * without flushing the TLB (get_old_pud() in mm/mremap.c, as of 7.3). So nothing is
 * mapped when it comes to that: .open, which mm calls for the area that is made by
 * either, unmaps the store, and faults bring back what they can.
 *
 * drivers/vfio/pci/vfio_pci_core.c, which leaves all of that to its users.
 */
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "compat/insert.h"
#include "compat/vma.h"
#include "map.h"

/* The whole piece must be in the area, in the store, and aligned in memory. */
static bool piece_at(const struct mmkit_store *store,
		     const struct vm_fault *vmf, unsigned long size,
		     unsigned long *pfn)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long addr = vmf->address & ~(size - 1);
	unsigned long nr = size >> PAGE_SHIFT, first;

	if (addr < vma->vm_start || size > vma->vm_end - addr)
		return false;
	first = linear_page_index(vma, addr);
	if (first >= store->nr || nr > store->nr - first)
		return false;
	*pfn = PHYS_PFN(mmkit_carveout_base(store)) + first;
	return IS_ALIGNED(*pfn, nr);
}

static vm_fault_t small_fault(struct vm_fault *vmf)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	unsigned long pfn;

	down_read(&store->lock);
	if (piece_at(store, vmf, PAGE_SIZE, &pfn))
		ret = vmf_insert_pfn(vmf->vma, vmf->address, pfn);
	up_read(&store->lock);
	return mmkit_store_fault_done(store, vmf, ret);
}

/* Somebody has put a table there: of it vmf_insert_pfn_pmd() and _pud() would warn. */
static bool has_table(const struct vm_fault *vmf, unsigned long size)
{
	if (size == PUD_SIZE)
		return !pud_none(*vmf->pud) && !pud_trans_huge(*vmf->pud);
	return !pmd_none(*vmf->pmd) && !pmd_trans_huge(*vmf->pmd);
}

/*
 * Of 2 MiB tables come from small_fault() only, which has the lock for read; so for
 * write, as in huge.c. Of 1 GiB they come from mm as well, which asks no driver first
 * where huge pages are switched off meanwhile (PR_SET_THP_DISABLE): then a moment is
 * left between the look and the entry, in which mm warns.
 */
static vm_fault_t piece_fault(struct vm_fault *vmf, unsigned long size)
{
	struct mmkit_store *store = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_FALLBACK;
	unsigned long pfn;

	down_write(&store->lock);
	if (piece_at(store, vmf, size, &pfn) && !has_table(vmf, size))
		ret = size == PUD_SIZE ? mmkit_vmf_insert_pfn_pud(vmf, pfn) :
					 mmkit_vmf_insert_pfn_pmd(vmf, pfn);
	up_write(&store->lock);
	if (ret & VM_FAULT_FALLBACK)
		return ret;
	return mmkit_store_fault_done(store, vmf, ret);
}

static vm_fault_t huge_fault(struct vm_fault *vmf, MMKIT_HUGE_SIZE size)
{
	if (mmkit_is_pud(size) && mmkit_can_map_pud())
		return piece_fault(vmf, PUD_SIZE);
	if (mmkit_is_pmd(size) && mmkit_can_map_pmd())
		return piece_fault(vmf, PMD_SIZE);
	return VM_FAULT_FALLBACK;
}

/* All that any store could have, so that no piece is unmapped in part. */
static void unmap_all(struct mmkit_store *store)
{
	unmap_mapping_range(store->inode->i_mapping, 0, MMKIT_EVENTS_OFFSET, 1);
}

/*
 * By a split or by mremap(); the area it is made of is locked, so that no fault
 * brings anything back before it is done. A child has what fork() copies.
 */
static void iohuge_open(struct vm_area_struct *vma)
{
	struct mmkit_store *store = vma->vm_private_data;

	if (mmkit_can_map_pud() && vma->vm_mm == current->mm)
		unmap_all(store);
	mmkit_store_vm_open(vma);
}

/* mremap() has locked it already; a split does so after .open only. */
static int iohuge_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	if (mmkit_can_map_pud())
		mmkit_vma_start_write(vma);
	return mmkit_store_vm_may_split(vma, addr);
}

static const struct vm_operations_struct iohuge_vm_ops = {
	.open = iohuge_open,
	.close = mmkit_store_vm_close,
	.may_split = iohuge_may_split,
	.fault = small_fault,
	.huge_fault = huge_fault,
	.access = mmkit_carveout_access,
};

/*
 * Before the end is unmapped, all of it is: some kernels (6.12) want mmap_lock
 * where a piece of 1 GiB is unmapped in part (zap_pud_range()). What stays comes
 * back by faults, which see the new size.
 */
static void iohuge_settle(struct mmkit_store *store,
			  const struct mmkit_memory *old)
{
	unmap_all(store);
}

/*
 * It does not grow while it is mapped. Else one thread could find a piece too long
 * and go on to put a page table there, and another find it short enough by then:
 * vmf_insert_pfn_pud() warns of what it finds in the place of an entry.
 */
static int iohuge_make(struct mmkit_store *store,
		       const struct mmkit_memory *old,
		       struct mmkit_memory *new)
{
	new->moved = new->nr > old->nr;
	return mmkit_carveout_make(store, old, new);
}

static const struct mmkit_backing iohuge_backing = {
	.name = "carve-out",
	.cost = mmkit_carveout_cost,
	.make = iohuge_make,
	.settle = iohuge_settle,
	.free = mmkit_carveout_free,
	.describe = mmkit_carveout_describe,
};

/* An entry that the processor does not know is a broken page table to it. */
const char *mmkit_iohuge_init(void)
{
	if (!mmkit_strategy_iohuge.note && !mmkit_can_map_pud())
		mmkit_strategy_iohuge.note =
			"this machine has no entries of 1 GiB: 2 MiB and pages";
	return NULL;
}

struct mmkit_strategy mmkit_strategy_iohuge = {
	.entry = {
		.name = "iohuge",
		.help = "huge_fault maps 1 GiB or 2 MiB of a carve-out at once",
		.owner = THIS_MODULE,
	},
	.vm_ops = &iohuge_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
	.backing = &iohuge_backing,
	.missing = mmkit_carveout_missing,
	.anchor = mmkit_carveout_base,
	.note = MMKIT_HUGE_NOTE,
};
