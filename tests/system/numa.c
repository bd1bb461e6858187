// SPDX-License-Identifier: GPL-2.0-only
/* Nodes of a machine with two: memory comes from where it was asked for. */
#include "lib.h"

static int fd;

static void on_node(s32 node, u32 how, u32 gfp)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 32);
	struct mmkit_page page[32];
	int i;

	test("%s from node %d, gfp 0x%x", how ? "bulk" : "blocks", node, gfp);
	alloc.how = how;
	alloc.node = node;
	alloc.gfp = gfp;
	EQUAL(call(fd, MMKIT_PAGES_ALLOC, &alloc), 0);
	EQUAL(pages_describe(fd, alloc.handle, 0, 32, page), 32);
	for (i = 0; i < 32; i++)
		EQUAL(page[i].node, node);
	EQUAL(pages_free(fd, alloc.handle), 0);
}

/* ZONE_DMA is on node 0 only: it serves node 1 unless that alone is wanted. */
static void this_node(void)
{
	struct mmkit_pages_alloc alloc = alloc_init(0, 1);
	struct mmkit_page page;

	test("THISNODE does not go elsewhere");
	if (!has_small_dma(fd)) {
		skip("no ZONE_DMA that is on node 0 alone");
		return;
	}
	alloc.node = 1;
	alloc.gfp = MMKIT_GFP_DMA;
	EQUAL(call(fd, MMKIT_PAGES_ALLOC, &alloc), 0);
	EQUAL(pages_describe(fd, alloc.handle, 0, 1, &page), 1);
	EQUAL(page.node, 0);
	EQUAL(pages_free(fd, alloc.handle), 0);
	alloc.gfp |= MMKIT_GFP_THISNODE;
	EQUAL(call(fd, MMKIT_PAGES_ALLOC, &alloc), -ENOMEM);
	EQUAL(session(fd).bytes, 0);
}

static void fragment_on(s32 node)
{
	struct mmkit_pages_fragment arg = {
		.size = sizeof(arg),
		.order = 3,
		.bytes = 64 * PAGE,
		.gfp = MMKIT_GFP_THISNODE,
		.node = node,
	};
	struct mmkit_page page[8];
	int i;

	test("fragment on node %d", node);
	EQUAL(call(fd, MMKIT_PAGES_FRAGMENT, &arg), 0);
	EQUAL(pages_describe(fd, arg.handle, 0, 8, page), 8);
	for (i = 0; i < 8; i++)
		EQUAL(page[i].node, node);
	EQUAL(pages_free(fd, arg.handle), 0);
}

static void zones(void)
{
	struct mmkit_zone zone[16];
	struct mmkit_pages_alloc alloc = alloc_init(0, 1);
	u32 seen = 0;
	u32 i, nr;

	test("zones of both nodes are told, and no third node is taken");
	nr = pages_zones(fd, zone, 16);
	for (i = 0; i < nr && i < 16; i++)
		seen |= 1u << zone[i].node;
	EQUAL(seen, 3);
	EQUAL(info().nodes, 2);
	alloc.node = 2;
	EQUAL(call(fd, MMKIT_PAGES_ALLOC, &alloc), -EINVAL);
}

int main(void)
{
	const u32 gfps[] = { 0, MMKIT_GFP_ATOMIC, MMKIT_GFP_HIGHUSER_MOVABLE,
			     MMKIT_GFP_THISNODE };
	s32 node;
	size_t i;

	fd = dev_open("pages");
	for (node = 0; node < 2; node++) {
		for (i = 0; i < ARRAY_SIZE(gfps); i++) {
			on_node(node, MMKIT_PAGES_BUDDY, gfps[i]);
			on_node(node, MMKIT_PAGES_BULK,
				gfps[i] | MMKIT_GFP_THISNODE);
		}
		fragment_on(node);
	}
	this_node();
	zones();
	return tap_end();
}
