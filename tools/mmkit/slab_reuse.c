// SPDX-License-Identifier: GPL-2.0-only
/* mmkit slab reuse: what SLAB_TYPESAFE_BY_RCU promises and what it does not. */
#include <errno.h>
#include <fcntl.h>

#include "slab.h"

static struct json_object *reuse_json(const struct mmkit_slab_reuse *req)
{
	struct json_object *obj = j_obj();

	j_num(obj, "rounds", req->rounds);
	j_num(obj, "tries", req->tries);
	j_num(obj, "reused", req->reused);
	j_num(obj, "in_grace", req->in_grace);
	j_num(obj, "stale", req->stale);
	j_num(obj, "caught", req->caught);
	j_num(obj, "safe", req->safe);
	j_num(obj, "allocated", req->allocated);
	return obj;
}

static void show_reuse(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("%llu times a reader looked up an object under rcu_read_lock(), and before it went on",
		 (unsigned long long)j_get_u64(obj, "rounds"));
	out_line("the object was freed and its memory allocated again. In the middle of that reader:");
	out_line("  %8llu objects were reused, %llu of them before the grace period was over",
		 (unsigned long long)j_get_u64(obj, "reused"),
		 (unsigned long long)j_get_u64(obj, "in_grace"));
	out_line("  %8llu were alive and another object when the reader went on: wrong without a recheck",
		 (unsigned long long)j_get_u64(obj, "stale"));
	out_line("  %8llu of these were found out by a reference and then the key again",
		 (unsigned long long)j_get_u64(obj, "caught"));
	out_line("  %8llu lookups found the right object then, and none under the old key",
		 (unsigned long long)j_get_u64(obj, "safe"));
}

static const struct reason no_reuse[] = {
	{ EOPNOTSUPP, "this kernel reuses no object before the readers' grace period is over (CONFIG_SLUB_RCU_DEBUG, for KASAN)",
	  "a kernel without KASAN shows it", EXIT_ABSENT },
	{ 0 },
};

static int reuse(struct cli *cli, int fd, const struct slab_reuse_opts *opts)
{
	const struct slab_shape shape = {
		.bytes = opts->bytes, .flags = MMKIT_SLAB_TYPESAFE_BY_RCU,
	};
	struct mmkit_slab_reuse req = {
		.rounds = opts->rounds, .tries = opts->tries,
	};
	int err, status;
	bool safe;

	status = slab_make(cli, fd, "reuse", &shape, &req.cache);
	if (status)
		return status;
	err = mmkit_slab_reuse(fd, &req);
	if (err == -EOPNOTSUPP)
		return explain(cli, no_reuse, err, "reusing");
	if (err)
		return slab_failed(cli, fd, err, 0, "reusing");
	/* Nothing was shown when nothing was reused. */
	safe = req.reused && req.in_grace == req.reused &&
	       req.stale == req.reused && req.caught == req.stale &&
	       req.safe == req.caught;
	status = result(cli, reuse_json(&req), show_reuse);
	return status || safe ? status : EXIT_FAILED;
}

int slab_reuse_run(struct cli *cli, void *data, int argc, char **argv)
{
	int fd, status;

	(void)argc;
	(void)argv;
	fd = area_open_fresh(cli, "slab", O_RDWR);
	if (fd < 0)
		return -fd;
	status = reuse(cli, fd, data);
	mmkit_close(fd);
	return status;
}
