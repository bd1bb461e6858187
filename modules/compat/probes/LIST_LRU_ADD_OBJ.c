// SPDX-License-Identifier: GPL-2.0-only
/* list_lru_add() finds node and cgroup no longer by itself: 6.8. */
#include <linux/list_lru.h>
bool probe(struct list_lru *lru, struct list_head *item);
bool probe(struct list_lru *lru, struct list_head *item)
{
	return list_lru_add_obj(lru, item);
}
