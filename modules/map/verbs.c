// SPDX-License-Identifier: GPL-2.0-only
/* The map area's commands as text. */
#include <linux/seq_file.h>
#include <mmkit/describe.h>
#include "map.h"

#define SET(field)	offsetof(struct mmkit_map_set, field)
static const struct mmkit_param set_params[] = {
	{ 'b', MMKIT_PARAM_SIZE, SET(bytes), .help = "BYTES" },
	{ 's', MMKIT_PARAM_NAME, SET(strategy), .help = "STRATEGY" },
	{ }
};

static const struct mmkit_param get_params[] = { { } };

static void get_print(struct seq_file *m, const struct mmkit_call *call,
		      const void *arg)
{
	const struct mmkit_map_get *get = arg;

	seq_printf(m, "strategy %s bytes %llu maps %u opens %llu faults %llu sigbus %llu\n",
		   get->strategy[0] ? get->strategy : "none", get->bytes,
		   get->maps, get->opens, get->faults, get->sigbus);
}

#define DESCRIBE(field)	offsetof(struct mmkit_map_describe, field)
static const struct mmkit_param describe_params[] = {
	{ 'f', MMKIT_PARAM_SIZE, DESCRIBE(first), .help = "FIRST" },
	{ 'N', MMKIT_PARAM_U32, DESCRIBE(nr), .help = "COUNT" },
	{ }
};

static void describe_init(void *arg)
{
	struct mmkit_map_describe *describe = arg;

	describe->nr = 16;
}

static void describe_print(struct seq_file *m, const struct mmkit_call *call,
			   const void *arg)
{
	const struct mmkit_map_describe *describe = arg;
	const struct mmkit_page *pages = call->data;
	u32 i;

	for (i = 0; i < describe->nr; i++)
		mmkit_describe_show(m, &pages[i]);
}

const struct mmkit_verb mmkit_map_verbs[] = {
	{ "set", MMKIT_MAP_SET, set_params },
	{ "get", MMKIT_MAP_GET, get_params, NULL, get_print },
	{ "describe", MMKIT_MAP_DESCRIBE, describe_params, describe_init,
	  describe_print },
	{ }
};
