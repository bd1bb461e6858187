// SPDX-License-Identifier: GPL-2.0-only
/* Each of the kernel's functions, called as a driver calls it. */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <mmkit/gfp.h>
#include "compat/heap.h"
#include "item.h"
#include "size.h"

/* Per-cpu pointers may live in an address space of the compiler's own. */
static void __percpu *to_percpu(const void *p)
{
	return (void __percpu *)(__force unsigned long)p;
}

static void *from_percpu(const void __percpu *p)
{
	return (void *)(__force unsigned long)p;
}

/* With VM_MAP_PUT_PAGES vfree() frees the pages and the array that holds them. */
static void *vmap_pages(u64 bytes, gfp_t gfp)
{
	unsigned long nr = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	struct page **pages;
	unsigned long i;
	void *p;

	/* Never 2 GiB of them, so their number is one that vmap() takes. */
	pages = kvcalloc(nr, sizeof(*pages), MMKIT_GFP_BOOKKEEPING);
	if (!pages)
		return NULL;
	for (i = 0; i < nr; i++) {
		if (fatal_signal_pending(current))
			goto free_pages;
		pages[i] = alloc_page(gfp);
		if (!pages[i])
			goto free_pages;
		cond_resched();
	}
	p = vmap(pages, nr, VM_MAP | VM_MAP_PUT_PAGES, PAGE_KERNEL);
	if (p)
		return p;

free_pages:
	while (i--)
		__free_page(pages[i]);
	kvfree(pages);
	return NULL;
}

/* These two take no flags. */
static void *if_there(u32 api, u64 bytes)
{
	bool low = api == MMKIT_HEAP_VMALLOC_32;
	void *p;

	if (!mmkit_room_begin(bytes, low ? GFP_DMA32 : GFP_KERNEL))
		return NULL;
	p = low ? vmalloc_32(bytes) : vmalloc_user(bytes);
	mmkit_room_end();
	return p;
}

static void *item_alloc(const struct mmkit_heap_ask *ask, u64 bytes)
{
	gfp_t gfp = ask->gfp;

	switch (ask->api) {
	case MMKIT_HEAP_KMALLOC:
		return kmalloc(bytes, gfp);
	case MMKIT_HEAP_KZALLOC:
		return kzalloc(bytes, gfp);
	case MMKIT_HEAP_KMALLOC_ARRAY:
		return kmalloc_array(ask->elements,
				     div64_u64(bytes, ask->elements), gfp);
	case MMKIT_HEAP_KMALLOC_NODE:
		return kmalloc_node(bytes, gfp, ask->node);
	case MMKIT_HEAP_KVMALLOC:
		return kvmalloc_node(bytes, gfp, ask->node);
	case MMKIT_HEAP_VMALLOC:
		return __vmalloc(bytes, gfp);
	case MMKIT_HEAP_VZALLOC:
		return __vmalloc(bytes, gfp | __GFP_ZERO);
	case MMKIT_HEAP_VMALLOC_USER:
	case MMKIT_HEAP_VMALLOC_32:
		return if_there(ask->api, bytes);
	case MMKIT_HEAP_VMALLOC_HUGE:
		return vmalloc_huge(bytes, gfp);
	case MMKIT_HEAP_VMAP:
		return vmap_pages(bytes, gfp);
	case MMKIT_HEAP_ALLOC_PERCPU:
		return from_percpu(__alloc_percpu_gfp(bytes, sizeof(u64),
						      mmkit_heap_percpu_gfp(gfp)));
	}
	return NULL;
}

/**
 * mmkit_heap_item_alloc() - Allocate one object.
 * @ask: how
 * @bytes: in the range of the function
 *
 * Context: Process. Sleeps if the mask says so.
 * Return: what the function returned.
 */
void *mmkit_heap_item_alloc(const struct mmkit_heap_ask *ask, u64 bytes)
{
	static DEFINE_SPINLOCK(atomic_lock);	/* only to be atomic under */
	void *p;

	if (!ask->atomic)
		return item_alloc(ask, bytes);
	spin_lock(&atomic_lock);
	p = item_alloc(ask, bytes);
	spin_unlock(&atomic_lock);
	return p;
}

bool mmkit_heap_has_realloc(u32 api)
{
	return !mmkit_heap_maps(api) && api != MMKIT_HEAP_ALLOC_PERCPU;
}

bool mmkit_heap_has_sensitive(u32 api)
{
	return mmkit_heap_has_realloc(api);
}

/**
 * mmkit_heap_item_realloc() - Give an object another size.
 * @api: a function for which mmkit_heap_has_realloc()
 * @item: the object; stays valid when this fails
 * @bytes: in the range of the function
 * @gfp: the kernel's mask
 *
 * Context: Process. Sleeps if @gfp says so.
 * Return: where it is now, or NULL.
 */
void *mmkit_heap_item_realloc(u32 api, const struct mmkit_heap_item *item,
			      u64 bytes, gfp_t gfp)
{
	if (api == MMKIT_HEAP_KVMALLOC)
		return mmkit_kvrealloc(item->p, item->bytes, bytes, gfp);
	return krealloc(item->p, bytes, gfp);
}

/**
 * mmkit_heap_item_free() - Free one object.
 * @api: its function
 * @item: it
 * @sensitive: overwrite it first; only if mmkit_heap_has_sensitive()
 *
 * Context: Process.
 */
void mmkit_heap_item_free(u32 api, const struct mmkit_heap_item *item,
			  bool sensitive)
{
	if (api == MMKIT_HEAP_ALLOC_PERCPU)
		free_percpu(to_percpu(item->p));
	else if (mmkit_heap_maps(api))
		vfree(item->p);
	else if (api == MMKIT_HEAP_KVMALLOC && sensitive)
		kvfree_sensitive(item->p, item->bytes);
	else if (api == MMKIT_HEAP_KVMALLOC)
		kvfree(item->p);
	else if (sensitive)
		kfree_sensitive(item->p);
	else
		kfree(item->p);
}

static const void *address(u32 api, const struct mmkit_heap_item *item)
{
	if (api == MMKIT_HEAP_ALLOC_PERCPU)
		return per_cpu_ptr(to_percpu(item->p),
				   cpumask_first(cpu_online_mask));
	return item->p;
}

static struct page *page_of(const void *p)
{
	return is_vmalloc_addr(p) ? vmalloc_to_page(p) : virt_to_page(p);
}

/* Of these the kernel may map more than was asked for, in whole huge pages. */
static bool may_be_huge(u32 api)
{
	return api == MMKIT_HEAP_VMALLOC_HUGE || api == MMKIT_HEAP_KVMALLOC;
}

/* Nothing is mapped behind an area of the vmalloc space: there it ends. */
static bool ends_at(const void *p, u64 pages)
{
	return !vmalloc_to_page(p + (pages << PAGE_SHIFT));
}

/**
 * mmkit_heap_item_pages() - Pages that an object reaches into.
 * @api: its function
 * @item: it
 *
 * Context: Process.
 * Return: how many, with those that were mapped to fill a huge page.
 */
u64 mmkit_heap_item_pages(u32 api, const struct mmkit_heap_item *item)
{
	const void *p = address(api, item);
	u64 pages = PAGE_ALIGN(offset_in_page(p) + item->bytes) >> PAGE_SHIFT;

	if (!may_be_huge(api) || !is_vmalloc_addr(p))
		return pages;
	while (!IS_ALIGNED(pages, PTRS_PER_PTE) && !ends_at(p, pages))
		pages++;
	return pages;
}

/**
 * mmkit_heap_item_pfn() - Page frame of an object's page.
 * @api: its function
 * @item: it
 * @page: less than mmkit_heap_item_pages()
 *
 * Context: Process.
 * Return: the page frame number.
 */
unsigned long mmkit_heap_item_pfn(u32 api, const struct mmkit_heap_item *item,
				  u64 page)
{
	const void *start = PTR_ALIGN_DOWN((void *)address(api, item),
					   PAGE_SIZE);

	return page_to_pfn(page_of(start + (page << PAGE_SHIFT)));
}

static u32 count_runs(u32 api, const struct mmkit_heap_item *item, u64 pages)
{
	unsigned long last = 0;
	u32 runs = 0;
	u64 i;

	for (i = 0; i < pages; i++) {
		unsigned long pfn = mmkit_heap_item_pfn(api, item, i);

		if (!i || pfn != last + 1)
			runs++;
		last = pfn;
		cond_resched();
	}
	return runs;
}

/* Of an object that lies in the direct map. */
static void describe_slab(const struct mmkit_heap_item *item,
			  struct mmkit_heap_object *out)
{
	struct folio *folio = virt_to_folio(item->p);

	out->usable = ksize(item->p);
	out->pages = folio_nr_pages(folio);
	out->runs = 1;
	out->state = MMKIT_HEAP_CONTIGUOUS |
		     (folio_test_slab(folio) ? MMKIT_HEAP_SLAB :
					       MMKIT_HEAP_LARGE);
}

static void describe_mapped(u32 api, const struct mmkit_heap_item *item,
			    struct mmkit_heap_object *out)
{
	out->pages = mmkit_heap_item_pages(api, item);
	out->runs = count_runs(api, item, out->pages);
	out->state = is_vmalloc_addr(address(api, item)) ? MMKIT_HEAP_MAPPED :
							    0;
	if (out->runs == 1)
		out->state |= MMKIT_HEAP_CONTIGUOUS;
	if (api == MMKIT_HEAP_ALLOC_PERCPU) {
		out->usable = ALIGN(item->bytes, PCPU_MIN_ALLOC_SIZE);
		out->state |= MMKIT_HEAP_PERCPU;
		return;
	}
	out->usable = (u64)out->pages << PAGE_SHIFT;
	if (ends_at(item->p, out->pages))
		out->state |= MMKIT_HEAP_GUARD;
	if (api == MMKIT_HEAP_KVMALLOC)
		out->state |= MMKIT_HEAP_FELL_BACK;
}

/**
 * mmkit_heap_item_describe() - Describe one object.
 * @api: its function
 * @item: it
 * @out: filled in
 *
 * Context: Process.
 */
void mmkit_heap_item_describe(u32 api, const struct mmkit_heap_item *item,
			      struct mmkit_heap_object *out)
{
	const void *p = address(api, item);

	if (is_vmalloc_addr(p) || api == MMKIT_HEAP_ALLOC_PERCPU)
		describe_mapped(api, item, out);
	else
		describe_slab(item, out);
	out->bytes = item->bytes;
	out->offset = offset_in_page(p);
	out->pfn = page_to_pfn(page_of(p));
	out->node = page_to_nid(page_of(p));
}
