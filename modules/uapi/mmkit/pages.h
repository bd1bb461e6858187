/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* /dev/mmkit/pages: alloc_pages() and its family. */
#ifndef _UAPI_MMKIT_PAGES_H
#define _UAPI_MMKIT_PAGES_H

#include <mmkit/mmkit.h>

/* Which of the kernel's functions serves an allocation. */
enum mmkit_pages_how {
	MMKIT_PAGES_BUDDY,	/* alloc_pages_node(), @count blocks of @order */
	MMKIT_PAGES_BULK,	/* alloc_pages_bulk(), @count single pages */
	MMKIT_PAGES_EXACT,	/* alloc_pages_exact(), @count times @bytes */
	MMKIT_PAGES_CONTIG,	/* alloc_contig_pages(), @count times @bytes */
	MMKIT_PAGES_HOW_NR,
};

/* mmkit_pages_alloc.flags */
#define MMKIT_PAGES_SPLIT	(1u << 0)	/* split_page() every block */

/**
 * struct mmkit_pages_alloc - allocate blocks under one handle
 * @size: sizeof(struct mmkit_pages_alloc)
 * @how: enum mmkit_pages_how
 * @order: of each block (BUDDY); zero for the others
 * @count: blocks, at least 1
 * @bytes: of each block (EXACT, CONTIG); zero for the others
 * @gfp: MMKIT_GFP_x
 * @node: NUMA node, -1 for the caller's
 * @flags: MMKIT_PAGES_SPLIT; BUDDY without MMKIT_GFP_COMP only
 * @handle: out
 * @blocks: out: blocks under the handle, @count << @order after a split
 * @reserved: zero
 *
 * All or nothing: when one block cannot be had, those before it are freed.
 *
 * Errors: EINVAL an unknown or contradictory value, an order above the largest,
 * a node that is not online, MMKIT_GFP_ATOMIC or MMKIT_GFP_NORETRY for CONTIG,
 * which the kernel's function refuses; EPERM MMKIT_GFP_ATOMIC without
 * CAP_SYS_RESOURCE;
 * EDQUOT over the session's or the total quota;
 * ENOMEM; EOPNOTSUPP the kernel exports no function for it (CONTIG before 7.2),
 * EXACT above the largest order; EINTR killed while waiting.
 */
struct mmkit_pages_alloc {
	__u32 size;
	__u32 how;
	__u32 order;
	__u32 count;
	__aligned_u64 bytes;
	__u32 gfp;
	__s32 node;
	__u32 flags;
	__u32 handle;
	__u32 blocks;
	__u32 reserved;
};

/**
 * struct mmkit_pages_free - free blocks of a handle, in any order
 * @size: sizeof(struct mmkit_pages_free)
 * @handle: from MMKIT_PAGES_ALLOC
 * @first: index of the first block
 * @nr: length of the range, 0 for all that are left from @first on
 * @stride: free every @stride-th block of the range, 0 means 1
 * @reserved: zero
 *
 * The handle goes away with its last block.
 *
 * Errors: ENOENT no such handle, one of the blocks is free already, or none is
 * left (nothing is freed then); EINVAL a range past the end; EINTR.
 */
struct mmkit_pages_free {
	__u32 size;
	__u32 handle;
	__u32 first;
	__u32 nr;
	__u32 stride;
	__u32 reserved;
};

/**
 * struct mmkit_pages_describe - describe blocks of a handle
 * @size: sizeof(struct mmkit_pages_describe)
 * @handle: from MMKIT_PAGES_ALLOC; 0 to describe by PFN (CAP_SYS_ADMIN)
 * @first: index of the first block, or the first PFN
 * @nr: in: room at @pages, at most %MMKIT_PAGES_DESCRIBE_MAX; out: described
 * @step: PFNs between two descriptions by PFN, 0 means 1; zero with a handle
 * @pages: struct mmkit_page array
 *
 * A block that was freed is described as %MMKIT_PAGE_NOPAGE.
 *
 * Errors: ENOENT no such handle; EINVAL @first past the end, @nr 0 or too
 * large; EPERM by PFN without CAP_SYS_ADMIN; EFAULT; ENOMEM; EINTR.
 */
struct mmkit_pages_describe {
	__u32 size;
	__u32 handle;
	__aligned_u64 first;
	__u32 nr;
	__u32 step;
	__aligned_u64 pages;
};

#define MMKIT_PAGES_DESCRIBE_MAX	4096

#define MMKIT_NR_ORDERS	16	/* room for any kernel's */

/**
 * struct mmkit_zone - one populated zone
 * @name: as /proc/zoneinfo names it
 * @node: NUMA node
 * @zone: enum mmkit_zone_id
 * @orders: how many elements of @nr_free and the indices are used
 * @start_pfn: first page frame spanned, 0 without CAP_SYS_ADMIN
 * @spanned: pages from first to last, holes included
 * @present: pages that exist
 * @managed: pages that the buddy allocator manages
 * @free: NR_FREE_PAGES
 * @min: watermark in pages, as are @low and @high
 * @low: kswapd is woken below
 * @high: kswapd sleeps above
 * @pcp_pages: pages on per-cpu lists, all CPUs; not part of @nr_free
 * @pcp_high: per-cpu list of the first online CPU is trimmed above this
 * @pcp_batch: and refilled by this
 * @nr_free: free blocks per order, as /proc/buddyinfo
 * @unusable: unusable free space index per order, thousandths
 * @fragmentation: fragmentation index per order, thousandths; -1000 when an
 *	allocation of that order would succeed
 */
struct mmkit_zone {
	char name[MMKIT_NAME_LEN];
	__s32 node;
	__u32 zone;
	__u32 orders;
	__u32 reserved;
	__aligned_u64 start_pfn;
	__aligned_u64 spanned;
	__aligned_u64 present;
	__aligned_u64 managed;
	__aligned_u64 free;
	__aligned_u64 min;
	__aligned_u64 low;
	__aligned_u64 high;
	__aligned_u64 pcp_pages;
	__u32 pcp_high;
	__u32 pcp_batch;
	__aligned_u64 nr_free[MMKIT_NR_ORDERS];
	__s32 unusable[MMKIT_NR_ORDERS];
	__s32 fragmentation[MMKIT_NR_ORDERS];
};

/**
 * struct mmkit_pages_zones - every populated zone
 * @size: sizeof(struct mmkit_pages_zones)
 * @nr: in: room at @zones; out: how many there are
 * @zones: struct mmkit_zone array
 */
struct mmkit_pages_zones {
	__u32 size;
	__u32 nr;
	__aligned_u64 zones;
};

/**
 * struct mmkit_pages_fragment - break free blocks up, keeping one page of each
 * @size: sizeof(struct mmkit_pages_fragment)
 * @order: of the blocks to break, at least 1
 * @bytes: how much memory to break up; rounded down to whole blocks
 * @gfp: MMKIT_GFP_x, without COMP
 * @node: NUMA node, -1 for the caller's
 * @handle: out: holds one page of each broken block; free it to undo
 * @blocks: out: blocks broken
 *
 * Each block is taken from the buddy allocator, split, and given back but for
 * its first page, so that no block of @order can form there again until the
 * handle is freed. It stops early, without an error, when no further block of
 * @order is to be had.
 *
 * Errors: EINVAL; EPERM; EDQUOT @bytes is over a quota; ENOMEM not one block; EINTR.
 */
struct mmkit_pages_fragment {
	__u32 size;
	__u32 order;
	__aligned_u64 bytes;
	__u32 gfp;
	__s32 node;
	__u32 handle;
	__u32 blocks;
};

#define MMKIT_PAGES_ALLOC	_IOWR(MMKIT_IOC, MMKIT_IOC_PAGES + 0, \
				      struct mmkit_pages_alloc)
#define MMKIT_PAGES_FREE	_IOW(MMKIT_IOC, MMKIT_IOC_PAGES + 1, \
				     struct mmkit_pages_free)
#define MMKIT_PAGES_DESCRIBE	_IOWR(MMKIT_IOC, MMKIT_IOC_PAGES + 2, \
				      struct mmkit_pages_describe)
#define MMKIT_PAGES_ZONES	_IOWR(MMKIT_IOC, MMKIT_IOC_PAGES + 3, \
				      struct mmkit_pages_zones)
#define MMKIT_PAGES_FRAGMENT	_IOWR(MMKIT_IOC, MMKIT_IOC_PAGES + 4, \
				      struct mmkit_pages_fragment)

#endif
