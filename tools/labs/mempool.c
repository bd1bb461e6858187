// SPDX-License-Identifier: GPL-2.0-only
/* A reserve for the moment in which the allocator has nothing. */
#include <errno.h>

#include "lab.h"

#define RESERVE	8
#define ROOM	32
#define BYTES	256

static uint32_t make_pool(struct lab_run *run, int fd)
{
	struct mmkit_slab_pool req = {
		.over = MMKIT_SLAB_OVER_KMALLOC, .bytes = BYTES,
		.reserve = RESERVE, .room = ROOM,
	};
	int err = mmkit_slab_pool(fd, &req);

	if (err)
		stop(run, "/dev/mmkit/slab made no mempool (%s)", errno_name(err));
	return req.handle;
}

/* Takes up to @nr elements; what happened is in the answer. */
static struct mmkit_slab_take get(int fd, uint32_t pool, uint32_t nr,
				  uint32_t gfp, uint32_t flags, int *err)
{
	struct mmkit_slab_take req = {
		.handle = pool, .nr = nr, .gfp = gfp, .flags = flags,
	};

	*err = mmkit_slab_take(fd, &req);
	return req;
}

static struct mmkit_slab_give give(struct lab_run *run, int fd, uint32_t pool,
				   uint32_t nr)
{
	struct mmkit_slab_give req = { .handle = pool, .nr = nr };
	int err = mmkit_slab_give(fd, &req);

	if (err)
		stop(run, "the mempool took nothing back (%s)", errno_name(err));
	return req;
}

static void in_good_times(struct lab_run *run, int fd, uint32_t pool)
{
	struct mmkit_slab_take took;
	int err;

	took = get(fd, pool, RESERVE, MMKIT_GFP_KERNEL, 0, &err);
	tell(run, "A mempool keeps %d elements in reserve. %d are taken.",
	     RESERVE, RESERVE);
	claim(run, "all were had", took.taken, EQ, RESERVE, "elements");
	claim(run, "from the allocator, not from the reserve", took.from_reserve,
	      EQ, 0, "elements");
	claim(run, "which is whole", took.in_reserve, EQ, RESERVE, "elements");
}

static void in_bad_times(struct lab_run *run, int fd, uint32_t pool)
{
	struct mmkit_slab_take took;
	int err;

	tell(run, "Now the allocator beneath refuses, as when memory has run out. As many again, without waiting.");
	took = get(fd, pool, RESERVE, MMKIT_GFP_NOWAIT, MMKIT_SLAB_REFUSE, &err);
	claim(run, "the allocator was asked first, each time", took.failures, GE,
	      RESERVE, "failures");
	claim(run, "and the reserve gave them", took.from_reserve, EQ, RESERVE,
	      "elements");
	took = get(fd, pool, 1, MMKIT_GFP_NOWAIT, MMKIT_SLAB_REFUSE, &err);
	claim(run, "one more is not to be had: the reserve is finite",
	      took.taken, EQ, 0, "elements");
	get(fd, pool, 1, MMKIT_GFP_KERNEL, MMKIT_SLAB_REFUSE, &err);
	claim(run, "who may sleep would wait for one to come back, here for ever",
	      -err, EQ, EDEADLK, "errno");
}

static void afterwards(struct lab_run *run, int fd, uint32_t pool)
{
	struct mmkit_slab_give gave = give(run, fd, pool, RESERVE);

	tell(run, "The first %d come back, then the others.", RESERVE);
	claim(run, "an element that comes back fills the reserve first",
	      gave.to_reserve, EQ, RESERVE, "elements");
	gave = give(run, fd, pool, RESERVE);
	claim(run, "when that is whole, they go to the allocator",
	      gave.to_reserve, EQ, 0, "elements");
	claim(run, "and the reserve has what it had", gave.in_reserve, EQ,
	      RESERVE, "elements");
}

static void run_lab(struct lab_run *run)
{
	int fd = lab_open(run, "slab");
	uint32_t pool = make_pool(run, fd);

	in_good_times(run, fd, pool);
	in_bad_times(run, fd, pool);
	afterwards(run, fd, pool);
	mmkit_close(fd);
}

const struct lab mempool_lab = {
	.name = "mempool",
	.title = "a reserve for the moment when the allocator has nothing",
	.needs = LAB_ROOT | LAB_SLAB,
	.code = { "mm/mempool.c: mempool_alloc()", "mm/mempool.c: mempool_free()",
		  "mm/mempool.c: mempool_resize()" },
	.docs = { "Documentation/core-api/mm-api.rst" },
	.run = run_lab,
};
