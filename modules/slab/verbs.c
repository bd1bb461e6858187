// SPDX-License-Identifier: GPL-2.0-only
/* The slab area's commands as text. */
#include <linux/numa.h>
#include <linux/seq_file.h>
#include "slab.h"

static const char *const create_flags[] = {
	"hwcache_align", "reclaim_account", "account", "typesafe_by_rcu",
	"poison", "red_zone", "store_user", "no_merge", "ctor", NULL
};

static const char *const alloc_flags[] = { "bulk", "atomic", NULL };
static const char *const overs[] = { "cache", "kmalloc", "pages", NULL };
static const char *const take_flags[] = { "refuse", NULL };
static const char *const kinds[] = { "objects", "pool", "lru" };

static void print_done(struct seq_file *m, const struct mmkit_call *call,
		       const void *arg)
{
	seq_printf(m, "handle %u\n", call->handle);
}

#define CREATE(field)	offsetof(struct mmkit_slab_create, field)
static const struct mmkit_param create_params[] = {
	{ 0, MMKIT_PARAM_NAME, CREATE(name), .help = "NAME" },
	{ 'b', MMKIT_PARAM_U32, CREATE(bytes), .help = "BYTES" },
	{ 'a', MMKIT_PARAM_U32, CREATE(align), .help = "ALIGN" },
	{ 'x', MMKIT_PARAM_WORDS, CREATE(flags), create_flags, "FLAG,..." },
	{ 'u', MMKIT_PARAM_U32, CREATE(useroffset), .help = "USEROFFSET" },
	{ 'U', MMKIT_PARAM_U32, CREATE(usersize), .help = "USERSIZE" },
	{ }
};

#define HANDLE_PARAMS(type)						\
	{								\
		{ 0, MMKIT_PARAM_U32, offsetof(struct type, handle),	\
		  .help = "HANDLE" },					\
		{ }							\
	}

static const struct mmkit_param destroy_params[] =
	HANDLE_PARAMS(mmkit_slab_destroy);
static const struct mmkit_param shrink_params[] =
	HANDLE_PARAMS(mmkit_slab_shrink);
static const struct mmkit_param describe_params[] =
	HANDLE_PARAMS(mmkit_slab_describe);
static const struct mmkit_param users_params[] =
	HANDLE_PARAMS(mmkit_slab_users);
static const struct mmkit_param slabs_params[] =
	HANDLE_PARAMS(mmkit_slab_slabs);
static const struct mmkit_param lru_stat_params[] =
	HANDLE_PARAMS(mmkit_slab_lru_stat);

/* As many as a screen holds. */
#define ROOM	32

static void users_init(void *arg)
{
	struct mmkit_slab_users *users = arg;

	users->nr = ROOM;
}

static void users_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_slab_users *users = arg;
	const struct mmkit_slab_user *user = call->data;
	u32 i;

	seq_printf(m, "users %u\n", users->nr);
	for (i = 0; i < min_t(u32, users->nr, ROOM); i++, user++)
		seq_printf(m, "handle %u: %s, %llu live\n", user->handle,
			   kinds[user->kind], user->live);
}

#define ALLOC(field)	offsetof(struct mmkit_slab_alloc, field)
static const struct mmkit_param alloc_params[] = {
	{ 0, MMKIT_PARAM_U32, ALLOC(cache), .help = "CACHE" },
	{ 'c', MMKIT_PARAM_U32, ALLOC(count), .help = "COUNT" },
	{ 'g', MMKIT_PARAM_GFP, ALLOC(gfp), .help = "GFP,..." },
	{ 'n', MMKIT_PARAM_S32, ALLOC(node), .help = "NODE" },
	{ 'x', MMKIT_PARAM_WORDS, ALLOC(flags), alloc_flags, "bulk|atomic" },
	{ }
};

static void alloc_init(void *arg)
{
	struct mmkit_slab_alloc *alloc = arg;

	alloc->count = 1;
	alloc->node = NUMA_NO_NODE;
}

static void alloc_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_slab_alloc *alloc = arg;

	seq_printf(m, "handle %u: %u objects\n", alloc->handle, alloc->count);
}

#define FREE(field)	offsetof(struct mmkit_slab_free, field)
static const struct mmkit_param free_params[] = {
	{ 0, MMKIT_PARAM_U32, FREE(handle), .help = "HANDLE" },
	{ 'f', MMKIT_PARAM_U32, FREE(first), .help = "FIRST" },
	{ 'N', MMKIT_PARAM_U32, FREE(nr), .help = "COUNT" },
	{ 't', MMKIT_PARAM_U32, FREE(stride), .help = "STRIDE" },
	{ 'x', MMKIT_PARAM_WORDS, FREE(flags), alloc_flags, "bulk" },
	{ }
};

static void describe_print(struct seq_file *m, const struct mmkit_call *call,
			   const void *arg)
{
	const struct mmkit_slab_describe *cache = arg;

	seq_printf(m, "name %s\nbytes %u\nobject_size %u\nstride %u\nleft %u\n",
		   cache->name, cache->bytes, cache->object_size,
		   cache->stride, cache->left);
	seq_printf(m, "inuse %u\nfreeptr %u %s\norder %u\nslots %u\n",
		   cache->inuse, cache->freeptr,
		   cache->state & MMKIT_SLAB_FREEPTR_OUTSIDE ? "outside" :
							       "inside",
		   cache->order, cache->slots);
	seq_printf(m, "users %u\nlive %llu\nctor_calls %llu\n", cache->users,
		   cache->live, cache->ctor_calls);
}

static void slabs_init(void *arg)
{
	struct mmkit_slab_slabs *slabs = arg;

	slabs->nr = ROOM;
}

static void slabs_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_slab_slabs *slabs = arg;
	const struct mmkit_slab_slab *slab = call->data;
	u32 i;

	seq_printf(m, "held %llu full %llu used %llu of %llu\n", slabs->held,
		   slabs->full, slabs->used, slabs->room);
	for (i = 0; i < slabs->nr; i++, slab++)
		seq_printf(m, "pfn 0x%llx order %u used %u of %u node %d\n",
			   slab->pfn, slab->order, slab->used, slab->slots,
			   slab->node);
}

#define OBJECTS(field)	offsetof(struct mmkit_slab_objects, field)
static const struct mmkit_param objects_params[] = {
	{ 0, MMKIT_PARAM_U32, OBJECTS(handle), .help = "HANDLE" },
	{ 'f', MMKIT_PARAM_U32, OBJECTS(first), .help = "FIRST" },
	{ 'N', MMKIT_PARAM_U32, OBJECTS(nr), .help = "COUNT" },
	{ }
};

static void objects_init(void *arg)
{
	struct mmkit_slab_objects *objects = arg;

	objects->nr = ROOM;
}

static void objects_print(struct seq_file *m, const struct mmkit_call *call,
			  const void *arg)
{
	const struct mmkit_slab_objects *objects = arg;
	const struct mmkit_slab_object *object = call->data;
	u32 i;

	for (i = 0; i < objects->nr; i++, object++) {
		seq_printf(m, "%u: ", objects->first + i);
		if (object->state & MMKIT_SLAB_FREED)
			seq_puts(m, "freed\n");
		else if (object->state & MMKIT_SLAB_KFENCE)
			seq_puts(m, "kfence\n");
		else
			seq_printf(m, "slab 0x%llx slot %u offset %u order %u node %d\n",
				   object->pfn, object->slot, object->offset,
				   object->order, object->node);
	}
}

#define POOL(field)	offsetof(struct mmkit_slab_pool, field)
static const struct mmkit_param pool_params[] = {
	{ 'O', MMKIT_PARAM_WORD, POOL(over), overs, "cache|kmalloc|pages" },
	{ 'C', MMKIT_PARAM_U32, POOL(cache), .help = "CACHE" },
	{ 'b', MMKIT_PARAM_U32, POOL(bytes), .help = "BYTES" },
	{ 'o', MMKIT_PARAM_U32, POOL(order), .help = "ORDER" },
	{ 'r', MMKIT_PARAM_U32, POOL(reserve), .help = "RESERVE" },
	{ 'R', MMKIT_PARAM_U32, POOL(room), .help = "ROOM" },
	{ }
};

static void pool_init(void *arg)
{
	struct mmkit_slab_pool *pool = arg;

	pool->reserve = 8;
	pool->room = 64;
}

#define TAKE(field)	offsetof(struct mmkit_slab_take, field)
static const struct mmkit_param take_params[] = {
	{ 0, MMKIT_PARAM_U32, TAKE(handle), .help = "HANDLE" },
	{ 'c', MMKIT_PARAM_U32, TAKE(nr), .help = "COUNT" },
	{ 'g', MMKIT_PARAM_GFP, TAKE(gfp), .help = "GFP,..." },
	{ 'x', MMKIT_PARAM_WORDS, TAKE(flags), take_flags, "refuse" },
	{ }
};

static void take_init(void *arg)
{
	struct mmkit_slab_take *take = arg;

	take->gfp = MMKIT_GFP_NOWAIT;
}

static void take_print(struct seq_file *m, const struct mmkit_call *call,
		       const void *arg)
{
	const struct mmkit_slab_take *take = arg;

	seq_printf(m, "taken %u of %u, %u of them from the reserve, in it %u, held %u, failures %u\n",
		   take->taken, take->nr, take->from_reserve,
		   take->in_reserve, take->held, take->failures);
}

#define GIVE(field)	offsetof(struct mmkit_slab_give, field)
static const struct mmkit_param give_params[] = {
	{ 0, MMKIT_PARAM_U32, GIVE(handle), .help = "HANDLE" },
	{ 'c', MMKIT_PARAM_U32, GIVE(nr), .help = "COUNT" },
	{ }
};

static void give_print(struct seq_file *m, const struct mmkit_call *call,
		       const void *arg)
{
	const struct mmkit_slab_give *give = arg;

	seq_printf(m, "to the reserve %u, in it %u, held %u\n",
		   give->to_reserve, give->in_reserve, give->held);
}

static const struct mmkit_param lru_params[] = {
	{ 0, MMKIT_PARAM_U32, offsetof(struct mmkit_slab_lru, cache),
	  .help = "CACHE" },
	{ }
};

#define ADD(field)	offsetof(struct mmkit_slab_lru_add, field)
static const struct mmkit_param add_params[] = {
	{ 0, MMKIT_PARAM_U32, ADD(handle), .help = "HANDLE" },
	{ 'c', MMKIT_PARAM_U32, ADD(count), .help = "COUNT" },
	{ 'g', MMKIT_PARAM_GFP, ADD(gfp), .help = "GFP,..." },
	{ }
};

static void add_init(void *arg)
{
	struct mmkit_slab_lru_add *add = arg;

	add->count = 1;
}

static void add_print(struct seq_file *m, const struct mmkit_call *call,
		      const void *arg)
{
	const struct mmkit_slab_lru_add *add = arg;

	seq_printf(m, "added %u\n", add->added);
}

static void lru_stat_print(struct seq_file *m, const struct mmkit_call *call,
			   const void *arg)
{
	const struct mmkit_slab_lru_stat *stat = arg;

	seq_printf(m, "added %llu live %llu taken %llu counts %llu scans %llu scanned %llu\n",
		   stat->added, stat->live, stat->taken, stat->counts,
		   stat->scans, stat->scanned);
}

#define REUSE(field)	offsetof(struct mmkit_slab_reuse, field)
static const struct mmkit_param reuse_params[] = {
	{ 0, MMKIT_PARAM_U32, REUSE(cache), .help = "CACHE" },
	{ 'r', MMKIT_PARAM_U32, REUSE(rounds), .help = "ROUNDS" },
	{ 't', MMKIT_PARAM_U32, REUSE(tries), .help = "TRIES" },
	{ }
};

static void reuse_init(void *arg)
{
	struct mmkit_slab_reuse *reuse = arg;

	reuse->rounds = 1;
	reuse->tries = 64;
}

static void reuse_print(struct seq_file *m, const struct mmkit_call *call,
			const void *arg)
{
	const struct mmkit_slab_reuse *reuse = arg;

	seq_printf(m, "rounds %u reused %u in_grace %u stale %u caught %u safe %u\n",
		   reuse->rounds, reuse->reused, reuse->in_grace, reuse->stale,
		   reuse->caught, reuse->safe);
}

const struct mmkit_verb mmkit_slab_verbs[] = {
	{ "create", MMKIT_SLAB_CREATE, create_params, NULL, print_done },
	{ "destroy", MMKIT_SLAB_DESTROY, destroy_params },
	{ "users", MMKIT_SLAB_USERS, users_params, users_init, users_print },
	{ "alloc", MMKIT_SLAB_ALLOC, alloc_params, alloc_init, alloc_print },
	{ "free", MMKIT_SLAB_FREE, free_params },
	{ "shrink", MMKIT_SLAB_SHRINK, shrink_params },
	{ "describe", MMKIT_SLAB_DESCRIBE, describe_params, NULL,
	  describe_print },
	{ "slabs", MMKIT_SLAB_SLABS, slabs_params, slabs_init, slabs_print },
	{ "objects", MMKIT_SLAB_OBJECTS, objects_params, objects_init,
	  objects_print },
	{ "pool", MMKIT_SLAB_POOL, pool_params, pool_init, print_done },
	{ "take", MMKIT_SLAB_TAKE, take_params, take_init, take_print },
	{ "give", MMKIT_SLAB_GIVE, give_params, NULL, give_print },
	{ "lru", MMKIT_SLAB_LRU, lru_params, NULL, print_done },
	{ "add", MMKIT_SLAB_LRU_ADD, add_params, add_init, add_print },
	{ "stat", MMKIT_SLAB_LRU_STAT, lru_stat_params, NULL, lru_stat_print },
	{ "reuse", MMKIT_SLAB_REUSE, reuse_params, reuse_init, reuse_print },
	{ }
};
