// SPDX-License-Identifier: GPL-2.0-only
/* What an entry that is not present is, by one API: 6.19. */
#include <linux/mm.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/leafops.h>
int probe(pte_t pte);
int probe(pte_t pte) { return softleaf_is_swap(softleaf_from_pte(pte)); }
