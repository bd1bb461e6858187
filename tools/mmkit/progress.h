/* SPDX-License-Identifier: GPL-2.0-only */
/* How far work has come: a bar, a rate, the time left. On a terminal only. */
#ifndef MMKIT_CLI_PROGRESS_H
#define MMKIT_CLI_PROGRESS_H

#include <stdint.h>

#include "cli.h"

struct progress {
	bool shown;
	uint64_t total;
	uint64_t begin_ms;
	uint64_t next_ms;	/* when it is drawn again */
};

struct progress progress_begin(const struct cli *cli, uint64_t total);
void progress_at(struct progress *progress, uint64_t done, const char *what);
void progress_end(const struct progress *progress);

#endif
