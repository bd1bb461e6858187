/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/mmkit/memblock: the boot allocator. A session owns a sandbox, which
 * behaves as mm/memblock.c of linux 6.1 does and touches no memory; and it can
 * read what the real one left behind.
 */
#ifndef _UAPI_MMKIT_MEMBLOCK_H
#define _UAPI_MMKIT_MEMBLOCK_H

#include <mmkit/mmkit.h>

/* mmkit_memblock_region.flags: numbered as the kernel's enum memblock_flags */
#define MMKIT_MEMBLOCK_HOTPLUG		(1u << 0)
#define MMKIT_MEMBLOCK_MIRROR		(1u << 1)
#define MMKIT_MEMBLOCK_NOMAP		(1u << 2)
#define MMKIT_MEMBLOCK_DRIVER_MANAGED	(1u << 3)
#define MMKIT_MEMBLOCK_RSRV_NOINIT	(1u << 4)	/* of reserved ones */
#define MMKIT_MEMBLOCK_FLAGS		0x1fu

#define MMKIT_MEMBLOCK_ANY_NODE		(-1)	/* NUMA_NO_NODE */
#define MMKIT_MEMBLOCK_NO_NODE		1024	/* MAX_NUMNODES: none was set */

/* Ends of a range that mean something else, as the kernel has them. */
#define MMKIT_MEMBLOCK_ACCESSIBLE	0ull	/* the current limit */
#define MMKIT_MEMBLOCK_NOLEAKTRACE	1ull	/* the same, unknown to kmemleak */
#define MMKIT_MEMBLOCK_ANYWHERE		(~0ull)

/**
 * struct mmkit_memblock_region - one region
 * @base: first byte
 * @bytes: how many
 * @flags: MMKIT_MEMBLOCK_x
 * @node: NUMA node, %MMKIT_MEMBLOCK_NO_NODE for none
 */
struct mmkit_memblock_region {
	__aligned_u64 base;
	__aligned_u64 bytes;
	__u32 flags;
	__s32 node;
};

/* mmkit_memblock_set.flags */
#define MMKIT_MEMBLOCK_BOTTOM_UP	(1u << 0)	/* memblock_set_bottom_up() */
#define MMKIT_MEMBLOCK_RESIZE		(1u << 1)	/* memblock_allow_resize() */
#define MMKIT_MEMBLOCK_MOVABLE_NODE	(1u << 2)	/* booted with movable_node */
#define MMKIT_MEMBLOCK_KERNELCORE_MIRROR (1u << 3)	/* kernelcore=mirror */
#define MMKIT_MEMBLOCK_RESET		(1u << 4)	/* begin with an empty one */
#define MMKIT_MEMBLOCK_SET_FLAGS	0x1fu

/**
 * struct mmkit_memblock_set - how the sandbox goes about it
 * @size: sizeof(struct mmkit_memblock_set)
 * @flags: MMKIT_MEMBLOCK_x; those that are not given are off
 * @limit: memblock_set_current_limit(), or %MMKIT_MEMBLOCK_ANYWHERE
 *
 * Errors: EINVAL an unknown flag; ENOMEM.
 */
struct mmkit_memblock_set {
	__u32 size;
	__u32 flags;
	__aligned_u64 limit;
};

/* What changes regions. */
enum mmkit_memblock_verb {
	MMKIT_MEMBLOCK_ADD,		/* memblock_add_node(), memblock_add() */
	MMKIT_MEMBLOCK_REMOVE,
	MMKIT_MEMBLOCK_RESERVE,
	MMKIT_MEMBLOCK_PHYS_FREE,
	MMKIT_MEMBLOCK_MARK,		/* memblock_mark_x() by flags */
	MMKIT_MEMBLOCK_CLEAR,		/* memblock_clear_x() by flags */
	MMKIT_MEMBLOCK_SET_NODE,	/* of memory */
	MMKIT_MEMBLOCK_SET_NODE_RESERVED,
	MMKIT_MEMBLOCK_TRIM,		/* bytes is the alignment */
	MMKIT_MEMBLOCK_CAP,		/* memblock_cap_memory_range() */
	MMKIT_MEMBLOCK_ENFORCE_LIMIT,	/* bytes is the limit */
	MMKIT_MEMBLOCK_LIMIT_REMOVE_MAP,
	MMKIT_MEMBLOCK_VERB_NR,
};

/**
 * struct mmkit_memblock_change - change regions of the sandbox
 * @size: sizeof(struct mmkit_memblock_change)
 * @verb: enum mmkit_memblock_verb
 * @base: first byte, zero where the verb has none
 * @bytes: how many
 * @node: for ADD and SET_NODE, %MMKIT_MEMBLOCK_NO_NODE for none
 * @flags: of what is added; one flag to mark or clear
 * @warned: out: how often the kernel would have warned
 * @reserved: zero
 *
 * The kernel accepts any range: one that overflows is cut at the end of the
 * address space, an empty one does nothing.
 *
 * Errors: EINVAL an unknown verb, flag or node, or not exactly one flag to mark
 * or clear; ENOMEM as the kernel says it: the region array is full and may not
 * be doubled, or there is nowhere to double it to; EOVERFLOW no multiple of the
 * alignment of a TRIM lies above the last region; EDQUOT more regions than the
 * session may keep; ENOTRECOVERABLE the kernel would have stopped in a BUG_ON():
 * only RESET is left then.
 */
struct mmkit_memblock_change {
	__u32 size;
	__u32 verb;
	__aligned_u64 base;
	__aligned_u64 bytes;
	__s32 node;
	__u32 flags;
	__u32 warned;
	__u32 reserved;
};

/* By which of the kernel's functions. */
enum mmkit_memblock_how {
	MMKIT_MEMBLOCK_TRY_NID,		/* memblock_alloc_try_nid(), also _raw */
	MMKIT_MEMBLOCK_EXACT_NID,	/* memblock_alloc_exact_nid_raw() */
	MMKIT_MEMBLOCK_PHYS_RANGE,	/* memblock_phys_alloc_range() */
	MMKIT_MEMBLOCK_PHYS_TRY_NID,	/* memblock_phys_alloc_try_nid() */
	MMKIT_MEMBLOCK_FIND,		/* memblock_find_in_range(): reserves nothing */
	MMKIT_MEMBLOCK_HOW_NR,
};

/**
 * struct mmkit_memblock_alloc - allocate in the sandbox
 * @size: sizeof(struct mmkit_memblock_alloc)
 * @how: enum mmkit_memblock_how
 * @bytes: how many; the kernel accepts 0
 * @align: 0 is SMP_CACHE_BYTES, except in FIND
 * @min: lowest address
 * @max: end of the range, or %MMKIT_MEMBLOCK_ACCESSIBLE
 * @node: NUMA node, or %MMKIT_MEMBLOCK_ANY_NODE
 * @warned: out: how often the kernel would have warned
 * @addr: out: physical address
 *
 * Errors: EINVAL an unknown function or node, a range with PHYS_TRY_NID, a node
 * with PHYS_RANGE or FIND; ENOMEM the kernel's function returns 0; EDQUOT,
 * ENOTRECOVERABLE as MMKIT_MEMBLOCK_CHANGE.
 */
struct mmkit_memblock_alloc {
	__u32 size;
	__u32 how;
	__aligned_u64 bytes;
	__aligned_u64 align;
	__aligned_u64 min;
	__aligned_u64 max;
	__s32 node;
	__u32 warned;
	__aligned_u64 addr;
};

enum mmkit_memblock_ask {
	MMKIT_MEMBLOCK_IS_MEMORY,
	MMKIT_MEMBLOCK_IS_MAP_MEMORY,
	MMKIT_MEMBLOCK_IS_RESERVED,
	MMKIT_MEMBLOCK_IS_REGION_MEMORY,
	MMKIT_MEMBLOCK_IS_REGION_RESERVED,
	MMKIT_MEMBLOCK_OVERLAPS_MEMORY,	/* memblock_overlaps_region() */
	MMKIT_MEMBLOCK_NODE_OF,		/* memblock_search_pfn_nid() of the page */
	MMKIT_MEMBLOCK_ASK_NR,
};

/**
 * struct mmkit_memblock_query - ask the sandbox about a range
 * @size: sizeof(struct mmkit_memblock_query)
 * @ask: enum mmkit_memblock_ask
 * @base: first byte
 * @bytes: how many, zero where one address is asked about
 * @answer: out: 1 or 0; of NODE_OF the node, or -1
 * @reserved: zero
 *
 * Errors: EINVAL an unknown question.
 */
struct mmkit_memblock_query {
	__u32 size;
	__u32 ask;
	__aligned_u64 base;
	__aligned_u64 bytes;
	__s32 answer;
	__u32 reserved;
};

/* Whose regions. */
enum mmkit_memblock_source {
	MMKIT_MEMBLOCK_SANDBOX,
	MMKIT_MEMBLOCK_OBSERVED,	/* after MMKIT_MEMBLOCK_OBSERVE */
	MMKIT_MEMBLOCK_SOURCE_NR,
};

enum mmkit_memblock_list {
	MMKIT_MEMBLOCK_MEMORY,
	MMKIT_MEMBLOCK_RESERVED,
	MMKIT_MEMBLOCK_FREE_RANGES,	/* for_each_free_mem_range() */
	MMKIT_MEMBLOCK_FREE_REVERSE,
	MMKIT_MEMBLOCK_MEM_RANGES,	/* for_each_mem_range() */
	MMKIT_MEMBLOCK_PFN_RANGES,	/* for_each_mem_pfn_range(): whole pages */
	MMKIT_MEMBLOCK_LIST_NR,
};

/**
 * struct mmkit_memblock_regions - list regions or ranges
 * @size: sizeof(struct mmkit_memblock_regions)
 * @source: enum mmkit_memblock_source
 * @list: enum mmkit_memblock_list
 * @first: index of the first
 * @nr: in: room at @regions, at most %MMKIT_MEMBLOCK_REGIONS_MAX; out: how many
 *	are there
 * @node: of ranges: only these, or %MMKIT_MEMBLOCK_ANY_NODE
 * @flags: of free ranges: MMKIT_MEMBLOCK_x that would else be skipped, and
 *	MIRROR for those alone
 * @all: out: how many there are with those before @first
 * @max: out: room of the kernel's array before it is doubled
 * @total: out: bytes, as the kernel counts them
 * @array: out: where a doubled array lies, 0 for the first one
 * @regions: struct mmkit_memblock_region array
 *
 * An empty array of the kernel's holds one empty region; a list of it does not.
 *
 * Errors: EINVAL an unknown value, @nr 0 or too large; EPERM OBSERVED without
 * CAP_SYS_ADMIN; ENODATA OBSERVED before it was observed; EFAULT; ENOMEM.
 */
struct mmkit_memblock_regions {
	__u32 size;
	__u32 source;
	__u32 list;
	__u32 first;
	__u32 nr;
	__s32 node;
	__u32 flags;
	__u32 all;
	__aligned_u64 max;
	__aligned_u64 total;
	__aligned_u64 array;
	__aligned_u64 regions;
};

#define MMKIT_MEMBLOCK_REGIONS_MAX	65536

/**
 * struct mmkit_memblock_layout - where the kernel's structs have what
 * @bytes: sizeof(struct memblock)
 * @bottom_up: offset in it
 * @current_limit: offset in it
 * @memory: offset in it
 * @reserved: offset in it
 * @cnt: offset in struct memblock_type
 * @max: offset in it
 * @total_size: offset in it
 * @regions: offset in it
 * @name: offset in it
 * @region_bytes: sizeof(struct memblock_region)
 * @base: offset in it
 * @region_size: offset in it
 * @flags: offset in it
 * @nid: offset in it, 0xffff where it has none
 * @given: 1; 0 when nothing of the above is known
 */
struct mmkit_memblock_layout {
	__u16 bytes;
	__u16 bottom_up;
	__u16 current_limit;
	__u16 memory;
	__u16 reserved;
	__u16 cnt;
	__u16 max;
	__u16 total_size;
	__u16 regions;
	__u16 name;
	__u16 region_bytes;
	__u16 base;
	__u16 region_size;
	__u16 flags;
	__u16 nid;
	__u16 given;
};

/**
 * struct mmkit_memblock_observe - read what the boot allocator left behind
 * @size: sizeof(struct mmkit_memblock_observe)
 * @reserved: zero
 * @memblock: address of the kernel's variable, from /proc/kallsyms
 * @memory_regions: of memblock_memory_init_regions
 * @reserved_regions: of memblock_reserved_init_regions
 * @layout: from the kernel's BTF. The module has it from the kernel's header;
 *	one that is given must be the same.
 * @nr_memory: out: regions of memory
 * @nr_reserved: out: regions that are reserved
 *
 * Nothing is believed before it was checked: the names in it, the counts, the
 * order and the sum of the regions, and that there is as much memory as the
 * zones have. After an error the session has what it had.
 *
 * Errors: EPERM without CAP_SYS_ADMIN; EACCES under lockdown=confidentiality;
 * EINVAL @reserved; ESTALE @layout is not that of the kernel that this module
 * was built for; EFAULT an address that cannot be read; EBADMSG what is there is
 * no memblock; ENODATA its region arrays have been freed (they had been
 * doubled); EUCLEAN it has not the memory that the zones have: some was plugged
 * in or out since; EDQUOT; ENOMEM.
 */
struct mmkit_memblock_observe {
	__u32 size;
	__u32 reserved;
	__aligned_u64 memblock;
	__aligned_u64 memory_regions;
	__aligned_u64 reserved_regions;
	struct mmkit_memblock_layout layout;
	__u32 nr_memory;
	__u32 nr_reserved;
};

/**
 * struct mmkit_memblock_fate - what has become of an observed region
 * @pages: that it touches
 * @kept: of them are still reserved: PageReserved()
 * @given: belong to the page allocator
 * @holes: have no struct page, or one that was never set up
 * @memmap: hold struct pages
 * @tables: are page tables that map memory or struct pages
 * @zones: bit mask of enum mmkit_zone_id
 * @node: NUMA node of the first page, -1 without one
 *
 * @memmap and @tables are counted in @kept, and 0 where the kernel exports
 * nothing to look them up with (lookup_address()).
 */
struct mmkit_memblock_fate {
	__aligned_u64 pages;
	__aligned_u64 kept;
	__aligned_u64 given;
	__aligned_u64 holes;
	__aligned_u64 memmap;
	__aligned_u64 tables;
	__u32 zones;
	__s32 node;
};

/**
 * struct mmkit_memblock_fates - what has become of the observed regions
 * @size: sizeof(struct mmkit_memblock_fates)
 * @list: %MMKIT_MEMBLOCK_MEMORY or %MMKIT_MEMBLOCK_RESERVED
 * @nr: in: room at @fates, at most %MMKIT_MEMBLOCK_REGIONS_MAX; out: how many
 *	are there, in the order of the regions
 * @reserved: zero
 * @fates: struct mmkit_memblock_fate array
 *
 * Errors: EINVAL another list, @nr 0 or too large, @reserved; EPERM without
 * CAP_SYS_ADMIN; ENODATA before MMKIT_MEMBLOCK_OBSERVE; EFAULT; ENOMEM; EINTR.
 */
struct mmkit_memblock_fates {
	__u32 size;
	__u32 list;
	__u32 nr;
	__u32 reserved;
	__aligned_u64 fates;
};

/* mmkit_memblock_booted.verb */
enum mmkit_memblock_boot_verb {
	MMKIT_MEMBLOCK_BOOT_ALLOC,
	MMKIT_MEMBLOCK_BOOT_RESERVE,
	MMKIT_MEMBLOCK_BOOT_FREE,
};

/**
 * struct mmkit_memblock_booted - one request of mmkit.memblock=
 * @verb: enum mmkit_memblock_boot_verb
 * @node: of ALLOC, or -1
 * @base: where: of ALLOC what the kernel chose, 0 for nothing
 * @bytes: how many
 * @align: of ALLOC
 * @min: of ALLOC
 * @max: of ALLOC
 * @err: 0 or -errno
 * @predicted_err: what the sandbox says
 * @predicted: where the sandbox puts it
 * @kept: pages of it that are reserved now
 * @given: pages of it that belong to the page allocator
 */
struct mmkit_memblock_booted {
	__u32 verb;
	__s32 node;
	__aligned_u64 base;
	__aligned_u64 bytes;
	__aligned_u64 align;
	__aligned_u64 min;
	__aligned_u64 max;
	__s32 err;
	__s32 predicted_err;
	__aligned_u64 predicted;
	__aligned_u64 kept;
	__aligned_u64 given;
};

/**
 * struct mmkit_memblock_boot - what was asked of memblock while it was in charge
 * @size: sizeof(struct mmkit_memblock_boot)
 * @nr: in: room at @booted, at most %MMKIT_MEMBLOCK_BOOT_MAX; out: how many there
 *	are
 * @malformed: out: 1 when the boot parameter could not be read to its end
 * @reserved: zero
 * @booted: struct mmkit_memblock_booted array
 *
 * Errors: EINVAL @nr 0 or too large, @reserved; EPERM without CAP_SYS_ADMIN;
 * EOPNOTSUPP the kernel was built without CONFIG_MMKIT_MEMBLOCK_BOOT; ENODATA
 * it was booted without mmkit.memblock=; EFAULT; EDQUOT; ENOMEM.
 */
struct mmkit_memblock_boot {
	__u32 size;
	__u32 nr;
	__u32 malformed;
	__u32 reserved;
	__aligned_u64 booted;
};

#define MMKIT_MEMBLOCK_BOOT_MAX	16

/* mmkit_memblock_claim.flags */
#define MMKIT_MEMBLOCK_OFFER	(1u << 0)	/* to other modules of mmkit */

/**
 * struct mmkit_memblock_claim - take a carve-out for one's own
 * @size: sizeof(struct mmkit_memblock_claim)
 * @handle: out: until it is released or the file closed
 * @base: first byte, a multiple of the page size
 * @bytes: how many, too
 * @flags: %MMKIT_MEMBLOCK_OFFER, or 0
 * @reserved: zero
 * @name: that reserve_mem= gave it, or empty. With a name @base and @bytes are
 *	zero, and come back.
 *
 * A range by request_mem_region() and memremap(), as a driver does. It must be
 * "Reserved" in /proc/iomem. Whether it is memory nobody else uses, only who
 * booted the kernel with memmap= knows: what is a device's or the firmware's
 * must not be claimed.
 *
 * What is offered a store of /dev/mmkit/map with the strategy "io" can take, one
 * at a time. It may have it longer than this file is open.
 *
 * Errors: EPERM without CAP_SYS_ADMIN and CAP_SYS_RAWIO; EACCES under lockdown;
 * EINVAL an empty or unaligned range, one past the end of the address space, a
 * range and a name, an unknown flag, @reserved; ERANGE not all of it is Reserved;
 * ENOENT no such name; EOPNOTSUPP a name, on a kernel before 6.12; EBUSY claimed
 * by somebody else; EDQUOT over a quota of handles; ENOMEM it could not be
 * mapped.
 */
struct mmkit_memblock_claim {
	__u32 size;
	__u32 handle;
	__aligned_u64 base;
	__aligned_u64 bytes;
	__u32 flags;
	__u32 reserved;
	char name[MMKIT_NAME_LEN];
};

/**
 * struct mmkit_memblock_probe - write a claimed carve-out and read it back
 * @size: sizeof(struct mmkit_memblock_probe)
 * @handle: from MMKIT_MEMBLOCK_CLAIM
 * @bytes: out: that held what was written
 * @first_bad: out: offset of the first that did not, or @bytes
 *
 * Each word is written with its own address, then read; then all are zeroed.
 *
 * Errors: ENOENT no such handle; EBUSY it was offered, and may hold what others
 * wrote; EINTR.
 */
struct mmkit_memblock_probe {
	__u32 size;
	__u32 handle;
	__aligned_u64 bytes;
	__aligned_u64 first_bad;
};

/**
 * struct mmkit_memblock_release - give a carve-out back
 * @size: sizeof(struct mmkit_memblock_release)
 * @handle: from MMKIT_MEMBLOCK_CLAIM
 *
 * Errors: ENOENT no such handle; EBUSY it was offered and somebody has taken it.
 */
struct mmkit_memblock_release {
	__u32 size;
	__u32 handle;
};

/**
 * struct mmkit_memblock_named - find what reserve_mem= carved out
 * @size: sizeof(struct mmkit_memblock_named)
 * @reserved: zero
 * @name: as on the command line
 * @base: out
 * @bytes: out
 *
 * By reserve_mem_find_by_name().
 *
 * Errors: EINVAL @reserved, a @name without its end; EPERM without
 * CAP_SYS_ADMIN; EOPNOTSUPP a kernel before 6.12; ENOENT no such name.
 */
struct mmkit_memblock_named {
	__u32 size;
	__u32 reserved;
	char name[MMKIT_NAME_LEN];
	__aligned_u64 base;
	__aligned_u64 bytes;
};

#define MMKIT_MEMBLOCK_SET	_IOW(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 0, \
				     struct mmkit_memblock_set)
#define MMKIT_MEMBLOCK_CHANGE	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 1, \
				      struct mmkit_memblock_change)
#define MMKIT_MEMBLOCK_ALLOC	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 2, \
				      struct mmkit_memblock_alloc)
#define MMKIT_MEMBLOCK_QUERY	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 3, \
				      struct mmkit_memblock_query)
#define MMKIT_MEMBLOCK_REGIONS	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 4, \
				      struct mmkit_memblock_regions)
#define MMKIT_MEMBLOCK_OBSERVE	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 5, \
				      struct mmkit_memblock_observe)
#define MMKIT_MEMBLOCK_FATES	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 6, \
				      struct mmkit_memblock_fates)
#define MMKIT_MEMBLOCK_BOOT	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 7, \
				      struct mmkit_memblock_boot)
#define MMKIT_MEMBLOCK_CLAIM	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 8, \
				      struct mmkit_memblock_claim)
#define MMKIT_MEMBLOCK_PROBE	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 9, \
				      struct mmkit_memblock_probe)
#define MMKIT_MEMBLOCK_RELEASE	_IOW(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 10, \
				     struct mmkit_memblock_release)
#define MMKIT_MEMBLOCK_NAMED	_IOWR(MMKIT_IOC, MMKIT_IOC_MEMBLOCK + 11, \
				      struct mmkit_memblock_named)

#endif
