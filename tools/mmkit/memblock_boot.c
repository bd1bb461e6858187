// SPDX-License-Identifier: GPL-2.0-only
/* mmkit memblock boot: real calls at boot, beside what the sandbox says. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "memblock.h"
#include "page.h"
#include "page_state.h"

static const char *const verbs[] = { "alloc", "reserve", "free" };

static const struct reason reasons[] = {
	{ EOPNOTSUPP, "this kernel was not built with CONFIG_MMKIT_MEMBLOCK_BOOT",
	  "make intree KSRC=DIR puts it into a kernel",
	  EXIT_ABSENT },
	{ ENODATA, "this kernel was booted without mmkit.memblock=",
	  "boot with mmkit.memblock=alloc:1M:align=64K", EXIT_ABSENT },
	{ 0 },
};

static const char *outcome(int err)
{
	return err ? errno_name(err) : "ok";
}

static struct json_object *booted_json(const struct mmkit_memblock_booted *b)
{
	struct json_object *obj = j_obj();

	j_str(obj, "request", b->verb < ARRAY_SIZE(verbs) ? verbs[b->verb] : NULL);
	j_u64(obj, "bytes", b->bytes);
	j_u64(obj, "align", b->align);
	j_num(obj, "node", b->node);
	j_u64(obj, "address", b->base);
	j_str(obj, "outcome", outcome(b->err));
	j_u64(obj, "predicted", b->predicted);
	j_str(obj, "predicted_outcome", outcome(b->predicted_err));
	j_u64(obj, "reserved_pages", b->kept);
	j_u64(obj, "buddy_pages", b->given);
	return obj;
}

static void show(struct cli *cli, struct json_object *obj)
{
	static const struct column cols[] = {
		{ "REQUEST", "request", F_TEXT, 0, 0 },
		{ "SIZE", "bytes", F_SIZE, C_RIGHT, 0 },
		{ "ADDRESS", "address", F_HEX, C_RIGHT, 0 },
		{ "OUTCOME", "outcome", F_TEXT, 0, 0 },
		{ "SANDBOX", "predicted", F_HEX, C_RIGHT, 0 },
		{ "OUTCOME", "predicted_outcome", F_TEXT, 0, 0 },
		{ "RSVD", "reserved_pages", F_TEXT, C_RIGHT, 0 },
		{ "BUDDY", "buddy_pages", F_TEXT, C_RIGHT, 0 },
	};

	out_table(cli, j_get(obj, "requests"), cols, ARRAY_SIZE(cols));
	if (json_object_get_boolean(j_get(obj, "malformed")))
		out_line("what follows in mmkit.memblock= could not be read (see dmesg)");
}

static void verify_pages(struct cli *cli, const char *where,
			 const struct mmkit_memblock_booted *b)
{
	uint64_t from = b->base / page_size(),
		 to = (b->base + b->bytes + page_size() - 1) / page_size();
	uint64_t kept = 0, holes = 0;
	int err;

	if (b->err)
		return;
	err = page_states_count(from, to, &kept, &holes);
	if (err) {
		verify_skip(cli, "reserved pages", "/proc/kpageflags", err);
		return;
	}
	verify_field(cli, "reserved pages", "/proc/kpageflags", where, b->kept,
		     kept);
	verify_field(cli, "pages of the buddy", "/proc/kpageflags", where,
		     b->given, to - from - kept - holes);
}

static void verify(struct cli *cli, const char *where,
		   const struct mmkit_memblock_booted *b)
{
	verify_field(cli, "address", "the sandbox", where, b->base,
		     b->err ? b->base : b->predicted);
	verify_field(cli, "outcome", "the sandbox", where, b->err,
		     b->predicted_err);
	verify_pages(cli, where, b);
}

int memblock_boot_run(struct cli *cli, void *data, int argc, char **argv)
{
	struct mmkit_memblock_booted booted[MMKIT_MEMBLOCK_BOOT_MAX];
	struct mmkit_memblock_boot req = {
		.nr = MMKIT_MEMBLOCK_BOOT_MAX, .booted = (uintptr_t)booted,
	};
	struct json_object *obj, *arr;
	char where[16];
	uint32_t i;
	int fd, err;

	(void)data;
	(void)argc;
	(void)argv;
	fd = area_open(cli, "memblock");
	if (fd < 0)
		return -fd;
	err = mmkit_memblock_boot(fd, &req);
	if (err)
		return explain(cli, reasons, err, "boot");
	obj = j_obj();
	arr = j_arr();
	for (i = 0; i < req.nr; i++) {
		json_object_array_add(arr, booted_json(&booted[i]));
		snprintf(where, sizeof(where), "request %u", i + 1);
		if (cli->opt.verify)
			verify(cli, where, &booted[i]);
	}
	j_bool(obj, "malformed", req.malformed);
	j_add(obj, "requests", arr);
	return result(cli, obj, show);
}
