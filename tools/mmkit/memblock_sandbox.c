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

int memblock_set_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct memblock_set_opts *opts = data;
	struct mmkit_memblock_set req = { .limit = opts->limit };
	struct json_object *obj;
	int fd, err;

	(void)argc;
	(void)argv;
	req.flags = (opts->bottom_up ? MMKIT_MEMBLOCK_BOTTOM_UP : 0) |
		    (opts->resize ? MMKIT_MEMBLOCK_RESIZE : 0) |
		    (opts->movable_node ? MMKIT_MEMBLOCK_MOVABLE_NODE : 0) |
		    (opts->mirror ? MMKIT_MEMBLOCK_KERNELCORE_MIRROR : 0) |
		    (opts->reset ? MMKIT_MEMBLOCK_RESET : 0);
	fd = area_open(cli, "memblock");
	if (fd < 0)
		return -fd;
	err = mmkit_memblock_set(fd, &req);
	if (err)
		return explain(cli, reasons, err, "set");
	obj = j_obj();
	j_bool(obj, "bottom_up", opts->bottom_up);
	j_bool(obj, "resize", opts->resize);
	j_bool(obj, "movable_node", opts->movable_node);
	j_bool(obj, "mirror", opts->mirror);
	j_bool(obj, "reset", opts->reset);
	j_u64(obj, "limit", opts->limit);
	return result(cli, obj, NULL);
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
	const struct memblock_change_opts *opts = data;
	struct mmkit_memblock_change req = {
		.verb = opts->verb,
		.base = opts->base,
		.bytes = opts->bytes,
		.node = opts->node,
		.flags = opts->flags,
	};
	struct json_object *obj;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "memblock");
	if (fd < 0)
		return -fd;
	err = mmkit_memblock_change(fd, &req);
	if (err)
		return explain(cli, reasons, err, verbs[opts->verb]);
	obj = j_obj();
	j_u64(obj, "base", req.base);
	j_u64(obj, "bytes", req.bytes);
	j_num(obj, "warned", req.warned);
	return result(cli, obj, show_change);
}

static void show_alloc(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("address 0x%llx",
		 (unsigned long long)j_get_u64(obj, "address"));
}

int memblock_alloc_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct memblock_alloc_opts *opts = data;
	struct mmkit_memblock_alloc req = {
		.how = opts->how,
		.bytes = opts->bytes,
		.align = opts->align,
		.min = opts->min,
		.max = opts->max,
		.node = opts->node,
	};
	struct json_object *obj;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "memblock");
	if (fd < 0)
		return -fd;
	err = mmkit_memblock_alloc(fd, &req);
	if (err)
		return explain(cli, reasons, err, "alloc");
	obj = j_obj();
	j_u64(obj, "address", req.addr);
	j_u64(obj, "bytes", req.bytes);
	j_num(obj, "warned", req.warned);
	return result(cli, obj, show_alloc);
}

static void show_query(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("%d", (int)json_object_get_int64(j_get(obj, "answer")));
}

int memblock_query_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct memblock_query_opts *opts = data;
	struct mmkit_memblock_query req = {
		.ask = opts->ask,
		.base = opts->base,
		.bytes = opts->bytes,
	};
	struct json_object *obj;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "memblock");
	if (fd < 0)
		return -fd;
	err = mmkit_memblock_query(fd, &req);
	if (err)
		return explain(cli, reasons, err, "query");
	obj = j_obj();
	j_u64(obj, "base", req.base);
	j_u64(obj, "bytes", req.bytes);
	j_num(obj, "answer", req.answer);
	return result(cli, obj, show_query);
}
