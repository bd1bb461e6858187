// SPDX-License-Identifier: GPL-2.0-only
/* Reads a kernel log with memblock=debug lines: this boot's, or a file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>

#include "memblock_log.h"

#define SYSLOG_ACTION_READ_ALL		3
#define SYSLOG_ACTION_SIZE_BUFFER	10

static struct log_event *new_event(struct memblock_log *log)
{
	struct log_event *more;

	if (!(log->nr & (log->nr - 1))) {
		more = realloc(log->events,
			       (log->nr ? 2 * log->nr : 1) * sizeof(*more));
		if (!more)
			return NULL;
		log->events = more;
	}
	more = &log->events[log->nr];
	memset(more, 0, sizeof(*more));
	more->node = MMKIT_MEMBLOCK_NO_NODE;
	return more;
}

/* "name+0x1/0x2" without what is after the plus. */
static void read_caller(struct log_event *event, const char *text)
{
	const char *last = strrchr(text, ' ');

	snprintf(event->caller, sizeof(event->caller), "%.*s",
		 (int)strcspn(last ? last + 1 : text, "+\n"),
		 last ? last + 1 : text);
}

static bool read_range(struct log_event *event, const char *text)
{
	unsigned long long base, end;

	if (sscanf(text, " [%llx-%llx]", &base, &end) != 2)
		return false;
	event->base = base;
	event->bytes = end - base + 1;
	return true;
}

static const struct {
	const char *call;
	enum log_kind kind;
} ranges[] = {
	{ "memblock_add", LOG_ADD },
	{ "memblock_add_node", LOG_ADD },
	{ "memblock_remove", LOG_REMOVE },
	{ "memblock_reserve", LOG_RESERVE },
	{ "__memblock_reserve", LOG_RESERVE },
	{ "memblock_phys_free", LOG_FREE },
};

/* "memblock_reserve: [a-b] caller", with nid= and flags= before it or not. */
static bool read_change(struct log_event *event, const char *rest)
{
	const char *nid = strstr(rest, " nid="), *flags = strstr(rest, " flags=");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++)
		if (!strcmp(ranges[i].call, event->call))
			break;
	if (i == ARRAY_SIZE(ranges) || !read_range(event, rest))
		return false;
	event->kind = ranges[i].kind;
	if (event->kind == LOG_ADD && nid)
		event->node = atoi(nid + 5);
	if (event->kind == LOG_ADD && flags)
		event->flags = strtoul(flags + 7, NULL, 16);
	read_caller(event, rest);
	return true;
}

/* "memblock_alloc_try_nid: N bytes align=A nid=N from=F max_addr=M caller" */
static bool read_alloc(struct log_event *event, const char *rest)
{
	unsigned long long bytes, align, min, max;
	int node = MMKIT_MEMBLOCK_ANY_NODE;

	if (sscanf(rest, " %llu bytes align=0x%llx nid=%d from=%llx max_addr=%llx",
		   &bytes, &align, &node, &min, &max) != 5 &&
	    sscanf(rest, " %llu bytes align=0x%llx from=%llx max_addr=%llx",
		   &bytes, &align, &min, &max) != 4)
		return false;
	event->kind = LOG_ALLOC;
	event->bytes = bytes;
	event->align = align;
	event->min = min;
	event->max = max;
	event->node = node;
	read_caller(event, rest);
	return true;
}

static bool read_call(struct log_event *event, const char *text)
{
	const char *colon = strchr(text, ':');

	if (!colon || (size_t)(colon - text) >= sizeof(event->call))
		return false;
	snprintf(event->call, sizeof(event->call), "%.*s", (int)(colon - text),
		 text);
	return read_change(event, colon + 1) || read_alloc(event, colon + 1);
}

static bool read_doubled(struct log_event *event, const char *text)
{
	const char *at = strstr(text, " is doubled to ");

	if (strncmp(text, "memblock: ", 10) || !at)
		return false;
	at = strstr(at, " at");
	event->kind = LOG_DOUBLED;
	event->flags = !strncmp(text + 10, "reserved", 8);
	snprintf(event->call, sizeof(event->call), "memblock_double_array");
	return at && read_range(event, at + 3);
}

static bool read_node_data(struct log_event *event, const char *text)
{
	unsigned long long base, end;
	int node;

	if (sscanf(text, "NODE_DATA(%d) allocated [mem %llx-%llx]", &node, &base,
		   &end) != 3)
		return false;
	event->kind = LOG_NODE_DATA;
	event->node = node;
	event->base = base;
	event->bytes = end - base + 1;
	return true;
}

static void add_region(struct memblock_list *list,
		       const struct mmkit_memblock_region *region)
{
	struct mmkit_memblock_region *more;

	if (!(list->nr & (list->nr - 1))) {
		more = realloc(list->region,
			       (list->nr ? 2 * list->nr : 1) * sizeof(*more));
		if (!more)
			return;
		list->region = more;
	}
	list->region[list->nr++] = *region;
}

/* " memory[0x0]\t[a-b], n bytes on node 0 flags: 0x0" */
static bool read_region(struct log_event *dump, const char *text)
{
	struct mmkit_memblock_region region = { .node = MMKIT_MEMBLOCK_NO_NODE };
	const char *node = strstr(text, " on node ");
	const char *flags = strstr(text, " flags: ");
	unsigned long long base, end;
	bool reserved;

	while (*text == ' ')
		text++;
	reserved = !strncmp(text, "reserved[", 9);
	if (!reserved && strncmp(text, "memory[", 7))
		return false;
	if (sscanf(strchr(text, ']') ? strchr(text, ']') + 1 : "",
		   " [%llx-%llx]", &base, &end) != 2)
		return false;
	region.base = base;
	region.bytes = end - base + 1;
	if (node)
		region.node = atoi(node + 9);
	if (flags)
		region.flags = strtoul(flags + 8, NULL, 16);
	if (region.bytes)
		add_region(reserved ? &dump->reserved : &dump->memory, &region);
	return true;
}

/* After "<6>" and "[   0.012345] ", which may be there or not. */
static const char *text_of(const char *line, double *time)
{
	int at = 0;

	if (*line == '<')
		line += strcspn(line, ">") + 1;
	if (sscanf(line, "[%lf]%n", time, &at) == 1 && at)
		line += at;
	return *line == ' ' ? line + 1 : line;
}

static void read_line(struct memblock_log *log, char *line)
{
	struct log_event *last = log->nr ? &log->events[log->nr - 1] : NULL;
	struct log_event *event;
	double time = 0;
	const char *text;

	line[strcspn(line, "\r\n")] = '\0';
	text = text_of(line, &time);
	if (last && last->kind == LOG_DUMP && read_region(last, text))
		return;
	event = new_event(log);
	if (!event)
		return;
	event->line = log->lines;
	event->time = time;
	if (!strncmp(text, "MEMBLOCK configuration:", 23))
		event->kind = LOG_DUMP;
	else if (!read_doubled(event, text) && !read_node_data(event, text) &&
		 !read_call(event, text))
		return;
	log->nr++;
}

static int read_kernel(char **text)
{
	int room = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0), len;

	*text = room > 0 ? malloc(room + 1) : NULL;
	if (room < 0)
		return -errno;
	if (!*text)
		return -ENOMEM;
	len = klogctl(SYSLOG_ACTION_READ_ALL, *text, room);
	if (len < 0) {
		free(*text);
		return -errno;
	}
	(*text)[len] = '\0';
	return 0;
}

/* @path: NULL for this boot's. Returns 0 or -errno. */
int memblock_log_read(const char *path, struct memblock_log *log)
{
	char *line = NULL, *text = NULL;
	size_t room = 0;
	FILE *file;
	int err;

	*log = (struct memblock_log){ 0 };
	err = path ? 0 : read_kernel(&text);
	if (err)
		return err;
	file = path ? fopen(path, "re") : fmemopen(text, strlen(text) + 1, "r");
	if (!file) {
		free(text);
		return -errno;
	}
	while (getline(&line, &room, file) > 0) {
		log->lines++;
		read_line(log, line);
	}
	free(line);
	fclose(file);
	free(text);
	return 0;
}

void memblock_log_free(struct memblock_log *log)
{
	size_t i;

	for (i = 0; i < log->nr; i++) {
		free(log->events[i].memory.region);
		free(log->events[i].reserved.region);
	}
	free(log->events);
}
