// SPDX-License-Identifier: GPL-2.0-only
/* mmkit aspace: the verbs and their options. */
#include "aspace.h"

#define PID(type) \
	{ 'p', "pid", OPT_U32, offsetof(struct type, pid), "PID", \
	  "of another process (mmkit's own)", NULL }

#define SVG(type) \
	{ 0, "svg", OPT_STR, offsetof(struct type, svg), "FILE", \
	  "draw it into FILE", NULL }

static const struct opt regions_opts[] = {
	PID(aspace_regions_opts),
	{ 0, "rss", OPT_FLAG, offsetof(struct aspace_regions_opts, rss), NULL,
	  "look at each page: what is resident, and as what", NULL },
	{ 0 },
};

static const struct opt walk_opts[] = {
	PID(aspace_walk_opts),
	{ 'a', "area", OPT_CHOICE, offsetof(struct aspace_walk_opts, area),
	  "AREA", "of the kernel's; the address is an offset in it",
	  aspace_areas },
	SVG(aspace_walk_opts),
	{ 0 },
};

static const struct opt map_opts[] = {
	PID(aspace_map_opts),
	SVG(aspace_map_opts),
	{ 0 },
};

static const struct opt range_opts[] = {
	PID(aspace_range_opts),
	{ 'N', "parts", OPT_U32, offsetof(struct aspace_range_opts, parts), "N",
	  "in how many parts (512), of a page at least; 4096 at most", NULL },
	{ 0, "clear", OPT_FLAG, offsetof(struct aspace_range_opts, clear), NULL,
	  "clear the accessed bits once they are read", NULL },
	{ 0, "interval", OPT_U32, offsetof(struct aspace_range_opts, interval),
	  "SECONDS", "clear the accessed bits, wait, and see which are set",
	  NULL },
	{ 0 },
};

static const struct opt pages_opts[] = {
	PID(aspace_pages_opts),
	{ 0 },
};

static const struct opt tables_opts[] = {
	PID(aspace_tables_opts),
	{ 0, "list", OPT_FLAG, offsetof(struct aspace_tables_opts, list), NULL,
	  "each of them", NULL },
	{ 0, "tree", OPT_FLAG, offsetof(struct aspace_tables_opts, tree), NULL,
	  "each below the one it hangs from", NULL },
	SVG(aspace_tables_opts),
	{ 0 },
};

static const struct opt who_opts[] = {
	{ 'N', "most", OPT_U32, offsetof(struct aspace_who_opts, most), "N",
	  "runs of pages (65536)", NULL },
	{ 0 },
};

static const struct aspace_who_opts who_defaults = { .most = 65536 };

#define ANOTHER \
	"Another process than one's own wants CAP_SYS_PTRACE."
#define PLACES \
	"ADDRESS is a number, or a kind of region (stack, heap, text, ...)."
#define RANGES \
	"RANGE is START-END, START+SIZE, an address, or a kind of region."

static const struct verb verbs[] = {
	{
		.name = "regions",
		.help = "what an address space is made of",
		.more = ANOTHER,
		.example = "mmkit aspace regions --rss --verify",
		.opts = regions_opts,
		.size = sizeof(struct aspace_regions_opts),
		.run = aspace_regions_run,
	}, {
		.name = "map",
		.help = "an address space drawn to scale, user and kernel half",
		.more = ANOTHER,
		.example = "mmkit aspace map --svg map.svg",
		.opts = map_opts,
		.size = sizeof(struct aspace_map_opts),
		.run = aspace_map_run,
	}, {
		.name = "walk",
		.args = "ADDRESS",
		.min_args = 1,
		.max_args = 1,
		.help = "the page-table entries on the way to an address",
		.more = PLACES,
		.example = "mmkit aspace walk stack --verify",
		.opts = walk_opts,
		.size = sizeof(struct aspace_walk_opts),
		.run = aspace_walk_run,
	}, {
		.name = "range",
		.args = "RANGE",
		.min_args = 1,
		.max_args = 1,
		.help = "what the pages of a range are, and which are in use",
		.more = RANGES,
		.example = "mmkit aspace range --pid 1 heap --interval 2",
		.opts = range_opts,
		.size = sizeof(struct aspace_range_opts),
		.run = aspace_range_run,
	}, {
		.name = "pages",
		.args = "RANGE",
		.min_args = 1,
		.max_args = 1,
		.help = "each page of a range: what, where, flags",
		.more = RANGES,
		.example = "mmkit aspace pages stack --verify",
		.opts = pages_opts,
		.size = sizeof(struct aspace_pages_opts),
		.run = aspace_pages_run,
	}, {
		.name = "tables",
		.args = "[RANGE]",
		.max_args = 1,
		.help = "which page tables there are, and what they weigh",
		.more = RANGES,
		.example = "mmkit aspace tables --tree --verify",
		.opts = tables_opts,
		.size = sizeof(struct aspace_tables_opts),
		.run = aspace_tables_run,
	}, {
		.name = "context",
		.help = "what a CPU needs of an address space: root, CR3, PCID",
		.more = ANOTHER,
		.example = "mmkit aspace context --verify",
		.opts = pages_opts,
		.size = sizeof(struct aspace_pages_opts),
		.run = aspace_context_run,
	}, {
		.name = "who",
		.args = "FRAMES",
		.min_args = 1,
		.max_args = 1,
		.help = "which processes map page frames, and where",
		.more = "FRAMES is a page frame number, FIRST-END, FIRST+PAGES, or all.",
		.example = "mmkit aspace who 0x4000+512",
		.opts = who_opts,
		.size = sizeof(struct aspace_who_opts),
		.defaults = &who_defaults,
		.run = aspace_who_run,
	},
};

const struct command aspace_command = {
	.name = "aspace",
	.help = "address spaces: regions, page tables, pages",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
