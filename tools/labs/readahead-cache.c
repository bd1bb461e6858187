// SPDX-License-Identifier: GPL-2.0-only
/* The page cache: read ahead, kept, dropped, written back. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab.h"

#define DISK	(16 << 20)
#define AHEAD	(128 << 10)

static const char *map_disk(struct lab_run *run, int fd)
{
	void *mem = mmap(NULL, DISK, PROT_READ, MAP_SHARED, fd, 0);

	if (mem == MAP_FAILED)
		stop(run, "the disk cannot be mapped (%s)", errno_name(errno));
	return mem;
}

/* Pages of a range of the disk that are in the page cache. */
static size_t cached(struct lab_run *run, int fd, const char *mem, size_t bytes)
{
	size_t nr = bytes / page_size(), found = 0, i;
	unsigned char *vec = malloc(nr);

	disk_wait(run, fd);
	if (!vec || mincore((void *)mem, bytes, vec))
		stop(run, "mincore failed (%s)", errno_name(errno));
	for (i = 0; i < nr; i++)
		found += vec[i] & 1;
	free(vec);
	return found;
}

static void get(struct lab_run *run, int fd, size_t at)
{
	char page[4096];

	if (pread(fd, page, sizeof(page), at) != sizeof(page))
		stop(run, "the disk cannot be read (%s)", errno_name(errno));
}

static void advise(struct lab_run *run, int fd, int advice)
{
	int err = posix_fadvise(fd, 0, 0, advice);

	if (err)
		stop(run, "posix_fadvise failed (%s)", errno_name(err));
}

static void forget(struct lab_run *run, int fd, const char *mem)
{
	disk_wait(run, fd);
	advise(run, fd, POSIX_FADV_DONTNEED);
	if (cached(run, fd, mem, DISK))
		detail(run, "%zu pages are still cached", cached(run, fd, mem, DISK));
}

static void ahead(struct lab_run *run, int fd, const char *mem)
{
	tell(run, "A disk, nothing of it cached; read-ahead is at most 128K. The first page is read.");
	get(run, fd, 0);
	claim(run, "more comes than was asked for", cached(run, fd, mem, DISK), GT, 1,
	      "pages");
	claim(run, "but not more than that limit", cached(run, fd, mem, DISK), LE,
	      AHEAD / page_size(), "pages");
	tell(run, "The next pages are read in order, up to 64K.");
	for (size_t at = PAGES(1); at < 64 << 10; at += page_size())
		get(run, fd, at);
	claim(run, "a reader who goes on in order finds the next pages cached before it comes to them",
	      cached(run, fd, mem, DISK), GT, (64 << 10) / page_size(), "pages");
}

static void at_random(struct lab_run *run, int fd, const char *mem)
{
	forget(run, fd, mem);
	claim(run, "POSIX_FADV_DONTNEED drops clean pages",
	      cached(run, fd, mem, DISK), EQ, 0, "pages");
	advise(run, fd, POSIX_FADV_RANDOM);
	get(run, fd, 4 << 20);
	claim(run, "after POSIX_FADV_RANDOM a page read is one page cached",
	      cached(run, fd, mem, DISK), EQ, 1, "pages");
	advise(run, fd, POSIX_FADV_NORMAL);
	forget(run, fd, mem);
	if (readahead(fd, 8 << 20, AHEAD))
		stop(run, "readahead failed (%s)", errno_name(errno));
	claim(run, "readahead reads what the program knows that it will need",
	      cached(run, fd, mem + (8 << 20), AHEAD), EQ, AHEAD / page_size(),
	      "pages");
}

static void again(struct lab_run *run, int fd)
{
	struct disk_use before;
	size_t at;

	for (at = 0; at < 1 << 20; at += page_size())
		get(run, fd, at);
	disk_wait(run, fd);
	before = disk_use(run, fd);
	tell(run, "1M was read. It is read once more.");
	for (at = 0; at < 1 << 20; at += page_size())
		get(run, fd, at);
	claim(run, "the second time the disk has nothing to do",
	      disk_use(run, fd).got - before.got, EQ, 0, "bytes");
}

static void behind(struct lab_run *run, int fd)
{
	struct disk_use before = disk_use(run, fd);
	size_t at;
	char page[4096];

	memset(page, 'w', sizeof(page));
	for (at = 0; at < 1 << 20; at += sizeof(page))
		if (pwrite(fd, page, sizeof(page), at) != sizeof(page))
			stop(run, "the disk cannot be written (%s)",
			     errno_name(errno));
	tell(run, "1M is written. It is in the page cache: dirty.");
	claim(run, "a write is done before the disk has got anything",
	      disk_use(run, fd).put - before.put, EQ, 0, "bytes");
	if (fdatasync(fd))
		stop(run, "fdatasync failed (%s)", errno_name(errno));
	claim(run, "after fdatasync it has all of it",
	      disk_use(run, fd).put - before.put, EQ, 1 << 20, "bytes");
}

static void run_lab(struct lab_run *run)
{
	int fd = disk_open(run, DISK);
	const char *mem = map_disk(run, fd);

	/* Nobody writes back by himself for now. */
	set_text(run, "/proc/sys/vm/dirty_writeback_centisecs", "60000");
	disk_readahead(run, fd, AHEAD);
	forget(run, fd, mem);
	ahead(run, fd, mem);
	at_random(run, fd, mem);
	again(run, fd);
	behind(run, fd);
}

const struct lab readahead_cache_lab = {
	.name = "readahead-cache",
	.title = "the page cache reads ahead, keeps, and writes behind",
	.needs = LAB_ROOT,
	.code = { "mm/readahead.c: ondemand_readahead()", "mm/filemap.c: filemap_read()",
		  "mm/fadvise.c: generic_fadvise()",
		  "mm/page-writeback.c: balance_dirty_pages()" },
	.docs = { "Documentation/admin-guide/sysctl/vm.rst",
		  "Documentation/block/stat.rst" },
	.run = run_lab,
};
