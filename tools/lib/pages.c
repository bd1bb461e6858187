// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/pages */
#include <errno.h>
#include <stdlib.h>

#include <mmkit.h>

#include "internal.h"

/**
 * mmkit_pages_alloc() - allocate blocks under one handle
 * @fd: session of "pages"
 * @req: what to allocate; handle and blocks come back
 *
 * Return: 0, or
 * -EINVAL: contradictory request, order too large, or node not online,
 * -EDQUOT: over a quota of bytes or handles,
 * -ENOMEM: the kernel has no such block now,
 * -EOPNOTSUPP: this kernel exports no function for it,
 * -EINTR: killed while waiting.
 */
int mmkit_pages_alloc(int fd, struct mmkit_pages_alloc *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_PAGES_ALLOC, req);
}

/**
 * mmkit_pages_free() - free blocks of a handle
 * @fd: session of "pages"
 * @handle: from mmkit_pages_alloc()
 * @first: index of the first block
 * @nr: blocks to free, 0 for all from @first on
 * @stride: free every @stride-th, 0 means 1
 *
 * Return: 0, -ENOENT no such handle or a block of the range is free already,
 * -EINVAL range past the end, -EINTR.
 */
int mmkit_pages_free(int fd, uint32_t handle, uint32_t first, uint32_t nr,
		     uint32_t stride)
{
	struct mmkit_pages_free req = {
		.size = sizeof(req),
		.handle = handle,
		.first = first,
		.nr = nr,
		.stride = stride,
	};

	return lib_ioctl(fd, MMKIT_PAGES_FREE, &req);
}

static uint32_t chunk(uint32_t left)
{
	return left < MMKIT_PAGES_DESCRIBE_MAX ? left : MMKIT_PAGES_DESCRIBE_MAX;
}

static int describe(int fd, struct mmkit_pages_describe *req, uint32_t nr,
		    struct mmkit_page *pages)
{
	uint64_t stride = req->step ? req->step : 1;
	uint32_t done = 0;
	int ret;

	while (done < nr) {
		req->size = sizeof(*req);
		req->nr = chunk(nr - done);
		req->pages = (uintptr_t)(pages + done);
		ret = lib_ioctl(fd, MMKIT_PAGES_DESCRIBE, req);
		if (ret < 0)
			return done && ret == -EINVAL ? (int)done : ret;
		if (!req->nr)
			break;
		done += req->nr;
		req->first += req->nr * stride;
	}
	return done;
}

/**
 * mmkit_pages_describe() - describe blocks of a handle
 * @fd: session of "pages"
 * @handle: from mmkit_pages_alloc()
 * @first: index of the first block
 * @nr: blocks to describe; any number, asked for in pieces
 * @pages: out: room for @nr
 *
 * Return: how many were described, -ENOENT no such handle, -EINVAL @first past
 * the end or @nr 0, -ENOMEM, -EINTR.
 */
int mmkit_pages_describe(int fd, uint32_t handle, uint64_t first, uint32_t nr,
			 struct mmkit_page *pages)
{
	struct mmkit_pages_describe req = { .handle = handle, .first = first };

	if (!handle)
		return -ENOENT;
	return describe(fd, &req, nr, pages);
}

/**
 * mmkit_pages_describe_pfn() - describe any pages of the machine
 * @fd: session of "pages"
 * @pfn: first page frame number
 * @nr: pages to describe
 * @step: page frames from one to the next, 0 means 1
 * @pages: out: room for @nr; holes come back as MMKIT_PAGE_NOPAGE
 *
 * Return: how many were described, -EPERM without CAP_SYS_ADMIN, -EINVAL @nr 0,
 * -ENOMEM, -EINTR.
 */
int mmkit_pages_describe_pfn(int fd, uint64_t pfn, uint32_t nr, uint32_t step,
			     struct mmkit_page *pages)
{
	struct mmkit_pages_describe req = { .first = pfn, .step = step };

	return describe(fd, &req, nr, pages);
}

/**
 * mmkit_pages_zones() - every populated zone
 * @fd: session of "pages"
 * @zones: out; free() it; figures in pages, indices in thousandths
 *
 * Return: how many, -ENOMEM, -EFAULT, -EINTR.
 */
int mmkit_pages_zones(int fd, struct mmkit_zone **zones)
{
	struct mmkit_pages_zones req = { .size = sizeof(req) };
	uint32_t room;
	int ret;

	*zones = NULL;
	ret = lib_ioctl(fd, MMKIT_PAGES_ZONES, &req);
	if (ret < 0)
		return ret;

	room = req.nr;
	*zones = calloc(room ? room : 1, sizeof(**zones));
	if (!*zones)
		return -ENOMEM;

	req.size = sizeof(req);
	req.zones = (uintptr_t)*zones;
	ret = lib_ioctl(fd, MMKIT_PAGES_ZONES, &req);
	if (ret < 0) {
		free(*zones);
		*zones = NULL;
		return ret;
	}
	return req.nr < room ? req.nr : room;
}

/**
 * mmkit_pages_fragment() - break free blocks up, keeping one page of each
 * @fd: session of "pages"
 * @req: order, bytes, gfp and node; handle and blocks come back
 *
 * Return: 0, -EINVAL, -EDQUOT bytes over a quota, -ENOMEM not one block of that
 * order is free, -EINTR.
 */
int mmkit_pages_fragment(int fd, struct mmkit_pages_fragment *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_PAGES_FRAGMENT, req);
}
