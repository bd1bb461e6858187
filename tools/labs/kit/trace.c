// SPDX-License-Identifier: GPL-2.0-only
/* Events that the kernel tells of, in a trace buffer of the lab's own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

#define INSTANCES	"/sys/kernel/tracing/instances"

static char instance[96];

static void file_of(char *path, size_t len, const char *file)
{
	snprintf(path, len, "%s/%s", instance, file);
}

static void put(struct lab_run *run, const char *file, const char *text)
{
	char path[192];

	file_of(path, sizeof(path), file);
	write_text(run, path, text);
}

/* To open it so is to empty it. */
static void forget(struct lab_run *run)
{
	char path[192];
	int fd;

	file_of(path, sizeof(path), "trace");
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		stop(run, "%s cannot be emptied (%s)", path, errno_name(errno));
	close(fd);
}

/*
 * From now on one kind of event, "group/name", as far as @filter lets it pass.
 * To turn an event on the kernel changes its own code, which may itself be worth
 * an event: what is told of begins after that, and ends before it is turned off.
 */
void trace_begin(struct lab_run *run, const char *event, const char *filter)
{
	char path[192];

	if (!instance[0]) {
		snprintf(instance, sizeof(instance), INSTANCES "/mmkit-lab-%d",
			 getpid());
		undo_folder(run, instance);
		if (mkdir(instance, 0700))
			stop(run, "%s cannot be made (%s)", instance,
			     errno_name(errno));
	}
	snprintf(path, sizeof(path), "%s/events/%s/filter", instance, event);
	write_text(run, path, filter);
	put(run, "tracing_on", "1");
	put(run, "set_event", strchr(event, '/') + 1);
	forget(run);
}

/* Tells of no more; how many of those it told of have @text in their line? */
int64_t trace_end(struct lab_run *run, const char *text)
{
	char path[192], line[512];
	int64_t found = 0;
	FILE *file;

	put(run, "tracing_on", "0");
	put(run, "events/enable", "0");
	file_of(path, sizeof(path), "trace");
	file = fopen(path, "re");
	if (!file)
		stop(run, "%s cannot be read (%s)", path, errno_name(errno));
	while (fgets(line, sizeof(line), file))
		found += *line != '#' && strstr(line, text);
	fclose(file);
	return found;
}
