/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* /dev/mmkit/heap: kmalloc(), kvmalloc(), vmalloc() and their families. */
#ifndef _UAPI_MMKIT_HEAP_H
#define _UAPI_MMKIT_HEAP_H

#include <mmkit/mmkit.h>

/* Which of the kernel's functions serves an allocation. */
enum mmkit_heap_api {
	MMKIT_HEAP_KMALLOC,
	MMKIT_HEAP_KZALLOC,
	MMKIT_HEAP_KMALLOC_ARRAY,
	MMKIT_HEAP_KMALLOC_NODE,
	MMKIT_HEAP_KVMALLOC,
	MMKIT_HEAP_VMALLOC,
	MMKIT_HEAP_VZALLOC,
	MMKIT_HEAP_VMALLOC_USER,	/* the kernel gives it no gfp */
	MMKIT_HEAP_VMALLOC_32,		/* the kernel gives it no gfp */
	MMKIT_HEAP_VMALLOC_HUGE,
	MMKIT_HEAP_VMAP,		/* of single pages */
	MMKIT_HEAP_ALLOC_PERCPU,
	MMKIT_HEAP_API_NR,
};

/* mmkit_heap_alloc.flags */
#define MMKIT_HEAP_IN_ATOMIC	(1u << 0)	/* under a spinlock */

/**
 * struct mmkit_heap_alloc - allocate objects under one handle
 * @size: sizeof(struct mmkit_heap_alloc)
 * @api: enum mmkit_heap_api
 * @bytes: of each object; of each element with KMALLOC_ARRAY
 * @elements: of each array with KMALLOC_ARRAY, zero otherwise
 * @count: objects, at least 1
 * @gfp: MMKIT_GFP_x, without COMP; of a slab neither DMA32 nor
 *	HIGHUSER_MOVABLE; for VMALLOC, VZALLOC and VMALLOC_HUGE no zone,
 *	HIGHUSER_MOVABLE or THISNODE; zero or KERNEL for VMALLOC_USER and VMALLOC_32
 * @node: NUMA node, -1 for the caller's; KMALLOC_NODE and KVMALLOC
 *	only
 * @flags: MMKIT_HEAP_x
 * @handle: out
 *
 * All or nothing: when one object cannot be had, those before it are freed.
 *
 * An object is charged the memory that it takes: its size class or block of
 * pages, what it has on every CPU and the note whom that is charged to, or whole
 * pages where these are mapped: whole huge ones of VMALLOC_HUGE from one on, and of
 * KVMALLOC above KMALLOC_MAX_SIZE. It is not less than the smallest slot of a slab
 * and what is noted of it, 24 bytes where pointers have 64 bits. Those notes are
 * charged until the last object of the handle is freed.
 *
 * Errors: EINVAL an unknown or contradictory value, @bytes 0, flags that sleep
 * with IN_ATOMIC or flags that do not sleep for a vmalloc function; EOVERFLOW
 * @bytes times @elements; ERANGE more than the function serves on any machine
 * (KMALLOC_MAX_SIZE, the per-cpu unit); EPERM ATOMIC without CAP_SYS_RESOURCE;
 * EDQUOT over a quota; ENOMEM; EINTR.
 */
struct mmkit_heap_alloc {
	__u32 size;
	__u32 api;
	__aligned_u64 bytes;
	__aligned_u64 elements;
	__u32 count;
	__u32 gfp;
	__s32 node;
	__u32 flags;
	__u32 handle;
	__u32 reserved;
};

/**
 * struct mmkit_heap_realloc - give an object another size
 * @size: sizeof(struct mmkit_heap_realloc)
 * @handle: from MMKIT_HEAP_ALLOC
 * @index: of the object
 * @gfp: MMKIT_GFP_x, without COMP
 * @bytes: new size
 * @moved: out: 1 when the object has another address now
 * @reserved: zero
 *
 * By krealloc() for the kmalloc family and kvrealloc() for KVMALLOC. An object
 * that becomes smaller in place stays charged for the memory that it keeps: all of
 * it, but for pages that vrealloc() of newer kernels gives back, and of each of
 * these a pointer.
 *
 * Errors: ENOENT no such handle or object; EOPNOTSUPP the kernel has no such
 * function for it; else as MMKIT_HEAP_ALLOC. After an error the object is as it
 * was.
 */
struct mmkit_heap_realloc {
	__u32 size;
	__u32 handle;
	__u32 index;
	__u32 gfp;
	__aligned_u64 bytes;
	__u32 moved;
	__u32 reserved;
};

/* mmkit_heap_free.flags */
#define MMKIT_HEAP_SENSITIVE	(1u << 0)	/* kfree_sensitive() */

/**
 * struct mmkit_heap_free - free objects of a handle, in any order
 * @size: sizeof(struct mmkit_heap_free)
 * @handle: from MMKIT_HEAP_ALLOC
 * @first: index of the first object
 * @nr: how many, 0 for all that are left from @first on
 * @stride: free every @stride-th of them, 0 means 1
 * @flags: MMKIT_HEAP_SENSITIVE, kmalloc family and KVMALLOC only
 *
 * The handle goes away with its last object.
 *
 * Errors: ENOENT no such handle, an object of the range is free already, or
 * none is left (nothing is freed then); EINVAL a range past the end, flags;
 * EOPNOTSUPP SENSITIVE for another function; EINTR.
 */
struct mmkit_heap_free {
	__u32 size;
	__u32 handle;
	__u32 first;
	__u32 nr;
	__u32 stride;
	__u32 flags;
};

/* mmkit_heap_object.state */
#define MMKIT_HEAP_FREED	(1u << 0) /* nothing is here any more */
#define MMKIT_HEAP_NOPFN	(1u << 1) /* PFNs hidden: no CAP_SYS_ADMIN */
#define MMKIT_HEAP_SLAB		(1u << 2) /* in a slab cache */
#define MMKIT_HEAP_LARGE	(1u << 3) /* kmalloc() took whole pages */
#define MMKIT_HEAP_MAPPED	(1u << 4) /* in the vmalloc area */
#define MMKIT_HEAP_CONTIGUOUS	(1u << 5) /* physically, from end to end */
#define MMKIT_HEAP_FELL_BACK	(1u << 6) /* kvmalloc() used vmalloc() */
#define MMKIT_HEAP_PERCPU	(1u << 7) /* of every CPU; this is one's */
#define MMKIT_HEAP_GUARD	(1u << 8) /* no page is mapped behind it */

/**
 * struct mmkit_heap_object - one object, as the kernel has it
 * @bytes: asked for
 * @usable: that the kernel gives: ksize(), or whole pages
 * @pfn: first page frame, 0 with %MMKIT_HEAP_NOPFN
 * @offset: in that page
 * @pages: pages that back it; of a slab object, pages of its slab
 * @runs: physically contiguous runs among them
 * @node: NUMA node of the first page
 * @state: MMKIT_HEAP_x
 */
struct mmkit_heap_object {
	__aligned_u64 bytes;
	__aligned_u64 usable;
	__aligned_u64 pfn;
	__u32 offset;
	__u32 pages;
	__u32 runs;
	__s32 node;
	__u32 state;
	__u32 reserved;
};

/**
 * struct mmkit_heap_describe - describe objects of a handle
 * @size: sizeof(struct mmkit_heap_describe)
 * @handle: from MMKIT_HEAP_ALLOC
 * @first: index of the first object
 * @nr: in: room at @objects, at most %MMKIT_HEAP_DESCRIBE_MAX; out: described
 * @objects: struct mmkit_heap_object array
 *
 * Errors: ENOENT no such handle; EINVAL @first past the end, @nr 0 or too
 * large; EFAULT; ENOMEM; EINTR.
 */
struct mmkit_heap_describe {
	__u32 size;
	__u32 handle;
	__u32 first;
	__u32 nr;
	__aligned_u64 objects;
};

#define MMKIT_HEAP_DESCRIBE_MAX	4096

/**
 * struct mmkit_heap_pfns - every page frame behind an object
 * @size: sizeof(struct mmkit_heap_pfns)
 * @handle: from MMKIT_HEAP_ALLOC
 * @index: of the object
 * @nr: in: room at @pfns, at most %MMKIT_HEAP_PFNS_MAX; out: from @first on
 * @first: index of the first page
 * @pfns: __u64 array
 *
 * Errors: ENOENT no such handle or object; EPERM without CAP_SYS_ADMIN;
 * EINVAL @first past the end, @nr 0 or too large; EFAULT; ENOMEM; EINTR.
 */
struct mmkit_heap_pfns {
	__u32 size;
	__u32 handle;
	__u32 index;
	__u32 nr;
	__aligned_u64 first;
	__aligned_u64 pfns;
};

#define MMKIT_HEAP_PFNS_MAX	65536

/**
 * struct mmkit_heap_limits - what the functions can serve on this kernel
 * @size: sizeof(struct mmkit_heap_limits)
 * @cpus: that a per-cpu object has a copy for
 * @kmalloc_cache: largest size that comes from a slab cache
 * @kmalloc_max: KMALLOC_MAX_SIZE
 * @percpu_max: PCPU_MIN_UNIT_SIZE
 * @vmalloc_total: bytes of the vmalloc area
 */
struct mmkit_heap_limits {
	__u32 size;
	__u32 cpus;
	__aligned_u64 kmalloc_cache;
	__aligned_u64 kmalloc_max;
	__aligned_u64 percpu_max;
	__aligned_u64 vmalloc_total;
};

#define MMKIT_HEAP_ALLOC	_IOWR(MMKIT_IOC, MMKIT_IOC_HEAP + 0, \
				      struct mmkit_heap_alloc)
#define MMKIT_HEAP_REALLOC	_IOWR(MMKIT_IOC, MMKIT_IOC_HEAP + 1, \
				      struct mmkit_heap_realloc)
#define MMKIT_HEAP_FREE		_IOW(MMKIT_IOC, MMKIT_IOC_HEAP + 2, \
				     struct mmkit_heap_free)
#define MMKIT_HEAP_DESCRIBE	_IOWR(MMKIT_IOC, MMKIT_IOC_HEAP + 3, \
				      struct mmkit_heap_describe)
#define MMKIT_HEAP_PFNS		_IOWR(MMKIT_IOC, MMKIT_IOC_HEAP + 4, \
				      struct mmkit_heap_pfns)
#define MMKIT_HEAP_LIMITS	_IOWR(MMKIT_IOC, MMKIT_IOC_HEAP + 5, \
				      struct mmkit_heap_limits)

#endif
