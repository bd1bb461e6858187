// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmkit.memblock=REQUEST,...: real calls of memblock, made while it is still
 * the allocator. Only what is built in can do that: nothing of memblock is
 * exported, and most of it is gone when the first module is loaded.
 *
 *   alloc:BYTES[:align=BYTES][:min=ADDRESS][:max=ADDRESS][:node=N]
 *   reserve:ADDRESS:BYTES	of memory that nobody has yet
 *   free:ADDRESS:BYTES		of what a request before it took
 *   free:@N			what request N took, counted from 1
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/numa.h>
#include <linux/string.h>
#include "boot.h"

#define TEXT_MAX	512

static struct mmkit_boot boot;

/**
 * mmkit_memblock_boot() - What was asked of memblock, and what came of it.
 *
 * Context: Any.
 * Return: it; without requests if there were none.
 */
const struct mmkit_boot *mmkit_memblock_boot(void)
{
	return &boot;
}
EXPORT_SYMBOL_GPL(mmkit_memblock_boot);

static void __init keep(struct mmkit_boot_region *kept, u32 *nr,
			const struct memblock_region *region)
{
	int node = memblock_get_region_node(region);

	if (*nr < MMKIT_BOOT_REGIONS && region->size)
		kept[*nr] = (struct mmkit_boot_region) {
			.base = region->base,
			.bytes = region->size,
			.flags = region->flags,
			.node = node < MAX_NUMNODES ? node : NUMA_NO_NODE,
		};
	*nr += !!region->size;
}

static void __init keep_regions(void)
{
	struct memblock_region *region;

	boot.bottom_up = memblock_bottom_up();
	boot.limit = memblock_get_current_limit();
	for_each_mem_region(region)
		keep(boot.memory, &boot.nr_memory, region);
	for_each_reserved_mem_region(region)
		keep(boot.reserved, &boot.nr_reserved, region);
}

/* A number alone, with K, M or G. */
static int __init read_number(const char *text, u64 *value)
{
	char *end;

	*value = memparse(text, &end);
	return end == text || *end ? -EINVAL : 0;
}

static int __init read_option(const char *word,
			      struct mmkit_boot_request *request)
{
	const char *value = strchr(word, '=');
	u64 node;

	if (!value++)
		return -EINVAL;
	if (!strncmp(word, "align=", 6))
		return read_number(value, &request->align);
	if (!strncmp(word, "min=", 4))
		return read_number(value, &request->min);
	if (!strncmp(word, "max=", 4))
		return read_number(value, &request->max);
	if (strncmp(word, "node=", 5) || read_number(value, &node) ||
	    node >= MAX_NUMNODES)
		return -EINVAL;
	request->node = node;
	return 0;
}

static int __init read_alloc(char *rest, struct mmkit_boot_request *request)
{
	char *word = strsep(&rest, ":");
	int err;

	request->verb = MMKIT_BOOT_ALLOC;
	err = word ? read_number(word, &request->bytes) : -EINVAL;
	while (!err && (word = strsep(&rest, ":")))
		err = read_option(word, request);
	return err;
}

static int __init read_range(char *rest, struct mmkit_boot_request *request)
{
	char *base = strsep(&rest, ":");

	if (!base || !rest || read_number(base, &request->base))
		return -EINVAL;
	return read_number(rest, &request->bytes);
}

/* Where the memory that a request took begins. */
static u64 __init taken(const struct mmkit_boot_request *request)
{
	return request->verb == MMKIT_BOOT_ALLOC ? request->addr :
						   request->base;
}

static int __init read_free(char *rest, struct mmkit_boot_request *request)
{
	u64 nr;

	request->verb = MMKIT_BOOT_FREE;
	if (!rest || *rest != '@')
		return read_range(rest, request);
	if (read_number(rest + 1, &nr) || !nr || nr > boot.nr)
		return -EINVAL;
	request->base = taken(&boot.request[nr - 1]);
	request->bytes = boot.request[nr - 1].bytes;
	return 0;
}

static int __init read_request(char *text, struct mmkit_boot_request *request)
{
	char *verb = strsep(&text, ":");

	*request = (struct mmkit_boot_request) { .node = NUMA_NO_NODE };
	if (!strcmp(verb, "alloc"))
		return read_alloc(text, request);
	if (!strcmp(verb, "free"))
		return read_free(text, request);
	request->verb = MMKIT_BOOT_RESERVE;
	return strcmp(verb, "reserve") ? -EINVAL : read_range(text, request);
}

/* The kernel's own memory is not to be freed by mistake. */
static bool __init is_ours(const struct mmkit_boot_request *request)
{
	u32 i;

	for (i = 0; i < boot.nr; i++) {
		const struct mmkit_boot_request *before = &boot.request[i];
		u64 from = taken(before);

		if (before->verb != MMKIT_BOOT_FREE && !before->err &&
		    request->base >= from && request->bytes <= before->bytes &&
		    request->base - from <= before->bytes - request->bytes)
			return true;
	}
	return false;
}

static int __init run_alloc(struct mmkit_boot_request *request)
{
	void *p;

	if (!request->bytes || (request->align & (request->align - 1)))
		return -EINVAL;
	p = memblock_alloc_try_nid_raw(request->bytes,
				       request->align ?: SMP_CACHE_BYTES,
				       request->min, request->max,
				       request->node);
	if (!p)
		return -ENOMEM;
	request->addr = __pa(p);
	return 0;
}

static int __init run_request(struct mmkit_boot_request *request)
{
	switch (request->verb) {
	case MMKIT_BOOT_ALLOC:
		return run_alloc(request);
	case MMKIT_BOOT_RESERVE:
		if (!request->bytes ||
		    !memblock_is_region_memory(request->base, request->bytes))
			return -EINVAL;
		if (memblock_is_region_reserved(request->base, request->bytes))
			return -EBUSY;
		return memblock_reserve(request->base, request->bytes);
	default:
		if (!request->bytes || !is_ours(request))
			return -EPERM;
		return memblock_phys_free(request->base, request->bytes);
	}
}

static int __init boot_setup(char *value)
{
	static char text[TEXT_MAX] __initdata;
	struct mmkit_boot_request *request;
	char *rest = text, *word;

	if (boot.nr || strscpy(text, value, sizeof(text)) < 0) {
		boot.malformed = true;
		return 1;
	}
	keep_regions();
	while ((word = strsep(&rest, ","))) {
		request = &boot.request[boot.nr];
		if (boot.nr == MMKIT_BOOT_REQUESTS ||
		    read_request(word, request)) {
			pr_warn("mmkit.memblock: cannot read '%s'\n", word);
			boot.malformed = true;
			break;
		}
		request->err = run_request(request);
		boot.nr++;
	}
	return 1;
}
__setup("mmkit.memblock=", boot_setup);
