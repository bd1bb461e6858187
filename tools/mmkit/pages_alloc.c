// SPDX-License-Identifier: GPL-2.0-only
/* mmkit pages alloc, free, list and describe. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pages.h"

static const struct reason alloc_reasons[] = {
	{ EINVAL, "the kernel does not take this combination of order, gfp, node, how and bytes",
	  "mmkit info shows the largest order; bytes go with exact and contig, split with buddy without COMP",
	  EXIT_FAILED },
	{ ENOMEM, "no free block of that size can be had now",
	  "a smaller order; mmkit pages buddy shows the free blocks, mmkit pages compact may make larger ones",
	  EXIT_FAILED },
	{ EOPNOTSUPP, "this kernel exports no function that can do it",
	  "--how buddy, or a size up to the largest order (mmkit info)",
	  EXIT_ABSENT },
	{ 0 },
};

static const struct reason handle_reasons[] = {
	{ ENOENT, "no such handle in this session",
	  "pages list shows this session's handles; a one-shot mmkit starts with none, so use mmkit shell or mmkit run",
	  EXIT_FAILED },
	{ EINVAL, "the range is past the end of the handle",
	  "pages list shows how many blocks it has", EXIT_FAILED },
	{ EPERM, "page frame numbers are shown to CAP_SYS_ADMIN only",
	  "run it as root", EXIT_FAILED },
	{ 0 },
};

/* ENOENT: the kernel has one word for three things, and the tool knows which. */
static int handle_failed(struct cli *cli, uint32_t handle, int err,
			 const char *doing)
{
	if (err == -ENOENT && held_find(cli, handle))
		return fail(cli, EXIT_FAILED, err,
			    "pages describe HANDLE shows which are left",
			    "%s: a block of handle %u that is meant is free already (ENOENT)",
			    doing, handle);
	if (err == -ENOENT && handle && handle <= cli->last_handle)
		return fail(cli, EXIT_FAILED, err,
			    "pages list shows this session's handles",
			    "%s: handle %u is free already (ENOENT)", doing,
			    handle);
	return explain(cli, handle_reasons, err, doing);
}

int pages_alloc_failed(struct cli *cli, int fd, int err, uint64_t bytes,
		       const struct mmkit_pages_alloc *req)
{
	int status = EXIT_OK;
	char why[320];

	if (err == -EDQUOT)
		return explain_quota(cli, fd, bytes, "allocating");
	if (err == -ENOMEM && req->order && req->how == MMKIT_PAGES_BUDDY &&
	    pages_why_failed(cli, fd, req, why, sizeof(why)))
		return fail(cli, EXIT_FAILED, err, alloc_reasons[1].remedy,
			    "allocating: %s (ENOMEM): %s", alloc_reasons[1].what,
			    why);
	if (err == -EINVAL)
		status = pages_alloc_mistake(cli, req);
	return status ? status : explain(cli, alloc_reasons, err, "allocating");
}

/* In a one-shot command the session ends here: say so, or wait as asked. */
void pages_hold(struct cli *cli, uint32_t seconds, const char *what)
{
	fflush(stdout);
	if (seconds)
		sleep(seconds);
	else if (!cli->interactive)
		out_note(cli, "the session ends here and the kernel frees its %s (--hold SECONDS or mmkit shell keep it)",
			 what);
}

static uint64_t block_bytes(const struct alloc_opts *opts)
{
	if (opts->how == MMKIT_PAGES_EXACT || opts->how == MMKIT_PAGES_CONTIG)
		return opts->bytes;
	return opts->split ? (uint64_t)sysconf(_SC_PAGESIZE) :
			     (uint64_t)sysconf(_SC_PAGESIZE) << (opts->order & 31);
}

static void verify_block(struct cli *cli, int fd, const struct mmkit_page *page,
			 uint64_t nr)
{
	if (page->state & MMKIT_PAGE_NOPFN)
		verify_skip(cli, "flags", "/proc/kpageflags", EPERM);
	else if (!(page->state & MMKIT_PAGE_NOPAGE))
		pages_verify(cli, fd, page->pfn, nr);
}

/* A number of bytes is in general no power of two pages. */
static bool no_order(const struct held *held)
{
	return held && (held->how == MMKIT_PAGES_EXACT ||
			held->how == MMKIT_PAGES_CONTIG);
}

static void forget_orders(struct json_object *blocks)
{
	size_t i, nr = json_object_array_length(blocks);

	for (i = 0; i < nr; i++)
		j_null(json_object_array_get_idx(blocks, i), "order");
}

static struct json_object *describe_all(struct cli *cli, int fd,
					const struct held *held, int *status)
{
	struct mmkit_page *pages = calloc(held->blocks, sizeof(*pages));
	uint64_t size = sysconf(_SC_PAGESIZE);
	struct json_object *arr;
	int nr, i;

	*status = EXIT_FAILED;
	if (!pages)
		return NULL;
	nr = mmkit_pages_describe(fd, held->handle, 0, held->blocks, pages);
	if (nr < 0) {
		*status = explain(cli, handle_reasons, nr, "describing");
		free(pages);
		return NULL;
	}
	for (i = 0; cli->opt.verify && i < nr; i++)
		verify_block(cli, fd, &pages[i],
			     (held->block_bytes + size - 1) / size);
	arr = pages_json(pages, 0, nr);
	if (no_order(held))
		forget_orders(arr);
	free(pages);
	return arr;
}

static void show_session(struct cli *cli, struct json_object *obj)
{
	struct json_object *session = j_get(obj, "session");

	(void)cli;
	if (session)
		out_line("session %llu holds %llu of %llu handles, %llu of %llu bytes",
			 (unsigned long long)j_get_u64(session, "id"),
			 (unsigned long long)j_get_u64(session, "handles"),
			 (unsigned long long)j_get_u64(session, "max_handles"),
			 (unsigned long long)j_get_u64(session, "bytes"),
			 (unsigned long long)j_get_u64(session, "max_bytes"));
}

static void show_alloc(struct cli *cli, struct json_object *obj)
{
	size_t nr = json_object_array_length(j_get(obj, "blocks"));
	const char *how = json_object_get_string(j_get(obj, "how"));
	char size[48] = "";

	if (!strcmp(how, "exact") || !strcmp(how, "contig"))
		snprintf(size, sizeof(size), " of %llu bytes",
			 (unsigned long long)j_get_u64(obj, "block_bytes"));
	out_line("handle %llu: %zu block%s%s, gfp %s",
		 (unsigned long long)j_get_u64(obj, "handle"), nr, plural(nr),
		 size, json_object_get_string(j_get(obj, "gfp")));
	pages_show(cli, j_get(obj, "blocks"), "BLK");
	show_session(cli, obj);
}

static struct json_object *held_json(const struct held *held)
{
	struct json_object *obj = j_obj();

	j_num(obj, "handle", held->handle);
	j_str(obj, "how", mmkit_how_name(held->how));
	j_num(obj, "order", held->order);
	j_gfp(obj, "gfp", held->gfp);
	j_u64(obj, "block_bytes", held->block_bytes);
	return obj;
}

int pages_alloc_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct alloc_opts *opts = data;
	struct mmkit_pages_alloc req = {
		.how = opts->how,
		.order = opts->order,
		.count = opts->count,
		.bytes = opts->bytes,
		.gfp = opts->gfp,
		.node = opts->node,
		.flags = opts->split ? MMKIT_PAGES_SPLIT : 0,
	};
	struct json_object *obj, *blocks;
	struct held held;
	int fd, err, status;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	err = mmkit_pages_alloc(fd, &req);
	if (err)
		return pages_alloc_failed(cli, fd, err,
					  block_bytes(opts) * opts->count,
					  &req);
	held = (struct held){
		.handle = req.handle, .how = req.how, .order = req.order,
		.gfp = req.gfp, .blocks = req.blocks, .left = req.blocks,
		.block_bytes = block_bytes(opts),
	};
	held_add(cli, &held);
	blocks = describe_all(cli, fd, &held, &status);
	if (!blocks)
		return status;
	obj = held_json(&held);
	j_add(obj, "blocks", blocks);
	j_add(obj, "session", session_json(fd));
	status = result(cli, obj, show_alloc);
	pages_hold(cli, opts->hold, "pages");
	return status;
}

/* The handle is an option (as in the control file) or the one argument. */
static int handle_arg(struct cli *cli, uint32_t opt, int argc, char **argv,
		      uint32_t *handle)
{
	if (opt && argc)
		return usage(cli, "give the handle once");
	*handle = opt;
	if (opt)
		return 0;
	if (!argc)
		return usage(cli, "HANDLE is missing");
	return parse_handle(cli, argv[0], handle);
}

/* Of the range, every stride-th: the kernel freed them all or refused. */
static uint32_t freed_by(const struct free_opts *opts, const struct held *held)
{
	uint32_t stride = opts->stride ? opts->stride : 1;
	uint32_t range = opts->nr ? opts->nr : held->blocks - opts->first;

	return range / stride + !!(range % stride);
}

static void show_free(struct cli *cli, struct json_object *obj)
{
	out_line("handle %llu: freed", (unsigned long long)j_get_u64(obj, "handle"));
	show_session(cli, obj);
}

int pages_free_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct free_opts *opts = data;
	struct json_object *obj;
	struct held *held;
	uint32_t handle;
	int fd, err, status;

	status = handle_arg(cli, opts->handle, argc, argv, &handle);
	if (status)
		return status;
	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	err = mmkit_pages_free(fd, handle, opts->first, opts->nr, opts->stride);
	if (err)
		return handle_failed(cli, handle, err, "freeing");

	held = held_find(cli, handle);
	if (held) {
		held->left -= freed_by(opts, held);
		if (!held->left)
			held_drop(cli, handle);
	}
	obj = j_obj();
	j_num(obj, "handle", handle);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_free);
}

static void show_list(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "HANDLE", "handle", F_TEXT, C_RIGHT, 0 },
		{ "HOW", "how", F_TEXT, 0, 0 },
		{ "ORDER", "order", F_TEXT, C_RIGHT, 0 },
		{ "BLOCKS", "blocks", F_TEXT, C_RIGHT, 0 },
		{ "LEFT", "left", F_TEXT, C_RIGHT, 0 },
		{ "BLOCK-SIZE", "block_bytes", F_SIZE, C_RIGHT, 0 },
		{ "GFP", "gfp", F_TEXT, C_WRAP, 30 },
	};

	if (json_object_array_length(j_get(obj, "handles")))
		out_table(cli, j_get(obj, "handles"), cols, ARRAY_SIZE(cols));
	show_session(cli, obj);
}

int pages_list_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct json_object *obj, *arr, *row;
	struct mmkit_session_info info;
	unsigned int i;
	int fd;

	(void)data;
	(void)argc;
	(void)argv;
	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	arr = j_arr();
	for (i = 0; i < cli->nr_held; i++) {
		row = held_json(&cli->held[i]);
		j_num(row, "blocks", cli->held[i].blocks);
		j_num(row, "left", cli->held[i].left);
		json_object_array_add(arr, row);
	}
	if (cli->opt.verify && !mmkit_session_get(fd, &info))
		verify_field(cli, "handles", "MMKIT_SESSION_INFO", "session",
			     cli->nr_held, info.handles);
	obj = j_obj();
	j_add(obj, "handles", arr);
	j_add(obj, "session", session_json(fd));
	return result(cli, obj, show_list);
}

static void show_describe(struct cli *cli, struct json_object *obj)
{
	struct json_object *blocks = j_get(obj, "blocks");
	size_t i, nr = json_object_array_length(blocks), absent = 0;

	pages_show(cli, blocks, j_get(obj, "handle") ? "BLK" : "N");
	if (j_get(obj, "handle"))
		return;
	for (i = 0; i < nr; i++)
		absent += !json_object_get_boolean(
			j_get(json_object_array_get_idx(blocks, i), "present"));
	if (absent && nr == 1)
		out_line("no such page frame");
	else if (absent)
		out_line("%zu of %zu: no such page frame", absent, nr);
}

static int describe_show(struct cli *cli, int fd, uint32_t handle,
			 uint64_t first, const struct mmkit_page *pages, int nr)
{
	struct json_object *obj = j_obj(), *blocks;
	int i;

	for (i = 0; cli->opt.verify && i < nr; i++)
		verify_block(cli, fd, &pages[i], 1);
	blocks = pages_json(pages, handle ? first : 0, nr);
	if (handle && no_order(held_find(cli, handle)))
		forget_orders(blocks);
	if (handle)
		j_num(obj, "handle", handle);
	else
		j_null(obj, "handle");
	j_add(obj, "blocks", blocks);
	return result(cli, obj, show_describe);
}

static int describe_handle(struct cli *cli, int fd, uint32_t handle,
			   const struct describe_opts *opts)
{
	struct held *held = held_find(cli, handle);
	uint32_t nr = opts->nr;
	struct mmkit_page *pages;
	int ret;

	if (!nr)
		nr = held && held->blocks > opts->first ?
		     held->blocks - opts->first : 1;
	pages = calloc(nr, sizeof(*pages));
	if (!pages)
		return explain(cli, NULL, ENOMEM, "describing");
	ret = mmkit_pages_describe(fd, handle, opts->first, nr, pages);
	ret = ret < 0 ? handle_failed(cli, handle, ret, "describing") :
			describe_show(cli, fd, handle, opts->first, pages, ret);
	free(pages);
	return ret;
}

static int describe_pfn(struct cli *cli, int fd,
			const struct describe_opts *opts)
{
	uint32_t nr = opts->nr ? opts->nr : 1;
	struct mmkit_page *pages = calloc(nr, sizeof(*pages));
	int ret;

	if (!pages)
		return explain(cli, NULL, ENOMEM, "describing");
	ret = mmkit_pages_describe_pfn(fd, opts->pfn, nr, opts->step, pages);
	ret = ret < 0 ? explain(cli, handle_reasons, ret, "describing by PFN") :
			describe_show(cli, fd, 0, 0, pages, ret);
	free(pages);
	return ret;
}

int pages_describe_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct describe_opts *opts = data;
	uint32_t handle;
	int fd, status;

	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	if (opts->pfn != UINT64_MAX) {
		if (opts->handle || argc)
			return usage(cli, "give a handle or --pfn, not both");
		return describe_pfn(cli, fd, opts);
	}
	status = handle_arg(cli, opts->handle, argc, argv, &handle);
	return status ? status : describe_handle(cli, fd, handle, opts);
}
