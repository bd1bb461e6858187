// SPDX-License-Identifier: GPL-2.0-only
/* Commands of /dev/mmkit/pages. */
#include <linux/capability.h>
#include <linux/mm.h>
#include <mmkit/describe.h>
#include <mmkit/gfp.h>
#include <mmkit/range.h>
#include "blocks.h"
#include "compat/alloc.h"
#include "compat/page.h"
#include "order.h"
#include "pages.h"

static bool has_bytes(u32 how)
{
	return how == MMKIT_PAGES_EXACT || how == MMKIT_PAGES_CONTIG;
}

/* Contradictions first: what no kernel would do. */
static int check_fields(const struct mmkit_pages_alloc *alloc)
{
	if (alloc->how >= MMKIT_PAGES_HOW_NR || alloc->reserved ||
	    (alloc->flags & ~MMKIT_PAGES_SPLIT))
		return -EINVAL;
	if (!alloc->count || alloc->count > MMKIT_BLOCKS_MAX)
		return -EINVAL;
	if (has_bytes(alloc->how) != !!alloc->bytes)
		return -EINVAL;
	if (alloc->order &&
	    (alloc->how != MMKIT_PAGES_BUDDY || alloc->order > MMKIT_MAX_ORDER))
		return -EINVAL;
	if ((alloc->flags & MMKIT_PAGES_SPLIT) &&
	    (alloc->how != MMKIT_PAGES_BUDDY || (alloc->gfp & MMKIT_GFP_COMP)))
		return -EINVAL;
	return 0;
}

/*
 * To __alloc_contig_verify_gfp_mask() in mm/page_alloc.c these are no flags for a
 * range, and alloc_contig_pages() would be refused each range of the zone.
 */
#define NOT_FOR_CONTIG	(MMKIT_GFP_ATOMIC | MMKIT_GFP_NORETRY)

static int check_contig(const struct mmkit_pages_alloc *alloc)
{
	if (alloc->gfp & NOT_FOR_CONTIG)
		return -EINVAL;
	return MMKIT_HAS_ALLOC_CONTIG ? 0 : -EOPNOTSUPP;
}

/* What the kernel's functions for a number of bytes take and do not WARN at. */
static int check_bytes(const struct mmkit_pages_alloc *alloc)
{
	if (!has_bytes(alloc->how))
		return 0;
	if (alloc->gfp & (MMKIT_GFP_COMP | MMKIT_GFP_HIGHUSER_MOVABLE))
		return -EINVAL;
	if (alloc->how == MMKIT_PAGES_CONTIG)
		return check_contig(alloc);
	if (alloc->node != NUMA_NO_NODE)
		return -EINVAL;
	if (alloc->bytes > PAGE_SIZE << MMKIT_MAX_ORDER)
		return -EOPNOTSUPP;
	return 0;
}

static int check_alloc(const struct mmkit_pages_alloc *alloc)
{
	return check_fields(alloc) ?: mmkit_gfp_admit(alloc->gfp) ?:
	       mmkit_node_check(alloc->node) ?: check_bytes(alloc);
}

/* Of one block, and of all. */
static int measure(const struct mmkit_pages_alloc *alloc, u64 *block,
		   u64 *total)
{
	if (!has_bytes(alloc->how)) {
		*block = PAGE_SIZE << alloc->order;
		return mmkit_order_bytes(alloc->order, alloc->count,
					 PAGE_SHIFT, total);
	}
	*block = alloc->bytes;
	if (*block > U64_MAX - PAGE_SIZE)
		return -EOVERFLOW;
	*block = PAGE_ALIGN(*block);
	if (check_mul_overflow(*block, (u64)alloc->count, total))
		return -EOVERFLOW;
	return 0;
}

static bool wants_split(const struct mmkit_pages_alloc *alloc)
{
	return alloc->order && (alloc->flags & MMKIT_PAGES_SPLIT);
}

static struct mmkit_blocks *make_blocks(const struct mmkit_pages_alloc *alloc,
					u64 block)
{
	u32 split = wants_split(alloc) ? alloc->order : 0;
	struct mmkit_blocks *blocks;
	int err;

	if (alloc->count > MMKIT_BLOCKS_MAX >> split)
		return ERR_PTR(-EINVAL);
	blocks = mmkit_blocks_new(alloc->how, alloc->order, block,
				  alloc->count << split);
	if (!blocks)
		return ERR_PTR(-ENOMEM);
	err = mmkit_blocks_fill(blocks, alloc->count,
				mmkit_gfp_kernel(alloc->gfp), alloc->node);
	if (err) {
		mmkit_blocks_destroy(blocks);
		return ERR_PTR(err);
	}
	if (split)
		mmkit_blocks_split(blocks, alloc->count, split);
	return blocks;
}

static int pages_alloc(struct mmkit_call *call, void *arg)
{
	struct mmkit_pages_alloc *alloc = arg;
	struct mmkit_blocks *blocks;
	u64 block, total;
	int err;

	err = check_alloc(alloc);
	if (err)
		return err;
	if (measure(alloc, &block, &total))
		return -EDQUOT;
	err = mmkit_charge(call->session, total);
	if (err)
		return err;

	blocks = make_blocks(alloc, block);
	if (IS_ERR(blocks)) {
		err = PTR_ERR(blocks);
		goto uncharge;
	}
	blocks->object.bytes = total;
	err = mmkit_object_add(call, &blocks->object, &alloc->handle);
	if (err)
		goto destroy;
	alloc->blocks = blocks->nr;
	return 0;

destroy:
	mmkit_blocks_destroy(blocks);
uncharge:
	mmkit_uncharge(call->session, total);
	return err;
}

static struct mmkit_blocks *find_blocks(struct mmkit_session *session,
					u32 handle)
{
	struct mmkit_object *object;

	object = mmkit_object_find(session, handle, &mmkit_blocks_ops);
	return object ? container_of(object, struct mmkit_blocks, object) :
			NULL;
}

static bool all_live(const struct mmkit_blocks *blocks, u32 first, u32 end,
		     u32 stride)
{
	u64 i;

	for (i = first; i < end; i += stride)
		if (!blocks->page[i])
			return false;
	return true;
}

static int pages_free(struct mmkit_call *call, void *arg)
{
	const struct mmkit_pages_free *free = arg;
	struct mmkit_session *session = call->session;
	struct mmkit_blocks *blocks;
	u32 stride = free->stride ?: 1;
	u32 before, end;

	if (free->reserved)
		return -EINVAL;
	blocks = find_blocks(session, free->handle);
	if (!blocks)
		return -ENOENT;
	if (mmkit_range_end(blocks->nr, free->first, free->nr, &end))
		return -EINVAL;
	/* "The rest" means what is left of it. */
	if (free->nr && !all_live(blocks, free->first, end, stride))
		return -ENOENT;

	before = blocks->live;
	mmkit_blocks_free(blocks, free->first, end, stride);
	if (before == blocks->live)
		return -ENOENT;
	if (blocks->live)
		mmkit_object_shrink(session, free->handle, &blocks->object,
				    (before - blocks->live) * blocks->bytes,
				    array_size(blocks->nr,
					       sizeof(*blocks->page)));
	else
		mmkit_object_del(session, free->handle);
	return 0;
}

static u32 describe_blocks(struct mmkit_page *pages,
			   const struct mmkit_blocks *blocks, u32 first, u32 nr)
{
	u32 i;

	nr = min(nr, blocks->nr - first);
	for (i = 0; i < nr; i++) {
		struct page *page = blocks->page[first + i];

		if (page)
			mmkit_describe(&pages[i], page, blocks->order);
		else
			pages[i].state = MMKIT_PAGE_NOPAGE;
	}
	return nr;
}

static u32 describe_pfns(struct mmkit_page *pages, u64 first, u32 nr, u32 step)
{
	u32 i;

	for (i = 0; i < nr; i++)
		mmkit_describe_pfn(&pages[i], first + (u64)i * step);
	return nr;
}

static int pages_describe(struct mmkit_call *call, void *arg)
{
	struct mmkit_pages_describe *describe = arg;
	bool admin = capable(CAP_SYS_ADMIN);
	struct mmkit_blocks *blocks = NULL;
	struct mmkit_page *pages;

	if (!describe->nr || describe->nr > MMKIT_PAGES_DESCRIBE_MAX)
		return -EINVAL;
	if (describe->handle) {
		blocks = find_blocks(call->session, describe->handle);
		if (!blocks)
			return -ENOENT;
		if (describe->first >= blocks->nr || describe->step)
			return -EINVAL;
	} else if (!admin) {
		return -EPERM;
	}

	pages = mmkit_call_array(call, describe->pages, describe->nr,
				 sizeof(*pages));
	if (!pages)
		return -ENOMEM;
	describe->nr = blocks ?
		describe_blocks(pages, blocks, describe->first, describe->nr) :
		describe_pfns(pages, describe->first, describe->nr,
			      describe->step ?: 1);
	if (!admin)
		mmkit_describe_hide(pages, describe->nr);
	call->bytes = describe->nr * sizeof(*pages);
	return 0;
}

/* Nodes times zones of the largest machine; a larger room is no error. */
#define ZONES_ROOM_MAX	4096

static int pages_zones(struct mmkit_call *call, void *arg)
{
	struct mmkit_pages_zones *zones = arg;
	u32 room = min_t(u32, zones->nr, ZONES_ROOM_MAX);
	struct mmkit_zone *array;

	array = mmkit_call_array(call, zones->zones, room, sizeof(*array));
	if (!array)
		return -ENOMEM;
	zones->nr = mmkit_zones_read(array, room);
	call->bytes = min(zones->nr, room) * sizeof(*array);
	return 0;
}

const struct mmkit_ioctl mmkit_pages_ioctls[] = {
	MMKIT_IOCTL(MMKIT_PAGES_ALLOC, pages_alloc, struct mmkit_pages_alloc,
		    reserved),
	MMKIT_IOCTL(MMKIT_PAGES_FREE, pages_free, struct mmkit_pages_free,
		    reserved),
	MMKIT_IOCTL(MMKIT_PAGES_DESCRIBE, pages_describe,
		    struct mmkit_pages_describe, pages),
	MMKIT_IOCTL(MMKIT_PAGES_ZONES, pages_zones, struct mmkit_pages_zones,
		    zones),
	MMKIT_IOCTL(MMKIT_PAGES_FRAGMENT, mmkit_pages_fragment,
		    struct mmkit_pages_fragment, blocks),
};

const unsigned int mmkit_pages_nr_ioctls = ARRAY_SIZE(mmkit_pages_ioctls);
