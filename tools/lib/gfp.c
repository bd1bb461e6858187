// SPDX-License-Identifier: GPL-2.0-only
/* Allocation flags as text. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <mmkit.h>
#include <include/mmkit/gfp_names.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define SEPARATORS	",|+ "

/**
 * mmkit_gfp_name() - the names that mmkit_gfp_parse() knows
 * @index: 0, 1, … until NULL comes back
 *
 * Return: a name or NULL.
 */
const char *mmkit_gfp_name(unsigned int index)
{
	return index < ARRAY_SIZE(mmkit_gfp_names) ?
		mmkit_gfp_names[index].name : NULL;
}

static uint32_t find(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mmkit_gfp_names); i++)
		if (strlen(mmkit_gfp_names[i].name) == len &&
		    !strncasecmp(mmkit_gfp_names[i].name, word, len))
			return mmkit_gfp_names[i].bit;
	return 0;
}

static const char *skip_prefix(const char *word, size_t *len)
{
	static const char *const prefixes[] = { "__GFP_", "GFP_" };
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		n = strlen(prefixes[i]);
		if (*len > n && !strncasecmp(word, prefixes[i], n)) {
			*len -= n;
			return word + n;
		}
	}
	return word;
}

/**
 * mmkit_gfp_parse() - text to MMKIT_GFP_x
 * @text: names in any case, joined by ``,``, ``|`` or ``+``, each with or
 *	without ``GFP_`` or ``__GFP_`` before it
 * @gfp: out
 *
 * Return: 0, or -EINVAL for an unknown name or an empty text.
 */
int mmkit_gfp_parse(const char *text, uint32_t *gfp)
{
	uint32_t sum = 0, bit;
	const char *word;
	size_t len;

	for (text += strspn(text, SEPARATORS); *text;
	     text += strspn(text, SEPARATORS)) {
		len = strcspn(text, SEPARATORS);
		word = text;
		text += len;
		word = skip_prefix(word, &len);
		bit = find(word, len);
		if (!bit)
			return -EINVAL;
		sum |= bit;
	}
	if (!sum)
		return -EINVAL;
	*gfp = sum;
	return 0;
}

/**
 * mmkit_gfp_format() - MMKIT_GFP_x to text
 * @gfp: the flags
 * @text: out: names joined by commas
 * @len: size of @text; 128 is enough for all of them
 *
 * Return: length of @text, or -ENOSPC.
 */
int mmkit_gfp_format(uint32_t gfp, char *text, size_t len)
{
	size_t at = 0, i;
	int n;

	if (!len)
		return -ENOSPC;
	text[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(mmkit_gfp_names); i++) {
		if (!(gfp & mmkit_gfp_names[i].bit))
			continue;
		n = snprintf(text + at, len - at, "%s%s", at ? "," : "",
			     mmkit_gfp_names[i].name);
		if (n < 0 || (size_t)n >= len - at)
			return -ENOSPC;
		at += n;
	}
	return at;
}
