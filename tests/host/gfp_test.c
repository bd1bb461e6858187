// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "host.h"
#include "mmkit/gfp.h"
#include "../cases/gfp.h"

HOST_CASE(gfp_check, struct gfp_check_row)
HOST_CASE(gfp_parse, struct gfp_parse_row)

#define FLAGS	12

static const struct {
	const char *name;
	u32 bit;
} flags[FLAGS] = {
	{ "KERNEL", MMKIT_GFP_KERNEL }, { "ATOMIC", MMKIT_GFP_ATOMIC },
	{ "NOWAIT", MMKIT_GFP_NOWAIT },
	{ "HIGHUSER_MOVABLE", MMKIT_GFP_HIGHUSER_MOVABLE },
	{ "DMA", MMKIT_GFP_DMA }, { "DMA32", MMKIT_GFP_DMA32 },
	{ "ZERO", MMKIT_GFP_ZERO }, { "NOWARN", MMKIT_GFP_NOWARN },
	{ "NORETRY", MMKIT_GFP_NORETRY },
	{ "RETRY_MAYFAIL", MMKIT_GFP_RETRY_MAYFAIL },
	{ "THISNODE", MMKIT_GFP_THISNODE }, { "COMP", MMKIT_GFP_COMP },
};

static u32 gather(unsigned int set)
{
	u32 gfp = 0;
	int i;

	for (i = 0; i < FLAGS; i++)
		if (set & 1U << i)
			gfp |= flags[i].bit;
	return gfp;
}

static int ones(u32 bits)
{
	return __builtin_popcount(bits);
}

static bool allowed(u32 gfp)
{
	u32 where = MMKIT_GFP_HIGHUSER_MOVABLE | MMKIT_GFP_DMA |
		    MMKIT_GFP_DMA32;
	u32 how = MMKIT_GFP_KERNEL | MMKIT_GFP_ATOMIC | MMKIT_GFP_NOWAIT |
		  MMKIT_GFP_HIGHUSER_MOVABLE;

	return ones(gfp & where) <= 1 && ones(gfp & how) <= 1 &&
	       ones(gfp & (MMKIT_GFP_NORETRY | MMKIT_GFP_RETRY_MAYFAIL)) <= 1;
}

/* Every combination of the flags there are, with and without a foreign bit. */
static void gfp_check_all(void **state)
{
	unsigned int set, bit;

	(void)state;
	for (set = 0; set < 1U << FLAGS; set++) {
		u32 gfp = gather(set);

		assert_int_equal(mmkit_gfp_check(gfp), allowed(gfp) ? 0 : -EINVAL);
		for (bit = 0; bit < 32; bit++)
			if (!(MMKIT_GFP_ALL & 1U << bit))
				assert_int_equal(mmkit_gfp_check(gfp | 1U << bit),
						 -EINVAL);
	}
}

/* Written out in any way, every combination is read back. */
static void gfp_parse_all(void **state)
{
	static const char *const before[] = { "", "GFP_", "__GFP_" };
	unsigned int set;
	int i;

	(void)state;
	for (set = 1; set < 1U << FLAGS; set++) {
		char text[400] = "";
		size_t len = 0;
		u32 gfp = 0;

		for (i = 0; i < FLAGS; i++) {
			if (!(set & 1U << i))
				continue;
			len += snprintf(text + len, sizeof(text) - len, "%s%s%s",
					!len ? "" : host_random() & 1 ? "," : "|",
					before[host_random() % 3], flags[i].name);
		}
		assert_int_equal(mmkit_gfp_parse(text, &gfp), 0);
		assert_int_equal(gfp, gather(set));
	}
}

/* Whatever is written: no byte beyond the end is read, and 0 means names. */
static void gfp_parse_garbage(void **state)
{
	static const char letters[] = "_GFPDMA32,|ZEROKN";
	int i, j;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		size_t len = host_random() % 12;
		char text[len + 1];
		u32 gfp = 0;

		for (j = 0; j < (int)len; j++)
			text[j] = letters[host_random() % (sizeof(letters) - 1)];
		text[len] = '\0';
		if (!mmkit_gfp_parse(text, &gfp))
			assert_int_equal(gfp && !(gfp & ~MMKIT_GFP_ALL), 1);
	}
}

static const struct host_table tables[] = {
	HOST_TABLE(gfp_check, gfp_check_rows),
	HOST_TABLE(gfp_parse, gfp_parse_rows),
	HOST_TEST(gfp_check_all),
	HOST_TEST(gfp_parse_all),
	HOST_TEST(gfp_parse_garbage),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
