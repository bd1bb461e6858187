// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fragmentation on purpose. One page kept of each aligned block is enough to
 * keep the buddy allocator from ever merging the block again, so little memory
 * is held and much is broken.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <mmkit/gfp.h>
#include "blocks.h"
#include "compat/page.h"
#include "pages.h"

static int check(const struct mmkit_pages_fragment *fragment)
{
	if (!fragment->order || fragment->order > MMKIT_MAX_ORDER ||
	    (fragment->gfp & MMKIT_GFP_COMP))
		return -EINVAL;
	return mmkit_gfp_admit(fragment->gfp) ?:
	       mmkit_node_check(fragment->node);
}

/* Keeps the first page of a block, and gives the others back. */
static struct page *break_block(u32 order, gfp_t gfp, int node)
{
	struct page *page = alloc_pages_node(node, gfp, order);
	u32 i;

	if (!page)
		return NULL;
	split_page(page, order);
	for (i = 1; i < 1u << order; i++)
		__free_page(page + i);
	return page;
}

static int break_blocks(struct mmkit_blocks *blocks, u32 count, u32 order,
			gfp_t gfp, int node)
{
	while (blocks->nr < count) {
		struct page *page;

		if (fatal_signal_pending(current))
			return -EINTR;
		page = break_block(order, gfp, node);
		if (!page)
			break;
		blocks->page[blocks->nr++] = page;
		blocks->live++;
		cond_resched();
	}
	return blocks->nr ? 0 : -ENOMEM;
}

/* The quota counts what is touched while it is touched, then what is kept. */
static int fragment_charged(struct mmkit_call *call,
			    struct mmkit_pages_fragment *fragment, u32 count)
{
	struct mmkit_blocks *blocks;
	int err;

	blocks = mmkit_blocks_new(MMKIT_PAGES_BUDDY, 0, PAGE_SIZE, count);
	if (!blocks)
		return -ENOMEM;
	err = break_blocks(blocks, count, fragment->order,
			   mmkit_gfp_kernel(fragment->gfp), fragment->node);
	if (err)
		goto destroy;
	blocks->object.bytes = blocks->nr * PAGE_SIZE;
	err = mmkit_object_add(call, &blocks->object, &fragment->handle);
	if (err)
		goto destroy;
	fragment->blocks = blocks->nr;
	return 0;

destroy:
	mmkit_blocks_destroy(blocks);
	return err;
}

/**
 * mmkit_pages_fragment() - MMKIT_PAGES_FRAGMENT.
 * @call: the command
 * @arg: its struct
 *
 * Context: Process. session->lock is held.
 * Return: 0, -EINVAL, -EPERM, -EDQUOT, -ENOMEM, -EINTR as mmkit/pages.h says.
 */
int mmkit_pages_fragment(struct mmkit_call *call, void *arg)
{
	struct mmkit_pages_fragment *fragment = arg;
	u64 count, charged, kept = 0;
	int err;

	err = check(fragment);
	if (err)
		return err;
	count = fragment->bytes >> (PAGE_SHIFT + fragment->order);
	if (!count)
		return -EINVAL;
	if (count > MMKIT_BLOCKS_MAX)
		return -EDQUOT;
	charged = count << (PAGE_SHIFT + fragment->order);
	err = mmkit_charge(call->session, charged);
	if (err)
		return err;
	err = fragment_charged(call, fragment, count);
	if (!err)
		kept = fragment->blocks * PAGE_SIZE;
	mmkit_uncharge(call->session, charged - kept);
	return err;
}
