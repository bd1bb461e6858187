// SPDX-License-Identifier: GPL-2.0-only
/* debugfs files of the memblock area: regions as the kernel prints them. */
#include <linux/capability.h>
#include <linux/seq_file.h>
#include "sandbox.h"

/* As memblock_dump() has it. */
static void dump(struct seq_file *m, const char *name,
		 const struct mmkit_regions *regions)
{
	u64 i;

	seq_printf(m, " %s.cnt  = 0x%llx\n", name, regions->cnt);
	for (i = 0; i < regions->cnt; i++) {
		const struct mmkit_memblock_region *region =
			&regions->region[i];

		if (seq_has_overflowed(m))
			return;
		seq_printf(m, " %s[%#llx]\t[0x%016llx-0x%016llx], 0x%016llx bytes",
			   name, i, region->base,
			   mmkit_region_end(region) - 1, region->bytes);
		if (region->node != MMKIT_MEMBLOCK_NO_NODE)
			seq_printf(m, " on node %d", region->node);
		seq_printf(m, " flags: %#x\n", region->flags);
	}
}

/**
 * mmkit_memblock_dump() - The whole of it, as __memblock_dump_all() prints it.
 * @m: to be printed to
 * @model: an allocator
 *
 * Context: Process.
 */
void mmkit_memblock_dump(struct seq_file *m, const struct mmkit_model *model)
{
	seq_puts(m, "MEMBLOCK configuration:\n");
	seq_printf(m, " memory size = 0x%016llx reserved size = 0x%016llx\n",
		   model->memory.total, model->reserved.total);
	dump(m, "memory", &model->memory);
	dump(m, "reserved", &model->reserved);
}

static void show_sandbox(struct seq_file *m, struct mmkit_session *session)
{
	const struct mmkit_memblock_session *mine = session->private;

	lockdep_assert_held(&session->lock);

	seq_printf(m, "session %llu\n", session->id);
	mmkit_memblock_dump(m, &mine->sandbox.model);
}

static int show_sandboxes(struct seq_file *m, void *unused)
{
	return mmkit_show_sessions(m, show_sandbox);
}

static void show_one_observed(struct seq_file *m,
			      struct mmkit_session *session)
{
	const struct mmkit_memblock_session *mine = session->private;

	lockdep_assert_held(&session->lock);

	if (!mine->has_observed)
		return;
	seq_printf(m, "session %llu\n", session->id);
	mmkit_memblock_dump(m, &mine->observed.model);
}

/* The files are root's, but what is in them is for an administrator. */
static int show_observed(struct seq_file *m, void *unused)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	return mmkit_show_sessions(m, show_one_observed);
}

struct mmkit_show mmkit_memblock_shows[] = {
	{ .name = "observed", .show = show_observed },
	{ .name = "objects", .show = mmkit_show_objects },
	{ .name = "sandboxes", .show = show_sandboxes },
	{ }
};
