// SPDX-License-Identifier: GPL-2.0-only
/* mmkit heap: the verbs and their options. The control file takes the same. */
#include "heap.h"

/* In the order of enum mmkit_heap_api. */
const char *const heap_apis[] = {
	"kmalloc", "kzalloc", "kmalloc_array", "kmalloc_node", "kvmalloc",
	"vmalloc", "vzalloc", "vmalloc_user", "vmalloc_32", "vmalloc_huge",
	"vmap", "alloc_percpu", NULL
};

static const char *const sweep_apis[] = {
	"kmalloc", "kzalloc", "kmalloc_array", "kmalloc_node", "kvmalloc",
	"vmalloc", "vzalloc", "vmalloc_user", "vmalloc_32", "vmalloc_huge",
	"vmap", "alloc_percpu", "all", NULL
};

static const char *const alloc_flags[] = { "none", "atomic", NULL };
static const char *const free_flags[] = { "none", "sensitive", NULL };
static const char *const contexts[] = { "process", "atomic", NULL };

#define A(field)	offsetof(struct heap_alloc_opts, field)
#define R(field)	offsetof(struct heap_realloc_opts, field)
#define F(field)	offsetof(struct heap_free_opts, field)
#define D(field)	offsetof(struct heap_describe_opts, field)
#define C(field)	offsetof(struct heap_choose_opts, field)

static const struct opt alloc_opts[] = {
	{ 'a', "api", OPT_CHOICE, A(api), "API", "the kernel's function (kmalloc)",
	  heap_apis },
	{ 'b', "bytes", OPT_SIZE, A(bytes), "SIZE", "of each object or element",
	  NULL },
	{ 'e', "elements", OPT_U64, A(elements), "N", "of kmalloc_array", NULL },
	{ 'c', "count", OPT_U32, A(count), "N", "how many objects (1)", NULL },
	{ 'g', "gfp", OPT_GFP, A(gfp), "FLAGS", "KERNEL, ATOMIC, ...,ZERO", NULL },
	{ 'n', "node", OPT_S32, A(node), "N", "NUMA node, with kmalloc_node or kvmalloc",
	  NULL },
	{ 'x', "flags", OPT_CHOICE, A(atomic), "FLAGS",
	  "atomic: call it under a spinlock", alloc_flags },
	{ 0, "hold", OPT_U32, A(hold), "SECONDS", "keep the objects that long",
	  NULL },
	{ 0 },
};

static const struct opt realloc_opts[] = {
	{ 'f', "index", OPT_U32, R(index), "N", "which object (0)", NULL },
	{ 'b', "bytes", OPT_SIZE, R(bytes), "SIZE", "its new size", NULL },
	{ 'g', "gfp", OPT_GFP, R(gfp), "FLAGS", "as in heap alloc", NULL },
	{ 0 },
};

static const struct opt free_opts[] = {
	{ 'f', "first", OPT_U32, F(first), "N", "first object to free (0)", NULL },
	{ 'N', "nr", OPT_U32, F(nr), "N", "range of objects, 0 for the rest", NULL },
	{ 't', "stride", OPT_U32, F(stride), "N", "free every N-th of the range (1)", NULL },
	{ 'x', "flags", OPT_CHOICE, F(sensitive), "FLAGS",
	  "sensitive: kfree_sensitive()", free_flags },
	{ 0 },
};

static const struct opt describe_opts[] = {
	{ 'f', "first", OPT_U32, D(first), "N", "first object (0)", NULL },
	{ 'N', "nr", OPT_U32, D(nr), "N", "how many (16)", NULL },
	{ 0 },
};

static const struct opt pfns_opts[] = {
	{ 'f', "index", OPT_U32, offsetof(struct heap_pfns_opts, index), "N",
	  "which object (0)", NULL },
	{ 0 },
};

static const struct opt sweep_opts[] = {
	{ 'a', "api", OPT_CHOICE, offsetof(struct heap_sweep_opts, api), "API",
	  "one function, or all (all)", sweep_apis },
	{ 'g', "gfp", OPT_GFP, offsetof(struct heap_sweep_opts, gfp), "FLAGS",
	  "as in heap alloc; that the function takes", NULL },
	{ 0, "svg", OPT_STR, offsetof(struct heap_sweep_opts, svg), "FILE",
	  "draw the waste curves into FILE", NULL },
	{ 0 },
};

static const struct opt choose_opts[] = {
	{ 's', "size", OPT_SIZE, C(bytes), "SIZE", "bytes that are needed", NULL },
	{ 'x', "context", OPT_CHOICE, C(context), "CONTEXT",
	  "process may sleep, atomic may not (process)", contexts },
	{ 0, "dma", OPT_FLAG, C(dma), NULL, "a device reads or writes it", NULL },
	{ 0, "contiguous", OPT_FLAG, C(contiguous), NULL,
	  "physically, from end to end", NULL },
	{ 0 },
};

static const struct heap_alloc_opts alloc_defaults = { .count = 1, .node = -1 };
static const struct heap_describe_opts describe_defaults = { .nr = 16 };
static const struct heap_sweep_opts sweep_defaults = { .api = MMKIT_HEAP_API_NR };

static const struct verb verbs[] = {
	{
		.name = "alloc",
		.help = "allocate objects and show what the kernel gave",
		.example = "mmkit heap alloc -a kmalloc -b 300 -c 4",
		.opts = alloc_opts,
		.size = sizeof(struct heap_alloc_opts),
		.defaults = &alloc_defaults,
		.run = heap_alloc_run,
	}, {
		.name = "realloc",
		.args = "HANDLE",
		.min_args = 1,
		.max_args = 1,
		.help = "krealloc() or kvrealloc() an object: in place, or moved?",
		.more = HANDLES_IN_SESSION,
		.example = "heap realloc 1 -f 0 -b 600",
		.opts = realloc_opts,
		.size = sizeof(struct heap_realloc_opts),
		.run = heap_realloc_run,
	}, {
		.name = "free",
		.args = "HANDLE",
		.min_args = 1,
		.max_args = 1,
		.help = "free objects of a handle, in any order",
		.more = HANDLES_IN_SESSION,
		.example = "heap free 1 -f 1 -t 2",
		.opts = free_opts,
		.size = sizeof(struct heap_free_opts),
		.run = heap_free_run,
	}, {
		.name = "describe",
		.args = "HANDLE",
		.min_args = 1,
		.max_args = 1,
		.help = "describe objects of a handle",
		.more = HANDLES_IN_SESSION,
		.example = "heap describe 1",
		.opts = describe_opts,
		.size = sizeof(struct heap_describe_opts),
		.defaults = &describe_defaults,
		.run = heap_describe_run,
	}, {
		.name = "pfns",
		.args = "HANDLE",
		.min_args = 1,
		.max_args = 1,
		.help = "every page frame behind an object",
		.more = HANDLES_IN_SESSION,
		.example = "heap pfns 1 -f 0",
		.opts = pfns_opts,
		.size = sizeof(struct heap_pfns_opts),
		.run = heap_pfns_run,
	}, {
		.name = "limits",
		.help = "the largest sizes that this kernel's functions serve",
		.example = "mmkit heap limits",
		.run = heap_limits_run,
	}, {
		.name = "sweep",
		.help = "try sizes from 1 byte to the largest: waste, and what fails",
		.example = "mmkit heap sweep --api kmalloc --svg waste.svg",
		.opts = sweep_opts,
		.size = sizeof(struct heap_sweep_opts),
		.defaults = &sweep_defaults,
		.run = heap_sweep_run,
	}, {
		.name = "choose",
		.help = "which function fits, proved by allocating",
		.example = "mmkit heap choose --size 100K --context process --dma",
		.opts = choose_opts,
		.size = sizeof(struct heap_choose_opts),
		.run = heap_choose_run,
	},
};

const struct command heap_command = {
	.name = "heap",
	.help = "kmalloc(), kvmalloc(), vmalloc() and their families",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
