// SPDX-License-Identifier: GPL-2.0-only
/* The heap area's commands as text. */
#include <linux/numa.h>
#include <linux/seq_file.h>
#include "heap.h"

static const char *const apis[] = {
	"kmalloc", "kzalloc", "kmalloc_array", "kmalloc_node", "kvmalloc",
	"vmalloc", "vzalloc", "vmalloc_user", "vmalloc_32", "vmalloc_huge",
	"vmap", "alloc_percpu", NULL
};

static const char *const alloc_flags[] = { "none", "atomic", NULL };
static const char *const free_flags[] = { "none", "sensitive", NULL };

#define ALLOC(field)	offsetof(struct mmkit_heap_alloc, field)
static const struct mmkit_param alloc_params[] = {
	{ 'a', MMKIT_PARAM_WORD, ALLOC(api), apis, "API" },
	{ 'b', MMKIT_PARAM_SIZE, ALLOC(bytes), .help = "BYTES" },
	{ 'e', MMKIT_PARAM_SIZE, ALLOC(elements), .help = "ELEMENTS" },
	{ 'c', MMKIT_PARAM_U32, ALLOC(count), .help = "COUNT" },
	{ 'g', MMKIT_PARAM_GFP, ALLOC(gfp), .help = "GFP,..." },
	{ 'n', MMKIT_PARAM_S32, ALLOC(node), .help = "NODE" },
	{ 'x', MMKIT_PARAM_WORD, ALLOC(flags), alloc_flags, "none|atomic" },
	{ }
};

static void alloc_init(void *arg)
{
	struct mmkit_heap_alloc *alloc = arg;

	alloc->count = 1;
	alloc->node = NUMA_NO_NODE;
}

static void alloc_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_heap_alloc *alloc = arg;

	seq_printf(m, "handle %u: %u objects\n", alloc->handle, alloc->count);
}

#define REALLOC(field)	offsetof(struct mmkit_heap_realloc, field)
static const struct mmkit_param realloc_params[] = {
	{ 0, MMKIT_PARAM_U32, REALLOC(handle), .help = "HANDLE" },
	{ 'f', MMKIT_PARAM_U32, REALLOC(index), .help = "INDEX" },
	{ 'b', MMKIT_PARAM_SIZE, REALLOC(bytes), .help = "BYTES" },
	{ 'g', MMKIT_PARAM_GFP, REALLOC(gfp), .help = "GFP,..." },
	{ }
};

static void realloc_print(struct seq_file *m, const struct mmkit_call *call,
			  const void *arg)
{
	const struct mmkit_heap_realloc *realloc = arg;

	seq_puts(m, realloc->moved ? "moved\n" : "in place\n");
}

#define FREE(field)	offsetof(struct mmkit_heap_free, field)
static const struct mmkit_param free_params[] = {
	{ 0, MMKIT_PARAM_U32, FREE(handle), .help = "HANDLE" },
	{ 'f', MMKIT_PARAM_U32, FREE(first), .help = "FIRST" },
	{ 'N', MMKIT_PARAM_U32, FREE(nr), .help = "COUNT" },
	{ 't', MMKIT_PARAM_U32, FREE(stride), .help = "STRIDE" },
	{ 'x', MMKIT_PARAM_WORD, FREE(flags), free_flags, "none|sensitive" },
	{ }
};

#define DESCRIBE(field)	offsetof(struct mmkit_heap_describe, field)
static const struct mmkit_param describe_params[] = {
	{ 0, MMKIT_PARAM_U32, DESCRIBE(handle), .help = "HANDLE" },
	{ 'f', MMKIT_PARAM_U32, DESCRIBE(first), .help = "FIRST" },
	{ 'N', MMKIT_PARAM_U32, DESCRIBE(nr), .help = "COUNT" },
	{ }
};

static void describe_init(void *arg)
{
	struct mmkit_heap_describe *describe = arg;

	describe->nr = 16;
}

static void describe_print(struct seq_file *m, const struct mmkit_call *call,
			   const void *arg)
{
	const struct mmkit_heap_describe *describe = arg;
	const struct mmkit_heap_object *objects = call->data;
	u32 i;

	for (i = 0; i < describe->nr; i++)
		mmkit_heap_object_show(m, &objects[i]);
}

const struct mmkit_verb mmkit_heap_verbs[] = {
	{ "alloc", MMKIT_HEAP_ALLOC, alloc_params, alloc_init, alloc_print },
	{ "realloc", MMKIT_HEAP_REALLOC, realloc_params, NULL, realloc_print },
	{ "free", MMKIT_HEAP_FREE, free_params },
	{ "describe", MMKIT_HEAP_DESCRIBE, describe_params, describe_init,
	  describe_print },
	{ }
};
