// SPDX-License-Identifier: GPL-2.0-only
/* mmkit run: the verbs of the shell from a file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"

#define FILE_WANTED	"a file, or - for standard input"

struct run_opts {
	bool keep_going;
	bool echo;
};

static const struct opt run_opts[] = {
	{ 'k', "keep-going", OPT_FLAG, offsetof(struct run_opts, keep_going),
	  NULL, "go on after a command that failed", NULL },
	{ 'x', "echo", OPT_FLAG, offsetof(struct run_opts, echo),
	  NULL, "show each command before it runs", NULL },
	{ 0 },
};

/* The line still has its newline, but the last one of a file may not. */
static void echo_line(const char *line)
{
	printf("mmkit> %.*s\n", (int)strcspn(line, "\n"), line);
	fflush(stdout);
}

static int run_stream(struct cli *cli, FILE *file, const char *name,
		      const struct run_opts *opts)
{
	int status, err, worst = EXIT_OK, number = 0;
	char *line = NULL;
	char where[128];
	size_t room = 0;

	cli->where = where;
	while (getline(&line, &room, file) > 0) {
		snprintf(where, sizeof(where), "%.100s:%d", name, ++number);
		if (opts->echo && !cli->opt.json)
			echo_line(line);
		status = line_run(cli, line);
		if (status == LINE_QUIT)
			break;
		if (status && !worst)
			worst = status;
		if (status && !opts->keep_going)
			break;
	}
	err = ferror(file) ? errno : 0;
	cli->where = NULL;
	free(line);
	return err ? unreadable(cli, name, err, FILE_WANTED) : worst;
}

static int run_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct run_opts *opts = data;
	bool standard = !strcmp(argv[0], "-");
	FILE *file = standard ? stdin : fopen(argv[0], "re");
	int status;

	(void)argc;
	if (!file)
		return unreadable(cli, argv[0], errno, FILE_WANTED);
	cli->interactive = true;
	status = run_stream(cli, file, standard ? "stdin" : argv[0], opts);
	cli->interactive = false;
	if (!standard)
		fclose(file);
	return status;
}

static const struct verb run_verb = {
	.args = "FILE",
	.min_args = 1,
	.max_args = 1,
	.help = "run the commands in FILE (- for standard input) in one session",
	.more = "One command a line, without the leading mmkit; # starts a comment. Stops at the\n"
		"first that fails. expect-fail COMMAND... or expect-fail=EDQUOT COMMAND... wants\n"
		"a command to fail; close [AREA] ends a session.",
	.example = "printf 'pages alloc -o 3\\npages free 1\\n' | mmkit run -",
	.opts = run_opts,
	.size = sizeof(struct run_opts),
	.run = run_run,
};

const struct command run_command = {
	.name = "run",
	.help = "run commands from a file, in one session",
	.verbs = &run_verb,
	.nr_verbs = 1,
};
