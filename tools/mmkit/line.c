// SPDX-License-Identifier: GPL-2.0-only
/* One line: split as a shell splits it, then run as a command. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <histedit.h>

#include "line.h"
#include "out.h"

#define EXPECT	"expect-fail"

/*
 * "expect-fail VERB..." and "expect-fail=EDQUOT VERB...": the command must
 * fail, so that a script can show that the kernel refuses something.
 */
static int run_expecting(struct cli *cli, const char *word, int argc,
			 char **argv)
{
	const char *want = word[strlen(EXPECT)] == '=' ?
			   word + strlen(EXPECT) + 1 : NULL;
	int status;

	if (!argc)
		return usage(cli, "%s: which command?", word);
	cli->expect = want ? want : "";
	status = command_run(cli, argc, argv);
	cli->expect = NULL;
	if (status == EXIT_OK)
		return fail(cli, EXIT_FAILED, 0, NULL,
			    "it was expected to fail, and did not");
	if (want && strcasecmp(want, errno_name(cli->last_errno)))
		return fail(cli, EXIT_FAILED, cli->last_errno, NULL,
			    "it was expected to fail with %s, and failed with %s",
			    want, cli->last_errno ?
			    errno_name(cli->last_errno) : "no errno");
	return EXIT_OK;
}

static bool is_expecting(const char *word)
{
	size_t len = strlen(EXPECT);

	return !strncmp(word, EXPECT, len) && (!word[len] || word[len] == '=');
}

static int run_words(struct cli *cli, int argc, char **argv)
{
	if (!strcmp(argv[0], "quit") || !strcmp(argv[0], "exit"))
		return LINE_QUIT;
	if (!strcmp(argv[0], "mmkit") && argc > 1) {
		argc--;
		argv++;
	}
	if (is_expecting(argv[0]))
		return run_expecting(cli, argv[0], argc - 1, argv + 1);
	if (!strcmp(argv[0], "shell") || !strcmp(argv[0], "run"))
		return usage(cli, "%s cannot be used inside itself", argv[0]);
	return command_run(cli, argc, argv);
}

/* The words up to a comment, in an array that getopt may reorder. */
static int run_copy(struct cli *cli, int argc, const char **words)
{
	char **argv = calloc(argc + 2, sizeof(*argv));
	int nr, status;

	if (!argv)
		return explain(cli, NULL, ENOMEM, "reading a line");
	for (nr = 0; nr < argc && words[nr][0] != '#'; nr++)
		argv[nr] = (char *)words[nr];
	status = nr ? run_words(cli, nr, argv) : EXIT_OK;
	free(argv);
	return status;
}

/* A backslash at the end takes the next character with it, and the tokenizer goes on. */
bool line_is_open(const char *text, size_t len)
{
	size_t at = len;

	while (at && text[at - 1] == '\\')
		at--;
	return (len - at) % 2;
}

/* Runs a line: an exit status, or LINE_QUIT. */
int line_run(struct cli *cli, const char *line)
{
	const char **words;
	Tokenizer *tok;
	int argc, status;

	cli->name[0] = '\0';
	line += strspn(line, " \t");
	if (!*line || *line == '#' || *line == '\n')
		return EXIT_OK;
	if (line_is_open(line, strlen(line)))
		return usage(cli, "nothing follows the backslash at the end");
	tok = tok_init(NULL);
	if (!tok)
		return explain(cli, NULL, ENOMEM, "reading a line");
	if (tok_str(tok, line, &argc, &words))
		status = usage(cli, "a quote is not closed");
	else
		status = run_copy(cli, argc, words);
	tok_end(tok);
	return status;
}
