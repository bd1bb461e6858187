// SPDX-License-Identifier: GPL-2.0-only
/* What may come next on the line: for bash and for mmkit shell alike. */
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bug.h"
#include "lab.h"
#include "modules.h"

struct completion {
	const char *prefix;
	const char *before;	/* "--how=" where a value is joined to it, or "" */
	candidate_fn fn;
	void *data;
};

static void offer(const struct completion *c, const char *word)
{
	char whole[PATH_MAX + 80];

	if (strncmp(word, c->prefix, strlen(c->prefix)))
		return;
	snprintf(whole, sizeof(whole), "%s%s", c->before, word);
	c->fn(c->data, whole);
}

/* What glob() takes for just this beginning: a "*" that was typed is one. */
static bool begins_with(char *pattern, size_t len, const char *prefix)
{
	size_t at = 0;

	for (; *prefix && at + 3 < len; prefix++) {
		if (strchr("*?[\\", *prefix))
			pattern[at++] = '\\';
		pattern[at++] = *prefix;
	}
	pattern[at++] = '*';
	pattern[at] = '\0';
	return !*prefix;
}

/* Do the words of help, "FILE" or "BEFORE.json", stand for paths? */
static bool is_path(const char *what)
{
	static const char *const paths[] = { "FILE", "DIR", "PATH", "[LOG]" };
	unsigned int i;

	if (what && strstr(what, ".json"))
		return true;
	for (i = 0; what && i < sizeof(paths) / sizeof(*paths); i++)
		if (!strcmp(what, paths[i]))
			return true;
	return false;
}

/* Of a folder with the slash after which there may be more. */
static void offer_paths(const struct completion *c, bool folders)
{
	char pattern[2 * PATH_MAX];
	glob_t found;
	size_t i;

	if (!begins_with(pattern, sizeof(pattern), c->prefix) ||
	    glob(pattern, GLOB_MARK, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		if (!folders || strchr(found.gl_pathv[i], '\0')[-1] == '/')
			offer(c, found.gl_pathv[i]);
	globfree(&found);
}

static void offer_opts(const struct completion *c, const struct opt *opts,
		       bool verifies)
{
	char word[64];

	for (; opts && opts->name; opts++) {
		if (!verifies && !strcmp(opts->name, "verify"))
			continue;
		snprintf(word, sizeof(word), "--%s", opts->name);
		offer(c, word);
	}
}

static void offer_commands(const struct completion *c)
{
	const struct command *const *cmd;

	for (cmd = commands; *cmd; cmd++)
		offer(c, (*cmd)->name);
	offer(c, "help");
}

static void offer_verbs(const struct completion *c, const struct command *cmd)
{
	unsigned int i;

	for (i = 0; i < cmd->nr_verbs; i++)
		offer(c, cmd->verbs[i].name);
}

/* Without the modules: what this tool has a command for. */
static void offer_known(const struct completion *c, enum mmkit_entry_kind kind)
{
	const struct command *const *cmd;

	if (kind == MMKIT_KIND_STRATEGY)
		offer(c, "page");
	if (kind != MMKIT_KIND_AREA)
		return;
	offer(c, "info");
	for (cmd = commands; *cmd; cmd++)
		if (!command_flat(*cmd))
			offer(c, (*cmd)->name);
}

static void offer_entries(const struct completion *c,
			  enum mmkit_entry_kind kind)
{
	struct mmkit_entry_info *entries;
	int fd = mmkit_open("info", O_RDWR), nr, i;

	if (fd < 0) {
		offer_known(c, kind);
		return;
	}
	nr = mmkit_info_list(fd, kind, &entries);
	for (i = 0; i < nr; i++)
		offer(c, entries[i].name);
	if (nr >= 0)
		free(entries);
	mmkit_close(fd);
}

/* The last of "KERNEL,ZE": what was joined before stays as it is. */
static void offer_gfp(const struct completion *c)
{
	const char *comma = strrchr(c->prefix, ',');
	int len = comma ? comma - c->prefix + 1 : 0;
	uint32_t have = 0, bit;
	const char *name;
	char word[192];
	unsigned int i;

	snprintf(word, sizeof(word), "%.*s", len, c->prefix);
	if (mmkit_gfp_parse(word, &have))
		have = 0;
	for (i = 0; (name = mmkit_gfp_name(i)); i++) {
		if (mmkit_gfp_parse(name, &bit) || gfp_excludes(have, bit))
			continue;
		snprintf(word, sizeof(word), "%.*s%s", len, c->prefix, name);
		offer(c, word);
	}
}

/* The same for words that have no rules among themselves. */
static void offer_words(const struct completion *c, const char *const *values)
{
	const char *comma = strrchr(c->prefix, ',');
	int len = comma ? comma - c->prefix + 1 : 0;
	char word[192];

	for (; *values; values++) {
		snprintf(word, sizeof(word), "%.*s%s", len, c->prefix, *values);
		offer(c, word);
	}
}

static void offer_values(const struct completion *c, const struct opt *opt)
{
	const char *const *value;

	if (opt->type == OPT_GFP)
		offer_gfp(c);
	else if (opt->type == OPT_STRATEGY)
		offer_entries(c, MMKIT_KIND_STRATEGY);
	else if (is_path(opt->arg))
		offer_paths(c, !strcmp(opt->arg, "DIR"));
	if (opt->type == OPT_WORDS) {
		offer_words(c, opt->values);
		return;
	}
	for (value = opt->values; value && *value; value++)
		offer(c, *value);
}

static const struct opt *find_opt(const struct opt *opts, const char *word)
{
	for (; opts && opts->name; opts++) {
		if (word[0] != '-')
			return NULL;
		if (word[1] == '-' ? !strcmp(word + 2, opts->name) :
		    opts->key && word[1] == opts->key && !word[2])
			return opts;
	}
	return NULL;
}

/* "--how=b": in the shell one word, from bash "--how", "=" and "b". */
static bool offer_joined(struct completion *c, const struct verb *verb)
{
	const char *equals = strchr(c->prefix, '=');
	char name[64], before[72];
	const struct opt *opt;

	if (!equals || c->prefix[0] != '-')
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)(equals - c->prefix),
		 c->prefix);
	opt = find_opt(verb->opts, name);
	if (!opt || !opt->arg)
		return false;
	snprintf(before, sizeof(before), "%s=", name);
	c->before = before;
	c->prefix = equals + 1;
	offer_values(c, opt);
	c->before = "";
	return true;
}

static void offer_loaded(const struct completion *c)
{
	FILE *file = fopen("/proc/modules", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, " ")] = '\0';
		if (!strncmp(line, "mmkit_", 6))
			offer(c, line);
	}
	if (file)
		fclose(file);
}

static void offer_found(const struct completion *c)
{
	struct module_set *set = calloc(1, sizeof(*set));
	unsigned int i;

	if (!set)
		return;
	if (modules_find(set, NULL) >= 0) {
		for (i = 0; i < set->nr; i++)
			offer(c, module_name(&set->modules[i]));
		modules_free(set);
	}
	free(set);
}

static void offer_labs(const struct completion *c)
{
	const struct lab *const *lab;

	for (lab = all_labs; *lab; lab++)
		offer(c, (*lab)->name);
	offer(c, "all");
}

static void offer_bugs(const struct completion *c)
{
	const struct bug *bug;

	for (bug = bugs; bug->name; bug++)
		offer(c, bug->name);
}

static void offer_arguments(struct completion *c, const struct command *cmd,
			    const struct verb *verb, const char *before)
{
	const struct opt *opt = find_opt(verb->opts, before);

	if (!opt)
		opt = find_opt(global_opts, before);
	if (opt && opt->arg) {
		offer_values(c, opt);
	} else if (offer_joined(c, verb)) {
		return;
	} else if (c->prefix[0] == '-') {
		offer_opts(c, verb->opts, true);
		offer_opts(c, global_opts, !verb->no_verify);
	} else if (verb->args && strstr(verb->args, "AREA")) {
		offer_entries(c, MMKIT_KIND_AREA);
	} else if (verb->args && strstr(verb->args, "ALLOCATOR")) {
		offer_entries(c, MMKIT_KIND_ALLOCATOR);
	} else if (cmd == &load_command) {
		offer_found(c);
	} else if (cmd == &unload_command) {
		offer_loaded(c);
	} else if (cmd == &lab_command && verb->args) {
		offer_labs(c);
	} else if (cmd == &bug_command && verb->args &&
		   !strcmp(verb->args, "NAME")) {
		offer_bugs(c);
	} else if (is_path(verb->args)) {
		offer_paths(c, false);
	}
}

/* The word that an option's value follows: not the "=" between them. */
static const char *word_before(struct completion *c, int argc, char **argv)
{
	const char *before = argv[argc - 2];

	if (!strcmp(c->prefix, "=")) {
		c->prefix = "";
		return before;
	}
	return !strcmp(before, "=") && argc > 2 ? argv[argc - 3] : before;
}

static bool wants_value(const char *word)
{
	const struct opt *opt;

	for (opt = global_opts; opt->name; opt++)
		if (opt->arg && !strncmp(word, "--", 2) &&
		    !strcmp(word + 2, opt->name))
			return true;
	return false;
}

/* From @at on; the last word, which may be an option's value, is not looked at. */
static int skip_options(int at, int argc, char **argv)
{
	bool value;

	while (at < argc - 1 && argv[at][0] == '-') {
		value = wants_value(argv[at++]);
		if (value && at < argc - 1 && !strcmp(argv[at], "="))
			at++;
		at += value;
	}
	return at;
}

static void offer_globals(const struct completion *c)
{
	if (c->prefix[0] == '-')
		offer_opts(c, global_opts, true);
}

/*
 * Calls @fn with each word that may stand at the last place of @argv, whose
 * first word is the command; the last one may be empty.
 */
void complete(struct cli *cli, int argc, char **argv, candidate_fn fn,
	      void *data)
{
	struct completion c = { "", "", fn, data };
	const struct command *cmd;
	const struct verb *verb;
	int at;

	(void)cli;
	if (argc)
		c.prefix = argv[argc - 1];
	at = skip_options(0, argc, argv);
	if (at == argc - 1 || !argc) {
		offer_commands(&c);
		offer_globals(&c);
	}
	if (at >= argc - 1)
		return;
	if (!strcmp(argv[at], "help") && at == argc - 2)
		offer_commands(&c);
	if (!strcmp(argv[at], "help") && at < argc - 2)
		at++;
	cmd = command_find(argv[at]);
	if (!cmd)
		return;
	if (!command_flat(cmd))
		at = skip_options(at + 1, argc, argv);
	if (!command_flat(cmd) && at == argc - 1) {
		offer_verbs(&c, cmd);
		offer_globals(&c);
	}
	if (at >= argc - 1)
		return;
	verb = command_flat(cmd) ? cmd->verbs : verb_find(cmd, argv[at]);
	if (verb)
		offer_arguments(&c, cmd, verb, word_before(&c, argc, argv));
}
