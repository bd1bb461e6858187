// SPDX-License-Identifier: GPL-2.0-only
/* Machines whose pages are never as large as a PUD have none. */
#include <linux/mm.h>
unsigned long probe(pud_t pud);
unsigned long probe(pud_t pud) { return pud_pfn(pud); }
