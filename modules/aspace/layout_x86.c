// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's half of x86-64, see Documentation/x86/x86_64/mm.rst. Where its
 * areas begin is random and stays here; how large they are is told.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>
#include <asm/fixmap.h>
#include <mmkit/aspace.h>
#include "layout.h"

struct area {
	u32 id;
	unsigned long (*start)(void);
	unsigned long (*bytes)(void);
};

static unsigned long direct_start(void)
{
	return PAGE_OFFSET;
}

static unsigned long direct_bytes(void)
{
	return (unsigned long)high_memory - PAGE_OFFSET;
}

static unsigned long vmalloc_start(void)
{
	return VMALLOC_START;
}

static unsigned long vmalloc_bytes(void)
{
	return VMALLOC_END + 1 - VMALLOC_START;
}

static unsigned long vmemmap_start(void)
{
	return VMEMMAP_START;
}

static unsigned long vmemmap_bytes(void)
{
	return PFN_ALIGN(PFN_UP(__pa(high_memory - 1) + 1) *
			 sizeof(struct page));
}

static unsigned long text_start(void)
{
	return __START_KERNEL_map;
}

static unsigned long text_bytes(void)
{
	return KERNEL_IMAGE_SIZE;
}

static unsigned long modules_start(void)
{
	return MODULES_VADDR;
}

static unsigned long modules_bytes(void)
{
	return MODULES_LEN;
}

static unsigned long fixmap_start(void)
{
	return FIXADDR_START;
}

static unsigned long fixmap_bytes(void)
{
	return FIXADDR_SIZE;
}

/* In the order of their addresses, randomised or not. */
static const struct area areas[] = {
	{ MMKIT_AREA_DIRECT, direct_start, direct_bytes },
	{ MMKIT_AREA_VMALLOC, vmalloc_start, vmalloc_bytes },
	{ MMKIT_AREA_VMEMMAP, vmemmap_start, vmemmap_bytes },
	{ MMKIT_AREA_TEXT, text_start, text_bytes },
	{ MMKIT_AREA_MODULES, modules_start, modules_bytes },
	{ MMKIT_AREA_FIXMAP, fixmap_start, fixmap_bytes },
};

/**
 * mmkit_kernel_areas() - The areas of the kernel's half.
 * @out: room for %MMKIT_LAYOUT_ROOM
 *
 * Context: Any.
 * Return: how many there are.
 */
u32 mmkit_kernel_areas(struct mmkit_kernel_area *out)
{
	u32 i;

	BUILD_BUG_ON(ARRAY_SIZE(areas) > MMKIT_LAYOUT_ROOM);
	for (i = 0; i < ARRAY_SIZE(areas); i++)
		out[i] = (struct mmkit_kernel_area) {
			.id = areas[i].id,
			.bytes = areas[i].bytes(),
		};
	return i;
}

/**
 * mmkit_kernel_address() - The address at an offset in an area.
 * @area: enum mmkit_kernel_area_id, not ABSOLUTE
 * @offset: in it
 * @address: out
 *
 * Context: Any.
 * Return: 0, -EINVAL no such area, or an offset that is not in it.
 */
int mmkit_kernel_address(u32 area, u64 offset, unsigned long *address)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(areas); i++) {
		if (areas[i].id != area)
			continue;
		if (offset >= areas[i].bytes())
			return -EINVAL;
		*address = areas[i].start() + offset;
		return 0;
	}
	return -EINVAL;
}

/**
 * mmkit_address_bits() - How many bits of an address the page tables translate.
 *
 * Context: Any.
 * Return: 48, or 57 with five levels.
 */
u32 mmkit_address_bits(void)
{
	return __VIRTUAL_MASK_SHIFT + 1;
}

/**
 * mmkit_kernel_bytes() - How large the kernel's half is.
 *
 * Context: Any.
 * Return: half of what the page tables translate.
 */
u64 mmkit_kernel_bytes(void)
{
	return BIT_ULL(mmkit_address_bits() - 1);
}
