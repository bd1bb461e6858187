// SPDX-License-Identifier: GPL-2.0-only
/* mmkit: operate, expose and exercise the kernel's memory management. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void print_candidate(void *data, const char *word)
{
	(void)data;
	puts(word);
}

/* What completions/mmkit.bash calls: words before the cursor, one reply a line. */
static int complete_main(struct cli *cli, int argc, char **argv)
{
	cli->opt.quiet = true;
	complete(cli, argc, argv, print_candidate, NULL);
	return EXIT_OK;
}

static int dispatch(struct cli *cli, int argc, char **argv)
{
	int first;

	if (argc > 1 && !strcmp(argv[1], "--version")) {
		printf("mmkit %s (ABI %d)\n", MMKIT_VERSION, MMKIT_ABI);
		return EXIT_OK;
	}
	if (argc > 1 && !strcmp(argv[1], "--complete"))
		return complete_main(cli, argc - 2, argv + 2);

	first = opt_globals(cli, argc, argv);
	if (first < 0)
		return EXIT_USAGE;
	if (cli->opt.help && first == argc) {
		help_all(cli);
		return EXIT_OK;
	}
	if (first == argc && cli->opt.json)
		return usage(cli, "which command?");
	if (first == argc) {
		help_all(cli);
		return EXIT_USAGE;
	}
	return command_run(cli, argc - first, argv + first);
}

int main(int argc, char **argv)
{
	struct cli cli = { .opt.no_color = false };
	int status;

	/*
	 * malloc() would soon keep large arrays on its heap, in the very pages
	 * that compaction has emptied: have them go back to the kernel instead.
	 */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	status = dispatch(&cli, argc, argv);
	areas_close(&cli);
	verify_reset(&cli);
	free(cli.held);
	free(cli.heaps);
	free(cli.checks);
	json_object_put(cli.failure);
	/* What a failed fflush() dropped is not seen by a later one. */
	if ((fflush(stdout) || ferror(stdout)) && status == EXIT_OK) {
		fprintf(stderr, "mmkit: not all of the output could be written\n");
		status = EXIT_FAILED;
	}
	return status;
}
