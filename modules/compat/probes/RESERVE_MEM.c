// SPDX-License-Identifier: GPL-2.0-only
/* exported: reserve_mem_find_by_name */
#include <linux/mm.h>
int probe(void);
int probe(void)
{
	phys_addr_t start, size;

	return reserve_mem_find_by_name("", &start, &size);
}
