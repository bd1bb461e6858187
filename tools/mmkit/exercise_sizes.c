// SPDX-License-Identifier: GPL-2.0-only
/* Sizes as they are typed, and those of a trace file. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exercise.h"

struct sizes {
	uint32_t *size;
	uint32_t nr;
};

static int add(struct sizes *sizes, const char *text)
{
	uint32_t *more;
	uint64_t bytes;

	if (parse_size(text, &bytes) || !bytes || bytes > UINT32_MAX)
		return -EINVAL;
	if (sizes->nr == MMKIT_BENCH_SIZES_MAX)
		return -ERANGE;
	/* Room doubles: at each power of two. */
	if (!(sizes->nr & (sizes->nr - 1))) {
		more = reallocarray(sizes->size,
				    sizes->nr ? 2 * sizes->nr : 1,
				    sizeof(*more));
		if (!more)
			return -ENOMEM;
		sizes->size = more;
	}
	sizes->size[sizes->nr++] = bytes;
	return 0;
}

static int bad(struct exercise *ex, int err, const char *text)
{
	if (err == -ERANGE)
		return usage(ex->cli, "more than %u sizes",
			     MMKIT_BENCH_SIZES_MAX);
	if (err == -ENOMEM)
		return fail(ex->cli, EXIT_FAILED, ENOMEM, NULL, "out of memory");
	return usage(ex->cli, "'%s' is not a size such as 64, 4K or 1M", text);
}

/* MIN-MAX or SIZE. */
static int take_range(struct exercise *ex)
{
	const char *text = ex->opts->sizes, *dash = strchr(text, '-');
	uint64_t min, max = 0;
	char low[32];

	snprintf(low, sizeof(low), "%.*s", dash ? (int)(dash - text) : 31, text);
	if (parse_size(low, &min))
		return bad(ex, -EINVAL, low);
	if (dash && parse_size(dash + 1, &max))
		return bad(ex, -EINVAL, dash + 1);
	if (dash && ex->req.dist == MMKIT_BENCH_FIXED)
		ex->req.dist = MMKIT_BENCH_UNIFORM;
	if (!min || min > UINT32_MAX || max > UINT32_MAX ||
	    (dash && max < min))
		return usage(ex->cli, "--bytes %s: sizes from 1 byte to 4G, the smaller first",
			     text);
	if (!dash && ex->req.dist != MMKIT_BENCH_FIXED)
		return usage(ex->cli, "--dist %s wants --bytes MIN-MAX",
			     mmkit_bench_dist_name(ex->req.dist));
	ex->req.min = min;
	ex->req.max = max;
	return EXIT_OK;
}

static int take_list(struct exercise *ex, struct sizes *sizes)
{
	char *copy = strdup(ex->opts->sizes), *rest = copy, *word;
	int err = 0, status = EXIT_OK;

	while (copy && !err && (word = strsep(&rest, ","))) {
		err = add(sizes, word);
		if (err)
			status = bad(ex, err, word);
	}
	free(copy);
	return status;
}

/* A size a line; what follows a # is a remark. */
static int take_line(struct exercise *ex, char *line, struct sizes *sizes)
{
	char *word;
	int err;

	line[strcspn(line, "#\n")] = '\0';
	word = strtok(line, " \t\r");
	if (!word)
		return EXIT_OK;
	err = add(sizes, word);
	return err ? bad(ex, err, word) : EXIT_OK;
}

static int take_trace(struct exercise *ex, struct sizes *sizes)
{
	FILE *file = fopen(ex->opts->trace, "re");
	char line[256];
	int status = EXIT_OK;

	if (!file)
		return explain(ex->cli, NULL, errno, ex->opts->trace);
	while (!status && fgets(line, sizeof(line), file))
		status = take_line(ex, line, sizes);
	fclose(file);
	if (!status && !sizes->nr)
		return usage(ex->cli, "%s holds no size", ex->opts->trace);
	return status;
}

static int hand_over(struct exercise *ex, const struct sizes *sizes)
{
	int err = mmkit_bench_sizes(ex->fd, sizes->size, sizes->nr);

	if (err == -EDQUOT)
		return explain_quota(ex->cli, ex->fd, 4ull * sizes->nr,
				     "handing over the sizes");
	return err ? explain(ex->cli, NULL, err, "handing over the sizes") :
		     EXIT_OK;
}

static int take_many(struct exercise *ex)
{
	struct sizes sizes = { 0 };
	int status;

	status = ex->opts->trace ? take_trace(ex, &sizes) :
				   take_list(ex, &sizes);
	if (!status)
		status = hand_over(ex, &sizes);
	free(sizes.size);
	return status;
}

/* Fills in the request, and hands over a list. Returns an exit status. */
int exercise_sizes(struct exercise *ex)
{
	const struct exercise_opts *opts = ex->opts;

	ex->req.dist = opts->dist;
	if (opts->trace)
		ex->req.dist = MMKIT_BENCH_TRACE;
	else if (strchr(opts->sizes, ',') && opts->dist == MMKIT_BENCH_FIXED)
		ex->req.dist = MMKIT_BENCH_LIST;
	if (ex->req.dist == MMKIT_BENCH_LIST ||
	    ex->req.dist == MMKIT_BENCH_TRACE)
		return take_many(ex);
	return take_range(ex);
}
