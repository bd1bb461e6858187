/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * mmkit: what every area's ioctls share.
 *
 * Rules of every struct that crosses this boundary:
 *  - the first field is @size, the caller's sizeof() of the struct. A shorter
 *    struct than the kernel's is completed with zeros, a longer one must be
 *    zero beyond what the kernel knows (-E2BIG), one that ends before the last
 *    mandatory field is -EINVAL;
 *  - fields have fixed widths, there is no implicit padding, pointers travel
 *    as 64-bit integers, and the layout is the same for a 32-bit caller;
 *  - reserved fields and unknown flag bits must be zero (-EINVAL);
 *  - an array is passed as a pointer and a room: @nr says how many elements
 *    fit, and comes back as how many there are.
 */
#ifndef _UAPI_MMKIT_MMKIT_H
#define _UAPI_MMKIT_MMKIT_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define MMKIT_IOC		0xE6	/* not in ioctl-number.rst */
#define MMKIT_ABI		1
#define MMKIT_NAME_LEN		32	/* with the terminating NUL */

/* First ioctl number of each area: each has 16. */
#define MMKIT_IOC_SESSION	0x00	/* answered by every area's device */
#define MMKIT_IOC_INFO		0x10
#define MMKIT_IOC_PAGES		0x20
#define MMKIT_IOC_MAP		0x30
#define MMKIT_IOC_HEAP		0x40
#define MMKIT_IOC_SLAB		0x50
#define MMKIT_IOC_MEMBLOCK	0x60
#define MMKIT_IOC_ASPACE	0x70
#define MMKIT_IOC_BENCH		0x80

/**
 * DOC: gfp
 *
 * The kernel's allocation flags under numbers that do not change between
 * kernels. At most one of the four contexts (none means KERNEL), at most one
 * zone, any of the modifiers. mmkit always adds __GFP_ACCOUNT and
 * __GFP_NOWARN, and __GFP_RETRY_MAYFAIL to what may sleep, so that a request
 * that cannot be met is an -ENOMEM of the caller's and not an OOM kill. ATOMIC
 * is for callers with CAP_SYS_RESOURCE (-EPERM): the kernel charges it past the
 * cgroup's limit.
 */
#define MMKIT_GFP_KERNEL		(1u << 0)
#define MMKIT_GFP_ATOMIC		(1u << 1)
#define MMKIT_GFP_NOWAIT		(1u << 2)
#define MMKIT_GFP_HIGHUSER_MOVABLE	(1u << 3)
#define MMKIT_GFP_CONTEXTS		0x0000000fu

#define MMKIT_GFP_DMA			(1u << 8)
#define MMKIT_GFP_DMA32			(1u << 9)
#define MMKIT_GFP_ZONES			0x00000300u

#define MMKIT_GFP_ZERO			(1u << 16)
#define MMKIT_GFP_NOWARN		(1u << 17)
#define MMKIT_GFP_NORETRY		(1u << 18)
#define MMKIT_GFP_RETRY_MAYFAIL		(1u << 19)
#define MMKIT_GFP_THISNODE		(1u << 20)
#define MMKIT_GFP_COMP			(1u << 21)
#define MMKIT_GFP_MODIFIERS		0x003f0000u

#define MMKIT_GFP_ALL	(MMKIT_GFP_CONTEXTS | MMKIT_GFP_ZONES | \
			 MMKIT_GFP_MODIFIERS)

/* Zones and migrate types, numbered the same on every kernel. */
enum mmkit_zone_id {
	MMKIT_ZONE_DMA,
	MMKIT_ZONE_DMA32,
	MMKIT_ZONE_NORMAL,
	MMKIT_ZONE_HIGHMEM,
	MMKIT_ZONE_MOVABLE,
	MMKIT_ZONE_DEVICE,
	MMKIT_ZONE_UNKNOWN = 255,
};

enum mmkit_migrate_id {
	MMKIT_MIGRATE_UNMOVABLE,
	MMKIT_MIGRATE_MOVABLE,
	MMKIT_MIGRATE_RECLAIMABLE,
	MMKIT_MIGRATE_HIGHATOMIC,
	MMKIT_MIGRATE_CMA,
	MMKIT_MIGRATE_ISOLATE,
	MMKIT_MIGRATE_UNKNOWN = 255,
};

/* mmkit_page.state */
#define MMKIT_PAGE_NOPFN	(1u << 0) /* PFNs hidden: no CAP_SYS_ADMIN */
#define MMKIT_PAGE_NOPAGE	(1u << 1) /* a hole: no online page here */
#define MMKIT_PAGE_FREE		(1u << 2) /* head of a free block of @order */
#define MMKIT_PAGE_BUDDY_FREE	(1u << 3) /* its buddy is a free block */
#define MMKIT_PAGE_NOBUDDY	(1u << 4) /* largest order, or a hole */

/**
 * struct mmkit_page - one page, or the head of one block, as the kernel has it
 * @pfn: page frame number, 0 with %MMKIT_PAGE_NOPFN
 * @flags: ``1 << KPF_x`` of linux/kernel-page-flags.h, as /proc/kpageflags
 * @buddy: first PFN of the buddy of the block of @order that starts here
 * @refcount: page_count()
 * @mapcount: how many page tables map it, as /proc/kpagecount
 * @node: NUMA node
 * @order: of the block it heads, 0 for a single page
 * @zone: enum mmkit_zone_id
 * @migratetype: enum mmkit_migrate_id of its pageblock
 * @state: MMKIT_PAGE_x
 *
 * Read without locks: each field was true when it was read.
 */
struct mmkit_page {
	__aligned_u64 pfn;
	__aligned_u64 flags;
	__aligned_u64 buddy;
	__s32 refcount;
	__s32 mapcount;
	__s32 node;
	__u8 order;
	__u8 zone;
	__u8 migratetype;
	__u8 state;
};

/**
 * struct mmkit_session_info - what the open file holds
 * @size: sizeof(struct mmkit_session_info)
 * @handles: live handles
 * @id: number of the session, as in tracepoints and debugfs
 * @bytes: memory charged to the session
 * @max_handles: quota
 * @max_bytes: quota
 */
struct mmkit_session_info {
	__u32 size;
	__u32 handles;
	__aligned_u64 id;
	__aligned_u64 bytes;
	__aligned_u64 max_handles;
	__aligned_u64 max_bytes;
};

#define MMKIT_SESSION_INFO _IOWR(MMKIT_IOC, MMKIT_IOC_SESSION + 0, \
				 struct mmkit_session_info)

#endif
