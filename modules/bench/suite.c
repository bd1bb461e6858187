// SPDX-License-Identifier: GPL-2.0-only
/* The table of all benchmarks that run in the kernel. */
#include <linux/string.h>
#include "measure.h"

static const struct mmkit_suite_row *const suites[] = {
	mmkit_suite_core, mmkit_suite_pages, mmkit_suite_heap,
	mmkit_suite_slab, mmkit_suite_mempool, mmkit_suite_percpu,
	mmkit_suite_registry,
};

/**
 * mmkit_suite_find() - Look a benchmark up.
 * @name: as user space sent it, NUL-terminated
 *
 * Context: Any.
 * Return: its row, or NULL.
 */
const struct mmkit_suite_row *mmkit_suite_find(const char *name)
{
	const struct mmkit_suite_row *row;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		for (row = suites[i]; row->name; row++)
			if (!strcmp(row->name, name))
				return row;
	return NULL;
}

unsigned int mmkit_suite_nr_x(const struct mmkit_suite_row *row)
{
	unsigned int nr = 1;

	while (nr < MMKIT_BENCH_X_MAX && row->x[nr])
		nr++;
	return nr;
}

static void row_info(struct mmkit_bench_row *info,
		     const struct mmkit_suite_row *row)
{
	strscpy(info->name, row->name, sizeof(info->name));
	strscpy(info->axis, row->axis, sizeof(info->axis));
	strscpy(info->help, row->help, sizeof(info->help));
	info->flags = row->flags;
	info->nr = mmkit_suite_nr_x(row);
	memcpy(info->x, row->x, info->nr * sizeof(info->x[0]));
}

/**
 * mmkit_suite_list() - Copy out what there is.
 * @rows: zeroed room
 * @room: elements of it
 *
 * Context: Any.
 * Return: how many there are; at most @room were copied.
 */
u32 mmkit_suite_list(struct mmkit_bench_row *rows, u32 room)
{
	const struct mmkit_suite_row *row;
	size_t i;
	u32 nr = 0;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		for (row = suites[i]; row->name; row++, nr++)
			if (nr < room)
				row_info(&rows[nr], row);
	return nr;
}
