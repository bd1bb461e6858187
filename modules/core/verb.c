// SPDX-License-Identifier: GPL-2.0-only
/* From words to the fields of an ioctl's struct. Pure. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <mmkit/gfp.h>
#include "verb.h"

static const struct mmkit_param *find(const struct mmkit_param *params,
				      char option)
{
	for (; params->help; params++)
		if (params->option == option)
			return params;
	return NULL;
}

static unsigned int suffix_shift(char suffix)
{
	switch (suffix) {
	case 'K':
	case 'k':
		return 10;
	case 'M':
	case 'm':
		return 20;
	case 'G':
	case 'g':
		return 30;
	default:
		return 0;
	}
}

/* memparse() takes any tail, and wraps at 64 bits. */
static int parse_size(const char *text, u64 *value)
{
	size_t len = strlen(text);
	unsigned int shift;
	char digits[24];
	int err;

	if (!len || len >= sizeof(digits))
		return -EINVAL;
	shift = suffix_shift(text[len - 1]);
	memcpy(digits, text, len + 1);
	if (shift)
		digits[len - 1] = '\0';
	err = kstrtou64(digits, 0, value);
	if (err)
		return err;
	if (*value > U64_MAX >> shift)
		return -ERANGE;
	*value <<= shift;
	return 0;
}

static int parse_word(const char *const *words, const char *text, u32 *value)
{
	u32 i;

	for (i = 0; words[i]; i++) {
		if (strcmp(words[i], text))
			continue;
		*value = i;
		return 0;
	}
	return kstrtou32(text, 0, value);
}

/* Returns the number of the word that @text begins with, or -EINVAL. */
static int find_word(const char *const *words, const char *text, size_t len)
{
	int i;

	for (i = 0; words[i]; i++)
		if (strlen(words[i]) == len && !strncmp(words[i], text, len))
			return i;
	return -EINVAL;
}

static int parse_words(const char *const *words, const char *text, u32 *value)
{
	u32 sum = 0;
	size_t len;
	int i;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		i = find_word(words, text, len);
		if (i < 0)
			return i;
		sum |= 1u << i;
		if (!text[len])
			break;
	}
	*value = sum;
	return 0;
}

static int parse_name(const char *text, char *name)
{
	size_t len = strlen(text);

	if (len >= MMKIT_NAME_LEN)
		return -ENAMETOOLONG;
	memcpy(name, text, len + 1);
	return 0;
}

static int parse_value(const struct mmkit_param *param, const char *text,
		       void *arg)
{
	void *field = arg + param->offset;

	switch (param->type) {
	case MMKIT_PARAM_U32:
		return kstrtou32(text, 0, field);
	case MMKIT_PARAM_S32:
		return kstrtos32(text, 0, field);
	case MMKIT_PARAM_SIZE:
		return parse_size(text, field);
	case MMKIT_PARAM_GFP:
		return mmkit_gfp_parse(text, field);
	case MMKIT_PARAM_WORD:
		return parse_word(param->words, text, field);
	case MMKIT_PARAM_WORDS:
		return parse_words(param->words, text, field);
	case MMKIT_PARAM_NAME:
		return parse_name(text, field);
	}
	return -EINVAL;
}

/**
 * mmkit_verb_parse() - Read the options of a verb into its struct.
 * @params: what it takes; the last one has no help
 * @argc: words after the verb
 * @argv: the words: ``-o VALUE`` for an option, a bare word for the operand
 * @arg: the ioctl's struct
 *
 * Return: 0, -EINVAL an unknown option, a missing or malformed value,
 * -ERANGE a number too large for its field, -ENAMETOOLONG.
 */
int mmkit_verb_parse(const struct mmkit_param *params, int argc, char **argv,
		     void *arg)
{
	const struct mmkit_param *param;
	int i, err;

	for (i = 0; i < argc; i++) {
		const char *word = argv[i];

		if (word[0] == '-' && word[1] && !word[2]) {
			param = find(params, word[1]);
			word = i + 1 < argc ? argv[++i] : NULL;
		} else {
			param = find(params, 0);
		}
		if (!param || !word)
			return -EINVAL;
		err = parse_value(param, word, arg);
		if (err)
			return err;
	}
	return 0;
}
