// SPDX-License-Identifier: GPL-2.0-only
/* MMKIT_GFP_x: which combinations make sense, and their names. Pure. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <mmkit/gfp.h>
#include <mmkit/gfp_names.h>

static bool at_most_one(u32 bits)
{
	return !(bits & (bits - 1));
}

/**
 * mmkit_gfp_check() - Is this a combination that the kernel can serve?
 * @gfp: MMKIT_GFP_x, as sent by user space
 *
 * The zone table of the page allocator has no entry for two zones at once
 * (GFP_ZONE_BAD in linux/gfp.h), and GFP_HIGHUSER_MOVABLE names zones itself.
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_gfp_check(u32 gfp)
{
	if (gfp & ~MMKIT_GFP_ALL)
		return -EINVAL;
	if (!at_most_one(gfp & MMKIT_GFP_CONTEXTS) ||
	    !at_most_one(gfp & MMKIT_GFP_ZONES))
		return -EINVAL;
	if ((gfp & MMKIT_GFP_HIGHUSER_MOVABLE) && (gfp & MMKIT_GFP_ZONES))
		return -EINVAL;
	if ((gfp & MMKIT_GFP_NORETRY) && (gfp & MMKIT_GFP_RETRY_MAYFAIL))
		return -EINVAL;
	return 0;
}
EXPORT_SYMBOL_GPL(mmkit_gfp_check);

static bool is_name(const char *text, size_t len, const char *name)
{
	if (len > 6 && !strncmp(text, "__GFP_", 6)) {
		text += 6;
		len -= 6;
	} else if (len > 4 && !strncmp(text, "GFP_", 4)) {
		text += 4;
		len -= 4;
	}
	return strlen(name) == len && !strncmp(text, name, len);
}

static u32 name_to_bit(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mmkit_gfp_names); i++)
		if (is_name(text, len, mmkit_gfp_names[i].name))
			return mmkit_gfp_names[i].bit;
	return 0;
}

/**
 * mmkit_gfp_parse() - Read flags from text.
 * @text: names joined by ',' or '|', with or without GFP_ or __GFP_ before
 * @gfp: out: MMKIT_GFP_x, not checked for contradictions
 *
 * Return: 0 or -EINVAL.
 */
int mmkit_gfp_parse(const char *text, u32 *gfp)
{
	u32 bits = 0;

	for (;;) {
		size_t len = strcspn(text, ",|");
		u32 bit = name_to_bit(text, len);

		if (!bit)
			return -EINVAL;
		bits |= bit;
		if (!text[len])
			break;
		text += len + 1;
	}
	*gfp = bits;
	return 0;
}
EXPORT_SYMBOL_GPL(mmkit_gfp_parse);
