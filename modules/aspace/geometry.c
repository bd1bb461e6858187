// SPDX-License-Identifier: GPL-2.0-only
/* Arithmetic on virtual addresses. Pure. */
#include <linux/errno.h>
#include <linux/math64.h>
#include "geometry.h"

/**
 * mmkit_index() - Which entry of its table an address is in.
 * @address: virtual
 * @shift: of what an entry of that level maps
 *
 * Return: 0 to 511.
 */
u32 mmkit_index(u64 address, u32 shift)
{
	return address >> shift & ((1u << MMKIT_INDEX_BITS) - 1);
}

/**
 * mmkit_next_entry() - Where the next entry of a level begins.
 * @address: virtual
 * @shift: of what an entry of that level maps
 *
 * Return: the address, 0 behind the last.
 */
u64 mmkit_next_entry(u64 address, u32 shift)
{
	return ((address >> shift) + 1) << shift;
}

/**
 * mmkit_table_start() - The first address that a table can map.
 * @address: one that it maps
 * @shift: of what an entry of it maps
 *
 * Return: the address.
 */
u64 mmkit_table_start(u64 address, u32 shift)
{
	shift += MMKIT_INDEX_BITS;
	return shift < 64 ? address >> shift << shift : 0;
}

/**
 * mmkit_half_of() - Which half of the address space an address is in.
 * @address: virtual
 * @bits: that the page tables translate: 48, or 57 with five levels
 *
 * The bits above are copies of the highest of these, or the address is none.
 *
 * Return: enum mmkit_half.
 */
enum mmkit_half mmkit_half_of(u64 address, u32 bits)
{
	u64 above = address >> (bits - 1);

	if (!above)
		return MMKIT_HALF_USER;
	return above == ~0ULL >> (bits - 1) ? MMKIT_HALF_KERNEL :
					      MMKIT_HALF_NEITHER;
}

/**
 * mmkit_part_start() - Where a part of a range begins that is cut in parts.
 * @start: of the range
 * @pages: in it, less than 2^52
 * @nr: parts, at least 1 and at most 4096
 * @part: which; @nr gives the end of the range
 * @page_shift: of the page size
 *
 * Parts differ by one page at most.
 *
 * Return: the address.
 */
u64 mmkit_part_start(u64 start, u64 pages, u32 nr, u32 part, u32 page_shift)
{
	return start + (div64_u64(pages * part, nr) << page_shift);
}

/**
 * mmkit_range_check() - Is this a range of whole pages in the user half?
 * @start: first address
 * @end: the address after the last
 * @limit: the end of the user half
 * @page_shift: of the page size
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_range_check(u64 start, u64 end, u64 limit, u32 page_shift)
{
	u64 in_page = (1ULL << page_shift) - 1;

	if ((start | end) & in_page)
		return -EINVAL;
	return start < end && end <= limit ? 0 : -EINVAL;
}
