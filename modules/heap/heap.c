// SPDX-License-Identifier: GPL-2.0-only
/* Objects of one function under one handle. */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/pgtable.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <mmkit/gfp.h>
#include "heap.h"
#include "size.h"

/* All but the size: an older program that sends its struct again has no more room. */
void mmkit_heap_limits_get(struct mmkit_heap_limits *limits)
{
	limits->cpus = num_possible_cpus();
	limits->kmalloc_cache = KMALLOC_MAX_CACHE_SIZE;
	limits->kmalloc_max = KMALLOC_MAX_SIZE;
	limits->percpu_max = PCPU_MIN_UNIT_SIZE;
	limits->vmalloc_total = VMALLOC_TOTAL;
}

/* What an object takes however small it is: the smallest slot, and what is noted of it. */
static u64 least(void)
{
	return kmalloc_size_roundup(1) + sizeof(struct mmkit_heap_item);
}

/* Of these it is whole huge pages, where they can be had. */
static bool huge(u32 api, u64 bytes)
{
	if (api == MMKIT_HEAP_KVMALLOC)
		return bytes > KMALLOC_MAX_SIZE;
	return api == MMKIT_HEAP_VMALLOC_HUGE && bytes >= PMD_SIZE;
}

/* Else the size class or the block of pages that serves it. */
static u64 taken(u32 api, u64 bytes)
{
	if (huge(api, bytes))
		return ALIGN(bytes, PMD_SIZE);
	if (mmkit_heap_maps(api) || api == MMKIT_HEAP_ALLOC_PERCPU)
		return bytes;
	return kmalloc_size_roundup(bytes);
}

/**
 * mmkit_heap_charge_of() - What objects count against the quota on this kernel.
 * @api: enum mmkit_heap_api
 * @bytes: of one object, at most %INT_MAX or what there is of vmalloc space
 * @count: objects
 * @charge: out: @count times that of one
 *
 * Context: Any.
 * Return: 0, -EOVERFLOW.
 */
int mmkit_heap_charge_of(u32 api, u64 bytes, u32 count, u64 *charge)
{
	struct mmkit_heap_limits limits;
	int err;

	mmkit_heap_limits_get(&limits);
	err = mmkit_heap_charge(api, taken(api, bytes), count, &limits,
				PAGE_SIZE, charge);
	*charge = max(*charge, count * least());
	return err;
}

/**
 * mmkit_heap_footprint() - Memory that one object takes on this kernel.
 * @api: enum mmkit_heap_api
 * @bytes: of the object
 *
 * Context: Any.
 * Return: bytes, of which some may be the kernel's or those of the note of it.
 */
u64 mmkit_heap_footprint(u32 api, u64 bytes)
{
	u64 charge;

	return mmkit_heap_charge_of(api, bytes, 1, &charge) ? U64_MAX : charge;
}

/**
 * mmkit_heap_new() - Make room for objects.
 * @api: enum mmkit_heap_api
 * @count: at most %MMKIT_HEAP_ITEMS_MAX
 *
 * Context: Process.
 * Return: an empty set, or NULL.
 */
struct mmkit_heap *mmkit_heap_new(u32 api, u32 count)
{
	struct mmkit_heap *heap;

	heap = kvzalloc(struct_size(heap, item, count), MMKIT_GFP_BOOKKEEPING);
	if (!heap)
		return NULL;
	heap->object.ops = &mmkit_heap_ops;
	heap->api = api;
	return heap;
}

/**
 * mmkit_heap_fill() - Allocate objects.
 * @heap: with room for them
 * @ask: how
 * @bytes: of each
 * @charge: of each
 * @count: to be had in the end
 *
 * Context: Process. Sleeps if the mask says so.
 * Return: 0, -ENOMEM, -EINTR killed meanwhile. On an error the objects that
 * were had are still there.
 */
int mmkit_heap_fill(struct mmkit_heap *heap, const struct mmkit_heap_ask *ask,
		    u64 bytes, u64 charge, u32 count)
{
	while (heap->nr < count) {
		struct mmkit_heap_item *item = &heap->item[heap->nr];

		if (fatal_signal_pending(current))
			return -EINTR;
		item->p = mmkit_heap_item_alloc(ask, bytes);
		if (!item->p)
			return -ENOMEM;
		item->bytes = bytes;
		item->charged = charge;
		heap->nr++;
		heap->live++;
		cond_resched();
	}
	return 0;
}

/**
 * mmkit_heap_free() - Free some of the objects that are left.
 * @heap: it
 * @first: index of the first
 * @end: index after the last
 * @stride: every so-many-th, at least 1
 * @sensitive: overwrite them first
 *
 * Context: Process.
 * Return: the charge of what was freed.
 */
u64 mmkit_heap_free(struct mmkit_heap *heap, u32 first, u32 end, u32 stride,
		    bool sensitive)
{
	u64 charges = 0;
	u64 i;

	for (i = first; i < end; i += stride) {
		struct mmkit_heap_item *item = &heap->item[i];

		if (!item->p)
			continue;
		charges += item->charged;
		mmkit_heap_item_free(heap->api, item, sensitive);
		item->p = NULL;
		heap->live--;
		cond_resched();
	}
	return charges;
}

/**
 * mmkit_heap_destroy() - Free what is left, and the set.
 * @heap: it
 *
 * Context: Process.
 */
void mmkit_heap_destroy(struct mmkit_heap *heap)
{
	mmkit_heap_free(heap, 0, heap->nr, 1, false);
	kvfree(heap);
}

static void heap_free(struct mmkit_object *object)
{
	mmkit_heap_destroy(container_of(object, struct mmkit_heap, object));
}

/* As many as a screen holds. */
#define SHOW_MAX	32

static void heap_show(struct seq_file *m, const struct mmkit_object *object)
{
	const struct mmkit_heap *heap =
		container_of(object, struct mmkit_heap, object);
	bool admin = capable(CAP_SYS_ADMIN);
	u32 i;

	for (i = 0; i < min_t(u32, heap->nr, SHOW_MAX); i++) {
		struct mmkit_heap_object out = { };

		if (!heap->item[i].p)
			continue;
		mmkit_heap_item_describe(heap->api, &heap->item[i], &out);
		if (!admin)
			mmkit_heap_object_hide(&out);
		seq_printf(m, "  %u: ", i);
		mmkit_heap_object_show(m, &out);
	}
	if (heap->nr > SHOW_MAX)
		seq_printf(m, "  and %u more\n", heap->nr - SHOW_MAX);
}

const struct mmkit_object_ops mmkit_heap_ops = {
	.kind = "heap",
	.free = heap_free,
	.show = heap_show,
};
