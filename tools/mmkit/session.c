// SPDX-License-Identifier: GPL-2.0-only
/* The open devices of this process and the handles they hold. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"

static const struct reason open_reasons[] = {
	{ ENOENT, "its module is not loaded", "mmkit load", EXIT_ABSENT },
	{ ENODEV, "its module is not loaded", "mmkit load", EXIT_ABSENT },
	{ ENXIO, "its module is not loaded", "mmkit load", EXIT_ABSENT },
	{ EACCES, "the device node is not yours to open",
	  "run it as root, or as one of the group mmkit, which the package mmkit-tools makes",
	  EXIT_FAILED },
	{ EBUSY, "it is being unloaded", "mmkit load", EXIT_ABSENT },
	{ 0 },
};

/* Opens a session that the caller closes; says why when it fails. */
int area_open_fresh(struct cli *cli, const char *area, int flags)
{
	char doing[64];
	int fd = mmkit_open(area, flags);

	if (fd < 0) {
		snprintf(doing, sizeof(doing), "/dev/mmkit/%s", area);
		return -explain(cli, open_reasons, fd, doing);
	}
	return fd;
}

/*
 * The session of an area, opened at first use and kept until this process
 * ends. Returns a descriptor, or minus the exit status of a reported failure.
 */
int area_open(struct cli *cli, const char *area)
{
	struct area_fd *slot;
	unsigned int i;
	int fd;

	for (i = 0; i < cli->nr_areas; i++)
		if (!strcmp(cli->areas[i].name, area))
			return cli->areas[i].fd;

	if (cli->nr_areas == MAX_AREAS)
		return -fail(cli, EXIT_FAILED, EMFILE, "close",
			     "%s: too many areas are open", area);
	fd = area_open_fresh(cli, area, O_RDWR);
	if (fd < 0)
		return fd;
	slot = &cli->areas[cli->nr_areas++];
	snprintf(slot->name, sizeof(slot->name), "%s", area);
	slot->fd = fd;
	return fd;
}

/* A handle that a user gave, and the session of the area that gave it to him. */
int handle_open(struct cli *cli, const char *area, const char *text,
		uint32_t *handle, int *fd)
{
	int status = parse_handle(cli, text, handle);

	if (status)
		return status;
	*fd = area_open(cli, area);
	return *fd < 0 ? -*fd : 0;
}

void area_close(struct cli *cli, const char *area)
{
	unsigned int i;

	for (i = 0; i < cli->nr_areas; i++) {
		if (strcmp(cli->areas[i].name, area))
			continue;
		mmkit_close(cli->areas[i].fd);
		cli->areas[i] = cli->areas[--cli->nr_areas];
	}
	if (!strcmp(area, "heap"))
		cli->nr_heaps = 0;
	if (strcmp(area, "pages"))
		return;
	cli->nr_held = 0;
	cli->last_handle = 0;
	movable_release(cli);
}

void areas_close(struct cli *cli)
{
	while (cli->nr_areas)
		area_close(cli, cli->areas[0].name);
}

struct held *held_add(struct cli *cli, const struct held *held)
{
	struct held *more;

	more = reallocarray(cli->held, cli->nr_held + 1, sizeof(*more));
	if (!more)
		return NULL;
	cli->held = more;
	if (held->handle > cli->last_handle)
		cli->last_handle = held->handle;
	more[cli->nr_held] = *held;
	return &more[cli->nr_held++];
}

struct held *held_find(struct cli *cli, uint32_t handle)
{
	unsigned int i;

	for (i = 0; i < cli->nr_held; i++)
		if (cli->held[i].handle == handle)
			return &cli->held[i];
	return NULL;
}

void held_drop(struct cli *cli, uint32_t handle)
{
	struct held *held = held_find(cli, handle);

	if (held)
		*held = cli->held[--cli->nr_held];
}

/* What the kernel says the session holds, or NULL when it does not say. */
struct json_object *session_json(int fd)
{
	struct mmkit_session_info info;
	struct json_object *obj;

	if (mmkit_session_get(fd, &info))
		return NULL;
	obj = j_obj();
	j_u64(obj, "id", info.id);
	j_u64(obj, "handles", info.handles);
	j_u64(obj, "bytes", info.bytes);
	j_u64(obj, "max_handles", info.max_handles);
	j_u64(obj, "max_bytes", info.max_bytes);
	return obj;
}

/* Is there such an area? @names collects all there are. */
static bool area_known(struct cli *cli, const char *area, char *names,
		       size_t len)
{
	struct dirent *entry;
	bool known = false;
	unsigned int i;
	size_t at = 0;
	DIR *dir;

	for (i = 0; i < cli->nr_areas; i++)
		known |= !strcmp(cli->areas[i].name, area);
	dir = opendir("/dev/mmkit");
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		known |= !strcmp(entry->d_name, area);
		if (at < len)
			at += snprintf(names + at, len - at, "%s%s",
				       at ? ", " : "", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return known;
}

static void show_close(struct cli *cli, struct json_object *obj)
{
	struct json_object *areas = j_get(obj, "closed");
	size_t i, nr = json_object_array_length(areas);
	uint64_t handles = j_get_u64(obj, "handles");
	char names[128] = "";
	size_t at = 0;

	(void)cli;
	for (i = 0; i < nr && at < sizeof(names); i++)
		at += snprintf(names + at, sizeof(names) - at, "%s%s",
			       i ? ", " : "", json_object_get_string(
					json_object_array_get_idx(areas, i)));
	if (nr)
		out_line("closed %s: %llu handle%s, %llu bytes were held",
			 names, (unsigned long long)handles, plural(handles),
			 (unsigned long long)j_get_u64(obj, "bytes"));
	else
		out_line("no session was open");
}

static int close_run(struct cli *cli, void *opts, int argc, char **argv)
{
	struct json_object *obj, *areas;
	struct mmkit_session_info info;
	uint64_t handles = 0, bytes = 0;
	char names[128] = "";
	unsigned int i;

	(void)opts;
	if (argc && !area_known(cli, argv[0], names, sizeof(names)))
		return fail(cli, EXIT_USAGE, 0, NULL, "no area '%s'; there are %s",
			    argv[0], names[0] ? names : "none: no module is loaded");
	areas = j_arr();
	for (i = 0; i < cli->nr_areas; i++) {
		if (argc && strcmp(cli->areas[i].name, argv[0]))
			continue;
		json_object_array_add(areas,
			json_object_new_string(cli->areas[i].name));
		if (mmkit_session_get(cli->areas[i].fd, &info))
			continue;
		handles += info.handles;
		bytes += info.bytes;
	}
	if (argc)
		area_close(cli, argv[0]);
	else
		areas_close(cli);
	obj = j_obj();
	j_add(obj, "closed", areas);
	j_u64(obj, "handles", handles);
	j_u64(obj, "bytes", bytes);
	return result(cli, obj, show_close);
}

static const struct verb close_verb = {
	.args = "[AREA]",
	.max_args = 1,
	.help = "close the session of an area, or all: the kernel frees what they hold",
	.more = "Useful in mmkit shell and mmkit run, where sessions outlive a command.",
	.example = "close pages",
	.run = close_run,
	.no_verify = true,
};

const struct command close_command = {
	.name = "close",
	.help = "in shell and run: close the session, freeing what it holds",
	.verbs = &close_verb,
	.nr_verbs = 1,
};

/* The last line of what made or freed something. */
void session_show(struct json_object *obj)
{
	struct json_object *session = j_get(obj, "session");

	if (session)
		out_line("session %llu holds %llu of %llu handles, %llu of %llu bytes",
			 (unsigned long long)j_get_u64(session, "id"),
			 (unsigned long long)j_get_u64(session, "handles"),
			 (unsigned long long)j_get_u64(session, "max_handles"),
			 (unsigned long long)j_get_u64(session, "bytes"),
			 (unsigned long long)j_get_u64(session, "max_bytes"));
}
