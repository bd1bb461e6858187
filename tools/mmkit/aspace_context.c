// SPDX-License-Identifier: GPL-2.0-only
/* mmkit aspace context: what a CPU needs to know of an address space. */
#include <stdio.h>

#include "aspace.h"

static void show_context(struct cli *cli, struct json_object *obj)
{
	struct json_object *cpu = j_get(obj, "cpu");

	(void)cli;
	out_line("address space %llu: its root page table is in page frame 0x%llx",
		 (unsigned long long)j_get_u64(obj, "id"),
		 (unsigned long long)j_get_u64(obj, "root"));
	if (cpu)
		out_line("CR3 of CPU %llu: page frame 0x%llx, PCID %llu",
			 (unsigned long long)j_get_u64(obj, "cpu"),
			 (unsigned long long)j_get_u64(obj, "cr3"),
			 (unsigned long long)j_get_u64(obj, "pcid"));
	else
		out_line("CR3 holds the root of whoever asks: not this one");
	if (!json_object_get_boolean(j_get(obj, "has_pcid")))
		out_line("this CPU has no PCID: each load of CR3 empties the TLB");
	if (json_object_get_boolean(j_get(obj, "split")))
		out_line("user mode has a root of its own, in the next page frame (PTI)");
}

static struct json_object *
context_json(const struct mmkit_aspace_context *context)
{
	bool loaded = context->state & MMKIT_CONTEXT_LOADED;
	struct json_object *obj = j_obj();

	j_num(obj, "pid", context->pid);
	j_u64(obj, "root", context->root);
	j_u64(obj, "id", context->id);
	if (loaded) {
		j_u64(obj, "cr3", context->cr3);
		j_num(obj, "pcid", context->pcid);
		j_num(obj, "cpu", context->cpu);
	} else {
		j_null(obj, "cr3");
		j_null(obj, "pcid");
		j_null(obj, "cpu");
	}
	j_bool(obj, "has_pcid", context->state & MMKIT_CONTEXT_PCID);
	j_bool(obj, "split", context->state & MMKIT_CONTEXT_SPLIT);
	return obj;
}

/* The kernel has no file for it; a walk begins in the same table. */
static void verify_context(struct cli *cli, int fd,
			   const struct mmkit_aspace_context *context)
{
	struct mmkit_aspace_walk walk = { .pid = context->pid };
	struct mmkit_aspace_level levels[MMKIT_LEVELS];
	int nr = mmkit_aspace_walk(fd, &walk, levels);

	if (nr < 1) {
		verify_skip(cli, "root", "mmkit aspace walk", nr);
		return;
	}
	verify_field(cli, "root", "mmkit aspace walk", "address 0",
		     context->root, levels[0].table);
	if (context->state & MMKIT_CONTEXT_LOADED)
		verify_field(cli, "cr3", "mmkit aspace walk", "address 0",
			     context->cr3, levels[0].table);
}

int aspace_context_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct aspace_pages_opts *opts = data;
	struct mmkit_aspace_context context;
	int fd, err;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "aspace");
	if (fd < 0)
		return -fd;
	err = mmkit_aspace_context(fd, opts->pid, &context);
	if (err)
		return aspace_failed(cli, err, "context");
	if (cli->opt.verify)
		verify_context(cli, fd, &context);
	return result(cli, context_json(&context), show_context);
}
