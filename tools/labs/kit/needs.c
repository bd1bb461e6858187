// SPDX-License-Identifier: GPL-2.0-only
/* What a lab needs, found or set up before it runs. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run.h"

static const struct {
	unsigned int need;
	const char *name;
} needs[] = {
	{ LAB_ROOT, "root" },
	{ LAB_SWAP, "swap" },
	{ LAB_MEMCG, "memory cgroups" },
	{ LAB_THP, "huge pages" },
	{ LAB_NODES, "two nodes" },
	{ LAB_PAGES, "mmkit pages" },
	{ LAB_HEAP, "mmkit heap" },
	{ LAB_MAP, "mmkit map" },
	{ LAB_SLAB, "mmkit slab" },
	{ LAB_TRACE, "tracing" },
	{ LAB_ASPACE, "mmkit aspace" },
	{ LAB_MEMBLOCK, "mmkit memblock" },
};

struct json_object *needs_json(const struct lab *lab)
{
	struct json_object *arr = j_arr();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(needs); i++)
		if (lab->needs & needs[i].need)
			json_object_array_add(arr,
				json_object_new_string(needs[i].name));
	return arr;
}

static void need_memcg(struct lab_run *run)
{
	char text[256] = "";

	if (access("/sys/fs/cgroup/cgroup.subtree_control", F_OK))
		skip(run, "no cgroup v2 at /sys/fs/cgroup");
	read_text(run, "/sys/fs/cgroup/cgroup.controllers", text, sizeof(text));
	if (!strstr(text, "memory"))
		skip(run, "the kernel has no memory cgroups (CONFIG_MEMCG)");
	read_text(run, "/sys/fs/cgroup/cgroup.subtree_control", text,
		  sizeof(text));
	if (strstr(text, "memory"))
		return;
	undo_by_write(run, "/sys/fs/cgroup/cgroup.subtree_control", "-memory");
	write_text(run, "/sys/fs/cgroup/cgroup.subtree_control", "+memory");
}

static void need_area(struct lab_run *run, const char *area)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/mmkit/%s", area);
	if (access(path, F_OK))
		skip(run, "mmkit_%s is not loaded; try: mmkit load", area);
}

/* Ends the lab's process when something cannot be had. */
void lab_prepare(struct lab_run *run)
{
	unsigned int want = run->lab->needs;

	if (want & LAB_ROOT && geteuid())
		skip(run, "page frame numbers and settings are root's; try: run it as root");
	if (want & LAB_PAGES)
		need_area(run, "pages");
	if (want & LAB_HEAP)
		need_area(run, "heap");
	if (want & LAB_MAP)
		need_area(run, "map");
	if (want & LAB_SLAB)
		need_area(run, "slab");
	if (want & LAB_TRACE && access("/sys/kernel/tracing/instances", F_OK))
		skip(run, "the kernel has no tracing, or it is not mounted (CONFIG_TRACING)");
	if (want & LAB_ASPACE)
		need_area(run, "aspace");
	if (want & LAB_MEMBLOCK)
		need_area(run, "memblock");
	if (want & LAB_THP && access("/sys/kernel/mm/transparent_hugepage", F_OK))
		skip(run, "the kernel has no transparent huge pages (CONFIG_TRANSPARENT_HUGEPAGE)");
	if (want & LAB_NODES && access("/sys/devices/system/node/node1", F_OK))
		skip(run, "the machine has one NUMA node, or the kernel knows none (CONFIG_NUMA); make vm has NUMA=2");
	if (want & LAB_MEMCG)
		need_memcg(run);
	if (want & LAB_SWAP)
		swap_prepare(run);
}
