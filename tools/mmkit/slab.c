// SPDX-License-Identifier: GPL-2.0-only
/* mmkit slab: the verbs and their options. The control file takes the same. */
#include "slab.h"

static const char *const create_flags[] = {
	"hwcache_align", "reclaim_account", "account", "typesafe_by_rcu",
	"poison", "red_zone", "store_user", "no_merge", "ctor", NULL
};

static const char *const alloc_flags[] = { "bulk", "atomic", NULL };
static const char *const free_flags[] = { "bulk", NULL };
static const char *const overs[] = { "cache", "kmalloc", "pages", NULL };
static const char *const take_flags[] = { "refuse", NULL };
static const char *const orders[] = { "lifo", "fifo", "random", "nth", NULL };
static const char *const fails[] = { "inject", "refuse", NULL };

#define SHAPE(type, field) \
	(offsetof(struct type, shape) + offsetof(struct slab_shape, field))
#define SHAPE_OPTS(type)						\
	{ 'b', "size", OPT_SIZE, SHAPE(type, bytes), "SIZE",		\
	  "of an object", NULL },					\
	{ 'a', "align", OPT_U32, SHAPE(type, align), "N",		\
	  "alignment, a power of two", NULL },				\
	{ 'x', "flags", OPT_WORDS, SHAPE(type, flags), "FLAGS",		\
	  "hwcache_align, red_zone, ... joined by commas", create_flags },\
	{ 0, "ctor", OPT_FLAG, SHAPE(type, ctor), NULL,			\
	  "with a constructor, as -x ctor", NULL }

static const struct opt create_opts[] = {
	SHAPE_OPTS(slab_create_opts),
	{ 'u', "useroffset", OPT_U32, SHAPE(slab_create_opts, useroffset), "N",
	  "where the region for user copies begins", NULL },
	{ 'U', "usersize", OPT_U32, SHAPE(slab_create_opts, usersize), "N",
	  "and how large it is", NULL },
	{ 0, "hold", OPT_U32, offsetof(struct slab_create_opts, hold), "SECONDS",
	  "keep the cache that long", NULL },
	{ 0 },
};

#define A(field)	offsetof(struct slab_alloc_opts, field)
static const struct opt alloc_opts[] = {
	{ 'c', "count", OPT_U32, A(count), "N", "how many objects (1)", NULL },
	{ 'g', "gfp", OPT_GFP, A(gfp), "FLAGS", "KERNEL, ATOMIC, ...,ZERO", NULL },
	{ 'n', "node", OPT_S32, A(node), "N", "NUMA node", NULL },
	{ 'x', "flags", OPT_WORDS, A(flags), "FLAGS",
	  "bulk: kmem_cache_alloc_bulk(); atomic: under a spinlock", alloc_flags },
	{ 0 },
};

#define F(field)	offsetof(struct slab_free_opts, field)
static const struct opt free_opts[] = {
	{ 'f', "first", OPT_U32, F(first), "N", "first object to free (0)", NULL },
	{ 'N', "nr", OPT_U32, F(nr), "N", "range of objects, 0 for the rest", NULL },
	{ 't', "stride", OPT_U32, F(stride), "N", "free every N-th of the range (1)", NULL },
	{ 'x', "flags", OPT_WORDS, F(flags), "FLAGS",
	  "bulk: kmem_cache_free_bulk()", free_flags },
	{ 0 },
};

static const struct opt objects_opts[] = {
	{ 'f', "first", OPT_U32, offsetof(struct slab_objects_opts, first), "N",
	  "first object (0)", NULL },
	{ 'N', "nr", OPT_U32, offsetof(struct slab_objects_opts, nr), "N",
	  "how many (32)", NULL },
	{ 0 },
};

#define P(field)	offsetof(struct slab_pool_opts, field)
static const struct opt pool_opts[] = {
	{ 'O', "over", OPT_CHOICE, P(over), "WHAT", "cache, kmalloc or pages (cache)",
	  overs },
	{ 'C', "cache", OPT_U32, P(cache), "HANDLE", "over cache: which", NULL },
	{ 'b', "size", OPT_SIZE, P(bytes), "SIZE", "over kmalloc: of an element", NULL },
	{ 'o', "order", OPT_U32, P(order), "N", "over pages: of an element", NULL },
	{ 'r', "reserve", OPT_U32, P(reserve), "N", "elements to keep (8)", NULL },
	{ 'R', "room", OPT_U32, P(room), "N", "elements to take at most (64)", NULL },
	{ 0 },
};

#define T(field)	offsetof(struct slab_take_opts, field)
static const struct opt take_opts[] = {
	{ 'c', "count", OPT_U32, T(count), "N", "how many (1)", NULL },
	{ 'g', "gfp", OPT_GFP, T(gfp), "FLAGS", "(NOWAIT)", NULL },
	{ 'x', "flags", OPT_WORDS, T(flags), "FLAGS",
	  "refuse: as if the allocator beneath failed", take_flags },
	{ 0 },
};

static const struct opt give_opts[] = {
	{ 'c', "count", OPT_U32, offsetof(struct slab_give_opts, count), "N",
	  "how many, 0 for all (0)", NULL },
	{ 0 },
};

static const struct opt add_opts[] = {
	{ 'c', "count", OPT_U32, offsetof(struct slab_add_opts, count), "N",
	  "how many (1)", NULL },
	{ 'g', "gfp", OPT_GFP, offsetof(struct slab_add_opts, gfp), "FLAGS",
	  "as in slab alloc", NULL },
	{ 0 },
};

static const struct opt draw_opts[] = {
	SHAPE_OPTS(slab_draw_opts),
	{ 'c', "count", OPT_U32, offsetof(struct slab_draw_opts, count), "N",
	  "objects to allocate (half of a slab)", NULL },
	{ 0, "svg", OPT_STR, offsetof(struct slab_draw_opts, svg), "FILE",
	  "draw it into FILE, too", NULL },
	{ 0 },
};

#define E(field)	offsetof(struct slab_pattern_opts, field)
static const struct opt pattern_opts[] = {
	SHAPE_OPTS(slab_pattern_opts),
	{ 'c', "count", OPT_U32, E(count), "N", "objects to allocate (4096)", NULL },
	{ 'o', "order", OPT_CHOICE, E(order), "ORDER",
	  "which are freed: lifo, fifo, random or nth (random)", orders },
	{ 'k', "nth", OPT_U32, E(nth), "K",
	  "keep one of K, or with nth free one of K (2)", NULL },
	{ 0, "seed", OPT_U32, E(seed), "N", "of random (1)", NULL },
	{ 0 },
};

#define U(field)	offsetof(struct slab_reuse_opts, field)
static const struct opt reuse_opts[] = {
	{ 'b', "size", OPT_SIZE, U(bytes), "SIZE", "of an object (64)", NULL },
	{ 'r', "rounds", OPT_U32, U(rounds), "N", "how often (1000)", NULL },
	{ 't', "tries", OPT_U32, U(tries), "N",
	  "objects to allocate until one is reused (64)", NULL },
	{ 0 },
};

#define G(field)	offsetof(struct slab_guarantee_opts, field)
static const struct opt guarantee_opts[] = {
	{ 'O', "over", OPT_CHOICE, G(over), "WHAT", "cache, kmalloc or pages (cache)",
	  overs },
	{ 'b', "size", OPT_SIZE, G(bytes), "SIZE", "of an element (256)", NULL },
	{ 'o', "order", OPT_U32, G(order), "N", "of pages (0)", NULL },
	{ 'r', "reserve", OPT_U32, G(reserve), "N", "elements to keep (8)", NULL },
	{ 'c', "count", OPT_U32, G(take), "N", "elements to ask for (12)", NULL },
	{ 'F', "fail", OPT_CHOICE, G(fail), "HOW",
	  "inject: the kernel's fault injection; refuse: mmkit pretends (inject)",
	  fails },
	{ 0 },
};

#define Q(field)	offsetof(struct slab_pressure_opts, field)
static const struct opt pressure_opts[] = {
	{ 'b', "size", OPT_SIZE, Q(bytes), "SIZE", "of an object (1K)", NULL },
	{ 'l', "limit", OPT_SIZE, Q(limit), "SIZE", "of the cgroup (8M)", NULL },
	{ 'c', "count", OPT_U32, Q(count), "N",
	  "objects to add (twice as many as the limit holds)", NULL },
	{ 0 },
};

static const struct slab_create_opts create_defaults = { .hold = 0 };
static const struct slab_alloc_opts alloc_defaults = { .count = 1, .node = -1 };
static const struct slab_objects_opts objects_defaults = { .nr = 32 };
static const struct slab_pool_opts pool_defaults = { .reserve = 8, .room = 64 };
static const struct slab_take_opts take_defaults = {
	.count = 1, .gfp = MMKIT_GFP_NOWAIT,
};
static const struct slab_add_opts add_defaults = { .count = 1 };
static const struct slab_draw_opts draw_defaults = { .shape.bytes = 300 };
static const struct slab_pattern_opts pattern_defaults = {
	.shape.bytes = 256, .count = 4096, .order = 2, .nth = 2, .seed = 1,
};
static const struct slab_reuse_opts reuse_defaults = {
	.bytes = 64, .rounds = 1000, .tries = 64,
};
static const struct slab_guarantee_opts guarantee_defaults = {
	.bytes = 256, .reserve = 8, .take = 12,
};
static const struct slab_pressure_opts pressure_defaults = {
	.bytes = 1 << 10, .limit = 8 << 20,
};

#define HANDLE	.args = "HANDLE", .min_args = 1, .max_args = 1

static const struct verb verbs[] = {
	{
		.name = "create",
		.args = "NAME",
		.min_args = 1,
		.max_args = 1,
		.help = "create a cache and show what it is",
		.example = "mmkit slab create foo -b 300 -x hwcache_align",
		.opts = create_opts,
		.size = sizeof(struct slab_create_opts),
		.defaults = &create_defaults,
		.run = slab_create_run,
	}, {
		.name = "describe",
		HANDLE,
		.help = "describe a cache, and who uses it",
		.more = HANDLES_IN_SESSION,
		.example = "slab describe 1",
		.run = slab_describe_run,
	}, {
		.name = "destroy",
		HANDLE,
		.help = "destroy a cache that nothing uses",
		.more = HANDLES_IN_SESSION,
		.example = "slab destroy 1",
		.run = slab_destroy_run,
		.no_verify = true,
	}, {
		.name = "shrink",
		HANDLE,
		.help = "give empty slabs back, and count the others",
		.more = HANDLES_IN_SESSION,
		.example = "slab shrink 1 --verify",
		.run = slab_shrink_run,
	}, {
		.name = "alloc",
		.args = "CACHE",
		.min_args = 1,
		.max_args = 1,
		.help = "allocate objects under one handle",
		.more = HANDLES_IN_SESSION,
		.example = "slab alloc 1 -c 1000 -x bulk",
		.opts = alloc_opts,
		.size = sizeof(struct slab_alloc_opts),
		.defaults = &alloc_defaults,
		.run = slab_alloc_run,
		.no_verify = true,
	}, {
		.name = "free",
		HANDLE,
		.help = "free objects of a handle in any order, a pool or an LRU",
		.more = HANDLES_IN_SESSION,
		.example = "slab free 2 -f 1 -t 2",
		.opts = free_opts,
		.size = sizeof(struct slab_free_opts),
		.run = slab_free_run,
		.no_verify = true,
	}, {
		.name = "objects",
		HANDLE,
		.help = "which slot of which slab each object has",
		.more = HANDLES_IN_SESSION,
		.example = "slab objects 2",
		.opts = objects_opts,
		.size = sizeof(struct slab_objects_opts),
		.defaults = &objects_defaults,
		.run = slab_objects_run,
	}, {
		.name = "slabs",
		HANDLE,
		.help = "the slabs of a cache and how full each is",
		.more = HANDLES_IN_SESSION,
		.example = "slab slabs 1",
		.run = slab_slabs_run,
	}, {
		.name = "pool",
		.help = "create a mempool over a cache, kmalloc() or pages",
		.more = HANDLES_IN_SESSION,
		.example = "slab pool -O kmalloc -b 256 -r 8",
		.opts = pool_opts,
		.size = sizeof(struct slab_pool_opts),
		.defaults = &pool_defaults,
		.run = slab_pool_run,
		.no_verify = true,
	}, {
		.name = "take",
		HANDLE,
		.help = "mempool_alloc(): from the allocator, or from the reserve?",
		.more = HANDLES_IN_SESSION,
		.example = "slab take 1 -c 10 -x refuse",
		.opts = take_opts,
		.size = sizeof(struct slab_take_opts),
		.defaults = &take_defaults,
		.run = slab_take_run,
		.no_verify = true,
	}, {
		.name = "give",
		HANDLE,
		.help = "mempool_free() what was taken last",
		.more = HANDLES_IN_SESSION,
		.example = "slab give 1",
		.opts = give_opts,
		.size = sizeof(struct slab_give_opts),
		.run = slab_give_run,
		.no_verify = true,
	}, {
		.name = "lru",
		.args = "CACHE",
		.min_args = 1,
		.max_args = 1,
		.help = "create a list_lru and a shrinker for it",
		.more = HANDLES_IN_SESSION,
		.example = "slab lru 1",
		.run = slab_lru_run,
		.no_verify = true,
	}, {
		.name = "add",
		HANDLE,
		.help = "allocate objects that the kernel may take back",
		.more = HANDLES_IN_SESSION,
		.example = "slab add 2 -c 1000",
		.opts = add_opts,
		.size = sizeof(struct slab_add_opts),
		.defaults = &add_defaults,
		.run = slab_add_run,
		.no_verify = true,
	}, {
		.name = "stat",
		HANDLE,
		.help = "what the kernel took back of an LRU",
		.more = HANDLES_IN_SESSION,
		.example = "slab stat 2",
		.run = slab_stat_run,
		.no_verify = true,
	}, {
		.name = "draw",
		.help = "a picture of a cache's slab, down to its bytes",
		.example = "mmkit slab draw --size 300 --align 64 --ctor",
		.opts = draw_opts,
		.size = sizeof(struct slab_draw_opts),
		.defaults = &draw_defaults,
		.run = slab_draw_run,
	}, {
		.name = "pattern",
		.help = "free in some order: slabs held against slabs needed",
		.example = "mmkit slab pattern --order random --nth 16",
		.opts = pattern_opts,
		.size = sizeof(struct slab_pattern_opts),
		.defaults = &pattern_defaults,
		.run = slab_pattern_run,
	}, {
		.name = "reuse",
		.help = "TYPESAFE_BY_RCU: an object becomes another under a reader",
		.example = "mmkit slab reuse --rounds 1000",
		.opts = reuse_opts,
		.size = sizeof(struct slab_reuse_opts),
		.defaults = &reuse_defaults,
		.run = slab_reuse_run,
		.no_verify = true,
	}, {
		.name = "guarantee",
		.help = "a mempool while every allocation fails",
		.example = "mmkit slab guarantee --over cache --fail refuse",
		.opts = guarantee_opts,
		.size = sizeof(struct slab_guarantee_opts),
		.defaults = &guarantee_defaults,
		.run = slab_guarantee_run,
		.no_verify = true,
	}, {
		.name = "pressure",
		.help = "fill a cgroup with what its kernel may take back",
		.example = "mmkit slab pressure --limit 8M",
		.opts = pressure_opts,
		.size = sizeof(struct slab_pressure_opts),
		.defaults = &pressure_defaults,
		.run = slab_pressure_run,
		.no_verify = true,
	},
};

const struct command slab_command = {
	.name = "slab",
	.help = "slab caches, mempools, shrinkers",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
