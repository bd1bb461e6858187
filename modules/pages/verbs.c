// SPDX-License-Identifier: GPL-2.0-only
/* The pages area's commands as text. */
#include <linux/hugetlb.h>	/* pageblock_order, on some machines */
#include <linux/mmzone.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <mmkit/describe.h>
#include "pages.h"

static const char *const hows[] = { "buddy", "bulk", "exact", "contig", NULL };
static const char *const flags[] = { "none", "split", NULL };

#define ALLOC(field)	offsetof(struct mmkit_pages_alloc, field)
static const struct mmkit_param alloc_params[] = {
	{ 'o', MMKIT_PARAM_U32, ALLOC(order), .help = "ORDER" },
	{ 'c', MMKIT_PARAM_U32, ALLOC(count), .help = "COUNT" },
	{ 'g', MMKIT_PARAM_GFP, ALLOC(gfp), .help = "GFP,..." },
	{ 'n', MMKIT_PARAM_S32, ALLOC(node), .help = "NODE" },
	{ 'b', MMKIT_PARAM_SIZE, ALLOC(bytes), .help = "BYTES" },
	{ 'H', MMKIT_PARAM_WORD, ALLOC(how), hows,
	  "buddy|bulk|exact|contig" },
	{ 's', MMKIT_PARAM_WORD, ALLOC(flags), flags, "none|split" },
	{ }
};

static void alloc_init(void *arg)
{
	struct mmkit_pages_alloc *alloc = arg;

	alloc->count = 1;
	alloc->node = NUMA_NO_NODE;
}

static void alloc_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_pages_alloc *alloc = arg;

	seq_printf(m, "handle %u: %u blocks\n", alloc->handle, alloc->blocks);
}

#define FREE(field)	offsetof(struct mmkit_pages_free, field)
static const struct mmkit_param free_params[] = {
	{ 0, MMKIT_PARAM_U32, FREE(handle), .help = "HANDLE" },
	{ 'f', MMKIT_PARAM_U32, FREE(first), .help = "FIRST" },
	{ 'N', MMKIT_PARAM_U32, FREE(nr), .help = "COUNT" },
	{ 't', MMKIT_PARAM_U32, FREE(stride), .help = "STRIDE" },
	{ }
};

#define DESCRIBE(field)	offsetof(struct mmkit_pages_describe, field)
static const struct mmkit_param describe_params[] = {
	{ 0, MMKIT_PARAM_U32, DESCRIBE(handle), .help = "HANDLE" },
	{ 'f', MMKIT_PARAM_SIZE, DESCRIBE(first), .help = "FIRST" },
	{ 'N', MMKIT_PARAM_U32, DESCRIBE(nr), .help = "COUNT" },
	{ 't', MMKIT_PARAM_U32, DESCRIBE(step), .help = "STEP" },
	{ }
};

static void describe_init(void *arg)
{
	struct mmkit_pages_describe *describe = arg;

	describe->nr = 16;
}

static void describe_print(struct seq_file *m, const struct mmkit_call *call,
			   const void *arg)
{
	const struct mmkit_pages_describe *describe = arg;
	const struct mmkit_page *pages = call->data;
	u32 i;

	for (i = 0; i < describe->nr; i++)
		mmkit_describe_show(m, &pages[i]);
}

static const struct mmkit_param zones_params[] = { { } };

static void zones_init(void *arg)
{
	struct mmkit_pages_zones *zones = arg;

	zones->nr = 64;
}

static void zones_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_zone *zones = call->data;
	size_t i;

	for (i = 0; i < call->bytes / sizeof(*zones); i++)
		mmkit_zone_show(m, &zones[i]);
}

#define FRAGMENT(field)	offsetof(struct mmkit_pages_fragment, field)
static const struct mmkit_param fragment_params[] = {
	{ 'o', MMKIT_PARAM_U32, FRAGMENT(order), .help = "ORDER" },
	{ 'b', MMKIT_PARAM_SIZE, FRAGMENT(bytes), .help = "BYTES" },
	{ 'g', MMKIT_PARAM_GFP, FRAGMENT(gfp), .help = "GFP,..." },
	{ 'n', MMKIT_PARAM_S32, FRAGMENT(node), .help = "NODE" },
	{ }
};

static void fragment_init(void *arg)
{
	struct mmkit_pages_fragment *fragment = arg;

	fragment->order = pageblock_order;
	fragment->bytes = SZ_64M;
	fragment->node = NUMA_NO_NODE;
}

static void fragment_print(struct seq_file *m, const struct mmkit_call *call,
			   const void *arg)
{
	const struct mmkit_pages_fragment *fragment = arg;

	seq_printf(m, "handle %u: %u blocks of order %u broken\n",
		   fragment->handle, fragment->blocks, fragment->order);
}

const struct mmkit_verb mmkit_pages_verbs[] = {
	{ "alloc", MMKIT_PAGES_ALLOC, alloc_params, alloc_init, alloc_print },
	{ "free", MMKIT_PAGES_FREE, free_params },
	{ "describe", MMKIT_PAGES_DESCRIBE, describe_params, describe_init,
	  describe_print },
	{ "zones", MMKIT_PAGES_ZONES, zones_params, zones_init, zones_print },
	{ "fragment", MMKIT_PAGES_FRAGMENT, fragment_params, fragment_init,
	  fragment_print },
	{ }
};
