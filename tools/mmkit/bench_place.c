// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a benchmark maps. The kernel takes another address in each run, and what
 * a mapping costs depends on it: how many page tables it is spread over, how many
 * huge pages fit in, and how much of what lies behind a read of pagemap goes
 * through, which does not end before a boundary of 2 MiB whatever was asked for.
 * So every mapping ends at such a boundary.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define WINDOW	(2ul << 20)

/*
 * An address for @bytes at which nothing is mapped, or NULL. MAP_FIXED_NOREPLACE
 * finds out whether that is still so.
 */
void *bench_place(size_t bytes)
{
	size_t room = bytes + WINDOW;
	char *at = mmap(NULL, room, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uintptr_t end;

	if (at == MAP_FAILED)
		return NULL;
	munmap(at, room);
	end = ((uintptr_t)at + room) & ~(WINDOW - 1);
	return (void *)(end - bytes);
}

/* Memory of one's own, in small pages that are there. */
int bench_place_pages(struct bench_loop *loop, size_t pages)
{
	size_t bytes = pages * sysconf(_SC_PAGESIZE);
	void *at = bench_place(bytes);

	if (at)
		at = mmap(at, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
			  -1, 0);
	if (!at || at == MAP_FAILED)
		return -errno;
	loop->addr = at;
	loop->bytes = bytes;
	/* EINVAL: this kernel has no others. */
	if (madvise(at, bytes, MADV_NOHUGEPAGE) && errno != EINVAL)
		return -errno;
	memset(at, 1, bytes);
	return 0;
}
