// SPDX-License-Identifier: GPL-2.0-only
/* mmkit memblock: the sandbox of this session. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "memblock.h"

static const char *const verbs[] = {
	"add", "remove", "reserve", "free", "mark", "clear", "set_node",
	"set_node_reserved", "trim", "cap", "limit", "limit_map",
};

static const struct reason reasons[] = {
	{ EINVAL, "there is no such request: a node, a flag, or an alignment that is no power of two",
	  "mmkit help memblock", EXIT_FAILED },
	{ ENOMEM, "the kernel's function would have failed: no room for it, or for one more region",
	  "mmkit memblock regions -l free; or mmkit memblock set --resize",
	  EXIT_FAILED },
	{ EOVERFLOW, "above the last region there is no multiple of it; the kernel's regions would overlap",
	  "a smaller alignment", EXIT_FAILED },
	{ ENOTRECOVERABLE, "the kernel would have stopped in a BUG_ON()",
	  "mmkit memblock set --reset", EXIT_FAILED },
	{ EDQUOT, "more regions than a session may keep",
	  "mmkit memblock set --reset, or mmkit unload, then mmkit load session_bytes=BYTES",
	  EXIT_FAILED },
	{ 0 },
};

/* Asks /dev/mmkit/memblock for one thing, and tells what came of it. */
static int ask(struct cli *cli, void *req, const char *verb,
	       int (*call)(int fd, void *req),
	       struct json_object *(*answer)(const void *req), show_fn show)
{
	int fd = area_open(cli, "memblock");
	int err;

	if (fd < 0)
		return -fd;
	err = call(fd, req);
	return err ? explain(cli, reasons, err, verb) :
		     result(cli, answer(req), show);
}

static struct json_object *range_json(uint64_t base, uint64_t bytes)
{
	struct json_object *obj = j_obj();

	j_u64(obj, "base", base);
	j_u64(obj, "bytes", bytes);
	return obj;
}

static int call_set(int fd, void *req)
{
	return mmkit_memblock_set(fd, req);
}

static struct json_object *set_answer(const void *data)
{
	const struct mmkit_memblock_set *req = data;
	struct json_object *obj = j_obj();

	j_bool(obj, "bottom_up", req->flags & MMKIT_MEMBLOCK_BOTTOM_UP);
	j_bool(obj, "resize", req->flags & MMKIT_MEMBLOCK_RESIZE);
	j_bool(obj, "movable_node", req->flags & MMKIT_MEMBLOCK_MOVABLE_NODE);
	j_bool(obj, "mirror", req->flags & MMKIT_MEMBLOCK_KERNELCORE_MIRROR);
	j_bool(obj, "reset", req->flags & MMKIT_MEMBLOCK_RESET);
	j_u64(obj, "limit", req->limit);
	return obj;
}

int memblock_set_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct memblock_set_opts *opts = data;
	struct mmkit_memblock_set req = { .limit = opts->limit };

	(void)argc;
	(void)argv;
	req.flags = (opts->bottom_up ? MMKIT_MEMBLOCK_BOTTOM_UP : 0) |
		    (opts->resize ? MMKIT_MEMBLOCK_RESIZE : 0) |
		    (opts->movable_node ? MMKIT_MEMBLOCK_MOVABLE_NODE : 0) |
		    (opts->mirror ? MMKIT_MEMBLOCK_KERNELCORE_MIRROR : 0) |
		    (opts->reset ? MMKIT_MEMBLOCK_RESET : 0);
	return ask(cli, &req, "set", call_set, set_answer, NULL);
}

static int call_change(int fd, void *req)
{
	return mmkit_memblock_change(fd, req);
}

static struct json_object *change_answer(const void *data)
{
	const struct mmkit_memblock_change *req = data;
	struct json_object *obj = range_json(req->base, req->bytes);

	j_num(obj, "warned", req->warned);
	return obj;
}

static void show_change(struct cli *cli, struct json_object *obj)
{
	uint64_t warned = j_get_u64(obj, "warned");

	(void)cli;
	if (warned)
		out_line("the kernel would have warned %llu time%s",
			 (unsigned long long)warned, plural(warned));
}

int memblock_change_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct mmkit_memblock_change *req = data;

	(void)argc;
	(void)argv;
	return ask(cli, data, verbs[req->verb], call_change, change_answer,
		   show_change);
}

static int call_alloc(int fd, void *req)
{
	return mmkit_memblock_alloc(fd, req);
}

static struct json_object *alloc_answer(const void *data)
{
	const struct mmkit_memblock_alloc *req = data;
	struct json_object *obj = j_obj();

	j_u64(obj, "address", req->addr);
	j_u64(obj, "bytes", req->bytes);
	j_num(obj, "warned", req->warned);
	return obj;
}

static void show_alloc(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("address 0x%llx",
		 (unsigned long long)j_get_u64(obj, "address"));
}

int memblock_alloc_run(struct cli *cli, void *data, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return ask(cli, data, "alloc", call_alloc, alloc_answer, show_alloc);
}

static int call_query(int fd, void *req)
{
	return mmkit_memblock_query(fd, req);
}

static struct json_object *query_answer(const void *data)
{
	const struct mmkit_memblock_query *req = data;
	struct json_object *obj = range_json(req->base, req->bytes);

	j_num(obj, "answer", req->answer);
	return obj;
}

static void show_query(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("%d", (int)json_object_get_int64(j_get(obj, "answer")));
}

int memblock_query_run(struct cli *cli, void *data, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return ask(cli, data, "query", call_query, query_answer, show_query);
}
