/* SPDX-License-Identifier: GPL-2.0-only */
/* The processes that have memory of their own. */
#ifndef MMKIT_CLI_PROCESSES_H
#define MMKIT_CLI_PROCESSES_H

#include "cli.h"

struct process {
	int pid;
	char command[32];
	uint64_t rss;	/* pages */
};

int processes_read(struct process **processes);
void process_command(const char *pid, char *command, size_t len);

#endif
