// SPDX-License-Identifier: GPL-2.0-only
/*
 * How far work has come, on the terminal that stderr is. Nothing is drawn in the
 * first half second: most work has ended by then.
 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define BAR		30
#define PATIENCE_MS	500
#define EACH_MS		100

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

struct progress progress_begin(const struct cli *cli, uint64_t total)
{
	uint64_t now = now_ms();
	unsigned int patience = getenv("MMKIT_PROGRESS") ? 0 : PATIENCE_MS;

	return (struct progress) {
		.shown = !cli->opt.quiet && !cli->capture &&
			 isatty(STDERR_FILENO),
		.total = total ? total : 1,
		.begin_ms = now,
		.next_ms = now + patience,
	};
}

/* @done of the total; @what is worked on now. */
void progress_at(struct progress *progress, uint64_t done, const char *what)
{
	uint64_t now, ms, left;
	int fill;

	if (!progress->shown)
		return;
	now = now_ms();
	if (now < progress->next_ms)
		return;
	progress->next_ms = now + EACH_MS;
	ms = now - progress->begin_ms + 1;
	if (done > progress->total)
		done = progress->total;
	fill = done * BAR / progress->total;
	left = done ? ms * (progress->total - done) / done : 0;
	fprintf(stderr, "\r\033[K[%.*s%*s] %3d%% %.1f/s", fill,
		"##############################", BAR - fill, "",
		(int)(done * 100 / progress->total), done * 1000.0 / ms);
	if (done)
		fprintf(stderr, " %llus left", (unsigned long long)(left + 999) / 1000);
	fprintf(stderr, " %.18s", what);
	fflush(stderr);
}

void progress_end(const struct progress *progress)
{
	if (progress->shown)
		fprintf(stderr, "\r\033[K");
}
