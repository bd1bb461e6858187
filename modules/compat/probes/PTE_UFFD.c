// SPDX-License-Identifier: GPL-2.0-only
/* pte_uffd_wp() under another name: 7.3. */
#include <linux/mm.h>
int probe(pte_t pte);
int probe(pte_t pte) { return pte_uffd(pte); }
