/* SPDX-License-Identifier: GPL-2.0-only */
/* Inserting page frames: what differs between kernels. */
#ifndef _MMKIT_COMPAT_INSERT_H
#define _MMKIT_COMPAT_INSERT_H

#include <linux/mm.h>
#ifdef HAVE_PFN_T
#include <linux/pfn_t.h>
#define MMKIT_PFN(pfn)	pfn_to_pfn_t(pfn)
#else
#define MMKIT_PFN(pfn)	(pfn)
#endif

static inline vm_fault_t mmkit_vmf_insert_mixed(struct vm_fault *vmf,
						unsigned long pfn)
{
	return vmf_insert_mixed(vmf->vma, vmf->address, MMKIT_PFN(pfn));
}

static inline vm_fault_t mmkit_vmf_insert_pfn_pmd(struct vm_fault *vmf,
						  unsigned long pfn)
{
#ifdef CONFIG_TRANSPARENT_HUGEPAGE
	return vmf_insert_pfn_pmd(vmf, MMKIT_PFN(pfn),
				  vmf->flags & FAULT_FLAG_WRITE);
#else
	return VM_FAULT_FALLBACK;
#endif
}

/*
 * What a huge_fault is told: an order from 6.6 on, before that a word that would
 * pass for one. The kernels that tell the order are those that call a driver.
 */
#ifdef HAVE_HUGE_FAULT_ORDER
#define MMKIT_HUGE_SIZE	unsigned int

static inline bool mmkit_is_pmd(MMKIT_HUGE_SIZE size)
{
	return size == PMD_SHIFT - PAGE_SHIFT;
}
#else
#define MMKIT_HUGE_SIZE	enum page_entry_size

static inline bool mmkit_is_pmd(MMKIT_HUGE_SIZE size)
{
	return size == PE_SIZE_PMD;
}
#endif

#endif
