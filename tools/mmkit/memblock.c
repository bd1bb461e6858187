// SPDX-License-Identifier: GPL-2.0-only
/* mmkit memblock: the verbs and their options. The control file takes the same. */
#include "memblock.h"
#include "memblock/words.h"

#define S(field)	offsetof(struct memblock_set_opts, field)
#define C(field)	offsetof(struct mmkit_memblock_change, field)
#define A(field)	offsetof(struct mmkit_memblock_alloc, field)
#define Q(field)	offsetof(struct mmkit_memblock_query, field)
#define R(field)	offsetof(struct memblock_regions_opts, field)

static const struct opt set_opts[] = {
	{ 'l', "limit", OPT_SIZE, S(limit), "ADDRESS",
	  "memblock_set_current_limit() (none)", NULL },
	{ 0, "bottom-up", OPT_FLAG, S(bottom_up), NULL,
	  "allocate from low addresses on", NULL },
	{ 0, "resize", OPT_FLAG, S(resize), NULL,
	  "memblock_allow_resize(): region arrays may be doubled", NULL },
	{ 0, "movable-node", OPT_FLAG, S(movable_node), NULL,
	  "leave hotpluggable memory alone, as movable_node does", NULL },
	{ 0, "mirror", OPT_FLAG, S(mirror), NULL,
	  "mirrored memory counts, as with kernelcore=mirror", NULL },
	{ 0, "reset", OPT_FLAG, S(reset), NULL, "begin with an empty one", NULL },
	{ 0 },
};

#define OPT_ADDRESS { 'a', "address", OPT_SIZE, C(base), "ADDRESS", \
	"first byte (0)", NULL }
#define OPT_BYTES(help) { 'b', "bytes", OPT_SIZE, C(bytes), "SIZE", help, NULL }
#define OPT_NODE { 'n', "node", OPT_S32, C(node), "N", \
	"NUMA node (1024: none)", NULL }

static const struct opt range_opts[] = {
	OPT_ADDRESS, OPT_BYTES("how many"), { 0 },
};

static const struct opt add_opts[] = {
	OPT_ADDRESS, OPT_BYTES("how many"), OPT_NODE,
	{ 'f', "flags", OPT_CHOICE, C(flags), "FLAGS", "of the memory (none)",
	  memblock_flags },
	{ 0 },
};

static const struct opt mark_opts[] = {
	OPT_ADDRESS, OPT_BYTES("how many"),
	{ 'f', "flags", OPT_CHOICE, C(flags), "FLAG",
	  "hotplug, mirror, nomap, driver_managed, or rsrv_noinit of what is reserved",
	  memblock_flags },
	{ 0 },
};

static const struct opt node_opts[] = {
	OPT_ADDRESS, OPT_BYTES("how many"), OPT_NODE, { 0 },
};

static const struct opt trim_opts[] = {
	OPT_BYTES("a power of two: regions begin and end at its multiples"), { 0 },
};

static const struct opt limit_opts[] = {
	OPT_BYTES("of memory that is left"), { 0 },
};

static const struct opt alloc_opts[] = {
	{ 'w', "how", OPT_CHOICE, A(how), "FUNCTION",
	  "the kernel's function (try_nid)", memblock_hows },
	{ 'b', "bytes", OPT_SIZE, A(bytes), "SIZE", "how many", NULL },
	{ 'A', "align", OPT_SIZE, A(align), "SIZE", "0 is a cache line (0)", NULL },
	{ 'm', "min", OPT_SIZE, A(min), "ADDRESS", "lowest address (0)", NULL },
	{ 'M', "max", OPT_SIZE, A(max), "ADDRESS",
	  "end of the range, 0 is the limit (0)", NULL },
	{ 'n', "node", OPT_S32, A(node), "N", "NUMA node, -1 is any (-1)", NULL },
	{ 0 },
};

static const struct opt query_opts[] = {
	{ 'w', "what", OPT_CHOICE, Q(ask), "QUESTION", "is_memory and so on",
	  memblock_asks },
	{ 'a', "address", OPT_SIZE, Q(base), "ADDRESS", "first byte (0)", NULL },
	{ 'b', "bytes", OPT_SIZE, Q(bytes), "SIZE", "of a range", NULL },
	{ 0 },
};

static const struct opt regions_opts[] = {
	{ 'l', "list", OPT_CHOICE, R(list), "LIST", "which (memory)", memblock_lists },
	{ 'n', "node", OPT_S32, R(node), "N", "of ranges: of this node", NULL },
	{ 'f', "flags", OPT_CHOICE, R(flags), "FLAGS",
	  "of free ranges: with memory that has these", memblock_flags },
	{ 0 },
};

#define CL(field)	offsetof(struct memblock_claim_opts, field)
static const struct opt claim_opts[] = {
	{ 'a', "address", OPT_SIZE, CL(base), "ADDRESS", "first byte", NULL },
	{ 'b', "bytes", OPT_SIZE, CL(bytes), "SIZE", "how many", NULL },
	{ 'N', "name", OPT_STR, CL(name), "NAME",
	  "what reserve_mem= took under that name", NULL },
	{ 0, "offer", OPT_FLAG, CL(offer), NULL,
	  "to stores of /dev/mmkit/map, strategy io or iohuge", NULL },
	{ 0 },
};

static const struct opt observe_opts[] = {
	{ 0, "svg", OPT_STR, offsetof(struct memblock_svg_opts, svg), "FILE",
	  "draw physical memory into FILE, to scale", NULL },
	{ 0 },
};

static const struct opt replay_opts[] = {
	{ 0, "svg", OPT_STR, offsetof(struct memblock_replay_opts, svg), "FILE",
	  "draw the growth of what is reserved into FILE", NULL },
	{ 0, "requests", OPT_FLAG, offsetof(struct memblock_replay_opts, requests),
	  NULL, "show each request, not only those that differ", NULL },
	{ 0 },
};

#define DEFAULTS(name, _verb, _node) \
	static const struct mmkit_memblock_change name##_defaults = { \
		.verb = (_verb), .node = (_node), \
	}

DEFAULTS(add, MMKIT_MEMBLOCK_ADD, MMKIT_MEMBLOCK_NO_NODE);
DEFAULTS(remove, MMKIT_MEMBLOCK_REMOVE, 0);
DEFAULTS(reserve, MMKIT_MEMBLOCK_RESERVE, 0);
DEFAULTS(free, MMKIT_MEMBLOCK_PHYS_FREE, 0);
DEFAULTS(mark, MMKIT_MEMBLOCK_MARK, 0);
DEFAULTS(clear, MMKIT_MEMBLOCK_CLEAR, 0);
DEFAULTS(set_node, MMKIT_MEMBLOCK_SET_NODE, MMKIT_MEMBLOCK_NO_NODE);
DEFAULTS(set_node_reserved, MMKIT_MEMBLOCK_SET_NODE_RESERVED,
	 MMKIT_MEMBLOCK_NO_NODE);
DEFAULTS(trim, MMKIT_MEMBLOCK_TRIM, 0);
DEFAULTS(cap, MMKIT_MEMBLOCK_CAP, 0);
DEFAULTS(limit, MMKIT_MEMBLOCK_ENFORCE_LIMIT, 0);
DEFAULTS(limit_map, MMKIT_MEMBLOCK_LIMIT_REMOVE_MAP, 0);

static const struct memblock_set_opts set_defaults = {
	.limit = MMKIT_MEMBLOCK_ANYWHERE,
};
static const struct mmkit_memblock_alloc alloc_defaults = {
	.node = MMKIT_MEMBLOCK_ANY_NODE,
};
static const struct memblock_regions_opts regions_defaults = {
	.node = MMKIT_MEMBLOCK_ANY_NODE,
};

#define SESSION_ONLY \
	"The sandbox lives as long as its session: use it in mmkit shell or run."

#define CHANGE(_name, _id, _opts, _help, _example) {			\
		.name = _name,						\
		.help = _help,						\
		.more = SESSION_ONLY,					\
		.example = _example,					\
		.opts = _opts,						\
		.size = sizeof(struct mmkit_memblock_change),		\
		.defaults = &_id##_defaults,				\
		.run = memblock_change_run,				\
		.no_verify = true,					\
	}

static const struct verb verbs[] = {
	{
		.name = "observe",
		.help = "the boot allocator's regions, and what became of them",
		.more = "Reads what the kernel left of it; where it left nothing, the firmware's map.",
		.example = "mmkit memblock observe --svg memory.svg",
		.opts = observe_opts,
		.size = sizeof(struct memblock_svg_opts),
		.run = memblock_observe_run,
	}, {
		.name = "replay",
		.args = "[LOG]",
		.max_args = 1,
		.help = "the log of a boot with memblock=debug, again in the sandbox",
		.more = "Without LOG this boot's. Boot with memblock=debug log_buf_len=4M.",
		.example = "mmkit memblock replay dmesg.txt",
		.opts = replay_opts,
		.size = sizeof(struct memblock_replay_opts),
		.run = memblock_replay_run,
		.no_verify = true,
	}, {
		.name = "boot",
		.help = "what mmkit.memblock= did at boot, beside what the sandbox says",
		.more = "Needs a kernel built with CONFIG_MMKIT_MEMBLOCK_BOOT.",
		.example = "mmkit memblock boot",
		.run = memblock_boot_run,
	}, {
		.name = "carveouts",
		.help = "memory that memmap= or reserve_mem= took: claim it, test it",
		.example = "mmkit memblock carveouts",
		.run = memblock_carveouts_run,
		.no_verify = true,
	}, {
		.name = "claim",
		.help = "take a carve-out for this session, or offer it to a store",
		.more = "It lives as long as its session: use it in mmkit shell or run.",
		.example = "mmkit memblock claim -a 0x20000000 -b 64M --offer",
		.opts = claim_opts,
		.size = sizeof(struct memblock_claim_opts),
		.run = memblock_claim_run,
		.no_verify = true,
	}, {
		.name = "release",
		.args = "HANDLE",
		.min_args = 1,
		.max_args = 1,
		.help = "give it back",
		.more = HANDLES_IN_SESSION,
		.example = "memblock release 1",
		.run = memblock_release_run,
		.no_verify = true,
	}, {
		.name = "why",
		.help = "why a module cannot call memblock_alloc(), and what to call",
		.example = "mmkit memblock why",
		.run = memblock_why_run,
		.no_verify = true,
	}, {
		.name = "set",
		.help = "how the sandbox goes about it; what is not given is off",
		.more = SESSION_ONLY,
		.example = "memblock set --reset --resize",
		.opts = set_opts,
		.size = sizeof(struct memblock_set_opts),
		.defaults = &set_defaults,
		.run = memblock_set_run,
		.no_verify = true,
	},
	CHANGE("add", add, add_opts, "memblock_add(), memblock_add_node()",
	       "memblock add -a 1M -b 1G -n 0"),
	CHANGE("remove", remove, range_opts, "memblock_remove()",
	       "memblock remove -a 512M -b 64M"),
	CHANGE("reserve", reserve, range_opts, "memblock_reserve()",
	       "memblock reserve -a 16M -b 8M"),
	CHANGE("free", free, range_opts, "memblock_phys_free()",
	       "memblock free -a 16M -b 4K"),
	CHANGE("mark", mark, mark_opts, "memblock_mark_hotplug() and its family",
	       "memblock mark -a 512M -b 64M -f nomap"),
	CHANGE("clear", clear, mark_opts, "memblock_clear_hotplug() and its family",
	       "memblock clear -a 512M -b 64M -f nomap"),
	CHANGE("set_node", set_node, node_opts, "memblock_set_node() of memory",
	       "memblock set_node -a 512M -b 512M -n 1"),
	CHANGE("set_node_reserved", set_node_reserved, node_opts,
	       "memblock_set_node() of what is reserved",
	       "memblock set_node_reserved -b 1G -n 0"),
	CHANGE("trim", trim, trim_opts, "memblock_trim_memory()",
	       "memblock trim -b 4K"),
	CHANGE("cap", cap, range_opts, "memblock_cap_memory_range()",
	       "memblock cap -a 16M -b 256M"),
	CHANGE("limit", limit, limit_opts, "memblock_enforce_memory_limit()",
	       "memblock limit -b 512M"),
	CHANGE("limit_map", limit_map, limit_opts,
	       "memblock_mem_limit_remove_map()", "memblock limit_map -b 512M"),
	{
		.name = "alloc",
		.help = "allocate in the sandbox, or find room only",
		.more = SESSION_ONLY,
		.example = "memblock alloc -b 1M -A 64K",
		.opts = alloc_opts,
		.size = sizeof(struct mmkit_memblock_alloc),
		.defaults = &alloc_defaults,
		.run = memblock_alloc_run,
		.no_verify = true,
	}, {
		.name = "query",
		.help = "ask the sandbox: is it memory, is it reserved, which node",
		.more = SESSION_ONLY,
		.example = "memblock query -w is_reserved -a 16M",
		.opts = query_opts,
		.size = sizeof(struct mmkit_memblock_query),
		.run = memblock_query_run,
		.no_verify = true,
	}, {
		.name = "regions",
		.help = "regions of the sandbox, or ranges as the kernel walks them",
		.more = SESSION_ONLY,
		.example = "memblock regions -l free",
		.opts = regions_opts,
		.size = sizeof(struct memblock_regions_opts),
		.defaults = &regions_defaults,
		.run = memblock_regions_run,
		.no_verify = true,
	}, {
		.name = "dump",
		.help = "all of the sandbox, as the kernel prints it with memblock=debug",
		.more = SESSION_ONLY,
		.example = "memblock dump",
		.run = memblock_dump_run,
		.no_verify = true,
	},
};

const struct command memblock_command = {
	.name = "memblock",
	.help = "the boot allocator: observed, replayed, and to play with",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
