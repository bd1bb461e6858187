// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's files: a number, a text, or a line "KEY NUMBER" of many. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel_file.h"
#include "run.h"

/* "pgfault 12", "VmRSS:     12 kB" and "oom_kill 1" alike; kB become bytes. */
static bool find_key(const char *path, const char *key, int64_t *value)
{
	size_t len = strlen(key), room = 0;
	FILE *file = fopen(path, "re");
	bool found = false;
	char *line = NULL, unit[8];

	if (!file)
		return false;
	while (!found && getline(&line, &room, file) > 0) {
		if (strncmp(line, key, len) ||
		    (line[len] != ' ' && line[len] != ':' && line[len] != '\t'))
			continue;
		unit[0] = '\0';
		found = sscanf(line + len + (line[len] == ':'),
			       "%" SCNd64 " %7s", value, unit) >= 1;
		if (!strcmp(unit, "kB"))
			*value *= 1024;
	}
	free(line);
	fclose(file);
	return found;
}

bool key_present(const char *path, const char *key)
{
	int64_t value;

	return find_key(path, key, &value);
}

/* The number after @key in a file of such lines, in bytes where it says kB. */
int64_t read_key(struct lab_run *run, const char *path, const char *key)
{
	int64_t value = 0;

	if (!find_key(path, key, &value))
		stop(run, "%s has no line %s", path, key);
	return value;
}

/* The file's text, without its last newline. */
void read_text(struct lab_run *run, const char *path, char *text, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, len - 1);

	if (got < 0)
		stop(run, "%s cannot be read (%s)", path, errno_name(errno));
	close(fd);
	text[got] = '\0';
	if (got && text[got - 1] == '\n')
		text[got - 1] = '\0';
}

int64_t read_number(struct lab_run *run, const char *path)
{
	char text[64], *end;
	int64_t value;

	read_text(run, path, text, sizeof(text));
	value = strtoll(text, &end, 0);
	if (end == text)
		stop(run, "%s has no number but '%s'", path, text);
	return value;
}

void write_text(struct lab_run *run, const char *path, const char *text)
{
	int err = file_put(path, text);

	if (err)
		stop(run, "%s does not take '%s' (%s)", path, text,
		     errno_name(-err));
}

/* The same for a setting: it is put back when the lab is over. */
void set_text(struct lab_run *run, const char *path, const char *text)
{
	undo_write(run, path);
	write_text(run, path, text);
}
