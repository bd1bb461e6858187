// SPDX-License-Identifier: GPL-2.0-only
/* A driver's memory in a program's address space: kmalloc, vmalloc, alloc_pages. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lab.h"

#define NR	5	/* pages */

/* A buffer of the driver's, and where it is mapped. */
struct buffer {
	int fd;
	char *mem;
	struct mmkit_page pages[NR];	/* of the kernel's */
	uint64_t taken;			/* bytes that it cost */
	int64_t faults;			/* to touch all of it */
};

static char *map(struct lab_run *run, const struct buffer *buffer)
{
	char *mem = mmap(NULL, PAGES(NR), PROT_READ | PROT_WRITE, MAP_SHARED,
			 buffer->fd, 0);

	if (mem == MAP_FAILED)
		stop(run, "the buffer cannot be mapped (%s)", errno_name(errno));
	return mem;
}

static int64_t not_zero(const char *mem)
{
	int64_t bytes = 0;
	size_t i;

	for (i = 0; i < PAGES(NR); i++)
		bytes += !!mem[i];
	return bytes;
}

static struct buffer make(struct lab_run *run, const char *strategy)
{
	struct buffer buffer = { .fd = lab_open(run, "map") };
	struct mmkit_session_info before, after;
	struct faults faults;
	int err;

	mmkit_session_get(buffer.fd, &before);
	err = mmkit_map_set(buffer.fd, strategy, PAGES(NR));
	if (err)
		stop(run, "/dev/mmkit/map has no buffer for us (%s)",
		     errno_name(err));
	mmkit_session_get(buffer.fd, &after);
	buffer.taken = after.bytes - before.bytes;
	buffer.mem = map(run, &buffer);
	faults = faults_now();
	touch_write(buffer.mem, PAGES(NR));
	buffer.faults = faults_since(faults).minor;
	if (mmkit_map_describe(buffer.fd, 0, NR, buffer.pages) != NR)
		stop(run, "the buffer's pages are not described");
	return buffer;
}

static void give_up(const struct buffer *buffer)
{
	munmap(buffer->mem, PAGES(NR));
	mmkit_close(buffer->fd);
}

/* Pages whose page table entry leads elsewhere than to the driver's page. */
static int64_t elsewhere(struct lab_run *run, const struct buffer *buffer)
{
	int64_t wrong = 0;
	int i;

	for (i = 0; i < NR; i++)
		wrong += walk_pfn(run, buffer->mem + PAGES(i)) !=
			 buffer->pages[i].pfn;
	return wrong;
}

static int64_t runs(const struct buffer *buffer)
{
	int64_t nr = 1;
	int i;

	for (i = 1; i < NR; i++)
		nr += buffer->pages[i].pfn != buffer->pages[i - 1].pfn + 1;
	return nr;
}

/* May others take hold of the page: a DMA, ptrace, O_DIRECT? 0 or an errno. */
static int64_t take_hold(const struct buffer *buffer)
{
	char copy[4];
	struct iovec from = { buffer->mem, sizeof(copy) };
	struct iovec to = { copy, sizeof(copy) };

	return process_vm_readv(getpid(), &to, 1, &from, 1, 0) < 0 ? errno : 0;
}

static int64_t copy_on_write(const struct buffer *buffer)
{
	char *mem = mmap(NULL, PAGES(NR), PROT_READ | PROT_WRITE, MAP_PRIVATE,
			 buffer->fd, 0);

	if (mem == MAP_FAILED)
		return errno;
	munmap(mem, PAGES(NR));
	return 0;
}

static void with_kmalloc(struct lab_run *run)
{
	struct buffer buffer = make(run, "kmalloc");

	tell(run, "A driver takes %d pages from kmalloc, and its mmap() hands them to us with remap_pfn_range().",
	     NR);
	claim(run, "kmalloc rounds up to a power of two", buffer.taken, EQ,
	      PAGES(8), "bytes");
	claim(run, "they are one piece, which one call maps", runs(&buffer), EQ,
	      1, "runs of page frames");
	claim(run, "our page table leads to the driver's page, for each of them",
	      elsewhere(run, &buffer), EQ, 0, "pages that are others");
	claim(run, "mmap() has filled the page table: no touch is a fault",
	      buffer.faults, EQ, 0, "faults");
	claim(run, "mm sees page frames, not pages: they count in no resident size",
	      smaps_at(run, buffer.mem, "Rss"), EQ, 0, "bytes");
	claim(run, "and nobody can take hold of one: get_user_pages() refuses",
	      take_hold(&buffer), EQ, EFAULT, "errno");
	claim(run, "nor is there a private copy to write to",
	      copy_on_write(&buffer), EQ, EINVAL, "errno");
	give_up(&buffer);
}

static void with_vmalloc(struct lab_run *run)
{
	struct buffer buffer = make(run, "vmalloc");

	tell(run, "The same from vmalloc_user(), handed over by remap_vmalloc_range(). They are in %lld runs of page frames.",
	     (long long)runs(&buffer));
	claim(run, "vmalloc takes no more than is asked for", buffer.taken, EQ,
	      PAGES(NR), "bytes");
	claim(run, "here too each page is the driver's",
	      elsewhere(run, &buffer), EQ, 0, "pages that are others");
	claim(run, "and mmap() has mapped them all", buffer.faults, EQ, 0,
	      "faults");
	claim(run, "but they are pages, which are counted",
	      smaps_at(run, buffer.mem, "Rss"), EQ, PAGES(NR), "bytes");
	claim(run, "and can be taken hold of", take_hold(&buffer), EQ, 0, "errno");
	give_up(&buffer);
}

static int64_t write_there(struct lab_run *run, void *data)
{
	(void)run;
	strcpy(data, "from the child");
	return 0;
}

static void with_pages(struct lab_run *run)
{
	struct buffer buffer = make(run, "page");
	char *again;

	tell(run, "The same from alloc_pages(), a page at a time. The fault handler of the driver hands over what is touched.");
	claim(run, "each first touch is a fault", buffer.faults, EQ, NR, "faults");
	claim(run, "which the handler answers with the driver's page",
	      elsewhere(run, &buffer), EQ, 0, "pages that are others");
	claim(run, "the driver holds it, and so does the mapping",
	      buffer.pages[0].refcount, EQ, 2, "references");
	claim(run, "a private copy can be had, and left again",
	      copy_on_write(&buffer), EQ, 0, "errno");
	again = map(run, &buffer);
	in_child(run, write_there, buffer.mem);
	claim(run, "what a child stores stands in a mapping of our own: there is one buffer",
	      strcmp(again, "from the child"), EQ, 0, "as difference");
	munmap(again, PAGES(NR));
	give_up(&buffer);
}

/* What a page held before is nobody's business. */
static void clean(struct lab_run *run)
{
	static const char *const ways[] = { "kmalloc", "vmalloc", "page" };
	int64_t dirty = 0;
	size_t i, round;
	char *mem;
	int fd;

	for (round = 0; round < 8; round++)
		for (i = 0; i < ARRAY_SIZE(ways); i++) {
			fd = lab_open(run, "map");
			if (mmkit_map_set(fd, ways[i], PAGES(NR)))
				stop(run, "/dev/mmkit/map has no buffer for us");
			mem = mmap(NULL, PAGES(NR), PROT_READ | PROT_WRITE,
				   MAP_SHARED, fd, 0);
			if (mem == MAP_FAILED)
				stop(run, "the buffer cannot be mapped");
			dirty += not_zero(mem);
			memset(mem, 0x5a, PAGES(NR));
			munmap(mem, PAGES(NR));
			mmkit_close(fd);
		}
	tell(run, "Buffers are made, filled and given back, several times each.");
	claim(run, "a new one is full of zeros: a driver that forgot that would show us others' data",
	      dirty, EQ, 0, "bytes other than zero");
}

static void run_lab(struct lab_run *run)
{
	with_kmalloc(run);
	with_vmalloc(run);
	with_pages(run);
	clean(run);
}

const struct lab driver_buffers_lab = {
	.name = "driver-buffers",
	.title = "a driver's buffer in user space: kmalloc, vmalloc, alloc_pages",
	.needs = LAB_ROOT | LAB_MAP | LAB_ASPACE,
	.code = { "mm/memory.c: remap_pfn_range()", "mm/vmalloc.c: remap_vmalloc_range()",
		  "mm/memory.c: vm_insert_page()", "mm/memory.c: __do_fault()",
		  "mm/gup.c: check_vma_flags()" },
	.docs = { "Documentation/core-api/memory-allocation.rst",
		  "Documentation/core-api/mm-api.rst" },
	.run = run_lab,
};
