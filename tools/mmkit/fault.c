// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's fault injection, so that allocations fail which this task makes
 * and no other: Documentation/fault-injection in the kernel's source.
 */
#include <stdio.h>
#include <string.h>

#include "kernel_file.h"
#include "slab.h"

#define DEBUGFS	"/sys/kernel/debug"

static int set(const struct fault *fault, const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), DEBUGFS "/%s/%s", fault->dir, name);
	return file_put(path, value);
}

/* What waits does not fail: mempool_alloc() does not wait at first. */
static const struct {
	const char *name, *armed, *idle;
} knobs[] = {
	{ "probability", "100", "0" },
	{ "interval", "1", "1" },
	{ "times", "-1", "1" },
	{ "verbose", "0", "2" },
	{ "ignore-gfp-wait", "Y", "Y" },
	{ "task-filter", "Y", "N" },
};

/* Returns 0, -ENOENT when this kernel has no such thing, -EACCES, ... */
int fault_arm(struct fault *fault, const char *dir)
{
	size_t i;
	int err;

	fault->dir = dir;
	/* First whom, then how likely. */
	for (i = ARRAY_SIZE(knobs); i--;) {
		err = set(fault, knobs[i].name, knobs[i].armed);
		if (err)
			return err;
	}
	/* Of pages alone; slabs have none. */
	set(fault, "min-order", "0");
	err = file_put("/proc/self/make-it-fail", "1");
	fault->armed = !err;
	return err;
}

/* Back to what a kernel that has just booted says. */
void fault_disarm(struct fault *fault)
{
	size_t i;

	file_put("/proc/self/make-it-fail", "0");
	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		set(fault, knobs[i].name, knobs[i].idle);
	set(fault, "min-order", "1");
	fault->armed = false;
}
