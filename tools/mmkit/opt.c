// SPDX-License-Identifier: GPL-2.0-only
/* Options from tables: one row per option, for parsing, help and completion. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"

#define MAX_OPTS	32
#define FIRST_LONG	256	/* getopt's value of a long-only option */

const struct opt global_opts[] = {
	{ 0, "json", OPT_FLAG, offsetof(struct globals, json), NULL,
	  "print JSON (schema mmkit/1)", NULL },
	{ 0, "verify", OPT_FLAG, offsetof(struct globals, verify), NULL,
	  "cross-check with the kernel's own files", NULL },
	{ 'q', "quiet", OPT_FLAG, offsetof(struct globals, quiet), NULL,
	  "print nothing but errors", NULL },
	{ 0, "no-color", OPT_FLAG, offsetof(struct globals, no_color), NULL,
	  "no colour, as with NO_COLOR set", NULL },
	{ 0, "rows", OPT_U32, offsetof(struct globals, rows), "N",
	  "show at most N rows of a table, 0 for all", NULL },
	{ 'h', "help", OPT_FLAG, offsetof(struct globals, help), NULL,
	  "this help", NULL },
	{ 0 },
};

int parse_u64(const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, &end, 0);
	if (errno || *end)
		return -EINVAL;
	return *value > max ? -ERANGE : 0;
}

/* 4096, 64K, 1M, 1MiB, 2G: always powers of two. */
int parse_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	int shift = 0;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	*bytes = strtoull(text, &end, 0);
	if (errno)
		return -EINVAL;
	unit = isalpha((unsigned char)*end) ? strchr(units, toupper(*end)) : NULL;
	if (unit) {
		shift = 10 * (unit - units + 1);
		end++;
		if (!strcasecmp(end, "iB"))
			end += 2;
	}
	if (*end || *bytes > UINT64_MAX >> shift)
		return -EINVAL;
	*bytes <<= shift;
	return 0;
}

static int parse_s32(const char *text, int32_t *value)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 0);
	if (errno || end == text || *end || n < INT32_MIN || n > INT32_MAX)
		return -EINVAL;
	*value = n;
	return 0;
}

/* A choice is its name or its number. */
static int parse_choice(const char *const *values, const char *text,
			uint32_t *value)
{
	char number[12];
	uint32_t i;

	for (i = 0; values[i]; i++) {
		snprintf(number, sizeof(number), "%u", i);
		if (!strcasecmp(values[i], text) || !strcmp(number, text)) {
			*value = i;
			return 0;
		}
	}
	return -EINVAL;
}

/* Bits by the names of their numbers. */
static int parse_words(const char *const *values, const char *text,
		       uint32_t *bits)
{
	uint32_t sum = 0, i;
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		for (i = 0; values[i]; i++)
			if (strlen(values[i]) == len &&
			    !strncasecmp(values[i], text, len))
				break;
		if (!values[i])
			return -EINVAL;
		sum |= 1u << i;
		if (!text[len])
			break;
	}
	*bits = sum;
	return 0;
}

/* A handle: any number but 0. */
int parse_handle(struct cli *cli, const char *text, uint32_t *handle)
{
	uint64_t value;

	*handle = 0;
	if (parse_u64(text, UINT32_MAX, &value) || !value)
		return usage(cli, "%s is no handle, which is a number that was printed when it was made",
			     text);
	*handle = value;
	return 0;
}

static int parse_u32(const char *text, uint32_t *value)
{
	uint64_t wide;
	int err = parse_u64(text, UINT32_MAX, &wide);

	if (!err)
		*value = wide;
	return err;
}

static int store(const struct opt *opt, void *dst, const char *text)
{
	void *at = (char *)dst + opt->offset;

	switch (opt->type) {
	case OPT_FLAG:
		*(bool *)at = true;
		return 0;
	case OPT_U32:
		return parse_u32(text, at);
	case OPT_S32:
		return parse_s32(text, at);
	case OPT_U64:
		return parse_u64(text, UINT64_MAX, at);
	case OPT_SIZE:
		return parse_size(text, at);
	case OPT_GFP:
		return mmkit_gfp_parse(text, at);
	case OPT_CHOICE:
		return parse_choice(opt->values, text, at);
	case OPT_WORDS:
		return parse_words(opt->values, text, at);
	case OPT_STR:
	case OPT_STRATEGY:
	case OPT_DIR:
		*(const char **)at = text;
		return 0;
	}
	return -EINVAL;
}

static void join_values(const struct opt *opt, char *text, size_t len)
{
	size_t at = 0, i;
	const char *name;

	text[0] = '\0';
	for (i = 0; at < len; i++) {
		name = opt->type == OPT_GFP ? mmkit_gfp_name(i) : opt->values[i];
		if (!name)
			break;
		at += snprintf(text + at, len - at, "%s%s", i ? ", " : "", name);
	}
}

static int bad_value(struct cli *cli, const struct opt *opt, const char *text)
{
	char values[256];

	switch (opt->type) {
	case OPT_GFP:
	case OPT_CHOICE:
	case OPT_WORDS:
		join_values(opt, values, sizeof(values));
		return usage(cli, "--%s %s: not one of %s", opt->name, text,
			     values);
	case OPT_SIZE:
		return usage(cli, "--%s %s: not a size such as 4096, 64K or 1M",
			     opt->name, text);
	default:
		return usage(cli, "--%s %s: not a number in range", opt->name,
			     text);
	}
}

struct parser {
	const struct opt *opts[MAX_OPTS];
	bool global[MAX_OPTS];
	struct option longs[MAX_OPTS + 1];
	char shorts[2 * MAX_OPTS + 3];
	unsigned int nr;
};

static void add_opts(struct parser *p, const struct opt *opts, bool global)
{
	size_t at = strlen(p->shorts);

	for (; opts && opts->name && p->nr < MAX_OPTS; opts++) {
		p->opts[p->nr] = opts;
		p->global[p->nr] = global;
		p->longs[p->nr] = (struct option){
			.name = opts->name,
			.has_arg = opts->arg ? required_argument : no_argument,
			.val = FIRST_LONG + p->nr,
		};
		p->nr++;
		if (!opts->key)
			continue;
		p->shorts[at++] = opts->key;
		if (opts->arg)
			p->shorts[at++] = ':';
	}
	p->shorts[at] = '\0';
}

static int find_opt(const struct parser *p, int key)
{
	unsigned int i;

	if (key >= FIRST_LONG)
		return key - FIRST_LONG;
	for (i = 0; i < p->nr; i++)
		if (p->opts[i]->key == key)
			return i;
	return -1;
}

static int unknown(struct cli *cli, int key, char **argv)
{
	if (key == ':')
		return usage(cli, "%s wants a value", argv[optind - 1]);
	if (optopt && optopt < FIRST_LONG)
		return usage(cli, "there is no option -%c", optopt);
	return usage(cli, "there is no option %s", argv[optind - 1]);
}

static int parse(struct cli *cli, struct parser *p, void *dst, int argc,
		 char **argv)
{
	const struct opt *opt;
	int key, i;

	optind = 0;	/* glibc: start afresh, a shell parses many lines */
	opterr = 0;
	while ((key = getopt_long(argc, argv, p->shorts, p->longs, NULL)) != -1) {
		i = key == '?' || key == ':' ? -1 : find_opt(p, key);
		if (i < 0) {
			unknown(cli, key, argv);
			return -EINVAL;
		}
		opt = p->opts[i];
		if (store(opt, p->global[i] ? (void *)&cli->opt : dst, optarg)) {
			bad_value(cli, opt, optarg);
			return -EINVAL;
		}
		if (p->global[i] && !strcmp(opt->name, "rows"))
			cli->opt.rows_set = true;
	}
	return optind;
}

/* A mistake before --json on the line is answered in JSON all the same. */
bool opt_wants_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--json"))
			return true;
	return false;
}

/* Returns the index of the first argument that is no option, or -EINVAL. */
int opt_parse(struct cli *cli, const struct verb *verb, void *dst, int argc,
	      char **argv)
{
	struct parser p = { .shorts = ":" };

	add_opts(&p, verb->opts, false);
	add_opts(&p, global_opts, true);
	return parse(cli, &p, dst, argc, argv);
}

/* The options before the command; stops at the command. */
int opt_globals(struct cli *cli, int argc, char **argv)
{
	struct parser p = { .shorts = "+:" };

	add_opts(&p, global_opts, true);
	return parse(cli, &p, NULL, argc, argv);
}
