// SPDX-License-Identifier: GPL-2.0-only
/* The table of commands, and running one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const struct command *const commands[] = {
	&info_command, &doctor_command, &load_command, &unload_command,
	&pages_command, &map_command, &heap_command, &memblock_command,
	&bench_command,
	&exercise_command, &slab_command,
	&aspace_command, &lab_command, &bug_command, &top_command, &report_command, &shell_command,
	&run_command, &close_command, NULL,
};

const struct command *command_find(const char *name)
{
	const struct command *const *cmd;

	for (cmd = commands; *cmd; cmd++)
		if (!strcmp((*cmd)->name, name))
			return *cmd;
	return NULL;
}

bool command_flat(const struct command *cmd)
{
	return cmd->nr_verbs == 1 && !cmd->verbs[0].name;
}

const struct verb *verb_find(const struct command *cmd, const char *name)
{
	unsigned int i;

	for (i = 0; i < cmd->nr_verbs; i++)
		if (!strcmp(cmd->verbs[i].name, name))
			return &cmd->verbs[i];
	return NULL;
}

static int check_args(struct cli *cli, const struct verb *verb, int argc,
		      char **argv)
{
	if (argc < verb->min_args && verb->min_args > 1)
		return usage(cli, "%d of %d are there: %s", argc,
			     verb->min_args, verb->args);
	if (argc < verb->min_args)
		return usage(cli, "%s is missing", verb->args);
	if (verb->max_args >= 0 && argc > verb->max_args)
		return usage(cli, "'%s' is one argument too many",
			     argv[verb->max_args]);
	return 0;
}

static int verb_run(struct cli *cli, const struct command *cmd,
		    const struct verb *verb, int argc, char **argv)
{
	void *opts = calloc(1, verb->size ? verb->size : 1);
	int first, status;

	if (!opts)
		return fail(cli, EXIT_FAILED, ENOMEM, NULL, "out of memory");
	if (verb->defaults)
		memcpy(opts, verb->defaults, verb->size);

	status = EXIT_USAGE;
	first = opt_parse(cli, verb, opts, argc, argv);
	if (first >= 0 && cli->opt.help) {
		help_verb(cli, cmd, verb);
		status = EXIT_OK;
	} else if (first >= 0) {
		status = check_args(cli, verb, argc - first, argv + first);
		if (!status)
			status = verb->run(cli, opts, argc - first,
					   argv + first);
	}
	free(opts);
	return status;
}

static int no_command(struct cli *cli, const char *word)
{
	const struct command *const *cmd;
	struct near near = { 0 };

	for (cmd = commands; *cmd; cmd++)
		near_offer(&near, word, (*cmd)->name);
	near_offer(&near, word, "help");
	if (near.best)
		return usage(cli, "there is no command '%s'; did you mean '%s'?",
			     word, near.best);
	return usage(cli, "there is no command '%s'", word);
}

static int no_verb(struct cli *cli, const struct command *cmd, const char *word)
{
	struct near near = { 0 };
	unsigned int i;

	for (i = 0; i < cmd->nr_verbs; i++)
		near_offer(&near, word, cmd->verbs[i].name);
	if (near.best)
		return usage(cli, "there is no verb '%s'; did you mean '%s'?",
			     word, near.best);
	return usage(cli, "there is no verb '%s'", word);
}

/* Help for a command, or for its verb of that name. */
static int help_on(struct cli *cli, const struct command *cmd, const char *name)
{
	const struct verb *verb = NULL;

	if (name && !command_flat(cmd)) {
		verb = verb_find(cmd, name);
		if (!verb)
			return no_verb(cli, cmd, name);
	}
	if (verb)
		help_verb(cli, cmd, verb);
	else
		help_command(cli, cmd);
	return EXIT_OK;
}

/* "help", "help COMMAND" and "help COMMAND VERB". */
static int help_words(struct cli *cli, int argc, char **argv)
{
	const struct command *cmd;

	if (argc < 2 || argv[1][0] == '-' || !strcmp(argv[1], "help")) {
		help_all(cli);
		return EXIT_OK;
	}
	cmd = command_find(argv[1]);
	if (!cmd)
		return no_command(cli, argv[1]);
	snprintf(cli->name, sizeof(cli->name), "%s", cmd->name);
	return help_on(cli, cmd, argc > 2 ? argv[2] : NULL);
}

static int pick_verb(struct cli *cli, const struct command *cmd, int argc,
		     char **argv)
{
	int first = opt_globals(cli, argc, argv);
	const struct verb *verb;

	if (first < 0)
		return EXIT_USAGE;
	if (first == argc && cli->opt.help) {
		help_command(cli, cmd);
		return EXIT_OK;
	}
	if (first == argc)
		return usage(cli, "which verb?");
	if (!strcmp(argv[first], "help"))
		return help_on(cli, cmd, argv[first + 1]);
	verb = verb_find(cmd, argv[first]);
	if (!verb)
		return no_verb(cli, cmd, argv[first]);
	snprintf(cli->name, sizeof(cli->name), "%s %s", cmd->name, verb->name);
	return verb_run(cli, cmd, verb, argc - first, argv + first);
}

/* Runs one command; options given with it end with it. */
int command_run(struct cli *cli, int argc, char **argv)
{
	const struct globals saved = cli->opt;
	const struct command *cmd = command_find(argv[0]);
	int status;

	cli->last_errno = 0;
	verify_reset(cli);
	cli->opt.json |= opt_wants_json(argc, argv);
	snprintf(cli->name, sizeof(cli->name), "%s", cmd ? argv[0] : "");
	if (!strcmp(argv[0], "help"))
		status = help_words(cli, argc, argv);
	else if (!cmd)
		status = no_command(cli, argv[0]);
	else if (command_flat(cmd))
		status = verb_run(cli, cmd, cmd->verbs, argc, argv);
	else
		status = pick_verb(cli, cmd, argc, argv);
	cli->opt = saved;
	return status;
}
