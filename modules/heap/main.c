// SPDX-License-Identifier: GPL-2.0-only
/* mmkit_heap: kmalloc(), kvmalloc(), vmalloc() and their families. */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "heap.h"

static const struct file_operations heap_fops = { MMKIT_FOPS };

static struct mmkit_area heap_area = {
	.entry = {
		.name = "heap",
		.help = "kmalloc(), kvmalloc(), vmalloc() and their families",
		.owner = THIS_MODULE,
	},
	.fops = &heap_fops,
	.ioctls = mmkit_heap_ioctls,
	.verbs = mmkit_heap_verbs,
	.shows = mmkit_heap_shows,
};

static void *kmalloc_alloc(size_t size, gfp_t gfp, int nid)
{
	return kmalloc_node(size, gfp, nid);
}

static void *kvmalloc_alloc(size_t size, gfp_t gfp, int nid)
{
	return kvmalloc_node(size, gfp, nid);
}

/* vmalloc_node() takes no flags; what does is not for modules. None takes THISNODE. */
static void *vmalloc_alloc(size_t size, gfp_t gfp, int nid)
{
	return __vmalloc(size, gfp & ~__GFP_THISNODE);
}

static void any_free(void *object, size_t size)
{
	kvfree(object);
}

static unsigned long any_pfn(const void *object)
{
	return is_vmalloc_addr(object) ? vmalloc_to_pfn(object) :
					 page_to_pfn(virt_to_page(object));
}

/* What the registry passes about as a pointer is one of another address space. */
static void __percpu *percpu_of(const void *object)
{
	return (void __percpu *)(uintptr_t)object;
}

/* On each CPU's own node, whatever @nid says. */
static void *percpu_alloc(size_t size, gfp_t gfp, int nid)
{
	if (size > PCPU_MIN_UNIT_SIZE)
		return NULL;
	gfp = mmkit_heap_percpu_gfp(gfp);
	return (void *)(__force uintptr_t)__alloc_percpu_gfp(size, sizeof(u64),
							     gfp);
}

static void percpu_free(void *object, size_t size)
{
	free_percpu(percpu_of(object));
}

static void *percpu_address(void *object)
{
	return per_cpu_ptr(percpu_of(object),
			   cpumask_first(cpu_possible_mask));
}

static unsigned long percpu_pfn(const void *object)
{
	return any_pfn(percpu_address((void *)object));
}

#define HEAP_FOOTPRINT(_name, _api)					\
	static u64 _name##_footprint(size_t size)			\
	{								\
		return mmkit_heap_footprint(_api, size);		\
	}

HEAP_FOOTPRINT(kmalloc, MMKIT_HEAP_KMALLOC)
HEAP_FOOTPRINT(kvmalloc, MMKIT_HEAP_KVMALLOC)
HEAP_FOOTPRINT(vmalloc, MMKIT_HEAP_VMALLOC)
HEAP_FOOTPRINT(percpu, MMKIT_HEAP_ALLOC_PERCPU)

#define HEAP_ALLOCATOR(_name, _help)					\
	{								\
		.entry = {						\
			.name = #_name,					\
			.help = _help,					\
			.owner = THIS_MODULE,				\
		},							\
		.alloc = _name##_alloc,					\
		.free = any_free,					\
		.pfn = any_pfn,						\
		.footprint = _name##_footprint,				\
	}

static struct mmkit_allocator allocators[] = {
	HEAP_ALLOCATOR(kmalloc, "physically contiguous, from size classes"),
	HEAP_ALLOCATOR(kvmalloc, "kmalloc(), or vmalloc() when that fails"),
	HEAP_ALLOCATOR(vmalloc, "virtually contiguous, in whole pages"),
	{
		.entry = {
			.name = "percpu",
			.help = "so many bytes on each CPU",
			.owner = THIS_MODULE,
		},
		.alloc = percpu_alloc,
		.free = percpu_free,
		.pfn = percpu_pfn,
		.address = percpu_address,
		.footprint = percpu_footprint,
	},
};

static void unregister_first(size_t nr)
{
	while (nr--)
		mmkit_allocator_unregister(&allocators[nr]);
}

static int __init mmkit_heap_init(void)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(allocators); i++) {
		err = mmkit_allocator_register(&allocators[i]);
		if (err)
			goto unregister;
	}
	heap_area.nr_ioctls = mmkit_heap_nr_ioctls;
	err = mmkit_area_register(&heap_area);
	if (err)
		goto unregister;
	return 0;

unregister:
	unregister_first(i);
	return err;
}

static void __exit mmkit_heap_exit(void)
{
	mmkit_area_unregister(&heap_area);
	unregister_first(ARRAY_SIZE(allocators));
}

module_init(mmkit_heap_init);
module_exit(mmkit_heap_exit);

MODULE_DESCRIPTION("mmkit: kmalloc(), kvmalloc(), vmalloc() and their families");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
