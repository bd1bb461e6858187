/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/mmkit/aspace: the address space of a process from inside: its regions,
 * its page tables, what each page of it is.
 *
 * @pid of every struct below is a process as the caller's PID namespace numbers
 * it, or 0 for the caller's own. One's own address space is free to look at, any
 * other wants CAP_SYS_PTRACE; page frame numbers and what else pagemap hides
 * want CAP_SYS_ADMIN. Errors that all of them have: ESRCH no such process, or it
 * has no address space (yet, in the midst of execve()); EPERM; EINTR killed while
 * waiting; ENOMEM; EFAULT.
 */
#ifndef _UAPI_MMKIT_ASPACE_H
#define _UAPI_MMKIT_ASPACE_H

#include <mmkit/mmkit.h>

/* What is mapped at an address; counted in mmkit_aspace_counts.kind. */
enum mmkit_aspace_kind {
	MMKIT_ASPACE_HOLE,	/* no region */
	MMKIT_ASPACE_NONE,	/* a region, and nothing mapped in it here */
	MMKIT_ASPACE_ANON,
	MMKIT_ASPACE_FILE,
	MMKIT_ASPACE_SHMEM,
	MMKIT_ASPACE_HUGETLB,
	MMKIT_ASPACE_ZERO,	/* the page of zeros that all share */
	MMKIT_ASPACE_SPECIAL,	/* a page frame that mm does not count */
	MMKIT_ASPACE_SWAP,
	MMKIT_ASPACE_MIGRATION,
	MMKIT_ASPACE_HWPOISON,
	MMKIT_ASPACE_DEVICE,	/* in the private memory of a device */
	MMKIT_ASPACE_MARKER,	/* of userfaultfd, a guard or poison */
	MMKIT_ASPACE_KIND_NR,
};

#define MMKIT_ASPACE_KINDS	16	/* room for those to come */

/**
 * DOC: word
 *
 * One page in 64 bits, from the lowest: 48 bits of page frame number (of migration
 * and hwpoison, too) or of swap offset and type; 4 bits of enum
 * mmkit_aspace_kind; 2 bits of the level that maps it: 0 a page table, 1 a PMD, 2
 * a PUD; and flags.
 */
#define MMKIT_WORD_PFN		((1ull << 48) - 1)
#define MMKIT_WORD_SWAP_SHIFT	5	/* below it the device, above the offset */
#define MMKIT_WORD_KIND_SHIFT	48
#define MMKIT_WORD_LEVEL_SHIFT	52
#define MMKIT_WORD_YOUNG	(1ull << 54) /* accessed: in the entry */
#define MMKIT_WORD_DIRTY	(1ull << 55) /* in the entry */
#define MMKIT_WORD_WRITE	(1ull << 56) /* without a fault */
#define MMKIT_WORD_SHARED	(1ull << 57) /* mapped more than once */
#define MMKIT_WORD_PAGE_DIRTY	(1ull << 58) /* in the page's flags */
#define MMKIT_WORD_REFERENCED	(1ull << 59) /* young, or in the page's flags */
#define MMKIT_WORD_PROTNONE	(1ull << 60) /* there, and not to be touched */
#define MMKIT_WORD_SOFT_DIRTY	(1ull << 61)
#define MMKIT_WORD_UFFD_WP	(1ull << 62)
#define MMKIT_WORD_LAZYFREE	(1ull << 63) /* MADV_FREE, clean since */

#define MMKIT_WORD_KIND(word) \
	((unsigned int)((word) >> MMKIT_WORD_KIND_SHIFT) & 15)
#define MMKIT_WORD_LEVEL(word) \
	((unsigned int)((word) >> MMKIT_WORD_LEVEL_SHIFT) & 3)

/**
 * struct mmkit_aspace_counts - pages of a range by what they are
 * @pages: all of them, holes included
 * @kind: by enum mmkit_aspace_kind
 * @huge: mapped by a PMD or a PUD
 * @shared: mapped more than once
 * @dirty: in the entry or in the page's flags; of pages that mm counts
 * @shared_dirty: both
 * @young: accessed bit set in the entry
 * @referenced: young or referenced; of pages that mm counts
 * @write: can be written without a fault
 * @protnone: there, and any access faults
 * @soft_dirty: written since the bits were cleared
 * @uffd_wp: write-protected by userfaultfd
 * @lazyfree: given up by MADV_FREE and clean since
 * @reserved: zero
 *
 * Of what is mapped by a huge entry each small page counts.
 */
struct mmkit_aspace_counts {
	__aligned_u64 pages;
	__aligned_u64 kind[MMKIT_ASPACE_KINDS];
	__aligned_u64 huge;
	__aligned_u64 shared;
	__aligned_u64 dirty;
	__aligned_u64 shared_dirty;
	__aligned_u64 young;
	__aligned_u64 referenced;
	__aligned_u64 write;
	__aligned_u64 protnone;
	__aligned_u64 soft_dirty;
	__aligned_u64 uffd_wp;
	__aligned_u64 lazyfree;
	__aligned_u64 reserved[4];
};

/* What a region is for. */
enum mmkit_region_kind {
	MMKIT_REGION_ANON,	/* private, of no file */
	MMKIT_REGION_FILE,
	MMKIT_REGION_TEXT,	/* code of the program or a library */
	MMKIT_REGION_RODATA,	/* what such a file has besides, read-only */
	MMKIT_REGION_DATA,	/* and writable */
	MMKIT_REGION_BSS,	/* of the program */
	MMKIT_REGION_HEAP,	/* brk */
	MMKIT_REGION_STACK,	/* of the first thread */
	MMKIT_REGION_SHARED,	/* memory: System V, POSIX, memfd, anonymous */
	MMKIT_REGION_HUGETLB,
	MMKIT_REGION_VDSO,
	MMKIT_REGION_VVAR,
	MMKIT_REGION_DEVICE,
	MMKIT_REGION_SPECIAL,	/* named by who maps it */
	MMKIT_REGION_KIND_NR,
};

/* mmkit_aspace_region.flags, with the letters of VmFlags in smaps. */
#define MMKIT_VMA_READ		(1ull << 0)	/* rd */
#define MMKIT_VMA_WRITE		(1ull << 1)	/* wr */
#define MMKIT_VMA_EXEC		(1ull << 2)	/* ex */
#define MMKIT_VMA_SHARED	(1ull << 3)	/* sh */
#define MMKIT_VMA_MAYREAD	(1ull << 4)	/* mr */
#define MMKIT_VMA_MAYWRITE	(1ull << 5)	/* mw */
#define MMKIT_VMA_MAYEXEC	(1ull << 6)	/* me */
#define MMKIT_VMA_MAYSHARE	(1ull << 7)	/* ms */
#define MMKIT_VMA_GROWSDOWN	(1ull << 8)	/* gd */
#define MMKIT_VMA_PFNMAP	(1ull << 9)	/* pf */
#define MMKIT_VMA_LOCKED	(1ull << 10)	/* lo */
#define MMKIT_VMA_IO		(1ull << 11)	/* io */
#define MMKIT_VMA_SEQ_READ	(1ull << 12)	/* sr */
#define MMKIT_VMA_RAND_READ	(1ull << 13)	/* rr */
#define MMKIT_VMA_DONTCOPY	(1ull << 14)	/* dc */
#define MMKIT_VMA_DONTEXPAND	(1ull << 15)	/* de */
#define MMKIT_VMA_LOCKONFAULT	(1ull << 16)	/* lf */
#define MMKIT_VMA_ACCOUNT	(1ull << 17)	/* ac */
#define MMKIT_VMA_NORESERVE	(1ull << 18)	/* nr */
#define MMKIT_VMA_HUGETLB	(1ull << 19)	/* ht */
#define MMKIT_VMA_SYNC		(1ull << 20)	/* sf */
#define MMKIT_VMA_WIPEONFORK	(1ull << 21)	/* wf */
#define MMKIT_VMA_DONTDUMP	(1ull << 22)	/* dd */
#define MMKIT_VMA_SOFTDIRTY	(1ull << 23)	/* sd */
#define MMKIT_VMA_MIXEDMAP	(1ull << 24)	/* mm */
#define MMKIT_VMA_HUGEPAGE	(1ull << 25)	/* hg */
#define MMKIT_VMA_NOHUGEPAGE	(1ull << 26)	/* nh */
#define MMKIT_VMA_MERGEABLE	(1ull << 27)	/* mg */
#define MMKIT_VMA_UFFD_MISSING	(1ull << 28)	/* um */
#define MMKIT_VMA_UFFD_WP	(1ull << 29)	/* uw */
#define MMKIT_VMA_UFFD_MINOR	(1ull << 30)	/* ui */
#define MMKIT_VMA_SEALED	(1ull << 31)	/* sl */
#define MMKIT_VMA_DROPPABLE	(1ull << 32)	/* dp */

#define MMKIT_REGION_NAME_LEN	256

/**
 * struct mmkit_aspace_region - one region, as maps and smaps have it
 * @start: first address
 * @end: the address after the last
 * @offset: in the file, in bytes
 * @ino: of the file, 0 without
 * @flags: MMKIT_VMA_x
 * @major: of the device that the file is on
 * @minor: of the same
 * @kind: enum mmkit_region_kind
 * @page_shift: of the pages that it is made of, larger with hugetlbfs
 * @name: path, or name in brackets, or empty; the end of it when it is longer
 *	than that
 * @counts: with %MMKIT_ASPACE_COUNT
 */
struct mmkit_aspace_region {
	__aligned_u64 start;
	__aligned_u64 end;
	__aligned_u64 offset;
	__aligned_u64 ino;
	__aligned_u64 flags;
	__u32 major;
	__u32 minor;
	__u32 kind;
	__u32 page_shift;
	char name[MMKIT_REGION_NAME_LEN];
	struct mmkit_aspace_counts counts;
};

/* mmkit_aspace_regions.flags, mmkit_aspace_range.flags */
#define MMKIT_ASPACE_COUNT	(1u << 0)	/* walk each region's pages */
#define MMKIT_ASPACE_CLEAR	(1u << 1)	/* the accessed bits, once read */

/**
 * struct mmkit_aspace_regions - the regions of an address space, upwards
 * @size: sizeof(struct mmkit_aspace_regions)
 * @pid: process
 * @start: from the region on that holds this address or is the next after it
 * @next: out: @start for those after, 0 when there are none
 * @nr: in: room at @regions, at most %MMKIT_ASPACE_REGIONS_MAX; out: filled in
 * @flags: MMKIT_ASPACE_COUNT
 * @regions: struct mmkit_aspace_region array
 *
 * Each region was so when it was read; between two of them others may change.
 *
 * Errors: EINVAL @nr 0 or too large, an unknown flag.
 */
struct mmkit_aspace_regions {
	__u32 size;
	__s32 pid;
	__aligned_u64 start;
	__aligned_u64 next;
	__u32 nr;
	__u32 flags;
	__aligned_u64 regions;
};

#define MMKIT_ASPACE_REGIONS_MAX	512

/* Flags of an entry of any level; NX is the absence of the right to execute. */
#define MMKIT_ENTRY_PRESENT	(1u << 0)
#define MMKIT_ENTRY_WRITE	(1u << 1)
#define MMKIT_ENTRY_USER	(1u << 2)
#define MMKIT_ENTRY_WRITETHROUGH (1u << 3)
#define MMKIT_ENTRY_UNCACHED	(1u << 4)
#define MMKIT_ENTRY_ACCESSED	(1u << 5)
#define MMKIT_ENTRY_DIRTY	(1u << 6)
#define MMKIT_ENTRY_HUGE	(1u << 7)	/* a leaf above the last level */
#define MMKIT_ENTRY_PAT		(1u << 8)
#define MMKIT_ENTRY_GLOBAL	(1u << 9)
#define MMKIT_ENTRY_SPECIAL	(1u << 10)
#define MMKIT_ENTRY_SOFT_DIRTY	(1u << 11)
#define MMKIT_ENTRY_UFFD_WP	(1u << 12)
#define MMKIT_ENTRY_PROTNONE	(1u << 13)
#define MMKIT_ENTRY_NX		(1u << 14)
#define MMKIT_ENTRY_FLAGS	15
#define MMKIT_ENTRY_PKEY_SHIFT	16	/* protection key, 4 bits */

/* What an entry is. */
enum mmkit_entry_kind_id {
	MMKIT_ENTRY_NONE,
	MMKIT_ENTRY_TABLE,	/* points to a table of the next level */
	MMKIT_ENTRY_PAGE,
	MMKIT_ENTRY_PROTNONE_PAGE, /* a page that any access to faults on */
	MMKIT_ENTRY_SWAP,
	MMKIT_ENTRY_MIGRATION,
	MMKIT_ENTRY_HWPOISON,
	MMKIT_ENTRY_DEVICE,
	MMKIT_ENTRY_MARKER,
	MMKIT_ENTRY_KIND_NR,
};

/* Levels, from the one that holds pages upwards. */
enum mmkit_level_id {
	MMKIT_LEVEL_PTE = 1,
	MMKIT_LEVEL_PMD,
	MMKIT_LEVEL_PUD,
	MMKIT_LEVEL_P4D,
	MMKIT_LEVEL_PGD,
	MMKIT_LEVEL_NR,
};

#define MMKIT_LEVELS	5

/**
 * struct mmkit_aspace_level - the entry of one level on the way to an address
 * @entry: as the machine has it, 0 without CAP_SYS_ADMIN
 * @table: page frame of the table that it is in, 0 without CAP_SYS_ADMIN
 * @flags: MMKIT_ENTRY_x
 * @index: in the table, 0 with %MMKIT_WALK_NOINDEX
 * @level: enum mmkit_level_id
 * @kind: enum mmkit_entry_kind_id
 */
struct mmkit_aspace_level {
	__aligned_u64 entry;
	__aligned_u64 table;
	__u32 flags;
	__u16 index;
	__u8 level;
	__u8 kind;
};

/* Areas of the kernel's half, upwards as x86-64 has them. Others lack some. */
enum mmkit_kernel_area_id {
	MMKIT_AREA_ABSOLUTE,	/* none: mmkit_aspace_walk.address is whole */
	MMKIT_AREA_DIRECT,	/* all memory at its physical address */
	MMKIT_AREA_VMALLOC,
	MMKIT_AREA_VMEMMAP,	/* struct page of every page frame */
	MMKIT_AREA_TEXT,	/* the kernel itself */
	MMKIT_AREA_MODULES,
	MMKIT_AREA_FIXMAP,
	MMKIT_AREA_NR,
};

/* mmkit_aspace_walk.state */
#define MMKIT_WALK_NOPFN	(1u << 0) /* hidden: no CAP_SYS_ADMIN */
#define MMKIT_WALK_KERNEL	(1u << 1) /* in the kernel's half */
#define MMKIT_WALK_REGION	(1u << 2) /* in a region of the process */
#define MMKIT_WALK_ZERO		(1u << 3) /* the page of zeros */
#define MMKIT_WALK_NOINDEX	(1u << 4) /* would tell where @area begins */

/**
 * struct mmkit_aspace_walk - the page-table walk of one address
 * @size: sizeof(struct mmkit_aspace_walk)
 * @pid: process
 * @address: virtual; with @area an offset in it, for the direct map the
 *	physical address
 * @area: enum mmkit_kernel_area_id
 * @nr: in: room at @levels; out: how many levels there are
 * @levels: struct mmkit_aspace_level array, from the root on
 * @kind: out: of the last entry, enum mmkit_entry_kind_id
 * @shift: out: of the page size, or of what the last entry would map
 * @state: out: MMKIT_WALK_x
 * @swap_type: out: number of the swap device
 * @swap_offset: out: page in it
 * @pfn: out: page frame that the address itself is in
 * @page: out: of that page frame; the state has NOPAGE when there is none
 *
 * An address of the kernel's half, and an area, want CAP_SYS_ADMIN.
 *
 * Errors: EINVAL an address that is not canonical, an unknown area, an offset
 * that is not in it; EOPNOTSUPP an address of the kernel's on a machine where
 * its tables cannot be reached.
 */
struct mmkit_aspace_walk {
	__u32 size;
	__s32 pid;
	__aligned_u64 address;
	__u32 area;
	__u32 nr;
	__aligned_u64 levels;
	__u32 kind;
	__u32 shift;
	__u32 state;
	__u32 swap_type;
	__aligned_u64 swap_offset;
	__aligned_u64 pfn;
	struct mmkit_page page;
};

/**
 * struct mmkit_aspace_range - what the pages of a range are, in parts
 * @size: sizeof(struct mmkit_aspace_range)
 * @pid: process
 * @start: first address, of a page
 * @end: the address after the last, of a page; at most the user half's end
 * @nr: parts of equal size, at least 1, at most %MMKIT_ASPACE_PARTS_MAX and at
 *	most as many as pages
 * @flags: MMKIT_ASPACE_CLEAR
 * @counts: struct mmkit_aspace_counts array
 *
 * CLEAR takes from reclaim what it knows of the range's use, as
 * /proc/PID/clear_refs does, and flushes no TLB, as that.
 *
 * Errors: EINVAL a range that is empty, not of whole pages or not in the user
 * half, @nr, an unknown flag; EOPNOTSUPP CLEAR on a machine without.
 */
struct mmkit_aspace_range {
	__u32 size;
	__s32 pid;
	__aligned_u64 start;
	__aligned_u64 end;
	__u32 nr;
	__u32 flags;
	__aligned_u64 counts;
};

#define MMKIT_ASPACE_PARTS_MAX	4096

/**
 * struct mmkit_aspace_pages - a word for each page of a range
 * @size: sizeof(struct mmkit_aspace_pages)
 * @pid: process
 * @start: first address, of a page
 * @nr: in: pages, at most %MMKIT_ASPACE_PAGES_MAX; out: less at the end of the
 *	user half
 * @flags: MMKIT_ASPACE_CLEAR
 * @words: __u64 array, see DOC: word; page frames are 0 without CAP_SYS_ADMIN
 *
 * Errors: as MMKIT_ASPACE_RANGE.
 */
struct mmkit_aspace_pages {
	__u32 size;
	__s32 pid;
	__aligned_u64 start;
	__u32 nr;
	__u32 flags;
	__aligned_u64 words;
};

#define MMKIT_ASPACE_PAGES_MAX	(1u << 18)

/**
 * struct mmkit_aspace_table - one page table
 * @start: first address that it can map
 * @pfn: where it is, 0 without CAP_SYS_ADMIN
 * @used: entries that are not empty; of the root, those of the user half
 * @leaves: of them, those that map a page
 * @level: enum mmkit_level_id
 * @reserved: zero
 */
struct mmkit_aspace_table {
	__aligned_u64 start;
	__aligned_u64 pfn;
	__u16 used;
	__u16 leaves;
	__u8 level;
	__u8 reserved[3];
};

/**
 * struct mmkit_aspace_tables - the page tables behind the regions of a range
 * @size: sizeof(struct mmkit_aspace_tables)
 * @pid: process
 * @start: first address
 * @end: the address after the last; 0 for all of the user half
 * @nr: in: room at @tables; out: how many there are
 * @levels: out: of this machine's tables
 * @tables: struct mmkit_aspace_table array, or 0
 * @table: out: tables of each level; index enum mmkit_level_id - 1
 * @used: out: entries in use in them
 * @leaves: out: entries that map a page
 * @bytes: out: of the tables
 * @deposited: out: tables in reserve, one behind each huge anonymous page
 * @pgtables_bytes: out: what the kernel has charged the whole address space,
 *	all but the root: VmPTE in /proc/PID/status
 *
 * Errors: EINVAL @start not below @end, or @end not in the user half; @nr above
 * %MMKIT_ASPACE_TABLES_MAX.
 */
struct mmkit_aspace_tables {
	__u32 size;
	__s32 pid;
	__aligned_u64 start;
	__aligned_u64 end;
	__u32 nr;
	__u32 levels;
	__aligned_u64 tables;
	__aligned_u64 table[MMKIT_LEVELS];
	__aligned_u64 used[MMKIT_LEVELS];
	__aligned_u64 leaves[MMKIT_LEVELS];
	__aligned_u64 bytes;
	__aligned_u64 deposited;
	__aligned_u64 pgtables_bytes;
};

#define MMKIT_ASPACE_TABLES_MAX	65536

/**
 * struct mmkit_kernel_area - an area of the kernel's half
 * @bytes: how large; where it begins is not shown
 * @id: enum mmkit_kernel_area_id
 * @reserved: zero
 */
struct mmkit_kernel_area {
	__aligned_u64 bytes;
	__u32 id;
	__u32 reserved;
};

/**
 * struct mmkit_aspace_layout - where things are in an address space
 * @size: sizeof(struct mmkit_aspace_layout)
 * @pid: process
 * @user_end: out: the address after the user half
 * @kernel_bytes: out: size of the kernel's half
 * @start_code: out: as in /proc/PID/stat, as all up to @brk
 * @end_code: out
 * @start_data: out
 * @end_data: out
 * @start_stack: out
 * @start_brk: out
 * @brk: out
 * @mmap_base: out: where mmap() begins to look, downwards
 * @levels: out: of page tables
 * @regions: out: how many there are
 * @nr: in: room at @areas; out: how many there are
 * @reserved: zero
 * @areas: struct mmkit_kernel_area array, in the order of their addresses
 *
 * Errors: EINVAL @reserved.
 */
struct mmkit_aspace_layout {
	__u32 size;
	__s32 pid;
	__aligned_u64 user_end;
	__aligned_u64 kernel_bytes;
	__aligned_u64 start_code;
	__aligned_u64 end_code;
	__aligned_u64 start_data;
	__aligned_u64 end_data;
	__aligned_u64 start_stack;
	__aligned_u64 start_brk;
	__aligned_u64 brk;
	__aligned_u64 mmap_base;
	__u32 levels;
	__u32 regions;
	__u32 nr;
	__u32 reserved;
	__aligned_u64 areas;
};

/* mmkit_aspace_context.state */
#define MMKIT_CONTEXT_LOADED	(1u << 0) /* the caller's own: @cr3, @pcid, @cpu hold */
#define MMKIT_CONTEXT_PCID	(1u << 1) /* the CPU tags translations by PCID */
#define MMKIT_CONTEXT_SPLIT	(1u << 2) /* user mode has a root of its own (PTI) */

/**
 * struct mmkit_aspace_context - what a CPU needs to know of an address space
 * @size: sizeof(struct mmkit_aspace_context)
 * @pid: process
 * @root: out: page frame of the root page table
 * @id: out: number of the address space, which no other ever gets
 * @cr3: out: page frame in the register, read while the command ran: the root
 *	that the CPU walks from. 0 without %MMKIT_CONTEXT_LOADED
 * @pcid: out: in the same register, 0 without %MMKIT_CONTEXT_PCID
 * @cpu: out: whose register it was
 * @state: out: MMKIT_CONTEXT_x
 * @reserved: zero
 *
 * Errors: EINVAL @reserved; EPERM without CAP_SYS_ADMIN; EOPNOTSUPP a machine
 * without such a register.
 */
struct mmkit_aspace_context {
	__u32 size;
	__s32 pid;
	__aligned_u64 root;
	__aligned_u64 id;
	__aligned_u64 cr3;
	__u32 pcid;
	__u32 cpu;
	__u32 state;
	__u32 reserved;
};

#define MMKIT_ASPACE_REGIONS	_IOWR(MMKIT_IOC, MMKIT_IOC_ASPACE + 0, \
				      struct mmkit_aspace_regions)
#define MMKIT_ASPACE_WALK	_IOWR(MMKIT_IOC, MMKIT_IOC_ASPACE + 1, \
				      struct mmkit_aspace_walk)
#define MMKIT_ASPACE_RANGE	_IOWR(MMKIT_IOC, MMKIT_IOC_ASPACE + 2, \
				      struct mmkit_aspace_range)
#define MMKIT_ASPACE_PAGES	_IOWR(MMKIT_IOC, MMKIT_IOC_ASPACE + 3, \
				      struct mmkit_aspace_pages)
#define MMKIT_ASPACE_TABLES	_IOWR(MMKIT_IOC, MMKIT_IOC_ASPACE + 4, \
				      struct mmkit_aspace_tables)
#define MMKIT_ASPACE_LAYOUT	_IOWR(MMKIT_IOC, MMKIT_IOC_ASPACE + 5, \
				      struct mmkit_aspace_layout)
#define MMKIT_ASPACE_CONTEXT	_IOWR(MMKIT_IOC, MMKIT_IOC_ASPACE + 6, \
				      struct mmkit_aspace_context)

#endif
