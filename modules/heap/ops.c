// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/heap. */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <mmkit/gfp.h>
#include <mmkit/range.h>
#include "heap.h"
#include "size.h"

static int check_alloc(const struct mmkit_heap_alloc *alloc, u64 *bytes)
{
	struct mmkit_heap_limits limits;
	int err;

	err = mmkit_heap_check(alloc) ?: mmkit_gfp_admit(alloc->gfp) ?:
	      mmkit_node_check(alloc->node);
	if (err)
		return err;
	if (alloc->count > MMKIT_HEAP_ITEMS_MAX)
		return -EINVAL;
	err = mmkit_heap_total(alloc->api, alloc->bytes, alloc->elements,
			       bytes);
	if (err)
		return err;
	mmkit_heap_limits_get(&limits);
	return mmkit_heap_range(alloc->api, *bytes, &limits);
}

static struct mmkit_heap *make_heap(const struct mmkit_heap_alloc *alloc,
				    u64 bytes, u64 charge)
{
	const struct mmkit_heap_ask ask = {
		.api = alloc->api,
		.elements = alloc->elements,
		.gfp = mmkit_gfp_kernel(alloc->gfp),
		.node = alloc->node,
		.atomic = alloc->flags & MMKIT_HEAP_IN_ATOMIC,
	};
	struct mmkit_heap *heap;
	int err;

	heap = mmkit_heap_new(alloc->api, alloc->count);
	if (!heap)
		return ERR_PTR(-ENOMEM);
	err = mmkit_heap_fill(heap, &ask, bytes,
			      div_u64(charge, alloc->count), alloc->count);
	if (err) {
		mmkit_heap_destroy(heap);
		return ERR_PTR(err);
	}
	return heap;
}

static int heap_alloc(struct mmkit_call *call, void *arg)
{
	struct mmkit_heap_alloc *alloc = arg;
	struct mmkit_heap *heap;
	u64 bytes, charge;
	int err;

	err = check_alloc(alloc, &bytes);
	if (err)
		return err;
	if (mmkit_heap_charge_of(alloc->api, bytes, alloc->count, &charge))
		return -EDQUOT;
	err = mmkit_charge(call->session, charge);
	if (err)
		return err;

	heap = make_heap(alloc, bytes, charge);
	if (IS_ERR(heap)) {
		err = PTR_ERR(heap);
		goto uncharge;
	}
	heap->object.bytes = charge;
	err = mmkit_object_add(call, &heap->object, &alloc->handle);
	if (err)
		goto destroy;
	return 0;

destroy:
	mmkit_heap_destroy(heap);
uncharge:
	mmkit_uncharge(call->session, charge);
	return err;
}

static struct mmkit_heap *find_heap(struct mmkit_session *session, u32 handle)
{
	struct mmkit_object *object;

	object = mmkit_object_find(session, handle, &mmkit_heap_ops);
	return object ? container_of(object, struct mmkit_heap, object) : NULL;
}

static struct mmkit_heap_item *find_item(struct mmkit_heap *heap, u32 index)
{
	if (!heap || index >= heap->nr || !heap->item[index].p)
		return NULL;
	return &heap->item[index];
}

/* Like an allocation of the same function at the new size would be checked. */
static int check_realloc(const struct mmkit_heap *heap,
			 const struct mmkit_heap_realloc *realloc)
{
	const struct mmkit_heap_alloc like = {
		.api = MMKIT_HEAP_KMALLOC,
		.bytes = realloc->bytes,
		.count = 1,
		.gfp = realloc->gfp,
		.node = -1,
	};
	struct mmkit_heap_limits limits;

	mmkit_heap_limits_get(&limits);
	return mmkit_heap_check(&like) ?: mmkit_gfp_admit(realloc->gfp) ?:
	       mmkit_heap_range(heap->api, realloc->bytes, &limits);
}

static int realloc_charged(struct mmkit_heap *heap,
			   struct mmkit_heap_item *item,
			   struct mmkit_heap_realloc *realloc)
{
	unsigned long old = (unsigned long)item->p;
	void *p;

	p = mmkit_heap_item_realloc(heap->api, item, realloc->bytes,
				    mmkit_gfp_kernel(realloc->gfp));
	if (!p)
		return -ENOMEM;
	realloc->moved = (unsigned long)p != old;
	item->p = p;
	item->bytes = realloc->bytes;
	return 0;
}

/*
 * Where it is: from 7.x on vrealloc() gives back the pages behind the new end, but not
 * the pointers to them.
 */
static u64 gave_back(const struct mmkit_heap_item *item, u64 bytes)
{
	u64 pages;

	if (!is_vmalloc_addr(item->p) || item->bytes >= bytes ||
	    vmalloc_to_page(item->p + PAGE_ALIGN(item->bytes)))
		return 0;
	pages = (PAGE_ALIGN(bytes) - PAGE_ALIGN(item->bytes)) >> PAGE_SHIFT;
	return pages * (PAGE_SIZE - sizeof(struct page *));
}

/* What is no longer charged of what was, now that @new is as well. */
static u64 to_uncharge(const struct mmkit_heap_item *item, u64 bytes,
		       bool moved, u64 new)
{
	if (moved)
		return item->charged;
	/* It has what it had, or the first of it. */
	if (new < item->charged)
		return new + gave_back(item, bytes);
	return item->charged;
}

/* Freed with the last object, however few are left. */
static u64 notes(const struct mmkit_heap *heap)
{
	return array_size(heap->nr, sizeof(*heap->item));
}

static int heap_realloc(struct mmkit_call *call, void *arg)
{
	struct mmkit_heap_realloc *realloc = arg;
	struct mmkit_session *session = call->session;
	struct mmkit_heap *heap = find_heap(session, realloc->handle);
	struct mmkit_heap_item *item = find_item(heap, realloc->index);
	u64 bytes, old, new;
	int err;

	if (realloc->reserved)
		return -EINVAL;
	if (!item)
		return -ENOENT;
	if (!mmkit_heap_has_realloc(heap->api))
		return -EOPNOTSUPP;
	err = check_realloc(heap, realloc);
	if (err)
		return err;

	/* Both sizes are charged while the function may hold both. */
	if (mmkit_heap_charge_of(heap->api, realloc->bytes, 1, &new))
		return -EDQUOT;
	err = mmkit_charge(session, new);
	if (err)
		return err;
	bytes = item->bytes;
	err = realloc_charged(heap, item, realloc);
	if (err) {
		mmkit_uncharge(session, new);
		return err;
	}
	old = to_uncharge(item, bytes, realloc->moved, new);
	item->charged += new - old;
	heap->object.bytes += new;
	mmkit_object_shrink(session, realloc->handle, &heap->object, old,
			    notes(heap));
	return 0;
}

static bool all_live(const struct mmkit_heap *heap, u32 first, u32 end,
		     u32 stride)
{
	u64 i;

	for (i = first; i < end; i += stride)
		if (!heap->item[i].p)
			return false;
	return true;
}

static int check_free(const struct mmkit_heap *heap,
		      const struct mmkit_heap_free *free, u32 end)
{
	if ((free->flags & MMKIT_HEAP_SENSITIVE) &&
	    !mmkit_heap_has_sensitive(heap->api))
		return -EOPNOTSUPP;
	/* "The rest" means what is left of it. */
	if (free->nr && !all_live(heap, free->first, end, free->stride ?: 1))
		return -ENOENT;
	return 0;
}

static int heap_free(struct mmkit_call *call, void *arg)
{
	const struct mmkit_heap_free *free = arg;
	struct mmkit_session *session = call->session;
	struct mmkit_heap *heap = find_heap(session, free->handle);
	u32 end;
	u64 freed;
	int err;

	if (free->flags & ~MMKIT_HEAP_SENSITIVE)
		return -EINVAL;
	if (!heap)
		return -ENOENT;
	err = mmkit_range_end(heap->nr, free->first, free->nr, &end) ?:
	      check_free(heap, free, end);
	if (err)
		return err;

	freed = mmkit_heap_free(heap, free->first, end, free->stride ?: 1,
				free->flags & MMKIT_HEAP_SENSITIVE);
	if (!freed)
		return -ENOENT;
	if (heap->live)
		mmkit_object_shrink(session, free->handle, &heap->object,
				    freed, notes(heap));
	else
		mmkit_object_del(session, free->handle);
	return 0;
}

static void describe_one(const struct mmkit_heap *heap, u32 index,
			 struct mmkit_heap_object *out)
{
	const struct mmkit_heap_item *item = &heap->item[index];

	if (item->p)
		mmkit_heap_item_describe(heap->api, item, out);
	else
		out->state = MMKIT_HEAP_FREED;
}

static int heap_describe(struct mmkit_call *call, void *arg)
{
	struct mmkit_heap_describe *describe = arg;
	struct mmkit_heap *heap = find_heap(call->session, describe->handle);
	bool admin = capable(CAP_SYS_ADMIN);
	struct mmkit_heap_object *objects;
	u32 i;

	if (!describe->nr || describe->nr > MMKIT_HEAP_DESCRIBE_MAX)
		return -EINVAL;
	if (!heap)
		return -ENOENT;
	if (describe->first >= heap->nr)
		return -EINVAL;
	objects = mmkit_call_array(call, describe->objects, describe->nr,
				   sizeof(*objects));
	if (!objects)
		return -ENOMEM;
	describe->nr = min(describe->nr, heap->nr - describe->first);
	for (i = 0; i < describe->nr; i++) {
		describe_one(heap, describe->first + i, &objects[i]);
		if (!admin)
			mmkit_heap_object_hide(&objects[i]);
	}
	call->bytes = describe->nr * sizeof(*objects);
	return 0;
}

static int heap_pfns(struct mmkit_call *call, void *arg)
{
	struct mmkit_heap_pfns *pfns = arg;
	struct mmkit_heap *heap = find_heap(call->session, pfns->handle);
	struct mmkit_heap_item *item = find_item(heap, pfns->index);
	u64 pages, *array;
	u32 i;

	if (!pfns->nr || pfns->nr > MMKIT_HEAP_PFNS_MAX)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (!item)
		return -ENOENT;
	pages = mmkit_heap_item_pages(heap->api, item);
	if (pfns->first >= pages)
		return -EINVAL;
	array = mmkit_call_array(call, pfns->pfns, pfns->nr, sizeof(*array));
	if (!array)
		return -ENOMEM;
	pfns->nr = min_t(u64, pfns->nr, pages - pfns->first);
	for (i = 0; i < pfns->nr; i++)
		array[i] = mmkit_heap_item_pfn(heap->api, item,
					       pfns->first + i);
	call->bytes = pfns->nr * sizeof(*array);
	return 0;
}

static int heap_limits(struct mmkit_call *call, void *arg)
{
	mmkit_heap_limits_get(arg);
	return 0;
}

const struct mmkit_ioctl mmkit_heap_ioctls[] = {
	MMKIT_IOCTL(MMKIT_HEAP_ALLOC, heap_alloc, struct mmkit_heap_alloc,
		    reserved),
	MMKIT_IOCTL(MMKIT_HEAP_REALLOC, heap_realloc,
		    struct mmkit_heap_realloc, reserved),
	MMKIT_IOCTL(MMKIT_HEAP_FREE, heap_free, struct mmkit_heap_free, flags),
	MMKIT_IOCTL(MMKIT_HEAP_DESCRIBE, heap_describe,
		    struct mmkit_heap_describe, objects),
	MMKIT_IOCTL(MMKIT_HEAP_PFNS, heap_pfns, struct mmkit_heap_pfns, pfns),
	MMKIT_IOCTL(MMKIT_HEAP_LIMITS, heap_limits, struct mmkit_heap_limits,
		    size),
};

const unsigned int mmkit_heap_nr_ioctls = ARRAY_SIZE(mmkit_heap_ioctls);
