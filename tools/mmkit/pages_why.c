// SPDX-License-Identifier: GPL-2.0-only
/* mmkit pages why: could a block of an order be had, and if not, why not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel_file.h"
#include "pages.h"
#include "zone_why.h"

#define FAILURE	": page allocation failure: order:"

/* A failure as the kernel's log tells it: "COMM: page allocation failure: order:". */
static struct json_object *parse_failure(const char *record)
{
	const char *text = strchr(record, ';'), *at;
	unsigned long long number, us;
	struct json_object *obj;
	unsigned int level, order;
	char mode[256] = "";

	/* A facility above 0 is not the kernel speaking. */
	if (!text || sscanf(record, "%u,%llu,%llu", &level, &number, &us) != 3 ||
	    level > 7)
		return NULL;
	at = strstr(++text, FAILURE);
	if (!at || sscanf(at + strlen(FAILURE), "%u, mode:%255[^ ]", &order,
			  mode) < 1)
		return NULL;
	mode[strcspn(mode, "\n")] = '\0';
	if (*mode && mode[strlen(mode) - 1] == ',')
		mode[strlen(mode) - 1] = '\0';
	obj = j_obj();
	j_add(obj, "by", json_object_new_string_len(text, at - text));
	j_num(obj, "order", order);
	j_str(obj, "mode", mode);
	j_u64(obj, "since_boot_ms", us / 1000);
	return obj;
}

static void keep_last(void *last, char *record)
{
	struct json_object **kept = last, *found = parse_failure(record);

	if (!found)
		return;
	json_object_put(*kept);
	*kept = found;
}

/* The last one that the kernel has told of, or NULL; *@err where it tells nobody. */
static struct json_object *kernel_failure(int *err)
{
	struct json_object *last = NULL;
	int fd = kmsg_open();

	*err = fd < 0 ? -fd : 0;
	if (fd < 0)
		return NULL;
	kmsg_each(fd, keep_last, &last);
	close(fd);
	return last;
}

static struct json_object *judge(struct json_object *zones, unsigned int order)
{
	size_t i, nr = json_object_array_length(zones);
	struct json_object *arr = j_arr();

	for (i = 0; i < nr; i++) {
		struct json_object *zone = json_object_array_get_idx(zones, i);

		if (j_get_u64(zone, "managed"))
			json_object_array_add(arr, zone_why_json(zone, order));
	}
	return arr;
}

static uint64_t blocks_of(struct json_object *judged)
{
	size_t i, nr = json_object_array_length(judged);
	uint64_t blocks = 0;

	for (i = 0; i < nr; i++)
		blocks += j_get_u64(json_object_array_get_idx(judged, i), "blocks");
	return blocks;
}

/* The zones' reasons one after the other: "DMA32: 84 MiB free, but in pieces". */
static void tell(struct json_object *failure, char *text, size_t len)
{
	struct json_object *zones = j_get(failure, "zones"), *zone;
	uint64_t count = j_get_u64(failure, "count"), have = blocks_of(zones);
	size_t i, at = 0;

	if (have)
		at = snprintf(text, len, "%llu asked for, and what is free now would make %llu; ",
			      (unsigned long long)count,
			      (unsigned long long)have);
	for (i = 0; i < json_object_array_length(zones) && at < len; i++) {
		zone = json_object_array_get_idx(zones, i);
		at += snprintf(text + at, len - at, "%s%s: %s", i ? "; " : "",
			       json_object_get_string(j_get(zone, "zone")),
			       json_object_get_string(j_get(zone, "why")));
	}
}

/*
 * Remembers that blocks could not be had and what the zones were like then, and
 * writes why into @text. Returns whether that could be found out.
 */
bool pages_why_failed(struct cli *cli, int fd,
		      const struct mmkit_pages_alloc *req, char *text, size_t len)
{
	struct json_object *zones, *failure;
	struct mmkit_zone *raw;
	int nr = mmkit_pages_zones(fd, &raw);

	if (nr < 0)
		return false;
	zones = zones_json(raw, nr);
	free(raw);
	failure = j_obj();
	j_num(failure, "order", req->order);
	j_num(failure, "count", req->count);
	j_gfp(failure, "gfp", req->gfp);
	j_add(failure, "zones", judge(zones, req->order));
	json_object_put(zones);
	tell(failure, text, len);
	j_str(failure, "why", text);
	json_object_put(cli->failure);
	cli->failure = failure;
	return true;
}

static void show_zones(struct cli *cli, struct json_object *zones)
{
	static const struct column cols[] = {
		{ "NODE", "node", F_TEXT, C_RIGHT, 0 },
		{ "ZONE", "zone", F_TEXT, 0, 0 },
		{ "VERDICT", "verdict", F_TEXT, 0, 0 },
		{ "BLOCKS", "blocks", F_TEXT, C_RIGHT, 0 },
		{ "INDEX", "fragmentation", F_INDEX, C_RIGHT, 0 },
		{ "WHY", "why", F_TEXT, C_WRAP, 40 },
	};

	out_table(cli, zones, cols, ARRAY_SIZE(cols));
}

static void show_why(struct cli *cli, struct json_object *obj)
{
	struct json_object *log = j_get(obj, "kernel_log");
	struct json_object *ours = j_get(obj, "session");

	out_line("A block of order %llu, now:",
		 (unsigned long long)j_get_u64(obj, "order"));
	show_zones(cli, j_get(obj, "zones"));
	if (ours) {
		out_line("\nThis session's last failure: %llu of order %llu, gfp %s. Then:",
			 (unsigned long long)j_get_u64(ours, "count"),
			 (unsigned long long)j_get_u64(ours, "order"),
			 json_object_get_string(j_get(ours, "gfp")));
		show_zones(cli, j_get(ours, "zones"));
	}
	if (log)
		out_line("\nThe last failure in the kernel's log, %llu ms after boot:\norder %llu for %s, gfp %s",
			 (unsigned long long)j_get_u64(log, "since_boot_ms"),
			 (unsigned long long)j_get_u64(log, "order"),
			 json_object_get_string(j_get(log, "by")),
			 json_object_get_string(j_get(log, "mode")));
	else if (j_get(obj, "kernel_log_errno"))
		out_line("\nThe kernel's log could not be read (%s): ask as root.",
			 json_object_get_string(j_get(obj, "kernel_log_errno")));
	else
		out_line("\nThe kernel's log tells of no failure.");
}

int pages_why_run(struct cli *cli, void *data, int argc, char **argv)
{
	const struct why_opts *opts = data;
	struct json_object *obj, *zones;
	int fd, err, status;

	(void)argc;
	(void)argv;
	fd = area_open(cli, "pages");
	if (fd < 0)
		return -fd;
	status = pages_order_mistake(cli, opts->order);
	if (status)
		return status;
	zones = zones_sample(cli, fd, ZONE_BUDDYINFO | ZONE_EXTFRAG, &status);
	if (!zones)
		return status;
	obj = j_obj();
	j_num(obj, "order", opts->order);
	j_add(obj, "zones", judge(zones, opts->order));
	j_add(obj, "session", json_object_get(cli->failure));
	j_add(obj, "kernel_log", kernel_failure(&err));
	j_str(obj, "kernel_log_errno", err ? errno_name(err) : NULL);
	json_object_put(zones);
	return result(cli, obj, show_why);
}
