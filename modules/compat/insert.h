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

static inline vm_fault_t mmkit_vmf_insert_pfn_pud(struct vm_fault *vmf,
						  unsigned long pfn)
{
#if defined(CONFIG_TRANSPARENT_HUGEPAGE) && \
	defined(CONFIG_HAVE_ARCH_TRANSPARENT_HUGEPAGE_PUD)
	return vmf_insert_pfn_pud(vmf, MMKIT_PFN(pfn),
				  vmf->flags & FAULT_FLAG_WRITE);
#else
	return VM_FAULT_FALLBACK;
#endif
}

/*
 * Frames, and memory without a struct page: only where the entry says so itself, or
 * get_user_pages_fast() would look for a page, and take the references of all of them
 * from the first. From 6.12 on.
 */
static inline bool mmkit_can_map_pmd(void)
{
	return IS_ENABLED(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP);
}

#ifdef CONFIG_X86
#include "insert_x86.h"
#else
static inline bool mmkit_cpu_maps_pud(void)
{
	return true;
}
#endif

/* Likewise; and the kernel asks a driver for it without asking the processor. */
static inline bool mmkit_can_map_pud(void)
{
	return IS_ENABLED(CONFIG_ARCH_SUPPORTS_PUD_PFNMAP) &&
	       mmkit_cpu_maps_pud();
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

static inline bool mmkit_is_pud(MMKIT_HUGE_SIZE size)
{
	return size == PUD_SHIFT - PAGE_SHIFT;
}
#else
#define MMKIT_HUGE_SIZE	enum page_entry_size

static inline bool mmkit_is_pmd(MMKIT_HUGE_SIZE size)
{
	return size == PE_SIZE_PMD;
}

static inline bool mmkit_is_pud(MMKIT_HUGE_SIZE size)
{
	return size == PE_SIZE_PUD;
}
#endif

/* What user space should know of a strategy that has a huge_fault, or NULL. */
#ifndef HAVE_HUGE_FAULT_ORDER
#define MMKIT_HUGE_NOTE	\
	"this kernel calls no device's huge_fault: all pages are small"
#elif !defined(CONFIG_TRANSPARENT_HUGEPAGE)
#define MMKIT_HUGE_NOTE	\
	"this kernel has no CONFIG_TRANSPARENT_HUGEPAGE: all pages are small"
#elif !defined(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP)
#define MMKIT_HUGE_NOTE	\
	"this kernel has no CONFIG_ARCH_SUPPORTS_PMD_PFNMAP: all pages are small"
#else
#define MMKIT_HUGE_NOTE	NULL
#endif

#endif
