// SPDX-License-Identifier: GPL-2.0-only
/* --help, from the same tables that parse. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

/* In the shell commands are typed without it. */
static const char *program(const struct cli *cli)
{
	return cli->prompt ? "" : "mmkit ";
}

static const char *example(const struct cli *cli, const char *text)
{
	size_t len = strlen("mmkit ");

	return cli->prompt && !strncmp(text, "mmkit ", len) ? text + len : text;
}

static void help_opts(const struct opt *opts, bool verifies)
{
	char left[48], key[8];

	for (; opts && opts->name; opts++) {
		if (!verifies && !strcmp(opts->name, "verify"))
			continue;
		snprintf(key, sizeof(key), opts->key ? "-%c, " : "    ",
			 opts->key);
		snprintf(left, sizeof(left), "%s--%s%s%s", key, opts->name,
			 opts->arg ? " " : "", opts->arg ? opts->arg : "");
		printf("  %-24s %s\n", left, opts->help);
	}
}

void help_all(const struct cli *cli)
{
	const struct command *const *cmd;

	printf("Usage: %s[OPTION]... COMMAND [VERB] [ARGUMENT]...\n"
	       "A laboratory for Linux memory management.\n\nCommands:\n",
	       program(cli));
	for (cmd = commands; *cmd; cmd++)
		printf("  %-10s %s\n", (*cmd)->name, (*cmd)->help);
	printf("  %-10s %s\n", "help", "help for a COMMAND and its VERB");
	if (cli->prompt)
		printf("  %-10s %s\n", "quit", "end the session; so do exit and Ctrl-D");
	puts("\nOptions, before or after the command:");
	help_opts(global_opts, true);
	puts("  --version                version of the tool and its ABI\n\n"
	     "Exit status: 0 done, 1 failed, 2 wrong usage, 77 module or feature absent.");
	printf("Example: %spages alloc -o 3 -c 4 -g KERNEL\n", program(cli));
}

void help_command(const struct cli *cli, const struct command *cmd)
{
	unsigned int i;

	if (command_flat(cmd)) {
		help_verb(cli, cmd, cmd->verbs);
		return;
	}
	printf("Usage: %s%s VERB [OPTION]...\n%s\n\nVerbs:\n", program(cli),
	       cmd->name, cmd->help);
	for (i = 0; i < cmd->nr_verbs; i++)
		printf("  %-12s %s\n", cmd->verbs[i].name, cmd->verbs[i].help);
	printf("\n%shelp %s VERB tells more.\nExample: %s\n", program(cli),
	       cmd->name, example(cli, cmd->verbs[0].example));
}

void help_verb(const struct cli *cli, const struct command *cmd,
	       const struct verb *verb)
{
	printf("Usage: %s%s%s%s [OPTION]...%s%s\n%s\n", program(cli), cmd->name,
	       verb->name ? " " : "", verb->name ? verb->name : "",
	       verb->args ? " " : "", verb->args ? verb->args : "",
	       verb->help);
	if (verb->more)
		printf("%s\n", verb->more);
	puts("\nOptions:");
	help_opts(verb->opts, true);
	help_opts(global_opts, !verb->no_verify);
	printf("\nExample: %s\n", example(cli, verb->example));
}
