// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: allocation flags, and what the kernel's masks become of them. */
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <mmkit/gfp.h>
#include "rows.h"
#include "../cases/gfp.h"

MMKIT_ROWS(gfp_check, gfp_check_rows);
MMKIT_ROWS(gfp_parse, gfp_parse_rows);

struct gfp_kernel_row {
	const char *name;
	u32 gfp;
	gfp_t set;
	gfp_t clear;
};

#define SLEEPS	__GFP_DIRECT_RECLAIM
#define ZONES	(__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM | __GFP_MOVABLE)

static const struct gfp_kernel_row gfp_kernel_rows[] = {
	{ "no context is KERNEL", 0, GFP_KERNEL, ZONES },
	{ "KERNEL", MMKIT_GFP_KERNEL, GFP_KERNEL, ZONES },
	{ "KERNEL never ends in the OOM killer", MMKIT_GFP_KERNEL,
	  __GFP_RETRY_MAYFAIL, __GFP_NORETRY | __GFP_NOFAIL },
	{ "ATOMIC", MMKIT_GFP_ATOMIC, GFP_ATOMIC, SLEEPS },
	{ "ATOMIC does not retry", MMKIT_GFP_ATOMIC, GFP_ATOMIC,
	  __GFP_RETRY_MAYFAIL | __GFP_NORETRY },
	{ "NOWAIT", MMKIT_GFP_NOWAIT, GFP_NOWAIT, SLEEPS | __GFP_HIGH },
	{ "HIGHUSER_MOVABLE", MMKIT_GFP_HIGHUSER_MOVABLE,
	  GFP_HIGHUSER_MOVABLE, __GFP_DMA | __GFP_DMA32 },
	{ "DMA", MMKIT_GFP_DMA, GFP_KERNEL | __GFP_DMA, __GFP_DMA32 },
	{ "DMA32", MMKIT_GFP_DMA32, GFP_KERNEL | __GFP_DMA32, __GFP_DMA },
	{ "ATOMIC and DMA", MMKIT_GFP_ATOMIC | MMKIT_GFP_DMA,
	  GFP_ATOMIC | __GFP_DMA, SLEEPS },
	{ "ZERO", MMKIT_GFP_ZERO, __GFP_ZERO, __GFP_COMP },
	{ "no ZERO", MMKIT_GFP_KERNEL, GFP_KERNEL, __GFP_ZERO },
	{ "COMP", MMKIT_GFP_COMP, __GFP_COMP, __GFP_ZERO },
	{ "no COMP", MMKIT_GFP_KERNEL, GFP_KERNEL, __GFP_COMP },
	{ "THISNODE", MMKIT_GFP_THISNODE, __GFP_THISNODE, __GFP_ZERO },
	{ "no THISNODE", MMKIT_GFP_KERNEL, GFP_KERNEL, __GFP_THISNODE },
	{ "NORETRY", MMKIT_GFP_NORETRY, __GFP_NORETRY, __GFP_RETRY_MAYFAIL },
	{ "RETRY_MAYFAIL", MMKIT_GFP_RETRY_MAYFAIL, __GFP_RETRY_MAYFAIL,
	  __GFP_NORETRY },
};

/* Charged and silent, whatever else it is. */
static void gfp_kernel_case(struct kunit *test,
			    const struct gfp_kernel_row *row)
{
	gfp_t set = row->set | __GFP_ACCOUNT | __GFP_NOWARN;
	gfp_t mask = mmkit_gfp_kernel(row->gfp);

	CASE_EQ(test, mmkit_gfp_check(row->gfp), 0);
	CASE_EQ(test, (__force u32)(mask & set), (__force u32)set);
	CASE_EQ(test, (__force u32)(mask & row->clear), 0U);
}

MMKIT_ROWS(gfp_kernel, gfp_kernel_rows);

struct gfp_node_row {
	const char *name;
	s32 node;
	int err;
};

static const struct gfp_node_row gfp_node_rows[] = {
	{ "any", NUMA_NO_NODE, 0 },
	{ "first", 0, 0 },
	{ "below any", NUMA_NO_NODE - 1, -EINVAL },
	{ "one past the last possible", MAX_NUMNODES, -EINVAL },
	{ "far past the last possible", MAX_NUMNODES * 64, -EINVAL },
	{ "largest", S32_MAX, -EINVAL },
	{ "smallest", S32_MIN, -EINVAL },
};

static void gfp_node_case(struct kunit *test, const struct gfp_node_row *row)
{
	CASE_EQ(test, mmkit_node_check(row->node), row->err);
}

MMKIT_ROWS(gfp_node, gfp_node_rows);

static void gfp_every_node_test(struct kunit *test)
{
	int node;

	for (node = 0; node < MAX_NUMNODES; node++)
		KUNIT_EXPECT_EQ(test, mmkit_node_check(node),
				node_online(node) ? 0 : -EINVAL);
}

static struct kunit_case gfp_cases[] = {
	MMKIT_ROWS_CASE(gfp_check),
	MMKIT_ROWS_CASE(gfp_parse),
	MMKIT_ROWS_CASE(gfp_kernel),
	MMKIT_ROWS_CASE(gfp_node),
	KUNIT_CASE(gfp_every_node_test),
	{ }
};

static struct kunit_suite gfp_suite = {
	.name = "mmkit_gfp",
	.test_cases = gfp_cases,
};

kunit_test_suite(gfp_suite);

MODULE_DESCRIPTION("mmkit: KUnit tests of allocation flags");
MODULE_AUTHOR("mmkit developers");
MODULE_LICENSE("GPL");
