// SPDX-License-Identifier: GPL-2.0-only
/* Page frames were wrapped for vmf_insert_mixed(): until 6.17. */
#include <linux/mm.h>
#include <linux/pfn_t.h>
vm_fault_t probe(struct vm_area_struct *vma, pfn_t pfn);
vm_fault_t probe(struct vm_area_struct *vma, pfn_t pfn)
{
	return vmf_insert_mixed(vma, 0, pfn);
}
