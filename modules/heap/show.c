// SPDX-License-Identifier: GPL-2.0-only
/* debugfs files of the heap area, and objects as text. */
#include <linux/seq_file.h>
#include "heap.h"

static const struct {
	u32 bit;
	const char *word;
} states[] = {
	{ MMKIT_HEAP_SLAB, "slab" },
	{ MMKIT_HEAP_LARGE, "pages" },
	{ MMKIT_HEAP_MAPPED, "mapped" },
	{ MMKIT_HEAP_CONTIGUOUS, "contiguous" },
	{ MMKIT_HEAP_FELL_BACK, "fell-back" },
	{ MMKIT_HEAP_PERCPU, "percpu" },
	{ MMKIT_HEAP_GUARD, "guard" },
};

/* Where it lies is the administrator's to know, as in pagemap. */
void mmkit_heap_object_hide(struct mmkit_heap_object *object)
{
	object->pfn = 0;
	object->state |= MMKIT_HEAP_NOPFN;
}

void mmkit_heap_object_show(struct seq_file *m,
			    const struct mmkit_heap_object *object)
{
	size_t i;

	if (object->state & MMKIT_HEAP_FREED) {
		seq_puts(m, "freed\n");
		return;
	}
	seq_printf(m, "bytes %llu usable %llu pfn 0x%llx offset %u pages %u runs %u node %d",
		   object->bytes, object->usable, object->pfn, object->offset,
		   object->pages, object->runs, object->node);
	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (object->state & states[i].bit)
			seq_printf(m, " %s", states[i].word);
	seq_putc(m, '\n');
}

static int show_limits(struct seq_file *m, void *unused)
{
	struct mmkit_heap_limits limits;

	mmkit_heap_limits_get(&limits);
	seq_printf(m, "kmalloc_cache %llu\n", limits.kmalloc_cache);
	seq_printf(m, "kmalloc_max   %llu\n", limits.kmalloc_max);
	seq_printf(m, "percpu_max    %llu\n", limits.percpu_max);
	seq_printf(m, "vmalloc_total %llu\n", limits.vmalloc_total);
	seq_printf(m, "cpus          %u\n", limits.cpus);
	return 0;
}

struct mmkit_show mmkit_heap_shows[] = {
	{ .name = "limits", .show = show_limits },
	{ .name = "objects", .show = mmkit_show_objects },
	{ }
};
