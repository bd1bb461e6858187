// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strategy "io": memory that the kernel does not manage, as a device's own is,
 * mapped by vm_iomap_memory().
 *
 * The memory is a carve-out that the kernel was told to leave alone at boot:
 *
 *	memmap=64M$0x20000000 mmkit_map.carveout=64M$0x20000000
 *
 * There is one, and one session at a time has it. .access lets a debugger read
 * what has no struct page; compare access.c.
 */
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <mmkit/describe.h>
#include "map.h"

static char *carveout;
module_param(carveout, charp, 0444);
MODULE_PARM_DESC(carveout, "SIZE$ADDRESS of memory reserved by memmap=, for strategy io");

static phys_addr_t base;
static resource_size_t room;
static void *kernel_view;
static DEFINE_MUTEX(owner_lock);	/* protects the next */
static struct mmkit_store *owner;

static bool take(struct mmkit_store *store)
{
	bool taken;

	mutex_lock(&owner_lock);
	taken = !owner || owner == store;
	if (taken)
		owner = store;
	mutex_unlock(&owner_lock);
	return taken;
}

static void let_go(void)
{
	mutex_lock(&owner_lock);
	owner = NULL;
	mutex_unlock(&owner_lock);
}

static int io_make(struct mmkit_store *store, const struct mmkit_memory *old,
		   struct mmkit_memory *new)
{
	if (new->nr > room >> PAGE_SHIFT)
		return -ENOSPC;
	if (!take(store))
		return -EBUSY;
	if (new->nr > old->nr)
		memset(kernel_view + (old->nr << PAGE_SHIFT), 0,
		       (new->nr - old->nr) << PAGE_SHIFT);
	return 0;
}

static void io_free(struct mmkit_store *store, struct mmkit_memory *old,
		    const struct mmkit_memory *new)
{
	if (!new->nr)
		let_go();
}

/* It is nobody's memory, so nobody is charged. */
static u64 io_cost(unsigned long nr)
{
	return 0;
}

static void io_describe(struct mmkit_store *store, unsigned long index,
			struct mmkit_page *out)
{
	mmkit_describe_pfn(out, PHYS_PFN(base) + index);
}

static const struct mmkit_backing io_backing = {
	.name = "carve-out",
	.cost = io_cost,
	.make = io_make,
	.free = io_free,
	.describe = io_describe,
};

/* The function maps from vma->vm_pgoff on, and checks the area's end. */
static int io_mmap(struct mmkit_store *store, struct vm_area_struct *vma)
{
	return vm_iomap_memory(vma, base, store->nr << PAGE_SHIFT);
}

static bool parse(void)
{
	char *end = carveout;

	room = memparse(end, &end);
	if (*end++ != '$')
		return false;
	base = memparse(end, &end);
	return !*end && room && PAGE_ALIGNED(room) && PAGE_ALIGNED(base) &&
	       base + room > base;
}

/* System RAM must never be taken for a device's. */
static const char *claim(void)
{
	if (region_intersects(base, room, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT)
		return "the carve-out is memory that the kernel uses: give it to memmap= too";
	if (!request_mem_region(base, room, "mmkit_map"))
		return "the carve-out is another driver's, or the firmware's";
	kernel_view = memremap(base, room, MEMREMAP_WB);
	if (kernel_view)
		return NULL;
	release_mem_region(base, room);
	return "the kernel could not map the carve-out";
}

const char *mmkit_io_init(void)
{
	if (!carveout || !*carveout)
		return "no carve-out: boot with memmap=64M$ADDRESS mmkit_map.carveout=64M$ADDRESS";
	if (!parse())
		return "the parameter carveout is not SIZE$ADDRESS in whole pages";
	return claim();
}

void mmkit_io_exit(void)
{
	memunmap(kernel_view);
	release_mem_region(base, room);
}

#ifdef CONFIG_HAVE_IOREMAP_PROT
/* generic_access_phys() would read on past the end of the area. */
static int io_access(struct vm_area_struct *vma, unsigned long addr, void *buf,
		     int len, int write)
{
	len = min_t(unsigned long, len, vma->vm_end - addr);
	return generic_access_phys(vma, addr, buf, len, write);
}
#endif

static const struct vm_operations_struct io_vm_ops = {
	.open = mmkit_store_vm_open,
	.close = mmkit_store_vm_close,
	.may_split = mmkit_store_vm_may_split,
#ifdef CONFIG_HAVE_IOREMAP_PROT
	.access = io_access,
#endif
};

struct mmkit_strategy mmkit_strategy_io = {
	.entry = {
		.name = "io",
		.help = "vm_iomap_memory() maps a reserved carve-out at mmap()",
		.owner = THIS_MODULE,
	},
	.vm_ops = &io_vm_ops,
	.vm_flags = VM_PFNMAP | VM_IO,
	.fixed = true,
	.backing = &io_backing,
	.mmap = io_mmap,
};
