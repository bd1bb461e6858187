// SPDX-License-Identifier: GPL-2.0-only
/* What /proc/self/smaps says about a range. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <mmkit.h>

/**
 * mmkit_proc_rss() - resident bytes of the areas inside a range
 * @addr: start of the range
 * @len: its length in bytes
 * @bytes: out: sum of Rss of every area that lies wholly inside the range
 *
 * Return: how many areas were summed, or -errno of opening the file.
 */
int mmkit_proc_rss(const void *addr, size_t len, uint64_t *bytes)
{
	unsigned long long from, to, start = (uintptr_t)addr, kb;
	bool inside = false;
	char *line = NULL;
	size_t room = 0;
	int areas = 0;
	FILE *file;

	file = fopen("/proc/self/smaps", "re");
	if (!file)
		return -errno;

	*bytes = 0;
	while (getline(&line, &room, file) > 0) {
		if (sscanf(line, "%llx-%llx ", &from, &to) == 2) {
			inside = from >= start && to <= start + len;
			areas += inside;
		} else if (inside && sscanf(line, "Rss: %llu kB", &kb) == 1) {
			*bytes += kb * 1024;
		}
	}
	free(line);
	fclose(file);
	return areas;
}
