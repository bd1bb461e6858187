// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel's own test cases call, done by the model: their array of
 * regions is the model's, too.
 */
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include "memblock/model.h"

static struct memblock_region memory_regions[MMKIT_REGIONS_INIT];
static struct memblock_region reserved_regions[MMKIT_REGIONS_INIT];

struct memblock memblock = {
	.memory.regions = memory_regions,
	.memory.cnt = 1,
	.memory.max = MMKIT_REGIONS_INIT,
	.memory.name = "memory",
	.reserved.regions = reserved_regions,
	.reserved.cnt = 1,
	.reserved.max = MMKIT_REGIONS_INIT,
	.reserved.name = "reserved",
	.current_limit = MEMBLOCK_ALLOC_ANYWHERE,
};

static struct mmkit_model model;

static void take(struct mmkit_regions *to, const struct memblock_type *from)
{
	to->region = (struct mmkit_memblock_region *)from->regions;
	to->cnt = from->cnt;
	to->max = from->max;
	to->total = from->total_size;
}

/* The cases set fields of it themselves. */
static struct mmkit_model *begin(void)
{
	take(&model.memory, &memblock.memory);
	take(&model.reserved, &memblock.reserved);
	model.bottom_up = memblock.bottom_up;
	model.limit = memblock.current_limit;
	model.movable_node = movable_node_enabled;
	return &model;
}

static int end(int err)
{
	memblock.memory.cnt = model.memory.cnt;
	memblock.memory.total_size = model.memory.total;
	memblock.reserved.cnt = model.reserved.cnt;
	memblock.reserved.total_size = model.reserved.total;
	return err;
}

/* Nodes that were not set are this build's. */
static int node_of(int nid)
{
	return nid == MAX_NUMNODES ? MMKIT_MEMBLOCK_NO_NODE : nid;
}

int memblock_add(phys_addr_t base, phys_addr_t size)
{
	return end(mmkit_model_add(begin(), base, size, MMKIT_MEMBLOCK_NO_NODE,
				   0));
}

int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid,
		      enum memblock_flags flags)
{
	return end(mmkit_model_add(begin(), base, size, node_of(nid), flags));
}

int memblock_remove(phys_addr_t base, phys_addr_t size)
{
	return end(mmkit_model_remove(begin(), base, size));
}

int memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	return end(mmkit_model_reserve(begin(), base, size));
}

int memblock_phys_free(phys_addr_t base, phys_addr_t size)
{
	return end(mmkit_model_phys_free(begin(), base, size));
}

void memblock_free(void *ptr, size_t size)
{
	if (ptr)
		memblock_phys_free((phys_addr_t)ptr, size);
}

void memblock_trim_memory(phys_addr_t align)
{
	end(mmkit_regions_trim(&begin()->memory, align));
}

phys_addr_t memblock_start_of_DRAM(void)
{
	return memblock.memory.regions[0].base;
}

phys_addr_t memblock_end_of_DRAM(void)
{
	const struct memblock_region *last =
		&memblock.memory.regions[memblock.memory.cnt - 1];

	return last->base + last->size;
}

static void *allocate(phys_addr_t size, phys_addr_t align, phys_addr_t min,
		      phys_addr_t max, int nid, bool exact)
{
	u64 addr = mmkit_model_alloc(begin(), size, align, min, max,
				     node_of(nid), exact);

	end(0);
	return (void *)(unsigned long)addr;
}

void *memblock_alloc_exact_nid_raw(phys_addr_t size, phys_addr_t align,
				   phys_addr_t min, phys_addr_t max, int nid)
{
	return allocate(size, align, min, max, nid, true);
}

void *memblock_alloc_try_nid_raw(phys_addr_t size, phys_addr_t align,
				 phys_addr_t min, phys_addr_t max, int nid)
{
	return allocate(size, align, min, max, nid, false);
}

/* Of the model addresses are memory, as far as these cases go. */
void *memblock_alloc_try_nid(phys_addr_t size, phys_addr_t align,
			     phys_addr_t min, phys_addr_t max, int nid)
{
	void *p = allocate(size, align, min, max, nid, false);

	return p ? memset(p, 0, size) : NULL;
}
