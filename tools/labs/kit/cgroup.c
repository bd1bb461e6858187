// SPDX-License-Identifier: GPL-2.0-only
/* Memory cgroups of a lab: under the root of cgroup v2, gone when it ends. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

#define ROOT	"/sys/fs/cgroup"

/* Returns its folder, which stays the same until the lab ends. */
const char *cgroup_new(struct lab_run *run, const char *name)
{
	static char paths[8][96];
	static unsigned int nr;
	char *path;

	if (nr == 8)
		stop(run, "the lab makes more than 8 cgroups");
	path = paths[nr++];
	snprintf(path, sizeof(paths[0]), ROOT "/mmkit-lab-%d-%.40s", getpid(),
		 name);
	undo_cgroup(run, path);
	if (mkdir(path, 0755))
		stop(run, "%s cannot be made (%s)", path, errno_name(errno));
	return path;
}

static void file_of(char *path, size_t len, const char *cgroup,
		    const char *file)
{
	snprintf(path, len, "%s/%s", cgroup, file);
}

void cgroup_set(struct lab_run *run, const char *cgroup, const char *file,
		const char *value)
{
	char path[160];

	file_of(path, sizeof(path), cgroup, file);
	write_text(run, path, value);
}

int64_t cgroup_get(struct lab_run *run, const char *cgroup, const char *file)
{
	char path[160];

	file_of(path, sizeof(path), cgroup, file);
	return read_number(run, path);
}

int64_t cgroup_key(struct lab_run *run, const char *cgroup, const char *file,
		   const char *key)
{
	char path[160];

	file_of(path, sizeof(path), cgroup, file);
	return read_key(run, path, key);
}

/* Not every kernel has every file. */
bool cgroup_has(const char *cgroup, const char *file)
{
	char path[160];

	file_of(path, sizeof(path), cgroup, file);
	return !access(path, F_OK);
}

/*
 * Asks for that much of what the cgroup has; EAGAIN says that it was not all to
 * be had, which those who ask for more than there is expect.
 */
void cgroup_reclaim(struct lab_run *run, const char *cgroup, int64_t bytes)
{
	char path[160], text[32];
	int fd;

	file_of(path, sizeof(path), cgroup, "memory.reclaim");
	snprintf(text, sizeof(text), "%lld", (long long)bytes);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		skip(run, "the kernel has no memory.reclaim");
	if (write(fd, text, strlen(text)) < 0 && errno != EAGAIN)
		stop(run, "%s does not take '%s' (%s)", path, text,
		     errno_name(errno));
	close(fd);
}

/* The calling process and what it forks from now on. */
void cgroup_enter(struct lab_run *run, const char *cgroup)
{
	cgroup_set(run, cgroup, "cgroup.procs", "0");
}
