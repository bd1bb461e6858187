// SPDX-License-Identifier: GPL-2.0-only
/* The callback of a walk was given the list's lock: until 6.13. */
#include <linux/list_lru.h>
enum lru_status probe(list_lru_walk_cb walk, spinlock_t *lock);
enum lru_status probe(list_lru_walk_cb walk, spinlock_t *lock)
{
	return walk(NULL, NULL, lock, NULL);
}
