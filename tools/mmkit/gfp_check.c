// SPDX-License-Identifier: GPL-2.0-only
/* Which allocation flags exclude each other, as mmkit_gfp_check() in the core. */
#include <stdio.h>

#include "cli.h"

/* Of each of these sets at most one bit. */
static const uint32_t one_of[] = {
	MMKIT_GFP_CONTEXTS,
	MMKIT_GFP_ZONES,
	MMKIT_GFP_HIGHUSER_MOVABLE | MMKIT_GFP_DMA,
	MMKIT_GFP_HIGHUSER_MOVABLE | MMKIT_GFP_DMA32,
	MMKIT_GFP_NORETRY | MMKIT_GFP_RETRY_MAYFAIL,
};

/* Two bits of @gfp that exclude each other, or 0. */
static uint32_t conflict(uint32_t gfp)
{
	uint32_t both, low;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(one_of); i++) {
		both = gfp & one_of[i];
		low = both & -both;
		both ^= low;
		if (both)
			return low | (both & -both);
	}
	return 0;
}

bool gfp_excludes(uint32_t gfp, uint32_t bit)
{
	return gfp & bit || conflict(gfp | bit);
}

/* What is wrong with @gfp in words; false when nothing is. */
bool gfp_mistake(uint32_t gfp, char *text, size_t len)
{
	uint32_t both = conflict(gfp), low = both & -both;
	char a[32], b[32];

	if (!both)
		return false;
	mmkit_gfp_format(low, a, sizeof(a));
	mmkit_gfp_format(both ^ low, b, sizeof(b));
	if (both & MMKIT_GFP_HIGHUSER_MOVABLE && both & MMKIT_GFP_ZONES)
		snprintf(text, len, "HIGHUSER_MOVABLE names its zones itself; drop %s",
			 low == MMKIT_GFP_HIGHUSER_MOVABLE ? b : a);
	else
		snprintf(text, len, "%s and %s exclude each other", a, b);
	return true;
}
