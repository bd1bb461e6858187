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

static const char *const policies[] = {
	"fifo", "lru", "clock", "second-chance", "random", NULL,
};

/* A caller's file cannot be named in a text. */
static const char *const swaps[] = { "lzo", "shmem", NULL };

#define PAGER(field)	offsetof(struct mmkit_map_pager, field)
static const struct mmkit_param pager_params[] = {
	{ 'f', MMKIT_PARAM_U32, PAGER(frames), .help = "FRAMES" },
	{ 'p', MMKIT_PARAM_WORD, PAGER(policy), .words = policies,
	  .help = "fifo|lru|clock|second-chance|random" },
	{ 'w', MMKIT_PARAM_WORD, PAGER(swap), .words = swaps,
	  .help = "lzo|shmem" },
	{ 'x', MMKIT_PARAM_U32, PAGER(flags), .help = "1 for exact" },
	{ 's', MMKIT_PARAM_SIZE, PAGER(seed), .help = "SEED" },
	{ }
};

static void pager_init(void *arg)
{
	struct mmkit_map_pager *pager = arg;

	pager->fd = -1;
}

static const struct mmkit_param paged_params[] = { { } };

static const char *name_of(const char *const *names, size_t nr, u32 at)
{
	return at < nr && names[at] ? names[at] : "file";
}

static void paged_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_map_paged *p = arg;

	seq_printf(m, "frames %u policy %s swap %s resident %u dirty %u\n",
		   p->frames, name_of(policies, ARRAY_SIZE(policies),
				      p->policy),
		   name_of(swaps, ARRAY_SIZE(swaps), p->swap), p->resident,
		   p->dirty);
	seq_printf(m, "minor %llu major %llu refaults %llu protects %llu evictions %llu writebacks %llu readbacks %llu zero %llu\n",
		   p->minor, p->major, p->refaults, p->protects, p->evictions,
		   p->writebacks, p->readbacks, p->zero);
	seq_printf(m, "busy %llu starved %llu failed %llu stored %llu bytes %llu\n",
		   p->busy, p->starved, p->failed, p->stored,
		   p->stored_bytes);
}

const struct mmkit_verb mmkit_map_verbs[] = {
	{ "set", MMKIT_MAP_SET, set_params },
	{ "get", MMKIT_MAP_GET, get_params, NULL, get_print },
	{ "describe", MMKIT_MAP_DESCRIBE, describe_params, describe_init,
	  describe_print },
	{ "strategies", MMKIT_MAP_STRATEGIES, strategies_params,
	  strategies_init, strategies_print },
	{ "log", MMKIT_MAP_LOG, log_params, log_init, log_print },
	{ "pager", MMKIT_MAP_PAGER, pager_params, pager_init },
	{ "paged", MMKIT_MAP_PAGED, paged_params, NULL, paged_print },
	{ }
};
