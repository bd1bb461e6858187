// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel's own files say about zones. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mmkit.h>

#include "internal.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define EXTFRAG		"/sys/kernel/debug/extfrag/"

struct list {
	struct mmkit_proc_zone *zones;
	int nr;
};

/* Takes one line of a file; returns 0 or -errno. */
typedef int (*line_fn)(struct list *list, char *line);

static int add_zone(struct list *list, const struct mmkit_proc_zone *zone)
{
	struct mmkit_proc_zone *more;

	more = reallocarray(list->zones, list->nr + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	more[list->nr++] = *zone;
	list->zones = more;
	return 0;
}

static int read_file(const char *path, line_fn fn,
		     struct mmkit_proc_zone **zones)
{
	struct list list = { 0 };
	char *text, *line, *save;
	int err = 0;

	*zones = NULL;
	text = lib_read_file(path);
	if (!text)
		return -errno;
	for (line = strtok_r(text, "\n", &save); line && !err;
	     line = strtok_r(NULL, "\n", &save))
		err = fn(&list, line);
	free(text);
	if (err) {
		free(list.zones);
		return err;
	}
	*zones = list.zones;
	return list.nr;
}

/* "12" or "-1.000" or "0.125"; a point makes it thousandths. */
static int64_t number(const char *text)
{
	const char *point = strchr(text, '.');
	int64_t whole = strtoll(text, NULL, 10);

	if (!point)
		return whole;
	whole = whole * 1000;
	return text[0] == '-' ? whole - atoi(point + 1) :
				whole + atoi(point + 1);
}

static int per_order_line(struct list *list, char *line)
{
	struct mmkit_proc_zone zone = { 0 };
	char *word, *save = NULL;
	int used = 0;

	if (sscanf(line, "Node %d, zone %31s%n", &zone.node, zone.name,
		   &used) != 2)
		return 0;
	word = strtok_r(line + used, " \n", &save);
	for (; word && zone.orders < MMKIT_NR_ORDERS;
	     word = strtok_r(NULL, " \n", &save))
		zone.per_order[zone.orders++] = number(word);
	return add_zone(list, &zone);
}

static const struct {
	const char *key;
	size_t offset;
} keys[] = {
	{ "min", offsetof(struct mmkit_proc_zone, min) },
	{ "low", offsetof(struct mmkit_proc_zone, low) },
	{ "high", offsetof(struct mmkit_proc_zone, high) },
	{ "spanned", offsetof(struct mmkit_proc_zone, spanned) },
	{ "present", offsetof(struct mmkit_proc_zone, present) },
	{ "managed", offsetof(struct mmkit_proc_zone, managed) },
	{ "start_pfn:", offsetof(struct mmkit_proc_zone, start_pfn) },
};

static void zone_field(struct mmkit_proc_zone *zone, const char *key,
		       uint64_t value)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].key, key))
			*(uint64_t *)((char *)zone + keys[i].offset) = value;

	if (!strcmp(key, "cpu:"))
		zone->cpus++;
	else if (!strcmp(key, "count:"))
		zone->pcp_pages += value;
	else if (!strcmp(key, "high:") && zone->cpus == 1)
		zone->pcp_high = value;
	else if (!strcmp(key, "batch:") && zone->cpus == 1)
		zone->pcp_batch = value;
}

static int zoneinfo_line(struct list *list, char *line)
{
	struct mmkit_proc_zone zone = { 0 };
	unsigned long long value;
	char key[64];

	if (sscanf(line, "Node %d, zone %31s", &zone.node, zone.name) == 2)
		return add_zone(list, &zone);
	if (!list->nr)
		return 0;
	if (sscanf(line, " pages free %llu", &value) == 1)
		list->zones[list->nr - 1].free = value;
	else if (sscanf(line, " %63s %llu", key, &value) == 2)
		zone_field(&list->zones[list->nr - 1], key, value);
	return 0;
}

/**
 * mmkit_proc_buddyinfo() - read /proc/buddyinfo
 * @zones: out: name, node, orders and per_order; free() it
 *
 * Return: how many zones, -ENOMEM, or -errno of opening the file.
 */
int mmkit_proc_buddyinfo(struct mmkit_proc_zone **zones)
{
	return read_file("/proc/buddyinfo", per_order_line, zones);
}

/**
 * mmkit_proc_zoneinfo() - read /proc/zoneinfo
 * @zones: out: all but orders and per_order; zones without pages are listed
 *	too; free() it
 *
 * Return: how many zones, -ENOMEM, or -errno of opening the file.
 */
int mmkit_proc_zoneinfo(struct mmkit_proc_zone **zones)
{
	return read_file("/proc/zoneinfo", zoneinfo_line, zones);
}

/**
 * mmkit_proc_unusable() - read extfrag/unusable_index of debugfs
 * @zones: out: name, node, orders and per_order in thousandths; free() it
 *
 * Return: how many zones, -ENOENT the kernel has no compaction or debugfs is
 * not mounted, -EACCES, -ENOMEM.
 */
int mmkit_proc_unusable(struct mmkit_proc_zone **zones)
{
	return read_file(EXTFRAG "unusable_index", per_order_line, zones);
}

/**
 * mmkit_proc_extfrag() - read extfrag/extfrag_index of debugfs
 * @zones: out: as mmkit_proc_unusable(); -1000 where an allocation would work
 *
 * Return: as mmkit_proc_unusable().
 */
int mmkit_proc_extfrag(struct mmkit_proc_zone **zones)
{
	return read_file(EXTFRAG "extfrag_index", per_order_line, zones);
}
