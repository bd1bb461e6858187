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

static bool is_reserved(u64 base, u64 bytes)
{
	return region_intersects(base, bytes, IORESOURCE_MEM,
				 IORES_DESC_RESERVED) == REGION_INTERSECTS;
}

/**
 * mmkit_carve_new() - Claim a range and map it.
 * @base: first byte
 * @bytes: how many; whole pages that end below the end of the address space
 *
 * Context: Process.
 * Return: it, or an ERR_PTR() of -ERANGE not all of it is Reserved, -EBUSY,
 * -ENOMEM.
 */
struct mmkit_carve *mmkit_carve_new(u64 base, u64 bytes)
{
	struct mmkit_carve *carve;
	int err = -EBUSY;

	if (!is_reserved(base, bytes))
		return ERR_PTR(-ERANGE);
	carve = kzalloc(sizeof(*carve), GFP_KERNEL_ACCOUNT);
	if (!carve)
		return ERR_PTR(-ENOMEM);
	if (!request_mem_region(base, bytes, "mmkit carve-out"))
		goto free_carve;
	err = -ENOMEM;
	carve->mem = memremap(base, bytes, MEMREMAP_WB);
	if (!carve->mem)
		goto release_region;
	carve->object.ops = &mmkit_carve_ops;
	carve->base = base;
	carve->bytes = bytes;
	return carve;

release_region:
	release_mem_region(base, bytes);
free_carve:
	kfree(carve);
	return ERR_PTR(err);
}

void mmkit_carve_destroy(struct mmkit_carve *carve)
{
	memunmap(carve->mem);
	release_mem_region(carve->base, carve->bytes);
	kfree(carve);
}

static int fill(struct mmkit_carve *carve)
{
	u64 *word = (u64 *)carve->mem;
	u64 i, nr = carve->bytes / sizeof(*word);

	for (i = 0; i < nr; i++) {
		WRITE_ONCE(word[i], carve->base + i * sizeof(*word));
		if (i % (PAGE_SIZE / sizeof(*word)))
			continue;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
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
	u64 *word = (u64 *)carve->mem;
	u64 i, nr = carve->bytes / sizeof(*word);
	int err = fill(carve);

	*good = 0;
	*first_bad = carve->bytes;
	for (i = 0; !err && i < nr; i++) {
		if (READ_ONCE(word[i]) == carve->base + i * sizeof(*word))
			*good += sizeof(*word);
		else if (*first_bad == carve->bytes)
			*first_bad = i * sizeof(*word);
		if (!(i % (PAGE_SIZE / sizeof(*word))))
			cond_resched();
	}
	memset(carve->mem, 0, carve->bytes);
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
	mmkit_carve_destroy(container_of(object, struct mmkit_carve, object));
}

static void carve_show(struct seq_file *m, const struct mmkit_object *object)
{
	const struct mmkit_carve *carve =
		container_of(object, struct mmkit_carve, object);

	seq_printf(m, "  [0x%llx-0x%llx]\n", carve->base,
		   carve->base + carve->bytes - 1);
}

const struct mmkit_object_ops mmkit_carve_ops = {
	.kind = "carve-out",
	.free = carve_free,
	.show = carve_show,
};
