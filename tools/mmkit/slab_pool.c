// SPDX-License-Identifier: GPL-2.0-only
/* mmkit slab pool, take, give and guarantee: mempools. */
#include <errno.h>
#include <fcntl.h>

#include "slab.h"

static void show_pool(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("handle %llu: mempool over %s, %llu in reserve, room for %llu",
		 (unsigned long long)j_get_u64(obj, "handle"),
		 json_object_get_string(j_get(obj, "over")),
		 (unsigned long long)j_get_u64(obj, "reserve"),
		 (unsigned long long)j_get_u64(obj, "room"));
	session_show(obj);
}

int slab_pool_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_pool_opts *opts = data;
	struct mmkit_slab_pool req = {
		.over = opts->over, .cache = opts->cache, .bytes = opts->bytes,
		.order = opts->order, .reserve = opts->reserve,
		.room = opts->room,
	};
	struct json_object *obj;
	int fd, err;

	(void)argc;
	(void)argv;
	if (opts->bytes > MMKIT_SLAB_BYTES_MAX)
		return usage(cli, "--size is more than 1M");
	fd = area_open(cli, "slab");
	if (fd < 0)
		return -fd;
	err = mmkit_slab_pool(fd, &req);
	if (err)
		return slab_failed(cli, fd, err, 0, "creating a mempool");
	obj = j_obj();
	j_num(obj, "handle", req.handle);
	j_str(obj, "over", mmkit_slab_over_name(req.over));
	j_num(obj, "reserve", req.reserve);
	j_num(obj, "room", req.room);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_pool);
}

static struct json_object *take_json(const struct mmkit_slab_take *take)
{
	struct json_object *obj = j_obj();

	j_num(obj, "handle", take->handle);
	j_num(obj, "asked", take->nr);
	j_num(obj, "taken", take->taken);
	j_num(obj, "failures", take->failures);
	j_num(obj, "from_reserve", take->from_reserve);
	j_num(obj, "in_reserve", take->in_reserve);
	j_num(obj, "held", take->held);
	return obj;
}

static void show_take(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("taken %llu of %llu, %llu of them from the reserve, after %llu failures of the allocator",
		 (unsigned long long)j_get_u64(obj, "taken"),
		 (unsigned long long)j_get_u64(obj, "asked"),
		 (unsigned long long)j_get_u64(obj, "from_reserve"),
		 (unsigned long long)j_get_u64(obj, "failures"));
	out_line("in the reserve %llu, held %llu",
		 (unsigned long long)j_get_u64(obj, "in_reserve"),
		 (unsigned long long)j_get_u64(obj, "held"));
}

int slab_take_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_take_opts *opts = data;
	struct mmkit_slab_take req = {
		.nr = opts->count, .gfp = opts->gfp, .flags = opts->flags,
	};
	int fd, err, status;

	(void)argc;
	status = handle_open(cli, "slab", argv[0], &req.handle, &fd);
	if (status)
		return status;
	err = mmkit_slab_take(fd, &req);
	if (err == -EDQUOT)
		return fail(cli, EXIT_FAILED, EDQUOT, "mmkit slab pool -R N",
			    "taking: more than the pool has room for (EDQUOT)");
	if (err)
		return slab_failed(cli, fd, err, 0, "taking");
	return result(cli, take_json(&req), show_take);
}

static void show_give(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("%llu filled the reserve up; in it %llu, held %llu",
		 (unsigned long long)j_get_u64(obj, "to_reserve"),
		 (unsigned long long)j_get_u64(obj, "in_reserve"),
		 (unsigned long long)j_get_u64(obj, "held"));
}

int slab_give_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_give_opts *opts = data;
	struct mmkit_slab_give req = { .nr = opts->count };
	struct json_object *obj;
	int fd, err, status;

	(void)argc;
	status = handle_open(cli, "slab", argv[0], &req.handle, &fd);
	if (status)
		return status;
	err = mmkit_slab_give(fd, &req);
	if (err)
		return slab_failed(cli, fd, err, 0, "giving back");
	obj = j_obj();
	j_num(obj, "handle", req.handle);
	j_num(obj, "to_reserve", req.to_reserve);
	j_num(obj, "in_reserve", req.in_reserve);
	j_num(obj, "held", req.held);
	return result(cli, obj, show_give);
}

/* A pool of its own, in a session of its own. */
static int make_pool(struct cli *cli, int fd,
		     const struct slab_guarantee_opts *opts, uint32_t *handle)
{
	const struct slab_shape shape = { .bytes = opts->bytes };
	struct mmkit_slab_pool req = {
		.over = opts->over, .reserve = opts->reserve,
		.room = opts->take > opts->reserve ? opts->take : opts->reserve,
	};
	int err, status;

	if (opts->over == MMKIT_SLAB_OVER_CACHE) {
		status = slab_make(cli, fd, "guarantee", &shape, &req.cache);
		if (status)
			return status;
	} else if (opts->over == MMKIT_SLAB_OVER_KMALLOC) {
		req.bytes = opts->bytes;
	} else {
		req.order = opts->order;
	}
	err = mmkit_slab_pool(fd, &req);
	if (err)
		return slab_failed(cli, fd, err, 0, "creating a mempool");
	*handle = req.handle;
	return 0;
}

static const char *injector(uint32_t over)
{
	return over == MMKIT_SLAB_OVER_PAGES ? "fail_page_alloc" : "failslab";
}

static int no_injector(struct cli *cli, const char *dir, int err)
{
	if (err == -ENOENT)
		return fail(cli, EXIT_ABSENT, err,
			    "mmkit slab guarantee --fail refuse, where mmkit plays the allocator that fails; or a debug kernel",
			    "this kernel has no %s (CONFIG_FAULT_INJECTION)",
			    dir);
	return explain(cli, NULL, err, dir);
}

/* Takes while everything fails that does not wait. */
static int take_failing(struct cli *cli, int fd,
			const struct slab_guarantee_opts *opts,
			struct mmkit_slab_take *take)
{
	struct fault fault = { 0 };
	int err;

	if (opts->fail) {
		take->flags = MMKIT_SLAB_REFUSE;
		err = mmkit_slab_take(fd, take);
		return err ? slab_failed(cli, fd, err, 0, "taking") : 0;
	}
	err = fault_arm(&fault, injector(opts->over));
	if (err) {
		if (err != -ENOENT)
			fault_disarm(&fault);
		return no_injector(cli, fault.dir, err);
	}
	err = mmkit_slab_take(fd, take);
	fault_disarm(&fault);
	return err ? slab_failed(cli, fd, err, 0, "taking") : 0;
}

static void show_guarantee(struct cli *cli, struct json_object *obj)
{
	struct json_object *take = j_get(obj, "take");

	out_line("mempool over %s, %llu in reserve; every allocation beneath fails (%s)",
		 json_object_get_string(j_get(obj, "over")),
		 (unsigned long long)j_get_u64(obj, "reserve"),
		 json_object_get_string(j_get(obj, "by")));
	show_take(cli, take);
	out_line("given back: %llu filled the reserve up again",
		 (unsigned long long)j_get_u64(obj, "to_reserve"));
	out_line(json_object_get_boolean(j_get(obj, "kept")) ?
		 "the guarantee was kept: as many were served as were in reserve, and then none" :
		 "the guarantee was NOT kept");
}

/* All that were in reserve and no more, each after a failure. */
static bool was_kept(const struct slab_guarantee_opts *opts,
		     const struct mmkit_slab_take *take,
		     const struct mmkit_slab_give *give)
{
	uint32_t want = opts->take < opts->reserve ? opts->take : opts->reserve;
	uint32_t failures = opts->take > want ? want + 1 : want;

	return take->taken == want && take->from_reserve == want &&
	       take->failures >= failures && give->to_reserve == want;
}

static int guarantee(struct cli *cli, int fd,
		     const struct slab_guarantee_opts *opts)
{
	struct mmkit_slab_take take = {
		.nr = opts->take, .gfp = MMKIT_GFP_NOWAIT,
	};
	struct mmkit_slab_give give = { 0 };
	struct json_object *obj;
	int status;
	bool kept;

	status = make_pool(cli, fd, opts, &take.handle);
	if (!status)
		status = take_failing(cli, fd, opts, &take);
	if (status)
		return status;
	give.handle = take.handle;
	mmkit_slab_give(fd, &give);
	kept = was_kept(opts, &take, &give);
	obj = j_obj();
	j_str(obj, "over", mmkit_slab_over_name(opts->over));
	j_num(obj, "reserve", opts->reserve);
	j_str(obj, "by", opts->fail ? "refuse" : injector(opts->over));
	j_add(obj, "take", take_json(&take));
	j_num(obj, "to_reserve", give.to_reserve);
	j_bool(obj, "kept", kept);
	status = result(cli, obj, show_guarantee);
	return status || kept ? status : EXIT_FAILED;
}

int slab_guarantee_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct slab_guarantee_opts *opts = data;
	int fd, status;

	(void)argc;
	(void)argv;
	if (!opts->reserve || !opts->take)
		return usage(cli, "--reserve and --count are at least 1");
	if (!opts->bytes || opts->bytes > MMKIT_SLAB_BYTES_MAX)
		return usage(cli, "--size is from 1 to 1M");
	fd = area_open_fresh(cli, "slab", O_RDWR);
	if (fd < 0)
		return -fd;
	status = guarantee(cli, fd, opts);
	mmkit_close(fd);
	return status;
}
