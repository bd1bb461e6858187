// SPDX-License-Identifier: GPL-2.0-only
/* The map area's commands as text. */
#include <linux/seq_file.h>
#include <mmkit/describe.h>
#include "map.h"

#define SET(field)	offsetof(struct mmkit_map_set, field)
static const struct mmkit_param set_params[] = {
	{ 'b', MMKIT_PARAM_SIZE, SET(bytes), .help = "BYTES" },
	{ 's', MMKIT_PARAM_NAME, SET(strategy), .help = "STRATEGY" },
	{ 't', MMKIT_PARAM_SIZE, SET(tune), .help = "NUMBER" },
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

static const struct mmkit_param strategies_params[] = { { } };

static void strategies_init(void *arg)
{
	struct mmkit_map_strategies *list = arg;

	list->nr = MMKIT_MAP_STRATEGIES_MAX;
}

static void strategies_print(struct seq_file *m, const struct mmkit_call *call,
			     const void *arg)
{
	const struct mmkit_map_strategies *list = arg;
	const struct mmkit_map_strategy *strategy = call->data;
	u32 i;

	for (i = 0; i < min_t(u32, list->nr, MMKIT_MAP_STRATEGIES_MAX); i++)
		seq_printf(m, "%s%s: %s%s%s\n", strategy[i].name,
			   strategy[i].flags & MMKIT_STRATEGY_ABSENT ?
			   " (absent)" : "", strategy[i].help,
			   strategy[i].note[0] ? "; " : "", strategy[i].note);
}

#define LOG(field)	offsetof(struct mmkit_map_log, field)
static const struct mmkit_param log_params[] = {
	{ 'f', MMKIT_PARAM_SIZE, LOG(first), .help = "FIRST" },
	{ 'N', MMKIT_PARAM_U32, LOG(nr), .help = "COUNT" },
	{ 'c', MMKIT_PARAM_U32, LOG(flags), .help = "1 to clear" },
	{ }
};

static void log_init(void *arg)
{
	struct mmkit_map_log *log = arg;

	log->nr = MMKIT_MAP_LOG_MAX;
}

static void log_print(struct seq_file *m, const struct mmkit_call *call,
		      const void *arg)
{
	const struct mmkit_map_log *log = arg;

	seq_printf(m, "%u of %u: %*pbl\n", log->set, log->nr, (int)log->nr,
		   call->data);
}

const struct mmkit_verb mmkit_map_verbs[] = {
	{ "set", MMKIT_MAP_SET, set_params },
	{ "get", MMKIT_MAP_GET, get_params, NULL, get_print },
	{ "describe", MMKIT_MAP_DESCRIBE, describe_params, describe_init,
	  describe_print },
	{ "strategies", MMKIT_MAP_STRATEGIES, strategies_params,
	  strategies_init, strategies_print },
	{ "log", MMKIT_MAP_LOG, log_params, log_init, log_print },
	{ }
};
