// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operation "core-dump" of mmkit map matrix: a process that has the mapping
 * dumps core, and the file is searched for what the mapping holds. Beside it there
 * is memory that belongs in every such file, so that a file without either proves
 * nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "map_ops.h"

#define PATTERN	"/proc/sys/kernel/core_pattern"
#define FILTER	"/proc/self/coredump_filter"
#define SHARED	"0xa"	/* shared mappings, of files or not, and nothing else */
#define WORDS	8

/* Where nothing else is like it: no text and no constant has these bytes. */
static void mark(void *at, uint64_t seed)
{
	uint64_t *to = at;
	size_t i;

	for (i = 0; i < WORDS; i++)
		to[i] = (seed + i) * 0x9e3779b97f4a7c15ull;
}

/* Into the folder that the process is in: no pipe, and no path. */
static bool lands_here(void)
{
	char text[128] = "";
	FILE *file = fopen(PATTERN, "re");

	if (file) {
		if (!fgets(text, sizeof(text), file))
			text[0] = '\0';
		fclose(file);
	}
	return text[0] && text[0] != '\n' && text[0] != '|' &&
	       !strchr(text, '/');
}

static bool set_filter(void)
{
	FILE *file = fopen(FILTER, "we");
	bool good = file && fputs(SHARED, file) >= 0;

	return file ? !fclose(file) && good : false;
}

/* Does not return. */
static void dump(const char *folder)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	if (chdir(folder) || setrlimit(RLIMIT_CORE, &limit) || !set_filter())
		_exit(1);
	signal(SIGQUIT, SIG_DFL);
	raise(SIGQUIT);
	_exit(1);
}

/* The only file of the folder, which is removed; -1 when there is none. */
static int open_core(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int fd = -1;

	while (dir && fd < 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
		unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	return fd;
}

static bool holds(const void *core, size_t size, uint64_t seed)
{
	uint64_t want[WORDS];

	mark(want, seed);
	return memmem(core, size, want, sizeof(want));
}

/* What is in there: the page, only what belongs there, or not even that. */
static int judge(int fd, uint64_t seed, uint64_t control)
{
	struct stat st;
	int found = EIO;
	void *core;

	if (fstat(fd, &st) || !st.st_size)
		return EIO;
	core = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (core == MAP_FAILED)
		return errno;
	if (holds(core, st.st_size, control))
		found = holds(core, st.st_size, seed) ? 0 : OP_LEFT_OUT;
	munmap(core, st.st_size);
	return found;
}

static int dump_and_judge(const char *folder, uint64_t seed, uint64_t control)
{
	int status, fd, err;
	pid_t pid = fork();

	if (pid < 0)
		return errno;
	if (!pid)
		dump(folder);
	if (waitpid(pid, &status, 0) != pid)
		return errno;
	if (!WIFSIGNALED(status) || !WCOREDUMP(status))
		return WIFSIGNALED(status) ? EIO : OP_UNTRIED;
	fd = open_core(folder);
	if (fd < 0)
		return EIO;
	err = judge(fd, seed, control);
	close(fd);
	return err;
}

int map_op_core(struct op_area *a)
{
	const uint64_t seed = ((uint64_t)getpid() << 32) | 1;
	const uint64_t control = seed + (1ull << 20);
	char folder[] = "/tmp/mmkit-core.XXXXXX";
	uint8_t *other;
	int err;

	if (!lands_here() || !mkdtemp(folder))
		return OP_UNTRIED;
	other = mmap(NULL, a->page, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (other == MAP_FAILED) {
		err = errno;
	} else {
		mark(a->map, seed);
		mark(other, control);
		err = dump_and_judge(folder, seed, control);
		munmap(other, a->page);
	}
	rmdir(folder);
	return err;
}
