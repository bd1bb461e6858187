// SPDX-License-Identifier: GPL-2.0-only
/* Mempools: while memory is there, and when only the reserve is. */
#include <linux/mempool.h>
#include <linux/slab.h>
#include "measure.h"

#define OBJECT		256	/* bytes */
#define RESERVE		16	/* objects */

/* The slot says whether memory is to look used up. */
static void *kmalloc_alloc(gfp_t gfp, void *data)
{
	const struct mmkit_loop *loop = data;

	return loop->slot[0] ? NULL : kmalloc(OBJECT, gfp);
}

static void kmalloc_free(void *object, void *data)
{
	kfree(object);
}

static int begin_pool(struct mmkit_loop *loop)
{
	loop->object = mempool_create(RESERVE, kmalloc_alloc, kmalloc_free,
				      loop);
	return loop->object ? 0 : -ENOMEM;
}

/* Filled while memory was there; from now on there is none. */
static int begin_reserve(struct mmkit_loop *loop)
{
	int err = begin_pool(loop);

	loop->slot[0] = loop;
	return err;
}

static void end_pool(struct mmkit_loop *loop)
{
	mempool_destroy(loop->object);
}

static bool pool_alloc(struct mmkit_loop *loop, u64 n)
{
	mempool_t *pool = loop->object;
	void *p;
	u64 i;

	/* GFP_NOWAIT fails where others would wait for an element. */
	for (i = 0; i < n; i++) {
		p = mempool_alloc(pool, GFP_NOWAIT | __GFP_NOWARN);
		if (!p)
			return false;
		mempool_free(p, pool);
	}
	return true;
}

static u64 holds_pool(u64 x)
{
	return (RESERVE + 1) * OBJECT;
}

const struct mmkit_suite_row mmkit_suite_mempool[] = {
	{
		.name = "mempool/alloc", .axis = "none",
		.help = "mempool_alloc() and mempool_free() over kmalloc()",
		.begin = begin_pool, .end = end_pool,
		.run = pool_alloc, .holds = holds_pool,
	}, {
		.name = "mempool/reserve", .axis = "none",
		.help = "the same when only the reserve is left, interrupts off",
		.flags = MMKIT_BENCH_IRQS_OFF,
		.begin = begin_reserve, .end = end_pool,
		.run = pool_alloc, .holds = holds_pool,
	},
	{ }
};
