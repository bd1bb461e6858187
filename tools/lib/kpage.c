// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's files that have one 64-bit word per page. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <mmkit.h>

static int read_words(const char *path, uint64_t index, uint64_t *words,
		      size_t nr)
{
	size_t want = nr * sizeof(*words);
	ssize_t got;
	int fd, ret;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	got = pread(fd, words, want, index * sizeof(*words));
	ret = got < 0 ? -errno : (int)(got / sizeof(*words));
	close(fd);
	return ret;
}

/**
 * mmkit_proc_kpageflags() - read /proc/kpageflags
 * @pfn: first page frame number
 * @flags: out: room for @nr
 * @nr: how many
 *
 * Return: how many were read, -ENOENT no such file, -EACCES or -EPERM without
 * the right to read it.
 */
int mmkit_proc_kpageflags(uint64_t pfn, uint64_t *flags, size_t nr)
{
	return read_words("/proc/kpageflags", pfn, flags, nr);
}

/**
 * mmkit_proc_kpagecount() - read /proc/kpagecount
 * @pfn: first page frame number
 * @counts: out: room for @nr
 * @nr: how many
 *
 * Return: as mmkit_proc_kpageflags().
 */
int mmkit_proc_kpagecount(uint64_t pfn, uint64_t *counts, size_t nr)
{
	return read_words("/proc/kpagecount", pfn, counts, nr);
}

/**
 * mmkit_proc_pagemap_of() - read /proc/PID/pagemap
 * @pid: process, 0 for the caller
 * @addr: first address, any byte of its page
 * @entries: out: room for @nr; PFNs are 0 without CAP_SYS_ADMIN
 * @nr: how many pages
 *
 * Return: how many were read, or -errno of open(2) or pread(2).
 */
int mmkit_proc_pagemap_of(int pid, uint64_t addr, uint64_t *entries, size_t nr)
{
	uint64_t page = addr / sysconf(_SC_PAGESIZE);
	char path[48];

	if (!pid)
		return read_words("/proc/self/pagemap", page, entries, nr);
	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	return read_words(path, page, entries, nr);
}

/**
 * mmkit_proc_pagemap() - read /proc/self/pagemap
 * @addr: first address, any byte of its page
 * @entries: out: room for @nr; PFNs are 0 without CAP_SYS_ADMIN
 * @nr: how many pages
 *
 * Return: as mmkit_proc_pagemap_of().
 */
int mmkit_proc_pagemap(const void *addr, uint64_t *entries, size_t nr)
{
	return mmkit_proc_pagemap_of(0, (uintptr_t)addr, entries, nr);
}
