/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of modules/core/verb.c. */
#ifndef _MMKIT_CASES_VERB_H
#define _MMKIT_CASES_VERB_H

#define VERB_WORDS	8

struct verb_arg {
	u32 count;
	s32 node;
	u32 gfp;
	u32 how;
	u64 bytes;
	char name[MMKIT_NAME_LEN];
	/* Nothing may be written here. */
	char after[8];
};

static const char *const verb_hows[] = { "buddy", "bulk", "exact", NULL };

#define VERB(field)	offsetof(struct verb_arg, field)

static const struct mmkit_param verb_params[] = {
	{ 'c', MMKIT_PARAM_U32, VERB(count), NULL, "COUNT" },
	{ 0, MMKIT_PARAM_NAME, VERB(name), NULL, "NAME" },
	{ 'n', MMKIT_PARAM_S32, VERB(node), NULL, "NODE" },
	{ 'b', MMKIT_PARAM_SIZE, VERB(bytes), NULL, "BYTES" },
	{ 'g', MMKIT_PARAM_GFP, VERB(gfp), NULL, "GFP,..." },
	{ 'H', MMKIT_PARAM_WORD, VERB(how), verb_hows, "buddy|bulk|exact" },
	{ 'X', (enum mmkit_param_type)99, VERB(count), NULL, "of no type" },
	{ 'z', MMKIT_PARAM_U32, VERB(count), NULL, NULL },
};

/* A verb that takes nothing. */
static const struct mmkit_param verb_no_params[] = {
	{ 0, MMKIT_PARAM_U32, 0, NULL, NULL },
};

struct verb_row {
	const char *name;
	const char *words[VERB_WORDS];
	int err;
	struct verb_arg arg;
};

static const struct verb_row verb_rows[] = {
	{ "no words", { NULL }, 0, { .count = 0 } },

	{ "a number", { "-c", "4" }, 0, { .count = 4 } },
	{ "a number in hex", { "-c", "0x10" }, 0, { .count = 16 } },
	{ "a number in octal", { "-c", "010" }, 0, { .count = 8 } },
	{ "a number with a plus", { "-c", "+7" }, 0, { .count = 7 } },
	{ "the largest number", { "-c", "4294967295" }, 0,
	  { .count = U32_MAX } },
	{ "a number one too large", { "-c", "4294967296" }, -ERANGE },
	{ "a number much too large", { "-c", "18446744073709551616" },
	  -ERANGE },
	{ "a negative number", { "-c", "-1" }, -EINVAL },
	{ "an empty number", { "-c", "" }, -EINVAL },
	{ "a number with a tail", { "-c", "4x" }, -EINVAL },
	{ "a number with a suffix", { "-c", "4K" }, -EINVAL },
	{ "a number with a blank", { "-c", " 4" }, -EINVAL },
	{ "a word for a number", { "-c", "four" }, -EINVAL },
	{ "half a number in hex", { "-c", "0x" }, -EINVAL },

	{ "a node", { "-n", "1" }, 0, { .node = 1 } },
	{ "node -1", { "-n", "-1" }, 0, { .node = -1 } },
	{ "the smallest node", { "-n", "-2147483648" }, 0,
	  { .node = -2147483647 - 1 } },
	{ "the largest node", { "-n", "2147483647" }, 0,
	  { .node = 2147483647 } },
	{ "a node one too small", { "-n", "-2147483649" }, -ERANGE },
	{ "a node one too large", { "-n", "2147483648" }, -ERANGE },
	{ "two signs", { "-n", "--1" }, -EINVAL },

	{ "bytes", { "-b", "4096" }, 0, { .bytes = 4096 } },
	{ "bytes: none", { "-b", "0" }, 0, { .bytes = 0 } },
	{ "bytes in hex", { "-b", "0x1000" }, 0, { .bytes = 4096 } },
	{ "bytes: K", { "-b", "3K" }, 0, { .bytes = 3072 } },
	{ "bytes: k", { "-b", "3k" }, 0, { .bytes = 3072 } },
	{ "bytes: M", { "-b", "3M" }, 0, { .bytes = 3145728 } },
	{ "bytes: m", { "-b", "3m" }, 0, { .bytes = 3145728 } },
	{ "bytes: G", { "-b", "3G" }, 0, { .bytes = 3221225472ULL } },
	{ "bytes: g", { "-b", "8g" }, 0, { .bytes = 8589934592ULL } },
	{ "bytes: hex and a suffix", { "-b", "0x10M" }, 0,
	  { .bytes = 16777216 } },
	{ "bytes: the most", { "-b", "18446744073709551615" }, 0,
	  { .bytes = U64_MAX } },
	{ "bytes: one too many", { "-b", "18446744073709551616" }, -ERANGE },
	{ "bytes: the most in G", { "-b", "17179869183G" }, 0,
	  { .bytes = 17179869183ULL << 30 } },
	{ "bytes: one G too many", { "-b", "17179869184G" }, -ERANGE },
	{ "bytes: one M too many", { "-b", "17592186044416M" }, -ERANGE },
	{ "bytes: one K too many", { "-b", "18014398509481984K" }, -ERANGE },
	{ "bytes: the most in K", { "-b", "18014398509481983K" }, 0,
	  { .bytes = U64_MAX - 1023 } },
	{ "bytes: 23 characters", { "-b", "00000000000000000000017" }, 0,
	  { .bytes = 15 } },
	{ "bytes: 24 characters", { "-b", "000000000000000000000017" },
	  -EINVAL },
	{ "bytes: only a suffix", { "-b", "K" }, -EINVAL },
	{ "bytes: two suffixes", { "-b", "1KK" }, -EINVAL },
	{ "bytes: a suffix that is none", { "-b", "1T" }, -EINVAL },
	{ "bytes: a suffix and more", { "-b", "1KB" }, -EINVAL },
	{ "bytes: a fraction", { "-b", "1.5M" }, -EINVAL },
	{ "bytes: negative", { "-b", "-1" }, -EINVAL },
	{ "bytes: an empty word", { "-b", "" }, -EINVAL },

	{ "flags", { "-g", "KERNEL,ZERO" }, 0,
	  { .gfp = MMKIT_GFP_KERNEL | MMKIT_GFP_ZERO } },
	{ "an unknown flag", { "-g", "NOFAIL" }, -EINVAL },
	{ "no flag", { "-g", "" }, -EINVAL },

	{ "the first word", { "-H", "buddy" }, 0, { .how = 0 } },
	{ "the last word", { "-H", "exact" }, 0, { .how = 2 } },
	{ "a word by its number", { "-H", "1" }, 0, { .how = 1 } },
	{ "a word by its number in hex", { "-H", "0x2" }, 0, { .how = 2 } },
	{ "a number that no word has", { "-H", "77" }, 0, { .how = 77 } },
	{ "part of a word", { "-H", "bud" }, -EINVAL },
	{ "more than a word", { "-H", "bulky" }, -EINVAL },
	{ "a word in capitals", { "-H", "BULK" }, -EINVAL },
	{ "a number too large for a word", { "-H", "4294967296" }, -ERANGE },

	{ "the operand", { "page" }, 0, { .name = "page" } },
	{ "an empty operand", { "" }, 0, { .name = "" } },
	{ "a dash is an operand", { "-" }, 0, { .name = "-" } },
	{ "two dashes and a word are one too", { "--json" }, 0,
	  { .name = "--json" } },
	{ "the longest name", { "0123456789012345678901234567890" }, 0,
	  { .name = "0123456789012345678901234567890" } },
	{ "a name one too long", { "01234567890123456789012345678901" },
	  -ENAMETOOLONG },
	{ "two operands: the last counts", { "long", "a" }, 0,
	  { .name = "a\0ng" } },

	{ "everything", { "-c", "2", "-n", "-1", "page", "-b", "1M" }, 0,
	  { .count = 2, .node = -1, .name = "page", .bytes = 1048576 } },
	{ "an option twice: the last counts", { "-c", "1", "-c", "2" }, 0,
	  { .count = 2 } },
	{ "a value that looks like an option", { "-c", "-c" }, -EINVAL },
	{ "an unknown option", { "-q", "1" }, -EINVAL },
	{ "an option behind the end of the table", { "-z", "1" }, -EINVAL },
	{ "a missing value", { "-c" }, -EINVAL },
	{ "a missing value after good ones", { "-c", "1", "-n" }, -EINVAL },
	{ "an option of a type that is none", { "-X", "1" }, -EINVAL },
	{ "a wrong word after good ones", { "-c", "1", "-n", "x" }, -EINVAL },
};

static int verb_count(const char *const *words)
{
	int n = 0;

	while (n < VERB_WORDS && words[n])
		n++;
	return n;
}

static int verb_read(const struct mmkit_param *params,
		     const struct verb_row *row, struct verb_arg *arg)
{
	return mmkit_verb_parse(params, verb_count(row->words),
				(char **)row->words, arg);
}

static void verb_case(struct kunit *test, const struct verb_row *row)
{
	static const char after[8] = "untouch";
	struct verb_arg arg = { .after = "untouch" };

	CASE_EQ(test, verb_read(verb_params, row, &arg), row->err);
	CASE_EQ(test, memcmp(arg.after, after, sizeof(after)), 0);
	if (row->err)
		return;
	CASE_EQ(test, arg.count, row->arg.count);
	CASE_EQ(test, arg.node, row->arg.node);
	CASE_EQ(test, arg.gfp, row->arg.gfp);
	CASE_EQ(test, arg.how, row->arg.how);
	CASE_EQ(test, arg.bytes, row->arg.bytes);
	CASE_STREQ(test, arg.name, row->arg.name);
}

/* A verb without parameters takes no word at all. */
#define verb_none_row	verb_row
static void verb_none_case(struct kunit *test, const struct verb_row *row)
{
	struct verb_arg arg = { .count = 0 };

	CASE_EQ(test, verb_read(verb_no_params, row, &arg),
		row->words[0] ? -EINVAL : 0);
}

#endif
