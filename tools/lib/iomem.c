// SPDX-License-Identifier: GPL-2.0-only
/* Physical memory as files of the kernel tell it, and addresses of its symbols. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mmkit.h>

static struct mmkit_range *add_range(struct mmkit_range **ranges, int nr)
{
	struct mmkit_range *more;

	/* In steps of a power of two: at each of them there is room for as many. */
	if (nr & (nr - 1))
		return &(*ranges)[nr];
	more = realloc(*ranges, (nr ? 2 * nr : 1) * sizeof(*more));
	if (!more)
		return NULL;
	*ranges = more;
	return &more[nr];
}

static bool read_iomem(const char *line, struct mmkit_range *range)
{
	unsigned long long base, end;
	int at = 0;

	*range = (struct mmkit_range){ .level = strspn(line, " ") / 2 };
	if (sscanf(line, " %llx-%llx : %n", &base, &end, &at) < 2 || !at)
		return false;
	range->base = base;
	range->bytes = end - base + 1;
	snprintf(range->name, sizeof(range->name), "%.*s",
		 (int)strcspn(line + at, "\n"), line + at);
	return true;
}

/**
 * mmkit_proc_iomem() - what /proc/iomem says
 * @ranges: out: free() it
 *
 * Return: how many, -EACCES when it hides the addresses, or -errno.
 */
int mmkit_proc_iomem(struct mmkit_range **ranges)
{
	FILE *file = fopen("/proc/iomem", "re");
	struct mmkit_range *range;
	char *line = NULL;
	bool hidden = true;
	size_t room = 0;
	int nr = 0;

	*ranges = NULL;
	if (!file)
		return -errno;
	while (getline(&line, &room, file) > 0) {
		range = add_range(ranges, nr);
		if (!range || !read_iomem(line, range))
			continue;
		hidden &= !range->base && range->bytes == 1;
		nr++;
	}
	free(line);
	fclose(file);
	return hidden ? -EACCES : nr;
}

static int read_attribute(unsigned int i, const char *name, char *text,
			  size_t len)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/firmware/memmap/%u/%s", i, name);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (!fgets(text, len, file))
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	fclose(file);
	return 0;
}

/**
 * mmkit_firmware_memmap() - the map that the firmware gave the kernel
 * @ranges: out: free() it; the name is the type
 *
 * Return: how many, or -errno.
 */
int mmkit_firmware_memmap(struct mmkit_range **ranges)
{
	char start[32], end[32];
	struct mmkit_range *range;
	int nr, err;

	*ranges = NULL;
	for (nr = 0;; nr++) {
		err = read_attribute(nr, "start", start, sizeof(start));
		if (err)
			return nr ? nr : err;
		range = add_range(ranges, nr);
		if (!range)
			return -ENOMEM;
		*range = (struct mmkit_range){ 0 };
		if (read_attribute(nr, "end", end, sizeof(end)) ||
		    read_attribute(nr, "type", range->name,
				   sizeof(range->name)))
			return nr;
		range->base = strtoull(start, NULL, 16);
		range->bytes = strtoull(end, NULL, 16) - range->base + 1;
	}
}

/**
 * mmkit_proc_symbols() - addresses from /proc/kallsyms
 * @names: of the kernel's own symbols
 * @nr: how many
 * @addrs: out: 0 where there is none, or where it may not be seen
 *
 * Return: 0, or -errno of opening the file.
 */
int mmkit_proc_symbols(const char *const *names, unsigned int nr,
		       uint64_t *addrs)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	unsigned long long addr;
	char name[128], module[2];
	char *line = NULL;
	size_t room = 0;
	unsigned int i;

	memset(addrs, 0, nr * sizeof(*addrs));
	if (!file)
		return -errno;
	while (getline(&line, &room, file) > 0) {
		if (sscanf(line, "%llx %*c %127s %1s", &addr, name, module) != 2)
			continue;
		for (i = 0; i < nr; i++)
			if (!strcmp(name, names[i]))
				addrs[i] = addr;
	}
	free(line);
	fclose(file);
	return 0;
}
