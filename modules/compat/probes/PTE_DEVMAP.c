// SPDX-License-Identifier: GPL-2.0-only
/* Pages of a device had a bit of their own in the entry: until 6.17. */
#include <linux/mm.h>
int probe(pte_t pte);
int probe(pte_t pte) { return pte_devmap(pte); }
