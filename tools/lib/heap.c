// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/heap */
#include <errno.h>

#include <mmkit.h>

#include "internal.h"

static const char *const apis[] = {
	"kmalloc", "kzalloc", "kmalloc_array", "kmalloc_node", "kvmalloc",
	"vmalloc", "vzalloc", "vmalloc_user", "vmalloc_32", "vmalloc_huge",
	"vmap", "alloc_percpu",
};

/**
 * mmkit_heap_api_name() - what the kernel calls a function
 * @api: enum mmkit_heap_api
 *
 * Return: its name, NULL when there is no such function.
 */
const char *mmkit_heap_api_name(unsigned int api)
{
	return api < MMKIT_HEAP_API_NR ? apis[api] : NULL;
}

/**
 * mmkit_heap_alloc() - allocate objects under one handle
 * @fd: session of "heap"
 * @req: what to allocate; the handle comes back
 *
 * Return: 0, or
 * -EINVAL: contradictory request, or flags that the function does not take,
 * -EOVERFLOW: an array larger than 64 bits,
 * -ERANGE: more than the function serves on any machine,
 * -EDQUOT: over a quota of bytes or handles,
 * -ENOMEM: the kernel has no such memory now,
 * -EINTR: killed while waiting.
 */
int mmkit_heap_alloc(int fd, struct mmkit_heap_alloc *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_HEAP_ALLOC, req);
}

/**
 * mmkit_heap_realloc() - give an object another size
 * @fd: session of "heap"
 * @req: which, and how large; whether it moved comes back
 *
 * Return: 0, -ENOENT no such handle or object, -EOPNOTSUPP the function has no
 * such thing, else as mmkit_heap_alloc(). After a failure the object is as it was.
 */
int mmkit_heap_realloc(int fd, struct mmkit_heap_realloc *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_HEAP_REALLOC, req);
}

/**
 * mmkit_heap_free() - free objects of a handle
 * @fd: session of "heap"
 * @req: which
 *
 * Return: 0, -ENOENT no such handle or an object of the range is free already,
 * -EINVAL range past the end, -EOPNOTSUPP SENSITIVE where there is none, -EINTR.
 */
int mmkit_heap_free(int fd, struct mmkit_heap_free *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_HEAP_FREE, req);
}

static uint32_t at_most(uint32_t left, uint32_t max)
{
	return left < max ? left : max;
}

/**
 * mmkit_heap_describe() - describe objects of a handle
 * @fd: session of "heap"
 * @handle: from mmkit_heap_alloc()
 * @first: index of the first object
 * @nr: objects to describe; any number, asked for in pieces
 * @objects: out: room for @nr
 *
 * Return: how many were described, -ENOENT no such handle, -EINVAL @first past
 * the end or @nr 0, -ENOMEM, -EINTR.
 */
int mmkit_heap_describe(int fd, uint32_t handle, uint32_t first, uint32_t nr,
			struct mmkit_heap_object *objects)
{
	struct mmkit_heap_describe req = { .handle = handle };
	uint32_t done = 0;
	int ret;

	do {
		req.size = sizeof(req);
		req.first = first + done;
		req.nr = at_most(nr - done, MMKIT_HEAP_DESCRIBE_MAX);
		req.objects = (uintptr_t)(objects + done);
		ret = lib_ioctl(fd, MMKIT_HEAP_DESCRIBE, &req);
		if (ret < 0)
			return done && ret == -EINVAL ? (int)done : ret;
		done += req.nr;
	} while (req.nr && done < nr);
	return done;
}

/**
 * mmkit_heap_pfns() - every page frame behind an object
 * @fd: session of "heap"
 * @handle: from mmkit_heap_alloc()
 * @index: of the object
 * @first: index of the first page
 * @nr: room at @pfns; any number, asked for in pieces
 * @pfns: out
 *
 * Return: how many there are, -ENOENT no such handle or object, -EPERM without
 * CAP_SYS_ADMIN, -EINVAL @first past the end or @nr 0, -ENOMEM, -EINTR.
 */
int mmkit_heap_pfns(int fd, uint32_t handle, uint32_t index, uint64_t first,
		    uint32_t nr, uint64_t *pfns)
{
	struct mmkit_heap_pfns req = { .handle = handle, .index = index };
	uint32_t done = 0;
	int ret;

	do {
		req.size = sizeof(req);
		req.first = first + done;
		req.nr = at_most(nr - done, MMKIT_HEAP_PFNS_MAX);
		req.pfns = (uintptr_t)(pfns + done);
		ret = lib_ioctl(fd, MMKIT_HEAP_PFNS, &req);
		if (ret < 0)
			return done && ret == -EINVAL ? (int)done : ret;
		done += req.nr;
	} while (req.nr && done < nr);
	return done;
}

/**
 * mmkit_heap_limits() - what the functions can serve on this kernel
 * @fd: session of "heap"
 * @limits: out, in bytes
 *
 * Return: 0, -ENOTTY when @fd is no session of "heap".
 */
int mmkit_heap_limits(int fd, struct mmkit_heap_limits *limits)
{
	*limits = (struct mmkit_heap_limits){ .size = sizeof(*limits) };
	return lib_ioctl(fd, MMKIT_HEAP_LIMITS, limits);
}
