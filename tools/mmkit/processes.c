// SPDX-License-Identifier: GPL-2.0-only
/* The processes that have memory of their own, from the largest on. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "processes.h"

void process_command(const char *pid, char *command, size_t len)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	snprintf(command, len, "?");
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(command, len, file))
		command[strcspn(command, "\n")] = '\0';
	fclose(file);
}

/* Resident pages; 0 of a kernel thread, and of one that is gone. */
static uint64_t rss_of(const char *pid)
{
	unsigned long long rss = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/statm", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%*u %llu", &rss) != 1)
		rss = 0;
	fclose(file);
	return rss;
}

static int by_rss(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return x->rss > y->rss ? -1 : x->rss < y->rss;
}

/* Returns how many, or -errno; to be freed. */
int processes_read(struct process **processes)
{
	DIR *proc = opendir("/proc");
	struct process *more;
	struct dirent *entry;
	uint64_t rss;
	int nr = 0;

	*processes = NULL;
	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		rss = isdigit((unsigned char)entry->d_name[0]) ?
		      rss_of(entry->d_name) : 0;
		if (!rss)
			continue;
		more = reallocarray(*processes, nr + 1, sizeof(*more));
		if (!more)
			break;
		*processes = more;
		more[nr].pid = atoi(entry->d_name);
		more[nr].rss = rss;
		process_command(entry->d_name, more[nr].command,
				sizeof(more[nr].command));
		nr++;
	}
	closedir(proc);
	if (nr)
		qsort(*processes, nr, sizeof(**processes), by_rss);
	return nr;
}
