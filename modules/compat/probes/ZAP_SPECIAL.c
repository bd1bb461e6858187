// SPDX-License-Identifier: GPL-2.0-only
/* zap_vma_ptes() has another name: before 7.2. */
#include <linux/mm.h>
void probe(struct vm_area_struct *vma);
void probe(struct vm_area_struct *vma)
{
	zap_special_vma_range(vma, 0, 0);
}
