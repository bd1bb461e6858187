// SPDX-License-Identifier: GPL-2.0-only
/* mmkit pages fragment and compact: break memory up, and have it repaired. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "kernel_file.h"
#include "pages.h"

#define COMPACT		"/proc/sys/vm/compact_memory"
#define COMPACT_ORDER	9	/* what compact --fragment breaks up */

static const struct reason fragment_reasons[] = {
	{ EINVAL, "order, gfp or node is not one the kernel takes here",
	  "an order from 1 to the largest (mmkit info), gfp without COMP",
	  EXIT_FAILED },
	{ ENOMEM, "not one free block of that order is left to break up",
	  "a smaller --order; mmkit pages buddy shows the free blocks",
	  EXIT_FAILED },
	{ 0 },
};

static const struct reason compact_reasons[] = {
	{ ENOENT, "this kernel has no compaction (CONFIG_COMPACTION)",
	  "a kernel built with it", EXIT_ABSENT },
	{ EACCES, "only root may ask the kernel to compact", "run it as root",
	  EXIT_FAILED },
	{ 0 },
};

static void show_moment(struct cli *cli, struct json_object *obj,
			const char *key, const char *title)
{
	struct json_object *zones = j_get(obj, key);

	if (!zones)
		return;
	out_line("Free blocks per order, %s:", title);
	zones_show_per_order(cli, zones, "nr_free", F_TEXT);
	out_line("Unusable free space index, %s:", title);
	zones_show_per_order(cli, zones, "unusable", F_MILLI);
	out_line("Fragmentation index, %s:", title);
	zones_show_per_order(cli, zones, "fragmentation", F_INDEX);
	out_blank();
}

static void show_fragment(struct cli *cli, struct json_object *obj)
{
	show_moment(cli, obj, "before", "before");
	show_moment(cli, obj, "after", "after");
	out_line("%llu block%s of order %llu broken up, one %s page kept in each",
		 (unsigned long long)j_get_u64(obj, "blocks"),
		 plural(j_get_u64(obj, "blocks")),
		 (unsigned long long)j_get_u64(obj, "order"),
		 json_object_get_boolean(j_get(obj, "movable")) ?
		 "movable" : "unmovable");
}

static int fragment_module(struct cli *cli, int fd,
			   const struct fragment_opts *opts,
			   struct json_object *obj)
{
	struct mmkit_pages_fragment req = {
		.order = opts->order,
		.bytes = opts->bytes,
		.gfp = opts->gfp,
		.node = opts->node,
	};
	struct held held;
	int err = mmkit_pages_fragment(fd, &req), status = EXIT_OK;

	if (err == -EDQUOT)
		return explain_quota(cli, fd, opts->bytes, "fragmenting");
	if (err == -EINVAL)
		status = pages_fragment_mistake(cli, &req);
	if (err)
		return status ? status : explain(cli, fragment_reasons, err,
						 "fragmenting");
	held = (struct held){
		.handle = req.handle, .how = MMKIT_PAGES_BUDDY,
		.gfp = req.gfp, .blocks = req.blocks, .left = req.blocks,
		.block_bytes = sysconf(_SC_PAGESIZE),
	};
	held_add(cli, &held);
	j_num(obj, "handle", req.handle);
	j_num(obj, "blocks", req.blocks);
	return EXIT_OK;
}

static int fragment_own(struct cli *cli, const struct fragment_opts *opts,
			struct json_object *obj)
{
	uint64_t blocks;
	int status;

	status = movable_fragment(cli, opts->bytes, opts->order, &blocks);
	if (status)
		return status;
	j_null(obj, "handle");
	j_u64(obj, "blocks", blocks);
	return EXIT_OK;
}

static int add_sample(struct cli *cli, int fd, struct json_object *obj,
		      const char *key)
{
	int status = EXIT_OK;
	struct json_object *zones = zones_sample(cli, fd, ZONE_BUDDYINFO |
						 ZONE_EXTFRAG, &status);

	if (!zones)
		return status;
	j_add(obj, key, zones);
	return EXIT_OK;
}

static int fragment_steps(struct cli *cli, int fd,
			  const struct fragment_opts *opts,
			  struct json_object *obj)
{
	int status = add_sample(cli, fd, obj, "before");

	if (status)
		return status;
	status = opts->movable ? fragment_own(cli, opts, obj) :
				 fragment_module(cli, fd, opts, obj);
	return status ? status : add_sample(cli, fd, obj, "after");
}

/* Nothing would be broken up. */
static int check_bytes(struct cli *cli, uint64_t bytes, uint32_t order)
{
	uint64_t block = page_size() << (order & 31);
	char have[32], want[32];

	if (bytes >= block)
		return EXIT_OK;
	format_size(have, sizeof(have), bytes);
	format_size(want, sizeof(want), block);
	return fail(cli, EXIT_USAGE, 0, "a larger --bytes or a smaller --order",
		    "--bytes %s is less than one block of order %u (%s)", have,
		    order, want);
}

int pages_fragment_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct fragment_opts *opts = data;
	struct json_object *obj;
	int fd, status;

	(void)argc;
	(void)argv;
	if (opts->order < 1)
		return usage(cli, "--order %u: blocks to break have an order from 1 on",
			     opts->order);
	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	status = pages_order_mistake(cli, opts->order);
	if (!status)
		status = check_bytes(cli, opts->bytes, opts->order);
	if (status)
		return status;
	obj = j_obj();
	j_num(obj, "order", opts->order);
	j_u64(obj, "bytes", opts->bytes);
	j_bool(obj, "movable", opts->movable);
	status = fragment_steps(cli, fd, opts, obj);
	if (status) {
		json_object_put(obj);
		return status;
	}
	status = result(cli, obj, show_fragment);
	pages_hold(cli, opts->hold, "pages");
	return status;
}

static void show_compact(struct cli *cli, struct json_object *obj)
{
	show_moment(cli, obj, "before", "before");
	show_moment(cli, obj, "fragmented", "fragmented");
	show_moment(cli, obj, "after", "after compaction");
	if (j_get(obj, "blocks"))
		out_line("one page in each of %llu blocks of order %d; after compaction those pages fill %llu",
			 (unsigned long long)j_get_u64(obj, "blocks"),
			 COMPACT_ORDER,
			 (unsigned long long)j_get_u64(obj, "blocks_after"));
}

static int settled_sample(struct cli *cli, int fd, struct json_object *obj,
			  const char *key)
{
	settle_lists();
	return add_sample(cli, fd, obj, key);
}

static int fragment_first(struct cli *cli, int fd, uint64_t bytes,
			  struct json_object *obj)
{
	uint64_t blocks;
	int status;

	status = movable_fragment(cli, bytes, COMPACT_ORDER, &blocks);
	if (status)
		return status;
	j_u64(obj, "blocks", blocks);
	return settled_sample(cli, fd, obj, "fragmented");
}

static int compact_now(struct cli *cli, uint64_t bytes, struct json_object *obj)
{
	uint64_t blocks;
	int err = file_put(COMPACT, "1");

	if (!err && bytes)
		err = movable_blocks(cli, COMPACT_ORDER, &blocks);
	if (err)
		return explain(cli, compact_reasons, err, "compacting");
	if (bytes)
		j_u64(obj, "blocks_after", blocks);
	return EXIT_OK;
}

static int compact_steps(struct cli *cli, int fd, uint64_t bytes,
			 struct json_object *obj)
{
	int status = settled_sample(cli, fd, obj, "before");

	j_null(obj, "fragmented");
	j_null(obj, "blocks");
	j_null(obj, "blocks_after");
	if (!status && bytes)
		status = fragment_first(cli, fd, bytes, obj);
	if (!status)
		status = compact_now(cli, bytes, obj);
	return status ? status : settled_sample(cli, fd, obj, "after");
}

int pages_compact_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct compact_opts *opts = data;
	struct json_object *obj;
	int fd, status;

	(void)argc;
	(void)argv;
	status = opts->bytes ? check_bytes(cli, opts->bytes, COMPACT_ORDER) :
			       EXIT_OK;
	if (status)
		return status;
	if (access(COMPACT, F_OK))
		return explain(cli, compact_reasons, ENOENT, "compacting");
	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	obj = j_obj();
	status = compact_steps(cli, fd, opts->bytes, obj);
	if (opts->bytes)
		movable_release(cli);
	if (status) {
		json_object_put(obj);
		return status;
	}
	return result(cli, obj, show_compact);
}
