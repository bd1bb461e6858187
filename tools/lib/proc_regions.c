// SPDX-License-Identifier: GPL-2.0-only
/* /proc/PID/smaps and /proc/PID/status, to compare with. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mmkit.h>

static FILE *open_of(int pid, const char *file)
{
	char path[48];

	if (pid)
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	else
		snprintf(path, sizeof(path), "/proc/self/%s", file);
	return fopen(path, "re");
}

/* The kernel writes a newline, and where it is asked to a backslash, as octal. */
static void copy_name(struct mmkit_proc_region *region, const char *text)
{
	size_t len = strcspn(text, "\n"), room = sizeof(region->name);

	/* As the module: the end of what is too long. */
	if (len >= room) {
		text += len - (room - 1);
		len = room - 1;
	}
	memcpy(region->name, text, len);
	region->name[len] = '\0';
}

static bool head_line(struct mmkit_proc_region *region, const char *line)
{
	unsigned long long start, end, offset, ino;
	int at = 0;

	memset(region, 0, sizeof(*region));
	if (sscanf(line, "%llx-%llx %4s %llx %x:%x %llu %n", &start, &end,
		   region->perms, &offset, &region->major, &region->minor,
		   &ino, &at) < 7)
		return false;
	region->start = start;
	region->end = end;
	region->offset = offset;
	region->ino = ino;
	copy_name(region, line + at);
	return true;
}

static void flags_line(struct mmkit_proc_region *region, const char *line)
{
	const char *name;
	unsigned int bit;
	char word[8];

	for (bit = 0; (name = mmkit_vma_flag_name(bit)); bit++) {
		snprintf(word, sizeof(word), " %s", name);
		if (strstr(line, word))
			region->flags |= 1ull << bit;
	}
}

static void value_line(struct mmkit_proc_region *region, const char *line)
{
	static const struct {
		const char *key;
		size_t at;
	} keys[] = {
		{ "Rss:", offsetof(struct mmkit_proc_region, rss) },
		{ "Anonymous:", offsetof(struct mmkit_proc_region, anonymous) },
		{ "Swap:", offsetof(struct mmkit_proc_region, swap) },
		{ "Referenced:", offsetof(struct mmkit_proc_region, referenced) },
		{ "LazyFree:", offsetof(struct mmkit_proc_region, lazyfree) },
		{ "Shared_Clean:", offsetof(struct mmkit_proc_region, shared_clean) },
		{ "Shared_Dirty:", offsetof(struct mmkit_proc_region, shared_dirty) },
		{ "Private_Dirty:", offsetof(struct mmkit_proc_region, private_dirty) },
		{ "AnonHugePages:", offsetof(struct mmkit_proc_region, anon_huge) },
		{ "ShmemPmdMapped:", offsetof(struct mmkit_proc_region, shmem_huge) },
		{ "FilePmdMapped:", offsetof(struct mmkit_proc_region, file_huge) },
		{ "Shared_Hugetlb:", offsetof(struct mmkit_proc_region, shared_hugetlb) },
		{ "Private_Hugetlb:", offsetof(struct mmkit_proc_region, private_hugetlb) },
	};
	size_t i, len;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		len = strlen(keys[i].key);
		if (!strncmp(line, keys[i].key, len))
			*(uint64_t *)((char *)region + keys[i].at) =
				strtoull(line + len, NULL, 10) * 1024;
	}
}

static int add_line(struct mmkit_proc_region **regions, int nr,
		    const char *line)
{
	struct mmkit_proc_region region, *more;

	if (!head_line(&region, line)) {
		if (nr && !strncmp(line, "VmFlags:", 8))
			flags_line(&(*regions)[nr - 1], line);
		else if (nr)
			value_line(&(*regions)[nr - 1], line);
		return nr;
	}
	more = reallocarray(*regions, nr + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	*regions = more;
	more[nr] = region;
	return nr + 1;
}

/**
 * mmkit_proc_smaps() - read /proc/PID/smaps
 * @pid: process, 0 for the caller
 * @regions: out: array, upwards; the caller's to free
 *
 * Return: how many, or -errno of opening the file, -ENOMEM.
 */
int mmkit_proc_smaps(int pid, struct mmkit_proc_region **regions)
{
	FILE *file = open_of(pid, "smaps");
	char *line = NULL;
	size_t room = 0;
	int nr = 0;

	*regions = NULL;
	if (!file)
		return -errno;
	while (nr >= 0 && getline(&line, &room, file) > 0)
		nr = add_line(regions, nr, line);
	free(line);
	fclose(file);
	if (nr < 0) {
		free(*regions);
		*regions = NULL;
	}
	return nr;
}

/**
 * mmkit_proc_status() - read a line of /proc/PID/status
 * @pid: process, 0 for the caller
 * @field: such as "VmPTE"
 * @bytes: out: its kB in bytes
 *
 * Return: 0, -errno of opening the file, -ENOENT no such line.
 */
int mmkit_proc_status(int pid, const char *field, uint64_t *bytes)
{
	FILE *file = open_of(pid, "status");
	size_t len = strlen(field), room = 0;
	char *line = NULL;
	int ret = -ENOENT;

	if (!file)
		return -errno;
	while (ret && getline(&line, &room, file) > 0) {
		if (strncmp(line, field, len) || line[len] != ':')
			continue;
		*bytes = strtoull(line + len + 1, NULL, 10) * 1024;
		ret = 0;
	}
	free(line);
	fclose(file);
	return ret;
}
