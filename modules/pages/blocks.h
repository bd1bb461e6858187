/* SPDX-License-Identifier: GPL-2.0-only */
/* What a handle of the pages area stands for: blocks of one kind. */
#ifndef _MMKIT_PAGES_BLOCKS_H
#define _MMKIT_PAGES_BLOCKS_H

#include <linux/bits.h>
#include <linux/gfp.h>
#include <mmkit/pages.h>
#include <mmkit/session.h>

/* Bounds the array below; memory for more does not exist. */
#define MMKIT_BLOCKS_MAX	BIT(26)

/**
 * struct mmkit_blocks - blocks of one kind under one handle
 * @object: of the core
 * @how: enum mmkit_pages_how
 * @order: of each block, 0 for those of @bytes
 * @bytes: of each block
 * @nr: how many there were at first
 * @live: how many are left
 * @page: first page of each, NULL once it is free
 *
 * Protected by session->lock once it is published.
 */
struct mmkit_blocks {
	struct mmkit_object object;
	u32 how;
	u32 order;
	u64 bytes;
	u32 nr;
	u32 live;
	struct page *page[];
};

extern const struct mmkit_object_ops mmkit_blocks_ops;

struct mmkit_blocks *mmkit_blocks_new(u32 how, u32 order, u64 bytes, u32 room);
int mmkit_blocks_fill(struct mmkit_blocks *blocks, u32 count, gfp_t gfp,
		      int node);
void mmkit_blocks_split(struct mmkit_blocks *blocks, u32 count, u32 order);
void mmkit_blocks_free(struct mmkit_blocks *blocks, u32 first, u32 end,
		       u32 stride);
void mmkit_blocks_destroy(struct mmkit_blocks *blocks);

#endif
