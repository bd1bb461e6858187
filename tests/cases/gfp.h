/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of modules/core/gfp.c. */
#ifndef _MMKIT_CASES_GFP_H
#define _MMKIT_CASES_GFP_H

struct gfp_check_row {
	const char *name;
	u32 gfp;
	int err;
};

static const struct gfp_check_row gfp_check_rows[] = {
	{ "nothing", 0, 0 },
	{ "KERNEL", MMKIT_GFP_KERNEL, 0 },
	{ "ATOMIC", MMKIT_GFP_ATOMIC, 0 },
	{ "NOWAIT", MMKIT_GFP_NOWAIT, 0 },
	{ "HIGHUSER_MOVABLE", MMKIT_GFP_HIGHUSER_MOVABLE, 0 },
	{ "DMA alone", MMKIT_GFP_DMA, 0 },
	{ "DMA32 alone", MMKIT_GFP_DMA32, 0 },
	{ "KERNEL and DMA", MMKIT_GFP_KERNEL | MMKIT_GFP_DMA, 0 },
	{ "ATOMIC and DMA32", MMKIT_GFP_ATOMIC | MMKIT_GFP_DMA32, 0 },
	{ "NOWAIT and DMA", MMKIT_GFP_NOWAIT | MMKIT_GFP_DMA, 0 },
	{ "NORETRY", MMKIT_GFP_NORETRY, 0 },
	{ "RETRY_MAYFAIL", MMKIT_GFP_RETRY_MAYFAIL, 0 },
	{ "all modifiers but RETRY_MAYFAIL",
	  MMKIT_GFP_MODIFIERS & ~MMKIT_GFP_RETRY_MAYFAIL, 0 },
	{ "all modifiers but NORETRY",
	  MMKIT_GFP_MODIFIERS & ~MMKIT_GFP_NORETRY, 0 },
	{ "all that go together", MMKIT_GFP_KERNEL | MMKIT_GFP_DMA32 |
	  (MMKIT_GFP_MODIFIERS & ~MMKIT_GFP_NORETRY), 0 },
	{ "KERNEL against ATOMIC",
	  MMKIT_GFP_KERNEL | MMKIT_GFP_ATOMIC, -EINVAL },
	{ "KERNEL against NOWAIT",
	  MMKIT_GFP_KERNEL | MMKIT_GFP_NOWAIT, -EINVAL },
	{ "KERNEL against HIGHUSER_MOVABLE",
	  MMKIT_GFP_KERNEL | MMKIT_GFP_HIGHUSER_MOVABLE, -EINVAL },
	{ "ATOMIC against NOWAIT",
	  MMKIT_GFP_ATOMIC | MMKIT_GFP_NOWAIT, -EINVAL },
	{ "ATOMIC against HIGHUSER_MOVABLE",
	  MMKIT_GFP_ATOMIC | MMKIT_GFP_HIGHUSER_MOVABLE, -EINVAL },
	{ "NOWAIT against HIGHUSER_MOVABLE",
	  MMKIT_GFP_NOWAIT | MMKIT_GFP_HIGHUSER_MOVABLE, -EINVAL },
	{ "three contexts", MMKIT_GFP_KERNEL | MMKIT_GFP_ATOMIC |
	  MMKIT_GFP_NOWAIT, -EINVAL },
	{ "all contexts", MMKIT_GFP_CONTEXTS, -EINVAL },
	{ "DMA against DMA32", MMKIT_GFP_ZONES, -EINVAL },
	{ "HIGHUSER_MOVABLE against DMA",
	  MMKIT_GFP_HIGHUSER_MOVABLE | MMKIT_GFP_DMA, -EINVAL },
	{ "HIGHUSER_MOVABLE against DMA32",
	  MMKIT_GFP_HIGHUSER_MOVABLE | MMKIT_GFP_DMA32, -EINVAL },
	{ "NORETRY against RETRY_MAYFAIL",
	  MMKIT_GFP_NORETRY | MMKIT_GFP_RETRY_MAYFAIL, -EINVAL },
	{ "all modifiers", MMKIT_GFP_MODIFIERS, -EINVAL },
	{ "first unknown context", 1U << 4, -EINVAL },
	{ "last unknown context", 1U << 7, -EINVAL },
	{ "first unknown zone", 1U << 10, -EINVAL },
	{ "last unknown zone", 1U << 15, -EINVAL },
	{ "first unknown modifier", 1U << 22, -EINVAL },
	{ "last unknown modifier", 1U << 31, -EINVAL },
	{ "one unknown among known", MMKIT_GFP_KERNEL | 1U << 23, -EINVAL },
	{ "all known", MMKIT_GFP_ALL, -EINVAL },
	{ "all bits", U32_MAX, -EINVAL },
};

static void gfp_check_case(struct kunit *test, const struct gfp_check_row *row)
{
	CASE_EQ(test, mmkit_gfp_check(row->gfp), row->err);
}

struct gfp_parse_row {
	const char *name;
	const char *text;
	int err;
	u32 gfp;
};

#define GFP_NAMES	"KERNEL,ATOMIC,NOWAIT,HIGHUSER_MOVABLE,DMA,DMA32,ZERO,NOWARN,NORETRY,RETRY_MAYFAIL,THISNODE,COMP"

static const struct gfp_parse_row gfp_parse_rows[] = {
	{ "KERNEL", "KERNEL", 0, MMKIT_GFP_KERNEL },
	{ "ATOMIC", "ATOMIC", 0, MMKIT_GFP_ATOMIC },
	{ "NOWAIT", "NOWAIT", 0, MMKIT_GFP_NOWAIT },
	{ "HIGHUSER_MOVABLE", "HIGHUSER_MOVABLE", 0,
	  MMKIT_GFP_HIGHUSER_MOVABLE },
	{ "DMA", "DMA", 0, MMKIT_GFP_DMA },
	{ "DMA32", "DMA32", 0, MMKIT_GFP_DMA32 },
	{ "ZERO", "ZERO", 0, MMKIT_GFP_ZERO },
	{ "NOWARN", "NOWARN", 0, MMKIT_GFP_NOWARN },
	{ "NORETRY", "NORETRY", 0, MMKIT_GFP_NORETRY },
	{ "RETRY_MAYFAIL", "RETRY_MAYFAIL", 0, MMKIT_GFP_RETRY_MAYFAIL },
	{ "THISNODE", "THISNODE", 0, MMKIT_GFP_THISNODE },
	{ "COMP", "COMP", 0, MMKIT_GFP_COMP },
	{ "with GFP_", "GFP_KERNEL", 0, MMKIT_GFP_KERNEL },
	{ "with __GFP_", "__GFP_ZERO", 0, MMKIT_GFP_ZERO },
	{ "two by a comma", "KERNEL,ZERO", 0,
	  MMKIT_GFP_KERNEL | MMKIT_GFP_ZERO },
	{ "two by a bar", "KERNEL|ZERO", 0, MMKIT_GFP_KERNEL | MMKIT_GFP_ZERO },
	{ "as in the kernel", "GFP_KERNEL|__GFP_ZERO|__GFP_COMP", 0,
	  MMKIT_GFP_KERNEL | MMKIT_GFP_ZERO | MMKIT_GFP_COMP },
	{ "one twice", "DMA,DMA", 0, MMKIT_GFP_DMA },
	{ "a contradiction is not its business", "KERNEL,ATOMIC", 0,
	  MMKIT_GFP_KERNEL | MMKIT_GFP_ATOMIC },
	{ "all", GFP_NAMES, 0, MMKIT_GFP_ALL },
	{ "nothing", "", -EINVAL },
	{ "only a comma", ",", -EINVAL },
	{ "comma first", ",KERNEL", -EINVAL },
	{ "comma last", "KERNEL,", -EINVAL },
	{ "bar last", "KERNEL|", -EINVAL },
	{ "two commas", "KERNEL,,ZERO", -EINVAL },
	{ "small letters", "kernel", -EINVAL },
	{ "a blank first", " KERNEL", -EINVAL },
	{ "a blank last", "KERNEL ", -EINVAL },
	{ "a newline last", "KERNEL\n", -EINVAL },
	{ "part of a name", "KERN", -EINVAL },
	{ "more than a name", "KERNELS", -EINVAL },
	{ "DMA with more digits", "DMA321", -EINVAL },
	{ "only GFP_", "GFP_", -EINVAL },
	{ "only __GFP_", "__GFP_", -EINVAL },
	{ "GFP_ twice", "GFP_GFP_KERNEL", -EINVAL },
	{ "too few underscores", "_GFP_ZERO", -EINVAL },
	{ "almost GFP_", "GFPxKERNEL", -EINVAL },
	{ "almost __GFP_", "__GFPxZERO", -EINVAL },
	{ "a flag that is not offered", "NOFAIL", -EINVAL },
	{ "a number", "1", -EINVAL },
	{ "one unknown among known", "KERNEL,NOFAIL,ZERO", -EINVAL },
};

static void gfp_parse_case(struct kunit *test, const struct gfp_parse_row *row)
{
	u32 gfp = 0xdeadbeef;

	CASE_EQ(test, mmkit_gfp_parse(row->text, &gfp), row->err);
	CASE_EQ(test, gfp, row->err ? 0xdeadbeef : row->gfp);
}

#endif
