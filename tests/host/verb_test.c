// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "host.h"
#include "mmkit/gfp.h"
#include "core/verb.h"
#include "../cases/verb.h"

HOST_CASE(verb, struct verb_row)
HOST_CASE(verb_none, struct verb_row)

static int parse(const char *option, const char *text, struct verb_arg *arg)
{
	const char *words[] = { option, text };

	return mmkit_verb_parse(verb_params, 2, (char **)words, arg);
}

/* Numbers of any size are read exactly or refused, never wrapped. */
static void verb_numbers(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS / 10; i++) {
		u64 value = host_random_edge();
		s64 node = (s64)host_random_edge();
		struct verb_arg arg = { 0 };
		char text[32];

		snprintf(text, sizeof(text), i & 1 ? "%llu" : "%#llx", value);
		assert_int_equal(parse("-c", text, &arg),
				 value > U32_MAX ? -ERANGE : 0);
		assert_int_equal(arg.count, value > U32_MAX ? 0 : value);
		assert_int_equal(parse("-b", text, &arg), 0);
		assert_int_equal(arg.bytes, value);
		snprintf(text, sizeof(text), "%lld", node);
		assert_int_equal(parse("-n", text, &arg),
				 node != (s32)node ? -ERANGE : 0);
		assert_int_equal(arg.node, node != (s32)node ? 0 : node);
	}
}

static void verb_suffixes(void **state)
{
	static const char suffixes[] = "KkMmGg";
	int i;

	(void)state;
	for (i = 0; i < HOST_ROUNDS / 10; i++) {
		unsigned int which = host_random() % 6;
		unsigned int shift = 10 * (which / 2 + 1);
		u64 value = host_random_edge();
		bool fits = value << shift >> shift == value;
		struct verb_arg arg = { 0 };
		char text[32];

		snprintf(text, sizeof(text), "%llu%c", value, suffixes[which]);
		assert_int_equal(parse("-b", text, &arg), fits ? 0 : -ERANGE);
		if (fits)
			assert_int_equal(arg.bytes, value << shift);
	}
}

/* Whatever is written, nothing beyond the struct's fields is touched. */
static void verb_garbage(void **state)
{
	static const char letters[] = "-cnbgHX0123456789xKMG, ";
	int i, j;

	(void)state;
	for (i = 0; i < HOST_ROUNDS; i++) {
		struct verb_arg arg = { .after = "untouch" };
		char text[4][6], *words[4];
		int err;

		for (j = 0; j < 24; j++)
			text[j / 6][j % 6] =
				letters[host_random() % sizeof(letters)];
		for (j = 0; j < 4; j++) {
			text[j][5] = '\0';
			words[j] = text[j];
		}
		err = mmkit_verb_parse(verb_params, host_random() % 5, words,
				       &arg);
		assert_int_equal(!err || err == -EINVAL || err == -ERANGE, 1);
		assert_string_equal(arg.after, "untouch");
	}
}

static const struct host_table tables[] = {
	HOST_TABLE(verb, verb_rows),
	HOST_TABLE(verb_none, verb_rows),
	HOST_TEST(verb_numbers),
	HOST_TEST(verb_suffixes),
	HOST_TEST(verb_garbage),
};

int main(void)
{
	return host_run(tables, ARRAY_SIZE(tables));
}
