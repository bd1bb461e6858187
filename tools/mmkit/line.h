/* SPDX-License-Identifier: GPL-2.0-only */
/* One line of a script or of the shell. */
#ifndef MMKIT_CLI_LINE_H
#define MMKIT_CLI_LINE_H

#include "cli.h"

#define LINE_QUIT	(-1)

bool line_is_open(const char *text, size_t len);
int line_run(struct cli *cli, const char *line);

#endif
