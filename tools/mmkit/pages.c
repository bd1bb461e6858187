// SPDX-License-Identifier: GPL-2.0-only
/* mmkit pages: the verbs and their options. The control file takes the same. */
#include "pages.h"

const char *const how_names[] = { "buddy", "bulk", "exact", "contig", NULL };

#define A(field)	offsetof(struct alloc_opts, field)
#define F(field)	offsetof(struct free_opts, field)
#define D(field)	offsetof(struct describe_opts, field)
#define G(field)	offsetof(struct fragment_opts, field)

static const struct opt alloc_opts[] = {
	{ 'o', "order", OPT_U32, A(order), "N", "blocks of 2^N pages", NULL },
	{ 'c', "count", OPT_U32, A(count), "N", "how many blocks (1)", NULL },
	{ 'g', "gfp", OPT_GFP, A(gfp), "FLAGS", "KERNEL, ATOMIC, ...,ZERO,COMP",
	  NULL },
	{ 'n', "node", OPT_S32, A(node), "N", "NUMA node, -1 for this CPU's",
	  NULL },
	{ 'H', "how", OPT_CHOICE, A(how), "HOW", "buddy, bulk, exact or contig",
	  how_names },
	{ 'b', "bytes", OPT_SIZE, A(bytes), "SIZE",
	  "size of a block, with exact and contig", NULL },
	{ 's', "split", OPT_FLAG, A(split), NULL,
	  "split_page(): single pages to free one by one", NULL },
	{ 0, "hold", OPT_U32, A(hold), "SECONDS", "keep the pages that long",
	  NULL },
	{ 0 },
};

static const struct opt free_opts[] = {
	{ 'i', "handle", OPT_U32, F(handle), "N", "the handle", NULL },
	{ 'f', "first", OPT_U32, F(first), "N", "first block to free (0)", NULL },
	{ 'N', "nr", OPT_U32, F(nr), "N", "range of blocks, 0 for the rest", NULL },
	{ 't', "stride", OPT_U32, F(stride), "N", "free every N-th of the range (1)", NULL },
	{ 0 },
};

static const struct opt describe_opts[] = {
	{ 'i', "handle", OPT_U32, D(handle), "N", "the handle", NULL },
	{ 'p', "pfn", OPT_U64, D(pfn), "PFN", "any page of the machine", NULL },
	{ 'f', "first", OPT_U64, D(first), "N", "first block of the handle (0)",
	  NULL },
	{ 'N', "nr", OPT_U32, D(nr), "N", "how many", NULL },
	{ 'S', "step", OPT_U32, D(step), "N", "from one PFN to the next (1)",
	  NULL },
	{ 0 },
};

static const struct opt fragment_opts[] = {
	{ 'o', "order", OPT_U32, G(order), "N", "break blocks of 2^N pages (9)",
	  NULL },
	{ 'b', "bytes", OPT_SIZE, G(bytes), "SIZE", "how much memory (64M)",
	  NULL },
	{ 'g', "gfp", OPT_GFP, G(gfp), "FLAGS", "as in pages alloc", NULL },
	{ 'n', "node", OPT_S32, G(node), "N", "NUMA node, -1 for this CPU's",
	  NULL },
	{ 'm', "movable", OPT_FLAG, G(movable), NULL,
	  "with this process's memory, which the kernel can move", NULL },
	{ 0, "hold", OPT_U32, G(hold), "SECONDS", "stay fragmented that long",
	  NULL },
	{ 0 },
};

static const struct opt compact_opts[] = {
	{ 'F', "fragment", OPT_SIZE, offsetof(struct compact_opts, bytes), "SIZE",
	  "first break that much memory up, movably", NULL },
	{ 0 },
};

static const struct opt drain_opts[] = {
	{ 'o', "order", OPT_U32, offsetof(struct drain_opts, order), "N",
	  "of the blocks (4: past the per-cpu lists)", NULL },
	{ 'c', "count", OPT_U32, offsetof(struct drain_opts, count), "N",
	  "blocks to take (64)", NULL },
	{ 0, "svg", OPT_STR, offsetof(struct drain_opts, svg), "FILE",
	  "draw how they merge into FILE", NULL },
	{ 0 },
};

static const struct opt draw_opts[] = {
	{ 'f', "from", OPT_U64, offsetof(struct draw_opts, from), "PFN",
	  "first page frame (the first there is)", NULL },
	{ 't', "to", OPT_U64, offsetof(struct draw_opts, to), "PFN",
	  "page frame to end before (the last there is)", NULL },
	{ 'c', "cells", OPT_U32, offsetof(struct draw_opts, cells), "N",
	  "at most so many (2048): fewer pages, more detail", NULL },
	{ 'r', "runs", OPT_U32, offsetof(struct draw_opts, runs), "N",
	  "with --json, every page too, in N runs at most", NULL },
	{ 0, "svg", OPT_STR, offsetof(struct draw_opts, svg), "FILE",
	  "draw it into FILE as well", NULL },
	{ 0 },
};

static const struct opt why_opts[] = {
	{ 'o', "order", OPT_U32, offsetof(struct why_opts, order), "N",
	  "of the block (9, that of a huge page)", NULL },
	{ 0 },
};

static const struct opt tree_opts[] = {
	{ 'o', "order", OPT_U32, offsetof(struct tree_opts, order), "N",
	  "of the block to show (the largest)", NULL },
	{ 0, "svg", OPT_STR, offsetof(struct tree_opts, svg), "FILE",
	  "draw it into FILE as well", NULL },
	{ 0 },
};

static const struct draw_opts draw_defaults = { .cells = 2048 };
static const struct why_opts why_defaults = { .order = 9 };
static const struct tree_opts tree_defaults = { .order = UINT32_MAX };
static const struct alloc_opts alloc_defaults = { .count = 1, .node = -1 };
static const struct fragment_opts fragment_defaults = {
	.order = 9, .bytes = 64 << 20, .node = -1,
};
static const struct describe_opts describe_defaults = { .pfn = UINT64_MAX };
static const struct drain_opts drain_defaults = { .order = 4, .count = 64 };

static const struct verb verbs[] = {
	{
		.name = "alloc",
		.help = "allocate blocks and describe each",
		.example = "mmkit pages alloc -o 3 -c 4 -g KERNEL,ZERO",
		.opts = alloc_opts,
		.size = sizeof(struct alloc_opts),
		.defaults = &alloc_defaults,
		.run = pages_alloc_run,
	}, {
		.name = "free",
		.args = "[HANDLE]",
		.max_args = 1,
		.help = "free blocks of a handle, in any order",
		.more = HANDLES_IN_SESSION,
		.example = "pages free 1 --first 1 --stride 2",
		.opts = free_opts,
		.size = sizeof(struct free_opts),
		.run = pages_free_run,
		.no_verify = true,
	}, {
		.name = "list",
		.help = "the handles of this session",
		.example = "pages list",
		.run = pages_list_run,
	}, {
		.name = "describe",
		.args = "[HANDLE]",
		.max_args = 1,
		.help = "describe blocks of a handle, or any page by its PFN",
		.example = "mmkit pages describe --pfn 0x1000 --nr 8",
		.opts = describe_opts,
		.size = sizeof(struct describe_opts),
		.defaults = &describe_defaults,
		.run = pages_describe_run,
	}, {
		.name = "zones",
		.help = "zones: pages, watermarks, per-cpu lists",
		.example = "mmkit pages zones --verify",
		.run = pages_zones_run,
	}, {
		.name = "buddy",
		.help = "free blocks per order and zone",
		.example = "mmkit pages buddy --json",
		.run = pages_buddy_run,
	}, {
		.name = "frag",
		.help = "both fragmentation indices per order and zone",
		.example = "mmkit pages frag",
		.run = pages_frag_run,
	}, {
		.name = "fragment",
		.help = "break memory up on purpose, and show the indices move",
		.example = "mmkit pages fragment --order 9 --bytes 64M",
		.opts = fragment_opts,
		.size = sizeof(struct fragment_opts),
		.defaults = &fragment_defaults,
		.run = pages_fragment_run,
	}, {
		.name = "compact",
		.help = "have the kernel compact memory, and show what came back",
		.example = "mmkit pages compact --fragment 64M",
		.opts = compact_opts,
		.size = sizeof(struct compact_opts),
		.run = pages_compact_run,
	}, {
		.name = "drain",
		.help = "free buddies one by one and watch them merge",
		.example = "mmkit pages drain -o 4",
		.opts = drain_opts,
		.size = sizeof(struct drain_opts),
		.defaults = &drain_defaults,
		.run = pages_drain_run,
	}, {
		.name = "draw",
		.help = "physical memory as a map, by what it is used for",
		.more = "In mmkit shell it shows where this session's pages are.",
		.example = "mmkit pages draw --from 0x4000 --to 0x8000",
		.opts = draw_opts,
		.size = sizeof(struct draw_opts),
		.defaults = &draw_defaults,
		.run = pages_draw_run,
	}, {
		.name = "why",
		.help = "could a block of an order be had now, and why not",
		.more = "By zone, as the page allocator judges; and the last failure that is known.",
		.example = "mmkit pages why -o 10",
		.opts = why_opts,
		.size = sizeof(struct why_opts),
		.defaults = &why_defaults,
		.run = pages_why_run,
	}, {
		.name = "tree",
		.args = "PFN",
		.min_args = 1,
		.max_args = 1,
		.help = "how the block around a page is split into buddies",
		.example = "mmkit pages tree 0x4000 -o 6",
		.opts = tree_opts,
		.size = sizeof(struct tree_opts),
		.defaults = &tree_defaults,
		.run = pages_tree_run,
		.no_verify = true,
	},
};

const struct command pages_command = {
	.name = "pages",
	.help = "alloc_pages(): the buddy allocator, zones, fragmentation",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
