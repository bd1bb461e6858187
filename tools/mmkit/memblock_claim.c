// SPDX-License-Identifier: GPL-2.0-only
/* mmkit memblock claim, release: a carve-out for this session, or for a store. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "memblock.h"

/* What keeps a carve-out from being claimed. */
const struct reason memblock_claim_reasons[] = {
	{ EACCES, "the kernel is locked down", "boot without lockdown=",
	  EXIT_FAILED },
	{ EINVAL, "it takes a name, or a range of whole pages",
	  "mmkit memblock claim -a ADDRESS -b SIZE", EXIT_FAILED },
	{ ERANGE, "not all of it is Reserved in /proc/iomem",
	  "boot with memmap=SIZE$ADDRESS (in GRUB's file the dollar is \\\\\\$)",
	  EXIT_FAILED },
	{ EBUSY, "somebody has claimed it already", "cat /proc/iomem",
	  EXIT_FAILED },
	{ ENOENT, "reserve_mem= took nothing of that name",
	  "mmkit memblock carveouts", EXIT_FAILED },
	{ EOPNOTSUPP, "this kernel has no reserve_mem= (it came with 6.12)",
	  "memmap=SIZE$ADDRESS", EXIT_ABSENT },
	{ 0 },
};

static const struct reason release_reasons[] = {
	{ ENOENT, "no such handle in this session",
	  "a one-shot mmkit starts without handles, so use mmkit shell or mmkit run",
	  EXIT_FAILED },
	{ EBUSY, "a store has it", "mmkit map set -b 0 in the session that has it, or end that session",
	  EXIT_FAILED },
	{ 0 },
};

static void show_claim(struct cli *cli, struct json_object *obj)
{
	(void)cli;
	out_line("handle %llu: %s%s",
		 (unsigned long long)j_get_u64(obj, "handle"),
		 json_object_get_string(j_get(obj, "range")),
		 json_object_get_boolean(j_get(obj, "offered")) ?
		 ", offered to stores of strategies io and iohuge" : "");
}

int memblock_claim_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct memblock_claim_opts *opts = data;
	struct mmkit_memblock_claim req = {
		.base = opts->base,
		.bytes = opts->bytes,
		.flags = opts->offer ? MMKIT_MEMBLOCK_OFFER : 0,
	};
	struct json_object *obj;
	int fd, err;

	(void)argc;
	(void)argv;
	if (opts->name)
		snprintf(req.name, sizeof(req.name), "%s", opts->name);
	fd = area_open(cli, "memblock");
	if (fd < 0)
		return -fd;
	err = mmkit_memblock_claim(fd, &req);
	if (err)
		return explain(cli, memblock_claim_reasons, err, "claim");
	obj = memblock_range_json(req.base, req.bytes);
	j_num(obj, "handle", req.handle);
	j_bool(obj, "offered", opts->offer);
	return result(cli, obj, show_claim);
}

int memblock_release_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct json_object *obj;
	uint32_t handle;
	int fd, err;

	(void)data;
	(void)argc;
	err = handle_open(cli, "memblock", argv[0], &handle, &fd);
	if (err)
		return err;
	err = mmkit_memblock_release(fd, handle);
	if (err)
		return explain(cli, release_reasons, err, "release");
	obj = j_obj();
	j_num(obj, "handle", handle);
	return result(cli, obj, NULL);
}
