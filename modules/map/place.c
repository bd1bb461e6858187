// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where in a process does an area go?
 *
 * A large entry maps memory that is aligned to its size, from an address that is.
 * So the distance between the two must be a multiple of it: thp_get_unmapped_area()
 * sees to that for 2 MiB; for 1 GiB it is done here, for strategies that have an
 * anchor. mmap() and mremap() ask alike. Where the caller insists on an address, what
 * is mapped there is as small as it has to be.
 */
#include <linux/mm.h>
#include <linux/mman.h>
#include "compat/insert.h"
#include "events.h"
#include "map.h"

/* Is a piece of 1 GiB in there? Then @at is the physical address of the start. */
static bool has_piece(struct mmkit_store *store, unsigned long pgoff,
		      unsigned long len, u64 *at)
{
	const struct mmkit_strategy *strategy = store->strategy;

	if (!mmkit_can_map_pud() || !strategy || !strategy->anchor ||
	    pgoff >= store->nr)
		return false;
	*at = strategy->anchor(store) + ((u64)pgoff << PAGE_SHIFT);
	return round_up(*at, PUD_SIZE) + PUD_SIZE <= *at + len;
}

/* With room to move it up to where it fits. */
static unsigned long find(struct file *file, unsigned long len,
			  unsigned long pgoff, unsigned long flags, u64 at)
{
	unsigned long addr;

	if (len > TASK_SIZE - PUD_SIZE)
		return -ENOMEM;
	addr = thp_get_unmapped_area(file, 0, len + PUD_SIZE, pgoff, flags);
	return IS_ERR_VALUE(addr) ? addr :
				    addr + ((at - addr) & ~PUD_MASK);
}

/**
 * mmkit_get_unmapped_area() - Where does an area of a store go?
 * @file: of the device
 * @addr: where the caller would like it
 * @len: of the area, bytes
 * @pgoff: where in the device it begins
 * @flags: MAP_x
 *
 * Context: Process. mmap_lock is held for write.
 * Return: an address, or an errno.
 */
unsigned long mmkit_get_unmapped_area(struct file *file, unsigned long addr,
				      unsigned long len, unsigned long pgoff,
				      unsigned long flags)
{
	struct mmkit_session *session = file->private_data;
	struct mmkit_store *store = session->private;
	unsigned long got, moved;
	bool has;
	u64 at;

	down_read(&store->lock);
	has = has_piece(store, pgoff, len, &at);
	up_read(&store->lock);
	got = thp_get_unmapped_area(file, addr, len, pgoff, flags);
	if (!has || flags & MAP_FIXED || IS_ERR_VALUE(got) ||
	    IS_ALIGNED(got - at, PUD_SIZE))
		return got;
	moved = find(file, len, pgoff, flags, at);
	return IS_ERR_VALUE(moved) ? got : moved;
}
