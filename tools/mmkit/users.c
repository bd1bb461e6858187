// SPDX-License-Identifier: GPL-2.0-only
/* Which processes have a device of mmkit open, as fuser(1) finds them. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modules.h"
#include "processes.h"

static bool has_open(const char *pid, const char *device)
{
	char path[PATH_MAX], target[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", pid,
			 entry->d_name);
		len = readlink(path, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		found = !strncmp(target, device, strlen(device));
	}
	if (dir)
		closedir(dir);
	return found;
}

/* "123 (cat)" for each process with /dev/mmkit/<name> open. */
struct json_object *device_users(const char *name)
{
	struct json_object *users = j_arr();
	char device[96], comm[32], text[64];
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	snprintf(device, sizeof(device), "/dev/mmkit/%.64s", name);
	while (proc && (entry = readdir(proc))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    !has_open(entry->d_name, device))
			continue;
		process_command(entry->d_name, comm, sizeof(comm));
		snprintf(text, sizeof(text), "%.20s (%.30s)", entry->d_name,
			 comm);
		json_object_array_add(users, json_object_new_string(text));
	}
	if (proc)
		closedir(proc);
	return users;
}
