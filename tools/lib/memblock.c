// SPDX-License-Identifier: GPL-2.0-only
/* /dev/mmkit/memblock */
#include <stdint.h>

#include <mmkit.h>

#include "internal.h"

/**
 * mmkit_memblock_set() - how the sandbox goes about it
 * @fd: session of "memblock"
 * @req: flags and limit
 *
 * Return: 0, -EINVAL an unknown flag, -ENOMEM.
 */
int mmkit_memblock_set(int fd, struct mmkit_memblock_set *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_SET, req);
}

/**
 * mmkit_memblock_change() - change regions of the sandbox
 * @fd: session of "memblock"
 * @req: what; how often the kernel would have warned comes back
 *
 * Return: 0, -EINVAL no such change, -ENOMEM as the kernel says it, -EDQUOT more
 * regions than the session may keep, -EOVERFLOW nothing left above the last
 * region to trim it to, -ENOTRECOVERABLE the kernel would have stopped.
 */
int mmkit_memblock_change(int fd, struct mmkit_memblock_change *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_CHANGE, req);
}

/**
 * mmkit_memblock_alloc() - allocate in the sandbox
 * @fd: session of "memblock"
 * @req: what; the address comes back
 *
 * Return: 0, -EINVAL no such function or node, -ENOMEM the kernel's returns 0,
 * -EDQUOT, -ENOTRECOVERABLE.
 */
int mmkit_memblock_alloc(int fd, struct mmkit_memblock_alloc *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_ALLOC, req);
}

/**
 * mmkit_memblock_query() - ask the sandbox about a range
 * @fd: session of "memblock"
 * @req: what; the answer comes back
 *
 * Return: 0, -EINVAL no such question.
 */
int mmkit_memblock_query(int fd, struct mmkit_memblock_query *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_QUERY, req);
}

/**
 * mmkit_memblock_regions() - list regions or ranges
 * @fd: session of "memblock"
 * @req: which, and where to; how many there are comes back
 *
 * Return: 0, -EINVAL, -EPERM what was observed is for CAP_SYS_ADMIN, -ENODATA
 * nothing was observed, -ENOMEM.
 */
int mmkit_memblock_regions(int fd, struct mmkit_memblock_regions *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_REGIONS, req);
}

/**
 * mmkit_memblock_observe() - read what the kernel's own left behind
 * @fd: session of "memblock"
 * @req: addresses and layout; how many regions there are comes back
 *
 * Return: 0, or why not: see mmkit/memblock.h.
 */
int mmkit_memblock_observe(int fd, struct mmkit_memblock_observe *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_OBSERVE, req);
}

/**
 * mmkit_memblock_fates() - what has become of the observed regions
 * @fd: session of "memblock"
 * @req: which list, and where to
 *
 * Return: 0, -EINVAL, -EPERM, -ENODATA nothing was observed, -ENOMEM, -EINTR.
 */
int mmkit_memblock_fates(int fd, struct mmkit_memblock_fates *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_FATES, req);
}

/**
 * mmkit_memblock_boot() - what was asked of memblock at boot
 * @fd: session of "memblock"
 * @req: where to
 *
 * Return: 0, -EPERM, -EOPNOTSUPP the kernel was not built for it, -ENODATA it was
 * booted without mmkit.memblock=, -EDQUOT, -ENOMEM.
 */
int mmkit_memblock_boot(int fd, struct mmkit_memblock_boot *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_BOOT, req);
}

/**
 * mmkit_memblock_claim() - take a carve-out
 * @fd: session of "memblock"
 * @req: which; the handle comes back
 *
 * Return: 0, -EPERM, -EACCES lockdown, -EINVAL, -ERANGE not Reserved, -ENOENT no
 * such name, -EOPNOTSUPP a kernel without names, -EBUSY, -EDQUOT, -ENOMEM.
 */
int mmkit_memblock_claim(int fd, struct mmkit_memblock_claim *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_CLAIM, req);
}

/**
 * mmkit_memblock_probe() - write a carve-out and read it back
 * @fd: session of "memblock"
 * @req: which; how many bytes are good comes back
 *
 * Return: 0, -ENOENT no such handle, -EBUSY it is offered, -EINTR.
 */
int mmkit_memblock_probe(int fd, struct mmkit_memblock_probe *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_PROBE, req);
}

/**
 * mmkit_memblock_release() - give a carve-out back
 * @fd: session of "memblock"
 * @handle: from mmkit_memblock_claim()
 *
 * Return: 0, -ENOENT no such handle, -EBUSY a store has it.
 */
int mmkit_memblock_release(int fd, uint32_t handle)
{
	struct mmkit_memblock_release req = { .handle = handle };

	req.size = sizeof(req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_RELEASE, &req);
}

/**
 * mmkit_memblock_named() - find what reserve_mem= took
 * @fd: session of "memblock"
 * @req: name; the range comes back
 *
 * Return: 0, -EPERM, -EOPNOTSUPP, -ENOENT no such name.
 */
int mmkit_memblock_named(int fd, struct mmkit_memblock_named *req)
{
	req->size = sizeof(*req);
	return lib_ioctl(fd, MMKIT_MEMBLOCK_NAMED, req);
}
