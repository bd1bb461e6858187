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

#define ANOTHER \
	"Another process than one's own wants CAP_SYS_PTRACE."
#define PLACES \
	"ADDRESS is a number, or a kind of region (stack, heap, text, ...)."

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
	},
};

const struct command aspace_command = {
	.name = "aspace",
	.help = "address spaces: regions, page tables, pages",
	.verbs = verbs,
	.nr_verbs = ARRAY_SIZE(verbs),
};
