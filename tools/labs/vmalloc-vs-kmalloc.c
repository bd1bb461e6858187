// SPDX-License-Identifier: GPL-2.0-only
/* Contiguous for the machine, or for the kernel's addresses only. */
#include <errno.h>

#include "lab.h"

#define SIZE	(20 << 10)	/* five pages */

static int64_t try_alloc(int fd, uint32_t api, uint64_t bytes, uint32_t *handle)
{
	struct mmkit_heap_alloc req = {
		.api = api, .bytes = bytes, .count = 1,
		.gfp = MMKIT_GFP_KERNEL | MMKIT_GFP_NOWARN, .node = -1,
	};
	int err = mmkit_heap_alloc(fd, &req);

	*handle = req.handle;
	return err;
}

static struct mmkit_heap_object get(struct lab_run *run, int fd, uint32_t api,
				    uint64_t bytes)
{
	struct mmkit_heap_object object;
	uint32_t handle;
	int64_t err = try_alloc(fd, api, bytes, &handle);

	if (err || mmkit_heap_describe(fd, handle, 0, 1, &object) != 1)
		stop(run, "%s gave no %llu bytes (%s)", mmkit_heap_api_name(api),
		     (unsigned long long)bytes, errno_name(err));
	detail(run, "%s of %llu: usable %llu, %u pages in %u runs",
	       mmkit_heap_api_name(api), (unsigned long long)object.bytes,
	       (unsigned long long)object.usable, object.pages, object.runs);
	return object;
}

static void same_size(struct lab_run *run, int fd)
{
	struct mmkit_heap_object km = get(run, fd, MMKIT_HEAP_KMALLOC, SIZE);
	struct mmkit_heap_object vm = get(run, fd, MMKIT_HEAP_VMALLOC, SIZE);

	tell(run, "Both are asked for five pages.");
	claim(run, "kmalloc has to take a power of two: eight pages",
	      km.usable, EQ, 8 * page_size(), "bytes");
	claim(run, "in one piece, which a device without an IOMMU can use",
	      km.runs, EQ, 1, "runs of page frames");
	claim(run, "vmalloc takes five single pages", vm.usable, EQ, SIZE, "bytes");
	claim(run, "behind which nothing is mapped: an overrun faults at once",
	      vm.state & MMKIT_HEAP_GUARD, EQ, MMKIT_HEAP_GUARD, "state");
	claim(run, "it is in the vmalloc area, with page tables of its own",
	      vm.state & MMKIT_HEAP_MAPPED, EQ, MMKIT_HEAP_MAPPED, "state");
	claim(run, "kmalloc's is in the direct map, where all memory is mapped",
	      km.state & MMKIT_HEAP_MAPPED, EQ, 0, "state");
}

static void small(struct lab_run *run, int fd)
{
	struct mmkit_heap_object km = get(run, fd, MMKIT_HEAP_KMALLOC, 100);
	struct mmkit_heap_object vm = get(run, fd, MMKIT_HEAP_VMALLOC, 100);

	tell(run, "Then for 100 bytes.");
	claim(run, "kmalloc cuts them from a slab", km.state & MMKIT_HEAP_SLAB,
	      EQ, MMKIT_HEAP_SLAB, "state");
	claim(run, "vmalloc spends a page", vm.usable, EQ, page_size(), "bytes");
}

static void large(struct lab_run *run, int fd)
{
	struct mmkit_heap_object object;
	struct mmkit_heap_limits limits = { 0 };
	uint64_t bytes;
	uint32_t handle;

	if (mmkit_heap_limits(fd, &limits))
		stop(run, "/dev/mmkit/heap does not tell its limits");
	bytes = limits.kmalloc_max + page_size();
	tell(run, "Then for a page more than kmalloc's limit, %llu KiB.",
	     (unsigned long long)limits.kmalloc_max >> 10);
	claim(run, "kmalloc refuses on any machine",
	      -try_alloc(fd, MMKIT_HEAP_KMALLOC, bytes, &handle), EQ, ERANGE,
	      "errno");
	object = get(run, fd, MMKIT_HEAP_VMALLOC, bytes);
	claim(run, "vmalloc gets it from wherever pages are free", object.pages,
	      EQ, bytes / page_size(), "pages");
	object = get(run, fd, MMKIT_HEAP_KVMALLOC, bytes);
	claim(run, "kvmalloc tries the one and falls back to the other",
	      object.state & MMKIT_HEAP_FELL_BACK, EQ, MMKIT_HEAP_FELL_BACK,
	      "state");
}

/* 512 pages are taken, and every second given back: no two free ones in a row. */
static int make_gaps(struct lab_run *run)
{
	struct mmkit_pages_alloc req = {
		.gfp = MMKIT_GFP_KERNEL, .node = -1, .count = 512,
		.how = MMKIT_PAGES_BUDDY,
	};
	int fd = lab_open(run, "pages"), err = mmkit_pages_alloc(fd, &req);

	if (err || mmkit_pages_free(fd, req.handle, 0, 256, 2) < 0)
		stop(run, "/dev/mmkit/pages gave no 512 pages (%s)",
		     errno_name(err));
	return fd;
}

static void scattered(struct lab_run *run, int fd)
{
	int pages = make_gaps(run);
	struct mmkit_heap_object vm = get(run, fd, MMKIT_HEAP_VMAP, 1 << 20);
	struct mmkit_heap_object km = get(run, fd, MMKIT_HEAP_KMALLOC, 1 << 20);

	mmkit_close(pages);
	tell(run, "Then for 1M, while single pages are free here and there.");
	claim(run, "a mapping puts single pages in a row of addresses: many runs of page frames",
	      vm.runs, GT, 1, "runs of page frames");
	claim(run, "kmalloc looks for 256 of them in a row", km.runs, EQ, 1,
	      "runs of page frames");
}

static void run_lab(struct lab_run *run)
{
	int fd = lab_open(run, "heap");

	same_size(run, fd);
	small(run, fd);
	large(run, fd);
	scattered(run, fd);
	mmkit_close(fd);
}

const struct lab vmalloc_vs_kmalloc_lab = {
	.name = "vmalloc-vs-kmalloc",
	.title = "contiguous for the machine, or for the kernel's addresses only",
	.needs = LAB_ROOT | LAB_HEAP | LAB_PAGES,
	.code = { "mm/slab_common.c: kmalloc_large()", "mm/vmalloc.c: __vmalloc_node_range()",
		  "mm/vmalloc.c: vm_area_alloc_pages()", "mm/util.c: kvmalloc_node()" },
	.docs = { "Documentation/core-api/memory-allocation.rst",
		  "Documentation/mm/vmalloced-kernel-stacks.rst" },
	.run = run_lab,
};
