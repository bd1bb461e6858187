// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks of pages, each got from and given back to the kernel function that
 * its kind names.
 */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <mmkit/describe.h>
#include <mmkit/gfp.h>
#include "blocks.h"
#include "compat/alloc.h"

static struct page *block_alloc(const struct mmkit_blocks *blocks, gfp_t gfp,
				int node)
{
	void *address;

	switch (blocks->how) {
	case MMKIT_PAGES_EXACT:
		address = alloc_pages_exact(blocks->bytes, gfp);
		return address ? virt_to_page(address) : NULL;
	case MMKIT_PAGES_CONTIG:
		return mmkit_alloc_contig(blocks->bytes >> PAGE_SHIFT, gfp,
					  node);
	default:
		return alloc_pages_node(node, gfp, blocks->order);
	}
}

static void block_free(const struct mmkit_blocks *blocks, struct page *page)
{
	switch (blocks->how) {
	case MMKIT_PAGES_EXACT:
		free_pages_exact(page_address(page), blocks->bytes);
		break;
	case MMKIT_PAGES_CONTIG:
		mmkit_free_contig(page, blocks->bytes >> PAGE_SHIFT);
		break;
	default:
		__free_pages(page, blocks->order);
	}
}

/**
 * mmkit_blocks_new() - Make room for blocks.
 * @how: enum mmkit_pages_how
 * @order: of each block
 * @bytes: of each block
 * @room: at most %MMKIT_BLOCKS_MAX
 *
 * Context: Process.
 * Return: an empty object, or NULL.
 */
struct mmkit_blocks *mmkit_blocks_new(u32 how, u32 order, u64 bytes, u32 room)
{
	struct mmkit_blocks *blocks;

	blocks = kvzalloc(struct_size(blocks, page, room),
			  MMKIT_GFP_BOOKKEEPING);
	if (!blocks)
		return NULL;
	blocks->object.ops = &mmkit_blocks_ops;
	blocks->how = how;
	blocks->order = order;
	blocks->bytes = bytes;
	return blocks;
}

/*
 * The kernel may give fewer than asked for, but not none without a reason. It
 * steps over slots that are full: it is given none of these.
 */
static u32 fill_bulk(struct mmkit_blocks *blocks, u32 count, gfp_t gfp,
		     int node)
{
	return mmkit_alloc_bulk(gfp, node, count - blocks->nr,
				blocks->page + blocks->nr);
}

static u32 fill_one(struct mmkit_blocks *blocks, gfp_t gfp, int node)
{
	struct page *page = block_alloc(blocks, gfp, node);

	blocks->page[blocks->nr] = page;
	return page ? 1 : 0;
}

/**
 * mmkit_blocks_fill() - Allocate blocks.
 * @blocks: with room for them
 * @count: to be had in the end
 * @gfp: the kernel's mask
 * @node: NUMA node
 *
 * Context: Process. Sleeps if @gfp says so.
 * Return: 0, -ENOMEM, -EINTR killed meanwhile. On an error the blocks that
 * were had are still there.
 */
int mmkit_blocks_fill(struct mmkit_blocks *blocks, u32 count, gfp_t gfp,
		      int node)
{
	while (blocks->nr < count) {
		u32 got;

		if (fatal_signal_pending(current))
			return -EINTR;
		if (blocks->how == MMKIT_PAGES_BULK)
			got = fill_bulk(blocks, count, gfp, node);
		else
			got = fill_one(blocks, gfp, node);
		if (!got)
			return -ENOMEM;
		blocks->nr += got;
		blocks->live += got;
		cond_resched();
	}
	return 0;
}

/**
 * mmkit_blocks_split() - Turn blocks into single pages.
 * @blocks: full, with room for all the pages
 * @count: blocks there are
 * @order: of each
 *
 * From the last to the first, because the pages of block i go to where the
 * blocks after it were.
 *
 * Context: Process.
 */
void mmkit_blocks_split(struct mmkit_blocks *blocks, u32 count, u32 order)
{
	u32 i, j;

	for (i = count; i--;) {
		struct page *page = blocks->page[i];

		split_page(page, order);
		for (j = 0; j < 1u << order; j++)
			blocks->page[(i << order) + j] = page + j;
		cond_resched();
	}
	blocks->order = 0;
	blocks->bytes = PAGE_SIZE;
	blocks->nr = count << order;
	blocks->live = blocks->nr;
}

/**
 * mmkit_blocks_free() - Free some of the blocks that are left.
 * @blocks: the object
 * @first: index of the first
 * @end: index after the last
 * @stride: every so-many-th, at least 1
 *
 * Context: Process.
 */
void mmkit_blocks_free(struct mmkit_blocks *blocks, u32 first, u32 end,
		       u32 stride)
{
	u64 i;

	for (i = first; i < end; i += stride) {
		if (!blocks->page[i])
			continue;
		block_free(blocks, blocks->page[i]);
		blocks->page[i] = NULL;
		blocks->live--;
		cond_resched();
	}
}

/**
 * mmkit_blocks_destroy() - Free what is left, and the object.
 * @blocks: it
 *
 * Context: Process.
 */
void mmkit_blocks_destroy(struct mmkit_blocks *blocks)
{
	mmkit_blocks_free(blocks, 0, blocks->nr, 1);
	kvfree(blocks);
}

static void blocks_free(struct mmkit_object *object)
{
	mmkit_blocks_destroy(container_of(object, struct mmkit_blocks,
					  object));
}

/* As many as a screen holds. */
#define SHOW_MAX	32

static void blocks_show(struct seq_file *m, const struct mmkit_object *object)
{
	const struct mmkit_blocks *blocks =
		container_of(object, struct mmkit_blocks, object);
	bool admin = capable(CAP_SYS_ADMIN);
	struct mmkit_page page;
	u32 i;

	for (i = 0; i < min_t(u32, blocks->nr, SHOW_MAX); i++) {
		if (!blocks->page[i])
			continue;
		mmkit_describe(&page, blocks->page[i], blocks->order);
		if (!admin)
			mmkit_describe_hide(&page, 1);
		seq_printf(m, "  %u: ", i);
		mmkit_describe_show(m, &page);
	}
	if (blocks->nr > SHOW_MAX)
		seq_printf(m, "  and %u more\n", blocks->nr - SHOW_MAX);
}

const struct mmkit_object_ops mmkit_blocks_ops = {
	.kind = "blocks",
	.free = blocks_free,
	.show = blocks_show,
};
