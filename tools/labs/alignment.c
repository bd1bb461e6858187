// SPDX-License-Identifier: GPL-2.0-only
/* Where objects begin, who guarantees it, and what it costs not to. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "lab.h"

#define NR	64

/* As drivers write them: the same members in another order. */
struct careless {
	char kind;
	uint64_t bytes;
	char state;
	uint64_t pfn;
};

struct careful {
	uint64_t bytes;
	uint64_t pfn;
	char kind;
	char state;
};

static void padding(struct lab_run *run)
{
	claim(run, "a member lies at a multiple of its size: the compiler leaves holes",
	      offsetof(struct careless, bytes), EQ, sizeof(uint64_t), "bytes");
	claim(run, "large members first, and the same struct is smaller",
	      sizeof(struct careful), LT, sizeof(struct careless), "bytes");
}

/* A word of 8 bytes that begins @before the end of a page. */
static int64_t store_faults(struct lab_run *run, size_t before)
{
	char *mem = take_private(run, PAGES(2));
	struct faults start = faults_now();
	int64_t faults;

	*(volatile uint64_t *)(mem + PAGES(1) - before) = 1;
	faults = faults_since(start).minor;
	munmap(mem, PAGES(2));
	return faults;
}

static void crossing(struct lab_run *run)
{
	tell(run, "A word of 8 bytes is stored at the end of a page, then 4 bytes later: half of it in the next.");
	claim(run, "an aligned word is in one page: one fault",
	      store_faults(run, 8), EQ, 1, "faults");
	claim(run, "one that is not takes two pages, and two faults",
	      store_faults(run, 4), EQ, 2, "faults");
}

/* Of what the kernel gave: the worst remainder of its addresses by @align. */
static uint32_t worst_offset(struct lab_run *run, uint32_t api, uint64_t bytes,
			     uint32_t align)
{
	struct mmkit_heap_object objects[NR];
	struct mmkit_heap_alloc req = {
		.api = api, .bytes = bytes, .count = NR,
		.gfp = MMKIT_GFP_KERNEL, .node = -1,
	};
	int fd = lab_open(run, "heap"), err, i;
	uint32_t worst = 0;

	err = mmkit_heap_alloc(fd, &req);
	if (err || mmkit_heap_describe(fd, req.handle, 0, NR, objects) != NR)
		stop(run, "/dev/mmkit/heap gave no objects (%s)", errno_name(err));
	for (i = 0; i < NR; i++)
		if (objects[i].offset % align > worst)
			worst = objects[i].offset % align;
	mmkit_close(fd);
	return worst;
}

static void in_the_kernel(struct lab_run *run)
{
	tell(run, "The kernel allocates %d objects of each of some sizes.", NR);
	claim(run, "kmalloc of 64 bytes: each at a multiple of 64, a cache line",
	      worst_offset(run, MMKIT_HEAP_KMALLOC, 64, 64), EQ, 0, "bytes past it");
	claim(run, "of 1024: each at a multiple of that, as all powers of two",
	      worst_offset(run, MMKIT_HEAP_KMALLOC, 1024, 1024), EQ, 0,
	      "bytes past it");
	claim(run, "of 96, which is none: at a multiple of 32, the power of two in it",
	      worst_offset(run, MMKIT_HEAP_KMALLOC, 96, 32), EQ, 0,
	      "bytes past it");
	claim(run, "vmalloc gives whole pages: each begins with one",
	      worst_offset(run, MMKIT_HEAP_VMALLOC, 100, page_size()), EQ, 0,
	      "bytes past it");
}

static void blocks(struct lab_run *run)
{
	struct mmkit_pages_alloc req = {
		.gfp = MMKIT_GFP_KERNEL, .node = -1, .order = 4, .count = NR,
		.how = MMKIT_PAGES_BUDDY,
	};
	struct mmkit_page pages[NR];
	int fd = lab_open(run, "pages"), err, i;
	uint64_t worst = 0;

	err = mmkit_pages_alloc(fd, &req);
	if (err || mmkit_pages_describe(fd, req.handle, 0, NR, pages) != NR)
		stop(run, "/dev/mmkit/pages gave no blocks (%s)", errno_name(err));
	for (i = 0; i < NR; i++)
		if (pages[i].pfn % 16 > worst)
			worst = pages[i].pfn % 16;
	mmkit_close(fd);
	claim(run, "16 pages from the buddy allocator begin at a multiple of 16 page frames",
	      worst, EQ, 0, "page frames past it");
}

static void in_user_space(struct lab_run *run)
{
	void *small = malloc(100), *page = NULL;
	int fd = memfd_create("alignment", MFD_CLOEXEC), err;
	void *bad;

	claim(run, "malloc aligns for any type of the language, 16 bytes here",
	      (uintptr_t)small % _Alignof(max_align_t), EQ, 0, "bytes past it");
	if (posix_memalign(&page, page_size(), 100))
		stop(run, "posix_memalign failed");
	claim(run, "posix_memalign aligns as it is told, to a page",
	      (uintptr_t)page % page_size(), EQ, 0, "bytes past it");
	bad = mmap(NULL, PAGES(1), PROT_READ, MAP_SHARED, fd, 512);
	err = bad == MAP_FAILED ? errno : 0;
	claim(run, "a file is mapped by whole pages: another offset is refused",
	      err, EQ, EINVAL, "errno");
	free(page);
	free(small);
}

static void run_lab(struct lab_run *run)
{
	padding(run);
	crossing(run);
	in_user_space(run);
	in_the_kernel(run);
	blocks(run);
}

const struct lab alignment_lab = {
	.name = "alignment",
	.title = "where objects begin, and what it costs when they do not",
	.needs = LAB_HEAP | LAB_PAGES | LAB_ROOT,
	.code = { "mm/slab_common.c: kmem_cache_create_usercopy()",
		  "mm/slab_common.c: calculate_alignment()",
		  "mm/slab_common.c: create_kmalloc_cache()",
		  "include/linux/align.h: ALIGN" },
	.docs = { "Documentation/core-api/memory-allocation.rst",
		  "Documentation/core-api/unaligned-memory-access.rst" },
	.run = run_lab,
};
