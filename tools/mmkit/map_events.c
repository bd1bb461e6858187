// SPDX-License-Identifier: GPL-2.0-only
/* Events of a session as JSON, as lines, and as a trace for another run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "map_pager.h"
#include "out.h"

static const struct reason reasons[] = {
	{ EBUSY, "somebody reads the events of this session already",
	  "one reader at a time", EXIT_FAILED },
	{ EACCES, "the ring's reader has to be able to write",
	  "without --readonly", EXIT_FAILED },
	{ EINVAL, "the room is no power of two, or too large",
	  "--room from 1 to 1048576, a power of two", EXIT_FAILED },
	{ 0 },
};

int events_failed(struct cli *cli, int err)
{
	return explain(cli, reasons, err, "recording events");
}

static const char *result_name(unsigned int bit)
{
	static const char *const names[] = {
		"OOM", "SIGBUS", "SIGSEGV", "HWPOISON", "MAJOR", "NOPAGE",
		"LOCKED", "RETRY", "FALLBACK", "DONE_COW",
	};

	return bit < ARRAY_SIZE(names) ? names[bit] : NULL;
}

static struct json_object *results_json(uint32_t result)
{
	struct json_object *arr = j_arr();
	unsigned int bit;

	for (bit = 0; result_name(bit); bit++)
		if (result & (1u << bit))
			json_object_array_add(arr, json_object_new_string(
						result_name(bit)));
	return arr;
}

struct json_object *event_json(const struct mmkit_event *event)
{
	struct json_object *obj = j_obj();

	j_u64(obj, "sequence", event->sequence);
	j_u64(obj, "ns", event->ns);
	j_num(obj, "tid", event->tid);
	j_str(obj, "kind", mmkit_event_name(event->kind));
	j_u64(obj, "page", event->offset / page_size());
	if (event->address)
		j_u64(obj, "address", event->address);
	else
		j_null(obj, "address");
	j_str(obj, "strategy", event->strategy);
	j_add(obj, "result", results_json(event->result));
	return obj;
}

void event_head(void)
{
	out_line("       US    TID KIND      PAGE ADDRESS        STRATEGY RESULT");
}

/* Times are from the first event that was seen. */
void event_show(const struct mmkit_event *event, uint64_t from)
{
	const char *kind = mmkit_event_name(event->kind);
	unsigned int bit;
	char address[24] = "-";

	if (event->address)
		snprintf(address, sizeof(address), "0x%llx",
			 (unsigned long long)event->address);
	printf("%9llu %6d %-9s %4llu %-14s %-8s ",
	       (unsigned long long)(event->ns - from) / 1000, event->tid,
	       kind ? kind : "?",
	       (unsigned long long)(event->offset / page_size()), address,
	       event->strategy);
	for (bit = 0; result_name(bit); bit++)
		if (event->result & (1u << bit))
			printf(" %s", result_name(bit));
	putchar('\n');
}

/* What was touched, page by page, as "mmkit map policies --trace" reads it. */
static void record(FILE *file, const struct mmkit_event *event)
{
	if (event->kind > MMKIT_EVENT_MKWRITE)
		return;
	fprintf(file, "%llu%s\n",
		(unsigned long long)(event->offset / page_size()),
		event->kind == MMKIT_EVENT_READ ? "" : "w");
}

/* Takes all that was recorded. @path: a file for the trace, or NULL. */
struct json_object *events_json(struct mmkit_events *events, const char *path)
{
	struct json_object *obj = j_obj(), *arr = j_arr();
	FILE *file = path ? fopen(path, "we") : NULL;
	struct mmkit_event event;

	if (path && !file) {
		json_object_put(obj);
		json_object_put(arr);
		return NULL;
	}
	while (mmkit_events_read(events, &event, 1)) {
		json_object_array_add(arr, event_json(&event));
		if (file)
			record(file, &event);
	}
	j_u64(obj, "recorded", json_object_array_length(arr));
	j_u64(obj, "lost", mmkit_events_lost(events));
	j_add(obj, "records", arr);
	if (file && fclose(file)) {
		json_object_put(obj);
		return NULL;
	}
	return obj;
}

void events_show(struct cli *cli, struct json_object *events)
{
	static const struct column cols[] = {
		{ "NS", "ns", F_TEXT, C_RIGHT, 0 },
		{ "TID", "tid", F_TEXT, C_RIGHT, 0 },
		{ "KIND", "kind", F_TEXT, 0, 0 },
		{ "PAGE", "page", F_TEXT, C_RIGHT, 0 },
		{ "ADDRESS", "address", F_HEX, C_RIGHT, 0 },
		{ "RESULT", "result", F_LIST, 0, 0 },
	};

	if (!events)
		return;
	out_line("%llu events, %llu lost",
		 (unsigned long long)j_get_u64(events, "recorded"),
		 (unsigned long long)j_get_u64(events, "lost"));
	out_table(cli, j_get(events, "records"), cols, ARRAY_SIZE(cols));
	timeline_show(cli, events);
}
