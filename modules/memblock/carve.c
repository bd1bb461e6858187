// SPDX-License-Identifier: GPL-2.0-only
/*
 * Carve-outs: what memmap= or reserve_mem= took from the kernel at boot, and how
 * a driver gets at it: it claims the range, so that nobody else does, and maps
 * it as the memory that it is.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "carve.h"

/* What was claimed by a name: in /proc/iomem it is the kernel's, as all RAM. */
static struct resource by_name = {
	.name = "reserve_mem=",
	.end = -1,
	.flags = IORESOURCE_MEM,
};

/**
 * mmkit_carve_range_is_valid() - Is it whole pages, below the end of everything?
 * @base: first byte
 * @bytes: how many
 *
 * Context: Any.
 * Return: true when it is, and not empty.
 */
bool mmkit_carve_range_is_valid(u64 base, u64 bytes)
{
	return bytes && PAGE_ALIGNED(base | bytes) && bytes <= U64_MAX - base;
}

static bool is_reserved(u64 base, u64 bytes)
{
	return region_intersects(base, bytes, IORESOURCE_MEM,
				 IORES_DESC_RESERVED) == REGION_INTERSECTS;
}

static int claim_and_map(struct mmkit_carve *carve)
{
	struct mmkit_carveout *memory = &carve->memory;

	if (!__request_region(carve->tree, memory->base, memory->bytes,
			      "mmkit carve-out", 0))
		return -EBUSY;
	memory->mem = memremap(memory->base, memory->bytes, MEMREMAP_WB);
	if (memory->mem)
		return 0;
	__release_region(carve->tree, memory->base, memory->bytes);
	return -ENOMEM;
}

static struct mmkit_carve *carve_new(struct resource *tree, u64 base, u64 bytes)
{
	struct mmkit_carve *carve;
	int err;

	carve = kzalloc(sizeof(*carve), GFP_KERNEL_ACCOUNT);
	if (!carve)
		return ERR_PTR(-ENOMEM);
	carve->object.ops = &mmkit_carve_ops;
	carve->tree = tree;
	carve->memory.base = base;
	carve->memory.bytes = bytes;
	kref_init(&carve->ref);
	INIT_LIST_HEAD(&carve->offer);
	err = claim_and_map(carve);
	if (!err)
		return carve;
	kfree(carve);
	return ERR_PTR(err);
}

/**
 * mmkit_carve_new() - Claim a range and map it.
 * @base: first byte
 * @bytes: how many; a valid range
 *
 * Context: Process.
 * Return: it, or an ERR_PTR() of -ERANGE not all of it is Reserved, -EBUSY somebody
 * has some of it, or request_mem_region() had no memory, which it does not tell apart,
 * -ENOMEM.
 */
struct mmkit_carve *mmkit_carve_new(u64 base, u64 bytes)
{
	if (!is_reserved(base, bytes))
		return ERR_PTR(-ERANGE);
	return carve_new(&iomem_resource, base, bytes);
}

/**
 * mmkit_carve_new_named() - Claim what reserve_mem= took, and map it.
 * @name: of the parameter
 *
 * It is RAM, which request_mem_region() gives to nobody: who knows the name may
 * have it, one at a time.
 *
 * Context: Process.
 * Return: it, or an ERR_PTR() of -ENOENT, -EOPNOTSUPP the kernel has no
 * reserve_mem=, -EINVAL it is not whole pages, -EBUSY, -ENOMEM.
 */
struct mmkit_carve *mmkit_carve_new_named(const char *name)
{
	u64 base, bytes;
	int err;

	err = mmkit_carve_named(name, &base, &bytes);
	if (!err && !PAGE_ALIGNED(base | bytes))
		err = -EINVAL;
	return err ? ERR_PTR(err) : carve_new(&by_name, base, bytes);
}

/* Nobody knows it any more. */
void mmkit_carve_destroy(struct mmkit_carve *carve)
{
	memunmap(carve->memory.mem);
	__release_region(carve->tree, carve->memory.base, carve->memory.bytes);
	kfree(carve);
}

/* Once in a page others get the CPU; -EINTR when the caller was killed. */
static int rest(u64 word)
{
	if (word % (PAGE_SIZE / sizeof(word)))
		return 0;
	if (fatal_signal_pending(current))
		return -EINTR;
	cond_resched();
	return 0;
}

static int fill(struct mmkit_carve *carve)
{
	u64 *word = (u64 *)carve->memory.mem;
	u64 i, nr = carve->memory.bytes / sizeof(*word);
	int err = 0;

	for (i = 0; !err && i < nr; i++) {
		WRITE_ONCE(word[i], carve->memory.base + i * sizeof(*word));
		err = rest(i);
	}
	return err;
}

static int verify(const struct mmkit_carve *carve, u64 *good, u64 *first_bad)
{
	const u64 *word = (const u64 *)carve->memory.mem;
	u64 i, nr = carve->memory.bytes / sizeof(*word);
	int err = 0;

	for (i = 0; !err && i < nr; i++) {
		if (READ_ONCE(word[i]) == carve->memory.base + i * sizeof(*word))
			*good += sizeof(*word);
		else if (*first_bad == carve->memory.bytes)
			*first_bad = i * sizeof(*word);
		err = rest(i);
	}
	return err;
}

/* Of whoever was killed, too: the next one is told nothing. */
static void clear(struct mmkit_carve *carve)
{
	u64 at, part;

	for (at = 0; at < carve->memory.bytes; at += part) {
		part = min_t(u64, carve->memory.bytes - at, SZ_1M);
		memset((u8 *)carve->memory.mem + at, 0, part);
		cond_resched();
	}
}

/**
 * mmkit_carve_probe() - Write it, read it back, and leave zeros.
 * @carve: it
 * @good: out: bytes that held what was written
 * @first_bad: out: offset of the first that did not
 *
 * Context: Process.
 * Return: 0, -EINTR killed meanwhile.
 */
int mmkit_carve_probe(struct mmkit_carve *carve, u64 *good, u64 *first_bad)
{
	int err = fill(carve);

	*good = 0;
	*first_bad = carve->memory.bytes;
	if (!err)
		err = verify(carve, good, first_bad);
	clear(carve);
	return err;
}

/**
 * mmkit_carve_named() - Find what reserve_mem= took.
 * @name: of the parameter
 * @base: out
 * @bytes: out
 *
 * Context: Process.
 * Return: 0, -ENOENT, -EOPNOTSUPP the kernel has none.
 */
int mmkit_carve_named(const char *name, u64 *base, u64 *bytes)
{
#ifdef HAVE_RESERVE_MEM
	phys_addr_t start, size;

	if (!reserve_mem_find_by_name(name, &start, &size))
		return -ENOENT;
	*base = start;
	*bytes = size;
	return 0;
#else
	return -EOPNOTSUPP;
#endif
}

static void carve_free(struct mmkit_object *object)
{
	mmkit_carve_put(container_of(object, struct mmkit_carve, object));
}

static void carve_show(struct seq_file *m, const struct mmkit_object *object)
{
	const struct mmkit_carve *carve =
		container_of(object, struct mmkit_carve, object);

	/* Where memory lies is an administrator's to know. */
	if (!capable(CAP_SYS_ADMIN))
		seq_printf(m, "  %llu bytes\n", carve->memory.bytes);
	else
		seq_printf(m, "  [0x%llx-0x%llx]\n", carve->memory.base,
			   carve->memory.base + carve->memory.bytes - 1);
}

const struct mmkit_object_ops mmkit_carve_ops = {
	.kind = "carve-out",
	.free = carve_free,
	.show = carve_show,
};
