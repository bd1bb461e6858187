// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the kernel's own memblock. It is exported to nobody, so its address
 * comes from user space, and its layout from the kernel's header; everything is
 * copied by what survives a bad address, and believed only when it adds up.
 */
#include <linux/capability.h>
#include <linux/memblock.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/pfn.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <mmkit/gfp.h>
#include "observe.h"

static const struct mmkit_memblock_layout layout = {
	.bytes = sizeof(struct memblock),
	.bottom_up = offsetof(struct memblock, bottom_up),
	.current_limit = offsetof(struct memblock, current_limit),
	.memory = offsetof(struct memblock, memory),
	.reserved = offsetof(struct memblock, reserved),
	.cnt = offsetof(struct memblock_type, cnt),
	.max = offsetof(struct memblock_type, max),
	.total_size = offsetof(struct memblock_type, total_size),
	.regions = offsetof(struct memblock_type, regions),
	.name = offsetof(struct memblock_type, name),
	.region_bytes = sizeof(struct memblock_region),
	.base = offsetof(struct memblock_region, base),
	.region_size = offsetof(struct memblock_region, size),
	.flags = offsetof(struct memblock_region, flags),
#ifdef CONFIG_NUMA
	.nid = offsetof(struct memblock_region, nid),
#else
	.nid = 0xffff,
#endif
	.given = 1,
};

static int admit(const struct mmkit_memblock_observe *ask)
{
	if (ask->reserved)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (security_locked_down(LOCKDOWN_KCORE))
		return -EACCES;
	if (ask->layout.given &&
	    memcmp(&ask->layout, &layout, sizeof(layout)))
		return -ESTALE;
	return 0;
}

static int peek(void *to, u64 from, size_t bytes)
{
	return copy_from_kernel_nofault(to, (void *)(unsigned long)from,
					bytes) ? -EFAULT : 0;
}

static bool has_name(const struct memblock_type *type, const char *name)
{
	char buffer[sizeof("reserved")];
	size_t bytes = strlen(name) + 1;

	return !peek(buffer, (unsigned long)type->name, bytes) &&
	       !memcmp(buffer, name, bytes);
}

/* The first array, which is never freed, or else nothing that can be read. */
static int check_type(const struct memblock_type *type, const char *name,
		      u64 array)
{
	if (!has_name(type, name) || !type->cnt || type->cnt > type->max)
		return -EBADMSG;
	if ((unsigned long)type->regions != array)
		return -ENODATA;
	return type->max > MMKIT_SANDBOX_REGIONS_MAX ? -EBADMSG : 0;
}

static s32 node_of(const struct memblock_region *region)
{
	int node = memblock_get_region_node(region);

	return node >= 0 && node < MAX_NUMNODES ? node : MMKIT_MEMBLOCK_NO_NODE;
}

static bool follows(const struct memblock_region *region, u64 last_end)
{
	return region->size && region->base >= last_end &&
	       region->size <= MMKIT_ADDR_MAX - region->base;
}

/* memblock_trim_memory() forgets to count what it trims off both ends. */
static bool adds_up(const struct memblock_type *type, u64 sum)
{
	return type->total_size >= sum &&
	       type->total_size - sum <= 2 * PAGE_SIZE * type->max;
}

/* Regions in their order, into an array of our own. */
static int take_regions(struct mmkit_regions *to,
			const struct memblock_type *type,
			const struct memblock_region *region)
{
	u64 i, end = 0, sum = 0;

	for (i = 0; i < type->cnt; i++) {
		if (!follows(&region[i], end))
			return -EBADMSG;
		end = region[i].base + region[i].size;
		sum += region[i].size;
		to->region[i] = (struct mmkit_memblock_region) {
			.base = region[i].base,
			.bytes = region[i].size,
			.flags = region[i].flags,
			.node = node_of(&region[i]),
		};
	}
	to->cnt = type->cnt;
	to->total = type->total_size;
	return adds_up(type, sum) ? 0 : -EBADMSG;
}

static int copy_type(struct mmkit_sandbox *into, struct mmkit_regions *to,
		     const struct memblock_type *type)
{
	size_t bytes = type->cnt * sizeof(struct memblock_region);
	struct memblock_region *copy;
	int err;

	if (type->max > to->max) {
		if (!into->model.grow(&into->model, to, type->max))
			return into->err;
		to->max = type->max;
	}
	copy = kvmalloc(bytes, MMKIT_GFP_BOOKKEEPING);
	if (!copy)
		return -ENOMEM;
	err = peek(copy, (unsigned long)type->regions, bytes) ?:
	      take_regions(to, type, copy);
	kvfree(copy);
	return err;
}

static u64 whole_pages(const struct mmkit_regions *regions)
{
	u64 i, pages = 0;

	for (i = 0; i < regions->cnt; i++) {
		const struct mmkit_memblock_region *r = &regions->region[i];

		if (PFN_UP(r->base) < PFN_DOWN(mmkit_region_end(r)))
			pages += PFN_DOWN(mmkit_region_end(r)) -
				 PFN_UP(r->base);
	}
	return pages;
}

static u64 present_pages(void)
{
	u64 pages = 0;
	int node;

	for_each_online_node(node)
		pages += node_present_pages(node);
	return pages;
}

static int read_memblock(struct mmkit_sandbox *fresh,
			 const struct mmkit_memblock_observe *ask)
{
	struct memblock copy;
	int err;

	err = peek(&copy, ask->memblock, sizeof(copy)) ?:
	      check_type(&copy.memory, "memory", ask->memory_regions) ?:
	      check_type(&copy.reserved, "reserved", ask->reserved_regions) ?:
	      copy_type(fresh, &fresh->model.memory, &copy.memory) ?:
	      copy_type(fresh, &fresh->model.reserved, &copy.reserved);
	if (err)
		return err;
	fresh->model.bottom_up = copy.bottom_up;
	fresh->model.limit = copy.current_limit;
	if (whole_pages(&fresh->model.memory) != present_pages())
		return -EUCLEAN;
	return 0;
}

/**
 * mmkit_observe() - Read the real one.
 * @into: replaced by it
 * @ask: from user space
 *
 * Context: Process.
 * Return: 0, or what mmkit/memblock.h says; @into is as it was then.
 */
int mmkit_observe(struct mmkit_sandbox *into,
		  const struct mmkit_memblock_observe *ask)
{
	struct mmkit_sandbox fresh;
	int err;

	err = admit(ask) ?: mmkit_sandbox_init(&fresh, into->session);
	if (err)
		return err;
	err = read_memblock(&fresh, ask);
	if (err) {
		mmkit_sandbox_uninit(&fresh);
		return err;
	}
	mmkit_sandbox_uninit(into);
	*into = fresh;
	return 0;
}
