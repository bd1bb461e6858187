// SPDX-License-Identifier: GPL-2.0-only
/* The memblock area's commands as text. */
#include <linux/seq_file.h>
#include "booted.h"
#include "sandbox.h"
#include "words.h"

#define SET(field)	offsetof(struct mmkit_memblock_set, field)
static const struct mmkit_param set_params[] = {
	{ 'f', MMKIT_PARAM_U32, SET(flags),
	  .help = "1:bottom_up|2:resize|4:movable_node|8:mirror|16:reset" },
	{ 'l', MMKIT_PARAM_SIZE, SET(limit), .help = "LIMIT" },
	{ }
};

static void set_init(void *arg)
{
	struct mmkit_memblock_set *set = arg;

	set->limit = MMKIT_MEMBLOCK_ANYWHERE;
}

#define CHANGE(field)	offsetof(struct mmkit_memblock_change, field)
static const struct mmkit_param range_params[] = {
	{ 'a', MMKIT_PARAM_SIZE, CHANGE(base), .help = "ADDRESS" },
	{ 'b', MMKIT_PARAM_SIZE, CHANGE(bytes), .help = "BYTES" },
	{ }
};

static const struct mmkit_param add_params[] = {
	{ 'a', MMKIT_PARAM_SIZE, CHANGE(base), .help = "ADDRESS" },
	{ 'b', MMKIT_PARAM_SIZE, CHANGE(bytes), .help = "BYTES" },
	{ 'n', MMKIT_PARAM_S32, CHANGE(node), .help = "NODE" },
	{ 'f', MMKIT_PARAM_WORD, CHANGE(flags), memblock_flags, "FLAG+..." },
	{ }
};

static const struct mmkit_param mark_params[] = {
	{ 'a', MMKIT_PARAM_SIZE, CHANGE(base), .help = "ADDRESS" },
	{ 'b', MMKIT_PARAM_SIZE, CHANGE(bytes), .help = "BYTES" },
	{ 'f', MMKIT_PARAM_WORD, CHANGE(flags), memblock_flags, "FLAG" },
	{ }
};

static const struct mmkit_param node_params[] = {
	{ 'a', MMKIT_PARAM_SIZE, CHANGE(base), .help = "ADDRESS" },
	{ 'b', MMKIT_PARAM_SIZE, CHANGE(bytes), .help = "BYTES" },
	{ 'n', MMKIT_PARAM_S32, CHANGE(node), .help = "NODE" },
	{ }
};

static const struct mmkit_param bytes_params[] = {
	{ 'b', MMKIT_PARAM_SIZE, CHANGE(bytes), .help = "BYTES" },
	{ }
};

#define CHANGE_INIT(name, _verb, _node)				\
	static void name##_init(void *arg)			\
	{							\
		struct mmkit_memblock_change *change = arg;	\
								\
		change->verb = (_verb);				\
		change->node = (_node);				\
	}

CHANGE_INIT(add, MMKIT_MEMBLOCK_ADD, MMKIT_MEMBLOCK_NO_NODE)
CHANGE_INIT(remove, MMKIT_MEMBLOCK_REMOVE, 0)
CHANGE_INIT(reserve, MMKIT_MEMBLOCK_RESERVE, 0)
CHANGE_INIT(free, MMKIT_MEMBLOCK_PHYS_FREE, 0)
CHANGE_INIT(mark, MMKIT_MEMBLOCK_MARK, 0)
CHANGE_INIT(clear, MMKIT_MEMBLOCK_CLEAR, 0)
CHANGE_INIT(set_node, MMKIT_MEMBLOCK_SET_NODE, MMKIT_MEMBLOCK_NO_NODE)
CHANGE_INIT(set_node_reserved, MMKIT_MEMBLOCK_SET_NODE_RESERVED,
	    MMKIT_MEMBLOCK_NO_NODE)
CHANGE_INIT(trim, MMKIT_MEMBLOCK_TRIM, 0)
CHANGE_INIT(cap, MMKIT_MEMBLOCK_CAP, 0)
CHANGE_INIT(limit, MMKIT_MEMBLOCK_ENFORCE_LIMIT, 0)
CHANGE_INIT(limit_map, MMKIT_MEMBLOCK_LIMIT_REMOVE_MAP, 0)

static void change_print(struct seq_file *m, const struct mmkit_call *call,
			 const void *arg)
{
	const struct mmkit_memblock_change *change = arg;

	if (change->warned)
		seq_printf(m, "done; the kernel would have warned %u times\n",
			   change->warned);
	else
		seq_puts(m, "done\n");
}

#define ALLOC(field)	offsetof(struct mmkit_memblock_alloc, field)
static const struct mmkit_param alloc_params[] = {
	{ 'w', MMKIT_PARAM_WORD, ALLOC(how), memblock_hows, "FUNCTION" },
	{ 'b', MMKIT_PARAM_SIZE, ALLOC(bytes), .help = "BYTES" },
	{ 'A', MMKIT_PARAM_SIZE, ALLOC(align), .help = "ALIGN" },
	{ 'm', MMKIT_PARAM_SIZE, ALLOC(min), .help = "MIN" },
	{ 'M', MMKIT_PARAM_SIZE, ALLOC(max), .help = "MAX" },
	{ 'n', MMKIT_PARAM_S32, ALLOC(node), .help = "NODE" },
	{ }
};

static void alloc_init(void *arg)
{
	struct mmkit_memblock_alloc *alloc = arg;

	alloc->node = MMKIT_MEMBLOCK_ANY_NODE;
}

static void alloc_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_memblock_alloc *alloc = arg;

	seq_printf(m, "address 0x%llx\n", alloc->addr);
}

#define QUERY(field)	offsetof(struct mmkit_memblock_query, field)
static const struct mmkit_param query_params[] = {
	{ 'w', MMKIT_PARAM_WORD, QUERY(ask), memblock_asks, "QUESTION" },
	{ 'a', MMKIT_PARAM_SIZE, QUERY(base), .help = "ADDRESS" },
	{ 'b', MMKIT_PARAM_SIZE, QUERY(bytes), .help = "BYTES" },
	{ }
};

static void query_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_memblock_query *query = arg;

	seq_printf(m, "%s: %d\n", memblock_asks[query->ask], query->answer);
}

#define REGIONS(field)	offsetof(struct mmkit_memblock_regions, field)
static const struct mmkit_param regions_params[] = {
	{ 'l', MMKIT_PARAM_WORD, REGIONS(list), memblock_lists, "LIST" },
	{ 'F', MMKIT_PARAM_U32, REGIONS(first), .help = "FIRST" },
	{ 'N', MMKIT_PARAM_U32, REGIONS(nr), .help = "COUNT" },
	{ 'n', MMKIT_PARAM_S32, REGIONS(node), .help = "NODE" },
	{ 'f', MMKIT_PARAM_WORD, REGIONS(flags), memblock_flags, "FLAG+..." },
	{ }
};

static void regions_init(void *arg)
{
	struct mmkit_memblock_regions *regions = arg;

	regions->nr = 64;
	regions->node = MMKIT_MEMBLOCK_ANY_NODE;
}

static void regions_print(struct seq_file *m, const struct mmkit_call *call,
			  const void *arg)
{
	const struct mmkit_memblock_regions *regions = arg;
	const struct mmkit_memblock_region *region = call->data;
	u32 i;

	for (i = 0; i < regions->nr; i++)
		seq_printf(m, "[0x%llx-0x%llx] node %d flags %#x\n",
			   region[i].base,
			   region[i].base + region[i].bytes - 1,
			   region[i].node == MMKIT_MEMBLOCK_NO_NODE ?
			   -1 : region[i].node, region[i].flags);
	seq_printf(m, "%u of %u %s\n", regions->nr, regions->all,
		   memblock_lists[regions->list]);
}

#define OBSERVE(field)	offsetof(struct mmkit_memblock_observe, field)
static const struct mmkit_param observe_params[] = {
	{ 'm', MMKIT_PARAM_SIZE, OBSERVE(memblock), .help = "MEMBLOCK" },
	{ 'a', MMKIT_PARAM_SIZE, OBSERVE(memory_regions),
	  .help = "MEMORY_INIT_REGIONS" },
	{ 'r', MMKIT_PARAM_SIZE, OBSERVE(reserved_regions),
	  .help = "RESERVED_INIT_REGIONS" },
	{ }
};

static void observe_print(struct seq_file *m, const struct mmkit_call *call,
			  const void *arg)
{
	const struct mmkit_memblock_observe *observe = arg;

	seq_printf(m, "%u regions of memory, %u reserved: cat observed\n",
		   observe->nr_memory, observe->nr_reserved);
}

static const struct mmkit_param no_params[] = { { } };

static void boot_init(void *arg)
{
	struct mmkit_memblock_boot *boot = arg;

	boot->nr = MMKIT_MEMBLOCK_BOOT_MAX;
}

static void boot_print(struct seq_file *m, const struct mmkit_call *call,
		       const void *arg)
{
	const struct mmkit_memblock_boot *boot = arg;

	mmkit_booted_show(m, call->data, boot->nr);
}

static const char *const claim_flags[] = { "none", "offer", NULL };

#define CLAIM(field)	offsetof(struct mmkit_memblock_claim, field)
static const struct mmkit_param claim_params[] = {
	{ 'a', MMKIT_PARAM_SIZE, CLAIM(base), .help = "ADDRESS" },
	{ 'b', MMKIT_PARAM_SIZE, CLAIM(bytes), .help = "BYTES" },
	{ 'N', MMKIT_PARAM_NAME, CLAIM(name), .help = "NAME" },
	{ 'f', MMKIT_PARAM_WORD, CLAIM(flags), claim_flags, "FLAG" },
	{ }
};

static void claim_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_memblock_claim *claim = arg;

	seq_printf(m, "handle %u: %llu bytes\n", claim->handle, claim->bytes);
}

static const struct mmkit_param probe_params[] = {
	{ 0, MMKIT_PARAM_U32, offsetof(struct mmkit_memblock_probe, handle),
	  .help = "HANDLE" },
	{ }
};

static void probe_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_memblock_probe *probe = arg;

	seq_printf(m, "%llu bytes held what was written\n", probe->bytes);
}

static const struct mmkit_param release_params[] = {
	{ 0, MMKIT_PARAM_U32, offsetof(struct mmkit_memblock_release, handle),
	  .help = "HANDLE" },
	{ }
};

#define CHANGE_VERB(name, params)					\
	{ #name, MMKIT_MEMBLOCK_CHANGE, params, name##_init, change_print }

const struct mmkit_verb mmkit_memblock_verbs[] = {
	{ "set", MMKIT_MEMBLOCK_SET, set_params, set_init },
	CHANGE_VERB(add, add_params),
	CHANGE_VERB(remove, range_params),
	CHANGE_VERB(reserve, range_params),
	CHANGE_VERB(free, range_params),
	CHANGE_VERB(mark, mark_params),
	CHANGE_VERB(clear, mark_params),
	CHANGE_VERB(set_node, node_params),
	CHANGE_VERB(set_node_reserved, node_params),
	CHANGE_VERB(trim, bytes_params),
	CHANGE_VERB(cap, range_params),
	CHANGE_VERB(limit, bytes_params),
	CHANGE_VERB(limit_map, bytes_params),
	{ "alloc", MMKIT_MEMBLOCK_ALLOC, alloc_params, alloc_init,
	  alloc_print },
	{ "query", MMKIT_MEMBLOCK_QUERY, query_params, NULL, query_print },
	{ "regions", MMKIT_MEMBLOCK_REGIONS, regions_params, regions_init,
	  regions_print },
	{ "observe", MMKIT_MEMBLOCK_OBSERVE, observe_params, NULL,
	  observe_print },
	{ "boot", MMKIT_MEMBLOCK_BOOT, no_params, boot_init, boot_print },
	{ "claim", MMKIT_MEMBLOCK_CLAIM, claim_params, NULL, claim_print },
	{ "probe", MMKIT_MEMBLOCK_PROBE, probe_params, NULL, probe_print },
	{ "release", MMKIT_MEMBLOCK_RELEASE, release_params },
	{ }
};
