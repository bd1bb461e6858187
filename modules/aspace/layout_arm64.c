// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's half of arm64, see Documentation/arm64/memory.rst. How large its areas
 * are is told; the direct map and vmemmap are all the room that is set aside, for where
 * memory lies in it is random. The kernel itself is in the vmalloc area.
 *
 * Its page tables hang on a root of their own, which no module is told of: none of
 * these addresses is looked up.
 */
#include <linux/mm.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>
#include <asm/fixmap.h>
#include <mmkit/aspace.h>
#include "layout.h"

struct area {
	u32 id;
	unsigned long start;
	unsigned long end;
};

/* Their order differs between kernels. */
static int by_start(const void *a, const void *b)
{
	const struct area *one = a, *other = b;

	return one->start < other->start ? -1 : one->start > other->start;
}

/**
 * mmkit_kernel_areas() - The areas of the kernel's half.
 * @out: room for %MMKIT_LAYOUT_ROOM
 *
 * Context: Any.
 * Return: how many there are.
 */
u32 mmkit_kernel_areas(struct mmkit_kernel_area *out)
{
	struct area areas[] = {
		{ MMKIT_AREA_DIRECT, _PAGE_OFFSET(vabits_actual), PAGE_END },
		{ MMKIT_AREA_MODULES, MODULES_VADDR, MODULES_END },
		{ MMKIT_AREA_VMALLOC, VMALLOC_START, VMALLOC_END },
		{ MMKIT_AREA_FIXMAP, FIXADDR_START, FIXADDR_TOP },
		{ MMKIT_AREA_VMEMMAP, VMEMMAP_START, VMEMMAP_END },
	};
	u32 i;

	BUILD_BUG_ON(ARRAY_SIZE(areas) > MMKIT_LAYOUT_ROOM);
	sort(areas, ARRAY_SIZE(areas), sizeof(*areas), by_start, NULL);
	for (i = 0; i < ARRAY_SIZE(areas); i++)
		out[i] = (struct mmkit_kernel_area) {
			.id = areas[i].id,
			.bytes = areas[i].end - areas[i].start,
		};
	return i;
}

/**
 * mmkit_kernel_bytes() - How large the kernel's half is.
 *
 * Context: Any.
 * Return: as much as the user half has, which is another table's.
 */
u64 mmkit_kernel_bytes(void)
{
	return BIT_ULL(vabits_actual);
}
