// SPDX-License-Identifier: GPL-2.0-only
/* A file in the address space: the page cache, seen directly. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"
#include "touch.h"

#define NR	4

#define ANON	(1ull << 12)	/* KPF_ANON */

static char *map(struct lab_run *run, int fd, int prot, int flags)
{
	char *mem = mmap(NULL, PAGES(NR), prot, flags, fd, 0);

	if (mem == MAP_FAILED)
		stop(run, "the file cannot be mapped (%s)",
		     errno_name(errno));
	return mem;
}

static int new_file(struct lab_run *run)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/tmp/mmkit-lab-%d", getpid());
	undo_file(run, path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, PAGES(NR) - 100) || pwrite(fd, "file", 4, 0) != 4)
		stop(run, "%s cannot be made (%s)", path, errno_name(errno));
	return fd;
}

static char byte_at(int fd, off_t at)
{
	char byte = 0;

	return pread(fd, &byte, 1, at) == 1 ? byte : -1;
}

static void cached(struct lab_run *run, int fd, char *one)
{
	char *other = map(run, fd, PROT_READ, MAP_SHARED);
	unsigned char in_core[NR] = { 0 };

	tell(run, "A file of nearly %d pages is mapped twice, by MAP_SHARED.", NR);
	claim(run, "what write() wrote is read through the mapping", one[0], EQ, 'f',
	      "in the first byte");
	(void)*(volatile char *)other;
	claim(run, "both mappings show the page cache's one page frame",
	      pfn_at(run, one), EQ, pfn_at(run, other), "pfn");
	claim(run, "which is not anonymous memory",
	      pfn_flags(run, pfn_at(run, one)) & ANON, EQ, 0, "flags");
	one[1] = 'I';
	claim(run, "what is stored in the mapping, read() finds", byte_at(fd, 1),
	      EQ, 'I', "in the second byte");
	mincore(one, PAGES(NR), in_core);
	claim(run, "mincore() says that the page is in memory", in_core[0] & 1, EQ,
	      1, "true");
	claim(run, "msync() reports that the file has it",
	      msync(one, PAGES(1), MS_SYNC), EQ, 0, "returned");
	munmap(other, PAGES(NR));
}

static int64_t in_other_process(struct lab_run *run, void *data)
{
	(void)*(volatile char *)data;
	return pfn_at(run, data);
}

static void private_copy(struct lab_run *run, int fd, char *shared)
{
	char *mine = map(run, fd, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	uint64_t cache = pfn_at(run, shared);

	(void)*(volatile char *)mine;
	tell(run, "The same page by MAP_PRIVATE.");
	claim(run, "as long as it is only read, it is the page cache's",
	      pfn_at(run, mine), EQ, cache, "pfn");
	claim(run, "in another process too", in_child(run, in_other_process, mine),
	      EQ, cache, "pfn");
	mine[0] = 'M';
	claim(run, "a write makes a copy", pfn_at(run, mine), NE, cache, "pfn");
	claim(run, "which is anonymous memory: no file is behind it",
	      pfn_flags(run, pfn_at(run, mine)) & ANON, EQ, ANON, "flags");
	claim(run, "and the file never hears of it", byte_at(fd, 0), EQ, 'f',
	      "in the first byte");
	munmap(mine, PAGES(NR));
}

static void store(void *at)
{
	*(volatile char *)at = 1;
}

static void past_the_end(struct lab_run *run, int fd, char *mem)
{
	siginfo_t seen = { 0 };

	tell(run, "The file ends 100 bytes before its last page does.");
	mem[PAGES(NR) - 1] = 'x';
	claim(run, "the rest of the last page can be written",
	      mem[PAGES(NR) - 1], EQ, 'x', "in the last byte");
	claim(run, "but is not in the file", lseek(fd, 0, SEEK_END), EQ,
	      PAGES(NR) - 100, "bytes");
	if (ftruncate(fd, PAGES(1)))
		stop(run, "ftruncate failed (%s)", errno_name(errno));
	claim(run, "a page that truncation took away answers SIGBUS",
	      touch_trap(store, mem + PAGES(2), &seen), EQ, SIGBUS, "as signal");
	claim(run, "because the address is beyond the file (BUS_ADRERR)",
	      seen.si_code, EQ, BUS_ADRERR, "as code");
}

static void run_lab(struct lab_run *run)
{
	int fd = new_file(run);
	char *mem = map(run, fd, PROT_READ | PROT_WRITE, MAP_SHARED);

	cached(run, fd, mem);
	private_copy(run, fd, mem);
	past_the_end(run, fd, mem);
}

const struct lab file_mapping_lab = {
	.name = "file-mapping",
	.title = "a file in the address space: the page cache, shared or copied",
	.needs = LAB_ROOT,
	.code = { "mm/filemap.c: filemap_fault()", "mm/filemap.c: filemap_map_pages()",
		  "mm/memory.c: do_cow_fault()", "mm/msync.c" },
	.docs = { "Documentation/admin-guide/mm/concepts.rst",
		  "Documentation/filesystems/proc.rst" },
	.run = run_lab,
};
